import BlastRadius
import Diagnostics
import Testing
import Topology

/// What no alert proves.
@Suite("Silence")
struct SilenceTests {
    /// Two alerts that share a database, which a monitor watches, and a disk, which nobody watches but which fails rarely.
    static let topology = """
        version: 1
        kinds: {disk: {faults_per_year: 0.4}, database: {faults_per_year: 2}}
        entities:
          monitor/prober: {}
          disk/d: {}
          database/db: {observed_by: [monitor/prober]}
          service/a: {needs: [database/db, disk/d]}
          service/b: {needs: [database/db, disk/d]}
        alerts:
          - {match: '{alertname="DatabaseDown"}', entity: database/db}
          - {match: '{alertname="Down"}', entity: 'service/{svc}'}
        """

    private func roots(context: String?) throws -> [String] {
        func file(_ text: String) -> InputFile { InputFile(path: "f", bytes: Array(text.utf8)) }
        let alerts = ["a", "b"].map {
            #"{"labels": {"alertname": "Down", "svc": "\#($0)", "severity": "critical"}, "startsAt": "2026-01-01T00:00:00Z"}"#
        }
        let platform = try #require(Platform.load([file(Self.topology)]).platform)
        var builder = IncidentBuilder()
        _ = builder.addAlerts(file("[\(alerts.joined(separator: ","))]"))
        if let context { _ = builder.addContext(file(context)) }
        let (incident, _) = try #require(builder.incident)
        let analysis = incident.analyze(on: platform).analysis
        return analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }
    }

    @Test(
        "of what is watched speaks against it: five times the faults a year are 1.6 nats, its own silence 3, that of a kind 1"
    )
    func watched() throws {
        #expect(try roots(context: nil) == ["disk/d"])
    }

    @Test("proves nothing where people know the observer to be blind")
    func blind() throws {
        #expect(try roots(context: "blind: [{entity: monitor/prober, reason: no power}]") == ["database/db"])
        #expect(try roots(context: "blind: [{source: Grafana}]") == ["disk/d"])
    }

    /// Two of six hosts alert, and the only one that could tell is in the same site: it told.
    ///
    /// Where all six alert, one site
    /// is likelier than six hosts, and its monitor must have been spared: 9 nats against five times that.
    @Test("of hosts is not excused by a monitor whose alerts arrive")
    func messenger() throws {
        let hosts = ["a", "b", "c", "d", "e", "f"]
        let topology = """
            version: 1
            entities:
              site/dc: {}
            \(hosts.map { "  host/\($0): {on: site/dc, observed_by: monitor/prom}" }.joined(separator: "\n"))
              monitor/prom: {on: site/dc}
            alerts: [{match: '{alertname="HostDown"}', entity: 'host/{host}'}]
            """
        func roots(_ down: [String]) throws -> [String] {
            let alerts = down.map { Analyses.alert("HostDown", severity: "critical", ["host": $0]) }
            return Analyses.roots(try Analyses.analyze(topology, alerts))
        }
        #expect(try roots(["a", "b"]) == ["host/a", "host/b"])
        #expect(try roots(hosts) == ["site/dc"])
    }
}
