import Alerts
import BlastRadius
import Diagnostics
import Foundation
import Inference
import Testing
import Time
import Topology

@Suite("The incident of 2026-07-01")
struct ExampleIncidentTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func file(_ path: String) throws -> InputFile {
        InputFile(path: path, bytes: Array(try Data(contentsOf: root.appendingPathComponent(path))))
    }

    static func analyze(withContext: Bool) throws -> Analysis {
        let (loaded, diagnostics) = Platform.load([try file("topology.yaml")])
        let platform = try #require(loaded, "\(diagnostics)")
        var builder = IncidentBuilder()
        #expect(builder.addAlerts(try file("examples/2026-07-01-sto1/alerts.json")).isEmpty)
        if withContext { #expect(builder.addContext(try file("examples/2026-07-01-sto1/context.yaml")).isEmpty) }
        let (incident, _) = try #require(builder.incident)
        let (analysis, findings) = incident.analyze(on: platform)
        #expect(findings.isEmpty)
        return analysis
    }

    @Test("three failures explain the alerts, proven; nineteen are known issues; the ledger adds up")
    func alertsAlone() throws {
        let analysis = try Self.analyze(withContext: false)
        let names = analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }
        #expect(names == ["host/cc-se-sto-core-01", "operator/deploy-rs", "dns/ns-master"])
        #expect(analysis.optimality.isProven)
        #expect(analysis.rootCauses.map { $0.onset?.hourAndMinute } == ["19:22Z", "19:30Z", "19:16Z"])
        #expect(analysis.rootCauses.map(\.isSilent) == [false, true, false])
        let alternatives = analysis.rootCauses.map { root in
            root.alternatives.compactMap { $0.entity.map(analysis.topology.name) }
        }
        #expect(alternatives[0].contains("site/sto1"))
        #expect(alternatives[1].contains("config/nixos"))
        #expect(analysis.ledger.count == 37)
        #expect(analysis.counts[.knownIssue] == 19)
        #expect(analysis.counts[.unexplained] == nil && analysis.counts[.unmatched] == nil)
        #expect(analysis.counts.values.reduce(0, +) == 37)
    }

    @Test("what follows from the host and what from ns-master")
    func attribution() throws {
        let analysis = try Self.analyze(withContext: false)
        func because(_ name: String) -> [String] {
            analysis.ledger.filter { $0.match.entity.map(analysis.topology.name) == name }
                .flatMap { $0.because.map { analysis.topology.name(of: analysis.rootCauses[$0].entity) } }
        }
        for name in [
            "deployment/monitoring/grafana", "deployment/flakecache/flakecache", "deployment/repowise/repowise",
            "deployment/operations-memory/operations-memory", "operator/headscale", "node/cc-se-sto-core-01",
        ] {
            #expect(Set(because(name)) == ["host/cc-se-sto-core-01"], "\(name)")
        }
        #expect(Set(because("deployment/external-dns/external-dns")) == ["dns/ns-master"])
    }

    @Test("with the context a fourth cause appears, and the commit of 20:08Z is ruled out")
    func withContext() throws {
        let analysis = try Self.analyze(withContext: true)
        #expect(analysis.rootCauses.count == 4)
        let fourth = try #require(analysis.rootCauses.last)
        #expect(analysis.topology.name(of: fourth.entity) == "source/flux-system/platform")
        #expect(analysis.changes.map(\.ruling) == [.ruledOut])
        #expect(analysis.optimality.isProven)
    }
}
