internal import Diagnostics
internal import Topology
internal import Yams

/// Reads the parts of topology.yaml that declare entities: `kinds`, `entities` and `for_each`.
struct EntityReader {
    static let entityKeys = [
        "on", "needs", "label", "tags", "aliases", "criticality", "owner", "observed_by", "can_run_on", "capacity",
        "uses",
    ]

    static func readKinds(_ node: Node, _ document: inout YAMLDocument) -> [TopologyDeclaration.KindSettings] {
        let known = ["label", "faults_per_year", "area", "criticality"]
        return document.entries(node, of: "kinds").map { entry in
            var settings = TopologyDeclaration.KindSettings(name: entry.key, mark: document.mark(entry.keyNode))
            for field in document.entries(entry.value, of: "kind '\(entry.key)'") {
                let what = "\(field.key) of kind '\(entry.key)'"
                switch field.key {
                case "label": settings.label = document.string(field.value, of: what)
                case "faults_per_year": settings.faultsPerYear = document.number(field.value, of: what)
                case "area": settings.area = document.string(field.value, of: what)
                case "criticality":
                    settings.criticality = document.word(field.value, of: what, as: Criticality.self)
                default: document.reportUnknown(field, in: "kind '\(entry.key)'", known: known)
                }
            }
            return settings
        }
    }

    static func readEntities(_ node: Node, _ document: inout YAMLDocument) -> [TopologyDeclaration.Entity] {
        let entries = document.entries(node, of: "entities")
        var entities: [TopologyDeclaration.Entity] = []
        entities.reserveCapacity(entries.count)
        for entry in entries {
            var entity = TopologyDeclaration.Entity(name: entry.key, mark: document.mark(entry.keyNode))
            for field in document.entries(entry.value, of: "'\(entry.key)'")
            where !read(field, into: &entity, &document) {
                document.reportUnknown(field, in: "'\(entry.key)'", known: entityKeys)
            }
            entities.append(entity)
        }
        return entities
    }

    static func readExpansions(_ node: Node, _ document: inout YAMLDocument) -> [TopologyDeclaration.Expansion] {
        document.items(node, of: "for_each").compactMap { item in
            var selector: (kind: String, tag: String?)?
            var template = TopologyDeclaration.Entity(name: "", mark: document.mark(item))
            for field in document.entries(item, of: "an entry of for_each") {
                switch field.key {
                case "match": selector = readSelector(field.value, &document)
                case "add":
                    template.name = document.string(field.value, of: "add") ?? ""
                    template.mark = document.mark(field.value)
                default:
                    guard !read(field, into: &template, &document) else { continue }
                    document.reportUnknown(field, in: "for_each", known: ["match", "add"] + entityKeys)
                }
            }
            guard let selector, !template.name.isEmpty else {
                document.report(
                    "incomplete-for-each",
                    "an entry of for_each needs 'match' and 'add'",
                    at: item,
                    fix: "for example: {match: 'host[nixos]', add: 'nixos-deploy/{name}', needs: ['{id}']}"
                )
                return nil
            }
            return TopologyDeclaration.Expansion(kind: selector.kind, tag: selector.tag, template: template)
        }
    }

    /// `kind` or `kind[tag]`.
    private static func readSelector(_ node: Node, _ document: inout YAMLDocument) -> (kind: String, tag: String?)? {
        guard let text = document.string(node, of: "match") else { return nil }
        guard let bracket = text.firstIndex(of: "[") else { return (text, nil) }
        guard text.last == "]" else {
            document.report("invalid-selector", "'\(text)' is not a selector", at: node, fix: "write kind[tag]")
            return nil
        }
        return (String(text[..<bracket]), String(text[text.index(after: bracket)...].dropLast()))
    }

    /// Reads one field of an entity.
    ///
    /// Returns false when the key is not one of an entity's.
    private static func read(
        _ field: YAMLDocument.Entry,
        into entity: inout TopologyDeclaration.Entity,
        _ document: inout YAMLDocument
    ) -> Bool {
        let what = entity.name.isEmpty ? field.key : "\(field.key) of '\(entity.name)'"
        switch field.key {
        case "on": entity.place = reference(field.value, of: what, &document)
        case "needs": entity.needs += readNeeds(field.value, of: what, &document)
        case "label": entity.label = document.string(field.value, of: what)
        case "tags": entity.tags += document.strings(field.value, of: what)
        case "aliases": entity.aliases += document.strings(field.value, of: what)
        case "criticality": entity.criticality = document.word(field.value, of: what, as: Criticality.self)
        case "owner": entity.owner = document.string(field.value, of: what)
        case "observed_by": entity.observers += references(field.value, of: what, &document)
        case "can_run_on": entity.canRunOn += references(field.value, of: what, &document)
        case "capacity": entity.capacity = document.number(field.value, of: what)
        case "uses": entity.uses = document.number(field.value, of: what)
        default: return false
        }
        return true
    }

    private static func readNeeds(
        _ node: Node,
        of what: String,
        _ document: inout YAMLDocument
    ) -> [TopologyDeclaration.Need] {
        if case .scalar = node, !document.isNull(node) {
            return reference(node, of: what, &document).map { [.hard($0)] } ?? []
        }
        var needs: [TopologyDeclaration.Need] = []
        for item in document.items(node, of: what) {
            guard case .mapping = item else {
                if let reference = reference(item, of: what, &document) { needs.append(.hard(reference)) }
                continue
            }
            needs += readGroup(item, of: what, &document)
        }
        return needs
    }

    /// `any: […]`, `at_least: n` with `of: […]`, or `weak: …`.
    private static func readGroup(
        _ node: Node,
        of what: String,
        _ document: inout YAMLDocument
    ) -> [TopologyDeclaration.Need] {
        var minimum: Int?
        var members: [TopologyDeclaration.Reference]?
        var isAny = false
        var weak: [TopologyDeclaration.Reference] = []
        let mark = document.mark(node)
        for field in document.entries(node, of: what) {
            switch field.key {
            case "any":
                isAny = true
                members = references(field.value, of: "any in \(what)", &document)
            case "of": members = references(field.value, of: "of in \(what)", &document)
            case "at_least": minimum = document.integer(field.value, of: "at_least in \(what)")
            case "weak": weak += references(field.value, of: "weak in \(what)", &document)
            default: document.reportUnknown(field, in: what, known: ["any", "at_least", "of", "weak"])
            }
        }
        var needs = weak.map(TopologyDeclaration.Need.weak)
        switch (isAny, minimum, members) {
        case (true, nil, let members?): needs.append(.group(minimum: nil, of: members, mark: mark))
        case (false, let minimum?, let members?): needs.append(.group(minimum: minimum, of: members, mark: mark))
        case (false, nil, nil) where !weak.isEmpty: break
        default:
            document.report(
                "incomplete-group",
                "a group of \(what) is not complete",
                at: node,
                fix: "write {any: [a, b]}, {at_least: 2, of: [a, b, c]} or {weak: a}"
            )
        }
        return needs
    }

    private static func reference(
        _ node: Node,
        of what: String,
        _ document: inout YAMLDocument
    ) -> TopologyDeclaration.Reference? {
        document.string(node, of: what).map { TopologyDeclaration.Reference($0, document.mark(node)) }
    }

    private static func references(
        _ node: Node,
        of what: String,
        _ document: inout YAMLDocument
    ) -> [TopologyDeclaration.Reference] {
        if case .scalar = node, !document.isNull(node) {
            return reference(node, of: what, &document).map { [$0] } ?? []
        }
        return document.items(node, of: what).compactMap { reference($0, of: what, &document) }
    }
}
