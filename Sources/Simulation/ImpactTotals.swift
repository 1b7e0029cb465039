public import Topology

/// How many are affected, altogether and by kind, site and criticality.
public struct ImpactTotals: Sendable, Hashable {
    /// How many of a group are affected, and how.
    public struct Count: Sendable, Hashable {
        /// How many there are, affected or not.
        public var entities = 0
        /// How many are down.
        public var down = 0
        /// Degraded and not down.
        public var degraded = 0
        /// Redundancy gone, and neither down nor degraded.
        public var reduced = 0
        /// Down now and not before.
        public var newlyDown = 0
        /// Down before and not now.
        public var recovered = 0

        /// Whether any are affected.
        public var isAffected: Bool { down + degraded + reduced + recovered > 0 }

        fileprivate mutating func add(_ before: Condition, _ after: Condition) {
            switch after.effect {
            case .down: down += 1
            case .degraded: degraded += 1
            case .reduced: reduced += 1
            case .starved, nil: break
            }
            if after.isDown && !before.isDown { newlyDown += 1 }
            if before.isDown && !after.isDown { recovered += 1 }
        }
    }

    /// The count of one kind.
    public struct KindCount: Sendable, Hashable {
        /// The kind.
        public let kind: Kind
        /// How many of them are affected.
        public let count: Count
    }

    /// The count of one site.
    public struct SiteCount: Sendable, Hashable {
        /// Nil for entities that stand in no site.
        public let site: EntityID?
        /// How many of them are affected.
        public let count: Count
    }

    /// The count of one criticality.
    public struct CriticalityCount: Sendable, Hashable {
        /// The criticality.
        public let criticality: Criticality
        /// How many of them are affected.
        public let count: Count
    }

    /// All entities of the platform.
    public let all: Count
    /// The kinds of which any are affected, by name.
    public let byKind: [KindCount]
    /// The sites in which any are affected, in order, no site last.
    public let bySite: [SiteCount]
    /// The criticalities of which any are affected, the highest first.
    public let byCriticality: [CriticalityCount]

    /// Counts the entities of a topology by their conditions before and after.
    ///
    /// - Parameters:
    ///   - topology: whose entities to count.
    ///   - ranks: the rank of each entity's criticality.
    ///   - before: what was the matter with each.
    ///   - after: what is the matter with each.
    /// - Complexity: O(entities × depth of placement).
    init(_ topology: Topology, ranks: [UInt8], before: [Condition], after: [Condition]) {
        var all = Count()
        var kinds = [Count](repeating: Count(), count: topology.kinds.count)
        // By the number of the site; the last stands for no site.
        var sites = [Count](repeating: Count(), count: topology.entityCount + 1)
        var criticalities = [Count](repeating: Count(), count: Criticality.allCases.count)
        let siteKind = topology.kinds.firstIndex { $0.name == "site" }.map { Int32($0) }
        for index in 0..<topology.entityCount {
            let kind = Int(topology.kindIndices[index])
            let site = siteKind.flatMap { topology.site(of: Int32(index), kind: $0) } ?? topology.entityCount
            let rank = Int(ranks[index])
            all.entities += 1
            kinds[kind].entities += 1
            sites[site].entities += 1
            criticalities[rank].entities += 1
            let (then, now) = (before[index], after[index])
            guard then.effect != nil || now.effect != nil else { continue }
            all.add(then, now)
            kinds[kind].add(then, now)
            sites[site].add(then, now)
            criticalities[rank].add(then, now)
        }
        self.all = all
        byKind = zip(topology.kinds, kinds).compactMap { $1.isAffected ? KindCount(kind: $0, count: $1) : nil }
        bySite = sites.indices.compactMap { index in
            guard sites[index].isAffected else { return nil }
            return SiteCount(site: index < topology.entityCount ? EntityID(index) : nil, count: sites[index])
        }
        byCriticality = Criticality.allCases.sorted(by: >).compactMap {
            let count = criticalities[$0.rank]
            return count.isAffected ? CriticalityCount(criticality: $0, count: count) : nil
        }
    }
}

extension Topology {
    /// The same as ``site(of:)`` without looking at names: the number of the site.
    fileprivate func site(of entity: Int32, kind: Int32) -> Int? {
        var found: Int?
        var current = entity
        var steps = 0
        while current >= 0, steps < 64 {
            if kindIndices[Int(current)] == kind { found = Int(current) }
            current = places[Int(current)]
            steps += 1
        }
        return found
    }
}
