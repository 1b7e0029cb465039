public import Diagnostics
public import Time

/// What people know about an incident beyond its alerts, as written: entity names are not looked up yet.
public struct IncidentContext: Sendable {
    /// Something seen, by a person or a program that is not an alert rule.
    public struct Observation: Sendable {
        public enum State: String, CaseIterable, Sendable {
            case down
            /// The same as `down`, in the words of releases and jobs.
            case failed
            case degraded
            case healthy
        }

        public var entity: Named
        public var state: State
        /// When it was seen.
        public var at: Timestamp?
        /// Since when it was so, where that is known; at the latest.
        public var since: Timestamp?
        public var source: String?
        /// Who saw it, if that is an entity.
        public var witness: Named?

        public init(entity: Named, state: State) {
            self.entity = entity
            self.state = state
        }
    }

    /// A commit, release or deploy.
    public struct Change: Sendable {
        public var id: String
        /// For people: commit, release, deploy …
        public var kind: String?
        public var at: Timestamp
        public var touches: [Named]
        public var location: SourceLocation

        public init(id: String, kind: String?, at: Timestamp, touches: [Named], location: SourceLocation) {
            self.id = id
            self.kind = kind
            self.at = at
            self.touches = touches
            self.location = location
        }
    }

    /// A source of knowledge that is itself out of order.
    public struct Blindness: Sendable {
        /// The observer, if it is an entity.
        public var entity: Named?
        public var source: String
        public var reason: String?

        public init(entity: Named?, source: String, reason: String?) {
            self.entity = entity
            self.source = source
            self.reason = reason
        }
    }

    /// A name as written, and where.
    public struct Named: Hashable, Sendable {
        public var name: String
        public var location: SourceLocation

        public init(_ name: String, at location: SourceLocation) {
            self.name = name
            self.location = location
        }
    }

    public var title: String?
    public var number: String?
    public var related: [String] = []
    public var observations: [Observation] = []
    public var changes: [Change] = []
    public var blind: [Blindness] = []
    public var notes: [String] = []

    public init() {}

    /// Adds what a later file says; its title and number win.
    public mutating func merge(_ later: IncidentContext) {
        title = later.title ?? title
        number = later.number ?? number
        related += later.related
        observations += later.observations
        changes += later.changes
        blind += later.blind
        notes += later.notes
    }
}
