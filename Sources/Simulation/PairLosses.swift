import Propagation
public import Topology

/// Pairs of losses that cost more together than apart (N-2).
///
/// Two losses do more together only where they fire a gate that neither fires alone, so only pairs that both weaken a
/// gate, and leave something of what depends on it standing, are looked at. Those pairs are examined exactly, the gates
/// with the costliest consequences first, until a stated amount of work is spent.
public struct PairLosses: Sendable, Hashable {
    /// Two entities whose joint loss costs more than the sum of their losses.
    public struct Pair: Sendable, Hashable {
        /// Two, in order.
        public let entities: [EntityID]
        /// What the joint loss costs.
        public let cost: Double
        /// By how much that exceeds the sum of what the two losses cost each by itself.
        public let beyondSum: Double
        /// What goes down only when both are lost, in order.
        public let onlyTogether: [EntityID]
        /// Those of ``onlyTogether`` from which the rest follows: a redundancy group of theirs holds against either
        /// loss and not against both.
        public let brokenGroups: [EntityID]
    }

    /// How much of the question was answered.
    public struct Coverage: Sendable, Hashable {
        /// The redundancy groups that at least two losses weaken.
        public let groups: Int
        /// How many of them were gone through to the end.
        public let groupsExamined: Int
        /// The pairs that weaken a group together, at most: a pair counts once for each group.
        public let candidates: Int
        /// The pairs that were run.
        public let pairsExamined: Int
        /// Whether nothing was left out: then ``PairLosses/pairs`` is exact.
        public var isComplete: Bool { groups == groupsExamined }
    }

    /// The pairs that exceed their sum by most come first, then the costlier, then by entities.
    ///
    /// The list ends where telling what falls with each has cost as much as the default budget of the search.
    public let pairs: [Pair]
    /// How many were found, listed or not.
    public let found: Int
    /// How much of the question was answered.
    public let coverage: Coverage
}

extension SimulationModel {
    /// The default budget of ``pairLosses(_:budget:)``: some seconds of work.
    public static let defaultPairBudget = 200_000_000

    /// Finds the pairs of entities whose joint loss costs more than the sum of their losses.
    ///
    /// - Parameters:
    ///   - options: both entities of a pair must pass the filters.
    ///   - budget: how many nodes and arcs may be looked at, beyond the runs of all single losses.
    /// - Returns: the worst pairs, and how many were looked at.
    /// - Complexity: that of the ranking, and O(`budget` + ``defaultPairBudget``).
    public func pairLosses(
        _ options: RankingOptions = RankingOptions(),
        budget: Int = SimulationModel.defaultPairBudget
    ) -> PairLosses {
        let included = topology.entities.map { options.includes($0, in: topology) }
        var search = PairSearch(planes, weights: options.weights, included: included, budget: budget)
        search.examine()
        let worst = search.worst(options.top)
        var explainer = PairExplainer(graph.network, planes.down)
        var pairs: [PairLosses.Pair] = []
        for pair in worst {
            guard explainer.work < Self.defaultPairBudget else { break }
            let (onlyTogether, brokenGroups) = explainer.explain(pair.first, pair.second)
            pairs.append(
                PairLosses.Pair(
                    entities: [EntityID(rawValue: pair.first), EntityID(rawValue: pair.second)],
                    cost: pair.cost,
                    beyondSum: pair.beyondSum,
                    onlyTogether: onlyTogether.map(EntityID.init(rawValue:)),
                    brokenGroups: brokenGroups.map(EntityID.init(rawValue:))
                )
            )
        }
        return PairLosses(pairs: pairs, found: search.foundCount, coverage: search.coverage)
    }
}
