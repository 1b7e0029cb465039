internal import Foundation

/// An amount of surprise in micro-nats: a millionth of −ln(probability).
///
/// Whole numbers make proofs and bytes reproducible; sums of costs are products of probabilities.
public typealias Cost = Int64

extension Cost {
    /// A cost from nats, rounded to the nearest micro-nat.
    ///
    /// Traps when it is not finite or beyond 9.2 × 10¹² nats.
    public init(nats: Double) { self = Cost((nats * 1_000_000).rounded()) }

    /// The cost in nats.
    public var nats: Double { Double(self) / 1_000_000 }

    /// What it costs to assume an event of this chance rather than its absence: ln((1−p)/p).
    ///
    /// The chance is kept between 10⁻¹² and 1 − 10⁻¹², which bounds the cost by 27.6 nats either way; beyond a half it
    /// is negative.
    public static func ofAssuming(chance: Double) -> Cost {
        let chance = Swift.min(Swift.max(chance, 1e-12), 1 - 1e-12)
        return Cost(nats: log((1 - chance) / chance))
    }

    /// e^(−cost), the odds against the best when the cost is a gap.
    public var odds: Double { exp(-nats) }
}
