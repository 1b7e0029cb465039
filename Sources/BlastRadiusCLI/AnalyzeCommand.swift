internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Explain the alerts that are firing (the default).",
        usage: """
            blast-radius <alerts> ... [-o <file>] ...
            blast-radius --alertmanager <url> ... [-o <file>] ...
            """,
        discussion: """
            ALERTS are files of Alertmanager's /api/v2/alerts or /alerts/groups, amtool's JSON, webhooks of Alertmanager \
            or Grafana, or Prometheus' /api/v1/alerts; - is standard input. Several files are merged by fingerprint. \
            With --alertmanager or --prometheus the servers are asked, instead or as well.
            """
    )

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String] = []

    @OptionGroup var input: InputOptions
    @OptionGroup var result: OutputOptions<OutputFormat>
    @OptionGroup(title: "Picture") var picture: PictureOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    @Flag(name: .long, help: "Exit with 2 when root causes were found.")
    var detailedExitcode = false

    @Flag(
        name: .long,
        help: "Take each line of ALERTS as an incident of its own, and print the JSON of each on a line."
    )
    var ndjson = false

    func validate() throws {
        try input.requireAlerts(alerts)
        if ndjson { try result.requireLines() }
    }

    func run() throws {
        var session = Session()
        if ndjson { return try analyzeLines(&session) }
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let analysis = input.analyze(incident, on: platform, session: &session)
        result.write(Views(analysis, report.load(&session), picture), &session)
        try session.finish()
        if detailedExitcode, !analysis.rootCauses.isEmpty { throw ExitCode(2) }
    }

    /// Analyses each line by itself, on one platform.
    private func analyzeLines(_ session: inout Session) throws {
        let (platform, known) = input.read(alerts: [], session: &session)
        guard let platform, !session.hasFailed else { return try session.finish() }
        LineFilter.run(alerts, &session) { line throws(Diagnostic) in
            var builder = known
            try builder.addAlerts(InputFile(path: "<line>", bytes: line)).throwError()
            // Without an error there is an incident.
            guard let (incident, _) = builder.incident else { return [] }
            return JSONReport.render(incident.analyze(on: platform, budget: input.budget * 1_000_000).analysis)
        }
        try session.finish()
    }
}

extension Views {
    /// Every form of an analysis; no report without a template, which was said when it could not be read.
    init(_ analysis: Analysis, _ template: ReportTemplate?, _ picture: PictureOptions) {
        let picture = Picture(picture) { DiagramReport.source(analysis) }
        self.init(
            summary: { TerminalReport.render(analysis, colours: $0, width: $1) },
            json: { JSONReport.render(analysis) },
            picture: picture
        )
        others[.text] = { _, _ in Array(ChatReport.text(analysis).utf8) }
        others[.slack] = { _, _ in Array(ChatReport.slack(analysis).utf8) }
        others[.grafana] = { _, _ in GrafanaReport.render(analysis) }
        others[.metrics] = { _, _ in Array(MetricsReport.render(analysis).utf8) }
        guard let template else { return }
        others[.md] = { _, session in
            picture.diagram(&session).map { diagram in
                Array(MarkdownReport.render(analysis, template: template, picture: diagram).utf8)
            }
        }
        others[.html] = { path, session in
            let svg = picture.svg(for: path, &session)
            return Array(HTMLReport.render(analysis, template: template, svg: svg).utf8)
        }
    }
}
