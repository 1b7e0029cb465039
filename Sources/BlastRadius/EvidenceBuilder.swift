internal import Alerts
internal import Foundation
internal import Inference
internal import Propagation
internal import Time
internal import Topology

/// Turns alerts, observations, history and changes into evidence: the only place where the words of monitoring meet the
/// terms of the failure graph.
struct EvidenceBuilder {
    let platform: Platform
    let incident: Incident
    let weights: Weights
    private(set) var priors: FaultPriors
    private let mapper: AlertMapper
    let frequencies: AlertFrequencies?
    private var credits: [EntityID: Cost] = [:]
    private var newest: Int64?
    var evidence = Evidence()
    /// One row for each alert, without its verdict yet.
    private(set) var rows: [Analysis.LedgerRow] = []
    /// The context's observations whose entity is known, and the symptom or health that each gave.
    private(set) var observations: [(observation: IncidentContext.Observation, entity: EntityID, symptom: Int?)] = []
    /// The context's changes, with the entities that they touch.
    private(set) var changes: [(change: IncidentContext.Change, entities: [EntityID])] = []
    /// The change of each entry of `evidence.changes`, as an index into `changes`.
    private(set) var changeOfEvidence: [Int] = []

    var topology: Topology { platform.topology }

    init(platform: Platform, incident: Incident, weights: Weights) {
        self.platform = platform
        self.incident = incident
        self.weights = weights
        priors = FaultPriors(windowHours: weights.windowHours)
        mapper = AlertMapper(topology: platform.topology, rules: platform.rules)
        frequencies =
            incident.history.isEmpty
            ? nil : AlertFrequencies(incident.history, mapper: mapper, windowHours: weights.windowHours)
    }

    mutating func build() {
        addAlerts()
        grantCredits()
        addObservations()
        addMessengers()
        addChanges()
        evidence.usualDelay = Int64(weights.usualDelay * 3_600_000)
        evidence.lateLoss = Cost(nats: weights.lateLoss)
        findCalls()
    }

    // MARK: Alerts

    private mutating func addAlerts() {
        for alert in incident.alerts {
            let match = mapper.match(alert)
            rows.append(
                Analysis.LedgerRow(
                    alert: alert,
                    match: match,
                    verdict: match.entity == nil ? .unmatched : .unexplained,
                    because: [],
                    via: [],
                    onset: Onset(of: alert, rules: incident.rules, pending: match.pending),
                    knownIssue: KnownIssue.verdict(on: alert, by: platform.knownIssues, now: incident.now),
                    history: frequency(of: alert, about: match.entity),
                    suppression: suppression(of: alert),
                    symptom: nil
                )
            )
        }
        for index in rows.indices where rows[index].alert.state == .resolved && !incident.countsEnded {
            rows[index].verdict = .resolved
        }
        for index in rows.indices where rows[index].knownIssue != nil {
            rows[index].verdict = .knownIssue
        }
        findNewest()
        addSymptoms()
    }

    private func suppression(of alert: Alert) -> String? {
        guard alert.state == .suppressed else { return nil }
        if let inhibitor = alert.inhibitedBy.first {
            let name = incident.alerts.first { $0.fingerprint == inhibitor }?.name ?? inhibitor
            return "inhibited by \(name)"
        }
        if let silence = alert.silencedBy.first {
            guard let known = incident.silences[silence] else { return "silenced" }
            let author = known.createdBy.isEmpty ? "" : " (\(known.createdBy))"
            return known.comment.isEmpty ? "silenced\(author)" : "silenced: \(known.comment)\(author)"
        }
        return alert.mutedBy.first.map { "muted by \($0)" } ?? "suppressed"
    }

    private func frequency(of alert: Alert, about entity: EntityID?) -> Analysis.AlertFrequency? {
        guard let frequencies else { return nil }
        return Analysis.AlertFrequency(seen: frequencies.seen(alert, about: entity), looks: frequencies.looks)
    }

    /// Alerts of one sort about one entity are one piece of evidence.
    ///
    /// Different sorts add up with diminishing returns, for what moves one measure moves others. A sign of the entity's
    /// own trouble partly comes off the price of its fault.
    private mutating func addSymptoms() {
        var groups: [SymptomGroup: [String: [Reading]]] = [:]
        for (index, row) in rows.enumerated() where row.verdict == .unexplained {
            guard let entity = row.match.entity else { continue }
            let nature = SymptomNature(of: row.alert)
            let group = SymptomGroup(entity: entity, effect: row.match.observes, isOwn: nature.isOwn)
            groups[group, default: [:]][nature.sort, default: []]
                .append(Reading(row: index, weight: weight(of: row, nature)))
        }
        for group in groups.keys.sorted() {
            let sorts = (groups[group] ?? [:]).values.map { $0.sorted { $0 < $1 } }.sorted { $0[0] < $1[0] }
            var share = 1.0
            for readings in sorts {
                addSymptoms(readings, of: group, share: share)
                share *= group.isOwn ? weights.ownRepetition : weights.repetition
            }
        }
        preferFirst()
    }

    /// One sort of alert about one entity.
    ///
    /// Its weight is that of the heaviest; each witness is a symptom of its own.
    private mutating func addSymptoms(_ readings: [Reading], of group: SymptomGroup, share: Double) {
        let weight = readings[0].weight * share
        let spread = group.isOwn ? 1 - weights.ownShare : 1
        if group.isOwn { credits[group.entity, default: 0] += Cost(nats: weight * weights.ownShare) }
        let witnesses = Set(readings.map { rows[$0.row].match.witness })
        // Who cannot reach something is deceived by what is near him, so others who agree count. What exceeds a threshold does so
        // for all who measure it.
        let agreeing = group.effect == .down ? witnesses.count : 1
        let agreement = (1...max(1, agreeing)).reduce(0) { $0 + pow(weights.repetition, Double($1 - 1)) }
        var heard: Set<EntityID?> = []
        for reading in readings {
            let isNews = heard.insert(rows[reading.row].match.witness).inserted
            let onset = rows[reading.row].onset
            // What ended, or tells of being down, shows nothing that lives.
            let showsLife = group.isOwn && group.effect != .down && rows[reading.row].alert.state != .resolved
            rows[reading.row].symptom = evidence.symptoms.count
            evidence.symptoms.append(
                Symptom(
                    entity: group.entity,
                    effect: group.effect,
                    weight: isNews ? Cost(nats: weight * spread * agreement / Double(witnesses.count)) : 1,
                    onset: onset.earliest.milliseconds...onset.latest.milliseconds,
                    witness: rows[reading.row].match.witness,
                    witnessDoubt: Cost(nats: weights.witnessDoubt),
                    lifeWeight: showsLife ? Cost(nats: weights.signOfLife) : 0
                )
            )
        }
    }

    /// Alerts that share a group's diminishing returns.
    private struct SymptomGroup: Hashable, Comparable {
        var entity: EntityID
        var effect: Effect
        var isOwn: Bool

        static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.entity, lhs.effect.rawValue, lhs.isOwn ? 1 : 0) < (rhs.entity, rhs.effect.rawValue, rhs.isOwn ? 1 : 0)
        }
    }

    /// An alert with its weight; the heaviest first, then as the ledger goes.
    private struct Reading: Comparable {
        var row: Int
        var weight: Double

        static func < (lhs: Self, rhs: Self) -> Bool { (rhs.weight, lhs.row) < (lhs.weight, rhs.row) }
    }

    /// What it costs to call the alert noise.
    func weight(of row: Analysis.LedgerRow, _ nature: SymptomNature) -> Double {
        var weight =
            switch urgency(of: row) {
            case .page: weights.criticalAlert
            case .ticket: weights.warningAlert
            case .information: weights.infoAlert
            case nil: nature.isAnomaly ? weights.anomalyAlert : weights.plainAlert
            }
        if nature.isState { weight = max(weight, weights.stateAlert) }
        if let history = row.history { weight *= history.surprise }
        return max(0, weight - log(max(1, windowsBehind(row))))
    }

    /// Whether the rule behind an alert may be about any of a kind: it does not name its entity outright.
    func isGeneral(_ row: Analysis.LedgerRow) -> Bool {
        guard case .user(let rule) = row.match.rule else { return true }
        return platform.rules[rule].entity.constant == nil
    }

    // MARK: Age

    /// How long before the last alert of the incident this one began, in windows; 0 where that is unknown.
    ///
    /// What has been so for T may as well have begun at any other moment of it: the chance that it is there anyway when
    /// something else breaks is T/window times that of what began within the window.
    private func windowsBehind(_ row: Analysis.LedgerRow) -> Double {
        guard let newest, row.onset.source != .unknown else { return 0 }
        return Double(newest - row.onset.latest.milliseconds) / (weights.windowHours * 3_600_000)
    }

    /// Whether an alert is older than the incident, so that it neither calls anybody now nor dates anything.
    private func isOld(_ row: Analysis.LedgerRow) -> Bool { windowsBehind(row) > 1 }

    /// When the last alert of the incident began: the end of the window in which most alerts began, by weight, of those that
    /// ask something of people, or of all where none does; of several such windows the last.
    ///
    /// The very last alert will not do: one host with a wrong clock would make all others old.
    private mutating func findNewest() {
        let dated = rows.filter { $0.verdict == .unexplained && $0.onset.source != .unknown }
        let urgent = dated.filter { urgency(of: $0) != .information }
        let starts = (urgent.isEmpty ? dated : urgent)
            .map { (at: $0.onset.latest.milliseconds, weight: weight(of: $0, SymptomNature(of: $0.alert))) }
            .sorted { ($0.at, $0.weight) < ($1.at, $1.weight) }
        let window = Int64(weights.windowHours * 3_600_000)
        var most = 0.0
        var sum = 0.0
        var first = 0
        for start in starts {
            sum += start.weight
            while start.at - starts[first].at > window {
                sum -= starts[first].weight
                first += 1
            }
            if sum > most - 1e-9 { (most, newest) = (sum, start.at) }
        }
        for index in rows.indices where isOld(rows[index]) {
            rows[index].age = newest.map { Span(milliseconds: $0 - rows[index].onset.latest.milliseconds) }
        }
    }

    /// What a severity asks of people, in the words of the usual scales.
    private enum Urgency {
        case page
        case ticket
        case information
    }

    private func urgency(of row: Analysis.LedgerRow) -> Urgency? {
        switch (row.match.severity ?? row.alert.severity)?.lowercased() {
        case "critical", "page", "emergency", "error", "fatal", "high", "p1", "p2", "sev1", "sev2", "disaster": .page
        case "warning", "warn", "major", "medium", "minor", "average", "p3", "sev3", "ticket": .ticket
        case "info", "information", "informational", "none", "low", "debug", "notice", "p4", "p5": .information
        default: nil
        }
    }

    /// Of things that alert, the first to do so is the likelier cause: a fault costs more if its entity's first alert came
    /// later than the first of all, in proportion to how certain the clocks make that.
    private mutating func preferFirst() {
        var starts: [EntityID: Int64] = [:]
        for row in rows where row.symptom != nil && !isOld(row) {
            guard let entity = row.match.entity else { continue }
            starts[entity] = min(starts[entity] ?? .max, row.onset.latest.milliseconds)
        }
        guard let first = starts.values.min() else { return }
        for (entity, start) in starts where start > first {
            let lateness = min(1, Double(start - first) / Double(Evidence.clockError))
            priors.surcharges[entity, default: 0] += Cost(nats: weights.firstAlert * lateness)
        }
    }

    /// Takes the signs of own trouble off the faults' prices, down to a nat at least: a fault is never free.
    private mutating func grantCredits() {
        for (entity, credit) in credits {
            let price = priors.cost(of: topology.kind(of: entity)) + (priors.surcharges[entity] ?? 0)
            priors.surcharges[entity, default: 0] -= min(credit, max(0, price - Cost(nats: 1)))
        }
    }

    // MARK: Observations

    private mutating func addObservations() {
        var seen: [EntityID: Int] = [:]
        for observation in incident.context.observations {
            guard let entity = topology.entity(named: observation.entity.name) else { continue }
            switch observation.state {
            case .healthy:
                evidence.health.append(
                    HealthyObservation(
                        entity: entity,
                        at: observation.at?.milliseconds,
                        weight: Cost(nats: weights.healthy)
                    )
                )
                observations.append((observation, entity, nil))
            case .down, .failed, .degraded:
                let repetition = seen[entity, default: 0]
                seen[entity] = repetition + 1
                var share = 1.0
                for _ in 0..<repetition { share *= weights.repetition }
                let latest = observation.since ?? observation.at ?? .distantFuture
                observations.append((observation, entity, evidence.symptoms.count))
                evidence.symptoms.append(
                    Symptom(
                        entity: entity,
                        effect: observation.state == .degraded ? .degraded : .down,
                        weight: Cost(nats: weights.observation * share),
                        onset: Timestamp.distantPast.milliseconds...latest.milliseconds,
                        witness: observation.witness.flatMap { topology.entity(named: $0.name) },
                        witnessDoubt: Cost(nats: weights.witnessDoubt)
                    )
                )
            }
        }
    }

    // MARK: Calls

    /// What calls people: what asks something of them and history does not show all the time, as long as any of it is
    /// seldom.
    private mutating func findCalls() {
        let incidents = rows.filter(isIncident)
        guard incidents.contains(where: { isSeen($0, inLessThan: 0.5) }) else { return }
        evidence.calls = Set(incidents.filter { isSeen($0, inLessThan: 0.9) }.compactMap(\.symptom))
    }

    /// Whether an alert asks something of people, now.
    private func isIncident(_ row: Analysis.LedgerRow) -> Bool {
        row.symptom != nil && urgency(of: row) != .information && !isOld(row)
    }

    private func isSeen(_ row: Analysis.LedgerRow, inLessThan share: Double) -> Bool {
        row.history.map { Double($0.seen) < share * Double($0.looks) } ?? true
    }

    // MARK: Changes

    private mutating func addChanges() {
        let old = Set(rows.filter(isOld).compactMap(\.symptom))
        let firstSign =
            evidence.symptoms.indices.filter { !old.contains($0) }
            .map { evidence.symptoms[$0].onset.upperBound }.min() ?? 0
        for change in incident.context.changes {
            let entities = change.touches.compactMap { topology.entity(named: $0.name) }
            for entity in entities {
                let age = Double(firstSign - change.at.milliseconds) / 3_600_000
                let chance = weights.changeFailure * exp2(-max(0, age) / weights.changeHalfLife)
                let cost = min(
                    Cost.ofAssuming(chance: chance),
                    priors.cost(of: topology.kind(of: entity))
                )
                evidence.changes.append(Change(entity: entity, at: change.at.milliseconds, cost: cost))
                changeOfEvidence.append(changes.count)
            }
            changes.append((change, entities))
        }
    }
}
