/// A sort of entity: how people call it and how it tends to fail.
public struct Kind: Hashable, Sendable {
    /// As written in entity names, for example `nixos-deploy`.
    public var name: String
    /// For people, singular, for example `NixOS deploy`.
    public var label: String
    /// How often one such thing fails by itself, in faults a year.
    ///
    /// Every prior comes from this.
    public var faultsPerYear: Double
    /// The area of impact under which a report lists it.
    public var area: Area
    /// How much such a thing matters where the entity itself does not say.
    public var criticality: Criticality

    /// A kind; what is left out follows from the name.
    ///
    /// Without a label the name is used, its hyphens replaced by spaces; without a rate that of the kind's family.
    public init(
        name: String,
        label: String? = nil,
        faultsPerYear: Double? = nil,
        area: Area = .services,
        criticality: Criticality = .medium
    ) {
        self.name = name
        self.label = label ?? name.replacingHyphens
        self.faultsPerYear = faultsPerYear ?? KindFamily(kind: name).faultsPerYear
        self.area = area
        self.criticality = criticality
    }

    /// Whether monitoring usually watches such a thing itself, judged by the name.
    package var isUsuallyWatched: Bool { KindFamily(kind: name).isUsuallyWatched }
}

/// The areas under which a report sums up the impact.
public struct Area: RawRepresentable, Hashable, Sendable {
    /// The heading as people read it; two areas with the same text are one.
    public var rawValue: String

    /// A built-in area or one of the user's own, for any text makes one.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Sites, links and what forwards traffic between them.
    public static let network = Area(rawValue: "Network")
    /// Name servers and the names they answer for.
    public static let dns = Area(rawValue: "DNS")
    /// Machines and clusters, with the racks and the power that they stand on.
    public static let compute = Area(rawValue: "Compute")
    /// Volumes, databases, caches, queues; its heading is `Data`.
    public static let storage = Area(rawValue: "Data")
    /// What watches the rest: when it fails, silence proves nothing.
    public static let monitoring = Area(rawValue: "Monitoring")
    /// What changes the rest: pipelines, releases, configuration.
    public static let deployments = Area(rawValue: "Deployments")
    /// Workloads, what people use, and every kind that does not say otherwise.
    public static let services = Area(rawValue: "Services")
}

extension String {
    fileprivate var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }
}
