public import Diagnostics
public import Time

/// The distinct alerts of one or several files.
public struct AlertSet: Sendable {
    /// Sorted by fingerprint, each once.
    public private(set) var alerts: [Alert] = []
    /// How many alerts notifications left out.
    public private(set) var truncatedCount = 0
    /// Notes on what the files disagree about.
    public private(set) var diagnostics: [Diagnostic] = []
    /// Rules and activations that came with the alerts.
    package private(set) var rules = RuleCatalog()

    /// Joins the alerts of several files.
    ///
    /// The same fingerprint is the same alert: the earliest `startsAt` and every silence and inhibition count, as in
    /// Alertmanager's own merge (`alert.Merge`). Peers of an Alertmanager cluster share silences but not alerts, so
    /// their lists may differ, which is noted. An alert from Prometheus lacks the external labels that Alertmanager sees:
    /// it joins the alerts whose labels contain its own.
    ///
    /// - Parameter batches: What the files gave, in any order.
    /// - Complexity: O(alerts × log alerts).
    public init(merging batches: [AlertBatch]) {
        var indices: [String: Int] = [:]
        for batch in batches {
            truncatedCount += batch.truncatedCount
            rules.merge(batch.rules)
            for activation in batch.activations { rules.add(activation) }
            guard !batch.format.lacksExternalLabels else { continue }
            for alert in batch.alerts { insert(alert, &indices) }
        }
        if batches.contains(where: \.format.lacksExternalLabels) {
            let fromAlertmanager = LabelIndex(alerts)
            for batch in batches where batch.format.lacksExternalLabels {
                for alert in batch.alerts {
                    let matches = fromAlertmanager.containing(alert.labels)
                    for index in matches { alerts[index].adoptTimes(of: alert) }
                    if matches.isEmpty { insert(alert, &indices) }
                }
            }
        }
        // Alertmanager sorts by fingerprint; moving alerts is what a sort would cost.
        let order = alerts.indices.sorted { alerts[$0].fingerprint < alerts[$1].fingerprint }
        if order != Array(alerts.indices) { alerts = order.map { alerts[$0] } }
        if let only = batches.first, batches.allSatisfy({ $0.format == .prometheusActivations }) {
            diagnostics.append(
                Diagnostic(
                    .warning,
                    "no-alerts",
                    "ALERTS_FOR_STATE says since when conditions hold, not which alerts fire",
                    at: SourceLocation(file: only.file, line: 1, column: 1),
                    fix: "give a query of ALERTS, or Alertmanager's /api/v2/alerts, beside it"
                )
            )
        }
        noteDifferences(between: batches.filter { $0.format.isAlertmanagerList })
    }

    private mutating func insert(_ alert: Alert, _ indices: inout [String: Int]) {
        if let index = indices[alert.fingerprint] {
            alerts[index].merge(alert)
        } else {
            indices[alert.fingerprint] = alerts.count
            alerts.append(alert)
        }
    }

    /// The latest instant that any alert mentions as past: the best guess of "now" without a clock.
    public var latestInstant: Timestamp? { alerts.compactMap(\.lastSeenAt).max() }

    private mutating func noteDifferences(between lists: [AlertBatch]) {
        guard lists.count > 1 else { return }
        let sets = lists.map { Set($0.alerts.map(\.fingerprint)) }
        let all = sets.reduce(into: Set<String>()) { $0.formUnion($1) }
        for (list, set) in zip(lists, sets) where set.count < all.count {
            let missing = all.count - set.count
            diagnostics.append(
                Diagnostic(
                    .note,
                    "peers-differ",
                    "lacks \(missing) of the \(all.count) alerts that the Alertmanager files have together",
                    at: SourceLocation(file: list.file),
                    notes: [Diagnostic.Note("the peers of a cluster share silences, not alerts; all alerts are used")]
                )
            )
        }
    }
}

extension Alert {
    /// Joins what another file says about the same alert.
    mutating func merge(_ other: Alert) {
        if state == .resolved, other.state != .resolved {
            var newer = other
            newer.merge(self)
            self = newer
            return
        }
        let isEarlierFiring =
            other.state == .resolved && state != .resolved
            && (other.endsAt ?? .distantPast) < (startsAt ?? .distantPast)
        if !isEarlierFiring {
            startsAt = [startsAt, other.startsAt].compactMap { $0 }.min()
            activeAt = [activeAt, other.activeAt].compactMap { $0 }.min()
        }
        updatedAt = [updatedAt, other.updatedAt].compactMap { $0 }.max()
        if state != .resolved || other.state == .resolved {
            endsAt = [endsAt, other.state == .resolved && state != .resolved ? nil : other.endsAt]
                .compactMap { $0 }.max()
        }
        silencedBy.formSortedUnion(other.silencedBy)
        inhibitedBy.formSortedUnion(other.inhibitedBy)
        mutedBy.formSortedUnion(other.mutedBy)
        receivers.formSortedUnion(other.receivers)
        if other.state.rank > state.rank { state = other.state }
        if annotations.isEmpty { annotations = other.annotations }
        generatorURL = generatorURL ?? other.generatorURL
        givenDashboardURL = givenDashboardURL ?? other.givenDashboardURL
    }

    /// Takes from Prometheus what Alertmanager does not know: since when the condition holds.
    mutating func adoptTimes(of alert: Alert) {
        guard let theirs = alert.activeAt else { return }
        if let startsAt, theirs > startsAt { return }
        activeAt = Swift.min(activeAt ?? theirs, theirs)
    }
}

extension Alert.State {
    /// Which of two states that files disagree about holds: a suppression is known to whoever sees it.
    fileprivate var rank: Int {
        switch self {
        case .resolved: 0
        case .pending: 1
        case .unprocessed: 2
        case .active: 3
        case .suppressed: 4
        }
    }
}

extension [String] {
    /// Adds what is not yet there and sorts.
    fileprivate mutating func formSortedUnion(_ other: [String]) {
        guard !other.isEmpty, self != other else { return }
        self = Set(self).union(other).sorted()
    }
}

/// Finds alerts by labels that they contain.
struct LabelIndex {
    private let alerts: [Alert]
    private var indicesByName: [String: [Int]] = [:]

    init(_ alerts: [Alert]) {
        self.alerts = alerts
        for (index, alert) in alerts.enumerated() { indicesByName[alert.name, default: []].append(index) }
    }

    /// The alerts with the same name whose labels contain all of these, in order.
    ///
    /// - Complexity: O(alerts with that name × labels).
    func containing(_ labels: LabelSet) -> [Int] {
        (indicesByName[labels["alertname"] ?? ""] ?? []).filter { labels.isContained(in: alerts[$0].labels) }
    }
}
