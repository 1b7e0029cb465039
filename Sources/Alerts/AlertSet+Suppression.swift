package import Diagnostics

extension AlertSet {
    /// Findings where silenced and inhibited alerts, which are evidence too, have probably been left out.
    ///
    /// `amtool alert query` hides them unless asked, in the same JSON as the API; a webhook never has them. Prometheus
    /// knows no silences: its alerts are complete.
    ///
    /// - Parameters:
    ///   - batches: What the files gave.
    ///   - silences: Those that are known from elsewhere.
    /// - Returns: Nothing where any alert is suppressed; else one for each file that may lack them: a note for a
    ///   webhook, else a warning.
    package static func signsOfMissingSuppressed(
        in batches: [AlertBatch],
        _ silences: some Collection<AlertSilence>
    ) -> [Diagnostic] {
        guard !batches.contains(where: { $0.alerts.contains { $0.state == .suppressed } }) else { return [] }
        let lists = batches.filter(\.format.isAlertmanagerList)
        if lists.isEmpty {
            return batches.filter(\.format.isWebhook).map { batch in
                Diagnostic(
                    .note,
                    "suppressed-missing",
                    "a webhook has one group's alerts, without the silenced and inhibited ones",
                    at: SourceLocation(file: batch.file, line: 1, column: 1),
                    fix: "give the answer of /api/v2/alerts for a whole picture"
                )
            }
        }
        let count = silences.count { $0.isInForce }
        guard count > 0, lists.allSatisfy(\.suppressedMayBeMissing) else { return [] }
        return lists.map { batch in
            Diagnostic(
                .warning,
                "suppressed-missing",
                "\(count == 1 ? "a silence is" : "\(count) silences are") in force, but no alert here is silenced: "
                    + "such alerts may have been left out",
                at: SourceLocation(file: batch.file, line: 1, column: 1),
                fix: "amtool alert query -o json --active --silenced --inhibited --unprocessed"
            )
        }
    }
}
