internal import ArgumentParser
internal import BlastRadius
internal import Reports

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check topology files: names, groups, rules, known issues, cycles.",
        usage: "blast-radius check [<topology> ...] [--kinds] [-o <file>] ...",
        discussion: """
            Prints every finding with its place, and a summary; -o writes both. Exits with 1 when a finding is an error.
            """
    )

    @Argument(help: ArgumentHelp("Topology files, merged in this order.", valueName: "topology"))
    var files: [String] = []

    @OptionGroup var topology: TopologyOptions

    @Flag(name: .long, help: "List the kinds with their settings.")
    var kinds = false

    @OptionGroup var result: TextOutput

    func run() throws {
        var session = Session()
        var options = topology
        options.topology = files + options.topology
        if kinds {
            let known = options.topology.isEmpty ? nil : options.load(session: &session)
            result.write(CheckReport.kinds(known), &session)
            return try session.finish()
        }
        let paths = options.paths(&session)
        var summary = ""
        if paths.isEmpty {
            session.report([.noTopology()])
        } else if let platform = TopologyLoader(usesCache: false).check(paths, &session) {
            summary = CheckReport.render(platform)
        }
        let findings = session.findings.map { "\($0)\n" }.joined()
        result.write(summary, &session, inFiles: findings + summary)
        try session.finish()
    }
}
