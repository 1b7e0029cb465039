internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Diagram
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

    /// How much of a platform to draw.
    ///
    /// - Throws: a finding when the platform does not have the entity to focus on.
    func drawing(of topology: Topology) throws(Diagnostic) -> DiagramOptions {
        var options = DiagramOptions(maxBoxes: maxBoxes, radius: radius, all: all, direction: direction)
        guard let focus else { return options }
        do throws(Diagnostic) {
            options.focus = try topology.entity(called: focus)
            return options
        } catch {
            var finding = error
            finding.summary = "--focus: \(error.summary)"
            throw finding
        }
    }
}

extension Diagram.Direction: ExpressibleByArgument {}
