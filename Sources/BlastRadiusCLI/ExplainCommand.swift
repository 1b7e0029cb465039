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
        usage: "blast-radius explain <entity|alert> <alerts> ... [-o <file>] ..."
    )

    @Argument(
        help: ArgumentHelp(
            "An entity, by any name that only it has; an alert's fingerprint or its beginning; or an alert name.",
            valueName: "subject"
        )
    )
    var subject: String

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String] = []

    @OptionGroup var input: InputOptions
    @OptionGroup var result: TextOutput

    func validate() throws { try input.requireAlerts(alerts) }

    func run() throws {
        var session = Session()
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let analysis = input.analyze(incident, on: platform, session: &session)
        do throws(Diagnostic) {
            let text = try ExplanationReport.render(subject, in: analysis)
            result.write(text, &session)
        } catch {
            session.report([error])
        }
        try session.finish()
    }
}
