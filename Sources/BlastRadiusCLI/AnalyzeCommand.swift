internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Diagram
internal import GraphvizRenderer
internal import Reports
internal import Topology

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
            case .md: session.write(Array(MarkdownReport.render(analysis).utf8), to: path)
            case .svg, .png, .pdf, .dot, .mmd:
                picture.draw(DiagramReport.source(analysis), format, to: path, &session)
            }
        }
    }
}

/// How much to draw.
struct PictureOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("How many boxes to draw at most.", valueName: "count"))
    var maxBoxes = 60

    @Option(name: .long, help: ArgumentHelp("How many steps from a root cause to draw.", valueName: "steps"))
    var radius: Int?

    @Option(name: .long, help: ArgumentHelp("Draw what surrounds this entity.", valueName: "entity"))
    var focus: String?

    @Flag(name: .long, help: "Draw everything.")
    var all = false

    /// Draws, and writes the file. A picture that cannot be drawn costs no other output.
    func draw(_ source: DiagramSource, _ format: OutputFormat, to path: String, _ session: inout Session) {
        var options = DiagramOptions(maxBoxes: maxBoxes, radius: radius, all: all)
        if let focus {
            guard let entity = source.topology.entity(named: focus) else {
                let nearest = nearestName(to: focus, among: source.topology.entities.lazy.map(source.topology.name))
                return session.report([
                    Diagnostic(
                        .error,
                        "unknown-entity",
                        "unknown entity '\(focus)' in --focus",
                        fix: nearest.map { "did you mean '\($0)'?" }
                    )
                ])
            }
            options.focus = entity
        }
        let diagram = Diagram(source, options: options)
        switch format {
        case .dot: session.write(Array(diagram.dot.utf8), to: path)
        case .mmd: session.write(Array(diagram.mermaid.utf8), to: path)
        default: render(diagram, source, options, format, to: path, &session)
        }
    }

    private func render(
        _ diagram: Diagram,
        _ source: DiagramSource,
        _ options: DiagramOptions,
        _ format: OutputFormat,
        to path: String,
        _ session: inout Session
    ) {
        let image: ImageFormat =
            switch format {
            case .png: .png
            case .pdf: .pdf
            default: .svg
            }
        do throws(RenderingError) {
            session.write(try GraphvizRenderer.render(diagram, as: image), to: path)
        } catch {
            session.report([
                Diagnostic(
                    .error,
                    "not-drawn",
                    "the picture could not be drawn: \(error)",
                    at: SourceLocation(file: path),
                    fix: "write .dot and draw it elsewhere, or draw less with --max-boxes"
                )
            ])
        }
    }
}
