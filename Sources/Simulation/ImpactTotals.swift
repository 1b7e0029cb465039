public import Topology

/// How many are affected, altogether and by kind, site and criticality.
public struct ImpactTotals: Sendable, Hashable {
    public struct Count: Sendable, Hashable {
        /// How many there are, affected or not.
        public var entities = 0
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

    public struct KindCount: Sendable, Hashable {
        public let kind: Kind
        public let count: Count
    }

    public struct SiteCount: Sendable, Hashable {
        /// Nil for entities that stand in no site.
        public let site: EntityID?
        public let count: Count
    }

    public struct CriticalityCount: Sendable, Hashable {
        public let criticality: Criticality
        public let count: Count
    }

    public let all: Count
    /// The kinds of which any are affected, by name.
    public let byKind: [KindCount]
    /// The sites in which any are affected, in order, no site last.
    public let bySite: [SiteCount]
    /// The criticalities of which any are affected, the highest first.
    public let byCriticality: [CriticalityCount]

    /// - Complexity: O(entities × depth of placement).
    init(_ topology: Topology, _ conditions: [(before: Condition, after: Condition)]) {
        var all = Count()
        var kinds = [Count](repeating: Count(), count: topology.kinds.count)
        var sites: [EntityID: Count] = [:]
        var nowhere = Count()
        var ranks = [Count](repeating: Count(), count: Criticality.allCases.count)
        for (entity, condition) in zip(topology.entities, conditions) {
            let kind = Int(topology.kindIndices[entity.index])
            let rank = topology.criticality(of: entity).rank
            let site = topology.site(of: entity)
            var place = site.map { sites[$0, default: Count()] } ?? nowhere
            all.entities += 1
            kinds[kind].entities += 1
            ranks[rank].entities += 1
            place.entities += 1
            if condition.before.effect != nil || condition.after.effect != nil {
                all.add(condition.before, condition.after)
                kinds[kind].add(condition.before, condition.after)
                ranks[rank].add(condition.before, condition.after)
                place.add(condition.before, condition.after)
            }
            if let site { sites[site] = place } else { nowhere = place }
        }
        self.all = all
        byKind = zip(topology.kinds, kinds).compactMap { $1.isAffected ? KindCount(kind: $0, count: $1) : nil }
        bySite =
            sites.sorted { $0.key < $1.key }
            .compactMap { $0.value.isAffected ? SiteCount(site: $0.key, count: $0.value) : nil }
            + (nowhere.isAffected ? [SiteCount(site: nil, count: nowhere)] : [])
        byCriticality = Criticality.allCases.sorted(by: >).compactMap {
            ranks[$0.rank].isAffected ? CriticalityCount(criticality: $0, count: ranks[$0.rank]) : nil
        }
    }
}
