/// A platform: what can fail and what each thing needs, validated and immutable.
///
/// Entities are numbered densely in the order of their names; columns are flat arrays indexed by `EntityID`. Built by
/// ``TopologyDeclaration/resolved()``.
public struct Topology: Sendable {
    /// What people call the platform, when the file says.
    public let name: String?
    /// The kinds that entities have, sorted by name.
    public let kinds: [Kind]

    /// The full names, ascending.
    package let names: TextTable
    /// The entities in the order of the last parts of their names.
    package let lastPartOrder: [Int32]
    package let kindIndices: [Int32]
    /// The entity that each is placed on, or -1.
    package let places: [Int32]
    package let requirementOffsets: [Int32]
    package let requirementRecords: [RequirementRecord]
    package let members: [Int32]
    package let details: DetailTable
    package let aliases: AliasTable
    /// The files that declare entities, as their paths were given.
    package let files: [String]
    /// Where in ``files`` each entity is declared.
    package let marks: [TopologyDeclaration.Mark]

    package struct RequirementRecord: Sendable, BitwiseCopyable {
        package var firstMember: Int32
        package var memberCount: Int32
        /// How many members must be up; 0 for a weak need, whose only member need not.
        package var minimum: Int32

        /// Where in ``Topology/members`` the members are.
        @inlinable
        package var memberRange: Range<Int> { Int(firstMember)..<Int(firstMember + memberCount) }
        /// Whether the entity is only degraded without it.
        @inlinable
        package var isWeak: Bool { minimum == 0 }
        /// How many members must be down before the need is unmet.
        @inlinable
        package var threshold: Int32 { memberCount - max(1, minimum) + 1 }
    }

    package init(
        name: String?,
        kinds: [Kind],
        names: TextTable,
        lastPartOrder: [Int32]? = nil,
        kindIndices: [Int32],
        places: [Int32],
        requirementOffsets: [Int32],
        requirementRecords: [RequirementRecord],
        members: [Int32],
        details: DetailTable,
        aliases: AliasTable,
        files: [String],
        marks: [TopologyDeclaration.Mark]
    ) {
        self.name = name
        self.kinds = kinds
        self.names = names
        self.lastPartOrder = lastPartOrder ?? Self.lastPartOrder(of: names)
        self.kindIndices = kindIndices
        self.places = places
        self.requirementOffsets = requirementOffsets
        self.requirementRecords = requirementRecords
        self.members = members
        self.details = details
        self.aliases = aliases
        self.files = files
        self.marks = marks
    }

    /// - Complexity: O(length of the last parts that tell them apart).
    private static func lastPartOrder(of names: TextTable) -> [Int32] {
        let starts = names.indices.map { UInt32(names.lastPart(of: $0).lowerBound) }
        return ByteOrder.sorted(names.bytes, starts: starts, ends: Array(names.offsets.dropFirst()))
    }
}

extension TextTable {
    /// Where the last part of an entity's name is: what follows the kind and, if there is one, the namespace.
    package func lastPart(of position: Int) -> Range<Int> {
        let range = range(of: position)
        let slash = UInt8(ascii: "/")
        guard let first = bytes[range].firstIndex(of: slash) else { return range }
        let second = bytes[(first + 1)..<range.upperBound].firstIndex(of: slash)
        return ((second ?? first) + 1)..<range.upperBound
    }
}

/// One thing that an entity needs: at least `minimum` of the members must be up.
public struct Requirement: Sendable {
    /// What an unmet need does to the entity that has it.
    public enum Strength: UInt8, Sendable {
        /// Without it the entity is down.
        case hard
        /// Without it the entity is only degraded.
        case weak
    }

    /// The entities that can serve the need, as dense numbers in the order written.
    package let memberIndices: ArraySlice<Int32>
    /// How many members must be up; 1 for a plain need and for `any`.
    public let minimum: Int
    /// What happens when fewer than ``minimum`` members are up; a group is always hard.
    public let strength: Strength

    /// The entities that can serve the need, each once, in the order written.
    public var members: [EntityID] { memberIndices.map(EntityID.init(rawValue:)) }

    /// Whether it is a redundancy group rather than a plain need.
    public var isGroup: Bool { memberIndices.count > 1 }

    /// How many members must be down before the need is unmet.
    package var threshold: Int { memberIndices.count - minimum + 1 }
}
