public import Diagnostics
public import Topology

/// Whom a person means by a name.
enum NamedEntity {
    case one(EntityID)
    case several([EntityID])
    case none

    /// The only one; nil where there is none, or a choice.
    var entity: EntityID? { if case .one(let entity) = self { entity } else { nil } }
}

extension Platform {
    /// The entity that a person calls by this name: its full name, an alias, or its name without the kind, or without
    /// the kind and the namespace, where only one entity has it.
    ///
    /// - Throws: an `unknown-entity` or `ambiguous-entity` error with the nearest names.
    /// - Complexity: O(log entities), and O(entities) for a name that none has.
    public func entity(called name: String) throws(Diagnostic) -> EntityID { try topology.entity(called: name) }
}

extension Topology {
    /// The entity that a person calls by this name, as ``Platform/entity(called:)`` finds it.
    package func entity(called name: String) throws(Diagnostic) -> EntityID {
        let named = entities(called: name)
        if let entity = named.entity { return entity }
        var nearestNames = NearestNames()
        throw finding(of: named, called: name, at: nil, &nearestNames)
    }

    /// The entities that a person may mean by this name.
    ///
    /// - Complexity: O(log entities + entities of that last part).
    func entities(called name: String) -> NamedEntity {
        if let entity = entity(named: name) { return .one(entity) }
        var found = entities(aliased: name)
        if found.isEmpty {
            let last = name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
            found = entities(withLastPart: last).filter { shortNames(of: $0).contains(name) }
        }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .one(first) : .several(found)
    }

    /// What is wrong with a name that does not stand for one entity.
    ///
    /// - Complexity: O(entities) for as long as nearest names are looked for.
    func finding(
        of named: NamedEntity,
        called name: String,
        at location: SourceLocation?,
        _ nearestNames: inout NearestNames
    ) -> Diagnostic {
        if case .several(let found) = named {
            let names = found.map(self.name)
            let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            return Diagnostic(
                .error,
                "ambiguous-entity",
                "several entities are called '\(name)': \(shown)",
                at: location,
                fix: "write the full name of one"
            )
        }
        return Diagnostic(
            .error,
            "unknown-entity",
            "unknown entity '\(name)'",
            at: location,
            fix: suggestion(for: name, &nearestNames)
        )
    }

    private func shortNames(of entity: EntityID) -> [String] {
        let short = shortName(of: entity)
        return [short] + (short.lastIndex(of: "/").map { [String(short[short.index(after: $0)...])] } ?? [])
    }

    private func suggestion(for name: String, _ nearestNames: inout NearestNames) -> String {
        if let nearest = nearestNames.nearest(to: name, among: entities.lazy.map(self.name)) {
            return "did you mean '\(nearest)'?"
        }
        if let nearest = nearestNames.nearest(to: name, among: entities.lazy.flatMap(shortNames)),
            let entity = entities.first(where: { shortNames(of: $0).contains(nearest) })
        {
            return "did you mean '\(self.name(of: entity))'?"
        }
        guard let first = entities.first else { return "the topology declares no entities" }
        return "write kind/name as the topology does: '\(self.name(of: first))'"
    }
}
