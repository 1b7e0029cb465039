internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import TopologyFormats

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check that past incidents still lead to their known causes.",
        discussion: """
            Each file names the inputs of an incident and what must come out: exact root causes, verdicts on alerts, \
            what must not be blamed, what must be affected. Exits with 1 when one differs.
            """
    )

    @Argument(help: ArgumentHelp("Incident tests, as YAML.", valueName: "test"))
    var files: [String]

    @OptionGroup var speech: SpeechOptions

    func run() throws {
        var session = Session()
        session.isQuiet = speech.quiet
        var failed = 0
        for path in files {
            if try !check(path, session: &session) { failed += 1 }
        }
        let passed = files.count - failed
        session.write(Array("\(passed) of \(files.count) incidents as expected\n".utf8), to: "-")
        try session.finish()
    }

    /// Runs one test and says what differs.
    ///
    /// Returns false if anything does.
    private func check(_ path: String, session: inout Session) throws -> Bool {
        guard let file = session.read(path) else { return false }
        let (test, findings) = IncidentTest.load(file)
        session.report(findings)
        guard let test else { return false }
        var inputs = Session()
        inputs.isQuiet = true
        let loaded = try options(test, beside: path).load(
            alerts: test.alerts.map { resolve($0, beside: path) },
            session: &inputs
        )
        guard let (platform, incident) = loaded, !inputs.hasFailed else {
            session.report([Diagnostic(.error, "unreadable-test", "its inputs cannot be read", at: .init(file: path))])
            return false
        }
        let (analysis, notes) = incident.analyze(on: platform)
        var differences = notes.filter { $0.severity == .error }
        differences += test.differences(from: analysis)
        let name = test.name ?? path
        let line = "\(differences.isEmpty ? "ok    " : "FAILED")  \(name)".withVisibleControls
        session.write(Array("\(line)\n".utf8), to: "-")
        session.report(differences)
        return differences.isEmpty
    }

    private func options(_ test: IncidentTest, beside path: String) throws -> InputOptions {
        var arguments: [String] = []
        for (option, paths) in [
            ("topology", test.topology), ("rules", test.rules), ("context", test.context), ("history", test.history),
            ("silences", test.silences),
        ] {
            for file in paths { arguments.append("--\(option)=\(resolve(file, beside: path))") }
        }
        return try InputOptions.parse(arguments)
    }

    /// A path as the test writes it, from the folder of the test.
    private func resolve(_ file: String, beside path: String) -> String {
        guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
        return String(path[...slash]) + file
    }
}
