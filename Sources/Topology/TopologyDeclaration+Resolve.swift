package import Diagnostics

extension TopologyDeclaration {
    /// Looks up every name, checks every group, and lays the platform out in flat arrays.
    ///
    /// All findings are returned, sorted by place. There is no topology when one of them is an error.
    ///
    /// - Complexity: O(n log n) for n entities and needs together.
    package func resolved() -> (topology: Topology?, diagnostics: [Diagnostic]) {
        var resolver = Resolver(declaration: self)
        let topology = resolver.resolve()
        let diagnostics = resolver.diagnostics.sortedByPlace()
        return (diagnostics.containsError ? nil : topology, diagnostics)
    }
}

private struct Resolver {
    var declaration: TopologyDeclaration
    var diagnostics: [Diagnostic] = []
    /// Declared entities in the order of their names; the index is the entity's number.
    var entities: [TopologyDeclaration.Entity] = []
    var numbers: [String: Int32] = [:]
    /// What each selector of `can_run_on` stands for, looked up once.
    private var selections: [String: [EntityID]] = [:]

    init(declaration: TopologyDeclaration) { self.declaration = declaration }

    mutating func resolve() -> Topology {
        collectEntities()
        let kinds = resolveKinds()
        var places: [Int32] = []
        var offsets: [Int32] = [0]
        var records: [Topology.RequirementRecord] = []
        var members: [Int32] = []
        var details: [Int32: EntityDetails] = [:]
        places.reserveCapacity(entities.count)
        offsets.reserveCapacity(entities.count + 1)
        for number in entities.indices {
            let entity = entities[number]
            var own: [Int32] = []
            func add(_ found: [Int32], minimum: Int, _ strength: Requirement.Strength) {
                records.append(
                    Topology.RequirementRecord(
                        firstMember: Int32(members.count),
                        memberCount: Int32(found.count),
                        minimum: Int32(minimum),
                        strength: strength
                    )
                )
                members += found
            }
            let place = entity.place.flatMap { lookUp($0, neededBy: entity, Int32(number)) }
            places.append(place ?? -1)
            if let place {
                own.append(place)
                add([place], minimum: 1, .hard)
            }
            for need in entity.needs {
                switch need {
                case .hard(let reference):
                    guard let found = lookUp(reference, neededBy: entity, Int32(number)), !own.contains(found) else {
                        continue
                    }
                    own.append(found)
                    add([found], minimum: 1, .hard)
                case .weak(let reference):
                    guard let found = lookUp(reference, neededBy: entity, Int32(number)) else { continue }
                    add([found], minimum: 1, .weak)
                case .group(let minimum, let references, let mark):
                    guard let found = resolveGroup(minimum, references, mark, of: entity, Int32(number)) else {
                        continue
                    }
                    add(found, minimum: minimum ?? 1, .hard)
                }
            }
            offsets.append(Int32(records.count))
            if entity.hasDetails { details[Int32(number)] = resolveDetails(of: entity, Int32(number)) }
        }
        return Topology(
            name: declaration.name,
            kinds: kinds.list,
            names: entities.map(\.name),
            kindIndices: kinds.indices,
            places: places,
            requirementOffsets: offsets,
            requirementRecords: records,
            members: members,
            details: details,
            locations: entities.map { declaration.location($0.mark) }
        )
    }

    // MARK: Entities

    private mutating func collectEntities() {
        var byName: [String: Int] = [:]
        var all: [TopologyDeclaration.Entity] = []
        all.reserveCapacity(declaration.entities.count)
        for entity in declaration.entities {
            guard check(entity) else { continue }
            if let first = byName[entity.name] {
                report(
                    "duplicate-entity",
                    "'\(entity.name)' is declared twice",
                    at: entity.mark,
                    notes: [.init("first declared here", at: declaration.location(all[first].mark))],
                    fix: "merge the two declarations into one, or rename one of them"
                )
                continue
            }
            byName[entity.name] = all.count
            all.append(entity)
        }
        for expansion in declaration.expansions {
            var matched = false
            for index in 0..<declaration.entities.count where index < all.count {
                let entity = all[index]
                guard let parts = EntityName(entity.name), parts.kind == expansion.kind,
                    expansion.tag.map(entity.tags.contains) ?? true
                else { continue }
                matched = true
                let made = expansion.template.expanded(for: entity.name, parts)
                guard check(made) else { continue }
                if let first = byName[made.name] {
                    all[first].absorb(made)
                } else {
                    byName[made.name] = all.count
                    all.append(made)
                }
            }
            if !matched {
                let selector = expansion.kind + (expansion.tag.map { "[\($0)]" } ?? "")
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "for-each-matches-nothing",
                        "no entity matches '\(selector)'",
                        at: declaration.location(expansion.template.mark)
                    )
                )
            }
        }
        entities = all.sorted { $0.name < $1.name }
        numbers.reserveCapacity(entities.count)
        for (number, entity) in entities.enumerated() { numbers[entity.name] = Int32(number) }
    }

    private mutating func check(_ entity: TopologyDeclaration.Entity) -> Bool {
        if EntityName(entity.name) != nil { return true }
        report(
            "invalid-entity-name",
            "'\(entity.name)' is not an entity name",
            at: entity.mark,
            fix: "write kind/name or kind/namespace/name, without white space"
        )
        return false
    }

    // MARK: References

    private mutating func lookUp(
        _ reference: TopologyDeclaration.Reference,
        neededBy entity: TopologyDeclaration.Entity,
        _ number: Int32
    ) -> Int32? {
        guard let found = find(reference) else { return nil }
        guard found != number else {
            report("self-dependency", "'\(entity.name)' needs itself", at: reference.mark, fix: "remove the line")
            return nil
        }
        return found
    }

    private mutating func find(_ reference: TopologyDeclaration.Reference) -> Int32? {
        if let found = numbers[reference.name] { return found }
        let nearest = nearestName(to: reference.name, among: entities.lazy.map(\.name))
        report(
            "unknown-entity",
            "unknown entity '\(reference.name)'",
            at: reference.mark,
            notes: nearest.flatMap { numbers[$0] }.map {
                [.init("'\(entities[Int($0)].name)' is declared here", at: location(of: $0))]
            } ?? [],
            fix: nearest.map { "did you mean '\($0)'?" } ?? "declare it under entities:"
        )
        return nil
    }

    private mutating func resolveGroup(
        _ minimum: Int?,
        _ references: [TopologyDeclaration.Reference],
        _ mark: TopologyDeclaration.Mark,
        of entity: TopologyDeclaration.Entity,
        _ number: Int32
    ) -> [Int32]? {
        guard !references.isEmpty else {
            report(
                "empty-group",
                "a redundancy group of '\(entity.name)' has no members",
                at: mark,
                fix: "list the members, or remove the group"
            )
            return nil
        }
        var found: [Int32] = []
        for reference in references {
            guard let member = lookUp(reference, neededBy: entity, number) else { continue }
            if found.contains(member) {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "duplicate-member",
                        "'\(reference.name)' is listed twice in this group",
                        at: declaration.location(reference.mark)
                    )
                )
            } else {
                found.append(member)
            }
        }
        if let minimum, !(1...references.count).contains(minimum) {
            report(
                "impossible-group",
                "at_least: \(minimum) can never be met by a group of \(references.count)",
                at: mark,
                fix: "write a number from 1 to \(references.count)"
            )
            return nil
        }
        if let minimum, minimum > found.count { return nil }
        return found.isEmpty ? nil : found
    }

    private mutating func resolveDetails(
        of entity: TopologyDeclaration.Entity,
        _ number: Int32
    ) -> EntityDetails {
        var details = EntityDetails()
        details.label = entity.label
        details.tags = entity.tags
        details.aliases = entity.aliases
        details.criticality = entity.criticality
        details.owner = entity.owner
        details.observers = entity.observers.compactMap { find($0).map(EntityID.init(rawValue:)) }
        details.canRunOn = resolvePlaces(of: entity, number)
        details.capacity = entity.capacity
        details.uses = entity.uses
        return details
    }

    /// The places where an entity can run, each once, in the order written; those of a selector by name.
    private mutating func resolvePlaces(of entity: TopologyDeclaration.Entity, _ number: Int32) -> [EntityID] {
        guard let first = entity.canRunOn.first else { return [] }
        if entity.place == nil {
            diagnostics.append(
                Diagnostic(
                    .warning,
                    "no-place",
                    "'\(entity.name)' says where it can run, and not where it does",
                    at: declaration.location(first.mark),
                    fix: "add on: with the place that it has now"
                )
            )
        }
        if entity.canRunOn.count == 1, !first.name.contains("/") { return select(first) }
        var seen: Set<EntityID> = []
        return entity.canRunOn.flatMap { reference in
            reference.name.contains("/")
                ? lookUp(reference, neededBy: entity, number).map { [EntityID(rawValue: $0)] } ?? [] : select(reference)
        }
        .filter { seen.insert($0).inserted }
    }

    /// The entities of a kind, or of a kind with a tag: `node`, `node[ssd]`.
    private mutating func select(_ reference: TopologyDeclaration.Reference) -> [EntityID] {
        if let known = selections[reference.name] { return known }
        let parts = reference.name.split(separator: "[", maxSplits: 1)
        let tag = parts.count == 2 && parts[1].last == "]" ? String(parts[1].dropLast()) : nil
        let prefix = "\(parts.first ?? "")/"
        let found = entities.indices.filter { index in
            entities[index].name.hasPrefix(prefix) && (tag.map(entities[index].tags.contains) ?? (parts.count == 1))
        }
        .map { EntityID($0) }
        selections[reference.name] = found
        if found.isEmpty {
            report(
                "can-run-nowhere",
                "no entity matches '\(reference.name)'",
                at: reference.mark,
                fix: "write the name of an entity, or kind or kind[tag] for all of a sort"
            )
        }
        return found
    }

    // MARK: Kinds

    private mutating func resolveKinds() -> (list: [Kind], indices: [Int32]) {
        var known: [String: Kind] = [:]
        for kind in Kind.builtIn { known[kind.name] = kind }
        for settings in declaration.kinds {
            let area = settings.area.map(Area.init(rawValue:))
            var kind = known[settings.name] ?? Kind(name: settings.name)
            kind.label = settings.label ?? kind.label
            kind.faultsPerYear = settings.faultsPerYear ?? kind.faultsPerYear
            kind.area = area ?? kind.area
            kind.criticality = settings.criticality ?? kind.criticality
            known[settings.name] = kind
        }
        let knownNames = known.keys.sorted()
        var used: Set<String> = []
        var kindNames: [String] = []
        kindNames.reserveCapacity(entities.count)
        for entity in entities {
            let kind = String(entity.name.prefix { $0 != "/" })
            kindNames.append(kind)
            guard used.insert(kind).inserted, known[kind] == nil else { continue }
            let nearest = nearestName(to: kind, among: knownNames)
            diagnostics.append(
                Diagnostic(
                    nearest == nil ? .warning : .error,
                    "unknown-kind",
                    "unknown kind '\(kind)' of '\(entity.name)'",
                    at: declaration.location(entity.mark),
                    fix: nearest.map { "did you mean '\($0)'? Otherwise declare it: kinds: {\(kind): {}}" }
                        ?? "declare it, to set how often it fails: kinds: {\(kind): {faults_per_year: 6}}"
                )
            )
            known[kind] = Kind(name: kind)
        }
        let list = used.sorted().compactMap { known[$0] }
        var indices: [String: Int32] = [:]
        for (index, kind) in list.enumerated() { indices[kind.name] = Int32(index) }
        return (list, kindNames.map { indices[$0] ?? 0 })
    }

    // MARK: Findings

    private func location(of number: Int32) -> SourceLocation {
        declaration.location(entities[Int(number)].mark)
    }

    private mutating func report(
        _ code: String,
        _ summary: String,
        at mark: TopologyDeclaration.Mark,
        notes: [Diagnostic.Note] = [],
        fix: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(.error, code, summary, at: declaration.location(mark), notes: notes, fix: fix)
        )
    }
}

extension TopologyDeclaration.Entity {
    /// The template with its holes filled from one entity's name.
    fileprivate func expanded(for id: String, _ parts: EntityName) -> Self {
        let values = [
            ("{id}", id), ("{kind}", String(parts.kind)), ("{namespace}", parts.namespace.map(String.init) ?? ""),
            ("{name}", String(parts.name)),
        ]
        func fill(_ text: String) -> String {
            guard text.contains("{") else { return text }
            var result = ""
            var rest = Substring(text)
            while let brace = rest.firstIndex(of: "{") {
                result += rest[..<brace]
                rest = rest[brace...]
                if let (hole, value) = values.first(where: { rest.hasPrefix($0.0) }) {
                    result += value
                    rest = rest.dropFirst(hole.count)
                } else {
                    result.append("{")
                    rest = rest.dropFirst()
                }
            }
            return result + rest
        }
        func fill(_ reference: TopologyDeclaration.Reference) -> TopologyDeclaration.Reference {
            .init(fill(reference.name), reference.mark)
        }
        var made = self
        made.name = fill(name)
        made.label = label.map(fill)
        made.place = place.map(fill)
        made.needs = needs.map { $0.mapReferences(fill) }
        made.observers = observers.map(fill)
        made.canRunOn = canRunOn.map(fill)
        made.aliases = aliases.map(fill)
        return made
    }
}
