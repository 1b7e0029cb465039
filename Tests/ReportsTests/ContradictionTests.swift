import BlastRadius
import Testing
import Topology

@testable import Reports

/// What people saw to be well, and the conclusion says is not.
@Suite struct ContradictionTests {
    private func analysis(seenWell entity: String, at time: String) throws -> Analysis {
        let alerts = ["h1", "h2", "h3"].map { host in
            #"{"labels": {"alertname": "HostDown", "severity": "critical", "host": "\#(host)"}, "#
                + #""startsAt": "2026-03-04T03:00:00Z", "status": {"state": "active"}}"#
        }
        return try ReportsTests.analysis(
            topology: """
                entities:
                  site/a: {}
                  host/h1: {on: site/a}
                  host/h2: {on: site/a}
                  host/h3: {on: site/a}
                """,
            alerts: "[\(alerts.joined(separator: ","))]",
            context: "observations: [{entity: \(entity), state: healthy, at: \(time), source: ping from bastion}]\n"
        )
    }

    @Test func `a healthy observation that the conclusion contradicts is said at its root cause`() throws {
        let analysis = try analysis(seenWell: "host/h1", at: "2026-03-04T03:30:00Z")
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }.contains("site/a"))
        let text = "ping from bastion said host/h1 was healthy at 03:30Z"
        #expect(TerminalReport.render(analysis).contains("\n   but         \(text)\n"))
        #expect(ChatReport.text(analysis).contains("\n    but \(text)\n"))
        #expect(MarkdownReport.render(analysis).contains("\n- but \(text)\n"))
    }

    @Test func `what was well before it broke contradicts nothing`() throws {
        let analysis = try analysis(seenWell: "host/h1", at: "2026-03-04T02:30:00Z")
        #expect(analysis.observations.map(\.isAccountedFor) == [true])
        #expect(!TerminalReport.render(analysis).contains("ping from bastion"))
    }
}
