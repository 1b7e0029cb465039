import Alerts
import BlastRadius
import Testing
import Topology

@testable import Reports

/// Alerts that have ended: they are told, but nothing follows from them.
@Suite struct ResolvedTests {
    static let topology = """
        entities: {switch/s: {}, host/h1: {needs: [switch/s]}, host/h2: {needs: [switch/s]}, host/h3: {}}
        """

    static func webhook(_ alerts: [(host: String, state: String)]) -> String {
        let alerts = alerts.map { host, state in
            let end = state == "resolved" ? "2026-03-04T02:30:00Z" : "0001-01-01T00:00:00Z"
            return """
                {"status": "\(state)", "labels": {"alertname": "HostDown", "severity": "critical", "host": "\(host)"},
                 "startsAt": "2026-03-04T02:00:00Z", "endsAt": "\(end)"}
                """
        }
        return """
            {"version": "4", "status": "firing", "receiver": "r", "groupLabels": {}, "commonLabels": {},
             "alerts": [\(alerts.joined(separator: ","))]}
            """
    }

    @Test func `an alert that has ended explains nothing and is explained by nothing`() throws {
        let analysis = try ReportsTests.analysis(
            topology: Self.topology,
            alerts: Self.webhook([("h1", "resolved"), ("h3", "firing")])
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["host/h3"])
        #expect(analysis.counts == [.root: 1, .resolved: 1])
        let row = try #require(analysis.ledger.first { $0.verdict == .resolved })
        #expect(row.match.entity.map(analysis.topology.name) == "host/h1" && row.because.isEmpty)
        let text = TerminalReport.render(analysis)
        #expect(text.contains("1 root cause explains 1 of 2 alerts · 0 known issues · 1 resolved · "))
        #expect(text.contains("1 × HostDown: it ended"))
        #expect(MarkdownReport.render(analysis).contains("0 unmatched"))
        #expect(try JSONReportTests.Document(analysis).alerts["resolved"] == 1)
    }

    @Test func `where all have ended nothing is broken`() throws {
        let analysis = try ReportsTests.analysis(
            topology: Self.topology,
            alerts: Self.webhook([("h1", "resolved"), ("h2", "resolved")])
        )
        #expect(analysis.rootCauses.isEmpty && analysis.counts == [.resolved: 2])
        #expect(Wording(analysis: analysis).title == "All alerts have ended.")
    }

    /// Both fire, and the switch is to blame; when one has ended, the switch serves somebody and is not.
    @Test func `what has ended shows that its dependencies work`() throws {
        func causes(_ state: String) throws -> [String] {
            let alerts = Self.webhook([("h1", "firing"), ("h2", state)])
            let analysis = try ReportsTests.analysis(topology: Self.topology, alerts: alerts)
            return analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }
        }
        #expect(try causes("firing") == ["switch/s"])
        #expect(try causes("resolved") == ["host/h1"])
    }
}
