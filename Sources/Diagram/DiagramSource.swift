package import Topology

/// What a picture is made from: a platform, what is the matter with some of its entities, and what caused what.
///
/// An analysis of an incident and a simulated loss both come down to this; the picture knows neither.
package struct DiagramSource: Sendable {
    package var topology: Topology
    /// What is known about the entities that matter.
    ///
    /// An entity that is not here is not drawn.
    package var statuses: [EntityID: EntityStatus]
    /// Which entity's state led to which other's, cause first.
    ///
    /// Arrows that touch an entity without a status are left out.
    package var causes: [CauseArrow]
    /// The incident and its time, above the title: `Incident #78 · 2026-07-01`.
    package var heading: String?
    /// The conclusion, for example `Three things broke. They explain 18 of 37 alerts.`, in a sentence or two.
    package var title: String
    /// The ledger under the title: time range, known issues, unexplained, unmatched, proven minimal.
    package var facts: [String]
    /// Alerts that people have judged to be noise: a quiet count at the bottom instead of boxes.
    package var setAside: [SetAside]
    /// What a style of box means in this picture, where that is not what it means for an incident.
    package var meanings: [Diagram.BoxStyle: String] = [:]
    /// The same for arrows.
    package var arrowMeanings: [CauseArrow.Kind: String] = [:]
    /// Further quiet lines at the bottom, such as what gave no answer.
    package var remarks: [String]

    package struct SetAside: Hashable, Sendable {
        package var label: String
        package var count: Int

        package init(label: String, count: Int) {
            self.label = label
            self.count = count
        }
    }

    package init(
        topology: Topology,
        statuses: [EntityID: EntityStatus],
        causes: [CauseArrow],
        title: String,
        facts: [String] = [],
        setAside: [SetAside] = [],
        remarks: [String] = [],
        heading: String? = nil
    ) {
        self.topology = topology
        self.statuses = statuses
        self.causes = causes
        self.heading = heading
        self.title = title
        self.facts = facts
        self.setAside = setAside
        self.remarks = remarks
    }
}

/// What is the matter with an entity, in the words and numbers that its box shows.
package struct EntityStatus: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        case down
        case degraded
    }

    /// The part that an entity plays in the picture.
    package enum Role: Hashable, Sendable {
        /// It broke: root cause number `rank`, 1 first.
        case root(rank: Int)
        /// It may have broken instead of root cause number `rank`.
        case rival(ofRank: Int)
        case affected(Effect)
        /// It follows from what broke that it is affected, but no alert or observation says so.
        case expected(Effect)
        /// It still serves, but the next loss ends it.
        case reduced
        /// It saw a failure elsewhere and is well itself.
        case witness
        /// It follows from what broke that it is affected, and no alert proves nothing, since what watches it is affected.
        case blindSpot
        /// Nothing says how it is: what watches it is affected or gave no answer.
        case unknown
        /// It has alerts that nothing accounts for.
        case unexplained
        /// It is well, and drawn to show where the failure stopped.
        case context
    }

    package var role: Role
    /// The words of the caption, in capitals, where they are not those of the role: `LOST`.
    package var words: String?
    /// One word: `critical`, `high`.
    package var severity: String?
    /// What it is like now, for roots and rivals: `down`, `degraded`.
    package var state: String?
    /// For a what-if picture, what it was like before.
    package var stateBefore: String?
    /// When it began, as shown: `19:22Z`.
    ///
    /// Times that sort as text give a group the right range.
    package var since: String?
    /// Whether it may have begun earlier than that.
    package var isSinceLatest = false
    /// Per cent, from 0 to 100; see ``percent(_:)``.
    package var confidence: Int?
    package var isSilent: Bool
    /// How many alerts are about it.
    package var alertCount: Int
    /// Short lines for the box, the most telling first.
    package var facts: [String]
    /// Lines for the tooltip.
    package var evidence: [String]
    /// Where to read on.
    ///
    /// What is not http or https is dropped.
    package var links: [EvidenceLink]

    package init(
        _ role: Role,
        severity: String? = nil,
        state: String? = nil,
        stateBefore: String? = nil,
        since: String? = nil,
        confidence: Int? = nil,
        isSilent: Bool = false,
        alertCount: Int = 0,
        facts: [String] = [],
        evidence: [String] = [],
        links: [EvidenceLink] = []
    ) {
        self.role = role
        self.severity = severity
        self.state = state
        self.stateBefore = stateBefore
        self.since = since
        self.confidence = confidence
        self.isSilent = isSilent
        self.alertCount = alertCount
        self.facts = facts
        self.evidence = evidence
        self.links = links
    }

    /// How likely something is in whole per cent, as shown: what is never certain is never "100" or "0".
    package static func percent(_ whole: Int) -> String { whole >= 100 ? ">99" : whole <= 0 ? "<1" : String(whole) }
}

/// An address that tells more of an alert.
package struct EvidenceLink: Hashable, Sendable {
    /// What is found there; the raw values are the words of links.
    package enum Kind: String, CaseIterable, Sendable {
        /// The expression that fired.
        case source
        case runbook
        case dashboard
    }

    package var kind: Kind
    package var address: String

    package init(_ kind: Kind, _ address: String) {
        self.kind = kind
        self.address = address
    }
}

/// One step from a cause to its effect.
package struct CauseArrow: Hashable, Sendable {
    /// What passes along an arrow, the gravest first.
    package enum Kind: Int, CaseIterable, Hashable, Comparable, Sendable {
        /// The failure itself: its effect is down.
        case carries
        /// Harm short of failure: its effect is degraded or has lost its redundancy.
        case harms
        /// A possibility: from a rival.
        case possible
        /// From a broken observer to what its alerts are falsely about.
        case misreports
        /// From what failed to the witness that saw it.
        case observes
        /// From an observer that would not tell to what it watches.
        case blinds
        /// A dependency that carries nothing; drawn to context only.
        case needs

        package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    package var from: EntityID
    package var to: EntityID
    package var kind: Kind
    /// How many entities on the way between the two have no box.
    package var skipped: Int

    package init(from: EntityID, to: EntityID, kind: Kind, skipped: Int = 0) {
        self.from = from
        self.to = to
        self.kind = kind
        self.skipped = skipped
    }
}

/// How much of the source to draw.
package struct DiagramOptions: Hashable, Sendable {
    /// How many boxes fit one screen.
    ///
    /// Roots and their rivals, and what is in focus, are drawn even beyond it.
    package var maxBoxes: Int
    /// How many arrows away from the nearest root, or from `focus`, a box may stand.
    package var radius: Int?
    /// Draws the neighbourhood of this entity, two arrows deep unless `radius` says otherwise, and of the causes those
    /// that lead to it.
    package var focus: EntityID?
    /// Draws everything: no budget and no radius.
    ///
    /// Equal siblings still share a box.
    package var all: Bool
    /// Which way to read; nil for to the right, or down where that is more compact and to the right would be a strip.
    package var direction: Diagram.Direction?

    package init(
        maxBoxes: Int = 60,
        radius: Int? = nil,
        focus: EntityID? = nil,
        all: Bool = false,
        direction: Diagram.Direction? = nil
    ) {
        self.maxBoxes = max(1, maxBoxes)
        self.radius = radius
        self.focus = focus
        self.all = all
        self.direction = direction
    }
}
