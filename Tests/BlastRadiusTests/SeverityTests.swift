import BlastRadius
import Testing
import Topology

/// How bad a root cause is, and so how urgent and in which place.
@Suite struct SeverityTests {
    /// A storage array that serves badly, under what a bank lives from, beside one application that is stuck.
    @Test func `what degrades critical things comes before one thing that is down`() throws {
        let slow = ["ledger", "payments", "atm"].map {
            #"{"alertname": "Slow", "severity": "critical", "app": "\#($0)"}"#
        }
        let stuck = #"{"alertname": "Down", "severity": "critical", "app": "swift"}"#
        let analysis = try Self.analyze(
            """
            entities:
              array/a: {}
              app/ledger: {needs: [array/a], criticality: critical}
              app/payments: {needs: [array/a], criticality: critical}
              app/atm: {needs: [array/a], criticality: critical}
              app/web: {needs: [app/ledger]}
              app/swift: {}
            alerts:
              - {match: '{alertname="Slow"}', entity: 'app/{app}', observes: degraded}
              - {match: '{alertname="Down"}', entity: 'app/{app}'}
            """,
            slow + [stuck]
        )
        let topology = analysis.topology
        #expect(analysis.rootCauses.map { topology.name(of: $0.entity) } == ["array/a", "app/swift"])
        #expect(analysis.rootCauses.map(\.effect) == [.degraded, .down])
        // Critical but only degraded, 2; a critical alert, 1; five things degraded, 1.
        #expect(analysis.rootCauses.map(\.severity) == [.critical, .high])
        #expect(analysis.actions.map(\.priority) == [.urgent, .high])
        #expect(analysis.actions.first?.text == "look at array a")
    }

    /// The same alert, by the severity that it has or that its rule gives it.
    @Test(
        arguments: [
            ("low", "", Analysis.Severity.low), ("medium", "", .low), ("high", "", .medium), ("critical", "", .high),
            ("medium", ", severity: page", .medium),
        ]
    )
    func `degraded counts a step less than down`(
        _ criticality: String,
        _ rule: String,
        _ severity: Analysis.Severity
    ) throws {
        let analysis = try Self.analyze(
            """
            entities: {app/a: {criticality: \(criticality)}}
            alerts: [{match: '{alertname="Slow"}', entity: 'app/{app}', observes: degraded\(rule)}]
            """,
            [#"{"alertname": "Slow", "severity": "warning", "app": "a"}"#]
        )
        #expect(analysis.rootCauses.map(\.effect) == [.degraded])
        #expect(analysis.rootCauses.map(\.severity) == [severity])
    }

    private static func analyze(_ topology: String, _ labels: [String]) throws -> Analysis {
        let alerts = labels.map { #"{"labels": \#($0), "startsAt": "2026-03-04T02:00:00Z"}"# }
        let platform = Platform.load([InputFile(path: "topology.yaml", bytes: Array(topology.utf8))]).platform
        var builder = IncidentBuilder()
        let text = "[\(alerts.joined(separator: ","))]"
        #expect(builder.addAlerts(InputFile(path: "alerts.json", bytes: Array(text.utf8))).isEmpty)
        return try #require(builder.incident).incident.analyze(on: #require(platform)).analysis
    }
}
