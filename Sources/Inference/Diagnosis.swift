public import Topology

/// The cheapest explanation of the evidence, what speaks for it, and what else it could be.
public struct Diagnosis: Sendable {
    /// A fault that the explanation needs.
    public struct Root: Sendable {
        /// What failed by itself, whether or not anything was seen on it.
        public var entity: EntityID
        /// How it failed: `down` or `degraded`, the milder where both explain the same.
        public var effect: Effect
        /// The change that it followed, as an index into ``Evidence/changes``.
        public var change: Int?
        /// The chance that this entity is a cause, given the evidence and the rivals, from 0 to 1.
        ///
        /// It is the share of e^(−cost) that the explanations with this entity have, among all that were weighed and that
        /// differ from the best in what this entity is about.
        public var confidence: Double
        /// How much dearer the best explanation is in which this entity is well; nil when none is within the slack of the
        /// search for rivals (``Diagnosis/rivalSlack``).
        public var margin: Cost?
        /// The symptoms that it explains, alone or with other roots, as indices into ``Evidence/symptoms``.
        public var symptoms: [Int]
        /// The symptom that dates it: the earliest of those that it explains, but for what shows that it was not down yet.
        public var datedBy: Int?
        /// What else could take its place, likeliest first.
        public var alternatives: [Alternative]
        /// How many more could, of half a per cent or more, that ``alternatives`` has no room for.
        public var omittedAlternatives = 0
    }

    /// Another explanation of what a root explains.
    public struct Alternative: Sendable {
        /// The entity that would have failed instead; nil when the symptoms would be noise.
        public var entity: EntityID?
        /// What else would have failed, besides it and the other root causes.
        public var together: [EntityID] = []
        /// How that entity would have failed; for noise, how the root did.
        public var effect: Effect
        /// Its share of e^(−cost) in the root's own contest, from 0 to 1.
        public var confidence: Double
        /// How much dearer the explanation is than the best; 0 for one that is just as good.
        public var gap: Cost
        /// Whether the two stand and fall with the same evidence, so that only how often each fails tells them apart.
        public var isInterchangeable = false
        /// What would tell the two apart; nil for noise, and where nothing unobserved differs.
        public var check: Check?
    }

    /// Another explanation that was weighed: one that differs from the best in one independent part.
    public struct Rival: Sendable {
        /// All that would have failed, by entity.
        public var roots: [EntityID]
        /// How much dearer it is than the best; 0 for one that is just as good.
        public var gap: Cost
    }

    /// An entity whose state differs between two explanations.
    public struct Check: Sendable {
        /// What to look at: no symptom and no healthy observation is about it yet, or it is the root, and the alternative
        /// calls what was seen on it noise.
        public var entity: EntityID
        /// What it would be if the chosen root is right: down, degraded, or nil for well.
        public var ifRoot: Effect?
        /// What it would be if the alternative is; never the same as ``ifRoot``.
        public var ifAlternative: Effect?
    }

    /// An entity that the explanation affects.
    public struct Affected: Sendable {
        /// What is affected, the roots' own entities included; each has one row.
        public var entity: EntityID
        /// The gravest effect on it; `starved` only where a symptom on it shows that.
        public var effect: Effect
        /// The roots that bring it about, as indices into ``roots``, ascending.
        public var because: [Int]
        /// Whether it takes all of them: none does it alone.
        public var isJoint = false
        /// The entities between the root and this one, in the order of the failure.
        public var via: [EntityID]
    }

    /// What became of a symptom.
    public struct Account: Sendable {
        /// Whether the chosen faults and assumptions bring it about; if not, its weight was paid instead.
        public var isExplained: Bool
        /// The roots that explain it, as indices into ``roots``, ascending; empty when it is unexplained.
        public var because: [Int]
        /// Whether it takes all of them: none explains it alone.
        public var isJoint = false
        /// The entities between the first of them and the symptom, in the order of the failure.
        public var via: [EntityID]
        /// The roots that bring about what the symptom shows, but began at another time, as indices into ``roots``; empty
        /// for an explained one.
        public var outOfTime: [Int] = []
    }

    /// A silence that proves nothing, for whoever would have raised the alarm is affected itself.
    public struct BlindSpot: Sendable, Hashable {
        /// What is monitored, shows nothing, and is affected all the same.
        public var entity: EntityID
        /// The first of its observers that is down or degraded.
        public var observer: EntityID
    }

    /// The faults of the cheapest explanation, in a fixed order that does not rank them.
    ///
    /// Which of them is worst is for whoever knows the alerts to say.
    public var roots: [Root]
    /// Every entity of an explanation that was weighed, likeliest first, each once; ties by name.
    public var ranking: [(entity: EntityID, confidence: Double)]
    /// How many other explanations were weighed.
    public var rivalCount = 0
    /// The nearest of them, likeliest first.
    ///
    /// Parts of the evidence that have nothing to do with each other are varied one at a time: any choice in one part goes
    /// with any in another.
    public var rivals: [Rival] = []
    /// How much dearer than the best an explanation may be to be weighed as a rival: odds of 1 in 400.
    public static let rivalSlack: Cost = 6_000_000
    /// All irredundant explanations that cost at most this much more than the best were weighed; nil when there were too many
    /// to list.
    public var completeWithin: Cost?
    /// What became of each symptom, in the order of the evidence.
    public var accounts: [Account]
    /// All that the roots affect, by name, as if they had been simulated: no evidence bears on it.
    public var affected: [Affected]
    /// Silences that an affected observer excuses, in the order of the evidence.
    public var blindSpots: [BlindSpot]
    /// What the chosen explanation costs.
    public var cost: Cost
    /// What every explanation costs at least; below ``cost`` when the search ran out of budget.
    public var lowerBound: Cost
    /// Whether no explanation is cheaper: where a fault is presumed, none that has a fault.
    public var isProven: Bool { cost <= lowerBound }
}
