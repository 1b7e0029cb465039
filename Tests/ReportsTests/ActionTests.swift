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
        #expect(analysis.actions.map(\.text) == ["look at host h1", "look at host h2", "restart web"])
    }

    /// The power is out, and two lines are dark for it.
    ///
    /// Nobody splices a good fibre, and least of all first.
    @Test func `what to do about an effect comes after the root cause, whatever its rule says`() throws {
        let alerts = [
            Self.alert("PowerLost", "power/p"), Self.alert("LineDown", "link/a"), Self.alert("LineDown", "link/b"),
        ]
        let analysis = try ReportsTests.analysis(
            topology: """
                entities:
                  power/p: {}
                  link/a: {on: power/p}
                  link/b: {on: power/p}
                alerts:
                  - {match: '{alertname="PowerLost"}', entity: '{entity}', action: call the mains, priority: MEDIUM}
                  - {match: '{alertname="LineDown"}', entity: '{entity}', action: splice, priority: URGENT}
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        try #require(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["power/p"])
        let wording = Wording(analysis: analysis)
        #expect(analysis.actions.map(\.priority) == [.medium, .medium])
        #expect(analysis.actions.map(\.text) == ["call the mains", "splice"])
        let why = "2 × LineDown on link/a and link/b, an effect of power/p"
        #expect(analysis.actions.map(wording.why) == ["PowerLost on power/p", why])
        #expect(
            TerminalReport.render(analysis, width: 200).contains(
                "\n   do          MEDIUM  call the mains (PowerLost on power/p)\n"
                    + "   do          MEDIUM  splice (\(why))\n"
            )
        )
        #expect(MarkdownReport.render(analysis).contains("**MEDIUM**: splice (\(why))"))
    }

    /// A disk runs full, then the historian on that host cannot write, and its collectors lose what they read.
    ///
    /// The disk's alert is a line of information, which alone is no fault of the host.
    @Test func `trouble of its own place before a root cause is its likely reason`() throws {
        func alert(_ name: String, _ severity: String, _ entity: String, _ time: String) -> String {
            #"{"labels": {"alertname": "\#(name)", "severity": "\#(severity)", "entity": "\#(entity)"}, "#
                + #""startsAt": "2026-03-04T\#(time):00Z"}"#
        }
        let alerts = [
            alert("DiskFull", "info", "host/h", "02:55"), alert("DiskFull", "info", "host/other", "02:55"),
            alert("MemoryHigh", "info", "host/h", "03:05"), alert("Restarted", "info", "host/h", "02:56"),
            alert("HistorianDown", "critical", "historian/main", "03:00"),
            alert("WriteErrors", "critical", "historian/main", "03:00"),
        ]
        let analysis = try ReportsTests.analysis(
            topology: """
                kinds: {host: {faults_per_year: 0.01}, vm: {faults_per_year: 0.01}, historian: {faults_per_year: 20}}
                entities: {host/h: {}, host/other: {}, vm/v: {on: host/h}, historian/main: {on: vm/v}}
                alerts:
                  - {match: '{alertname="DiskFull"}', entity: '{entity}', action: free space}
                  - {match: '{entity!=""}', entity: '{entity}', observes: down}
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        try #require(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["historian/main"])
        try #require(analysis.counts == [.root: 2, .unexplained: 4])
        // Neither what came later, nor what is no sign of trouble of one's own, nor another host's.
        let root = analysis.rootCauses[0]
        #expect(root.reasons.map { analysis.ledger[$0].alert.name } == ["DiskFull"])
        #expect(root.actions.map(\.text) == ["free space"])
        let terminal = TerminalReport.render(analysis, width: 200)
        #expect(terminal.contains("\n   before it   DiskFull on host/h since 02:55Z, its likely reason\n"))
        #expect(
            terminal.contains("DiskFull on host/h: it began before historian/main failed, and is its likely reason\n")
        )
        #expect(
            MarkdownReport.render(analysis).contains(
                "\n- before it: DiskFull on `host/h` since 02:55Z, its likely reason\n"
            )
        )
        #expect(HTMLReport.render(analysis, svg: nil).contains("its likely reason</li>"))
        #expect(ChatReport.text(analysis).contains("before it: DiskFull on host/h since 02:55Z"))
        let disk = analysis.ledger[root.reasons[0]].alert.fingerprint
        let json = String(decoding: JSONReport.render(analysis), as: UTF8.self).filter { !$0.isWhitespace }
        #expect(json.contains(#""reasons":["\#(disk)"]"#))
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
        let json = String(decoding: JSONReport.render(analysis), as: UTF8.self).filter { !$0.isWhitespace }
        #expect(json.contains(#""rivals":["#) && !json.contains(#"{"entities":["host/h","#))
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
