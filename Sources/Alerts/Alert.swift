public import Diagnostics
public import Time

/// One alert as a file gave it, or as several files gave it together.
public struct Alert: Sendable {
    /// Where an alert is in its life.
    public enum State: String, Sendable, CaseIterable {
        /// Firing, and somebody is told.
        case active
        /// Firing, but silenced, inhibited or muted.
        case suppressed
        /// Its condition holds, but not for long enough to fire.
        case pending
        /// It fired, and no longer does: webhooks show these, and what is meant for Alertmanager.
        case resolved
        /// Alertmanager has not decided yet.
        case unprocessed
    }

    /// What tells alerts apart: Alertmanager's own, or else computed from the labels.
    public var fingerprint: String
    /// What identifies it.
    public var labels: LabelSet
    /// What it tells people.
    public var annotations: LabelSet
    /// Where it is in its life.
    public var state: State
    /// When it began to fire, which is later than its cause by the rule's `for`.
    public var startsAt: Timestamp?
    /// When its condition began to hold, which only Prometheus knows.
    public var activeAt: Timestamp?
    /// When it ended or, while it fires, when Alertmanager would give it up.
    public var endsAt: Timestamp?
    /// When Alertmanager last heard of it.
    public var updatedAt: Timestamp?
    /// The silences that match it, by id.
    public var silencedBy: [String] = []
    /// The alerts that inhibit it, by fingerprint.
    public var inhibitedBy: [String] = []
    /// The time intervals that mute it.
    public var mutedBy: [String] = []
    /// Who is told, by the names of Alertmanager's configuration.
    public var receivers: [String] = []
    /// Where it comes from, verbatim and untrusted.
    public var generatorURL: String?
    /// Grafana's link to the dashboard, verbatim and untrusted.
    public var givenDashboardURL: String?
    /// Where it is in the input.
    public var location: SourceLocation

    /// An alert; without a fingerprint one is computed from the labels.
    public init(
        fingerprint: String? = nil,
        labels: LabelSet,
        annotations: LabelSet = [:],
        state: State = .active,
        startsAt: Timestamp? = nil,
        location: SourceLocation
    ) {
        self.fingerprint = fingerprint ?? labels.fingerprint
        self.labels = labels
        self.annotations = annotations
        self.state = state
        self.startsAt = startsAt
        self.location = location
    }
}

extension Alert {
    /// The label `alertname`, or an empty text.
    public var name: String { labels["alertname"] ?? "" }

    /// The label `severity`, as written.
    public var severity: String? { labels.nonEmpty("severity") }

    /// What happened, in a sentence: the annotation `summary`, `message` or `description`.
    public var summary: String? {
        annotations.nonEmpty("summary") ?? annotations.nonEmpty("message") ?? annotations.nonEmpty("description")
    }

    /// The annotation `runbook_url`, verbatim and untrusted.
    public var runbookURL: String? { annotations.nonEmpty("runbook_url") ?? annotations.nonEmpty("runbook") }

    /// The dashboard's address, verbatim and untrusted.
    public var dashboardURL: String? {
        givenDashboardURL ?? annotations.nonEmpty("dashboard_url") ?? annotations.nonEmpty("dashboard")
    }

    /// Whether it fires by design and says nothing about the platform: kube-prometheus' `Watchdog`, once
    /// `DeadMansSwitch`, shows that alerting works, and `InfoInhibitor` silences others.
    public var isMeta: Bool {
        ["Watchdog", "InfoInhibitor", "DeadMansSwitch", "PrometheusAlertmanagerE2eDeadManSwitch"].contains(name)
    }

    /// Whether it fires now, whoever is told.
    public var isFiring: Bool { state == .active || state == .suppressed || state == .unprocessed }

    /// The latest instant at which something about the alert is known.
    package var lastSeenAt: Timestamp? {
        var latest = [startsAt, activeAt, updatedAt].compactMap { $0 }.max()
        if state == .resolved, let endsAt { latest = Swift.max(latest ?? endsAt, endsAt) }
        return latest
    }
}
