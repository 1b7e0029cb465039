/// What a person wrote about an entity beyond its name and needs. Most entities have none.
public struct EntityDetails: Hashable, Sendable {
    /// A name for people, for example `Stockholm`.
    public var label: String?
    public var tags: [String] = []
    /// Other names under which alerts mention it: addresses, host names.
    public var aliases: [String] = []
    public var criticality: Criticality?
    public var owner: String?
    /// The entities that watch it: when one of them is affected, silence here proves nothing.
    public var observers: [EntityID] = []

    public init() {}

    package static let none = EntityDetails()
}
