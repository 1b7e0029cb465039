public import Topology

/// What is known about an incident, in the terms of the failure graph: no alert, label or rule is left in it.
///
/// Times are milliseconds since 1970 in UTC; weights are micro-nats (``Cost``).
public struct Evidence: Sendable {
    /// What speaks for a fault; accounts of a ``Diagnosis`` follow this order.
    public var symptoms: [Symptom] = []
    /// What speaks against a fault, because somebody looked.
    public var health: [HealthyObservation] = []
    /// What speaks against a fault, because an alert should have come; at most one for an entity.
    public var silences: [Silence] = []
    /// What speaks against losses of a kind, because nothing of that kind has been heard.
    public var unheardKinds: [UnheardKind] = []
    /// What it costs that any thing of a first kind without a weight of its own is down, of a second besides, and so on:
    /// never rising.
    public var unheardKindPrices: [Cost] = []
    /// What people did, each entry about one entity; a change of several entities is several.
    public var changes: [Change] = []
    /// The symptoms that call people, as indices into ``symptoms``.
    ///
    /// One of them at least is taken to be explained even where calling all of it noise would be cheaper: whoever asks has
    /// been called, which is evidence too.
    public var calls: Set<Int> = []
    /// How far apart the effects of one fault usually begin at most, in milliseconds.
    ///
    /// Taking two that began d apart for effects of one fault costs ln(d/usual) beyond that; nil for nothing.
    public var usualDelay: Int64?
    /// What it costs besides, once, if any of these effects is that something goes down.
    public var lateLoss: Cost = 0

    /// How far clocks may disagree, in milliseconds: what is less apart may have begun in the other order.
    public static let clockError: Int64 = 30_000

    /// No evidence; its cheapest explanation is that nothing failed.
    public init() {}
}

/// A sign that something is the matter with an entity.
public struct Symptom: Sendable {
    /// What it was observed on, whatever it was observed by.
    public var entity: EntityID
    /// What was observed.
    ///
    /// `down` is explained by down; `degraded` by down, degraded or reduced; `starved` by starved or down.
    public var effect: Effect
    /// What it costs to leave it unexplained: ln(d/f).
    ///
    /// d is the chance that it shows when the thing is so, f that it shows anyway.
    public var weight: Cost
    /// When the condition began, in milliseconds since 1970 in UTC.
    ///
    /// The symptom is explained only by what can be so at the upper bound.
    public var onset: ClosedRange<Int64>
    /// Who saw it: the symptom is also explained when the witness itself is affected and doubted.
    public var witness: EntityID?
    /// What it costs to assume that what the witness saw was its own trouble, once for all that it saw.
    public var witnessDoubt: Cost
    /// What it costs that the entity is down while this is still seen; 0 for what is seen from outside.
    public var lifeWeight: Cost

    /// A symptom; with a doubt of 0 the state of the witness explains it for nothing.
    public init(
        entity: EntityID,
        effect: Effect,
        weight: Cost,
        onset: ClosedRange<Int64>,
        witness: EntityID? = nil,
        witnessDoubt: Cost = 0,
        lifeWeight: Cost = 0
    ) {
        self.entity = entity
        self.effect = effect
        self.weight = weight
        self.onset = onset
        self.witness = witness
        self.witnessDoubt = witnessDoubt
        self.lifeWeight = lifeWeight
    }
}

extension Symptom {
    /// The effects on its entity any of which explains it.
    package var causes: [Effect] {
        switch effect {
        case .down: [.down]
        case .degraded, .reduced: [.down, .degraded, .reduced]
        case .starved: [.down, .starved]
        }
    }
}

/// A probe that passed, or a person's word that a thing works.
public struct HealthyObservation: Sendable {
    /// What was seen to work; down and degraded contradict it, reduced and starved do not.
    public var entity: EntityID
    /// When it was seen healthy, in milliseconds since 1970 in UTC; nil means now, at the end of the incident.
    public var at: Int64?
    /// What it costs to contradict it.
    public var weight: Cost

    /// An observation of health; what is known to have begun after its time does not contradict it.
    public init(entity: EntityID, at: Int64?, weight: Cost) {
        self.entity = entity
        self.at = at
        self.weight = weight
    }
}

/// A monitored entity that shows nothing, or not what it would show if it were down.
public struct Silence: Sendable {
    /// What is monitored.
    public var entity: EntityID
    /// What it costs when the entity is a root cause and yet shows nothing.
    public var ownWeight: Cost
    /// What it costs when the entity is only downstream of one; smaller, for effects do not always arrive.
    public var downstreamWeight: Cost
    /// The same when the entity is down rather than degraded; never less than ``downstreamWeight``.
    public var downWeight: Cost
    /// What it costs in all that a failure passes through the entity to others and still does not show on it.
    public var relayWeight: Cost
    /// Who would have raised the alarm: when one of them is affected, the silence proves nothing.
    public var observers: [EntityID]

    /// A silence; without a relay weight failures pass through it unpaid, without observers it is never excused.
    ///
    /// Without a weight of its own, `down` weighs as much as `degraded`.
    public init(
        entity: EntityID,
        ownWeight: Cost,
        downstreamWeight: Cost,
        downWeight: Cost = 0,
        relayWeight: Cost = 0,
        observers: [EntityID] = []
    ) {
        self.entity = entity
        self.ownWeight = ownWeight
        self.downstreamWeight = downstreamWeight
        self.downWeight = max(downWeight, downstreamWeight)
        self.relayWeight = relayWeight
        self.observers = observers
    }
}

/// Things that would each have raised an alarm if their kind is watched at all, which nothing shows yet.
///
/// Their silences are not independent: however many of them are down, the doubt whether anything watches them is one and
/// the same.
public struct UnheardKind: Sendable {
    /// The things of the kind.
    public var entities: [EntityID]
    /// What it costs that any of them is down, once; nil for the prices that such kinds share.
    public var weight: Cost?

    /// A kind of which nothing has been heard.
    public init(entities: [EntityID], weight: Cost? = nil) {
        self.entities = entities
        self.weight = weight
    }
}

/// Something that people changed, and when.
///
/// An entity is likelier to fail after a change, never before it for the change's sake.
public struct Change: Sendable {
    /// What was changed.
    public var entity: EntityID
    /// When, in milliseconds since 1970 in UTC: what was wrong before is not its doing.
    public var at: Int64
    /// What it costs to assume that the change broke the entity, in place of the entity's own prior.
    public var cost: Cost

    /// A change of one entity.
    public init(entity: EntityID, at: Int64, cost: Cost) {
        self.entity = entity
        self.at = at
        self.cost = cost
    }
}
