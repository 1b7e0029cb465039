import BlastRadius
import Testing

@testable import Reports

/// What is set aside is told with the reason.
@Suite struct SetAsideTests {
    @Test(arguments: [("2026-03-03", true), ("2026-03-04", false)])
    func `a review that was due before the incident is said`(_ day: String, _ isSaid: Bool) throws {
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {host/h1: {}}
                known_issues: [{id: OPS-17, match: '{alertname="HostHot"}', reason: summer, review_by: \(day)}]
                """,
            alerts: #"[{"labels": {"alertname": "HostHot", "host": "h1"}, "startsAt": "2026-03-04T02:00:00Z"}]"#
        )
        #expect(TerminalReport.render(analysis).contains("\n   1 × OPS-17: summer\n"))
        #expect(TerminalReport.render(analysis).contains("\n   review overdue: OPS-17 (2026-03-03)\n") == isSaid)
        #expect(ChatReport.text(analysis).contains("\nreview overdue: OPS-17 (2026-03-03)\n") == isSaid)
    }

    @Test func `a silence's comment and how often an alert is seen are the reasons`() throws {
        func job(_ name: String, silenced: Bool = false) -> String {
            let status = silenced ? #""state": "suppressed", "silencedBy": ["s-1"]"# : #""state": "active""#
            let alertname = silenced ? "JobFailed" : "JobSlow"
            return #"{"labels": {"alertname": "\#(alertname)", "severity": "info", "cronjob": "\#(name)", "#
                + #""namespace": "a"}, "startsAt": "2026-03-04T02:00:00Z", "status": {\#(status)}}"#
        }
        // Of four looks three show b, and all show c.
        let history = (0..<4).map { look in "[\(([job("c")] + (look < 3 ? [job("b")] : [])).joined(separator: ","))]" }
        let analysis = try ReportsTests.analysis(
            topology: "entities: {cronjob/a/a: {}, cronjob/a/b: {}, cronjob/a/c: {}}",
            alerts: "[\([job("a", silenced: true), job("b"), job("c")].joined(separator: ","))]",
            silences: #"[{"id": "s-1", "comment": "being moved", "createdBy": "eve", "status": {"state": "active"}}]"#,
            history: history
        )
        #expect(analysis.counts == [.suppressed: 1, .chronic: 2])
        let text = TerminalReport.render(analysis)
        #expect(text.contains("\n   1 × JobFailed: silenced: being moved (eve)\n"))
        #expect(text.contains("\n   2 × JobSlow: fires without incident: seen in 4 of 4 earlier looks at most\n"))
        let report = MarkdownReport.render(analysis)
        #expect(report.contains("**JobFailed** (1): silenced: being moved (eve)"))
        #expect(report.contains("**JobSlow** (2): fires without incident: seen in 4 of 4 earlier looks at most"))
    }
}
