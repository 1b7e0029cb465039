/// A dense number for an entity within one topology: its rank when all names are sorted.
///
/// Numbers from different topologies must not be mixed.
public struct EntityID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    package init(_ index: Int) { rawValue = Int32(truncatingIfNeeded: index) }

    package var index: Int { Int(rawValue) }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
