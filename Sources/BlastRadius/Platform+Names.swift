public import Diagnostics
public import Topology

extension Platform {
    /// The entity that a person calls by this name: its full name, an alias, or its name without the kind, or without
    /// the kind and the namespace, where only one entity has it.
    ///
    /// - Throws: an `unknown-entity` or `ambiguous-entity` error with the nearest names.
    /// - Complexity: O(entities) for a name that is not a full one.
    public func entity(called name: String) throws(Diagnostic) -> EntityID {
        if let entity = topology.entity(named: name) { return entity }
        var found = topology.entities(aliased: name)
        if found.isEmpty { found = topology.entities.filter { shortNames(of: $0).contains { $0 == name } } }
        if let entity = found.first, found.count == 1 { return entity }
        guard found.isEmpty else {
            let names = found.map(topology.name)
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
        let short = topology.shortName(of: entity)
        return [short] + (short.lastIndex(of: "/").map { [String(short[short.index(after: $0)...])] } ?? [])
    }

    private func suggestion(for name: String) -> String {
        if let nearest = nearestName(to: name, among: topology.entities.lazy.map(topology.name)) {
            return "did you mean '\(nearest)'?"
        }
        if let nearest = nearestName(to: name, among: topology.entities.lazy.flatMap(shortNames)),
            let entity = topology.entities.first(where: { shortNames(of: $0).contains(nearest) })
        {
            return "did you mean '\(topology.name(of: entity))'?"
        }
        guard let first = topology.entities.first else { return "the topology declares no entities" }
        return "write kind/name as the topology does: '\(topology.name(of: first))'"
    }
}
