/// What a person wrote about an entity beyond its name and needs.
///
/// Most entities have none.
public struct EntityDetails: Hashable, Sendable {
    /// A name for people, for example `Stockholm`.
    public var label: String?
    /// Words that `kind[tag]` selects by, in the order written; a topology of several files may repeat one.
    public var tags: [String] = []
    /// Other names under which alerts mention it: addresses, host names.
    public var aliases: [String] = []
    /// How much the entity matters; nil leaves it to its kind.
    public var criticality: Criticality?
    /// Who to call, in the owners' own words.
    public var owner: String?
    /// The entities that watch it: when one of them is affected, silence here proves nothing.
    public var observers: [EntityID] = []
    /// Where it can run when the place that it has is lost, the preferred first; empty for what stays where it is.
    public var canRunOn: [EntityID] = []
    /// How much fits on it, in the unit of ``uses``; nil takes any number.
    public var capacity: Double?
    /// How much of its place's capacity it takes.
    public var uses: Double?

    /// No details: what an entity has that only needs are written of.
    public init() {}

    /// What an entity without details has.
    package static let none = EntityDetails()
}
