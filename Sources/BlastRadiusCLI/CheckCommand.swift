internal import ArgumentParser
internal import BlastRadius
internal import Reports

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check topology files: names, groups, rules, known issues, cycles.",
        usage: "blast-radius check [<topology> ...] [--kinds]",
        discussion: "Prints every finding with its place, and a summary. Exits with 1 when one is an error."
    )

    @Argument(help: ArgumentHelp("Topology files, merged in this order.", valueName: "topology"))
    var files: [String] = []

    @OptionGroup var topology: TopologyOptions

    @Flag(name: .long, help: "List the kinds with their settings.")
    var kinds = false

    func run() throws {
        var session = Session()
        var options = topology
        options.topology = files + options.topology
        if kinds {
            let known = options.topology.isEmpty ? nil : options.load(session: &session)
            session.write(Array(CheckReport.kinds(known).utf8), to: "-")
            return try session.finish()
        }
        let paths = options.paths(&session)
        if paths.isEmpty {
            session.report([.noTopology()])
        } else if let platform = TopologyLoader(usesCache: false).check(paths, &session) {
            session.write(Array(CheckReport.render(platform).utf8), to: "-")
        }
        try session.finish()
    }
}
