internal import Alerts
public import BlastRadius
public import Diagnostics
internal import Inference
internal import Time
internal import Topology

/// The derivation of one entity or alert in words: what follows from what, and why something else was not blamed.
public enum ExplanationReport {
    /// The text on a subject: an entity, by any name that only it has; a fingerprint, or at least four characters of its
    /// beginning; or an alert name.
    ///
    /// - Throws: an error with the nearest name when the subject is neither an entity nor an alert of the incident.
    public static func render(_ subject: String, in analysis: Analysis) throws(Diagnostic) -> String {
        let renderer = Renderer(analysis: analysis, wording: Wording(analysis: analysis))
        let rows = analysis.ledger.filter { row in
            row.alert.name == subject || row.alert.fingerprint == subject
                || (subject.count >= 4 && row.alert.fingerprint.hasPrefix(subject))
        }
        var texts: [[String]] = []
        do throws(Diagnostic) {
            texts.append(renderer.explain(try analysis.platform.entity(called: subject)))
        } catch {
            if rows.isEmpty { throw unknown(subject, in: analysis, error) }
        }
        texts += rows.map(renderer.explain)
        return texts.joined(separator: [""]).map(\.withVisibleControls).joined(separator: "\n") + "\n"
    }

    private static func unknown(_ subject: String, in analysis: Analysis, _ error: Diagnostic) -> Diagnostic {
        guard error.code == "unknown-entity" else { return error }
        let alert = nearestName(to: subject, among: analysis.ledger.map(\.alert.shownName))
        return Diagnostic(
            .error,
            "unknown-subject",
            "'\(subject)' is neither an entity nor an alert of this incident",
            fix: alert.map { "did you mean '\($0)'?" } ?? error.fix
        )
    }
}

private struct Renderer {
    let analysis: Analysis
    let wording: Wording

    private var topology: Topology { analysis.topology }

    func explain(_ row: Analysis.LedgerRow) -> [String] {
        var lines = ["\(row.alert.shownName) (\(row.alert.fingerprint)): \(row.verdict.words)"]
        if let summary = row.alert.summary { lines.append("   says      \(summary)") }
        lines.append(
            "   entity    \(row.match.entity.map(wording.name) ?? "none"), \(MatchReport.origin(row.match, analysis.platform))"
        )
        if let witness = row.match.witness { lines.append("   witness   \(wording.name(witness))") }
        let began = row.onset.estimate.map { "\($0.rfc3339) (\(row.onset.source.rawValue))" } ?? "unknown"
        lines.append("   began     \(began)\(row.alert.startsAt.map { "; fired \($0.rfc3339)" } ?? "")")
        lines.append("   verdict   \(wording.reason(row))")
        if let entity = row.match.entity, row.verdict == .explained || row.verdict == .root {
            if let trouble = wording.witnessTrouble(row) { return lines + ["   because   \(trouble)"] }
            lines += chain(row.because, row.isJoint, row.via, entity)
        }
        return lines
    }

    func explain(_ entity: EntityID) -> [String] {
        let kind = topology.kind(of: entity)
        var lines = ["\(wording.name(entity)) (\(kind.label))"]
        if let rank = analysis.rootCauses.firstIndex(where: { $0.entity == entity }) {
            lines += explainRoot(analysis.rootCauses[rank], rank)
        } else if let affected = analysis.affected.first(where: { $0.entity == entity }) {
            lines.append("   is \(wording.state(affected.effect))")
            lines += chain(affected.because, affected.isJoint, affected.via, entity)
        } else {
            lines.append("   is not affected by the root causes")
        }
        for row in analysis.ledger where row.match.entity == entity {
            lines.append("   alert     \(row.alert.shownName): \(row.verdict.words), \(wording.reason(row))")
        }
        for seen in analysis.observations where seen.entity == entity {
            lines.append(
                "   observed  \(seen.observation.state.rawValue)\(seen.observation.source.map { ": \($0)" } ?? "")"
                    + (seen.isAccountedFor ? "" : " — the explanation disagrees")
            )
        }
        lines += messenger(entity) + asCandidate(entity)
        let needs = topology.requirements(of: entity).map(describe)
        if !needs.isEmpty { lines.append("   needs     \(needs.joined(separator: "; "))") }
        return lines
    }

    /// That it is held to be alive for what it reports.
    private func messenger(_ entity: EntityID) -> [String] {
        guard analysis.messengers.contains(entity) else { return [] }
        return ["   alive     \(wording.reports(of: entity)), which only it would tell of: its alerts arrive"]
    }

    private func explainRoot(_ root: Analysis.RootCause, _ rank: Int) -> [String] {
        var lines = [
            "   is root cause \(rank + 1): \(wording.since(root)), \(Wording.percent(root.confidence)) % sure"
        ]
        let evidence = wording.evidence(root)
        if !evidence.isEmpty { lines.append("   because   \(evidence)") }
        for index in root.explains.prefix(20) {
            let row = analysis.ledger[index]
            let entity = row.match.entity.map(wording.name) ?? ""
            let via = row.via.isEmpty ? "" : " via " + wording.names(row.via).joined(separator: " → ")
            let seen = row.match.witness.map { ", seen from \(wording.name($0))" } ?? ""
            lines.append("             \(row.alert.shownName) on \(entity)\(seen)\(via)")
        }
        if root.explains.count > 20 { lines.append("             … and \(root.explains.count - 20) more") }
        let consequences = wording.consequences(rank)
        for one in consequences where !one.seen.isEmpty {
            let label = one.label + String(repeating: " ", count: max(1, 10 - one.label.count))
            lines.append("   \(label)\(wording.names(one.seen).joined(separator: ", "))\(wording.tail(one))")
        }
        for one in consequences where !one.expected.isEmpty {
            lines.append(
                "   no alert  \(wording.names(one.expected).joined(separator: ", "))\(wording.tail(one)): \(one.expectation)"
            )
        }
        for one in consequences where !one.unclear.isEmpty {
            lines.append(
                "   unclear   \(wording.withOtherAlerts(one.unclear).plain)\(wording.tail(one)): \(one.expectation)"
            )
        }
        for reason in wording.reasons(root) { lines.append("   before it \(reason.plain), its likely reason") }
        for other in wording.alsoFiring(root) { lines.append("   also      \(other.plain)") }
        lines.append("   if well   \(price(of: root.margin))")
        for alternative in root.alternatives {
            let same = alternative.isInterchangeable ? ", which explains the same" : ""
            lines.append(
                "   or        \(wording.what(alternative).plain), \(Wording.percent(alternative.confidence)) %\(same): \(Wording.oddsAgainst(alternative.gap))"
                    + (wording.toTellApart(root, alternative).map { "; \($0)" } ?? "")
            )
        }
        if root.omittedAlternatives > 0 {
            lines.append("   or        one of \(root.omittedAlternatives) more, none likelier")
        }
        return lines
    }

    /// What it would take to believe that a root cause is well.
    private func price(of margin: Cost?) -> String {
        guard let margin else {
            return "every other explanation has more than \(Wording.oddsAgainst(Diagnosis.rivalSlack))"
        }
        return "the best other explanation is \(Wording.oddsAgainst(margin))"
    }

    /// Whether it could be the cause instead, and what speaks for and against it.
    private func asCandidate(_ entity: EntityID) -> [String] {
        guard !analysis.rootCauses.contains(where: { $0.entity == entity }) else { return [] }
        let suspicion = analysis.suspicion(of: entity)
        let entry = analysis.ranking.first { $0.entity == entity }
        guard entry != nil || !suspicion.explains.isEmpty else {
            return ["   as cause  nothing that was observed would follow from it"]
        }
        let isBeside = isBesideRoots(entity)
        let share =
            isBeside
            ? "only beside the root causes, not in the place of one"
            : entry.map { "\(Wording.percent($0.confidence)) %" } ?? "too unlikely to be weighed"
        let reasons = instead(of: entity) + wording.judgement(of: suspicion, entity)
        return ["   as cause  \(share)"] + reasons.map { "             \($0)" }
    }

    /// Whether all explanations with it that are told have all the root causes, too: it would be a fault more.
    private func isBesideRoots(_ entity: EntityID) -> Bool {
        let rivals = analysis.diagnosis.rivals.filter { $0.roots.contains(entity) }
        return !analysis.rootCauses.isEmpty && !rivals.isEmpty && !rivals.contains(where: wording.replacesRoots)
    }

    /// The odds against it in the place of each root cause that it could replace, or against it at all.
    private func instead(of entity: EntityID) -> [String] {
        let places = analysis.rootCauses.enumerated().compactMap { rank, root in
            root.alternatives.first { $0.entity == entity }.map { alternative in
                "instead of root cause \(rank + 1), \(wording.name(root.entity)): \(Wording.oddsAgainst(alternative.gap))"
            }
        }
        guard places.isEmpty else { return places }
        let nearest = analysis.diagnosis.rivals.filter { $0.roots.contains(entity) }.map(\.gap).min()
        if let nearest { return ["the likeliest explanation with it: \(Wording.oddsAgainst(nearest))"] }
        return ["any explanation with it: more than \(Wording.oddsAgainst(Diagnosis.rivalSlack))"]
    }

    private func chain(_ because: [Int], _ isJoint: Bool, _ via: [EntityID], _ entity: EntityID) -> [String] {
        if isJoint {
            let causes = because.map { wording.name(analysis.rootCauses[$0].entity) }
            let path = ([causes.joined(separator: " + ")] + way(via) + [wording.name(entity)]).joined(separator: " → ")
            return ["   because   root causes \(Wording.list(because.map { "\($0 + 1)" })) together: \(path)"]
        }
        return because.map { index in
            let root = analysis.rootCauses[index]
            guard root.entity != entity else { return "   because   it is root cause \(index + 1) itself" }
            let steps = because.count > 1 ? [] : way(via)
            let path = ([wording.name(root.entity)] + steps + [wording.name(entity)]).joined(separator: " → ")
            return "   because   root cause \(index + 1): \(path)"
        }
    }

    private func way(_ via: [EntityID]) -> [String] {
        (via.count < FailureWay.longest ? [] : ["…"]) + wording.names(via)
    }

    private func describe(_ requirement: Requirement) -> String {
        let names = requirement.members.map(topology.name)
        if requirement.strength == .weak { return "weakly \(names.joined(separator: ", "))" }
        guard requirement.isGroup else { return names.joined() }
        return requirement.minimum == 1
            ? "any of \(names.joined(separator: ", "))"
            : "\(requirement.minimum) of \(names.joined(separator: ", "))"
    }
}
