import BlastRadius
import Diagnostics
import Inference
import Testing
import Topology

/// When nothing explains an alert better than noise: what is said to have failed all the same.
@Suite("Presuming a fault")
struct PresumptionTests {
    /// Two things that hardly ever fail, so that calling a lone alert noise is cheaper than either's fault.
    static let topology = """
        version: 1
        entities: {"site/a": {}, "service/s": {needs: ["site/a"]}}
        """

    static func analyze(severity: String, name: String = "SomethingOdd", looks: [Bool] = []) throws -> Analysis {
        let alert = #"{"labels": {"alertname": "\#(name)", "entity": "service/s", "severity": "\#(severity)"}}"#
        let other = #"{"labels": {"alertname": "Other", "entity": "site/a"}, "startsAt": "2026-01-01T00:00:00Z"}"#
        let timed = alert.dropLast() + #", "startsAt": "2026-01-01T00:00:00Z"}"#
        let platform = try #require(Platform.load([file(topology)]).platform)
        var builder = IncidentBuilder()
        _ = builder.addAlerts(file("[\(timed)]"))
        for isSeen in looks { _ = builder.addHistory(file("[\(isSeen ? String(timed) : other)]")) }
        let (incident, _) = try #require(builder.incident)
        return incident.analyze(on: platform).analysis
    }

    static func file(_ text: String) -> InputFile { InputFile(path: "f", bytes: Array(text.utf8)) }

    static func roots(_ analysis: Analysis) -> [String] {
        analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }
    }

    @Test("somebody was called: the likeliest fault is named, with noise as its rival")
    func warning() throws {
        let analysis = try Self.analyze(severity: "warning")
        #expect(Self.roots(analysis) == ["service/s"])
        #expect(analysis.optimality.isProven)
        // A service's fault costs 7 nats, an unexplained warning 3: noise counts for as much as each way to fail.
        let root = try #require(analysis.rootCauses.first)
        #expect(root.confidence < 0.7)
        #expect(root.alternatives.first { $0.entity == nil }.map { $0.confidence > 0.3 } == true)
    }

    @Test("an alert that only informs, a heartbeat and a chronic one call nobody")
    func quiet() throws {
        #expect(Self.roots(try Self.analyze(severity: "info")).isEmpty)
        #expect(Self.roots(try Self.analyze(severity: "none", name: "Watchdog")).isEmpty)
        #expect(Self.roots(try Self.analyze(severity: "warning", looks: [true, true, true, false])).isEmpty)
        #expect(Self.roots(try Self.analyze(severity: "warning", looks: [false, false, false, true])) == ["service/s"])
    }

    @Test("what is presumed explains what called, not what only informs or is always there")
    func called() throws {
        let topology = """
            version: 1
            kinds: {printer: {faults_per_year: 20}, shop: {faults_per_year: 1}}
            entities: {"printer/p": {}, "shop/s": {}}
            alerts:
              - {match: '{alertname="PrinterOffline"}', entity: printer/p}
              - {match: '{alertname="CoolerTempHigh"}', entity: shop/s, observes: degraded}
            """
        let chronic = Analyses.alert("PrinterOffline", severity: "info", [:])
        let grave = Analyses.alert("CoolerTempHigh", severity: "warning", [:])
        let looks = Array(repeating: [chronic], count: 6)
        let analysis = try Analyses.analyze(topology, [chronic, grave], history: looks)
        #expect(Analyses.roots(analysis) == ["shop/s"])
        // Noise is weighed as if it cost the same, and nothing else explains it.
        let noise = try #require(analysis.rootCauses.first?.alternatives.first { $0.entity == nil })
        #expect(noise.confidence > 0.3 && noise.confidence < 0.6)
    }
}
