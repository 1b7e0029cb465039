import Alerts
import BlastRadius
import Diagnostics
import Testing
import Time
import Topology

/// What servers are asked for beyond lists of alerts: firings that have ended, and rules.
@Suite("Inputs of live sources")
struct LiveInputTests {
    static let platform = """
        version: 1
        entities:
          host/h1: {}
          host/h2: {}
          link/a-b: {}
          service/db: {}
          service/web: {needs: [service/db]}
        alerts:
          - match: '{alertname="ServiceDown"}'
            entity: 'service/{service}'
          - match: '{alertname="LinkDwon"}'
            entity: link/a-b
        known_issues:
          - {id: NOISE, match: '{alertname="Noise"}', reason: old}
        """
    static let firing = """
        [{"labels": {"alertname": "ServiceDown", "service": "web", "cluster": "x"}, "startsAt": "2026-03-01T10:09:00Z"}]
        """
    /// The database failed twice, and the web service still does.
    static let range = """
        {"status": "success", "data": {"resultType": "matrix", "result": [
          {"metric": {"__name__": "ALERTS", "alertstate": "firing", "alertname": "ServiceDown", "service": "db"},
           "values": [[1772359200, "1"], [1772359230, "1"], [1772359590, "1"], [1772359620, "1"], [1772359650, "1"]]},
          {"metric": {"__name__": "ALERTS", "alertstate": "firing", "alertname": "ServiceDown", "service": "web"},
           "values": [[1772359740, "1"], [1772359770, "1"]]}]}}
        """

    static func file(_ text: String) -> InputFile { InputFile(path: "f", bytes: Array(text.utf8)) }

    @Test func `what has ended is part of the incident, by its latest firing, and what goes on is there once`() throws {
        var builder = IncidentBuilder()
        #expect(builder.addEnded(Self.file(Self.range)).isEmpty)
        #expect(builder.incident == nil && builder.alertFileCount == 0)
        #expect(builder.addAlerts(Self.file(Self.firing), isComplete: true).isEmpty)
        let (incident, notes) = try #require(builder.incident)
        #expect(notes.isEmpty)
        #expect(incident.alerts.count == 2)
        let ended = try #require(incident.alerts.first { $0.labels["service"] == "db" })
        #expect(ended.state == .resolved)
        #expect(ended.startsAt?.rfc3339 == "2026-03-01T10:06:30Z")
        #expect(ended.endsAt?.rfc3339 == "2026-03-01T10:07:30Z")
        #expect(incident.alerts.first { $0.labels["service"] == "web" }?.state == .active)
        let platform = try #require(Platform.load([Self.file(Self.platform)]).platform)
        let (analysis, _) = incident.analyze(on: platform)
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["service/db"])
    }

    @Test func `silences without a silenced alert say nothing of a list that is complete`() throws {
        let silences = #"[{"id": "s", "status": {"state": "active"}, "comment": "c"}]"#
        for isComplete in [false, true] {
            var builder = IncidentBuilder()
            _ = builder.addAlerts(Self.file(Self.firing), isComplete: isComplete)
            _ = builder.addSilences(Self.file(silences))
            let (_, notes) = try #require(builder.incident)
            #expect(notes.map(\.code) == (isComplete ? [] : ["suppressed-missing"]))
        }
    }

    @Test func `rules and entities that have nothing to do with each other`() throws {
        func rule(_ name: String, _ summary: String = "", alerts: String = "") -> String {
            #"{"type": "alerting", "name": "\#(name)", "query": "up", "duration": 0, "annotations": {"s": "\#(summary)"}, "#
                + #""alerts": [\#(alerts)]}"#
        }
        let seen = #"{"labels": {"alertname": "DiskFull", "disk": "sda"}, "activeAt": "2026-03-01T10:00:00Z"}"#
        let rules = [
            rule("ServiceDown"), rule("HostDown", "{{ $labels.host }} is gone"), rule("LinkDown"), rule("Noise"),
            rule("DiskFull", alerts: seen), rule("Watchdog"),
        ]
        let text = #"{"status": "success", "data": {"groups": [{"rules": [\#(rules.joined(separator: ","))]}]}}"#
        var builder = IncidentBuilder()
        #expect(builder.addRules(Self.file(text)).isEmpty)
        let platform = try #require(Platform.load([Self.file(Self.platform)]).platform)
        let audit = platform.audit(builder.monitoring)
        #expect(audit.ruleCount == 5)
        #expect(audit.openRules.map(\.alertname) == ["DiskFull", "LinkDown"])
        #expect(audit.openRules.map(\.unmatchedAlerts) == [1, 0])
        #expect(audit.idleRules.map(\.alertname) == ["LinkDwon"])
        #expect(audit.idleRules.map(\.nearest) == ["LinkDown"])
        #expect(audit.kinds.map(\.kind) == ["link", "host", "service"])
        #expect(audit.kinds.map(\.count) == [1, 2, 2])
        #expect(audit.kinds.map { $0.uncovered.map(platform.topology.name) } == [["link/a-b"], [], []])
    }

    @Test func `without rules of Prometheus the topology's own count`() throws {
        let platform = try #require(Platform.load([Self.file(Self.platform)]).platform)
        let audit = platform.audit(Monitoring())
        #expect(audit.openRules.isEmpty && audit.idleRules.isEmpty)
        #expect(audit.kinds.map(\.kind) == ["host", "link", "service"])
        #expect(audit.kinds.map { $0.count - $0.uncovered.count } == [0, 1, 2])
    }
}
