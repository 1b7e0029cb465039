internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Importers
internal import LiveSources

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a topology of what is already known elsewhere.",
        usage: """
            blast-radius import kubernetes cluster.json > imported.yaml
            blast-radius import kubernetes cluster.json --update topology.yaml
            blast-radius import prometheus http://prometheus:9090 > imported.yaml
            """,
        discussion: """
            Prints a topology.yaml, the same for the same input. Lay what you know better over it: \
            --topology imported.yaml --topology mine.yaml. What cannot be mapped is counted on standard error.
            """
    )

    @Argument(help: ArgumentHelp("What the files are.", valueName: "source"))
    var source: ImportSource

    @Argument(
        help: ArgumentHelp(
            "JSON or YAML; - is standard input; for prometheus also its address. Several are one input.",
            valueName: "file"
        )
    )
    var files: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Put it into this file instead, keep all that was not imported, and print what changes.",
            valueName: "file"
        )
    )
    var update: String?

    @Flag(name: .long, help: "Let releases need those that they are deployed after (Flux' dependsOn).")
    var deployOrder = false

    @OptionGroup(title: "Live sources") var connection: ConnectionOptions

    @OptionGroup var speech: SpeechOptions

    func validate() throws {
        for address in files where address.isAddress {
            guard source == .prometheus else {
                throw ValidationError("only 'import prometheus' can ask a server; give a file")
            }
            _ = try WebAddress(option: "import prometheus", address)
        }
        if update == "-" { throw ValidationError("--update takes a file; without it the result is printed.") }
    }

    func run() throws {
        var session = Session()
        session.isQuiet = speech.quiet
        let inputs = files.flatMap { $0.isAddress ? fetch($0, &session) : session.read($0).map { [$0] } ?? [] }
        guard !session.hasFailed else { return try session.finish() }
        let (topology, diagnostics) = ImportedTopology.read(
            inputs.map { ($0.path, $0.bytes) },
            as: source,
            deployOrder: deployOrder
        )
        session.report(diagnostics)
        guard let topology else { return try session.finish() }
        if let update {
            self.update(update, with: topology, &session)
        } else {
            var file = ImportedFile()
            session.report(file.update(with: topology))
            session.write(Array(file.text.utf8), to: "-")
        }
        try session.finish()
    }

    /// What a Prometheus tells of the platform; reports it when it does not answer.
    private func fetch(_ address: String, _ session: inout Session) -> [InputFile] {
        guard let server = try? WebAddress(address), let client = connection.client(for: [server], &session) else {
            return []
        }
        var wish = LiveSources.Wish()
        wish.topology = true
        let snapshot = LiveSources(alertmanagers: [], prometheus: server, client: client).fetch(wish)
        session.report(snapshot.failures(.topology).prefix(1).map(\.finding))
        return snapshot.documents(.topology).map(\.file)
    }

    /// Writes the file if it changes, and prints how.
    private func update(_ path: String, with topology: ImportedTopology, _ session: inout Session) {
        var old: String?
        if Files.exists(path) {
            guard let input = session.read(path) else { return }
            guard let text = String(validating: input.bytes, as: UTF8.self) else {
                return session.report([
                    Diagnostic(.error, "invalid-utf8", "is not UTF-8", at: SourceLocation(file: path))
                ])
            }
            old = text
        }
        var file = old.map { ImportedFile($0, path: path) } ?? ImportedFile()
        let findings = file.update(with: topology)
        session.report(findings)
        guard !findings.contains(where: { $0.severity == .error }), file.text != old else { return }
        session.write(Array(file.text.utf8), to: path, replacingInput: true)
        session.write(Array(UnifiedDiff.between(old ?? "", file.text, path: path).utf8), to: "-")
    }
}

extension ImportSource: ExpressibleByArgument {}

extension String {
    fileprivate var isAddress: Bool { hasPrefix("http://") || hasPrefix("https://") }
}
