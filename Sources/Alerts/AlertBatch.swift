internal import Diagnostics
package import Time

/// What one file gave: its alerts in the order written, a repeated one as often as it occurs.
public struct AlertBatch: Sendable {
    /// The shapes that are read.
    public enum Format: String, Sendable {
        case alertmanager = "Alertmanager /api/v2/alerts"
        case alertmanagerGroups = "Alertmanager /api/v2/alerts/groups"
        case alertmanagerV1 = "Alertmanager /api/v1/alerts"
        case webhook = "Alertmanager webhook"
        case grafanaWebhook = "Grafana webhook"
        case prometheusAlerts = "Prometheus /api/v1/alerts"
        case prometheusRules = "Prometheus /api/v1/rules"
        case prometheusVector = "Prometheus query of ALERTS"
        case prometheusActivations = "Prometheus query of ALERTS_FOR_STATE"
        case prometheusMatrix = "Prometheus range query of ALERTS"

        /// Whether it lists every alert that one Alertmanager has.
        var isAlertmanagerList: Bool {
            switch self {
            case .alertmanager, .alertmanagerGroups, .alertmanagerV1: true
            default: false
            }
        }

        /// Whether it is a notification, which never has silenced or inhibited alerts.
        var isWebhook: Bool { self == .webhook || self == .grafanaWebhook }

        /// Whether its labels lack what Prometheus adds on the way to Alertmanager (`external_labels`).
        var lacksExternalLabels: Bool {
            switch self {
            case .prometheusAlerts, .prometheusRules, .prometheusVector, .prometheusActivations, .prometheusMatrix:
                true
            default: false
            }
        }
    }

    /// The name that locations carry.
    public var file: String
    /// The shape that was found.
    public var format: Format
    /// The alerts in the order written.
    public var alerts: [Alert]
    /// How many alerts Alertmanager left out of the notification (`max_alerts`).
    public var truncatedCount = 0
    /// Whether it is sure to have the silenced and inhibited alerts too, since they were asked for.
    public var isComplete = false
    /// When conditions began to hold, for alerts whose labels contain these.
    package var activations: [Activation] = []
    /// What a rules document says about the rules themselves.
    package var rules = RuleCatalog()
    /// The firings that a range query shows.
    package var history = AlertHistory()

    /// A batch from its parts.
    public init(file: String, format: Format, alerts: [Alert] = []) {
        self.file = file
        self.format = format
        self.alerts = alerts
    }

    /// Whether the file may have left out silenced and inhibited alerts, as `amtool alert query` does without
    /// `--silenced --inhibited`: it is a list from Alertmanager with no such alert in it.
    public var suppressedMayBeMissing: Bool {
        format.isAlertmanagerList && !isComplete && !alerts.isEmpty && !alerts.contains { $0.state == .suppressed }
    }
}

extension AlertBatch {
    /// Takes alerts whose end lies before the latest instant of the file as resolved, as Alertmanager does with what is
    /// posted to it.
    ///
    /// - Parameter stateless: the alerts to look at, as indices: those that do not say their state. While an alert fires,
    ///   Alertmanager's end is when it would give it up, so that it is no sign by itself.
    mutating func resolveEnded(_ stateless: [Int]) {
        guard let latest = alerts.compactMap(\.lastSeenAt).max() else { return }
        for index in stateless {
            guard let end = alerts[index].endsAt, end < latest, alerts[index].startsAt.map({ $0 <= end }) ?? true else {
                continue
            }
            alerts[index].state = .resolved
        }
    }

    /// The latest firing of each alert that a range query shows, as one that has ended: which of them go on, only those
    /// know who list what fires.
    package var latestFirings: AlertBatch {
        var latest: [LabelSet: AlertHistory.Episode] = [:]
        for episode in history.episodes where latest[episode.labels].map({ $0.start < episode.start }) ?? true {
            latest[episode.labels] = episode
        }
        var batch = AlertBatch(file: file, format: format)
        batch.alerts = latest.values.map { episode in
            var alert = Alert(
                labels: episode.labels,
                state: .resolved,
                startsAt: episode.start,
                location: SourceLocation(file: file)
            )
            alert.endsAt = episode.end
            return alert
        }
        return batch
    }
}

/// Since when a condition holds, as Prometheus says.
package struct Activation: Sendable {
    /// The alert's labels before any external label is added, `alertname` included.
    package var labels: LabelSet
    package var activeAt: Timestamp
    /// How often the rule is evaluated, when known.
    package var interval: Span?

    package init(labels: LabelSet, activeAt: Timestamp, interval: Span? = nil) {
        self.labels = labels
        self.activeAt = activeAt
        self.interval = interval
    }
}
