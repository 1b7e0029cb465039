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

    /// A feed (critical, 3) of a switch (high, 2) of a pair that a network (critical) needs one of.
    @Test(
        arguments: [
            // The network goes on without it: 3 less a step, and a step for the critical alert.
            (["power/a"], "critical", [Analysis.Severity.high]),
            // 2 less a step.
            (["switch/b"], "warning", [.medium]),
            // Together they end the network: 3 each, and a step for the alert.
            (["switch/a", "switch/b"], "critical", [.critical, .critical]),
            // The cache (medium) that it takes down matters less than the switch: 2 less a step.
            (["switch/c"], "warning", [.medium]),
            // The ledger (high) that it takes down matters as much: 2.
            (["switch/d"], "warning", [.high]),
        ]
    )
    func `what redundancy makes good counts a step less`(
        _ lost: [String],
        _ alert: String,
        _ severities: [Analysis.Severity]
    ) throws {
        let alerts = lost.map { #"{"alertname": "Off", "severity": "\#(alert)", "what": "\#($0)"}"# }
        let analysis = try Self.analyze(
            """
            entities:
              power/a: {}
              switch/a: {needs: [power/a]}
              switch/b: {}
              switch/c: {}
              switch/d: {}
              network/n: {needs: [any: [switch/a, switch/b]]}
              network/m: {needs: [any: [switch/c, switch/d]]}
              service/cache: {needs: [switch/c]}
              service/ledger: {needs: [switch/d], criticality: high}
            alerts: [{match: '{alertname="Off"}', entity: '{what}'}]
            """,
            alerts
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == lost)
        #expect(analysis.rootCauses.map(\.severity) == severities)
    }

    /// Six replicas on one node, each of a service of its own that has another: nothing is lost with the node.
    @Test func `many that redundancy makes good are not many that are lost`() throws {
        let services = (1...6).flatMap {
            [
                "  pod/a\($0): {on: node/a}", "  pod/b\($0): {on: node/b}",
                "  service/s\($0): {needs: [any: [pod/a\($0), pod/b\($0)]], criticality: high}",
            ]
        }
        let analysis = try Self.analyze(
            "entities:\n  node/a: {criticality: medium}\n  node/b: {}\n\(services.joined(separator: "\n"))",
            [#"{"alertname": "NodeDown", "severity": "warning", "node": "a"}"#]
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["node/a"])
        #expect(analysis.rootCauses.map(\.severity) == [.low])
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
