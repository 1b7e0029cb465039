public import Simulation
public import Topology

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

extension Platform {
    /// Every single loss by what it costs, and the pairs that cost more together than apart.
    ///
    /// - Parameters:
    ///   - kinds: only losses of entities of these kinds; empty means all.
    ///   - site: only losses of entities that stand in this site.
    ///   - top: how many losses and pairs to keep; nil keeps all.
    ///   - pairBudget: how many nodes and arcs the search for pairs may look at.
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
