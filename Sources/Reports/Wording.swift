internal import Alerts
internal import BlastRadius
internal import Inference
internal import Time
internal import Topology

/// The one place where facts of an analysis become sentences, so that every view says the same thing.
struct Wording {
    let analysis: Analysis

    private var topology: Topology { analysis.topology }

    func name(_ entity: EntityID) -> String { topology.name(of: entity) }

    func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }

    /// "a", "a and b", "a, b and c"; beyond `limit` the rest is counted.
    static func list(_ items: [String], limit: Int = 4) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        if items.count > limit {
            return items.prefix(limit - 1).joined(separator: ", ") + " and \(items.count - limit + 1) more"
        }
        return items.dropLast().joined(separator: ", ") + " and " + (items.last ?? "")
    }

    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A share as whole per cent; what is neither nothing nor everything never shows as 0 or 100.
    static func percent(_ share: Double) -> Int {
        let rounded = Int((share * 100).rounded())
        if rounded == 100, share < 1 { return 99 }
        return rounded == 0 && share > 0 ? 1 : rounded
    }

    // MARK: Conclusions

    /// The conclusion in one sentence.
    var title: String {
        let roots = analysis.rootCauses.count
        let explained = analysis.ledger.filter { $0.verdict == .root || $0.verdict == .explained }.count
        if roots == 0 {
            if analysis.ledger.isEmpty { return "No alerts." }
            let open = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }.count
            if open > 0 { return "No failure in the topology explains these alerts." }
            return "Nothing broke that is not known already."
        }
        let what = roots == 1 ? "One thing broke" : "\(Self.words[roots] ?? String(roots)) things broke"
        let verb = roots == 1 ? "It explains" : "They explain"
        return "\(what). \(verb) \(explained) of \(Self.count(analysis.ledger.count, "alert"))."
    }

    private static let words: [Int: String] = [
        2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine",
    ]

    /// "3 root causes explain 18 of 37 alerts · 19 known issues · 0 unexplained · 0 unmatched · proven minimal"
    var headline: String {
        let counts = analysis.counts
        let explained = (counts[.root] ?? 0) + (counts[.explained] ?? 0)
        var parts: [String] = []
        let roots = analysis.rootCauses.count
        parts.append(
            roots == 0
                ? "no root cause; \(Self.count(analysis.ledger.count, "alert"))"
                : "\(Self.count(roots, "root cause")) \(roots == 1 ? "explains" : "explain") \(explained) of "
                    + Self.count(analysis.ledger.count, "alert")
        )
        parts.append(Self.count(counts[.knownIssue] ?? 0, "known issue"))
        if let chronic = counts[.chronic] { parts.append("\(chronic) chronic") }
        if let suppressed = counts[.suppressed] { parts.append("\(suppressed) suppressed") }
        parts.append("\(counts[.unexplained] ?? 0) unexplained")
        parts.append("\(counts[.unmatched] ?? 0) unmatched")
        parts.append(optimality)
        return parts.joined(separator: " · ")
    }

    var optimality: String {
        let result = analysis.optimality
        if result.isProven { return "proven minimal" }
        let gap = result.cost - result.lowerBound
        return "not proven minimal: at most \(Self.decimal(gap.nats)) nats from it"
    }

    /// One decimal place.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    // MARK: Root causes

    func state(_ effect: Effect) -> String {
        switch effect {
        case .down: "down"
        case .degraded: "degraded"
        case .reduced: "redundancy lost"
        case .starved: "starved"
        }
    }

    /// "down since 19:22Z (for of CiliumCanaryProbeFailing)"
    func since(_ root: Analysis.RootCause) -> String {
        guard let onset = root.onset else { return "\(state(root.effect)), onset unknown" }
        let source = root.onsetSource.map { " (\($0))" } ?? ""
        return "\(state(root.effect)) since \(onset.hourAndMinute)\(source)"
    }

    /// What a root takes down, nearest first, by short name.
    func takesDown(_ index: Int) -> [EntityID] {
        analysis.affected
            .filter { $0.because.contains(index) && $0.entity != analysis.rootCauses[index].entity }
            .sorted { ($0.via.count, -$0.alerts.count, $0.entity) < ($1.via.count, -$1.alerts.count, $1.entity) }
            .map(\.entity)
    }

    func evidence(_ root: Analysis.RootCause) -> String {
        var parts: [String] = []
        if !root.witnesses.isEmpty {
            let sites = Set(root.witnesses.compactMap { topology.site(of: $0) }).sorted().map(topology.shortName)
            let seen = sites.isEmpty ? root.witnesses.map(topology.shortName) : sites
            parts.append("seen failing from \(Self.list(seen, limit: 6))")
        }
        if root.isSilent { parts.append("no alert of its own") }
        if !root.explains.isEmpty { parts.append("explains \(Self.count(root.explains.count, "alert"))") }
        if !root.observations.isEmpty {
            parts.append("and \(Self.count(root.observations.count, "observation"))")
        }
        return parts.joined(separator: "; ")
    }

    /// What would tell a root and an alternative apart, as an instruction.
    func toTellApart(_ root: Analysis.RootCause, _ alternative: Diagnosis.Alternative) -> String? {
        guard let entity = alternative.entity else {
            return "look at \(name(root.entity)) itself: if it is well, the alerts are noise"
        }
        guard let check = alternative.check else {
            return "nothing in the topology differs: look at \(name(root.entity)) and \(name(entity)) themselves"
        }
        func expectation(_ effect: Effect?) -> String { effect.map(state) ?? "well" }
        if check.entity == root.entity || check.entity == entity {
            let other = check.entity == entity ? alternative.effect : root.effect
            let culprit = check.entity == entity ? entity : root.entity
            return "look at \(name(check.entity)): \(state(other)) if \(name(culprit)) is the cause"
        }
        return
            "probe \(name(check.entity)): \(expectation(check.ifRoot)) if it is \(name(root.entity)), "
            + "\(expectation(check.ifAlternative)) if it is \(name(entity))"
    }

    // MARK: Ledger

    func reason(_ row: Analysis.LedgerRow) -> String {
        let causes = Self.list(row.because.map { name(analysis.rootCauses[$0].entity) })
        let via = row.via.isEmpty ? "" : " via " + row.via.map(topology.name).joined(separator: ", ")
        let suppression = row.suppression.map { "; \($0)" } ?? ""
        switch row.verdict {
        case .root: return "its entity is a root cause\(suppression)"
        case .explained: return "follows from \(causes)\(via)\(suppression)"
        case .knownIssue:
            if row.alert.isMeta { return "fires by design" }
            guard let issue = row.knownIssue else { return "known issue" }
            var text = issue.id + (issue.reason.map { ": \($0)" } ?? "")
            if let span = issue.outOfCharacterFor {
                text += "; out of character: firing \(span.short) longer than it takes to settle"
            }
            if issue.isReviewOverdue { text += "; review overdue" }
            return text
        case .chronic:
            guard let history = row.history else { return "fires without incident" }
            return "fires without incident: seen in \(history.seen) of \(history.looks) earlier looks\(suppression)"
        case .suppressed: return row.suppression ?? "suppressed, and nothing explains it"
        case .unexplained:
            return "no cheap enough failure upstream of \(row.match.entity.map(name) ?? "it") explains it"
        case .unmatched: return unmatched(row.match)
        }
    }

    func unmatched(_ match: Match) -> String {
        switch match.reason {
        case .unknownEntity(let name): "it names '\(name)', which the topology does not have"
        case .ambiguous(let entities): "its labels fit several entities: \(Self.list(names(entities)))"
        case .notInTopology: "its labels name nothing that the topology has"
        case .noUsefulLabel, nil: "no rule matches it and no label of it names a thing"
        }
    }

    func why(_ verdict: Analysis.ChangeVerdict) -> String {
        let at = verdict.change.at.hourAndMinute
        switch verdict.ruling {
        case .ruledOut:
            guard let sign = verdict.firstSign else { return "it came after the first sign" }
            return "at \(at), \((verdict.change.at - sign).short) after the first sign at \(sign.hourAndMinute): "
                + "it cannot be the cause"
        case .candidate:
            guard let sign = verdict.firstSign else { return "at \(at), it touches what failed" }
            return "at \(at), \((sign - verdict.change.at).short) before the first sign at \(sign.hourAndMinute)"
        case .unrelated: return "it touches nothing that failed"
        }
    }

    // MARK: Timeline

    func what(_ event: Analysis.Event) -> String {
        switch event.what {
        case .rootOnset(let index):
            let root = analysis.rootCauses[index]
            let source = root.onsetSource.map { " (\($0))" } ?? ""
            return "\(name(root.entity)) \(state(root.effect)): root cause \(index + 1)\(source)"
        case .onset(let rows): return "\(alerts(rows)): condition began"
        case .fired(let rows): return "\(alerts(rows)) fired"
        case .changed(let index):
            let change = analysis.changes[index].change
            return "\(change.kind ?? "change") \"\(change.id)\""
        case .observed(let index):
            let observation = analysis.observations[index].observation
            return "observed \(observation.state.rawValue)\(observation.source.map { ": \($0)" } ?? "")"
        }
    }

    private func alerts(_ rows: [Int]) -> String {
        guard let first = rows.first else { return "" }
        let name = analysis.ledger[first].alert.name
        return rows.count == 1 ? name : "\(rows.count) × \(name)"
    }
}
