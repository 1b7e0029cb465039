internal import Foundation
public import Topology

/// How likely each entity is to have failed by itself in the time that an incident looks back over.
///
/// A kind that fails λ times a year has failed within a window of w with the chance 1 − e^(−λw). The cost of assuming
/// the fault is ln((1−p)/p).
public struct FaultPriors: Sendable {
    /// How far back an incident reaches, in hours.
    public var windowHours: Double

    /// What makes single entities less likely to have failed than their kind says or, if negative, more likely.
    public var surcharges: [EntityID: Cost] = [:]

    /// Priors for incidents that reach back so many hours, without surcharges.
    public init(windowHours: Double = 6) { self.windowHours = windowHours }

    func surcharge(of entity: EntityID) -> Cost { surcharges[entity] ?? 0 }

    /// The cost of assuming that one entity of the kind failed by itself.
    ///
    /// The chance of a fault counts as 0.4 at most, so that the cost is positive however often the kind fails.
    public func cost(of kind: Kind) -> Cost {
        let chance = 1 - exp(-kind.faultsPerYear * windowHours / 8_766)
        return Cost.ofAssuming(chance: Swift.min(chance, 0.4))
    }
}
