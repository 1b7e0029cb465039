public import Topology

/// How much the loss of one entity costs, by its criticality.
///
/// The defaults are half a decade apart: one thing of a level weighs about as much as three of the level below. What is
/// only degraded counts a quarter. Sums of the default weights are exact, so ranks never depend on rounding.
public struct LossWeights: Sendable, Hashable {
    /// The weight of an entity of low criticality that is down.
    public var low: Double
    /// The weight of an entity of medium criticality that is down.
    public var medium: Double
    /// The weight of an entity of high criticality that is down.
    public var high: Double
    /// The weight of a critical entity that is down.
    public var critical: Double
    /// What a degraded entity counts, as a share of what it counts when it is down.
    public var degradedShare: Double

    /// The default weights, each of which can be set.
    public init(
        low: Double = 1,
        medium: Double = 3,
        high: Double = 10,
        critical: Double = 30,
        degradedShare: Double = 0.25
    ) {
        self.low = low
        self.medium = medium
        self.high = high
        self.critical = critical
        self.degradedShare = degradedShare
    }

    /// Every weight by the name under which topology.yaml sets it, in the order of the documentation.
    private static var names: [(name: String, path: WritableKeyPath<LossWeights, Double>)] {
        [
            ("loss_low", \.low), ("loss_medium", \.medium), ("loss_high", \.high), ("loss_critical", \.critical),
            ("loss_degraded_share", \.degradedShare),
        ]
    }

    /// The names that ``set(_:to:)`` knows.
    public static var allNames: [String] { names.map(\.name) }

    /// Sets a weight by name.
    ///
    /// Returns false when there is none of that name.
    public mutating func set(_ name: String, to value: Double) -> Bool {
        guard let entry = Self.names.first(where: { $0.name == name }) else { return false }
        self[keyPath: entry.path] = value
        return true
    }

    /// The weight of one entity of this criticality that is down.
    public subscript(criticality: Criticality) -> Double {
        switch criticality {
        case .low: low
        case .medium: medium
        case .high: high
        case .critical: critical
        }
    }

    /// The cost of so many entities down and degraded, counted by the rank of their criticality.
    package func cost(down: SIMD4<Int32>, degraded: SIMD4<Int32>) -> Double {
        let weights = SIMD4(low, medium, high, critical)
        return (weights * SIMD4<Double>(down)).sum() + (weights * SIMD4<Double>(degraded)).sum() * degradedShare
    }
}
