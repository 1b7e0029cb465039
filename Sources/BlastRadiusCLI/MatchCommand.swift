internal import ArgumentParser
internal import BlastRadius
internal import Reports

struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Show which entity and rule each alert maps to.",
        usage: "blast-radius match <alerts> ... [--format json]",
        discussion: """
            For alerts that match nothing it prints what to paste into topology.yaml, and where: a rule that takes these \
            alerts from no other, or the entity that is missing.
            """
    )

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String] = []

    @OptionGroup var input: InputOptions

    @Option(name: .long, help: ArgumentHelp("The format.", valueName: "summary|json"))
    var format: MatchFormat = .summary

    enum MatchFormat: String, ExpressibleByArgument {
        case summary
        case json
    }

    func validate() throws { try input.requireAlerts(alerts) }

    func run() throws {
        var session = Session()
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let analysis = input.analyze(incident, on: platform, session: &session)
        switch format {
        case .summary: session.write(Array(MatchReport.render(analysis).utf8), to: "-")
        case .json: session.write(MatchReport.json(analysis), to: "-")
        }
        try session.finish()
    }
}
