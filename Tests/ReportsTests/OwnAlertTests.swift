import BlastRadius
import Diagram
import Testing
import Topology

@testable import Reports

/// What reports say of things that have alerts beside those that a root cause explains.
@Suite struct OwnAlertTests {
    /// A host is down, and so must two services be: one without an alert, one with a known issue.
    static func analysis() throws -> Analysis {
        try ReportsTests.analysis(
            topology: """
                entities: {host/h: {}, service/a: {on: host/h}, service/b: {on: host/h}}
                known_issues:
                  - {id: OPS-9, match: '{alertname="Lag"}', reason: lags at night}
                  - {id: OPS-1, match: '{alertname="DiskFilling"}', reason: is being cleaned}
                """,
            alerts: """
                [{"labels": {"alertname": "HostDown", "severity": "critical", "host": "h"},
                  "startsAt": "2026-03-04T02:00:00Z"},
                 {"labels": {"alertname": "DiskFilling", "host": "h"}, "startsAt": "2026-02-20T02:00:00Z"},
                 {"labels": {"alertname": "Lag", "service": "b"}, "startsAt": "2026-03-04T01:00:00Z"}]
                """
        )
    }

    @Test func `what has an alert is never said to have none`() throws {
        let analysis = try Self.analysis()
        try #require(analysis.counts == [.root: 1, .knownIssue: 2])
        let terminal = TerminalReport.render(analysis)
        #expect(terminal.contains("\n   no alert    a: expected to be down too\n"))
        #expect(
            terminal.contains("\n   unclear     service/b (1 alert, set aside as OPS-9): expected to be down too\n")
        )
        let report = MarkdownReport.render(analysis)
        #expect(report.contains("Expected to be down too, though no alert says so: `service/a`."))
        #expect(report.contains("Expected to be down too: `service/b` (1 alert, set aside as OPS-9)."))
        #expect(
            report.contains("expected, no alert: `service/a`; expected: `service/b` (1 alert, set aside as OPS-9)")
        )
        let statuses = DiagramReport.source(analysis).statuses
        let (a, b) = (analysis.topology.entity(named: "service/a"), analysis.topology.entity(named: "service/b"))
        #expect(try statuses[#require(a)]?.words == nil)
        #expect(try statuses[#require(b)]?.words == "EXPECTED, ALERT NOT EXPLAINED BY IT")
        #expect(try statuses[#require(b)]?.facts == ["1 alert, set aside as OPS-9"])
    }

    /// A switch that often fails takes down a host and what runs on it, unless it is the host itself, which alerts.
    @Test func `a rival shows its own alert`() throws {
        let analysis = try ReportsTests.analysis(
            topology: """
                kinds: {switch: {faults_per_year: 10}, host: {faults_per_year: 1}}
                entities: {switch/s: {}, host/a: {needs: [switch/s]}, service/web: {on: host/a}}
                """,
            alerts: """
                [{"labels": {"alertname": "HostDown", "severity": "critical", "host": "a"},
                  "startsAt": "2026-03-04T02:00:00Z"},
                 {"labels": {"alertname": "WebDown", "severity": "critical", "service": "web"},
                  "startsAt": "2026-03-04T02:00:00Z"}]
                """
        )
        try #require(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["switch/s"])
        let host = try #require(analysis.topology.entity(named: "host/a"))
        let status = try #require(DiagramReport.source(analysis).statuses[host])
        #expect(status.words == "ALERTING, OR INSTEAD OF 1" && status.facts.contains("HostDown"))
    }

    @Test func `an older alert about a root cause stands with it`() throws {
        let analysis = try Self.analysis()
        let text = "DiskFilling on host/h since 20 Feb 02:00Z, set aside as OPS-1"
        #expect(TerminalReport.render(analysis).contains("\n   also        \(text)\n"))
        #expect(
            MarkdownReport.render(analysis).contains(
                "\n- also firing: DiskFilling on `host/h` since 20 Feb 02:00Z, set aside as OPS-1\n"
            )
        )
    }

    /// The host's only alert is a known issue, so that its services alone tell when it broke.
    @Test func `an onset that only effects tell is the latest possible one everywhere`() throws {
        let services = ["a", "b", "c"]
        let down = services.map {
            #"{"labels": {"alertname": "ServiceDown", "severity": "critical", "service": "\#($0)"}, "#
                + #""startsAt": "2026-03-04T10:40:00Z"}"#
        }
        let disk = #"{"labels": {"alertname": "DiskFilling", "host": "h"}, "startsAt": "2026-03-04T10:00:00Z"}"#
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {host/h: {}, service/a: {on: host/h}, service/b: {on: host/h}, service/c: {on: host/h}}
                known_issues: [{id: OPS-1, match: '{alertname="DiskFilling"}', reason: is being cleaned}]
                """,
            alerts: "[\((down + [disk]).joined(separator: ","))]"
        )
        let root = try #require(analysis.rootCauses.first)
        try #require(analysis.rootCauses.count == 1 && !root.isSilent)
        #expect(TerminalReport.render(analysis).contains("host/h   down by 10:40Z (first effect: ServiceDown)"))
        #expect(ChatReport.text(analysis).contains("host/h down by 10:40Z"))
        #expect(!MarkdownReport.render(analysis).contains("down since"))
        #expect(DiagramReport.source(analysis).statuses[root.entity]?.isSinceLatest == true)
    }

    @Test func `what fires by design and what has no labels is named`() throws {
        let analysis = try ReportsTests.analysis(
            topology: "entities: {host/h: {}}",
            alerts: """
                [{"labels": {"alertname": "Watchdog"}, "startsAt": "2026-03-04T02:00:00Z"},
                 {"labels": {}, "startsAt": "2026-03-04T02:00:00Z"}]
                """
        )
        try #require(analysis.counts == [.knownIssue: 1, .unmatched: 1])
        let terminal = TerminalReport.render(analysis)
        #expect(terminal.contains("\n   1 × Watchdog: fires by design\n"))
        #expect(terminal.contains("\n   (no labels): no rule matches it and no label of it names a thing\n"))
        #expect(MarkdownReport.render(analysis).contains("**Watchdog** (1): fires by design"))
        #expect(DiagramReport.source(analysis).setAside.map(\.label) == ["Watchdog"])
        #expect(MatchReport.render(analysis).contains("(no labels)\n"))
    }

    @Test(
        arguments: [
            (1, ">99"), (0.996, ">99"), (0.994, "99"), (0.5, "50"), (0.006, "1"), (0.004, "<1"), (0, "<1"),
        ]
    )
    func `nothing is certain`(_ likelihood: Double, _ shown: String) {
        #expect(Wording.percent(likelihood) == shown)
    }

    /// Mermaid's description of a picture bears no comparison signs.
    @Test func `a description says over and under in words`() {
        #expect(
            MermaidText.line("a, >99 % likely; or b, <1 % likely")
                == "a, over 99 per cent likely, or b, under 1 per cent likely"
        )
    }
}
