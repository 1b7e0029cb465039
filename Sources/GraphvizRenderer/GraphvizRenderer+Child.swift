package import Diagram

extension GraphvizRenderer {
    /// Draws a diagram in a child process with limits.
    ///
    /// When that fails, gives up boxes, then the layered layout, before it gives up the picture.
    ///
    /// The caller should be single-threaded at that moment: the child is a fork, not a new program.
    /// `fewerBoxes` makes the same picture with at most so many boxes, or nil if there is none.
    ///
    /// - Throws: what went wrong with the picture as it was asked for, when no simpler one worked either.
    package static func renderInChild(
        _ diagram: Diagram,
        as format: ImageFormat,
        limits: RenderingLimits = RenderingLimits(),
        fewerBoxes: (Int) -> Diagram? = { _ in nil }
    ) throws(RenderingError) -> Rendering {
        try ladder(diagram, fewerBoxes: fewerBoxes) { (diagram, engine) throws(RenderingError) in
            try child(diagram, as: format, engine: engine, limits: limits)
        }
    }

    /// One attempt.
    private static func child(
        _ diagram: Diagram,
        as format: ImageFormat,
        engine: LayoutEngine,
        limits: RenderingLimits
    ) throws(RenderingError) -> [UInt8] {
        // The lock spans the fork, so that no other thread is inside Graphviz at that moment.
        try locked { () throws(RenderingError) in
            try RenderingChild.run(limits: limits) {
                Result { () throws(RenderingError) in try renderUnlocked(diagram, as: format, engine: engine) }
            }
        }
    }

    /// The attempts in order, until one works.
    static func ladder(
        _ diagram: Diagram,
        fewerBoxes: (Int) -> Diagram?,
        attempt: (Diagram, LayoutEngine) throws(RenderingError) -> [UInt8]
    ) throws(RenderingError) -> Rendering {
        let first: RenderingError
        do throws(RenderingError) {
            return Rendering(bytes: try attempt(diagram, .dot), concessions: [], diagram: diagram)
        } catch {
            first = error
        }
        // A missing plugin or a failed fork does not depend on the picture.
        switch first {
        case .unsupported, .cannotStart: throw first
        default: break
        }
        var smallest = diagram
        var boxes = diagram.boxes.count / 2
        while boxes >= 4, smallest.boxes.count > 4, let smaller = fewerBoxes(boxes) {
            guard smaller.boxes.count < smallest.boxes.count else { break }
            smallest = smaller
            if let bytes = try? attempt(smaller, .dot) {
                let concession = "drawn with \(smaller.boxes.count) boxes instead of \(diagram.boxes.count): \(first)"
                return Rendering(bytes: bytes, concessions: [concession], diagram: smaller)
            }
            boxes /= 4
        }
        if let bytes = try? attempt(smallest, .sfdp) {
            let concession = "drawn with \(smallest.boxes.count) boxes, without layers and rooms: \(first)"
            return Rendering(bytes: bytes, concessions: [concession], diagram: smallest)
        }
        throw first
    }
}
