import Alerts
import BlastRadius
import Inference
import Testing
import Time
import Topology

@testable import Reports

/// What to do about a root cause, and what is said of changes.
@Suite struct ActionTests {
    static func alert(_ name: String, _ entity: String) -> String {
        #"{"labels": {"alertname": "\#(name)", "severity": "critical", "entity": "\#(entity)"}, "#
            + #""startsAt": "2026-03-04T10:00:00Z"}"#
    }

    /// Both hosts of a pair are down, and with them what needs one of the two.
    @Test func `a root cause comes before its effects, and an effect's action is told once`() throws {
        let alerts = [
            Self.alert("HostDown", "host/h1"), Self.alert("HostDown", "host/h2"), Self.alert("WebDown", "service/web"),
        ]
        let analysis = try ReportsTests.analysis(
            topology: """
                entities:
                  host/h1: {}
                  host/h2: {}
                  service/web: {needs: [any: [host/h1, host/h2]]}
                alerts:
                  - {match: '{alertname="WebDown"}', entity: '{entity}', action: restart web, priority: URGENT}
                  - {match: '{entity!=""}', entity: '{entity}'}
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        let names = analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }
        try #require(names == ["host/h1", "host/h2"])
        #expect(
            analysis.rootCauses.map { $0.actions.map(\.text) }
                == [["look at host h1", "restart web"], ["look at host h2", "restart web"]]
        )
        // Looking at the host cannot wait for longer than what follows from it.
        #expect(analysis.rootCauses.flatMap(\.actions).allSatisfy { $0.priority == .urgent })
        #expect(TerminalReport.render(analysis).ranges(of: "restart web").count == 1)
        #expect(Wording(analysis: analysis).actions(1).map(\.text) == ["look at host h2"])
        #expect(analysis.actions.map(\.text) == ["look at host h1", "restart web", "look at host h2"])
    }

    /// What shares a silent switch names it in the rule of its own alerts: that is what to do about the switch.
    @Test func `an action that names a silent root cause is about it`() throws {
        let alerts = ["a", "b", "c"].map { Self.alert("Lost", "service/\($0)") }
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {switch/core-1: {}, service/a: {needs: [switch/core-1]}, service/b: {needs: [switch/core-1]},
                  service/c: {needs: [switch/core-1]}}
                alerts: [{match: '{alertname="Lost"}', entity: '{entity}', action: read the log of core-1}]
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["switch/core-1"])
        #expect(analysis.actions.map(\.text) == ["read the log of core-1"])
    }

    /// A rival of the root cause, something unknown, something well, and nothing at all; all came too late.
    @Test func `a change that is ruled out says why and no more`() throws {
        let after = #"at: "2026-03-04T10:30:00Z""#
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {site/x: {}, host/h: {on: site/x}, service/web: {on: host/h}, service/other: {}}
                alerts: [{match: '{entity!=""}', entity: '{entity}'}]
                """,
            alerts: "[\(Self.alert("HostDown", "host/h")), \(Self.alert("WebDown", "service/web"))]",
            context: """
                changes:
                  - {id: rival, \(after), touches: [site/x]}
                  - {id: unknown, \(after), touches: [host/zz]}
                  - {id: well, \(after), touches: [service/other]}
                  - {id: nothing, \(after), touches: []}
                """
        )
        let root = try #require(analysis.rootCauses.first)
        let rival = try #require(
            root.alternatives.first { $0.entity.map(analysis.topology.name) == "site/x" }
        )
        let wording = Wording(analysis: analysis)
        #expect(
            analysis.changes.map(wording.why) == [
                "at 10:30Z, 30m after the first sign at 10:00Z: it cannot be the cause",
                "it touches host/zz, which the topology does not have",
                "it touches nothing that failed", "it does not say what it touches",
            ]
        )
        // Had it come before, what it touches would be what else may have failed.
        var earlier = analysis.changes[0]
        earlier.ruling = .candidate
        earlier.change.at = earlier.change.at - .minutes(40)
        #expect(
            wording.why(earlier)
                == "at 09:50Z, 10m before the first sign at 10:00Z; "
                + "it touches site/x, a rival of what broke (\(Wording.percent(rival.confidence)) %)"
        )
    }

    /// Whatever the release did to the shop, the host is down: its fault would come on top, in the place of nothing.
    @Test func `what would only have failed besides is no rival`() throws {
        let alerts = [
            Self.alert("HostDown", "host/h"), Self.alert("PingLost", "host/h"), Self.alert("WebDown", "service/web"),
            Self.alert("ShopDown", "service/shop"),
        ]
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {host/h: {}, service/web: {on: host/h}, service/shop: {needs: [service/web]}}
                alerts: [{match: '{entity!=""}', entity: '{entity}'}]
                """,
            alerts: "[\(alerts.joined(separator: ","))]",
            context: """
                changes: [{id: release, at: "2026-03-04T09:50:00Z", touches: [service/shop]}]
                """
        )
        let roots = analysis.rootCauses.map(\.entity)
        try #require(roots.map(analysis.topology.name) == ["host/h"])
        let wording = Wording(analysis: analysis)
        #expect(
            analysis.changes.map(wording.why)
                == ["at 09:50Z, 10m before the first sign at 10:00Z; it touches service/shop, which is affected"]
        )
        try #require(analysis.diagnosis.rivals.contains { $0.roots.count == 2 })
        let json = String(decoding: JSONReport.render(analysis), as: UTF8.self)
        #expect(!json.contains(#""entities":["host/h","#))
        let why = try ExplanationReport.render("service/shop", in: analysis)
        #expect(why.contains("\n   as cause  only beside the root causes, not in the place of one\n"))
    }

    @Test func `the postmortem begins with its summary`() throws {
        let analysis = try ReportsTests.analysis(
            topology: "entities: {host/h: {}}",
            alerts: #"[{"labels": {"alertname": "HostDown", "host": "h"}, "startsAt": "2026-03-04T10:00:00Z"}]"#
        )
        let headings = MarkdownReport.render(analysis, template: .sre).split(separator: "\n")
            .filter { $0.hasPrefix("## ") }
        #expect(headings.prefix(4) == ["## Summary", "## Authors", "## Status", "## Impact"])
    }
}
