internal import Alerts
internal import Foundation
internal import Inference
internal import Topology

extension EvidenceBuilder {
    /// What is monitored and shows nothing, or less than it would if it were down.
    ///
    /// Known issues count as showing: their rules watch too. Where people know an observer to be blind, the silence of what
    /// it watches is worth nothing.
    mutating func addSilences() {
        let coverage = Coverage(rows: rows, platform: platform, alertedBefore: frequencies?.entities ?? [])
        let siblings = SiblingAlerts(rows, topology, evidence)
        let observed = Set(evidence.symptoms.map(\.entity)).union(rows.compactMap(\.match.entity))
            .union(evidence.health.map(\.entity))
        let blind = Set(incident.context.blind.compactMap { $0.entity.flatMap { topology.entity(named: $0.name) } })
        for entity in topology.entities {
            let observers = topology.details(of: entity).observers
            guard blind.isDisjoint(with: observers) else { continue }
            let isSilent = !observed.contains(entity)
            let isMonitored = isSilent && coverage.isMonitored(entity)
            let own = ownSilence(of: entity)
            var downstream = isMonitored ? weights.downstreamSilence : 0
            if isSilent, siblings.areHeard(about: entity) {
                downstream = max(downstream, min(own, weights.missingSymptom))
            }
            let down = siblings.lackDown(entity) ? min(own, weights.missingAlert) : 0
            guard isMonitored || downstream > 0 || down > 0 else { continue }
            evidence.silences.append(
                Silence(
                    entity: entity,
                    ownWeight: isMonitored ? Cost(nats: own) : 0,
                    downstreamWeight: Cost(nats: downstream),
                    downWeight: Cost(nats: down),
                    relayWeight: isMonitored ? Cost(nats: weights.silentRelay) : 0,
                    observers: observers
                )
            )
        }
    }

    /// What an entity's silence is worth when it is a root: less for what often complains, in nats.
    ///
    /// Its silence says that all is well now, but then its own faults would be no news either. −ln(1 − share of looks
    /// with an alert) comes off.
    private func ownSilence(of entity: EntityID) -> Double {
        guard let frequencies, frequencies.looks > 0 else { return weights.ownSilence }
        let share = min(0.99, Double(frequencies.seen(about: entity)) / Double(frequencies.looks))
        return max(0, weights.ownSilence + log(1 - share))
    }
}

/// For which kinds this very incident shows that their alerts work: some of the kind have raised one.
///
/// Signs of an entity's own trouble are left out, for they do not tell of what trouble elsewhere does to it.
private struct SiblingAlerts {
    private let kindOf: [Int32]
    /// By the number of the kind, whether an alert tells that one of it is down, or that it is hurt at all.
    private var tellsDown: [Bool]
    private var tells: [Bool]
    /// What an alert or a person says is down, or a person says is well.
    private let judged: Set<EntityID>

    /// - Complexity: O(alerts + kinds).
    init(_ rows: [Analysis.LedgerRow], _ topology: Topology, _ evidence: Evidence) {
        kindOf = topology.kindIndices
        judged = Set(evidence.symptoms.filter { $0.effect == .down }.map(\.entity))
            .union(evidence.health.map(\.entity))
        tellsDown = Array(repeating: false, count: topology.kinds.count)
        tells = tellsDown
        for row in rows where row.symptom != nil && !SymptomNature(of: row.alert).isOwn {
            guard let entity = row.match.entity else { continue }
            let kind = Int(kindOf[entity.index])
            switch row.match.observes {
            case .down: tellsDown[kind] = true
            case .degraded, .reduced: tells[kind] = true
            case .starved: break
            }
        }
    }

    func areHeard(about entity: EntityID) -> Bool { tells[Int(kindOf[entity.index])] }

    /// Whether others of its kind are said to be down, and nothing is said of it.
    func lackDown(_ entity: EntityID) -> Bool { tellsDown[Int(kindOf[entity.index])] && !judged.contains(entity) }
}
