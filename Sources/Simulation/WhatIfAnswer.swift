public import Topology

/// What becomes of the platform: the answer to a ``WhatIf``.
public struct WhatIfAnswer: Sendable, Hashable {
    /// What was lost, in order, each once.
    public let lost: [EntityID]
    /// The state that follows, everything staying where it is.
    public let outcome: Outcome
    /// The state once what can move has moved; nil when the question names no placements.
    public let rescheduling: Rescheduling?
}

/// What is the matter with an entity in one state.
public struct Condition: Sendable, Hashable {
    /// Whether it is gone.
    public private(set) var isDown = false
    /// Whether it serves badly, or would if it were up.
    public private(set) var isDegraded = false
    /// Whether one of its own redundancy groups has lost a member.
    public private(set) var isReduced = false

    mutating func add(_ effect: Effect) {
        switch effect {
        case .down: isDown = true
        case .degraded: isDegraded = true
        case .reduced: isReduced = true
        case .starved: break
        }
    }

    /// The worst of it; nil for an entity that is untouched.
    public var effect: Effect? {
        if isDown { return .down }
        if isDegraded { return .degraded }
        return isReduced ? .reduced : nil
    }

    /// Whether the entity serves, but one of its redundancy groups has lost a member.
    public var hasLostRedundancy: Bool { isReduced && !isDown }
}

/// One entity that is affected before the question's events, after them, or both.
public struct Impact: Sendable, Hashable {
    /// Who is affected.
    public let entity: EntityID
    /// What was the matter with it before the question's events.
    public let before: Condition
    /// What is the matter with it after them.
    public let after: Condition
    /// The faults behind its worst effect after, in order; itself alone when the fault is its own; empty when it is
    /// untouched after.
    public let because: [EntityID]
    /// What lies between the first of the causes to reach it and itself, in that direction.
    public let via: [EntityID]
    /// For an entity that survives with its redundancy gone: every single next loss that would bring it down, except
    /// its own, in order.
    public let endedBy: [EntityID]
}

/// A state of the platform and how it differs from the one before.
public struct Outcome: Sendable, Hashable {
    /// Every affected entity, in order; the others are untouched before and after.
    public let impacts: [Impact]
    /// The weighted cost of the state before.
    public let costBefore: Double
    /// The weighted cost of this state.
    public let cost: Double
    /// How many are affected, altogether and by kind, site and criticality.
    public let totals: ImpactTotals
    /// What is one loss from going down, and would not be if nothing had failed, in order.
    public let exposures: [Exposure]
    /// The losses behind ``exposures`` by what they would add to this state, the costliest first.
    public let nextLosses: [NextLoss]

    /// All that is down, what was lost included, in order.
    public var down: [Impact] { impacts.filter(\.after.isDown) }
    /// What goes down now and was not down before.
    public var newlyDown: [Impact] { impacts.filter { $0.after.isDown && !$0.before.isDown } }
    /// What was down before and is not any more.
    public var recovered: [Impact] { impacts.filter { !$0.after.isDown && $0.before.isDown } }
    /// What is degraded and not down.
    public var degraded: [Impact] { impacts.filter { $0.after.effect == .degraded } }
    /// What survives with its redundancy gone.
    public var redundancyLost: [Impact] { impacts.filter(\.after.hasLostRedundancy) }
}

/// An entity that single further losses bring down only because of what has failed already.
public struct Exposure: Sendable, Hashable {
    /// What is exposed.
    public let entity: EntityID
    /// Those losses, in order.
    public let to: [EntityID]
}

/// A further loss that does more damage now than it would by itself.
public struct NextLoss: Sendable, Hashable {
    /// What would be lost next.
    public let entity: EntityID
    /// How many more go down, the entity itself included.
    public let down: Int
    /// How many of these would stay up if nothing had failed before.
    public let onlyNow: Int
    /// The weights of all that goes down.
    public let cost: Double
}

/// What moves, and the state after it has.
public struct Rescheduling: Sendable, Hashable {
    /// An entity that runs elsewhere now.
    public struct Move: Sendable, Hashable {
        /// What moves.
        public let entity: EntityID
        /// The place that is down.
        public let from: EntityID
        /// The place that takes it.
        public let to: EntityID
    }

    /// An entity whose place is down and that has nowhere to go.
    public struct Stranded: Sendable, Hashable {
        /// Why something cannot move.
        public enum Reason: String, Sendable {
            /// None of the other places where it can run is up.
            case noPlaceUp
            /// Some are up, and it fits on none of them.
            case noRoom
        }

        /// What stays where it is.
        public let entity: EntityID
        /// Why.
        public let reason: Reason
    }

    /// In the order of the entities.
    public let moves: [Move]
    /// In the order of the entities.
    public let stranded: [Stranded]
    /// The state after the moves.
    public let outcome: Outcome
}
