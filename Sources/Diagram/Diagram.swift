/// A picture as data: boxes in rooms, arrows from cause to effect, a title above and a legend below.
///
/// Everything is in drawing order, the same for the same source. Texts are free of control and bidirectional characters
/// and cut to a length that a box can hold, but not escaped for any language: each writer does that itself.
package struct Diagram: Sendable {
    package var heading: String?
    package var title: String
    package var facts: [String]
    package var rooms: [Room]
    package var boxes: [Box]
    package var arrows: [Arrow]
    /// Where effects stand, seen from their causes.
    package var direction = Direction.right
    /// The styles that occur.
    package var legend: [LegendEntry]
    /// Quiet lines at the bottom: what was set aside, what was not drawn.
    package var notes: [String]
    /// The conclusion in words, for people who cannot see the picture.
    package var description: [String]

    /// A place that holds boxes and other rooms.
    package struct Room: Hashable, Sendable {
        package var id: String
        package var name: String
        /// What people call it: `Stockholm`.
        package var label: String?
        /// The room that this one is in, by index; always an earlier one.
        package var parent: Int?
    }

    /// How a box looks, which is what it means.
    package enum BoxStyle: String, CaseIterable, Sendable {
        case root
        case rival
        case down
        case degraded
        case expected
        case reduced
        case unexplained
        case blindSpot = "blind-spot"
        case witness
        case context
    }

    package struct Box: Hashable, Sendable {
        /// Derived from the entity's name; fit for XML, CSS and DOT.
        package var id: String
        package var style: BoxStyle
        /// How many entities it stands for.
        package var memberCount: Int
        /// What kind of thing and what is the matter, in capitals; a namespace stays as it is written.
        package var caption: String
        package var names: [String]
        /// How many more there are: `+9 more`.
        package var more: String?
        package var lines: [String]
        package var tooltip: [String]
        /// The first is the box's own.
        package var links: [Link]
        /// By index.
        package var room: Int?
        /// 0 is the last to be cut.
        package var rank: Int
    }

    /// A way out of the picture: at most one of each kind in a box.
    package struct Link: Hashable, Sendable {
        package var kind: EvidenceLink.Kind
        package var target: SafeLink
    }

    package struct Arrow: Hashable, Sendable {
        package var id: String
        /// By index.
        package var from: Int
        package var to: Int
        package var kind: CauseArrow.Kind
        package var label: String?
    }

    package enum LegendEntry: Hashable, Sendable {
        case box(BoxStyle, as: String? = nil)
        case arrow(CauseArrow.Kind, as: String? = nil)

        /// What it means, in a few words.
        package var meaning: String {
            switch self {
            case .box(_, .some(let meaning)), .arrow(_, .some(let meaning)): meaning
            case .box(.root, nil): "root cause"
            case .box(.rival, nil): "may be the cause instead"
            case .box(.down, nil): "down"
            case .box(.degraded, nil): "degraded"
            case .box(.expected, nil): "follows from the cause, no alert"
            case .box(.reduced, nil): "serving, redundancy lost"
            case .box(.unexplained, nil): "unexplained"
            case .box(.blindSpot, nil): "blind spot: its observer is affected"
            case .box(.witness, nil): "witness"
            case .box(.context, nil): "not affected"
            case .arrow(.carries, nil): "takes down"
            case .arrow(.harms, nil): "harms"
            case .arrow(.possible, nil): "possibly"
            case .arrow(.misreports, nil): "false alert about"
            case .arrow(.observes, nil): "cannot reach"
            case .arrow(.blinds, nil): "cannot see"
            case .arrow(.needs, nil): "needed by"
            }
        }
    }
}

extension Diagram.BoxStyle {
    /// The words that a caption adds, so that no meaning rests on colour alone.
    package func words(rank: Int?) -> String? {
        switch self {
        case .root: rank.map { "ROOT CAUSE \($0)" } ?? "ROOT CAUSE"
        case .rival: rank.map { "OR INSTEAD OF \($0)" } ?? "POSSIBLE CAUSE"
        case .down: "DOWN"
        case .degraded: "DEGRADED"
        case .expected: "EXPECTED, NO ALERT"
        case .reduced: "REDUNDANCY LOST"
        case .unexplained: "UNEXPLAINED ?"
        case .blindSpot: "BLIND SPOT"
        case .witness: "WITNESS"
        case .context: nil
        }
    }
}
