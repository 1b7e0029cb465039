internal import Alerts
package import BlastRadius
package import Diagram
internal import Inference
internal import Time
internal import Topology

/// The analysis as the source of a picture.
public enum DiagramReport {
    /// What to draw: the root causes, their rivals, what they affect, who saw it, and what nobody can see.
    ///
    /// - Complexity: O(affected entities + alerts).
    package static func source(_ analysis: Analysis) -> DiagramSource {
        var painter = Painter(analysis: analysis, wording: Wording(analysis: analysis))
        painter.paint()
        return painter.source
    }
}

private struct Painter {
    let analysis: Analysis
    let wording: Wording
    var statuses: [EntityID: EntityStatus] = [:]
    var arrows: [CauseArrow] = []

    /// How many rivals of a root cause get a box.
    private static let rivalLimit = 3
    /// How many kinds of things of which nothing is known get a box.
    private static let unknownLimit = 4

    /// The root causes that each entity is affected by.
    private let causes: [EntityID: [Int]]
    private let blindSpots: [EntityID: Analysis.BlindSpot]
    private var rivals: [(rival: EntityID, root: Analysis.RootCause, rank: Int)] = []
    private var undrawnBlindSpots: [EntityID] = []

    private var topology: Topology { analysis.topology }

    init(analysis: Analysis, wording: Wording) {
        self.analysis = analysis
        self.wording = wording
        causes = Dictionary(analysis.affected.map { ($0.entity, $0.because) }) { first, _ in first }
        blindSpots = Dictionary(analysis.blindSpots.map { ($0.entity, $0) }) { first, _ in first }
    }

    mutating func paint() {
        for affected in analysis.affected { paint(affected) }
        for (index, root) in analysis.rootCauses.enumerated() { paint(root, rank: index + 1) }
        paintOpenAlerts()
        paintFalseAlerts()
        for (index, root) in analysis.rootCauses.enumerated() { paintRivals(of: root, rank: index + 1) }
        for (rival, root, _) in rivals { arrows += ways(from: rival, toWhatIsExplainedBy: root) }
        paintUnknown()
        for root in analysis.rootCauses { paintWitnesses(of: root) }
    }

    var source: DiagramSource {
        let context = analysis.context
        var heading: [String] = []
        if let number = context.number { heading.append("Incident #\(number)") }
        if let title = context.title { heading.append(title) }
        var facts: [String] = []
        if let first = wording.beginning, let last = analysis.timeline.last?.at {
            let end = first.day == last.day ? last.hourAndMinute : "\(last.day) \(last.hourAndMinute)"
            facts.append("\(first.day)  \(first.hourAndMinute) – \(end)")
        }
        let counts = analysis.counts
        if let known = counts[.knownIssue] { facts.append(Wording.count(known, "known issue")) }
        facts.append("\(counts[.unexplained] ?? 0) unexplained")
        facts.append("\(counts[.unmatched] ?? 0) unmatched")
        if !analysis.rootCauses.isEmpty { facts.append(wording.optimality) }
        var setAside: [DiagramSource.SetAside] = []
        let known = analysis.ledger.filter { $0.verdict == .knownIssue }
        for (label, rows) in Dictionary(
            grouping: known,
            by: { $0.alert.isMeta ? $0.alert.shownName : $0.knownIssue?.id ?? "known issue" }
        ) {
            setAside.append(.init(label: label, count: rows.count))
        }
        setAside.sort { $0.label < $1.label }
        for (verdict, label) in [
            (Analysis.Verdict.chronic, "chronic"), (.suppressed, "suppressed"), (.resolved, "resolved"),
        ] {
            if let count = counts[verdict] { setAside.append(.init(label: label, count: count)) }
        }
        var source = DiagramSource(
            topology: topology,
            statuses: statuses,
            causes: arrows,
            title: wording.title,
            facts: facts,
            setAside: setAside,
            remarks: remarks,
            heading: heading.isEmpty ? nil : heading.joined(separator: " · ")
        )
        source.meanings = [.blindSpot: blindSpotMeaning]
        if analysis.affected.contains(where: wording.isUnclear) {
            source.meanings[.expected] = "follows from the cause, no alert says so"
        }
        if analysis.rootCauses.contains(where: { !$0.witnesses.isEmpty && $0.effect != .down }) {
            source.arrowMeanings = [.observes: "saw it fail"]
        }
        return source
    }

    private var blindSpotMeaning: String {
        let observers = Set(analysis.blindSpots.map(wording.observerState))
        if observers.count == 1, let only = observers.first { return "blind spot: its observer \(only)" }
        let isAffected = analysis.blindSpots.allSatisfy { $0.observerEffect != nil }
        return "blind spot: its observer is affected\(isAffected ? "" : " or gave no answer")"
    }

    private var remarks: [String] {
        var remarks: [String] = []
        let unmatched = analysis.ledger.indices.filter { analysis.ledger[$0].verdict == .unmatched }
        if !unmatched.isEmpty {
            let count = Wording.count(unmatched.count, "alert")
            remarks.append("About nothing in the topology: \(count)  (\(wording.alerts(unmatched)))")
        }
        if !analysis.context.blind.isEmpty {
            remarks.append("No answer from: \(Wording.list(analysis.context.blind.map(\.source), limit: 6))")
        }
        if let incomplete = wording.incomplete { remarks.append(incomplete) }
        if !undrawnBlindSpots.isEmpty {
            remarks.append("Blind spots not drawn: \(wording.counts(undrawnBlindSpots))")
        }
        return remarks
    }

    // MARK: Statuses

    private mutating func paint(_ affected: Analysis.Affected) {
        let rows = affected.alerts.map { analysis.ledger[$0] }
        let isSeen = wording.isSeen(affected)
        let blindSpot = isSeen ? nil : blindSpots[affected.entity]
        let role: EntityStatus.Role =
            switch affected.effect {
            case .reduced: .reduced
            case _ where blindSpot != nil: .blindSpot
            case .down: isSeen ? .affected(.down) : .expected(.down)
            case .degraded, .starved: isSeen ? .affected(.degraded) : .expected(.degraded)
            }
        var status = EntityStatus(role, state: affected.effect.rawValue, alertCount: rows.count)
        status.since = rows.compactMap(\.onset.estimate).min().map(wording.moment)
        status.facts = alertFacts(rows)
        if let blindSpot { status.facts = ["presumed \(wording.state(affected.effect))", observerFact(blindSpot)] }
        status.evidence = rows.map(evidence)
        if let failure = wording.failure(of: affected.entity) {
            status.facts.append("observed \(failure.state.rawValue)")
            status.evidence += [failure.source].compactMap(\.self)
            if status.since == nil { status.since = failure.since.map(wording.moment) }
        }
        status.links = rows.flatMap(links)
        if let others = wording.otherAlerts(about: affected.entity) {
            if wording.isUnclear(affected), affected.effect != .reduced {
                status.words = "EXPECTED, ALERT NOT EXPLAINED BY IT"
            }
            status.facts.append(others)
        }
        statuses[affected.entity] = status
        let from = affected.via.last ?? affected.because.first.map { analysis.rootCauses[$0].entity }
        guard let from, from != affected.entity else { return }
        let kind: CauseArrow.Kind = affected.effect == .down ? .carries : .harms
        arrows.append(CauseArrow(from: from, to: affected.entity, kind: kind))
        for carrier in carriers(to: affected, beside: from) {
            arrows.append(CauseArrow(from: carrier, to: affected.entity, kind: kind))
        }
    }

    /// What brings an entity those of its causes that its first way does not: what it needs directly and they affect;
    /// else the causes themselves.
    private func carriers(to affected: Analysis.Affected, beside first: EntityID) -> [EntityID] {
        let needed = Set(topology.requirements(of: affected.entity).flatMap(\.members)).sorted()
        var carriers: [EntityID] = []
        for cause in affected.because.dropFirst() {
            let root = analysis.rootCauses[cause].entity
            func brings(_ entity: EntityID) -> Bool {
                entity == root || causes[entity]?.contains(cause) ?? false && carries(entity, to: affected.effect)
            }
            guard first != root, !(needed.contains(first) && brings(first)) else { continue }
            let found = needed.filter(brings)
            carriers += found.isEmpty ? [root] : found
        }
        return carriers
    }

    /// Whether what is the matter with an entity can do such a thing to others: what still serves takes nothing down.
    private func carries(_ entity: EntityID, to effect: Effect) -> Bool {
        switch wording.effects[entity] {
        case .down: true
        case .degraded: effect == .degraded
        case .reduced, .starved, nil: false
        }
    }

    private mutating func paint(_ root: Analysis.RootCause, rank: Int) {
        let rows = root.explains.map { analysis.ledger[$0] }
        let own = rows.filter { $0.match.entity == root.entity }
        var status = EntityStatus(
            .root(rank: rank),
            severity: root.severity.rawValue,
            state: wording.state(root.effect),
            since: root.onset.map(wording.moment),
            confidence: Wording.wholePercent(root.confidence),
            isSilent: root.isSilent,
            alertCount: own.count
        )
        status.isSinceLatest = wording.isOnsetInferred(root)
        if !root.witnesses.isEmpty {
            status.facts.append(
                "seen failing from \(wording.sites(of: root.witnesses).prefix(6).joined(separator: " "))"
            )
        }
        status.facts.append("explains \(Wording.count(root.explains.count, "alert"))")
        let rivals = root.alternatives.count + root.omittedAlternatives
        if rivals > Self.rivalLimit { status.facts.append("or one of \(rivals) others") }
        let percent = Wording.percent(root.confidence)
        if root.alternatives.contains(where: { $0.entity != nil && Wording.percent($0.confidence) == percent }) {
            status.facts.append("others are as likely")
        }
        if let noise = root.falseAlarm, noise.confidence >= 0.1 {
            status.facts.append("or a false alarm, \(Wording.percent(noise.confidence)) %")
        }
        if let others = wording.otherAlerts(about: root.entity) { status.facts.append(others) }
        for change in root.changes {
            let verdict = analysis.changes[change]
            status.facts.append(
                "\(verdict.change.kind ?? "change") of \(wording.moment(verdict.change.at)) "
                    + (verdict.ruling == .ruledOut ? "ruled out: too late" : "is a candidate")
            )
        }
        status.evidence =
            own.map(evidence)
            + root.actions.map {
                "\($0.priority.rawValue): \($0.text) (\(wording.why($0)))"
            }
        status.links = own.flatMap(links)
        statuses[root.entity] = status
    }

    private mutating func paintRivals(of root: Analysis.RootCause, rank: Int) {
        for alternative in root.alternatives.prefix(Self.rivalLimit) where alternative.confidence >= 0.02 {
            guard let entity = alternative.entity else { continue }
            let known = statuses[entity]
            let percent = Wording.percent(alternative.confidence)
            switch known?.role {
            case .root: continue
            case .rival(let first):
                // One that replaces several root causes is one box.
                let earlier = rivals.filter { $0.rival == entity }.map(\.rank)
                if first != rank {
                    statuses[entity]?.words =
                        "OR INSTEAD OF \(Wording.list((earlier + [rank]).map(String.init)).uppercased())"
                }
                rivals.append((entity, root, rank))
                continue
            case .unexplained:
                // Its own alert would stay open without it, and must be seen to.
                statuses[entity]?.facts.append("or instead of root cause \(rank), \(percent) % likely")
                continue
            default: break
            }
            var status = EntityStatus(
                .rival(ofRank: rank),
                state: wording.state(alternative.effect),
                since: known?.since,
                confidence: Wording.wholePercent(alternative.confidence),
                alertCount: known?.alertCount ?? 0,
                evidence: known?.evidence ?? [],
                links: known?.links ?? []
            )
            if let known, known.alertCount > 0 {
                // Whether or not it is the cause, it is what its own alerts say.
                status.words = "ALERTING, OR INSTEAD OF \(rank)"
                status.facts = known.facts
            }
            if !alternative.together.isEmpty {
                let names = wording.shortNames(alternative.together)
                status.facts.append("together with \(Wording.list(names))")
            }
            if let others = wording.otherAlerts(about: entity) { status.facts.append(others) }
            if let apart = wording.toTellApart(root, alternative) { status.evidence.insert(apart, at: 0) }
            statuses[entity] = status
            rivals.append((entity, root, rank))
        }
    }

    /// The ways on which a rival would have caused what the root cause explains: along what needs it, from the rival to
    /// the first thing with a box on each; from a witness, to what its alerts are about.
    ///
    /// Only the shortest ways, and the one to the root cause itself: a site has a way to nearly everything.
    private func ways(from rival: EntityID, toWhatIsExplainedBy root: Analysis.RootCause) -> [CauseArrow] {
        let rows = root.explains.map { analysis.ledger[$0] }
        let targets = Set(rows.compactMap(\.match.entity) + [root.entity]).subtracting([rival])
        var skipped: [EntityID: Int] = [:]
        for row in rows where row.match.witness == rival {
            if let entity = row.match.entity, entity != rival { skipped[entity] = 0 }
        }
        for target in targets.sorted() {
            guard let way = way(from: rival, to: target, past: targets) else { continue }
            let steps = way.firstIndex { statuses[$0] != nil } ?? way.count - 1
            skipped[way[steps]] = min(skipped[way[steps]] ?? steps, steps)
        }
        let fewest = skipped.values.min()
        return skipped.filter { $0.value == fewest || $0.key == root.entity }.sorted { $0.key < $1.key }.map {
            CauseArrow(from: rival, to: $0.key, kind: .possible, skipped: $0.value)
        }
    }

    /// The shortest way along dependencies from what stands behind the cause up to the target; nil where there is none
    /// but through other targets.
    private func way(from cause: EntityID, to target: EntityID, past others: Set<EntityID>) -> [EntityID]? {
        var dependent: [EntityID: EntityID] = [:]
        var queue = [target]
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            for needed in topology.requirements(of: here).flatMap(\.members).sorted() {
                if needed == cause {
                    var way = [here]
                    while let last = way.last, let further = dependent[last] { way.append(further) }
                    return way
                }
                guard needed != target, dependent[needed] == nil, !others.contains(needed) else { continue }
                dependent[needed] = here
                queue.append(needed)
            }
        }
        return nil
    }

    private mutating func paintOpenAlerts() {
        for (entity, rows) in unpainted(.unexplained) { statuses[entity] = status(.unexplained, rows) }
    }

    /// What has an alert that a broken observer explains: by this explanation it is well.
    private mutating func paintFalseAlerts() {
        for (entity, rows) in unpainted(.explained) {
            var status = status(.context, rows)
            status.words = "PRESUMED WELL, ALERT DISCOUNTED"
            status.facts += Set(rows.compactMap(wording.witnessTrouble)).sorted()
            statuses[entity] = status
            for cause in Set(rows.flatMap(\.because)).sorted() {
                arrows.append(CauseArrow(from: analysis.rootCauses[cause].entity, to: entity, kind: .misreports))
            }
        }
    }

    /// What may be well or not: the most numerous kinds of things, since a picture is of what is known.
    private mutating func paintUnknown() {
        let unknown = analysis.blindSpots.filter { statuses[$0.entity] == nil }
        let kinds = Dictionary(grouping: unknown) { topology.kind(of: $0.entity).name }
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value)
        for spot in kinds.prefix(Self.unknownLimit).joined() {
            statuses[spot.entity] = EntityStatus(.unknown, facts: ["state unknown", observerFact(spot)])
            arrows.append(CauseArrow(from: spot.observer, to: spot.entity, kind: .blinds))
        }
        undrawnBlindSpots = kinds.dropFirst(Self.unknownLimit).joined().map(\.entity)
    }

    private func observerFact(_ spot: Analysis.BlindSpot) -> String {
        "its observer \(wording.shortName(spot.observer)) \(wording.state(ofObserverAt: spot))"
    }

    /// Those who saw it fail and are well themselves.
    private mutating func paintWitnesses(of root: Analysis.RootCause) {
        let fact = "\(root.effect == .down ? "cannot reach" : "saw trouble at") \(wording.shortName(root.entity))"
        for witness in root.witnesses {
            guard statuses[witness, default: EntityStatus(.witness)].role == .witness else { continue }
            statuses[witness, default: EntityStatus(.witness)].facts.append(fact)
            arrows.append(CauseArrow(from: root.entity, to: witness, kind: .observes))
        }
    }

    /// The alerts of one verdict by entity, where nothing is known of the entity yet.
    private func unpainted(_ verdict: Analysis.Verdict) -> [(EntityID, [Analysis.LedgerRow])] {
        var rows: [EntityID: [Analysis.LedgerRow]] = [:]
        for row in analysis.ledger where row.verdict == verdict {
            if let entity = row.match.entity, statuses[entity] == nil { rows[entity, default: []].append(row) }
        }
        return rows.sorted { $0.key < $1.key }
    }

    private func status(_ role: EntityStatus.Role, _ rows: [Analysis.LedgerRow]) -> EntityStatus {
        EntityStatus(
            role,
            since: rows.compactMap(\.onset.estimate).min().map(wording.moment),
            alertCount: rows.count,
            facts: alertFacts(rows),
            evidence: rows.map(evidence),
            links: rows.flatMap(links)
        )
    }

    // MARK: Words

    private func alertFacts(_ rows: [Analysis.LedgerRow]) -> [String] {
        var counts: [String: Int] = [:]
        for row in rows { counts[row.alert.shownName, default: 0] += 1 }
        return counts.keys.sorted().prefix(2).map { name in
            let count = counts[name] ?? 1
            return count == 1 ? name : "\(count) × \(name)"
        }
    }

    private func evidence(_ row: Analysis.LedgerRow) -> String {
        let fired = row.alert.startsAt.map { ", fired \(wording.moment($0))" } ?? ""
        let summary = row.alert.summary.map { ": \($0)" } ?? ""
        return "\(row.alert.shownName)\(fired)\(summary)"
    }

    private func links(_ row: Analysis.LedgerRow) -> [EvidenceLink] { Wording.links(row.alert) }
}
