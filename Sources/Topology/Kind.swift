/// A sort of entity: how people call it and how it tends to fail.
public struct Kind: Hashable, Sendable {
    /// As written in entity names, for example `nixos-deploy`.
    public var name: String
    /// For people, singular, for example `NixOS deploy`.
    public var label: String
    /// How often one such thing fails by itself, in faults a year. Every prior comes from this.
    public var faultsPerYear: Double
    /// The area of impact under which a report lists it.
    public var area: Area
    public var criticality: Criticality
    /// Whether it carries others rather than serving by itself: a diagram nests what is placed on it.
    public var isBuiltIn: Bool

    public init(
        name: String,
        label: String? = nil,
        faultsPerYear: Double? = nil,
        area: Area = .services,
        criticality: Criticality = .medium,
        isBuiltIn: Bool = false
    ) {
        self.name = name
        self.label = label ?? name.replacingHyphens
        self.faultsPerYear = faultsPerYear ?? KindFamily(kind: name).faultsPerYear
        self.area = area
        self.criticality = criticality
        self.isBuiltIn = isBuiltIn
    }

    /// Whether monitoring usually watches such a thing itself, judged by the name.
    package var isUsuallyWatched: Bool { KindFamily(kind: name).isUsuallyWatched }
}

/// The areas under which a report sums up the impact.
public struct Area: RawRepresentable, Hashable, Sendable {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let network = Area(rawValue: "Network")
    public static let dns = Area(rawValue: "DNS")
    public static let compute = Area(rawValue: "Compute")
    public static let storage = Area(rawValue: "Data")
    public static let monitoring = Area(rawValue: "Monitoring")
    public static let deployments = Area(rawValue: "Deployments")
    public static let services = Area(rawValue: "Services")
}

extension String {
    fileprivate var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }
}
