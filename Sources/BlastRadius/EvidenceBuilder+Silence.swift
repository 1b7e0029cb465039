internal import Alerts
internal import Foundation
internal import Graphs
internal import Inference
internal import Propagation
internal import Topology

extension EvidenceBuilder {
    /// The evidence together with what in a scope is monitored and shows nothing, or less than it would if it were down.
    ///
    /// Known issues count as showing: their rules watch too. What is resolved shows nothing any more. Where people know an
    /// observer to be blind, the silence of what it watches is worth nothing. What nothing in this incident could bring
    /// down is left out.
    ///
    /// - Complexity: O(alerts + rules + entities).
    func evidence(in scope: FailureScope) -> Evidence {
        var evidence = evidence
        let coverage = Coverage(rows: rows, platform: platform, alertedBefore: frequencies?.entities ?? [])
        let siblings = SiblingAlerts(self)
        let shown = rows.filter { $0.verdict != .resolved }.compactMap(\.match.entity)
        var observed = BitSet(capacity: topology.entityCount)
        for entity in shown { observed.insert(entity.rawValue) }
        for symptom in evidence.symptoms { observed.insert(symptom.entity.rawValue) }
        for observation in evidence.health { observed.insert(observation.entity.rawValue) }
        let blind = Set(incident.context.blind.compactMap { $0.entity.flatMap { topology.entity(named: $0.name) } })
        var unheard: [Int32: [EntityID]] = [:]
        for entity in scope.entities {
            let isSilent = !observed.contains(entity.rawValue)
            let isMonitored = isSilent && coverage.isMonitored(entity)
            let missing = siblings.missing(about: entity, isSilent: isSilent)
            let observers = topology.details(of: entity).observers
            if isSilent, observers.isEmpty, coverage.isUnheard(entity) {
                unheard[topology.kindIndices[entity.index], default: []].append(entity)
            }
            guard isMonitored || missing > 0, blind.isDisjoint(with: observers) else { continue }
            let own = ownSilence(of: entity)
            evidence.silences.append(
                Silence(
                    entity: entity,
                    ownWeight: isMonitored ? Cost(nats: own) : 0,
                    downstreamWeight: isMonitored ? Cost(nats: weights.downstreamSilence) : 0,
                    downWeight: Cost(nats: min(own, missing)),
                    relayWeight: isMonitored ? Cost(nats: weights.silentRelay) : 0,
                    observers: observers
                )
            )
        }
        guard weights.unheardKind > 0 else { return evidence }
        let named = Cost(nats: weights.unheardKind * Self.namedKind)
        // Which kinds are looked at does not hang on the scope.
        let unnamed = Set(topology.kinds.indices.filter(coverage.isUnheardUnnamed).prefix(Self.mostKinds))
        for (kind, entities) in unheard.sorted(by: { $0.key < $1.key }) {
            if coverage.isNamed(entities[0]) {
                evidence.unheardKinds.append(UnheardKind(entities: entities, weight: named))
            } else if unnamed.contains(Int(kind)) {
                evidence.unheardKinds.append(UnheardKind(entities: entities))
            }
        }
        evidence.unheardKindPrices = unheardKindPrices()
        return evidence
    }

    /// What the silence of a kind is worth that a rule names, in nats: nine in ten of these are watched, so that −ln(0.1 + 0.9 ·
    /// 0.23ⁿ) is 1.2 for one and 2.3 for many.
    private static let namedKind = 1.5

    /// More kinds that no rule names are not looked at: so many are a naming of its own, not sorts of things.
    private static let mostKinds = 32

    /// What each further kind that no rule names costs of which nothing is heard although an explanation takes some of it down.
    ///
    /// Nobody knows how much is watched here. If the part of the kinds that are is θ, of density 2θ (most platforms watch most),
    /// and what is watched sounds by the chance `heard`, the silence of n kinds has the chance ∫ 2θ(1 − heard·θ)ⁿ dθ.
    private func unheardKindPrices() -> [Cost] {
        let heard = 0.77
        let rest = 1 - heard
        func chance(_ kinds: Int) -> Double {
            func part(_ power: Int) -> Double { (1 - pow(rest, Double(power))) / Double(power) }
            return 2 / (heard * heard) * (part(kinds + 1) - part(kinds + 2))
        }
        return (1...10).map { Cost(nats: weights.unheardKind * log(chance($0 - 1) / chance($0))) }
    }

    /// What a fault costs at least on anything that no symptom is about, by the number of its kind.
    ///
    /// - Complexity: O(alerts + rules + entities + needs).
    func leastFaults() -> [Cost] {
        let coverage = Coverage(rows: rows, platform: platform, alertedBefore: frequencies?.entities ?? [])
        let symptomatic = Set(evidence.symptoms.map(\.entity))
        // What is known to be in trouble, and what often is, need not break its silence.
        let isSilent = frequencies == nil && rows.allSatisfy { $0.match.entity.map(symptomatic.contains) ?? true }
        let watched = isSilent ? coverage.watchedKinds() : []
        var costs = topology.kinds.indices.map { kind in
            let own = watched.contains(kind) ? weights.ownSilence : 0
            return max(1, priors.cost(of: topology.kinds[kind])) + Cost(nats: own)
        }
        for change in evidence.changes {
            let kind = Int(topology.kindIndices[change.entity.index])
            costs[kind] = min(costs[kind], change.cost)
        }
        return costs
    }

    /// Who alone would have raised an alarm that sounds is alive: its alarm is sent anew every few minutes, or it ends.
    mutating func addMessengers() {
        let troubled = Set(evidence.symptoms.map(\.entity)).union(evidence.health.map(\.entity))
        var messengers: Set<EntityID> = []
        for row in rows where row.symptom != nil && row.alert.state != .resolved {
            guard let entity = row.match.entity else { continue }
            let observers = topology.details(of: entity).observers
            if observers.count == 1, observers[0] != entity { messengers.insert(observers[0]) }
        }
        for messenger in messengers.subtracting(troubled).sorted() {
            evidence.health.append(
                HealthyObservation(entity: messenger, at: nil, weight: Cost(nats: weights.observation))
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

/// What this very incident shows of the alerts that work: those that some of a kind have raised.
///
/// Where others of the kind would be down, theirs are missing. Left out are signs of an entity's own trouble, which do
/// not tell of what trouble elsewhere does to it, and rules that name one entity outright.
private struct SiblingAlerts {
    private let kindOf: [Int32]
    /// By the number of the kind, what the absence of all that tells of being down is worth, and of all that tells of
    /// trouble, in nats.
    private let down: [Double]
    private let trouble: [Double]
    /// What an alert or a person says is down, or a person says is well.
    private var judged: BitSet

    private struct Sort: Hashable {
        var kind: Int
        var name: String
    }

    /// - Complexity: O(alerts + kinds).
    init(_ builder: EvidenceBuilder) {
        let topology = builder.topology
        kindOf = topology.kindIndices
        judged = BitSet(capacity: topology.entityCount)
        for symptom in builder.evidence.symptoms where symptom.effect == .down {
            judged.insert(symptom.entity.rawValue)
        }
        for observation in builder.evidence.health { judged.insert(observation.entity.rawValue) }
        var down: [Sort: Double] = [:]
        var trouble: [Sort: Double] = [:]
        for row in builder.rows where row.symptom != nil && builder.isGeneral(row) {
            let nature = SymptomNature(of: row.alert)
            guard let entity = row.match.entity, !nature.isOwn else { continue }
            let sort = Sort(kind: Int(kindOf[entity.index]), name: row.alert.name)
            let weight = builder.weight(of: row, nature)
            switch row.match.observes {
            case .down: down[sort] = max(weight, down[sort] ?? 0)
            case .degraded, .reduced: trouble[sort] = max(weight, trouble[sort] ?? 0)
            case .starved: break
            }
        }
        let weights = builder.weights
        func worth(_ heard: [Sort: Double], _ share: Double) -> [Double] {
            var worth = Array(repeating: 0.0, count: topology.kinds.count)
            for (kind, sorts) in Dictionary(grouping: heard, by: \.key.kind) {
                var part = share
                for weight in sorts.map(\.value).sorted(by: >) {
                    worth[kind] += weight * part
                    part *= weights.repetition
                }
            }
            return worth
        }
        self.down = worth(down, weights.missingAlert)
        self.trouble = worth(trouble, weights.missingSymptom)
    }

    /// What it says against an entity's being down that it lacks what others of its kind have, in nats.
    ///
    /// Being degraded is another matter: that often stays below what a rule asks for.
    func missing(about entity: EntityID, isSilent: Bool) -> Double {
        guard !judged.contains(entity.rawValue) else { return 0 }
        let kind = Int(kindOf[entity.index])
        return max(down[kind], isSilent ? trouble[kind] : 0)
    }
}
