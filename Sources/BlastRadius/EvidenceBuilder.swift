internal import Alerts
internal import Foundation
internal import Inference
internal import Time
internal import Topology

/// Turns alerts, observations, history and changes into evidence: the only place where the words of monitoring meet the
/// terms of the failure graph.
struct EvidenceBuilder {
    let platform: Platform
    let incident: Incident
    let weights: Weights
    private let priors: FaultPriors
    private(set) var evidence = Evidence()
    /// One row for each alert, without its verdict yet.
    private(set) var rows: [Analysis.LedgerRow] = []
    /// The context's observations whose entity is known, and the symptom or health that each gave.
    private(set) var observations: [(observation: IncidentContext.Observation, entity: EntityID, symptom: Int?)] = []
    /// The context's changes, with the entities that they touch.
    private(set) var changes: [(change: IncidentContext.Change, entities: [EntityID])] = []
    /// The change of each entry of `evidence.changes`, as an index into `changes`.
    private(set) var changeOfEvidence: [Int] = []

    private var topology: Topology { platform.topology }

    init(platform: Platform, incident: Incident, weights: Weights) {
        self.platform = platform
        self.incident = incident
        self.weights = weights
        priors = FaultPriors(windowHours: weights.windowHours)
    }

    mutating func build() {
        addAlerts()
        addObservations()
        addSilences()
        addChanges()
    }

    // MARK: Alerts

    private mutating func addAlerts() {
        let mapper = AlertMapper(topology: topology, rules: platform.rules)
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
                    history: frequency(of: alert),
                    suppression: suppression(of: alert),
                    symptom: nil
                )
            )
        }
        for index in rows.indices where rows[index].knownIssue != nil {
            rows[index].verdict = .knownIssue
        }
        addSymptoms()
    }

    private func suppression(of alert: Alert) -> String? {
        guard alert.state == .suppressed else { return nil }
        if let inhibitor = alert.inhibitedBy.first {
            let name = incident.alerts.first { $0.fingerprint == inhibitor }?.name ?? inhibitor
            return "inhibited by \(name)"
        }
        if let silence = alert.silencedBy.first {
            guard let comment = incident.silences[silence]?.comment, !comment.isEmpty else { return "silenced" }
            return "silenced: \(comment)"
        }
        return alert.mutedBy.first.map { "muted by \($0)" } ?? "suppressed"
    }

    private func frequency(of alert: Alert) -> Analysis.AlertFrequency? {
        guard !incident.history.isEmpty else { return nil }
        return Analysis.AlertFrequency(
            seen: incident.history.episodes(of: alert).count,
            looks: max(1, incident.history.fileCount)
        )
    }

    /// The alerts about one entity of one sort grow in weight with diminishing returns: the second says less than the
    /// first.
    private mutating func addSymptoms() {
        var groups: [SymptomKey: [(row: Int, weight: Double)]] = [:]
        for (index, row) in rows.enumerated() where row.verdict == .unexplained {
            guard let entity = row.match.entity else { continue }
            let key = SymptomKey(entity: entity, effect: row.match.observes, witness: row.match.witness)
            groups[key, default: []].append((index, weight(of: row, entity)))
        }
        for key in groups.keys.sorted() {
            let members = (groups[key] ?? []).sorted { ($1.weight, $0.row) < ($0.weight, $1.row) }
            var share = 1.0
            for member in members {
                let onset = rows[member.row].onset
                rows[member.row].symptom = evidence.symptoms.count
                evidence.symptoms.append(
                    Symptom(
                        entity: key.entity,
                        effect: key.effect,
                        weight: Cost(nats: member.weight * share),
                        onset: onset.earliest.milliseconds...onset.latest.milliseconds,
                        witness: key.witness
                    )
                )
                share *= weights.repetition
            }
        }
    }

    private struct SymptomKey: Hashable, Comparable {
        var entity: EntityID
        var effect: Effect
        var witness: EntityID?

        static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.entity, lhs.effect.rawValue, lhs.witness?.rawValue ?? -1)
                < (rhs.entity, rhs.effect.rawValue, rhs.witness?.rawValue ?? -1)
        }
    }

    /// What it costs to call the alert noise.
    private func weight(of row: Analysis.LedgerRow, _ entity: EntityID) -> Double {
        var weight =
            switch (row.match.severity ?? row.alert.severity)?.lowercased() {
            case "critical", "page", "emergency", "error", "fatal", "high", "p1", "p2", "sev1", "sev2", "disaster":
                weights.criticalAlert
            case "warning", "warn", "major", "medium", "minor", "average", "p3", "sev3", "ticket": weights.warningAlert
            case "info", "information", "informational", "none", "low", "debug", "notice", "p4", "p5":
                weights.infoAlert
            default: weights.plainAlert
            }
        if row.match.observes == .down || weight >= weights.warningAlert, weight > weights.infoAlert {
            let own = priors.cost(of: topology.kind(of: entity)).nats + weights.outageMargin
            weight = max(weight, own)
        }
        if let history = row.history, history.seen > 0 {
            // f is what history says, at least; the prior weight stands for what it does not.
            let chance = (Double(history.seen) + 0.5) / (Double(history.looks) + 1)
            weight = max(0, min(weight, -log(chance)))
        }
        return weight
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
                        witness: observation.witness.flatMap { topology.entity(named: $0.name) }
                    )
                )
            }
        }
    }

    // MARK: Silence

    /// What is monitored, by what is known of the rules: a rule whose entity has a hole covers all entities of its kind,
    /// one without a hole covers that entity alone, and an alert that its labels mapped shows that its kind is covered.
    /// A covered entity that shows nothing is silent. Known issues count: their rules watch too.
    private mutating func addSilences() {
        var kinds = Set(platform.rules.compactMap { $0.entity.constant == nil ? $0.entity.literalKind : nil })
        var single = Set(platform.rules.compactMap { $0.entity.constant.flatMap { topology.entity(named: $0) } })
        for row in rows {
            guard let entity = row.match.entity else { continue }
            if case .user(let index) = row.match.rule, platform.rules[index].entity.constant != nil {
                single.insert(entity)
            } else {
                kinds.insert(topology.kind(of: entity).name)
            }
        }
        let observed = Set(evidence.symptoms.map(\.entity)).union(rows.compactMap(\.match.entity))
            .union(evidence.health.map(\.entity))
        for entity in topology.entities where !observed.contains(entity) {
            guard kinds.contains(topology.kind(of: entity).name) || single.contains(entity) else { continue }
            evidence.silences.append(
                Silence(
                    entity: entity,
                    ownWeight: Cost(nats: weights.ownSilence),
                    downstreamWeight: Cost(nats: weights.downstreamSilence),
                    relayWeight: Cost(nats: weights.silentRelay),
                    observers: topology.details(of: entity).observers
                )
            )
        }
    }

    // MARK: Changes

    private mutating func addChanges() {
        let firstSign = evidence.symptoms.map(\.onset.upperBound).min() ?? 0
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
