public import Topology

/// The question what becomes of the platform when some things fail, or work again.
public struct WhatIf: Sendable, Hashable {
    /// Something that is wrong by itself, not because of others.
    public struct Fault: Sendable, Hashable {
        /// What is at fault.
        public let entity: EntityID
        /// `down` or `degraded`.
        public let effect: Effect

        /// A fault of `entity`; an effect that is not a fault (`reduced`, `starved`) counts as `degraded`.
        public init(_ entity: EntityID, _ effect: Effect = .down) {
            self.entity = entity
            self.effect = effect == .down ? .down : .degraded
        }
    }

    /// What fails.
    public var losses: [EntityID]
    /// What keeps serving, but badly.
    public var degradations: [EntityID]
    /// What works again.
    ///
    /// Its faults are taken out of ``during`` before ``losses`` and ``degradations`` are added. What is down because of
    /// something else stays down.
    public var restores: [EntityID]
    /// The root faults of an incident that is going on: the state to start from.
    public var during: [Fault]
    /// Who can move elsewhere when its place is lost.
    public var placements: [Placement]
    /// How much fits on a place, in the unit of ``Placement/uses``; a place without an entry takes any number.
    public var capacity: [EntityID: Double]
    /// What things cost.
    public var weights: LossWeights

    /// Asks what becomes of the platform; everything that is not given is left out of the question.
    public init(
        losses: [EntityID] = [],
        degradations: [EntityID] = [],
        restores: [EntityID] = [],
        during: [Fault] = [],
        placements: [Placement] = [],
        capacity: [EntityID: Double] = [:],
        weights: LossWeights = LossWeights()
    ) {
        self.losses = losses
        self.degradations = degradations
        self.restores = restores
        self.during = during
        self.placements = placements
        self.capacity = capacity
        self.weights = weights
    }

    /// The faults of the state after everything in the question has happened, each once, the new ones first.
    var faultsAfter: [Fault] {
        let restored = Set(restores)
        var seen: Set<Fault> = []
        let all =
            losses.map { Fault($0, .down) } + degradations.map { Fault($0, .degraded) }
            + during.filter { !restored.contains($0.entity) }
        return all.filter { seen.insert($0).inserted }
    }
}

/// An entity that can run in more than one place.
public struct Placement: Sendable, Hashable {
    /// What can move.
    public let entity: EntityID
    /// Where it can run, the preferred first; the place that it has now may be among them.
    public let candidates: [EntityID]
    /// How much of a place's capacity it takes; nil takes none.
    public let uses: Double?

    /// States where `entity` can run.
    public init(entity: EntityID, candidates: [EntityID], uses: Double? = nil) {
        self.entity = entity
        self.candidates = candidates
        self.uses = uses
    }
}
