package import Diagnostics

/// A platform: what can fail and what each thing needs, validated and immutable.
///
/// Entities are numbered densely in the order of their names; columns are flat arrays indexed by `EntityID`. Built by
/// ``TopologyDeclaration/resolved()``.
public struct Topology: Sendable {
    /// What people call the platform, when the file says.
    public let name: String?
    /// The kinds that entities have, sorted by name.
    public let kinds: [Kind]

    package let names: [String]
    package let kindIndices: [Int32]
    /// The entity that each is placed on, or -1.
    package let places: [Int32]
    package let requirementOffsets: [Int32]
    package let requirementRecords: [RequirementRecord]
    package let members: [Int32]
    package let details: [Int32: EntityDetails]
    package let locations: [SourceLocation]
    /// Sorted by alias; an alias may name several entities.
    package let aliases: [String: [EntityID]]

    package struct RequirementRecord: Sendable {
        var firstMember: Int32
        var memberCount: Int32
        var minimum: Int32
        var strength: Requirement.Strength
    }

    package init(
        name: String?,
        kinds: [Kind],
        names: [String],
        kindIndices: [Int32],
        places: [Int32],
        requirementOffsets: [Int32],
        requirementRecords: [RequirementRecord],
        members: [Int32],
        details: [Int32: EntityDetails],
        locations: [SourceLocation]
    ) {
        self.name = name
        self.kinds = kinds
        self.names = names
        self.kindIndices = kindIndices
        self.places = places
        self.requirementOffsets = requirementOffsets
        self.requirementRecords = requirementRecords
        self.members = members
        self.details = details
        self.locations = locations
        var aliases: [String: [EntityID]] = [:]
        for (entity, detail) in details.sorted(by: { $0.key < $1.key }) {
            for alias in detail.aliases { aliases[alias, default: []].append(EntityID(rawValue: entity)) }
        }
        self.aliases = aliases
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
