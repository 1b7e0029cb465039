package import Diagram

/// What can be drawn.
package enum ImageFormat: String, CaseIterable, Sendable {
    case svg
    case png
    case pdf
}

/// How boxes are placed.
package enum LayoutEngine: String, CaseIterable, Sendable {
    /// In layers from left to right.
    case dot
    /// By forces: fast on dense graphs, and rooms are lost.
    case sfdp
}

/// How much a rendering child may use.
package struct RenderingLimits: Hashable, Sendable {
    /// Of wall time and of processor time, for each attempt.
    package var seconds: Int
    /// Of memory, beyond what the process already has.
    package var memory: Int

    package init(seconds: Int = 10, memory: Int = 1 << 30) {
        self.seconds = max(1, seconds)
        self.memory = memory
    }
}

/// A drawn picture.
package struct Rendering: Sendable {
    package var bytes: [UInt8]
    /// What was given up to get it, in sentences; empty for the picture that was asked for.
    package var concessions: [String]
    /// The picture that was drawn: the one asked for or one with fewer boxes.
    package var diagram: Diagram
}

/// Why there is no picture.
package enum RenderingError: Error, Hashable, Sendable {
    /// Graphviz has no plugin for it on this machine.
    case unsupported(ImageFormat)
    /// Graphviz refused, with its messages.
    case graphviz([String])
    case timedOut(seconds: Int)
    /// Somebody else ended the child: a person, or a system that ran out of memory.
    case killed
    /// The child sent more than any picture has.
    case tooLarge(bytes: Int)
    /// The child crashed with a signal.
    case crashed(signal: Int)
    /// The child ended by itself, with an exit code and no picture.
    case exited(code: Int)
    /// There is no child: a system call failed with this `errno`.
    case cannotStart(operation: String, code: Int)
}

extension RenderingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupported(let format):
            "Graphviz cannot write \(format.rawValue) here: a plugin is missing (Debian: libgvc6 with libgvplugin_pango)"
        case .graphviz(let messages):
            messages.isEmpty ? "Graphviz failed without a message" : "Graphviz: \(messages.joined(separator: "; "))"
        case .timedOut(let seconds): "the layout took longer than \(seconds) s"
        case .killed: "the renderer was killed from outside"
        case .tooLarge(let bytes): "the picture has more than \(bytes >> 20) MiB"
        case .crashed(let signal): "Graphviz crashed with signal \(signal)"
        case .exited(let code): "Graphviz ended the renderer with exit code \(code)"
        case .cannotStart(let operation, let code):
            "the renderer could not start: \(operation) failed with errno \(code)"
        }
    }
}
