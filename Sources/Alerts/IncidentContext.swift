public import Diagnostics
public import Time

/// What people know about an incident beyond its alerts, as written: entity names are not looked up yet.
public struct IncidentContext: Sendable {
    /// Something seen, by a person or a program that is not an alert rule.
    public struct Observation: Sendable {
        /// What was seen, in the words of the file.
        public enum State: String, CaseIterable, Sendable {
            /// It is gone.
            case down
            /// The same as `down`, in the words of releases and jobs.
            case failed
            /// It serves, but badly.
            case degraded
            /// It works, which speaks against explanations that make it down or degraded.
            case healthy
        }

        /// What was looked at.
        public var entity: Named
        /// What it looked like.
        public var state: State
        /// When it was seen; nil when nobody noted it, which for health means now.
        public var at: Timestamp?
        /// Since when it was so, where that is known; at the latest.
        public var since: Timestamp?
        /// Who or what saw it, in words for the report, for example `ping` or a name; nil when not said.
        public var source: String?
        /// Who saw it, if that is an entity.
        public var witness: Named?

        /// An observation without a time or a source, which can be set after.
        public init(entity: Named, state: State) {
            self.entity = entity
            self.state = state
        }
    }

    /// A commit, release or deploy.
    public struct Change: Sendable {
        /// What people look it up by: a commit's hash, a release's number; it need not be unique.
        public var id: String
        /// For people, as written: `commit`, `release`, `deploy`.
        public var kind: String?
        /// When it took effect; only what began later can be its doing.
        public var at: Timestamp
        /// What it could have broken; empty for a change that no entity is known to depend on.
        public var touches: [Named]
        /// Where it is written.
        public var location: SourceLocation

        /// A change, of no entity where `touches` is empty.
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
        /// What was out of order, for people: the entity's name where nothing else is said.
        public var source: String
        /// Why, if that is known.
        public var reason: String?

        /// A source that could not be asked, so that what it would have told is missing.
        public init(entity: Named?, source: String, reason: String?) {
            self.entity = entity
            self.source = source
            self.reason = reason
        }
    }

    /// A name as written, and where.
    public struct Named: Hashable, Sendable {
        /// The entity's full name, `kind/name` or `kind/namespace/name`; whether it exists is not checked.
        public var name: String
        /// The place of the name itself, to which findings about it point.
        public var location: SourceLocation

        /// A name that stands at a place.
        public init(_ name: String, at location: SourceLocation) {
            self.name = name
            self.location = location
        }
    }

    /// What people call the incident; a report's heading.
    public var title: String?
    /// Its number in the team's tracker, as text and without a `#`.
    public var number: String?
    /// Further incidents, tickets or pages, as written; a report lists them.
    public var related: [String] = []
    /// What was seen, in the order written: it is evidence, both of failure and of health.
    public var observations: [Observation] = []
    /// What was done, in the order written; each may be to blame, or be ruled out by its time.
    public var changes: [Change] = []
    /// Sources that were out of order: the silence of what such an entity observes proves nothing.
    public var blind: [Blindness] = []
    /// Texts for the end of a report, as written; those that begin with the name of a blind source are left out.
    public var notes: [String] = []

    /// Knows nothing beyond the alerts.
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
