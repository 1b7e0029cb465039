/// A dense number for an entity within one topology: its rank when all names are sorted.
///
/// Numbers from different topologies must not be mixed.
public struct EntityID: RawRepresentable, Hashable, Comparable, Sendable {
    /// From 0 to one less than ``Topology/entityCount``, without gaps.
    public let rawValue: Int32

    /// The entity with this rank; no check that a topology has it.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The entity at a place in a column of the topology.
    package init(_ index: Int) { rawValue = Int32(truncatingIfNeeded: index) }

    /// Its place in the columns of the topology.
    package var index: Int { Int(rawValue) }

    /// Whether the left name sorts first: the order of entities is that of their full names.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
