public import Alerts
public import Inference
public import Time
public import Topology

/// The finished analysis of an incident: what broke, what it takes down, and what became of every alert.
///
/// It holds facts; the `Reports` module turns them into words, and nothing else does.
public struct Analysis: Sendable {
    public var platform: Platform
    public var context: IncidentContext
    /// One row for each distinct alert, ordered by fingerprint.
    public var ledger: [LedgerRow]
    /// What broke, worst first.
    public var rootCauses: [RootCause]
    /// Every candidate, likeliest first.
    public var ranking: [(entity: EntityID, confidence: Double)]
    /// Everything that the root causes affect, themselves included, by entity.
    public var affected: [Affected]
    public var blindSpots: [Diagnosis.BlindSpot]
    /// What happened when, in order.
    public var timeline: [Event]
    /// Changes that touch what is affected, and whether they can be to blame.
    public var changes: [ChangeVerdict]
    /// What to do, most urgent first, each once.
    public var actions: [Action]
    public var optimality: Optimality
    /// The moment that the analysis speaks of: the latest that any input mentions.
    public var now: Timestamp?
    /// What people observed and the explanation agrees or disagrees with.
    public var observations: [ObservationVerdict]
    public var diagnosis: Diagnosis

    public var topology: Topology { platform.topology }

    /// What became of an alert.
    public enum Verdict: String, CaseIterable, Sendable {
        case root
        case explained
        case knownIssue = "known-issue"
        case chronic
        case suppressed
        case unexplained
        case unmatched
    }

    public struct LedgerRow: Sendable {
        public var alert: Alert
        public var match: Match
        public var verdict: Verdict
        /// The root causes that explain it, as indices into ``Analysis/rootCauses``.
        public var because: [Int]
        public var via: [EntityID]
        public var onset: Onset
        public var knownIssue: KnownIssueVerdict?
        /// How often history shows it firing, and over how many looks.
        public var history: AlertFrequency?
        /// What silenced or inhibited it, in the words of whoever did.
        public var suppression: String?
        /// The symptom that it gave, as an index into the evidence.
        public var symptom: Int?
    }

    public struct RootCause: Sendable {
        public var entity: EntityID
        public var effect: Effect
        public var severity: Severity
        public var onset: Timestamp?
        public var onsetSource: String?
        /// The alert that dates it, as an index into ``Analysis/ledger``; nil when an observation or nothing does.
        public var datedBy: Int?
        public var confidence: Double
        /// Whether it has no alert of its own.
        public var isSilent: Bool
        /// The alerts that it explains, as indices into ``Analysis/ledger``.
        public var explains: [Int]
        /// Who saw it fail.
        public var witnesses: [EntityID]
        public var alternatives: [Diagnosis.Alternative]
        /// As indices into ``Analysis/changes``.
        public var changes: [Int]
        public var actions: [Action]
        /// What people observed that it explains, as indices into ``Analysis/observations``.
        public var observations: [Int]
    }

    public enum Severity: String, Comparable, CaseIterable, Sendable {
        case low
        case medium
        case high
        case critical

        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public struct Affected: Sendable {
        public var entity: EntityID
        public var effect: Effect
        public var because: [Int]
        public var via: [EntityID]
        /// The alerts about this entity, as indices into ``Analysis/ledger``.
        public var alerts: [Int]
    }

    public struct Action: Hashable, Sendable {
        public enum Priority: String, CaseIterable, Comparable, Sendable {
            case urgent = "URGENT"
            case high = "HIGH"
            case medium = "MEDIUM"
            case low = "LOW"

            public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

            /// 0 is the most urgent.
            var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        }

        /// Why it is recommended.
        public enum Reason: Hashable, Sendable {
            /// The rule of these alerts says so; indices into ``Analysis/ledger``.
            case alerts([Int])
            /// The rule about these entities says so: no alert of it fires, but people observed that they failed.
            case observed([EntityID])
            /// The rule about the root cause says so, though no alert of it fires.
            case rule
            /// This known issue says so.
            case knownIssue(String)
            /// Nothing says what to do, so somebody has to look.
            case nothingSaid
        }

        public var priority: Priority
        public var text: String
        public var reason: Reason
    }

    public struct Event: Sendable {
        public enum What: Sendable {
            /// A root cause's condition began.
            case rootOnset(Int)
            /// An alert's condition began, before it fired.
            case onset(ledger: [Int])
            /// Alerts of one name about one entity fired.
            case fired(ledger: [Int])
            case changed(Int)
            case observed(Int)
        }

        public var at: Timestamp
        public var entity: EntityID?
        public var what: What
    }

    public struct ChangeVerdict: Sendable {
        public enum Ruling: String, Sendable {
            case candidate
            case ruledOut = "ruled-out"
            case unrelated
        }

        public var change: IncidentContext.Change
        public var entities: [EntityID]
        public var ruling: Ruling
        /// The first sign that it would have had to precede.
        public var firstSign: Timestamp?
        /// The root cause that it bears on, as an index into ``Analysis/rootCauses``.
        public var root: Int?
    }

    public struct ObservationVerdict: Sendable {
        public var observation: IncidentContext.Observation
        public var entity: EntityID
        public var because: [Int]
        /// Whether the explanation agrees with it.
        public var isAccountedFor: Bool
    }

    public struct AlertFrequency: Sendable {
        public var seen: Int
        public var looks: Int
    }

    public struct Optimality: Sendable {
        public var isProven: Bool
        public var cost: Cost
        public var lowerBound: Cost
    }

    /// How many alerts have each verdict. They add up to the number of distinct alerts.
    public var counts: [Verdict: Int] {
        var counts: [Verdict: Int] = [:]
        for row in ledger { counts[row.verdict, default: 0] += 1 }
        return counts
    }
}
