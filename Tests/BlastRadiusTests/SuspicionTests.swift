import Alerts
import BlastRadius
import Testing
import Topology

/// What speaks for and against something that was not chosen.
@Suite struct SuspicionTests {
    /// A site with five hosts that one monitor there alone watches; a rack within it holds the host that alerts, another
    /// and a disk.
    private static let topology = """
        entities:
          site/s: {}
          rack/r: {on: site/s}
          monitor/m: {on: site/s}
          host/a: {on: rack/r, observed_by: monitor/m}
          host/b: {on: rack/r, observed_by: monitor/m}
          host/c: {on: site/s}
          disk/a: {}
          service/x: {needs: [host/a, disk/a]}
        alerts:
          - {match: '{alertname="HostDown"}', entity: 'host/{host}'}
          - {match: '{alertname="ServiceDown"}', entity: 'service/{service}'}
        """

    private static func analysis() throws -> Analysis {
        let platform = try #require(Platform.load([Analyses.file(topology)]).platform)
        var builder = IncidentBuilder()
        let alerts = [
            Analyses.alert("HostDown", severity: "critical", ["host": "a"]),
            Analyses.alert("ServiceDown", severity: "critical", ["service": "x"]),
        ]
        #expect(builder.addAlerts(Analyses.file("[\(alerts.joined(separator: ","))]")).isEmpty)
        let context = "observations: [{entity: host/c, state: healthy, at: 2026-01-20T03:30:00Z, source: ping}]"
        #expect(builder.addContext(Analyses.file(context)).isEmpty)
        let (incident, _) = try #require(builder.incident)
        return incident.analyze(on: platform).analysis
    }

    /// What is said of each: how it failed, the alerts that it explains and misses, what would be silent, whose word it
    /// contradicts, whose alerts would not arrive.
    @Test(arguments: [
        // b is silent, and it would explain all.
        ("rack/r", ["HostDown", "ServiceDown"], [String](), ["host/b"], [String](), [String]()),
        // The monitor that would have told of b is down, too, which excuses b; but then nobody told of a. c was well.
        ("site/s", ["HostDown", "ServiceDown"], [], [], ["host/c"], ["monitor/m"]),
        // It takes down the service, and not the host.
        ("disk/a", ["ServiceDown"], ["HostDown"], [], [], []),
        // Nothing that alerts needs it.
        ("host/c", [], [], [], ["host/c"], []),
    ])
    func `it says what would follow`(
        _ name: String,
        _ explains: [String],
        _ misses: [String],
        _ silent: [String],
        _ contradictions: [String],
        _ messengers: [String]
    ) throws {
        let analysis = try Self.analysis()
        let topology = analysis.topology
        #expect(Analyses.roots(analysis) == ["host/a"])
        #expect(analysis.messengers.map(topology.name) == ["monitor/m"])
        let suspicion = analysis.suspicion(of: try #require(topology.entity(named: name)))
        #expect(suspicion.explains.map { analysis.ledger[$0].alert.name }.sorted() == explains)
        #expect(suspicion.misses.map { analysis.ledger[$0].alert.name }.sorted() == misses)
        #expect(suspicion.silent.map(topology.name) == silent)
        #expect(suspicion.contradictions.map { topology.name(of: analysis.observations[$0].entity) } == contradictions)
        #expect(suspicion.messengers.map(topology.name) == messengers)
    }
}
