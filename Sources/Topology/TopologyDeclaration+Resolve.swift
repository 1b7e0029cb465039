package import Diagnostics

extension TopologyDeclaration {
    /// Looks up every name, checks every group, and lays the platform out in flat arrays.
    ///
    /// All findings are returned, sorted by place. There is no topology when one of them is an error.
    ///
    /// - Complexity: O(n log n) for n entities and needs together.
    package consuming func resolved() -> (topology: Topology?, diagnostics: [Diagnostic]) {
        let (topology, diagnostics) = examined()
        return (diagnostics.containsError ? nil : topology, diagnostics)
    }

    /// As ``resolved()``, with a topology of what is right where a finding is an error: to find what else is wrong, and
    /// for nothing more.
    ///
    /// - Complexity: As ``resolved()``.
    package consuming func examined() -> (topology: Topology, diagnostics: [Diagnostic]) {
        var resolver = Resolver(declaration: self)
        let topology = resolver.resolve()
        return (topology, resolver.diagnostics.sortedByPlace())
    }
}

private struct Resolver {
    var declaration: TopologyDeclaration
    var diagnostics: [Diagnostic] = []
    /// Declared entities, as the files and then `for_each` give them.
    var entities: [TopologyDeclaration.Entity] = []
    /// Where each name is in `entities`; empty for as long as nobody asks.
    private var indices: [String: Int32] = [:]
    /// The indices of the entities in the order of their names; the place in it is the entity's number.
    var order: [Int32] = []
    /// The number of the entity at each index.
    var numbers: [Int32] = []
    var names = TextTable([])
    /// For each file, the number of the entity that each of its reader's symbols stands for; -1 for what is not looked up
    /// yet.
    private var numbersOfSymbols: [[Int32]] = []
    /// What each selector of `can_run_on` stands for, looked up once.
    private var selections: [String: [EntityID]] = [:]
    /// The last need list in which each entity was seen.
    private var seen: [Int] = []
    private var lists = 0
    private var nearestNames = NearestNames()
    /// How many more bytes the entities that `for_each` makes may take.
    private var room = Self.largestExpansion

    /// What `for_each` makes of a file may be larger than the file, but not without end: as many bytes as six million
    /// needs take.
    private static let largestExpansion = 256 << 20

    init(declaration: TopologyDeclaration) {
        self.declaration = declaration
        numbersOfSymbols = Array(repeating: [], count: declaration.symbols.count)
    }

    mutating func resolve() -> Topology {
        collectEntities()
        sortEntities()
        let kinds = resolveKinds()
        var columns = Columns(entityCount: entities.count)
        for number in 0..<Int32(entities.count) {
            let index = Int(order[Int(number)])
            resolveNeeds(of: index, number, &columns)
            if entities[index].hasDetails {
                columns.details[number] = resolveDetails(of: entities[index], number)
            }
        }
        return Topology(
            name: declaration.name,
            kinds: kinds.list,
            names: names,
            kindIndices: kinds.indices,
            places: columns.places,
            requirementOffsets: columns.offsets,
            requirementRecords: columns.records,
            members: columns.members,
            details: DetailTable(entityCount: entities.count, details: columns.details),
            aliases: AliasTable(columns.details),
            files: declaration.files,
            marks: order.map { entities[Int($0)].mark }
        )
    }

    /// What is said of the entities, in the order of their numbers.
    private struct Columns {
        var places: [Int32] = []
        var offsets: [Int32] = [0]
        var records: [Topology.RequirementRecord] = []
        var members: [Int32] = []
        var details: [Int32: EntityDetails] = [:]

        init(entityCount: Int) {
            places.reserveCapacity(entityCount)
            offsets.reserveCapacity(entityCount + 1)
        }

        /// Adds a need of the last entity; a minimum of 0 stands for a weak one.
        mutating func add(_ found: some Collection<Int32>, minimum: Int) {
            records.append(
                Topology.RequirementRecord(
                    firstMember: Int32(members.count),
                    memberCount: Int32(found.count),
                    minimum: Int32(minimum)
                )
            )
            members += found
        }
    }

    private mutating func resolveNeeds(of index: Int, _ number: Int32, _ columns: inout Columns) {
        lists += 1
        let own = lists
        let place = entities[index].place.flatMap { lookUp($0, neededBy: number) }
        columns.places.append(place ?? -1)
        if let place {
            seen[Int(place)] = own
            columns.add(CollectionOfOne(place), minimum: 1)
        }
        for need in entities[index].needs {
            switch need {
            case .hard(let reference):
                guard let found = lookUp(reference, neededBy: number), seen[Int(found)] != own else { continue }
                seen[Int(found)] = own
                columns.add(CollectionOfOne(found), minimum: 1)
            case .weak(let reference):
                guard let found = lookUp(reference, neededBy: number) else { continue }
                columns.add(CollectionOfOne(found), minimum: 0)
            case .group(let minimum, let references, let mark):
                guard let found = resolveGroup(minimum, references, mark, number) else { continue }
                // The list of plain needs goes on: what the group has seen is not in it.
                columns.add(found, minimum: minimum ?? 1)
            }
        }
        columns.offsets.append(Int32(columns.records.count))
    }

    // MARK: Entities

    private mutating func collectEntities() {
        let declaredCount = declaration.entities.count
        var all: [TopologyDeclaration.Entity] = []
        swap(&all, &declaration.entities)
        if !all.indices.allSatisfy({ EntityName.isValid(all[$0].name) }) { all = all.filter { check($0) } }
        // One reader that numbers names has seen to it that each is declared once.
        let isNumbered = declaration.files.count == 1 && all.indices.allSatisfy { all[$0].mention >= 0 }
        if !isNumbered { all = removingRepetitions(all) }
        if !declaration.expansions.isEmpty { index(all) }
        for expansion in declaration.expansions { expand(expansion, declaredCount, &all) }
        entities = all
    }

    private mutating func index(_ all: [TopologyDeclaration.Entity]) {
        guard indices.isEmpty else { return }
        indices.reserveCapacity(all.count)
        for (index, entity) in all.enumerated() { indices[entity.name] = Int32(index) }
    }

    /// The entities without those whose name was declared before, which it reports.
    private mutating func removingRepetitions(_ all: [TopologyDeclaration.Entity]) -> [TopologyDeclaration.Entity] {
        indices.reserveCapacity(all.count)
        var kept = all
        var repeated: [Int] = []
        for index in all.indices {
            if let first = indices[all[index].name] {
                repeated.append(index)
                report(
                    "duplicate-entity",
                    "'\(all[index].name)' is declared twice",
                    at: all[index].mark,
                    notes: [.init("first declared here", at: declaration.location(kept[Int(first)].mark))],
                    fix: "merge the two declarations into one, or rename one of them"
                )
            } else {
                kept[index - repeated.count] = all[index]
                indices[all[index].name] = Int32(index - repeated.count)
            }
        }
        kept.removeLast(repeated.count)
        return kept
    }

    /// Adds one more entity for each that matches, of those that the files declare.
    private mutating func expand(
        _ expansion: TopologyDeclaration.Expansion,
        _ declaredCount: Int,
        _ all: inout [TopologyDeclaration.Entity]
    ) {
        func parts(_ entity: TopologyDeclaration.Entity) -> EntityName? {
            guard let parts = EntityName(entity.name), parts.kind == expansion.kind else { return nil }
            return expansion.tag.map(entity.tags.contains) ?? true ? parts : nil
        }
        let (size, holes) = expansion.template.size
        for entity in all.prefix(declaredCount) where parts(entity) != nil {
            room -= size + holes * entity.name.utf8.count
        }
        guard room >= 0 else {
            return report(
                "large-expansion",
                "the entities that this makes, with all that they need, are too many",
                at: expansion.template.mark,
                fix: "let what it makes need one entity, and that the others"
            )
        }
        var matched = false
        for index in 0..<declaredCount where index < all.count {
            guard let parts = parts(all[index]) else { continue }
            matched = true
            let made = expansion.template.expanded(for: all[index].name, parts)
            guard check(made) else { continue }
            if let first = indices[made.name] {
                all[Int(first)].absorb(made)
            } else {
                indices[made.name] = Int32(all.count)
                all.append(made)
            }
        }
        guard !matched else { return }
        let selector = expansion.kind + (expansion.tag.map { "[\($0)]" } ?? "")
        diagnostics.append(
            Diagnostic(
                .warning,
                "for-each-matches-nothing",
                "no entity matches '\(selector)'",
                at: declaration.location(expansion.template.mark),
                fix: "give an entity this kind\(expansion.tag == nil ? "" : " and tag"), or remove the entry"
            )
        )
    }

    private mutating func sortEntities() {
        let texts = TextTable(count: entities.count) { entities[$0].name }
        if texts.isASCII {
            let (starts, ends) = (Array(texts.offsets.dropLast()), Array(texts.offsets.dropFirst()))
            order = ByteOrder.sorted(texts.bytes, starts: starts, ends: ends)
        } else {
            order = (0..<Int32(entities.count)).sorted { entities[Int($0)].name < entities[Int($1)].name }
        }
        names = texts.permuted(order)
        numbers = Array(repeating: 0, count: entities.count)
        seen = Array(repeating: 0, count: entities.count)
        for (number, index) in order.enumerated() {
            numbers[Int(index)] = Int32(number)
            remember(Int32(number), as: entities[Int(index)].mention, in: entities[Int(index)].mark.file)
        }
    }

    /// The symbol of a mention of a name in a file; nil where the file's reader gave none.
    private func symbol(of mention: Int32, in file: Int) -> Int? {
        guard mention >= 0, file < declaration.symbols.count, mention < declaration.symbols[file].count else {
            return nil
        }
        return Int(declaration.symbols[file][Int(mention)])
    }

    /// Notes what a mention of a file's reader stands for, and with it all others of the same name.
    private mutating func remember(_ number: Int32, as mention: Int32, in file: Int32) {
        let file = Int(file)
        guard let symbol = symbol(of: mention, in: file) else { return }
        let missing = symbol + 1 - numbersOfSymbols[file].count
        if missing > 0 { numbersOfSymbols[file] += repeatElement(-1, count: max(missing, symbol)) }
        numbersOfSymbols[file][symbol] = number
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

    private mutating func lookUp(_ reference: TopologyDeclaration.Reference, neededBy number: Int32) -> Int32? {
        guard let found = find(reference) else { return nil }
        guard found != number else {
            let name = names[Int(number)]
            report("self-dependency", "'\(name)' needs itself", at: reference.mark, fix: "remove the line")
            return nil
        }
        return found
    }

    private mutating func find(_ reference: TopologyDeclaration.Reference) -> Int32? {
        let file = Int(reference.mark.file)
        if let symbol = symbol(of: reference.mention, in: file), symbol < numbersOfSymbols[file].count {
            let known = numbersOfSymbols[file][symbol]
            if known >= 0 { return known }
        }
        index(entities)
        if let index = indices[reference.name] {
            let found = numbers[Int(index)]
            remember(found, as: reference.mention, in: reference.mark.file)
            return found
        }
        let nearest = nearestNames.nearest(to: reference.name, among: entities.lazy.map(\.name))
        report(
            "unknown-entity",
            "unknown entity '\(reference.name)'",
            at: reference.mark,
            notes: nearest.flatMap { indices[$0] }.map { entities[Int($0)] }.map {
                [.init("'\($0.name)' is declared here", at: declaration.location($0.mark))]
            } ?? [],
            fix: nearest.map { "did you mean '\($0)'?" } ?? "declare it under entities:"
        )
        return nil
    }

    private mutating func resolveGroup(
        _ minimum: Int?,
        _ references: [TopologyDeclaration.Reference],
        _ mark: TopologyDeclaration.Mark,
        _ number: Int32
    ) -> [Int32]? {
        guard !references.isEmpty else {
            report(
                "empty-group",
                "a redundancy group of '\(names[Int(number)])' has no members",
                at: mark,
                fix: "list the members, or remove the group"
            )
            return nil
        }
        var found: [Int32] = []
        found.reserveCapacity(references.count)
        var isMember = references.count > 16 ? Set<Int32>() : nil
        for reference in references {
            guard let member = lookUp(reference, neededBy: number) else { continue }
            if isMember.map({ $0.contains(member) }) ?? found.contains(member) {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "duplicate-member",
                        "'\(reference.name)' is listed twice in this group",
                        at: declaration.location(reference.mark),
                        fix: "remove one of the two"
                    )
                )
            } else {
                found.append(member)
                isMember?.insert(member)
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
                ? lookUp(reference, neededBy: number).map { [EntityID(rawValue: $0)] } ?? [] : select(reference)
        }
        .filter { seen.insert($0).inserted }
    }

    /// The entities of a kind, or of a kind with a tag: `node`, `node[ssd]`.
    private mutating func select(_ reference: TopologyDeclaration.Reference) -> [EntityID] {
        if let known = selections[reference.name] { return known }
        let parts = reference.name.split(separator: "[", maxSplits: 1)
        let tag = parts.count == 2 && parts[1].last == "]" ? String(parts[1].dropLast()) : nil
        let prefix = "\(parts.first ?? "")/"
        let found = order.indices.filter { number in
            let entity = entities[Int(order[number])]
            return entity.name.hasPrefix(prefix) && (tag.map(entity.tags.contains) ?? (parts.count == 1))
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
        var list: [Kind] = []
        var numbers: [Int32] = []
        numbers.reserveCapacity(names.count)
        for (number, index) in order.enumerated() {
            // Sorted by name, the entities of a kind stand together.
            let isSame = number > 0 && names.kind(of: number).elementsEqual(names.kind(of: number - 1))
            if !isSame {
                let kind = String(decoding: names.kind(of: number), as: UTF8.self)
                if known[kind] == nil { known[kind] = unknownKind(kind, of: entities[Int(index)], knownNames) }
                if let found = known[kind] { list.append(found) }
            }
            numbers.append(Int32(list.count - 1))
        }
        // 'ab-c/x' sorts before 'ab/x', and 'ab' before 'ab-c'.
        let sorted = list.indices.sorted { list[$0].name < list[$1].name }
        var places = [Int32](repeating: 0, count: list.count)
        for (place, old) in sorted.enumerated() { places[old] = Int32(place) }
        return (sorted.map { list[$0] }, numbers.map { places[Int($0)] })
    }

    /// Reports a kind that nobody declares, and makes one.
    private mutating func unknownKind(
        _ kind: String,
        of entity: TopologyDeclaration.Entity,
        _ knownNames: [String]
    ) -> Kind {
        let nearest = nearestNames.nearest(to: kind, among: knownNames)
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
        return Kind(name: kind)
    }

    // MARK: Findings

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

extension TextTable {
    /// The bytes of an entity's name before the first slash.
    fileprivate func kind(of position: Int) -> ArraySlice<UInt8> {
        bytes[range(of: position)].prefix { $0 != UInt8(ascii: "/") }
    }
}

extension TopologyDeclaration.Entity {
    /// How many bytes the template takes, and how many times at most a name is put into it.
    fileprivate var size: (bytes: Int, holes: Int) {
        var (size, holes) = (0, 0)
        func add(_ text: String) {
            size += MemoryLayout<TopologyDeclaration.Reference>.stride + text.utf8.count
            holes += text.utf8.count { $0 == UInt8(ascii: "{") }
        }
        add(name)
        self.label.map(add)
        for need in needs {
            switch need {
            case .hard(let reference), .weak(let reference): add(reference.name)
            case .group(_, let references, _): for reference in references { add(reference.name) }
            }
        }
        for reference in self.observers + self.canRunOn { add(reference.name) }
        for alias in self.aliases { add(alias) }
        return (size, holes)
    }

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
        made.label = self.label.map(fill)
        made.place = place.map(fill)
        made.needs = needs.map { $0.mapReferences(fill) }
        made.observers = self.observers.map(fill)
        made.canRunOn = self.canRunOn.map(fill)
        made.aliases = self.aliases.map(fill)
        return made
    }
}
