internal import Alerts
internal import Topology

/// Which entities monitoring watches, so that their silence says something.
///
/// What a user's rule names is watched: the entity, or with a hole in the name all of its kind. A rule whose kind is a
/// hole, and the built-in rules, tell nothing of which kinds they cover; then a kind is taken as watched if such things
/// usually are, unless there are several of it and none has ever alerted.
struct Coverage {
    private let topology: Topology
    private var kinds: Set<String> = []
    private var single: Set<EntityID> = []
    private let coversAnyKind: Bool
    private var unheardKinds: Set<String> = []

    /// From how many things of a kind on their silence means that nobody watches them.
    private static let several = 5

    /// - Complexity: O(alerts + rules + entities).
    init(rows: [Analysis.LedgerRow], platform: Platform, alertedBefore: Set<EntityID>) {
        topology = platform.topology
        var heardKinds = Set(alertedBefore.map { platform.topology.kind(of: $0).name })
        for rule in platform.rules {
            if let name = rule.entity.constant {
                if let entity = topology.entity(named: name) { single.insert(entity) }
            } else if let kind = rule.entity.literalKind {
                kinds.insert(kind)
            }
        }
        for row in rows {
            guard let entity = row.match.entity else { continue }
            let kind = topology.kind(of: entity).name
            heardKinds.insert(kind)
            if case .builtIn = row.match.rule { kinds.insert(kind) }
        }
        coversAnyKind = platform.rules.contains { $0.entity.constant == nil && $0.entity.literalKind == nil }
        var sizes: [String: Int] = [:]
        for entity in topology.entities { sizes[topology.kind(of: entity).name, default: 0] += 1 }
        for (kind, size) in sizes where size >= Self.several && !heardKinds.contains(kind) { unheardKinds.insert(kind) }
    }

    func isMonitored(_ entity: EntityID) -> Bool {
        let kind = topology.kind(of: entity)
        if kinds.contains(kind.name) || single.contains(entity) { return true }
        return coversAnyKind && kind.isUsuallyWatched && !unheardKinds.contains(kind.name)
    }
}
