import Topology

/// Finds entities by parts of their names, as alerts mention them.
struct EntityDirectory: Sendable {
    /// What a search found.
    enum Result {
        case found(EntityID)
        case ambiguous([EntityID])
        case nothing

        init(_ entities: [EntityID]) {
            switch entities.count {
            case 0: self = .nothing
            case 1: self = .found(entities[0])
            default: self = .ambiguous(entities)
            }
        }
    }

    let topology: Topology

    init(_ topology: Topology) { self.topology = topology }

    /// The entity of this kind and name: in the namespace, or else in none; in any when no namespace is given.
    ///
    /// - Complexity: O(entities of that name).
    func find(kind: String, namespace: String?, name: String) -> Result {
        choose(
            from: topology.entities(withLastPart: name).filter { topology.kind(of: $0).name == kind },
            namespace: namespace
        )
    }

    /// As ``find(kind:namespace:name:)``, whatever the kind.
    func findAnyKind(namespace: String?, name: String) -> Result {
        choose(from: topology.entities(withLastPart: name), namespace: namespace)
    }

    /// The entity with this other name, of this kind if one is given.
    func find(alias: String, kind: String? = nil) -> Result {
        let aliased = topology.entities(aliased: alias)
        guard let kind else { return Result(aliased) }
        return Result(aliased.filter { topology.kind(of: $0).name == kind })
    }

    private func choose(from entities: [EntityID], namespace: String?) -> Result {
        guard !entities.isEmpty else { return .nothing }
        let own = entities.filter { entity in
            self.namespace(of: entity).map { Optional($0) == namespace.map { $0[...] } } ?? (namespace == nil)
        }
        if !own.isEmpty { return Result(own) }
        if namespace == nil { return Result(entities) }
        return Result(entities.filter { self.namespace(of: $0) == nil })
    }

    private func namespace(of entity: EntityID) -> Substring? { EntityName(topology.name(of: entity))?.namespace }
}
