public import Diagnostics
public import Topology

extension Platform {
    /// The entity that a person calls by this name: its full name, an alias, or its name without the kind, or without
    /// the kind and the namespace, where only one entity has it.
    ///
    /// - Throws: an `unknown-entity` or `ambiguous-entity` error with the nearest names.
    /// - Complexity: O(entities) for a name that is not a full one.
    public func entity(called name: String) throws(Diagnostic) -> EntityID { try topology.entity(called: name) }
}

extension Topology {
    /// The entity that a person calls by this name, as ``Platform/entity(called:)`` finds it.
    package func entity(called name: String) throws(Diagnostic) -> EntityID {
        if let entity = entity(named: name) { return entity }
        var found = entities(aliased: name)
        if found.isEmpty { found = entities.filter { shortNames(of: $0).contains { $0 == name } } }
        if let entity = found.first, found.count == 1 { return entity }
        guard found.isEmpty else {
            let names = found.map(self.name)
            let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            throw Diagnostic(
                .error,
                "ambiguous-entity",
                "several entities are called '\(name)': \(shown)",
                fix: "write the full name of one"
            )
        }
        throw Diagnostic(.error, "unknown-entity", "unknown entity '\(name)'", fix: suggestion(for: name))
    }

    private func shortNames(of entity: EntityID) -> [String] {
        let short = shortName(of: entity)
        return [short] + (short.lastIndex(of: "/").map { [String(short[short.index(after: $0)...])] } ?? [])
    }

    private func suggestion(for name: String) -> String {
        if let nearest = nearestName(to: name, among: entities.lazy.map(self.name)) {
            return "did you mean '\(nearest)'?"
        }
        if let nearest = nearestName(to: name, among: entities.lazy.flatMap(shortNames)),
            let entity = entities.first(where: { shortNames(of: $0).contains(nearest) })
        {
            return "did you mean '\(self.name(of: entity))'?"
        }
        guard let first = entities.first else { return "the topology declares no entities" }
        return "write kind/name as the topology does: '\(self.name(of: first))'"
    }
}
