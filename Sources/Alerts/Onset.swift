public import Time

/// When a condition began, as an interval within which the clock decides nothing.
///
/// Scraping and evaluation take time, and an alert fires only after its rule's `for`.
public struct Onset: Hashable, Sendable {
    /// Where the onset is known from, the surest first.
    public enum Source: String, Sendable, CaseIterable {
        /// Prometheus says when the condition began to hold.
        case activeAt
        /// Alertmanager's `startsAt` less the rule's `for`, from a rules file.
        case ruleFor = "for"
        /// `startsAt` less the `pending` of the user's own rule.
        case pending
        /// `startsAt`, while the rule's `for` is unknown.
        case startsAt
        /// No time is given.
        case unknown
    }

    /// The condition did not hold before.
    public var earliest: Timestamp
    /// The condition held from here on.
    public var latest: Timestamp
    /// The single most likely instant; nil when no time is given.
    public var estimate: Timestamp?
    /// Where the onset is known from.
    public var source: Source

    /// An onset from its parts.
    public init(earliest: Timestamp, latest: Timestamp, estimate: Timestamp?, source: Source) {
        self.earliest = earliest
        self.latest = latest
        self.estimate = estimate
        self.source = source
    }

    /// How long a condition may hold before a rule sees it, when the rule's group does not say: a scrape and an
    /// evaluation of a minute each, Prometheus' defaults.
    package static let uncertainty = Span.minutes(2)
    /// The longest `for` that is usual: of 1,093 public rules, all but a few have 15 minutes or less.
    package static let longestUsualPending = Span.minutes(15)
    /// A scrape interval, Prometheus' default.
    package static let scrapeInterval = Span.minutes(1)

    /// The onset of an alert.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - rules: What rules files say.
    ///   - pending: The `for` that the user's own rule states.
    /// - Complexity: O(rules and activations of the alert's name).
    public init(of alert: Alert, rules: RuleCatalog, pending: Span?) {
        let known = rules.rules(for: alert)
        let interval = known.compactMap(\.interval).max()
        if let activation = rules.activation(of: alert) {
            let instant = Swift.min(alert.activeAt ?? activation.activeAt, activation.activeAt)
            self.init(at: instant, interval: activation.interval ?? interval, source: .activeAt)
        } else if let activeAt = alert.activeAt {
            self.init(at: activeAt, interval: interval, source: .activeAt)
        } else if let startsAt = alert.startsAt {
            self.init(firingSince: startsAt, rules: known, interval: interval, pending: pending)
        } else {
            self.init(
                earliest: .distantPast,
                latest: alert.lastSeenAt ?? .distantFuture,
                estimate: nil,
                source: .unknown
            )
        }
    }

    private init(at instant: Timestamp, interval: Span?, source: Source) {
        self.init(
            earliest: instant - Self.uncertainty(interval),
            latest: instant,
            estimate: instant,
            source: source
        )
    }

    private init(firingSince startsAt: Timestamp, rules: [RuleCatalog.Rule], interval: Span?, pending: Span?) {
        let shortest = rules.map(\.pending).min()
        let longest = rules.map(\.pending).max()
        if let shortest, let longest {
            self.init(
                earliest: startsAt - longest - Self.uncertainty(interval),
                latest: startsAt - shortest,
                estimate: startsAt - shortest,
                source: .ruleFor
            )
        } else if let pending {
            self.init(at: startsAt - pending, interval: nil, source: .pending)
        } else {
            self.init(
                earliest: startsAt - Self.longestUsualPending - Self.uncertainty,
                latest: startsAt,
                estimate: startsAt,
                source: .startsAt
            )
        }
    }

    private static func uncertainty(_ interval: Span?) -> Span {
        guard let interval else { return uncertainty }
        return interval + scrapeInterval
    }
}
