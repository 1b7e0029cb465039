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
        package var links: [SafeLink]
        /// By index.
        package var room: Int?
        /// 0 is the last to be cut.
        package var rank: Int
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
        case box(BoxStyle)
        case arrow(CauseArrow.Kind)

        /// What it means, in a few words.
        package var meaning: String {
            switch self {
            case .box(.root): "root cause"
            case .box(.rival): "may be the cause instead"
            case .box(.down): "down"
            case .box(.degraded): "degraded"
            case .box(.reduced): "serving, redundancy lost"
            case .box(.unexplained): "unexplained"
            case .box(.blindSpot): "blind spot: cannot be observed"
            case .box(.witness): "witness"
            case .box(.context): "not affected"
            case .arrow(.carries): "takes down"
            case .arrow(.harms): "harms"
            case .arrow(.possible): "possibly"
            case .arrow(.observes): "seen by"
            case .arrow(.needs): "needed by"
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
        case .reduced: "REDUNDANCY LOST"
        case .unexplained: "UNEXPLAINED ?"
        case .blindSpot: "BLIND SPOT"
        case .witness: "WITNESS"
        case .context: nil
        }
    }
}
