/// How much it matters that an entity works, as its owners say.
public enum Criticality: String, CaseIterable, Comparable, Sendable {
    case low
    case medium
    case high
    case critical

    /// Whether the left matters less: `low` is the least.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

    /// 0 for `low` to 3 for `critical`.
    package var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}
