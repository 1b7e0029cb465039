import BlastRadius
import Testing
import Topology

@testable import Reports

/// What is said of alerts that began together for no reason that the topology has.
@Suite struct BurstTests {
    /// Gateways with a line of information each that begins so many seconds after 02:00, beside an outage that they have
    /// nothing to do with.
    private static func analysis(_ beginnings: [(gateway: String, second: Int)]) throws -> Analysis {
        let noise = beginnings.map { gateway, second in
            #"{"labels": {"alertname": "Hiccup", "severity": "info", "entity": "gateway/\#(gateway)"}, "#
                + #""startsAt": "2026-03-04T02:0\#(second / 60):\#(second % 60 < 10 ? "0" : "")\#(second % 60)Z"}"#
        }
        let outage =
            #"{"labels": {"alertname": "HostDown", "severity": "critical", "entity": "host/h"}, "#
            + #""startsAt": "2026-03-04T02:00:00Z"}"#
        return try ReportsTests.analysis(
            topology: """
                entities:
                  host/h: {}
                  site/n: {}
                  site/s: {}
                  monitor/m: {on: site/s}
                  gateway/a: {on: site/n, observed_by: monitor/m}
                  gateway/b: {on: site/n, observed_by: monitor/m}
                  gateway/c: {on: site/n, observed_by: monitor/m}
                  gateway/d: {on: site/s}
                alerts: [{match: '{entity!=""}', entity: '{entity}'}]
                """,
            alerts: "[\((noise + [outage]).joined(separator: ","))]"
        )
    }

    @Test func `three things with one alert in a minute are told together, with what they share`() throws {
        let analysis = try Self.analysis([("a", 0), ("b", 20), ("c", 59)])
        try #require(analysis.counts == [.root: 1, .unexplained: 3])
        let text =
            "3 Hiccup began within 59s: look for what they share that the topology does not have; "
            + "it knows kind gateway, site/n and observer monitor/m"
        #expect(TerminalReport.render(analysis, width: 200).contains("\ntogether\n   \(text)\n"))
        #expect(MarkdownReport.render(analysis).contains("\n\n\(text).\n\n"))
        #expect(HTMLReport.render(analysis, svg: nil).contains("<p>\(text).</p>"))
        #expect(ChatReport.text(analysis).contains("\n\(text)\n"))
        let json = String(decoding: JSONReport.render(analysis), as: UTF8.self)
        #expect(json.replacing("\": \"", with: "\":\"").contains(#""hint":"\#(text)""#))
    }

    /// What is shared is only what all of them have.
    @Test func `what one of them does not have is not shared`() throws {
        let burst = try #require(Self.analysis([("a", 0), ("b", 0), ("d", 0)]).bursts.first)
        #expect(burst.kind == "gateway" && burst.site == nil && burst.observers.isEmpty && burst.start == burst.end)
    }

    @Test(arguments: [
        // Two are a coincidence.
        [("a", 0), ("b", 1)],
        // Any two are within a minute of each other, but not all three.
        [("a", 0), ("b", 45), ("c", 90)],
    ])
    func `fewer, or slower, is no burst`(_ beginnings: [(gateway: String, second: Int)]) throws {
        #expect(try Self.analysis(beginnings).bursts.isEmpty)
    }

    /// Three hosts, each a root cause by the same alert, and two databases, which are too few.
    @Test func `root causes of one kind are told together, too`() throws {
        let hosts = ["h1", "h2", "h3"].map { (name: "HostDown", severity: "critical", entity: "host/\($0)") }
        let databases = ["d1", "d2"].map { (name: "DatabaseDown", severity: "critical", entity: "database/\($0)") }
        let names = (hosts + databases).map(\.entity)
        let analysis = try ReportsTests.analysis(
            entities: names.map { "  \($0): {}" }.joined(separator: "\n"),
            firing: hosts + databases
        )
        try #require(analysis.rootCauses.count == 5)
        let bursts = analysis.bursts
        #expect(bursts.map(\.alertName) == ["HostDown"])
        #expect(
            bursts.flatMap(\.rootCauses).map { analysis.topology.name(of: analysis.rootCauses[$0].entity) }
                == ["host/h1", "host/h2", "host/h3"]
        )
    }
}
