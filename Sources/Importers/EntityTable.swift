internal import Diagnostics
internal import Topology

/// Collects what an importer finds, in any order, and makes one declaration of it.
///
/// Whatever is named becomes an entity, so that no need is lost because an input is only a part of the whole.
struct EntityTable {
    typealias Reference = TopologyDeclaration.Reference

    /// What one entity needs; each member list is sorted when the declaration is made.
    private struct Draft {
        var place: String?
        var hard: Set<String> = []
        var weak: Set<String> = []
        var groups: [(minimum: Int?, members: Set<String>)] = []
        var label: String?
        var owner: String?
        var tags: Set<String> = []
        var canRunOn: [String] = []
        var capacity: Double?
        var uses: Double?
        var location: SourceLocation
    }

    private var drafts: [String: Draft] = [:]
    /// Who wants to be known by a name, with the rank of the claim: a lower one wins.
    private var claims: [String: [(entity: String, rank: Int)]] = [:]

    private var rates: [String: Double] = [:]

    /// The names of all entities, in no order.
    var names: some Collection<String> { drafts.keys }

    func contains(_ name: String) -> Bool { drafts[name] != nil }

    /// Where an entity was mentioned first.
    func location(of name: String) -> SourceLocation? { drafts[name]?.location }

    /// Makes sure that an entity is there.
    ///
    /// The location of the first mention stays.
    mutating func declare(_ name: String, at location: SourceLocation) {
        if drafts[name] == nil { drafts[name] = Draft(location: location) }
    }

    mutating func place(_ name: String, on place: String, at location: SourceLocation) {
        declare(place, at: location)
        change(name, at: location) { $0.place = place }
    }

    mutating func need(_ name: String, _ needed: String, isWeak: Bool = false, at location: SourceLocation) {
        guard needed != name else { return }
        declare(needed, at: location)
        change(name, at: location) { draft in
            if isWeak { draft.weak.insert(needed) } else { draft.hard.insert(needed) }
        }
    }

    /// Needs `minimum` of the members, or any one of them; a single member is simply needed.
    mutating func need(_ name: String, minimum: Int?, of members: some Collection<String>, at location: SourceLocation)
    {
        let members = Set(members.filter { $0 != name })
        if members.count == 1, let only = members.first { return need(name, only, at: location) }
        guard !members.isEmpty else { return }
        for member in members { declare(member, at: location) }
        let minimum = minimum.flatMap { $0 > 1 ? min($0, members.count) : nil }
        change(name, at: location) { $0.groups.append((minimum, members)) }
    }

    mutating func label(_ name: String, _ label: String, at location: SourceLocation) {
        change(name, at: location) { $0.label = label }
    }

    mutating func owner(_ name: String, _ owner: String, at location: SourceLocation) {
        change(name, at: location) { $0.owner = owner }
    }

    mutating func tag(_ name: String, _ tag: String, at location: SourceLocation) {
        change(name, at: location) { $0.tags.insert(tag) }
    }

    mutating func canRun(_ name: String, on places: [String], at location: SourceLocation) {
        change(name, at: location) { $0.canRunOn = places }
    }

    /// How much fits on it, in the unit of what those on it use.
    mutating func capacity(_ name: String, _ capacity: Double, at location: SourceLocation) {
        change(name, at: location) { $0.capacity = capacity }
    }

    /// How much of its place's capacity it takes.
    mutating func uses(_ name: String, _ uses: Double, at location: SourceLocation) {
        change(name, at: location) { $0.uses = uses }
    }

    /// How often one entity of a kind fails by itself, in faults a year.
    mutating func setRate(of kind: String, _ faultsPerYear: Double) { rates[kind] = faultsPerYear }

    /// Another name by which alerts may mention the entity.
    ///
    /// A name that several claim goes to the one with the lowest rank; when several have that rank it goes to none, for
    /// it tells nothing.
    mutating func alias(_ alias: String, of name: String, rank: Int) {
        guard !alias.isEmpty else { return }
        if claims[alias]?.contains(where: { $0.entity == name }) != true {
            claims[alias, default: []].append((name, rank))
        }
    }

    /// The entity that has the best claim to another name, if there is one alone.
    func entity(aliased alias: String) -> String? {
        guard let claims = claims[alias], let best = claims.map(\.rank).min() else { return nil }
        let winners = claims.filter { $0.rank == best }
        return winners.count == 1 ? winners[0].entity : nil
    }

    private mutating func change(_ name: String, at location: SourceLocation, _ body: (inout Draft) -> Void) {
        declare(name, at: location)
        body(&drafts[name, default: Draft(location: location)])
    }

    // MARK: The declaration

    /// The entities by name, with the kinds that are not built in; and what had to be left out.
    ///
    /// - Complexity: O(n log n).
    func declaration() -> (declaration: TopologyDeclaration, diagnostics: [Diagnostic]) {
        var declaration = TopologyDeclaration()
        var diagnostics: [Diagnostic] = []
        let aliases = aliasesByEntity()
        var files: [String: Int32] = [:]
        for name in drafts.keys.sorted() {
            guard let draft = drafts[name] else { continue }
            guard isValid(name) else {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "invalid-name",
                        "'\(name.prefix(200))' cannot be an entity's name; it is left out, and so is every need of it",
                        at: draft.location
                    )
                )
                continue
            }
            let file = files[draft.location.file] ?? Int32(declaration.files.count)
            if files.updateValue(file, forKey: draft.location.file) == nil {
                declaration.files.append(draft.location.file)
            }
            let mark = TopologyDeclaration.Mark(
                file: file,
                line: draft.location.line ?? 0,
                column: draft.location.column ?? 0
            )
            declaration.entities.append(entity(name, draft, aliases[name] ?? [], mark))
        }
        let builtIn = Set(Kind.builtIn.map(\.name))
        let kinds = Set(declaration.entities.map { String($0.name.prefix { $0 != "/" }) })
        declaration.kinds = kinds.filter { !builtIn.contains($0) || rates[$0] != nil }.sorted().map { kind in
            var settings = TopologyDeclaration.KindSettings(name: kind, mark: .init())
            settings.faultsPerYear = rates[kind]
            return settings
        }
        return (declaration, diagnostics)
    }

    private func entity(
        _ name: String,
        _ draft: Draft,
        _ aliases: [String],
        _ mark: TopologyDeclaration.Mark
    ) -> TopologyDeclaration.Entity {
        func references(_ names: some Sequence<String>) -> [Reference] {
            names.filter(isValid).sorted().map { Reference($0, mark) }
        }
        var entity = TopologyDeclaration.Entity(name: name, mark: mark)
        entity.place = draft.place.flatMap { isValid($0) ? Reference($0, mark) : nil }
        let hard = draft.hard.filter { $0 != draft.place }
        entity.needs = references(hard).map(TopologyDeclaration.Need.hard)
        let groups = draft.groups.map { (minimum: $0.minimum, members: references($0.members)) }
            .filter { !$0.members.isEmpty }
            .sorted { $0.members.map(\.name).lexicographicallyPrecedes($1.members.map(\.name)) }
        entity.needs += groups.map { group in
            .group(minimum: group.minimum.map { min($0, group.members.count) }, of: group.members, mark: mark)
        }
        entity.needs += references(draft.weak.subtracting(hard)).map(TopologyDeclaration.Need.weak)
        entity.label = draft.label
        entity.owner = draft.owner
        entity.tags = draft.tags.sorted()
        entity.aliases = aliases
        entity.canRunOn = draft.canRunOn.map { Reference($0, mark) }
        entity.capacity = draft.capacity
        entity.uses = draft.uses
        return entity
    }

    private func isValid(_ name: String) -> Bool { EntityName(name) != nil && name.utf8.count <= 1_000 }

    private func aliasesByEntity() -> [String: [String]] {
        var aliases: [String: [String]] = [:]
        for alias in claims.keys {
            if let entity = entity(aliased: alias) { aliases[entity, default: []].append(alias) }
        }
        return aliases.mapValues { $0.sorted() }
    }
}
