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
            let others = (otherAlerts[entity] ?? []).filter { !root.reasons.contains($0) }
            let groups = Dictionary(grouping: others) { row in
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
        let causes =
            Self.list(row.because.map { name(analysis.rootCauses[$0].entity) }) + (row.isJoint ? " together" : "")
        let via = row.via.isEmpty ? "" : " via " + row.via.map(topology.name).joined(separator: ", ")
        let suppression = row.suppression.map { "; \($0)" } ?? ""
        switch row.verdict {
        case .root: return "its entity is a root cause\(suppression)"
        case .explained:
            if let trouble = witnessTrouble(row) { return "discounted: \(trouble)\(suppression)" }
            return "follows from \(causes)\(via)\(suppression)"
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
            if let root = reasonFor[row.alert.fingerprint] {
                return "it began before \(name(root)) failed, and is its likely reason"
            }
            return falseAlarm(row)
        case .unmatched: return unmatched(row.match) + suppression
        case .resolved:
            let end = row.alert.endsAt.map { " at \(moment($0))" } ?? ""
            return "it ended\(end), so it is no evidence of what is broken now"
        }
    }

    /// That an alert is taken for noise, and how unlikely it is that it is none: "taken for a false alarm: a failure of
    /// host/a, or of what it needs, is held to be rarer than a false alert of severity warning (9 to 1 against host/a)".
    private func falseAlarm(_ row: Analysis.LedgerRow) -> String {
        guard let entity = row.match.entity.map({ (id: $0, name: name($0)) }) else { return "taken for a false alarm" }
        let gap = nearestGap[entity.id]
        let isClose = gap.map { $0 < Cost(nats: 0.05) } ?? false
        let odds = gap.map { isClose ? "" : " (\(Self.odds($0)) to 1 against \(entity.name))" } ?? ""
        return "taken for a false alarm: a failure of \(entity.name), or of what it needs, is held to be "
            + "\(isClose ? "no likelier" : "rarer") than a false alert"
            + (row.alert.severity.map { " of severity \($0)" } ?? "") + odds
    }

    /// What is the matter with the witness of an explained alert about something that is well: "monitor/probe, which saw
    /// it, is degraded itself"; nil where the alert tells the truth.
    func witnessTrouble(_ row: Analysis.LedgerRow) -> String? {
        guard row.verdict == .explained, let entity = row.match.entity, let witness = row.match.witness,
            effects[entity] == nil, let trouble = effects[witness]
        else { return nil }
        return "\(name(witness)), which saw it, is \(state(trouble)) itself"
    }

    /// The alerts that a root cause explains by what it does to those who saw it: "SiteDown on service/shop: monitor/probe,
    /// which saw it, is down itself".
    func discounted(_ root: Analysis.RootCause) -> [RichText] {
        let groups = Dictionary(grouping: root.explains) { witnessTrouble(analysis.ledger[$0]) ?? "" }
        return groups.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map { trouble, rows in
            let entities = entities(of: rows).map { RichText("\(code: name($0))") }
            return "\(alerts(rows)) on \(entities.listed()): \(trouble)"
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

    /// Whether a change can be to blame and why, in words.
    func why(_ verdict: Analysis.ChangeVerdict) -> String {
        let at = moment(verdict.change.at)
        switch verdict.ruling {
        case .ruledOut:
            guard let sign = verdict.firstSign else { return "it came after the first sign" }
            return "at \(at), \((verdict.change.at - sign).short) after the first sign at \(moment(sign)): "
                + "it cannot be the cause"
        case .candidate:
            guard let sign = verdict.firstSign else { return "at \(at), it touches what failed" }
            return "at \(at), \((sign - verdict.change.at).short) before the first sign at \(moment(sign))"
                + beside(verdict)
        case .unrelated:
            if verdict.root != nil { return "nothing tells when what it touches failed" + beside(verdict) }
            let unknown = verdict.change.touches.map(\.name).filter { topology.entity(named: $0) == nil }
            if !unknown.isEmpty { return "it touches \(Self.list(unknown)), which the topology does not have" }
            return verdict.entities.isEmpty ? "it does not say what it touches" : "it touches nothing that failed"
        }
    }

    /// What a change touches that is no root cause: the likeliest alternative to one, or what is affected; nothing where it
    /// touches a root cause.
    ///
    /// Only what would take the place of a root cause has odds: a fault beside all of them is as likely as it ever is.
    private func beside(_ verdict: Analysis.ChangeVerdict) -> String {
        let touched = Set(verdict.entities)
        guard touched.isDisjoint(with: analysis.rootCauses.map(\.entity)) else { return "" }
        let rivals = analysis.rootCauses.flatMap(\.alternatives).filter { rival in
            rival.entity != nil && !touched.isDisjoint(with: members(of: rival))
        }
        if let rival = rivals.max(by: { $0.confidence < $1.confidence }) {
            let names = names(members(of: rival).filter(touched.contains))
            return "; it touches \(Self.list(names)), a rival of what broke (\(Self.percent(rival.confidence)) %)"
        }
        let affected = names(verdict.entities.filter { effects[$0] != nil })
        return "; it touches \(Self.list(affected)), which \(affected.count == 1 ? "is" : "are") affected"
    }

    /// Where to read more about an alert, of what it names.
    static func links(_ alert: Alert) -> [EvidenceLink] {
        [
            alert.generatorURL.map { EvidenceLink(.source, $0) }, alert.runbookURL.map { EvidenceLink(.runbook, $0) },
            alert.dashboardURL.map { EvidenceLink(.dashboard, $0) },
        ].compactMap(\.self)
    }

    // MARK: Bursts

    /// That alerts began together and what they share: "16 GatewayOffline began within 16s: look for what they share that the
    /// topology does not have; it knows kind gateway and site/north".
    func what(_ burst: Burst) -> String {
        let span = burst.end - burst.start
        let time = span.milliseconds < 1_000 ? "at once" : "within \(span.short)"
        let name = burst.alertName.isEmpty ? "alerts without a name" : burst.alertName
        var shared: [String] = []
        if let kind = burst.kind { shared.append("kind \(kind)") }
        if let site = burst.site { shared.append(self.name(site)) }
        if !burst.observers.isEmpty { shared.append("observer \(Self.list(names(burst.observers)))") }
        let known = shared.isEmpty ? "" : "; it knows \(Self.list(shared))"
        return "\(burst.alerts.count) \(name) began \(time): look for what they share that the topology does not have"
            + known
    }

    // MARK: Blind spots

    /// "monitor/prometheus is down".
    func observerState(_ spot: Analysis.BlindSpot) -> String { "\(name(spot.observer)) \(state(ofObserverAt: spot))" }

    /// "is down", "is degraded" or "gave no answer"; of several observers "are down".
    func state(ofObserverAt spot: Analysis.BlindSpot, among count: Int = 1) -> String {
        spot.observerEffect.map { "\(count == 1 ? "is" : "are") \(state($0))" } ?? "gave no answer"
    }

    /// Blind spots whose observers are of one kind and in one state: "gateway/a and gateway/b are degraded".
    struct BlindSpotGroup {
        var observers: [EntityID]
        /// Who would not tell and why, as the beginning of a sentence.
        var cause: String
        /// What the explanation affects.
        var presumed: [EntityID]
        /// Of what nothing is known.
        var unknown: [EntityID]
    }

    /// The blind spots, those together that differ only in who watches what.
    var blindSpots: [BlindSpotGroup] {
        let affected = Set(analysis.affected.filter { $0.effect != .reduced }.map(\.entity))
        let groups = Dictionary(grouping: analysis.blindSpots) { spot in
            [topology.kind(of: spot.observer).name, state(ofObserverAt: spot)]
        }
        return groups.values.map { spots in
            let observers = Set(spots.map(\.observer)).sorted()
            let entities = spots.map(\.entity)
            return BlindSpotGroup(
                observers: observers,
                cause: "\(Self.list(names(observers))) \(state(ofObserverAt: spots[0], among: observers.count))",
                presumed: entities.filter(affected.contains),
                unknown: entities.filter { !affected.contains($0) }
            )
        }
        .sorted { $0.cause < $1.cause }
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
