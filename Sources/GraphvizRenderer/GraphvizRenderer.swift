import CGraphviz
package import Diagram
import Synchronization

/// Draws diagrams with libgraphviz.
///
/// The library is not thread-safe and has process-wide state, so one lock spans every rendering from context to free. It
/// is also unfuzzed C that may exit or crash: ``renderInChild(_:as:limits:fewerBoxes:)`` is for input that others wrote.
package enum GraphvizRenderer {
    static let lock = Mutex<Void>(())

    /// Draws a diagram in this process.
    ///
    /// SVG needs only Graphviz's two smallest plugins and our own text metrics: it takes a few milliseconds, and its
    /// bytes do not depend on the machine's fonts. PNG and PDF need pango and cairo.
    package static func render(
        _ diagram: Diagram,
        as format: ImageFormat,
        engine: LayoutEngine = .dot
    ) throws(RenderingError) -> [UInt8] {
        try locked { () throws(RenderingError) in try renderUnlocked(diagram, as: format, engine: engine) }
    }

    /// The caller holds the lock.
    static func renderUnlocked(
        _ diagram: Diagram,
        as format: ImageFormat,
        engine: LayoutEngine
    ) throws(RenderingError) -> [UInt8] {
        let context = openContext(for: format, engine: engine)
        let drawn = try draw(diagram.graph(showsLinks: format == .svg), as: format, engine: engine, context: context)
        return format == .svg ? Array(SVGDocument(drawn, of: diagram).text.utf8) : drawn
    }

    /// Draws with Graphviz's default context, for comparison and where its plugins cannot be found one by one.
    static func renderWithDefaultContext(_ diagram: Diagram) throws(RenderingError) -> [UInt8] {
        let drawn = try locked { () throws(RenderingError) in
            try draw(diagram.graph(showsLinks: true), as: .svg, engine: .dot, context: gvContext())
        }
        return Array(SVGDocument(drawn, of: diagram).text.utf8)
    }

    static func locked(
        _ body: () throws(RenderingError) -> [UInt8]
    ) throws(RenderingError) -> [UInt8] {
        let result = lock.withLock { _ in
            Result { () throws(RenderingError) in try body() }
        }
        return try result.get()
    }

    private static func openContext(for format: ImageFormat, engine: LayoutEngine) -> OpaquePointer? {
        if format == .svg, let libraries = Plugins.libraries(for: engine) {
            return libraries.withUnsafeBufferPointer { pointer -> OpaquePointer? in
                guard let base = pointer.baseAddress else { return nil }
                return br_context(base, Int32(pointer.count)) { text, size, isBold in
                    guard let text else { return 0 }
                    return TextMetrics.width(of: String(cString: text), size: size, isBold: isBold != 0)
                }
            }
        }
        return gvContext()
    }

    static func draw(
        _ description: DOTGraph,
        as format: ImageFormat,
        engine: LayoutEngine,
        context: OpaquePointer?
    ) throws(RenderingError) -> [UInt8] {
        ErrorLog.begin()
        guard let context else { throw .graphviz(["no context"]) }
        defer { gvFreeContext(context) }
        guard let graph = GraphBuilder.build(description) else { throw .graphviz(ErrorLog.messages) }
        defer { agclose(graph) }
        guard gvLayout(context, graph, engine.rawValue) == 0 else { throw .graphviz(ErrorLog.messages) }
        defer { gvFreeLayout(context, graph) }
        var data: UnsafeMutablePointer<CChar>?
        var length: UInt32 = 0
        let code = gvRenderData(context, graph, format.graphvizName, &data, &length)
        guard code == 0, let data, length > 0 else {
            let messages = ErrorLog.messages
            let lacksPlugin = ["not recognized", "Could not load"].contains { words in
                messages.contains { $0.contains(words) }
            }
            if lacksPlugin { throw .unsupported(format) }
            throw .graphviz(messages)
        }
        defer { gvFreeRenderData(data) }
        return UnsafeRawBufferPointer(start: data, count: Int(length)).map { $0 }
    }
}

extension ImageFormat {
    fileprivate var graphvizName: String {
        switch self {
        // By name, since cairo's SVG has no elements of its own for boxes and arrows.
        case .svg: "svg:svg:core"
        case .png: "png:cairo"
        case .pdf: "pdf:cairo"
        }
    }
}

/// What Graphviz has complained of.
///
/// Used under the renderer's lock only.
private enum ErrorLog {
    nonisolated(unsafe) private static var text = ""

    /// Starts afresh and takes the messages that would go to standard error.
    static func begin() {
        text = ""
        agreseterrors()
        agseterrf { message in
            if let message, ErrorLog.text.utf8.count < 4_000 { ErrorLog.text += String(cString: message) }
            return 0
        }
    }

    static var messages: [String] {
        LabelText.cut(text, to: 1_000).isEmpty
            ? []
            : text.split(whereSeparator: \.isNewline).prefix(8).map { LabelText.cut(String($0)) }.filter { !$0.isEmpty }
    }
}
