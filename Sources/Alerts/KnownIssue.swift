public import Diagnostics
public import Time

/// An alert pattern that people have already judged.
public struct KnownIssue: Sendable {
    /// What people call it, for example a ticket.
    public var id: String
    /// The alerts that it is about.
    public var match: Matcher
    /// Why they need no attention.
    public var reason: String?
    /// How long such an alert fires at most; one that fires for longer is out of character.
    public var settlesWithin: Span?
    /// The last day on which the judgement holds, as `2026-12-31`.
    public var reviewBy: String?
    /// What to do about it all the same.
    public var action: Template?
    /// How urgent that is: `URGENT`, `HIGH`, `MEDIUM` or `LOW`.
    public var actionPriority: String?
    /// Where it is written.
    public var location: SourceLocation

    /// A known issue with what it must have.
    public init(id: String, match: Matcher, reason: String?, location: SourceLocation) {
        self.id = id
        self.match = match
        self.reason = reason
        self.location = location
    }

    /// Whether the text is a day that exists, written as `2026-12-31`.
    package static func isDay(_ text: String) -> Bool {
        text.utf8.count == 10 && Timestamp(rfc3339: text + "T00:00:00Z") != nil
    }
}

/// What known issues say about one alert.
public struct KnownIssueVerdict: Sendable {
    /// The issue, as an index into the list given; nil for an alert that fires by design.
    public var issue: Int?
    /// The issue's id, or `always-firing`.
    public var id: String
    /// Why the alert needs no attention.
    public var reason: String?
    /// How long it has been firing beyond the time within which it settles; nil when it has not.
    public var outOfCharacterFor: Span?
    /// Whether the judgement should have been reviewed by now.
    public var isReviewOverdue: Bool
    /// What to do about it all the same.
    public var action: String?
    /// How urgent that is.
    public var actionPriority: String?

    /// Whether the alert behaves unlike what people judged, so that it deserves a look.
    public var isOutOfCharacter: Bool { outOfCharacterFor != nil }
}

extension KnownIssue {
    /// Judges an alert by the first issue that matches it.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - issues: The issues in order of precedence.
    ///   - now: The moment to judge at, usually ``AlertSet/latestInstant``; without one nothing is overdue.
    /// - Returns: The verdict, or nil when no issue is about the alert.
    /// - Complexity: O(issues × labels).
    public static func verdict(on alert: Alert, by issues: [KnownIssue], now: Timestamp?) -> KnownIssueVerdict? {
        for (index, issue) in issues.enumerated() where issue.match.matches(alert.labels) {
            var verdict = KnownIssueVerdict(
                issue: index,
                id: issue.id,
                reason: issue.reason,
                isReviewOverdue: false,
                action: issue.action.map { (try? $0.expanded(with: alert.labels)) ?? $0.text },
                actionPriority: issue.actionPriority
            )
            if let now, let settlesWithin = issue.settlesWithin, let start = alert.startsAt ?? alert.activeAt {
                let end = alert.state == .resolved ? Swift.min(alert.endsAt ?? now, now) : now
                let excess = (end - start).milliseconds - settlesWithin.milliseconds
                if excess > 0 { verdict.outOfCharacterFor = Span(milliseconds: excess) }
            }
            if let now, let reviewBy = issue.reviewBy { verdict.isReviewOverdue = reviewBy < now.day }
            return verdict
        }
        guard alert.isMeta else { return nil }
        return KnownIssueVerdict(
            issue: nil,
            id: "always-firing",
            reason: "always firing by design",
            isReviewOverdue: false
        )
    }
}
