internal import ArgumentParser
internal import Diagnostics
internal import TopologyFormats

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compile topology files into one that loads at the speed of the disk.",
        usage: "blast-radius compile [<topology> ...] -o <file>",
        discussion: """
            The result is accepted wherever --topology is, and gives the same results as the files that it was made from. It \
            is refused when one of these has changed since, when it is damaged, and by another version.
            """
    )

    @Argument(help: ArgumentHelp("Topology files, merged in this order.", valueName: "topology"))
    var files: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write, by custom with the extension .brt.", valueName: "file")
    )
    var output: String

    @OptionGroup var topology: TopologyOptions

    func run() throws {
        var session = Session()
        var options = topology
        options.topology = files + options.topology
        let paths = options.paths(&session)
        if paths.isEmpty {
            session.report([.noTopology()])
        } else if let compiled = TopologyLoader(usesCache: false).compile(paths, &session) {
            if let target = Files.status(of: output)?.absolutePath,
                compiled.sources.contains(where: { $0.absolutePath == target })
            {
                session.report([
                    Diagnostic(
                        .error,
                        "overwrites-input",
                        "is one of the files to compile",
                        at: SourceLocation(file: output),
                        fix: "give -o another name"
                    )
                ])
            } else {
                session.write(compiled.encoded(), to: output)
            }
        }
        try session.finish()
    }
}
