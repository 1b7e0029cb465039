internal import ArgumentParser
internal import BlastRadius
internal import Reports

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Explain the alerts that are firing (the default).",
        usage: "blast-radius <alerts> ... [-o <file>] ...",
        discussion: """
            ALERTS are files of Alertmanager's /api/v2/alerts or /alerts/groups, amtool's JSON, webhooks of Alertmanager \
            or Grafana, or Prometheus' /api/v1/alerts; - is standard input. Several files are merged by fingerprint.
            """
    )

    @Argument(help: ArgumentHelp("Files of alerts; - is standard input.", valueName: "alerts"))
    var alerts: [String]

    @OptionGroup var input: InputOptions
    @OptionGroup var result: OutputOptions
    @OptionGroup(title: "Picture") var picture: PictureOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    @Flag(name: .long, help: "Exit with 2 when root causes were found.")
    var detailedExitcode = false

    func run() throws {
        var session = Session()
        session.isQuiet = result.quiet
        guard let (platform, incident) = input.load(alerts: alerts, session: &session) else {
            return try session.finish()
        }
        let (analysis, findings) = incident.analyze(on: platform)
        session.report(findings)
        write(analysis, &session)
        try session.finish()
        if detailedExitcode, !analysis.rootCauses.isEmpty { throw ExitCode(2) }
    }

    private func write(_ analysis: Analysis, _ session: inout Session) {
        for (path, format) in result.targets {
            switch format {
            case .summary:
                let colours = path == "-" && !result.noColor && Session.showsColours
                session.write(Array(TerminalReport.render(analysis, colours: colours).utf8), to: path)
            case .json: session.write(JSONReport.render(analysis), to: path)
            case .md, .html: report.write(analysis, format, picture, to: path, &session)
            case .text: session.write(Array(ChatReport.text(analysis).utf8), to: path)
            case .slack: session.write(Array(ChatReport.slack(analysis).utf8), to: path)
            case .grafana: session.write(GrafanaReport.render(analysis), to: path)
            case .metrics: session.write(Array(MetricsReport.render(analysis).utf8), to: path)
            case .svg, .png, .pdf, .dot, .mmd:
                picture.draw(DiagramReport.source(analysis), format, to: path, &session)
            }
        }
    }
}
