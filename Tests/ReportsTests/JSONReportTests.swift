import BlastRadius
import Foundation
import Inference
import Testing

@testable import Reports

/// What programs read.
@Suite struct JSONReportTests {
    struct Document: Decodable {
        struct Alternative: Decodable { var entity: String }
        struct FalseAlarm: Decodable { var confidence: Double, margin: Double }
        struct RootCause: Decodable {
            var entity: String, confidence: Double, alternatives: [Alternative], falseAlarm: FalseAlarm?
        }
        struct Row: Decodable { var alertname: String, verdict: String }
        var rootCauses: [RootCause], ledger: [Row]
        var alerts: [String: Int]

        init(_ analysis: Analysis) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(JSONReport.render(analysis)))
        }
    }

    @Test func `an alternative is an entity, and a false alarm is none`() throws {
        let analysis = try ReportsTests.analysis(
            topology: "entities: {site/a: {}, host/h1: {on: site/a}}",
            alerts: """
                [{"labels": {"alertname": "HostDown", "severity": "warning", "host": "h1"},
                  "startsAt": "2026-03-01T10:05:00Z"}]
                """
        )
        let root = try #require(Document(analysis).rootCauses.first)
        #expect(root.entity == "host/h1" && root.alternatives.map(\.entity) == ["site/a"])
        let noise = try #require(root.falseAlarm)
        #expect(noise.confidence > 0 && noise.margin > 0)
        // Of two explanations the dearer by m nats has e^-m times the share.
        #expect(abs(noise.confidence / root.confidence - exp(-noise.margin)) < 0.001)
        #expect(TerminalReport.render(analysis).contains("or          a false alarm ("))
    }

    @Test func `the verdicts of the ledger are the keys of the counts`() throws {
        let document = try Document(ExampleReportTests.example.get())
        let verdicts = Dictionary(grouping: document.ledger, by: \.verdict).mapValues(\.count)
        #expect(verdicts["knownIssue"] == 19)
        for (verdict, count) in verdicts { #expect(document.alerts[verdict] == count) }
    }
}
