internal import ArgumentParser
internal import BlastRadius
internal import Reports

struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Show which entity and rule each alert maps to.",
        usage: "blast-radius match <alerts> ... [-o <file>] ...",
        discussion: """
            For alerts that match nothing it prints what to paste into topology.yaml, and where: a rule that takes these \
            alerts from no other, or the entity that is missing.
            """
    )

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String] = []

    @OptionGroup var input: InputOptions

    @OptionGroup var result: OutputOptions<MatchFormat>

    struct MatchFormat: SomeForms {
        static let formats: [OutputFormat] = [.summary, .json]

        let format: OutputFormat
    }

    func validate() throws { try input.requireAlerts(alerts) }

    func run() throws {
        var session = Session()
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let analysis = input.analyze(incident, on: platform, session: &session)
        result.write(text: { MatchReport.render(analysis) }, json: { MatchReport.json(analysis) }, &session)
        try session.finish()
    }
}
