import BlastRadius
import Diagram
import Foundation
import Testing
import Topology

@testable import Reports

/// Where silence proves nothing, in every view: a dead Prometheus watches a database beside it and two services elsewhere;
/// a prober that gave no answer watches a third.
@Suite struct BlindSpotTests {
    let analysis: Analysis

    init() throws {
        let node = "on: host/mon"
        let prometheus = "observed_by: [monitor/prometheus]"
        analysis = try ReportsTests.analysis(
            entities: """
                  host/mon: {}
                  monitor/prometheus: {\(node)}
                  monitor/prober: {}
                  database/metrics: {\(node), \(prometheus)}
                  service/seen: {\(node), \(prometheus)}
                  service/shop: {\(prometheus)}
                  service/login: {\(prometheus)}
                  service/mail: {observed_by: [monitor/prober]}
                  service/unwatched: {}
                """,
            firing: [
                ("HostDown", "critical", "host/mon"), ("PrometheusDown", "critical", "monitor/prometheus"),
                ("ServiceDown", "critical", "service/seen"),
            ],
            context: "blind: [{entity: monitor/prober, source: the prober, reason: out of memory}]\n"
        )
    }

    @Test func `what is watched by something affected is a blind spot, affected or not`() {
        let spots = analysis.blindSpots.map { spot in
            let (entity, observer) = (
                analysis.topology.name(of: spot.entity), analysis.topology.name(of: spot.observer)
            )
            return "\(entity) < \(observer) \(spot.observerEffect?.rawValue ?? "-")"
        }
        #expect(
            spots == [
                "database/metrics < monitor/prometheus down", "service/login < monitor/prometheus down",
                "service/mail < monitor/prober -", "service/shop < monitor/prometheus down",
            ]
        )
    }

    @Test func `the picture tells presumed from unknown, and both from well`() throws {
        let source = DiagramReport.source(analysis)
        func status(_ name: String) throws -> EntityStatus? {
            source.statuses[try #require(analysis.topology.entity(named: name))]
        }
        #expect(try status("database/metrics")?.role == .blindSpot)
        #expect(try status("database/metrics")?.facts == ["presumed down", "its observer prometheus is down"])
        #expect(try status("service/shop")?.role == .unknown)
        #expect(try status("service/shop")?.facts == ["state unknown", "its observer prometheus is down"])
        #expect(try status("service/mail")?.facts == ["state unknown", "its observer prober gave no answer"])
        // It has an alert of its own, so much is known.
        #expect(try status("service/seen")?.role == .affected(.down))
        // Nobody watches it, and nobody said that it is broken.
        #expect(try status("service/unwatched") == nil)
        #expect(source.meanings[.blindSpot] == "blind spot: its observer is affected or gave no answer")
        #expect(source.causes.filter { $0.kind == .blinds }.count == 3)
        #expect(Diagram(source).legend.contains { $0.meaning.hasPrefix("blind spot: ") })
    }

    @Test func `of many kinds of unknown things the most numerous are drawn and the rest is counted`() throws {
        var lines = ["  host/m: {}", "  monitor/p: {on: host/m}"]
        for kind in 0..<6 {
            for number in 0...kind { lines.append("  k\(kind)/n\(number): {observed_by: [monitor/p]}") }
        }
        let analysis = try ReportsTests.analysis(
            entities: lines.joined(separator: "\n"),
            firing: [("HostDown", "critical", "host/m"), ("PrometheusDown", "critical", "monitor/p")]
        )
        #expect(analysis.blindSpots.count == 21)
        let source = DiagramReport.source(analysis)
        #expect(source.statuses.values.count { $0.role == .unknown } == 18)
        #expect(source.remarks == ["Blind spots not drawn: 2 k1s and 1 k0"])
    }

    /// Two probers on the host that is down, and one elsewhere that gave no answer.
    @Test func `blind spots that differ only in their observer are told together`() throws {
        let analysis = try ReportsTests.analysis(
            entities: """
                  host/h: {}
                  monitor/a: {on: host/h}
                  monitor/b: {on: host/h}
                  monitor/c: {}
                  service/x: {observed_by: [monitor/a]}
                  service/y: {observed_by: [monitor/b]}
                  service/z: {observed_by: [monitor/c]}
                """,
            firing: [("HostDown", "critical", "host/h"), ("PingLost", "critical", "host/h")],
            context: "blind: [{entity: monitor/c, source: c}]\n"
        )
        #expect(
            Wording(analysis: analysis).blindSpots.map(\.cause)
                == ["monitor/a and monitor/b are down", "monitor/c gave no answer"]
        )
        #expect(
            MarkdownReport.render(analysis).contains(
                "\n- The observers monitor/a and monitor/b are down, so silence proves nothing:\n"
                    + "  - not known: `service/x` and `service/y`\n"
            )
        )
    }

    @Test func `reports, summaries and data name them with their observers`() throws {
        let markdown = MarkdownReport.render(analysis)
        let lines = [
            "- The observer monitor/prometheus is down, so silence proves nothing:",
            "  - presumed to be affected: `database/metrics`", "  - not known: `service/login` and `service/shop`",
            "- The observer monitor/prober gave no answer, so silence proves nothing:", "  - not known: `service/mail`",
            "- No answer from the prober: out of memory",
        ]
        for line in lines {
            #expect(markdown.contains("\n\(line)\n"), "\(line)")
        }
        let summary = TerminalReport.render(analysis)
        #expect(summary.contains("monitor/prometheus is down, so silence proves nothing. Presumed to be affected:"))
        #expect(
            ChatReport.text(analysis).contains(
                "blind spots: 3 services and 1 database, since monitor/prober gave no answer and monitor/prometheus is down"
            )
        )
        struct Document: Decodable {
            struct Spot: Decodable, Equatable { var entity: String, observer: String, why: String }
            var blindSpots: [Spot]
        }
        let spots = try JSONDecoder().decode(Document.self, from: Data(JSONReport.render(analysis))).blindSpots
        #expect(spots.count == 4)
        #expect(
            spots[2]
                == .init(entity: "service/mail", observer: "monitor/prober", why: "monitor/prober gave no answer")
        )
        let grafana = String(decoding: GrafanaReport.render(analysis), as: UTF8.self)
        #expect(grafana.contains("\"blind spot\"") && grafana.contains("\"cannot see\""))
        #expect(Diagram(DiagramReport.source(analysis)).mermaid.contains(":::blindSpotBox"))
    }
}
