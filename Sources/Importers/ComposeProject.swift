internal import Diagnostics

/// Maps compose files.
///
/// Several are one project, as with `docker compose -f … -f …`.
///
/// `depends_on` is the order in which containers start. Nothing in a compose file says what they need to run, so it is taken
/// for a weak need: without it, a service is degraded.
struct ComposeProject {
    private var table = EntityTable()
    private var tally = Tally()
    private var diagnostics: [Diagnostic] = []
    /// The project's name with a slash behind it, or nothing.
    private var prefix = ""
    private var volumes: Set<String> = []
    private var services: Set<String> = []

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        var project = ComposeProject()
        for document in documents {
            guard document["services"]?.isMapping == true || document["volumes"] != nil else {
                project.diagnostics.append(
                    Diagnostic(
                        .error,
                        "wrong-shape",
                        "a compose file must have services",
                        at: document.location,
                        fix: "give the files of docker compose, or the output of: docker compose config"
                    )
                )
                continue
            }
            if let name = document["name"]?.text, project.prefix.isEmpty, !name.contains("$") {
                project.prefix = "\(name)/"
            }
            project.volumes.formUnion(document["volumes"]?.members.map(\.key) ?? [])
            project.services.formUnion(document["services"]?.members.map(\.key) ?? [])
        }
        for document in documents {
            if let include = document["include"] {
                project.tally.count(
                    "not-imported",
                    "an include, whose file must be given too",
                    example: include.elements.first?.text ?? include.text ?? "a file",
                    at: include.location
                )
            }
            for (name, value) in document["services"]?.members ?? [] { project.add(name, value) }
        }
        return (project.table, project.tally, project.diagnostics)
    }

    private mutating func add(_ name: String, _ value: ImportValue) {
        let entity = "service/\(prefix)\(name)"
        let location = value.location
        table.declare(entity, at: location)
        for alias in [value["container_name"], value["hostname"]].compactMap({ $0?.text })
        where alias != name && !alias.contains("$") {
            table.alias(alias, of: entity, rank: 0)
        }
        addOrder(of: entity, value["depends_on"])
        // What shares another's network or volumes, or is linked to it, cannot be without it.
        if let mode = value["network_mode"]?.text, mode.hasPrefix("service:") {
            need(entity, String(mode.dropFirst("service:".count)), at: location)
        }
        for link in value["links"]?.elements ?? [] {
            need(entity, String((link.text ?? "").prefix { $0 != ":" }), at: location)
        }
        for source in value["volumes_from"]?.elements.compactMap(\.text) ?? [] where !source.hasPrefix("container:") {
            need(entity, String(source.prefix { $0 != ":" }), at: location)
        }
        for volume in value["volumes"]?.elements ?? [] {
            let source = volume["source"]?.text ?? volume.text.map { String($0.prefix { $0 != ":" }) }
            if let source, volumes.contains(source) { table.need(entity, "volume/\(prefix)\(source)", at: location) }
        }
    }

    private mutating func addOrder(of entity: String, _ order: ImportValue?) {
        guard let order else { return }
        for name in order.elements.compactMap(\.text) { need(entity, name, isWeak: true, at: order.location) }
        for (name, rule) in order.members {
            guard rule["condition"]?.text != "service_completed_successfully" else {
                tally.count(
                    "runs-once",
                    "a depends_on of something that runs once, before the service does",
                    example: "\(entity) after \(name)",
                    at: rule.location
                )
                continue
            }
            need(entity, name, isWeak: true, at: rule.location)
        }
    }

    private mutating func need(_ entity: String, _ name: String, isWeak: Bool = false, at location: SourceLocation) {
        guard services.contains(name) else {
            tally.count(
                "not-in-input",
                "a service that is named but not in the input",
                example: name,
                at: location
            )
            return
        }
        table.need(entity, "service/\(prefix)\(name)", isWeak: isWeak, at: location)
    }
}
