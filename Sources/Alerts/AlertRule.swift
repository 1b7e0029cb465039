public import Diagnostics
public import Time
public import Topology

/// A user's rule: which alerts it is about, and what they say about which entity.
public struct AlertRule: Sendable {
    /// The alerts that it is about.
    public var match: Matcher
    /// The entity's name, for example `host/{target}`.
    public var entity: Template
    /// Who saw it, when that is another entity, for example `host/{source}`.
    public var witness: Template?
    /// The alert rule's `for`, used when no rules file says it.
    public var pending: Span?
    /// What such an alert asserts: `down`, `degraded` or `starved`.
    public var observes: Effect = .down
    /// Who watches the entity with this alert: when it is affected itself, silence proves nothing.
    public var observer: Template?
    /// What the alert's severity counts as, in place of its label.
    public var severity: String?
    /// What to do when the entity is a root cause.
    public var action: Template?
    /// How urgent that is: `URGENT`, `HIGH`, `MEDIUM` or `LOW`.
    public var actionPriority: String?
    /// Where the rule is written.
    public var location: SourceLocation

    /// A rule with what it must have.
    public init(match: Matcher, entity: Template, location: SourceLocation) {
        self.match = match
        self.entity = entity
        self.location = location
    }
}

/// What an alert is about, and how that was found.
public struct Match: Sendable {
    /// What decided.
    public enum Rule: Hashable, Sendable {
        /// One of the user's rules, by its index.
        case user(Int)
        /// A built-in rule, by the labels that it read.
        case builtIn([String])
    }

    /// Why an alert is about no known entity.
    public enum Reason: Hashable, Sendable {
        /// A user's rule, or the label `entity`, names what the topology does not have.
        case unknownEntity(String)
        /// The labels fit several entities; these.
        case ambiguous([EntityID])
        /// The labels name things, but none that the topology has.
        case notInTopology
        /// No label names a thing.
        case noUsefulLabel
    }

    /// A user's rule that matched but could not be used.
    public struct SkippedRule: Hashable, Sendable {
        /// The rule's index.
        public var rule: Int
        /// The label that the alert lacks.
        public var missingLabel: String
    }

    /// A user's rule that applied, and the name that it gave, which the topology does not have.
    public struct UnknownName: Hashable, Sendable {
        /// The rule's index.
        public var rule: Int
        /// What its template came to.
        public var name: String
    }

    /// The entity that the alert is about; nil when none is known.
    public var entity: EntityID?
    /// Who saw it, when that is another entity.
    public var witness: EntityID?
    /// What decided; nil when nothing did.
    public var rule: Rule?
    /// Whether the entity was guessed, for example a pod's owner from the pod's name.
    public var isInferred = false
    /// What the alert asserts about the entity.
    public var observes: Effect = .down
    /// The `for` that the user's rule states.
    public var pending: Span?
    /// Who watches the entity with this alert.
    public var observer: EntityID?
    /// The severity that the user's rule sets.
    public var severity: String?
    /// What the user's rule says to do.
    public var action: String?
    /// How urgent that is.
    public var actionPriority: String?
    /// Why there is no entity.
    public var reason: Reason?
    /// The user's rules that matched but lacked a label.
    public var skippedRules: [SkippedRule] = []
    /// The user's rule in whose place the alert's labels led to the entity.
    public var unknownName: UnknownName?
    /// The names that were looked up in vain, the most telling first.
    package var attempts: [String] = []

    package init() {}

    /// Whether the entity is known.
    public var isMatched: Bool { entity != nil }
}
