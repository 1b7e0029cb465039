internal import ArgumentParser
internal import BlastRadius
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
            "Where effects stand, seen from their causes: right, or down. (default: as fits a screen)",
            valueName: "direction"
        )
    )
    var direction: Diagram.Direction?

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

    /// Draws, and writes the file.
    ///
    /// A picture that cannot be drawn costs no other output.
    func draw(_ source: DiagramSource, _ format: OutputFormat, to path: String, _ session: inout Session) {
        guard let options = options(for: source.topology, &session) else { return }
        let diagram = Diagram(source, options: options)
        let bytes: [UInt8]? =
            switch format {
            case .dot: Array(diagram.dot.utf8)
            case .mmd: Array(diagram.mermaid.utf8)
            case .png: render(diagram, source, options, as: .png, for: path, &session)
            case .pdf: render(diagram, source, options, as: .pdf, for: path, &session)
            default: render(diagram, source, options, as: .svg, for: path, &session)
            }
        if let bytes { session.write(bytes, to: path) }
    }

    /// The picture as SVG, for the file that it becomes part of; nil, with a finding, when it cannot be drawn.
    func svg(_ source: DiagramSource, for path: String, _ session: inout Session) -> [UInt8]? {
        guard let options = options(for: source.topology, &session) else { return nil }
        return render(Diagram(source, options: options), source, options, as: .svg, for: path, &session)
    }

    /// How much of a platform to draw; nil, with a finding, when it does not have the entity to focus on.
    func options(for topology: Topology, _ session: inout Session) -> DiagramOptions? {
        var options = DiagramOptions(maxBoxes: maxBoxes, radius: radius, all: all, direction: direction)
        guard let focus else { return options }
        do throws(Diagnostic) {
            options.focus = try topology.entity(called: focus)
            return options
        } catch {
            var finding = error
            finding.summary = "--focus: \(error.summary)"
            session.report([finding])
            return nil
        }
    }

    private func render(
        _ diagram: Diagram,
        _ source: DiagramSource,
        _ options: DiagramOptions,
        as format: ImageFormat,
        for path: String,
        _ session: inout Session
    ) -> [UInt8]? {
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
            session.report(
                rendering.concessions.map {
                    Diagnostic(.warning, "simpler-picture", $0, at: SourceLocation(file: path))
                }
            )
            return rendering.bytes
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
            return nil
        }
    }
}

extension Diagram.Direction: ExpressibleByArgument {}
