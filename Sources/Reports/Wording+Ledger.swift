internal import Alerts
internal import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

// What became of alerts and changes, what nobody could see, and what happened when.
extension Wording {
    // MARK: Alerts beside the explanation

    /// What became of the firing alerts about something that no root cause explains: "1 alert, not explained"; nil
    /// where there are none.
    func otherAlerts(about entity: EntityID) -> String? {
        guard let rows = otherAlerts[entity] else { return nil }
        let fates = Dictionary(grouping: rows) { fate(analysis.ledger[$0]) }.sorted { $0.key < $1.key }
        return fates.map { "\(Self.count($0.value.count, "alert")), \($0.key)" }.joined(separator: "; ")
    }

    /// Things with such alerts and what became of those; of many, a count of each kind.
    func withOtherAlerts(_ entities: [EntityID]) -> RichText {
        if entities.count > 8 { return "\(counts(entities)), with alerts that it does not explain" }
        let items = entities.map { entity -> RichText in
            "\(code: name(entity))\(otherAlerts(about: entity).map { " (\($0))" } ?? "")"
        }
        return items.listed(limit: 8)
    }

    /// The firing alerts about a root cause and about its likely rivals that no root cause explains: "DiskFilling on
    /// host/a since 14 Aug 10:00Z, set aside as chronic".
    func alsoFiring(_ root: Analysis.RootCause) -> [RichText] {
        let rivals = root.alternatives.prefix(3).filter { $0.confidence >= 0.02 }.compactMap(\.entity)
        return ([root.entity] + rivals).flatMap { entity -> [RichText] in
            let groups = Dictionary(grouping: otherAlerts[entity] ?? []) { row in
                "\(analysis.ledger[row].alert.shownName)\u{0}\(fate(analysis.ledger[row]))"
            }
            return groups.sorted { $0.key < $1.key }.map { _, rows in
                let since = rows.compactMap { analysis.ledger[$0].onset.estimate }.min().map { " since \(moment($0))" }
                let rival = entity == root.entity ? "" : ", its rival,"
                let became = rows.first.map { fate(analysis.ledger[$0]) } ?? ""
                return "\(alerts(rows)) on \(code: name(entity))\(rival)\(since ?? ""), \(became)"
            }
        }
    }

    /// What became of an alert that no root cause explains, in a few words.
    private func fate(_ row: Analysis.LedgerRow) -> String {
        switch row.verdict {
        case .knownIssue where row.alert.isMeta: "set aside since it fires by design"
        case .knownIssue: "set aside as \(row.knownIssue?.id ?? "known")"
        case .chronic: "set aside as chronic"
        case .suppressed: "set aside as suppressed"
        default: "not explained"
        }
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
            return text + suppression
        case .chronic:
            if let age = row.age, let onset = row.onset.estimate {
                return "has been firing since \(onset.day), \(age.short) before the rest" + suppression
            }
            guard let history = row.history else { return "fires without incident" }
            return "fires without incident: seen in \(history.seen) of \(history.looks) earlier looks\(suppression)"
        case .suppressed: return row.suppression ?? "suppressed, and nothing explains it"
        case .unexplained:
            if let reason = otherTime(row) { return reason }
            return "no cheap enough failure upstream of \(row.match.entity.map(name) ?? "it") explains it"
        case .unmatched: return unmatched(row.match) + suppression
        case .resolved:
            let end = row.alert.endsAt.map { " at \(moment($0))" } ?? ""
            return "it ended\(end), so it is no evidence of what is broken now"
        }
    }

    /// The known issues that alerts of the incident have and that should have been reviewed before it: "review overdue:
    /// OPS-17 (2026-03-01)".
    var overdueReviews: String? {
        let issues = Set(
            analysis.ledger.compactMap { row -> String? in
                guard let verdict = row.knownIssue, verdict.isReviewOverdue else { return nil }
                let day = verdict.issue.flatMap { analysis.platform.knownIssues[$0].reviewBy }
                return verdict.id + (day.map { " (\($0))" } ?? "")
            }
        )
        return issues.isEmpty ? nil : "review overdue: \(Self.list(issues.sorted()))"
    }

    /// Why some alerts of one name are set aside: the reason that they share, and for the chronic how often the most
    /// frequent is seen.
    func reason(_ rows: [Analysis.LedgerRow]) -> String {
        let frequencies = rows.filter { $0.verdict == .chronic }.compactMap { row in row.history.map { (row, $0) } }
        let most = frequencies.max { $0.1.seen < $1.1.seen }
        let reasons = Set(rows.map(reason))
        if let most, reasons.count > 1 { return reason(most.0) + " at most" }
        return Self.list(reasons.sorted(), limit: 3)
    }

    /// That an alert began at another time than what would explain it: "it began 17d 9h before carrier/telia failed".
    private func otherTime(_ row: Analysis.LedgerRow) -> String? {
        guard let root = row.outOfTime.first.map({ analysis.rootCauses[$0] }), let failed = root.onset,
            let began = row.onset.estimate, began != failed
        else { return nil }
        let (span, side) = began < failed ? (failed - began, "before") : (began - failed, "after")
        return "it began \(span.short) \(side) \(name(root.entity)) failed"
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
        let at = moment(verdict.change.at)
        let rival = touchedRival(verdict).flatMap { $0.confidence >= 0.005 ? "; it touches \(what($0))" : nil } ?? ""
        switch verdict.ruling {
        case .ruledOut:
            guard let sign = verdict.firstSign else { return "it came after the first sign" }
            return "at \(at), \((verdict.change.at - sign).short) after the first sign at \(moment(sign)): "
                + "it cannot be the cause\(rival)"
        case .candidate:
            guard let sign = verdict.firstSign else { return "at \(at), it touches what failed" }
            return "at \(at), \((sign - verdict.change.at).short) before the first sign at \(moment(sign))\(rival)"
        case .unrelated:
            guard verdict.root == nil else { return "nothing tells when what it touches failed\(rival)" }
            return whyUnrelated(verdict)
        }
    }

    private func whyUnrelated(_ verdict: Analysis.ChangeVerdict) -> String {
        if let rival = touchedRival(verdict) { return "it touches only \(what(rival))" }
        let unknown = verdict.change.touches.map(\.name).filter { topology.entity(named: $0) == nil }
        if !unknown.isEmpty { return "it touches \(Self.list(unknown)), which the topology does not have" }
        return verdict.entities.isEmpty ? "it does not say what it touches" : "it touches nothing that failed"
    }

    /// The likeliest of what a change touches that may be a cause instead of the root causes; nil where it touches one
    /// of those.
    private func touchedRival(_ verdict: Analysis.ChangeVerdict) -> (entity: EntityID, confidence: Double)? {
        let touched = Set(verdict.entities)
        guard touched.isDisjoint(with: analysis.rootCauses.map(\.entity)) else { return nil }
        let listed = analysis.rootCauses.flatMap(\.alternatives).compactMap { rival in
            rival.entity.flatMap { touched.contains($0) ? (entity: $0, confidence: rival.confidence) : nil }
        }
        return listed.max { ($0.confidence, $1.entity) < ($1.confidence, $0.entity) }
            ?? analysis.ranking.first { touched.contains($0.entity) }
    }

    private func what(_ rival: (entity: EntityID, confidence: Double)) -> String {
        "\(name(rival.entity)), a rival of what broke (\(Self.percent(rival.confidence)) %)"
    }

    /// Where to read more about an alert, of what it names.
    static func links(_ alert: Alert) -> [EvidenceLink] {
        [
            alert.generatorURL.map { EvidenceLink(.source, $0) }, alert.runbookURL.map { EvidenceLink(.runbook, $0) },
            alert.dashboardURL.map { EvidenceLink(.dashboard, $0) },
        ].compactMap(\.self)
    }

    // MARK: Blind spots

    /// "monitor/prometheus is down".
    func observerState(_ spot: Analysis.BlindSpot) -> String { "\(name(spot.observer)) \(state(ofObserverAt: spot))" }

    /// "is down", "is degraded" or "gave no answer".
    func state(ofObserverAt spot: Analysis.BlindSpot) -> String {
        spot.observerEffect.map { "is \(state($0))" } ?? "gave no answer"
    }

    /// The blind spots by their observer: those that the explanation affects, and those of which nothing is known.
    var blindSpots: [(observer: String, presumed: [EntityID], unknown: [EntityID])] {
        let affected = Set(analysis.affected.filter { $0.effect != .reduced }.map(\.entity))
        return Dictionary(grouping: analysis.blindSpots, by: observerState).sorted { $0.key < $1.key }.map {
            key,
            spots in
            let entities = spots.map(\.entity)
            return (key, entities.filter(affected.contains), entities.filter { !affected.contains($0) })
        }
    }

    // MARK: Timeline

    /// What sort of event it is, in one word: a condition's beginning and its alert's firing are not the same.
    func sort(_ event: Analysis.Event) -> String {
        switch event.what {
        case .rootOnset, .onset: "began"
        case .fired: "fired"
        case .changed: "changed"
        case .observed: "observed"
        }
    }

    func what(_ event: Analysis.Event) -> String {
        switch event.what {
        case .rootOnset(let index):
            let root = analysis.rootCauses[index]
            let source = onsetSource(root).map { " (\($0))" } ?? ""
            return "\(name(root.entity)) \(state(root.effect)): root cause \(index + 1)\(source)"
        case .onset(let rows): return "\(alerts(rows)): condition began"
        case .fired(let rows): return "\(alerts(rows)) fired"
        case .changed(let index):
            let change = analysis.changes[index].change
            return "\(change.kind ?? "change") \"\(change.id)\""
        case .observed(let index):
            let observation = analysis.observations[index].observation
            let since = observation.since.map { " since \(moment($0))" } ?? ""
            return "observed \(observation.state.rawValue)\(since)\(observation.source.map { ": \($0)" } ?? "")"
        }
    }

    /// "4 × CiliumCanaryProbeFailing"; of several names, each once.
    func alerts(_ rows: [Int]) -> String {
        var counts: [(name: String, count: Int)] = []
        var places: [String: Int] = [:]
        for name in rows.map({ analysis.ledger[$0].alert.shownName }) {
            if let place = places[name] {
                counts[place].count += 1
            } else {
                places[name] = counts.count
                counts.append((name, 1))
            }
        }
        return Self.list(counts.map { ($0.count, $0.count == 1 ? $0.name : "\($0.count) × \($0.name)") })
    }
}
