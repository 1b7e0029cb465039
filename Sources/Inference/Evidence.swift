public import Topology

/// What is known about an incident, in the terms of the failure graph: no alert, label or rule is left in it.
///
/// Times are milliseconds since 1970 in UTC; weights are micro-nats (``Cost``).
public struct Evidence: Sendable {
    public var symptoms: [Symptom] = []
    public var health: [HealthyObservation] = []
    public var silences: [Silence] = []
    public var changes: [Change] = []
    /// Whether something is taken to have failed even where calling all of it noise would be cheaper: whoever asks has
    /// been called, which is evidence too.
    public var presumesFault = false

    public init() {}
}

/// A sign that something is the matter with an entity.
public struct Symptom: Sendable {
    /// The entity and effect that were observed. `down` is explained by down; `degraded` by down, degraded or reduced;
    /// `starved` by starved or down.
    public var entity: EntityID
    public var effect: Effect
    /// What it costs to leave it unexplained: ln(d/f), d = chance that it shows when the thing is so, f = that it shows
    /// anyway.
    public var weight: Cost
    /// When the condition began. The symptom is explained only by what can be so at the upper bound.
    public var onset: ClosedRange<Int64>
    /// Who saw it: the symptom is also explained when the witness itself is affected and doubted.
    public var witness: EntityID?
    /// What it costs to assume that what the witness saw was its own trouble, once for all that it saw.
    public var witnessDoubt: Cost

    public init(
        entity: EntityID,
        effect: Effect,
        weight: Cost,
        onset: ClosedRange<Int64>,
        witness: EntityID? = nil,
        witnessDoubt: Cost = 0
    ) {
        self.entity = entity
        self.effect = effect
        self.weight = weight
        self.onset = onset
        self.witness = witness
        self.witnessDoubt = witnessDoubt
    }
}

/// A probe that passed, or a person's word that a thing works.
public struct HealthyObservation: Sendable {
    public var entity: EntityID
    /// When it was seen healthy; nil means now, at the end of the incident.
    public var at: Int64?
    /// What it costs to contradict it.
    public var weight: Cost

    public init(entity: EntityID, at: Int64?, weight: Cost) {
        self.entity = entity
        self.at = at
        self.weight = weight
    }
}

/// A monitored entity that shows nothing.
public struct Silence: Sendable {
    public var entity: EntityID
    /// What it costs when the entity is a root cause and yet shows nothing.
    public var ownWeight: Cost
    /// What it costs when the entity is only downstream of one; smaller, for effects do not always arrive.
    public var downstreamWeight: Cost
    /// What it costs to assume that a failure passes through the entity to others and still does not show on it.
    public var relayWeight: Cost
    /// Who would have raised the alarm: when one of them is affected, the silence proves nothing.
    public var observers: [EntityID]

    public init(
        entity: EntityID,
        ownWeight: Cost,
        downstreamWeight: Cost,
        relayWeight: Cost = 0,
        observers: [EntityID] = []
    ) {
        self.entity = entity
        self.ownWeight = ownWeight
        self.downstreamWeight = downstreamWeight
        self.relayWeight = relayWeight
        self.observers = observers
    }
}

/// Something that people changed, and when. An entity is likelier to fail after a change, never before it for the
/// change's sake.
public struct Change: Sendable {
    public var entity: EntityID
    public var at: Int64
    /// The chance that the change broke the entity.
    public var cost: Cost

    public init(entity: EntityID, at: Int64, cost: Cost) {
        self.entity = entity
        self.at = at
        self.cost = cost
    }
}
