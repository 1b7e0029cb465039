internal import BlastRadius
internal import Diagnostics
internal import Diagram
internal import GraphvizRenderer

/// The picture of one result: drawn up when the first output asks for it, and shared by all of them.
///
/// What a million entities become in it takes most of a run, and no output has another picture than the next.
final class Picture {
    private let options: PictureOptions
    private let source: () -> DiagramSource
    private lazy var drawnUp = Result { () throws(Diagnostic) in
        let source = source()
        return Diagram(source, options: try options.drawing(of: source.topology))
    }
    private var drawn: [ImageFormat: Result<Rendering, RenderingError>] = [:]

    /// A picture of what `source` gives, which is asked anew when a simpler picture is wanted instead of being kept.
    init(_ options: PictureOptions, _ source: @escaping () -> DiagramSource) {
        self.options = options
        self.source = source
    }

    /// The picture as data; nil, with a finding, when there is no entity to focus on.
    func diagram(_ session: inout Session) -> Diagram? {
        switch drawnUp {
        case .success(let diagram): return diagram
        case .failure(let finding):
            session.report([finding])
            return nil
        }
    }

    /// Writes the file.
    ///
    /// A picture that cannot be drawn costs no other output.
    func write(_ format: OutputFormat, to path: String, _ session: inout Session) {
        let bytes: [UInt8]? =
            switch format {
            case .dot: diagram(&session).map { Array($0.dot.utf8) }
            case .mmd: diagram(&session).map { Array($0.mermaid.utf8) }
            case .png: image(.png, for: path, &session)
            case .pdf: image(.pdf, for: path, &session)
            default: svg(for: path, &session)
            }
        if let bytes { session.write(bytes, to: path) }
    }

    /// The picture as SVG, for the file that it becomes part of; nil, with a finding, when it cannot be drawn.
    func svg(for path: String, _ session: inout Session) -> [UInt8]? { image(.svg, for: path, &session) }

    private func image(_ format: ImageFormat, for path: String, _ session: inout Session) -> [UInt8]? {
        guard let diagram = diagram(&session) else { return nil }
        let result = drawn[format] ?? draw(diagram, as: format)
        drawn[format] = result
        let place = SourceLocation(file: path)
        switch result {
        case .success(let rendering):
            session.report(rendering.concessions.map { Diagnostic(.warning, "simpler-picture", $0, at: place) })
            return rendering.bytes
        case .failure(let error):
            session.report([
                Diagnostic(
                    .error,
                    "not-drawn",
                    "the picture could not be drawn: \(error)",
                    at: place,
                    fix: "write .dot and draw it elsewhere, or draw less with --max-boxes"
                )
            ])
            return nil
        }
    }

    private func draw(_ diagram: Diagram, as format: ImageFormat) -> Result<Rendering, RenderingError> {
        lazy var source = source()
        return Result { () throws(RenderingError) in
            try GraphvizRenderer.renderInChild(
                diagram,
                as: format,
                limits: RenderingLimits(seconds: options.drawTimeout)
            ) { boxes in
                // The entity in focus was found when the whole picture was drawn up.
                guard var fewer = try? options.drawing(of: source.topology) else { return nil }
                fewer.maxBoxes = boxes
                fewer.all = false
                return Diagram(source, options: fewer)
            }
        }
    }
}
