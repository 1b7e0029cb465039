public import Topology

/// The cheapest explanation of the evidence, what speaks for it, and what else it could be.
public struct Diagnosis: Sendable {
    /// A fault that the explanation needs.
    public struct Root: Sendable {
        public var entity: EntityID
        public var effect: Effect
        /// The change that it followed, as an index into ``Evidence/changes``.
        public var change: Int?
        /// The chance that this entity is a cause, given the evidence and the rivals.
        public var confidence: Double
        /// The symptoms that it explains, alone or with other roots, as indices into ``Evidence/symptoms``.
        public var symptoms: [Int]
        /// The symptom that dates it: the earliest of those that it explains.
        public var datedBy: Int?
        /// What else could take its place, likeliest first.
        public var alternatives: [Alternative]
    }

    /// Another explanation of what a root explains.
    public struct Alternative: Sendable {
        /// The entity that would have failed instead; nil when the symptoms would be noise.
        public var entity: EntityID?
        public var effect: Effect
        public var confidence: Double
        /// How much dearer the explanation is than the best.
        public var gap: Cost
        /// What would tell the two apart.
        public var check: Check?
    }

    /// An entity whose state differs between two explanations.
    public struct Check: Sendable {
        public var entity: EntityID
        /// What it would be if the chosen root is right, and if the alternative is; nil means well.
        public var ifRoot: Effect?
        public var ifAlternative: Effect?
    }

    /// An entity that the explanation affects.
    public struct Affected: Sendable {
        public var entity: EntityID
        public var effect: Effect
        /// The roots that bring it about, as indices into ``roots``.
        public var because: [Int]
        /// The entities between the root and this one, in the order of the failure.
        public var via: [EntityID]
    }

    /// What became of a symptom.
    public struct Account: Sendable {
        public var isExplained: Bool
        public var because: [Int]
        public var via: [EntityID]
    }

    public struct BlindSpot: Sendable, Hashable {
        public var entity: EntityID
        public var observer: EntityID
    }

    /// The roots, those that explain most first.
    public var roots: [Root]
    /// Every candidate, likeliest first.
    public var ranking: [(entity: EntityID, confidence: Double)]
    /// One for each symptom of the evidence.
    public var accounts: [Account]
    public var affected: [Affected]
    public var blindSpots: [BlindSpot]
    /// What the chosen explanation costs, and what every explanation costs at least.
    public var cost: Cost
    public var lowerBound: Cost
    public var isProven: Bool { cost <= lowerBound }
}
