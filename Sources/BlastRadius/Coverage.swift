internal import Alerts
internal import Topology

/// Which entities monitoring watches, so that their silence says something.
///
/// What a user's rule names is watched: the entity, or with a hole in the name all of its kind. A rule whose kind is a
/// hole, and the built-in rules, tell nothing of which kinds they cover; then a kind is taken as watched if such things
/// usually are, unless there are several of it and none has ever alerted.
struct Coverage {
    private let topology: Topology
    /// By the number of the kind.
    private let isMonitoredKind: [Bool]
    private var single: Set<EntityID> = []

    /// From how many things of a kind on their silence means that nobody watches them.
    private static let several = 5

    /// - Complexity: O(alerts + rules + entities).
    init(rows: [Analysis.LedgerRow], platform: Platform, alertedBefore: Set<EntityID>) {
        topology = platform.topology
        let indices = topology.kindIndices
        var named: Set<String> = []
        for rule in platform.rules {
            if let name = rule.entity.constant {
                if let entity = topology.entity(named: name) { single.insert(entity) }
            } else if let kind = rule.entity.literalKind {
                named.insert(kind)
            }
        }
        var isCovered = topology.kinds.map { named.contains($0.name) }
        var isHeard = Array(repeating: false, count: topology.kinds.count)
        for entity in alertedBefore { isHeard[Int(indices[entity.index])] = true }
        for row in rows {
            guard let entity = row.match.entity else { continue }
            let kind = Int(indices[entity.index])
            isHeard[kind] = true
            if case .builtIn = row.match.rule { isCovered[kind] = true }
        }
        var sizes = Array(repeating: 0, count: topology.kinds.count)
        for kind in indices { sizes[Int(kind)] += 1 }
        let coversAnyKind = platform.rules.contains { $0.entity.constant == nil && $0.entity.literalKind == nil }
        isMonitoredKind = topology.kinds.enumerated().map { index, kind in
            isCovered[index]
                || coversAnyKind && kind.isUsuallyWatched && (sizes[index] < Self.several || isHeard[index])
        }
    }

    /// Whether all entities of a kind, by its number, are watched.
    func isMonitored(kind: Int) -> Bool { isMonitoredKind[kind] }

    func isMonitored(_ entity: EntityID) -> Bool {
        isMonitoredKind[Int(topology.kindIndices[entity.index])] || single.contains(entity)
    }
}
