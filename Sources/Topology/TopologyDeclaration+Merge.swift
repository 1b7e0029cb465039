package import Diagnostics

extension TopologyDeclaration {
    /// Adds what a later file says.
    ///
    /// Needs, tags, aliases, observers and places to run are added; a place, label, criticality, owner, capacity, use
    /// or kind setting of the later file replaces the earlier one. A place that changes is a warning, for it moves the
    /// entity.
    ///
    /// - Complexity: O(entities of both).
    package mutating func merge(_ later: TopologyDeclaration) -> [Diagnostic] {
        if files.isEmpty, entities.isEmpty {
            self = later
            return []
        }
        var diagnostics: [Diagnostic] = []
        let shift = Int32(files.count)
        symbols += Array(repeating: [], count: max(0, files.count - symbols.count)) + later.symbols
        files += later.files
        name = later.name ?? name
        kinds += later.kinds.map { settings in
            var settings = settings
            settings.mark.file += shift
            return settings
        }
        expansions += later.expansions.map { expansion in
            var expansion = expansion
            expansion.template.shiftFiles(by: shift)
            return expansion
        }
        var indices: [String: Int] = [:]
        for (index, entity) in entities.enumerated() { indices[entity.name] = index }
        for var entity in later.entities {
            entity.shiftFiles(by: shift)
            guard let index = indices[entity.name] else {
                indices[entity.name] = entities.count
                entities.append(entity)
                continue
            }
            if let old = entities[index].place, let new = entity.place, old.name != new.name {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "conflicting-place",
                        "'\(entity.name)' is placed on '\(new.name)' here and on '\(old.name)' in an earlier file; "
                            + "the later file wins",
                        at: location(new.mark),
                        notes: [.init("first placed here", at: location(old.mark))]
                    )
                )
            }
            entities[index].absorb(entity)
        }
        return diagnostics
    }
}

extension TopologyDeclaration.Entity {
    mutating func absorb(_ later: Self) {
        place = later.place ?? place
        needs += later.needs
        guard later.hasDetails else { return }
        self.label = later.label ?? self.label
        self.tags += later.tags
        self.aliases += later.aliases
        self.criticality = later.criticality ?? self.criticality
        self.owner = later.owner ?? self.owner
        self.observers += later.observers
        self.canRunOn += later.canRunOn
        self.capacity = later.capacity ?? self.capacity
        self.uses = later.uses ?? self.uses
    }

    mutating func shiftFiles(by shift: Int32) {
        mark.file += shift
        place?.mark.file += shift
        if hasDetails {
            for index in self.observers.indices { self.observers[index].mark.file += shift }
            for index in self.canRunOn.indices { self.canRunOn[index].mark.file += shift }
        }
        needs = needs.map { need in
            need.mapReferences { reference in
                var reference = reference
                reference.mark.file += shift
                return reference
            }
        }
    }
}

extension TopologyDeclaration.Need {
    func mapReferences(
        _ transform: (TopologyDeclaration.Reference) -> TopologyDeclaration.Reference
    ) -> Self {
        switch self {
        case .hard(let reference): .hard(transform(reference))
        case .weak(let reference): .weak(transform(reference))
        case .group(let minimum, let references, let mark):
            .group(
                minimum: minimum,
                of: references.map(transform),
                mark: transform(TopologyDeclaration.Reference("", mark)).mark
            )
        }
    }
}
