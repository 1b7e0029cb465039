import Graphs
import Propagation
public import Topology

/// What to rank, and how.
public struct RankingOptions: Sendable, Hashable {
    /// What things cost.
    public var weights = LossWeights()
    /// Only losses of entities of these kinds; empty means all.
    public var kinds: Set<String> = []
    /// Only losses of entities that stand in this site.
    public var site: EntityID?
    /// How many to keep of the costliest losses, and of the entities that hang on most; nil keeps all.
    public var top: Int?
    /// How many names the lists of what goes down with what hold at most, for each side of ``Ranking``.
    ///
    /// The lists grow with the square of a platform; the numbers are always there.
    public var nameLimit = 10_000_000

    /// Ranks every loss with the default weights, unless told otherwise.
    public init(
        weights: LossWeights = LossWeights(),
        kinds: Set<String> = [],
        site: EntityID? = nil,
        top: Int? = nil
    ) {
        self.weights = weights
        self.kinds = kinds
        self.site = site
        self.top = top
    }

    /// Whether the loss of `entity` is to be ranked.
    ///
    /// - Complexity: O(depth of placement).
    func includes(_ entity: EntityID, in topology: Topology) -> Bool {
        if !kinds.isEmpty, !kinds.contains(topology.kind(of: entity).name) { return false }
        return site == nil || topology.site(of: entity) == site
    }
}

/// Every single loss by what it costs (N-1), exact.
public struct Ranking: Sendable, Hashable {
    /// The loss of one entity.
    public struct Loss: Sendable, Hashable {
        /// What is lost.
        public let entity: EntityID
        /// The weights of all that is down and, in part, of all that is degraded.
        public let cost: Double
        /// How many go down, the entity itself included.
        public let down: Int
        /// How many are degraded and not down.
        public let degraded: Int
    }

    /// An entity whose loss alone takes others down.
    public struct SinglePoint: Sendable, Hashable {
        /// The single point of failure.
        public let entity: EntityID
        /// What it takes down besides itself, in order.
        public let of: [EntityID]
    }

    /// An entity that single losses take down.
    public struct Dependent: Sendable, Hashable {
        /// What goes down.
        public let entity: EntityID
        /// Every loss that takes it down, of those that the filters let through, except its own; in order.
        public let on: [EntityID]
    }

    /// How many losses were ranked, listed or not.
    public let lossCount: Int
    /// How many of them take others down.
    public let singlePointCount: Int
    /// The costliest first, ties in the order of the entities.
    public let losses: [Loss]
    /// The entities of ``losses`` that take others down, in the same order; those beyond the limit of names are left
    /// out.
    public let singlePointsOfFailure: [SinglePoint]
    /// How many entities hang on single losses, listed or not.
    public let dependentCount: Int
    /// Those that hang on most single points of failure first, then the most critical, then in order; those beyond the
    /// limit of names are left out.
    public let dependents: [Dependent]
    /// The entities that need others and have no redundancy at all, in order; filtered like the losses, never cut.
    ///
    /// Everything that such an entity needs, directly or through others, is needed alone, so that each is a single
    /// point of failure of it.
    public let withoutRedundancy: [EntityID]
}

extension SimulationModel {
    /// Ranks the loss of every entity by what it costs.
    ///
    /// - Complexity: O(n log n + names listed) for n entities where what a loss takes down mostly hangs in chains, trees
    ///   or circles; O(sum of what each loss reaches, and of the arcs that leave it) at worst.
    public func ranking(_ options: RankingOptions = RankingOptions()) -> Ranking {
        let singles = SingleLosses(planes, weights: options.weights)
        var order = topology.entities.filter { options.includes($0, in: topology) }
        let included = order
        let singlePointCount = included.count { singles.down[$0.index] > 1 }
        order.sort {
            let (one, other) = (singles.cost[$0.index], singles.cost[$1.index])
            return one != other ? one > other : $0 < $1
        }
        if let top = options.top, top < order.count { order.removeLast(order.count - max(0, top)) }
        var run = LossRun(planes.down)
        let points = order.filter { singles.down[$0.index] > 1 }
            .fitting(options.nameLimit) { Int(singles.down[$0.index]) - 1 }
            .map { Ranking.SinglePoint(entity: $0, of: fallen(with: $0, &run)) }
        let (dependents, dependentCount) = dependents(on: included, options, LossForest(planes.down))
        let unprotected = vulnerableThroughout
        return Ranking(
            lossCount: included.count,
            singlePointCount: singlePointCount,
            losses: order.map {
                Ranking.Loss(
                    entity: $0,
                    cost: singles.cost[$0.index],
                    down: Int(singles.down[$0.index]),
                    degraded: Int(singles.degraded[$0.index])
                )
            },
            singlePointsOfFailure: points,
            dependentCount: dependentCount,
            dependents: dependents,
            withoutRedundancy: included.filter { unprotected[$0.index] }
        )
    }

    /// The entities whose loss alone brings `entity` down, besides itself, in order.
    ///
    /// - Complexity: that of a walk through all losses upstream of `entity`.
    public func singlePointsOfFailure(of entity: EntityID) -> [EntityID] {
        let cone = UpstreamCone(of: entity, in: graph)
        return LossForest.singleLosses(bringingDown: cone.target, in: LossNetwork(cone.network))
            .filter { $0 != cone.target }.map { cone.entities[Int($0)] }
    }

    /// The entities that hang on most of `losses`, in two walks: one counts, one collects for those that are kept.
    ///
    /// What a loss adds to the one above is down with all losses that hang under it, too.
    private func dependents(
        on losses: [EntityID],
        _ options: RankingOptions,
        _ forest: LossForest
    ) -> (listed: [Ranking.Dependent], count: Int) {
        var isLoss = [Bool](repeating: false, count: topology.entityCount)
        for loss in losses { isLoss[loss.index] = true }
        // The losses in the order of the forest, and how many of them come before each place in it.
        var ordered: [Int32] = []
        var before = [0]
        for vertex in forest.order {
            if isLoss[Int(vertex)] { ordered.append(vertex) }
            before.append(ordered.count)
        }
        // Each goes down with its own loss, which is not counted.
        var counts = isLoss.map { $0 ? -1 : 0 }
        var counting = LossWalk(planes.down, forest)
        while counting.advance() {
            let count = before[counting.extent.upperBound] - before[counting.extent.lowerBound]
            for node in counting.added where Int(node) < counts.count { counts[Int(node)] += count }
        }
        let ranks = planes.down.classes
        let all = topology.entities.filter { counts[$0.index] > 0 }.sorted {
            (counts[$1.index], ranks[$1.index], $0) < (counts[$0.index], ranks[$0.index], $1)
        }
        let order = all.prefix(max(0, options.top ?? .max)).fitting(options.nameLimit) { counts[$0.index] }
        var collected: [Int32: [Int32]] = [:]
        for entity in order { collected[entity.rawValue] = [] }
        var collecting = LossWalk(planes.down, forest)
        while collecting.advance() {
            let found = ordered[before[collecting.extent.lowerBound]..<before[collecting.extent.upperBound]]
            guard !found.isEmpty else { continue }
            for node in collecting.added { collected[node]? += found }
        }
        let listed = order.map { entity in
            let losses = (collected[entity.rawValue] ?? []).filter { $0 != entity.rawValue }.sorted()
            return Ranking.Dependent(entity: entity, on: losses.map(EntityID.init(rawValue:)))
        }
        return (listed, all.count)
    }

    private func fallen(with entity: EntityID, _ run: inout LossRun) -> [EntityID] {
        run.run(from: entity.rawValue)
        var fallen: [EntityID] = []
        run.forEachDown { if $0 != entity.rawValue { fallen.append(EntityID(rawValue: $0)) } }
        return fallen.sorted()
    }

    /// For each entity, whether it needs others and meets no redundancy upstream: what no gate reaches has none.
    private var vulnerableThroughout: [Bool] {
        let network = graph.network
        let gates = Int32(network.vertexCount)..<Int32(network.nodeCount)
        var result = topology.entities.map { !network.dependencies[$0.rawValue].isEmpty }
        for node in network.dependents.closure(of: gates) where Int(node) < result.count { result[Int(node)] = false }
        return result
    }
}

extension Collection {
    /// The first elements, as many as together are no larger than `limit`.
    fileprivate func fitting(_ limit: Int, _ size: (Element) -> Int) -> SubSequence {
        var left = limit
        return prefix { element in
            left -= size(element)
            return left >= 0
        }
    }
}
