import Alerts
import Diagnostics
import Testing
import Time

@Suite struct KnownIssueTests {
    private let place = SourceLocation(file: "topology.yaml", line: 1, column: 1)

    private func issue(_ id: String, _ match: String, settles: Span? = nil, review: String? = nil) throws -> KnownIssue
    {
        var issue = KnownIssue(id: id, match: try Matcher(match, at: place), reason: "known", location: place)
        issue.settlesWithin = settles
        issue.reviewBy = review
        return issue
    }

    @Test func takesTheFirstIssueThatMatches() throws {
        let issues = [try issue("A", #"{alertname="X",n="1"}"#), try issue("B", #"{alertname="X"}"#)]
        #expect(KnownIssue.verdict(on: alert(["alertname": "X", "n": "1"]), by: issues, now: nil)?.id == "A")
        #expect(KnownIssue.verdict(on: alert(["alertname": "X"]), by: issues, now: nil)?.issue == 1)
        #expect(KnownIssue.verdict(on: alert(["alertname": "Y"]), by: issues, now: nil) == nil)
    }

    @Test func reportsAnAlertThatDoesNotSettle() throws {
        let issues = [try issue("PITFALL-252", "{}", settles: .minutes(40))]
        let firing = alert(["alertname": "X"], startsAt: try time("2026-07-01T19:00:00Z"))
        let early = KnownIssue.verdict(on: firing, by: issues, now: try time("2026-07-01T19:40:00Z"))
        #expect(early?.isOutOfCharacter == false)
        let late = KnownIssue.verdict(on: firing, by: issues, now: try time("2026-07-01T19:50:00Z"))
        #expect(late?.outOfCharacterFor == .minutes(10))
    }

    @Test func reportsAnOverdueReview() throws {
        let issues = [try issue("A", "{}", review: "2026-12-31")]
        let firing = alert(["alertname": "X"])
        #expect(
            KnownIssue.verdict(on: firing, by: issues, now: try time("2026-12-31T23:59:59Z"))?.isReviewOverdue == false
        )
        #expect(
            KnownIssue.verdict(on: firing, by: issues, now: try time("2027-01-01T00:00:00Z"))?.isReviewOverdue == true
        )
        #expect(KnownIssue.isDay("2026-12-31"))
        #expect(!KnownIssue.isDay("2026-02-30"))
        #expect(!KnownIssue.isDay("2026-1-1"))
    }

    @Test func knowsWhatFiresByDesign() throws {
        let verdict = KnownIssue.verdict(on: alert(["alertname": "Watchdog"]), by: [], now: nil)
        #expect(verdict?.id == "always-firing")
        #expect(verdict?.reason == "always firing by design")
    }
}
