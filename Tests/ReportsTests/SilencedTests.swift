import Alerts
import BlastRadius
import Testing
import Topology

@testable import Reports

/// Silenced alerts are evidence, and whoever reads of what they show has to know that somebody silenced them.
@Suite struct SilencedTests {
    let analysis: Analysis

    init() throws {
        let alerts = ["\"HostDown\", \"host\": \"h1\"", "\"Odd\", \"thing\": \"x\""].map { labels in
            """
            {"labels": {"alertname": \(labels)}, "startsAt": "2026-03-04T02:00:00Z",
             "status": {"state": "suppressed", "silencedBy": ["s-1"], "inhibitedBy": []}}
            """
        }
        analysis = try ReportsTests.analysis(
            topology: "entities: {host/h1: {}, service/web: {on: host/h1}}",
            alerts: """
                [\(alerts.joined(separator: ",")), {"labels": {"alertname": "WebDown", "service": "web"},
                  "startsAt": "2026-03-04T02:00:00Z", "status": {"state": "active"}}]
                """,
            silences: #"[{"id": "s-1", "comment": "planned work", "createdBy": "bob", "status": {"state": "active"}}]"#
        )
    }

    @Test func `a silenced root cause is said to be, by whom and why, and its action says so too`() throws {
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["host/h1"])
        let line = "HostDown is silenced: planned work (bob)"
        #expect(TerminalReport.render(analysis).contains("\n   \(line)\n"))
        #expect(ChatReport.text(analysis).contains("\n    \(line)\n"))
        #expect(MarkdownReport.render(analysis).contains("\n- HostDown is silenced: planned work (bob)\n"))
        let action = try #require(analysis.rootCauses.first?.actions.first)
        #expect(
            Wording(analysis: analysis).why(action)
                == "no alert rule says what to do about it; silenced: planned work (bob)"
        )
    }

    @Test func `one that maps to nothing keeps its comment`() throws {
        let row = try #require(analysis.ledger.first { $0.verdict == .unmatched })
        #expect(row.alert.name == "Odd")
        #expect(Wording(analysis: analysis).reason(row).hasSuffix("; silenced: planned work (bob)"))
    }
}
