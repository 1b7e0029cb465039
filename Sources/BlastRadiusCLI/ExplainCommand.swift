internal import Alerts
internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports
internal import Topology

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell how an entity or alert follows from the root causes.",
        usage: "blast-radius explain <entity|fingerprint|alertname> <alerts> ..."
    )

    @Argument(
        help: ArgumentHelp(
            "An entity, an alert's fingerprint or its beginning, or an alert name.",
            valueName: "subject"
        )
    )
    var subject: String

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String] = []

    @OptionGroup var input: InputOptions

    func validate() throws { try input.requireAlerts(alerts) }

    func run() throws {
        var session = Session()
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let analysis = input.analyze(incident, on: platform, session: &session)
        if let text = ExplanationReport.render(subject, in: analysis) {
            session.write(Array(text.utf8), to: "-")
        } else {
            let names = platform.topology.entities.map(platform.topology.name) + analysis.ledger.map(\.alert.name)
            session.report([
                Diagnostic(
                    .error,
                    "unknown-subject",
                    "'\(subject)' is neither an entity nor an alert of this incident",
                    fix: nearestName(to: subject, among: names).map { "did you mean '\($0)'?" }
                )
            ])
        }
        try session.finish()
    }
}
