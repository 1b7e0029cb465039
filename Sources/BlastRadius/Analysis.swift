public import Alerts
public import Inference
public import Time
public import Topology

/// The finished analysis of an incident: what broke, what it takes down, and what became of every alert.
///
/// It holds facts; the `Reports` module turns them into words, and nothing else does.
public struct Analysis: Sendable {
    /// What was analysed against; every entity below is one of its topology.
    public var platform: Platform
    /// What people knew beyond the alerts, as written.
    public var context: IncidentContext
    /// One row for each distinct alert, ordered by fingerprint.
    public var ledger: [LedgerRow]
    /// What broke, worst first.
    public var rootCauses: [RootCause]
    /// Every candidate, likeliest first.
    public var ranking: [(entity: EntityID, confidence: Double)]
    /// Everything that the root causes affect, themselves included, by entity.
    public var affected: [Affected]
    /// Where silence proves nothing, for an observer is affected itself or gave people no answer, by entity.
    ///
    /// Some are affected, by ``affected``; nothing is known of the others.
    public var blindSpots: [BlindSpot]
    /// What happened when, in order.
    public var timeline: [Event]
    /// Every change of the context, in the order written, and whether it can be to blame.
    public var changes: [ChangeVerdict]
    /// What to do, most urgent first, each text once: for the root causes, then for known issues.
    public var actions: [Action]
    /// How sure it is that no explanation is cheaper.
    public var optimality: Optimality
    /// The moment that the analysis speaks of: the latest that any input mentions.
    public var now: Timestamp?
    /// What people observed and the explanation agrees or disagrees with.
    public var observations: [ObservationVerdict]
    /// The files of which something could not be read, so that the analysis lacks it.
    public var unread: [String]
    /// What gave the evidence.
    let builder: EvidenceBuilder
    /// The diagnosis in its own terms; its roots are not in the order of ``rootCauses``.
    public var diagnosis: Diagnosis

    /// The entities of the platform.
    public var topology: Topology { platform.topology }
    /// The evidence in its own terms, but for silences; accounts of the ``diagnosis`` follow its symptoms.
    public var evidence: Evidence { builder.evidence }

    /// What became of an alert; every alert gets exactly one.
    ///
    /// The raw values are those of the JSON ledger, the keys of its counts, and the words of incident tests.
    public enum Verdict: String, CaseIterable, Sendable {
        /// Explained, and about a root cause itself.
        case root
        /// A root cause brings it about, whether or not it is silenced.
        case explained
        /// People have judged it before, or it fires by design; it is no evidence.
        case knownIssue
        /// Unexplained, not suppressed, and at least a fifth of the earlier looks show it or it began a day or more before the
        /// rest.
        case chronic
        /// Unexplained, and silenced, inhibited or muted.
        case suppressed
        /// About a known entity, and cheaper to call noise than to explain.
        case unexplained
        /// About no entity that the topology has; it is no evidence.
        case unmatched
        /// Over before the alerts were read, so that what it is about is well again; it is no evidence.
        case resolved
    }

    /// One alert's account: what it is about, what became of it, and why.
    public struct LedgerRow: Sendable {
        /// The alert as its files gave it together.
        public var alert: Alert
        /// Which entity it is about, and which rule or label said so.
        public var match: Match
        /// What became of it, in one word.
        public var verdict: Verdict
        /// The root causes that explain it, as indices into ``Analysis/rootCauses``, ascending.
        public var because: [Int]
        /// Whether it takes all of them: none explains it alone.
        public var isJoint = false
        /// The entities between one of those and the alert's own, in the order of the failure.
        public var via: [EntityID]
        /// When its condition began, which it may have done well before it fired, and how that is known.
        public var onset: Onset
        /// What the first known issue that matches says; nil when none does.
        public var knownIssue: KnownIssueVerdict?
        /// How often history shows it firing, and over how many looks; nil without history.
        public var history: AlertFrequency?
        /// How long before the newest alert that asks something of people it began; nil when that is within one window.
        public var age: Span?
        /// The root causes that bring about what it shows, but began at another time, as indices into
        /// ``Analysis/rootCauses``, ascending.
        public var outOfTime: [Int] = []
        /// What silenced or inhibited it, in the words of whoever did; nil when it is not suppressed.
        public var suppression: String?
        /// The symptom that it gave, as an index into the evidence; nil for known issues and the unmatched.
        public var symptom: Int?
    }

    /// Something that broke by itself, with all that speaks for it and what else it could be.
    public struct RootCause: Sendable {
        /// What broke, whether or not anything was seen on it.
        public var entity: EntityID
        /// How it broke: `down` or `degraded`.
        public var effect: Effect
        /// How bad it is, by what it takes down and by the alerts that it explains.
        public var severity: Severity
        /// When it began, at best estimate; nil when nothing with a time dates it.
        public var onset: Timestamp?
        /// What says so, for people: `activeAt of HostDown`, `observation: ping`; nil without an onset.
        public var onsetSource: String?
        /// The alert that dates it, as an index into ``Analysis/ledger``; nil when an observation or nothing does.
        public var datedBy: Int?
        /// The chance that it is a cause, from 0 to 1, among the explanations that rival it.
        public var confidence: Double
        /// How much dearer the best explanation is in which it is well; nil when no rival is near enough to be weighed.
        public var margin: Cost?
        /// Whether it has no alert of its own.
        public var isSilent: Bool
        /// The alerts that it explains, alone or with others, as indices into ``Analysis/ledger``, ascending.
        public var explains: [Int]
        /// Why it may have failed: alerts about trouble of its own, or of what it is on, that began before it and that nothing
        /// explains, as indices into ``Analysis/ledger``, ascending.
        public var reasons: [Int]
        /// Who saw it fail, by entity: the witnesses of its own alerts.
        public var witnesses: [EntityID]
        /// What else could take its place, likeliest first: at most 8, of half a per cent or more.
        public var alternatives: [Diagnosis.Alternative]
        /// How many more there are of half a per cent or more.
        public var omittedAlternatives: Int
        /// The changes that may have caused it or are ruled out, as indices into ``Analysis/changes``.
        public var changes: [Int]
        /// What to do: about itself and its ``reasons`` first, then about what it affects, each most urgent first, and nothing of
        /// the latter more urgent than the former; never empty, for at least somebody has to look at it.
        public var actions: [Action]
        /// What people observed that it explains, as indices into ``Analysis/observations``.
        public var observations: [Int]

        /// The alternative that nothing broke there, for its alerts are false; nil when that is too unlikely to be listed.
        public var falseAlarm: Diagnosis.Alternative? { alternatives.first { $0.entity == nil } }
    }

    /// How bad a root cause is.
    ///
    /// Steps add up: 0 to 3 for the criticality of the most critical thing that it takes down, one less for what it only
    /// degrades and for what redundancy makes good; one for a critical alert that it explains; and one for five or more
    /// things down or degraded that redundancy does not make good. None is `low`, one `medium`, two or three `high`, more
    /// `critical`.
    public enum Severity: String, Comparable, CaseIterable, Sendable {
        case low
        case medium
        case high
        case critical

        /// Whether the left is less bad.
        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// One entity that the root causes affect, and how it comes to be.
    public struct Affected: Sendable {
        /// What is affected; each entity once.
        public var entity: EntityID
        /// The gravest effect on it.
        public var effect: Effect
        /// The root causes that bring it about, as indices into ``Analysis/rootCauses``, ascending.
        public var because: [Int]
        /// Whether it takes all of them: none does it alone.
        public var isJoint = false
        /// The entities between one of those and this one, in the order of the failure.
        public var via: [EntityID]
        /// The alerts about this entity that the root causes explain, as indices into ``Analysis/ledger``.
        public var alerts: [Int]
    }

    /// Something whose silence proves nothing.
    public struct BlindSpot: Hashable, Sendable {
        /// What shows neither an alert nor an observation.
        public var entity: EntityID
        /// The first of those that watch it which would not tell.
        public var observer: EntityID
        /// What is the matter with the observer: `down` or `degraded`; nil when it only gave people no answer.
        public var observerEffect: Effect?
    }

    /// Something to do, how soon, and who says so.
    public struct Action: Hashable, Sendable {
        /// How soon; the raw values are the words of rules and reports.
        public enum Priority: String, CaseIterable, Comparable, Sendable {
            case urgent = "URGENT"
            case high = "HIGH"
            case medium = "MEDIUM"
            case low = "LOW"

            /// Whether the left comes first: `urgent` is the least.
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

        /// As the rule or known issue says; else the root cause's severity, and medium for a known issue.
        public var priority: Priority
        /// What to do, its holes filled from the alert's labels, which are untrusted.
        public var text: String
        /// Who says so.
        public var reason: Reason
        /// The root cause whose effects this is only about; nil for what is about a root cause itself, and for known issues.
        public var effectOf: EntityID?
        /// What silenced or inhibited the alerts that it follows from and those about its root cause, each once, in the
        /// words of whoever did.
        public var suppressions: [String] = []
    }

    /// A moment of the timeline.
    public struct Event: Sendable {
        /// What happened; numbers are indices into the analysis.
        public enum What: Sendable {
            /// A root cause's condition began.
            case rootOnset(Int)
            /// An alert's condition began, before it fired.
            case onset(ledger: [Int])
            /// Alerts of one name about one entity fired.
            case fired(ledger: [Int])
            /// People changed something, as an index into ``Analysis/changes``.
            case changed(Int)
            /// People or a probe saw something, as an index into ``Analysis/observations``.
            case observed(Int)
        }

        /// When; of alerts told together the earliest.
        public var at: Timestamp
        /// Where; nil for an alert about no known entity, and a change that touches none.
        public var entity: EntityID?
        /// What happened then.
        public var what: What
    }

    /// Whether a change can be to blame.
    public struct ChangeVerdict: Sendable {
        /// The answer; the raw values are the words of the JSON report.
        public enum Ruling: String, Sendable {
            /// It touches a root cause, a rival, or what one affects, and did not come after the first sign.
            case candidate
            /// It touches such a thing, but the first sign was there before it.
            case ruledOut = "ruled-out"
            /// It touches nothing that failed, or what failed has no known time.
            case unrelated
        }

        /// The change as written.
        public var change: IncidentContext.Change
        /// What it touches, of what the topology knows, in the order written.
        public var entities: [EntityID]
        /// Whether it can be to blame for ``root``.
        public var ruling: Ruling
        /// The first sign that it would have had to precede, in UTC; nil when it is unrelated.
        public var firstSign: Timestamp?
        /// The root cause that it bears on, as an index into ``Analysis/rootCauses``.
        public var root: Int?
    }

    /// Whether the explanation agrees with what somebody saw.
    public struct ObservationVerdict: Sendable {
        /// The observation as written.
        public var observation: IncidentContext.Observation
        /// What was looked at, as the topology knows it.
        public var entity: EntityID
        /// The root causes that explain it, as indices into ``Analysis/rootCauses``; none for good health.
        public var because: [Int]
        /// Whether the explanation agrees: a failure is explained, or a healthy thing is not down or degraded.
        public var isAccountedFor: Bool
    }

    /// How often history shows one sort of alert about one entity.
    public struct AlertFrequency: Sendable {
        /// How many looks show it, from 0 to ``looks``.
        public var seen: Int
        /// How many looks there were: one for each earlier alert file, and for each window of a range query.
        public var looks: Int
    }

    /// What is known of the explanation's rank among all that there are.
    public struct Optimality: Sendable {
        /// Whether none is cheaper.
        public var isProven: Bool
        /// What it costs, in micro-nats.
        public var cost: Cost
        /// What any costs at least, in micro-nats; equal to ``cost`` when that is proven the least.
        public var lowerBound: Cost
    }

    /// How many alerts have each verdict.
    ///
    /// They add up to the number of distinct alerts.
    ///
    /// - Complexity: O(alerts).
    public var counts: [Verdict: Int] {
        var counts: [Verdict: Int] = [:]
        for row in ledger { counts[row.verdict, default: 0] += 1 }
        return counts
    }
}
