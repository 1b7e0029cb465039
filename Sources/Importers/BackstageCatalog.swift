internal import Diagnostics
internal import Topology

/// Maps a Backstage catalog: catalog-info.yaml files, or the answer of `/api/catalog/entities`.
struct BackstageCatalog {
    /// What identifies an entity of the catalog; all in lower case, as Backstage compares them.
    private struct Key: Hashable {
        var kind: String
        var namespace: String
        var name: String

        /// Reads `[kind:][namespace/]name`.
        init(_ reference: String, kind: String, namespace: String) {
            let text = reference.lowercased()
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            self.kind = parts.count == 2 ? String(parts[0]) : kind
            let path = parts[parts.count - 1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            self.namespace = path.count == 2 ? String(path[0]) : namespace
            name = String(path[path.count - 1])
        }
    }

    private static let kinds: Set<String> = ["component", "api", "resource", "system"]
    /// Types of resources that are kinds of their own.
    private static let types = Set(Kind.builtIn.map(\.name))

    private var table = EntityTable()
    private var tally = Tally()
    private var diagnostics: [Diagnostic] = []
    private var values: [(key: Key, value: ImportValue)] = []
    private var resourceTypes: [Key: String] = [:]

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        var catalog = BackstageCatalog()
        for document in documents {
            for value in document.isList ? document.elements : document["items"]?.elements ?? [document] {
                catalog.read(value)
            }
        }
        for (key, value) in catalog.values { catalog.add(key, value) }
        catalog.countMissing()
        return (catalog.table, catalog.tally, catalog.diagnostics)
    }

    private mutating func read(_ value: ImportValue) {
        guard let kind = value["kind"]?.text?.lowercased(), let name = value["metadata", "name"]?.text else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "an entity of a catalog must have kind and metadata.name",
                    at: value.location
                )
            )
            return
        }
        guard Self.kinds.contains(kind) else {
            tally.count(
                "not-imported",
                "\(kind.prefix(100)), a kind that is not imported",
                example: name,
                at: value.location
            )
            return
        }
        let namespace = value["metadata", "namespace"]?.text?.lowercased() ?? "default"
        let key = Key(name, kind: kind, namespace: namespace)
        values.append((key, value))
        if kind == "resource", let type = value["spec", "type"]?.text?.lowercased(), Self.types.contains(type) {
            resourceTypes[key] = type
        }
    }

    private func entity(_ key: Key) -> String {
        let kind = resourceTypes[key] ?? key.kind
        return key.namespace == "default" ? "\(kind)/\(key.name)" : "\(kind)/\(key.namespace)/\(key.name)"
    }

    private mutating func add(_ key: Key, _ value: ImportValue) {
        let entity = entity(key)
        let location = value.location
        table.declare(entity, at: location)
        if let title = value["metadata", "title"]?.text { table.label(entity, title, at: location) }
        for tag in value["metadata", "tags"]?.elements ?? [] { tag.text.map { table.tag(entity, $0, at: location) } }
        if let owner = value["spec", "owner"]?.text {
            table.owner(entity, Key(owner, kind: "group", namespace: key.namespace).name, at: location)
        }
        func references(_ field: String, kind: String) -> [String] {
            value["spec", field]?.elements.compactMap(\.text).map {
                self.entity(Key($0, kind: kind, namespace: key.namespace))
            } ?? []
        }
        for other in references("dependsOn", kind: "component") { table.need(entity, other, at: location) }
        for other in references("dependencyOf", kind: "component") { table.need(other, entity, at: location) }
        for other in references("consumesApis", kind: "api") { table.need(entity, other, at: location) }
        for other in references("providesApis", kind: "api") { table.need(other, entity, at: location) }
        // The whole goes on without a part, but not as well.
        for (field, kind) in [("system", "system"), ("subcomponentOf", "component")] {
            guard let whole = value["spec", field]?.text else { continue }
            let other = self.entity(Key(whole, kind: kind, namespace: key.namespace))
            table.need(other, entity, isWeak: true, at: location)
        }
    }

    private mutating func countMissing() {
        let given = Set(values.map { entity($0.key) })
        for name in table.names.sorted() where !given.contains(name) {
            guard let location = table.location(of: name) else { continue }
            tally.count("not-in-input", "an entity that is named but not in the input", example: name, at: location)
        }
    }
}
