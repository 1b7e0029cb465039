internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Importers
internal import LiveSources
internal import Time

/// The servers that know what is going on.
struct LiveOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "An Alertmanager to take alerts and silences from. Repeats: the peers of a cluster are merged.",
            valueName: "url"
        )
    )
    var alertmanager: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A Prometheus to take onsets and history from; the alerts, without an Alertmanager; the topology, without a file of it.",
            valueName: "url"
        )
    )
    var prometheus: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How far back to ask Prometheus how often alerts fired; 0 asks nothing.",
            valueName: "duration"
        )
    )
    var historyWindow = SpanArgument(.hours(7 * 24))

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Count alerts that Prometheus saw fire up to so long ago as evidence, though they have ended.",
            valueName: "duration"
        )
    )
    var resolved: SpanArgument?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        _ = try addresses()
        guard historyWindow.span <= .hours(366 * 24) else {
            throw ValidationError("--history-window is a year at most")
        }
        if let resolved {
            guard prometheus != nil else { throw ValidationError("--resolved needs --prometheus") }
            guard (.minutes(1) ... .hours(7 * 24)).contains(resolved.span) else {
                throw ValidationError("--resolved must be from 1m to 7d")
            }
        }
    }

    /// Whether any server is named.
    var isGiven: Bool { !alertmanager.isEmpty || prometheus != nil }

    private func addresses() throws -> (alertmanagers: [WebAddress], prometheus: WebAddress?) {
        (
            try alertmanager.map { try WebAddress(option: "--alertmanager", $0) },
            try prometheus.map { try WebAddress(option: "--prometheus", $0) }
        )
    }

    /// The servers, ready to be asked; nil when none is named, or, with a finding, when they cannot be asked.
    func sources(_ session: inout Session) -> LiveSources? {
        guard isGiven, let (alertmanagers, prometheus) = try? addresses(),
            let client = connection.client(for: alertmanagers + (prometheus.map { [$0] } ?? []), &session)
        else { return nil }
        return LiveSources(alertmanagers: alertmanagers, prometheus: prometheus, client: client)
    }

    /// What to ask at an instant; history is what was before the incident, which reaches back by `incidentHours`.
    func wish(at now: Timestamp, incidentHours: Double, topology: Bool) -> LiveSources.Wish {
        var wish = LiveSources.Wish()
        wish.topology = topology
        wish.resolved = resolved.map { now - $0.span...now }
        let end = now - Span(milliseconds: Int64(incidentHours * 3_600_000))
        if now - historyWindow.span < end { wish.history = now - historyWindow.span...end }
        return wish
    }
}

extension LiveSources.Document {
    var file: InputFile { InputFile(path: name, bytes: bytes) }
}

extension IncidentBuilder {
    /// Reads what servers told of the incident.
    ///
    /// One of several Alertmanagers may fail, and Prometheus may where the alerts come from elsewhere: that is a warning.
    /// Where every Alertmanager fails, that is an error, and Prometheus' own alerts stand in for theirs.
    ///
    /// - Returns: What is wrong, one finding for each server that could not be asked.
    mutating func add(_ snapshot: LiveSources.Snapshot) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        var lost: [Diagnostic] = snapshot.failures(.alerts).map(\.finding)
        var isAnswered = false
        for document in snapshot.documents(.alerts) {
            let known = alertFileCount
            let found = addAlerts(document.file, isComplete: true)
            if alertFileCount > known {
                isAnswered = true
                findings += found
            } else {
                lost += found
            }
        }
        findings += isAnswered ? lost.map(\.asWarning) : lost
        let mute = Set(snapshot.failures(.alerts).map(\.server))
        findings += snapshot.failures(.silences).filter { !mute.contains($0.server) }.map { $0.finding.asWarning }
        for document in snapshot.documents(.silences) { findings += addSilences(document.file).map(\.asWarning) }

        let isSource = alertFileCount == 0
        for document in snapshot.documents(.rules) {
            findings += isSource ? addAlerts(document.file) : addRules(document.file)
        }
        findings += snapshot.failures(.rules).map { failure in
            if isSource { return failure.finding }
            var finding = failure.finding.asWarning
            finding.notes.append(.init("without it, onsets are estimated and history is unknown"))
            return finding
        }
        guard snapshot.failures(.rules).isEmpty else { return findings }
        findings += (snapshot.failures(.history) + snapshot.failures(.resolved)).map { $0.finding.asWarning }
        for document in snapshot.documents(.history) { findings += addHistory(document.file) }
        for document in snapshot.documents(.resolved) { findings += addEnded(document.file) }
        return findings
    }
}

extension Platform {
    /// The platform as Prometheus knows it, for want of a topology file.
    static func load(
        from snapshot: LiveSources.Snapshot,
        _ session: inout Session
    ) -> Platform? {
        let documents = snapshot.documents(.topology)
        guard let server = documents.first?.server else {
            session.report([
                .noTopology(
                    "and Prometheus could not be asked for one",
                    notes: snapshot.failures(.topology).prefix(1).map {
                        .init($0.finding.summary, at: $0.finding.location)
                    }
                )
            ])
            return nil
        }
        session.report(snapshot.failures(.topology).map(\.finding.asWarning))
        let (topology, findings) = ImportedTopology.read(documents.map { ($0.name, $0.bytes) }, as: .prometheus)
        session.report(findings.filter { $0.severity != .note })
        guard let topology else { return nil }
        var file = ImportedFile()
        session.report(file.update(with: topology))
        let count = "\(topology.entityCount) \(topology.entityCount == 1 ? "entity" : "entities")"
        session.note(
            "topology: \(count) that \(server) knows; to keep and complete it: "
                + "blast-radius import prometheus \(server) > topology.yaml"
        )
        let (platform, diagnostics) = load([InputFile(path: "topology of \(server)", bytes: Array(file.text.utf8))])
        session.report(diagnostics)
        return platform
    }
}

extension Diagnostic {
    /// The finding that there is no topology.
    static func noTopology(_ also: String? = nil, notes: [Note] = []) -> Diagnostic {
        Diagnostic(
            .error,
            "no-topology",
            "no topology.yaml here, in a folder above, or in the user's configuration" + (also.map { ", \($0)" } ?? ""),
            notes: notes,
            fix: "name one with --topology FILE"
        )
    }
}
