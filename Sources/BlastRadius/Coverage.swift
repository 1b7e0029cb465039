internal import Alerts
internal import Topology

/// Which entities monitoring watches, so that their silence says something.
///
/// What a user's rule names is watched: the entity, or with a hole in the name all of its kind. A rule whose kind is a
/// hole, and the built-in rules, tell nothing of which kinds they cover; then a kind is taken as watched if such things
/// usually are, unless there are several of it and none has ever alerted. What only groups others has nothing to be watched,
/// unless a rule names it or its kind.
struct Coverage {
    private let topology: Topology
    /// By the number of the kind, whether a rule names it.
    private let isCoveredKind: [Bool]
    /// By the number of the kind.
    private let isMonitoredKind: [Bool]
    /// By the number of the kind, whether such things are usually watched and yet none has alerted in this incident.
    private let isUnheardKind: [Bool]
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
        var isHeardNow = Array(repeating: false, count: topology.kinds.count)
        for row in rows {
            guard let entity = row.match.entity else { continue }
            let kind = Int(indices[entity.index])
            isHeardNow[kind] = true
            if case .builtIn = row.match.rule { isCovered[kind] = true }
        }
        isCoveredKind = isCovered
        isUnheardKind = topology.kinds.enumerated().map { index, kind in
            !isHeardNow[index] && (isCovered[index] || kind.isUsuallyWatched)
        }
        var isHeard = isHeardNow
        for entity in alertedBefore { isHeard[Int(indices[entity.index])] = true }
        var sizes = Array(repeating: 0, count: topology.kinds.count)
        for kind in indices { sizes[Int(kind)] += 1 }
        let coversAnyKind = platform.rules.contains { $0.entity.constant == nil && $0.entity.literalKind == nil }
        isMonitoredKind = topology.kinds.enumerated().map { index, kind in
            isCovered[index]
                || coversAnyKind && kind.isUsuallyWatched && (sizes[index] < Self.several || isHeard[index])
        }
    }

    /// Whether the entity is of a kind that is usually watched, of which nothing has been heard in this incident.
    func isUnheard(_ entity: EntityID) -> Bool { isUnheardKind[kind(of: entity)] && !isOnlyGroup(entity) }

    /// Whether a kind, by its number, is usually watched but named by no rule, and nothing has been heard of it.
    func isUnheardUnnamed(kind: Int) -> Bool { isUnheardKind[kind] && !isCoveredKind[kind] }

    /// The numbers of the kinds of which every entity is watched.
    ///
    /// - Complexity: O(entities + needs).
    func watchedKinds() -> Set<Int> {
        var kinds = Set(topology.kinds.indices.filter { isMonitoredKind[$0] })
        for index in topology.kindIndices.indices where kinds.contains(Int(topology.kindIndices[index])) {
            if isOnlyGroup(EntityID(index)) { kinds.remove(Int(topology.kindIndices[index])) }
        }
        return kinds
    }

    func isMonitored(_ entity: EntityID) -> Bool {
        single.contains(entity) || isMonitoredKind[kind(of: entity)] && !isOnlyGroup(entity)
    }

    /// Whether a rule names the entity's kind, so that its alerts are known to come here.
    func isNamed(_ entity: EntityID) -> Bool { isCoveredKind[kind(of: entity)] }

    private func kind(of entity: EntityID) -> Int { Int(topology.kindIndices[entity.index]) }

    private func isOnlyGroup(_ entity: EntityID) -> Bool {
        !isCoveredKind[kind(of: entity)] && topology.isGroup(entity)
    }
}
