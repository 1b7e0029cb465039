internal import ArgumentParser
internal import Diagnostics
internal import Diagram
internal import GraphvizRenderer
internal import Topology

/// How much to draw, and how long that may take.
struct PictureOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("How many boxes to draw at most.", valueName: "count"))
    var maxBoxes = 60

    @Option(name: .long, help: ArgumentHelp("How many steps from a root cause to draw.", valueName: "steps"))
    var radius: Int?

    @Option(name: .long, help: ArgumentHelp("Draw what surrounds this entity.", valueName: "entity"))
    var focus: String?

    @Flag(name: .long, help: "Draw everything.")
    var all = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How long one attempt to draw may take before a simpler picture is tried.",
            valueName: "seconds"
        )
    )
    var drawTimeout = 10

    func validate() throws {
        guard maxBoxes >= 1 else { throw ValidationError("--max-boxes must be at least 1") }
        guard radius ?? 0 >= 0 else { throw ValidationError("--radius must be at least 0") }
        guard (1...3_600).contains(drawTimeout) else { throw ValidationError("--draw-timeout must be from 1 to 3600") }
    }

    /// Draws, and writes the file. A picture that cannot be drawn costs no other output.
    func draw(_ source: DiagramSource, _ format: OutputFormat, to path: String, _ session: inout Session) {
        var options = DiagramOptions(maxBoxes: maxBoxes, radius: radius, all: all)
        if let focus {
            guard let entity = source.topology.entity(named: focus) else {
                return session.report([.unknownEntity(focus, in: "--focus", source.topology)])
            }
            options.focus = entity
        }
        let diagram = Diagram(source, options: options)
        switch format {
        case .dot: session.write(Array(diagram.dot.utf8), to: path)
        case .mmd: session.write(Array(diagram.mermaid.utf8), to: path)
        case .png: render(diagram, source, options, as: .png, to: path, &session)
        case .pdf: render(diagram, source, options, as: .pdf, to: path, &session)
        default: render(diagram, source, options, as: .svg, to: path, &session)
        }
    }

    private func render(
        _ diagram: Diagram,
        _ source: DiagramSource,
        _ options: DiagramOptions,
        as format: ImageFormat,
        to path: String,
        _ session: inout Session
    ) {
        do throws(RenderingError) {
            let rendering = try GraphvizRenderer.renderInChild(
                diagram,
                as: format,
                limits: RenderingLimits(seconds: drawTimeout)
            ) { boxes in
                var fewer = options
                fewer.maxBoxes = boxes
                fewer.all = false
                return Diagram(source, options: fewer)
            }
            session.write(rendering.bytes, to: path)
            session.report(
                rendering.concessions.map {
                    Diagnostic(.warning, "simpler-picture", $0, at: SourceLocation(file: path))
                }
            )
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
