package import Alerts
public import Simulation
public import Topology

/// What becomes of a platform when some things fail, or work again, and which alerts would tell of it.
///
/// It holds facts; the `Reports` module turns them into words.
public struct Forecast: Sendable {
    /// The platform that was asked about.
    public let platform: Platform
    /// What was asked.
    public let question: WhatIf
    /// The state before and after.
    public let answer: WhatIfAnswer
    /// The incident that the question starts from.
    public let incident: Analysis?
    /// The alerts that would begin to fire, everything staying where it is; those that the incident shows firing are
    /// left out.
    public let predictedAlerts: [PredictedAlert]

    /// The entities of the platform.
    public var topology: Topology { platform.topology }
}

/// What is known of the alerts that could fire, beyond the topology's own rules.
public struct Monitoring: Sendable {
    /// The rules of Prometheus.
    package var rules: RuleCatalog
    /// What fired before.
    package var history: AlertHistory

    /// Knows nothing.
    public init() {
        rules = RuleCatalog()
        history = AlertHistory()
    }

    package init(rules: RuleCatalog, history: AlertHistory) {
        self.rules = rules
        self.history = history
    }
}

extension Incident {
    /// What the incident's files tell of the alerts that could fire.
    public var monitoring: Monitoring { Monitoring(rules: rules, history: history) }
}

extension Platform {
    /// Works out what becomes of the platform.
    ///
    /// - Parameters:
    ///   - losses: what fails.
    ///   - degradations: what keeps serving, but badly.
    ///   - restores: what works again, of the root causes of `incident`.
    ///   - incident: the incident that is going on; its root causes are the state to start from.
    ///   - monitoring: which alerts exist, beyond the topology's rules.
    /// - Returns: The state before and after, and the alerts that would begin to fire.
    /// - Complexity: near-linear in the platform; see ``SimulationModel/answer(_:)``.
    public func forecast(
        losses: [EntityID] = [],
        degradations: [EntityID] = [],
        restores: [EntityID] = [],
        during incident: Analysis? = nil,
        monitoring: Monitoring = Monitoring()
    ) -> Forecast {
        let (placements, capacity) = topology.placements
        let question = WhatIf(
            losses: losses,
            degradations: degradations,
            restores: restores,
            during: incident?.rootCauses.map { WhatIf.Fault($0.entity, $0.effect) } ?? [],
            placements: placements,
            capacity: capacity,
            weights: lossWeights
        )
        let answer = SimulationModel(topology).answer(question)
        let affected = answer.outcome.impacts.map(\.entity)
        let possible = AlertInventory(self, monitoring).alerts(about: affected)
        let firing = Set(
            incident?.ledger.compactMap { row in row.match.entity.map { FiringAlert(name: row.alert.name, entity: $0) }
            }
                ?? []
        )
        return Forecast(
            platform: self,
            question: question,
            answer: answer,
            incident: incident,
            predictedAlerts: answer.outcome.predictedAlerts(possible, in: topology)
                .filter { !firing.contains(FiringAlert(name: $0.alert.alertname, entity: $0.alert.entity)) }
        )
    }

    /// Every single loss by what it costs, and the pairs that cost more together than apart.
    ///
    /// - Parameters:
    ///   - kinds: only losses of entities of these kinds; empty means all.
    ///   - site: only losses of entities that stand in this site.
    ///   - top: how many losses and pairs to keep; nil keeps all.
    ///   - pairBudget: how many nodes and arcs the search for pairs may look at.
    /// - Returns: The losses and the pairs, the dearest first.
    public func riskRanking(
        kinds: Set<String> = [],
        site: EntityID? = nil,
        top: Int? = nil,
        pairBudget: Int = SimulationModel.defaultPairBudget
    ) -> RiskRanking {
        let model = SimulationModel(topology)
        let options = RankingOptions(weights: lossWeights, kinds: kinds, site: site, top: top)
        return RiskRanking(
            platform: self,
            options: options,
            singles: model.ranking(options),
            pairs: model.pairLosses(options, budget: pairBudget)
        )
    }

    /// The minimal sets of losses that bring an entity down.
    public func cutSets(of entity: EntityID, _ options: CutSetOptions = CutSetOptions()) -> CutSets {
        SimulationModel(topology).cutSets(of: entity, options)
    }
}

/// What the loss of each entity costs, and of each pair that costs more than its parts.
public struct RiskRanking: Sendable {
    /// The platform that was asked about.
    public let platform: Platform
    /// What was ranked.
    public let options: RankingOptions
    /// Each loss by itself.
    public let singles: Ranking
    /// Losses by twos.
    public let pairs: PairLosses

    /// The entities of the platform.
    public var topology: Topology { platform.topology }
}

private struct FiringAlert: Hashable {
    var name: String
    var entity: EntityID
}

extension Topology {
    /// Who can run elsewhere, and how much room each place has for them: its capacity less what stays there uses.
    ///
    /// - Complexity: O(entities).
    fileprivate var placements: (placements: [Placement], room: [EntityID: Double]) {
        var placements: [Placement] = []
        var room: [EntityID: Double] = [:]
        for entity in entities {
            if let capacity = details(of: entity).capacity { room[entity] = capacity }
        }
        for entity in entities {
            let own = details(of: entity)
            guard let place = place(of: entity) else { continue }
            if !own.canRunOn.isEmpty {
                placements.append(Placement(entity: entity, candidates: own.canRunOn, uses: own.uses))
            } else if let uses = own.uses {
                room[place]? -= uses
            }
        }
        return (placements, room)
    }
}
