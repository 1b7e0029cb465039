import BlastRadius
import Diagnostics
import Foundation
import Testing
import TopologyFormats

/// The incidents under examples/ as their own expectations, and what the expectations say when they fail.
@Suite("Incident tests")
struct IncidentTests {
    static let examples = ExampleIncidentTests.root.appendingPathComponent("examples")

    static let files: [String] = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: examples.path + "/incidents")) ?? []
        return folders.sorted().map { "incidents/\($0)/incident.yaml" } + ["2026-07-01-sto1/incident.yaml"]
    }()

    @Test("there are a dozen textbook incidents and the example")
    func count() { #expect(Self.files.count >= 13) }

    @Test("each leads to its known causes", arguments: files)
    func example(path: String) throws {
        let (test, analysis) = try Self.run(path)
        #expect(test.differences(from: analysis).map(\.description) == [])
        #expect(test.expect.rootCauses != nil)
        #expect(analysis.optimality.isProven)
    }

    @Test("each difference is told at the line that expects otherwise")
    func differences() throws {
        let yaml = """
            alerts: [alerts.json]
            expect:
              root_causes: [host/n1, host/n3, host/nx]
              verdicts:
                HostDown: explained
                EtcdNoLeadr: root
                ServiceDown: [root, explained]
              not_blamed: [host/n2]
              affected: [host/n3]
              proven: false
            """
        let (test, analysis) = try Self.run("incidents/quorum-loss/incident.yaml", expecting: yaml)
        let found = test.differences(from: analysis).map { "\($0.location?.line ?? 0) \($0.code)" }
        #expect(
            found == [
                "3 not-found", "3 unknown-entity", "3 unexpected-root-cause", "8 blamed", "9 not-affected",
                "5 other-verdict", "6 no-such-alert", "0 other-proof",
            ]
        )
    }

    @Test(
        "what is no test is refused with its place",
        arguments: [
            ("expect: {root_causes: []}", "incomplete-test"),
            ("alerts: [a.json]", "incomplete-test"),
            ("alerts: [a.json]\nexpect: {verdicts: {A: explaned}}", "unknown-word"),
            ("alerts: [a.json]\nexpect: {roots: []}", "unknown-key"),
            ("- a", "wrong-shape"),
        ]
    )
    func refused(yaml: String, code: String) {
        let (test, diagnostics) = IncidentTest.load(InputFile(path: "t.yaml", bytes: Array(yaml.utf8)))
        #expect(test == nil)
        #expect(diagnostics.map(\.code).contains(code))
        #expect(diagnostics.allSatisfy { $0.location?.line != nil })
    }

    private static func run(_ path: String, expecting yaml: String? = nil) throws -> (IncidentTest, Analysis) {
        func file(_ name: String) throws -> InputFile {
            let url = examples.appendingPathComponent(path).deletingLastPathComponent().appendingPathComponent(name)
            return InputFile(path: name, bytes: Array(try Data(contentsOf: url)))
        }
        let (declared, diagnostics) = IncidentTest.load(try file("incident.yaml"))
        let inputs = try #require(declared, "\(diagnostics)")
        var test = inputs
        if let yaml {
            test = try #require(IncidentTest.load(InputFile(path: "t.yaml", bytes: Array(yaml.utf8))).test)
        }
        let platform = try #require(Platform.load(try inputs.topology.map(file)).platform)
        var builder = IncidentBuilder()
        for name in inputs.alerts { #expect(builder.addAlerts(try file(name)).isEmpty) }
        for name in inputs.context { #expect(builder.addContext(try file(name)).isEmpty) }
        let (incident, _) = try #require(builder.incident)
        return (test, incident.analyze(on: platform).analysis)
    }
}
