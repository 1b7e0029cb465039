import Alerts
import BlastRadius
import Diagram
import Testing
import Topology

@testable import Inference
@testable import Reports

/// Sentences that must not mislead.
@Suite struct WordingTests {
    /// The trunk that both lines need may have failed, or both lines, which is one explanation with one share.
    @Test func `an explanation by several things is told once`() throws {
        let hosts = ["a1", "a2", "b1", "b2"]
        let alerts = hosts.map { host in
            #"{"labels": {"alertname": "HostDown", "severity": "warning", "host": "\#(host)"}, "#
                + #""startsAt": "2026-03-04T03:00:00Z"}"#
        }
        let analysis = try ReportsTests.analysis(
            topology: """
                kinds: {trunk: {faults_per_year: 0.1}, line: {faults_per_year: 5}}
                entities:
                  trunk/c: {}
                  line/a: {needs: [trunk/c]}
                  line/b: {needs: [trunk/c]}
                  host/a1: {needs: [line/a]}
                  host/a2: {needs: [line/a]}
                  host/b1: {needs: [line/b]}
                  host/b2: {needs: [line/b]}
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        let wording = Wording(analysis: analysis)
        let root = try #require(analysis.rootCauses.first)
        #expect(analysis.rootCauses.count == 1 && wording.name(root.entity) == "trunk/c")
        let told = root.alternatives.map { wording.what($0).plain }
        #expect(told.filter { $0.contains("line/") } == ["line/a + line/b together"])
        let joint = try #require(root.alternatives.first { !$0.together.isEmpty })
        #expect(wording.toTellApart(root, joint) == "look at trunk/c itself: if it is well, it is line/a and line/b")
        #expect(root.confidence + root.alternatives.reduce(0) { $0 + $1.confidence } <= 1.000_001)
    }

    /// Two of three members make a quorum: the second that is lost ends it, neither does alone.
    @Test func `what takes several root causes is told as theirs together`() throws {
        let hosts = ["host/a", "host/b"].map { (name: "HostDown", severity: "critical", entity: $0) }
        let analysis = try ReportsTests.analysis(
            entities: """
                  host/a: {}
                  host/b: {}
                  host/c: {}
                  pod/a: {on: host/a}
                  service/quorum: {needs: [{at_least: 2, of: [host/a, host/b, host/c]}]}
                  service/shop: {needs: [service/quorum]}
                """,
            firing: hosts + [(name: "QuorumLost", severity: "critical", entity: "service/quorum")]
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["host/a", "host/b"])
        let text = TerminalReport.render(analysis, width: 200)
        #expect(text.contains("\n   takes down  quorum (together with host/b)\n"))
        #expect(text.contains("\n   no alert    pod/a: expected to be down too\n"))
        #expect(text.contains("\n   no alert    shop (together with host/b): expected to be down too\n"))
        #expect(text.contains("\n   takes down  quorum (together with host/a)\n"))
        let report = MarkdownReport.render(analysis)
        #expect(report.contains("Together with `host/b` it takes down `service/quorum`."))
        #expect(
            report.contains("Expected to be down too (together with host/b), though no alert says so: `service/shop`.")
        )
        let why = try ExplanationReport.render("QuorumLost", in: analysis)
        #expect(why.contains("follows from host/a and host/b together"))
        #expect(why.contains("root causes 1 and 2 together: host/a + host/b → service/quorum"))
    }

    /// The probe stands on the host that is down; what it says of three shops is about itself.
    @Test func `an alert whose witness is in trouble is said to be discounted`() throws {
        let shops = ["x", "y", "z"].map {
            #"{"labels": {"alertname": "SiteDown", "severity": "warning", "shop": "\#($0)", "from": "p"}, "startsAt": "2026-03-04T02:00:00Z"}"#
        }
        let host =
            #"{"labels": {"alertname": "HostDown", "severity": "critical", "host": "h"}, "startsAt": "2026-03-04T02:00:00Z"}"#
        let analysis = try ReportsTests.analysis(
            topology: """
                entities: {host/h: {}, monitor/p: {on: host/h}, service/x: {}, service/y: {}, service/z: {}}
                alerts: [{match: '{alertname="SiteDown"}', entity: 'service/{shop}', witness: 'monitor/{from}'}]
                """,
            alerts: "[\((shops + [host]).joined(separator: ","))]"
        )
        #expect(analysis.rootCauses.map { analysis.topology.name(of: $0.entity) } == ["host/h"])
        let why = "monitor/p, which saw it, is down itself"
        #expect(
            TerminalReport.render(analysis, width: 200)
                .contains("\n   discounted  3 × SiteDown on service/x, service/y and service/z: \(why)\n")
        )
        #expect(
            MarkdownReport.render(analysis)
                .contains("- discounted: 3 × SiteDown on `service/x`, `service/y` and `service/z`: \(why)")
        )
        #expect(ChatReport.text(analysis).contains("discounted: 3 × SiteDown"))
        let wording = Wording(analysis: analysis)
        let reasons = Set(analysis.ledger.filter { $0.alert.name == "SiteDown" }.map(wording.reason))
        #expect(reasons == ["discounted: \(why)"])
    }

    /// The modem has no alerts that could be false; the gateways behind it have.
    @Test func `what tells a silent root cause from a false alarm is what alerts`() throws {
        func told(_ gateways: [String]) throws -> String? {
            let analysis = try ReportsTests.analysis(
                entities: """
                      modem/m: {}
                      gateway/a: {needs: [modem/m]}
                      gateway/b: {needs: [modem/m]}
                      gateway/c: {needs: [modem/m]}
                    """,
                firing: gateways.map { (name: "Offline", severity: "critical", entity: $0) }
            )
            let root = try #require(analysis.rootCauses.first)
            let noise = Diagnosis.Alternative(entity: nil, effect: .down, confidence: 0.1, gap: 0)
            return Wording(analysis: analysis).toTellApart(root, noise)
        }
        #expect(
            try told(["gateway/a", "gateway/b", "gateway/c"])
                == "look at gateway/a, gateway/b and gateway/c: if these are all well, their alerts are false"
        )
        #expect(
            try told(["modem/m", "gateway/a", "gateway/b"])
                == "look at modem/m itself: if it is well, its alerts are false"
        )
    }

    /// One line of information beside an outage.
    @Test func `a false alarm is said to be one, and held against what`() throws {
        let analysis = try ReportsTests.analysis(
            entities: "  host/a: {}\n  host/b: {}",
            firing: [
                (name: "HostDown", severity: "critical", entity: "host/a"),
                (name: "Noise", severity: "info", entity: "host/b"),
            ]
        )
        let noise = try #require(analysis.ledger.first { $0.alert.name == "Noise" })
        try #require(noise.verdict == .unexplained)
        let wording = Wording(analysis: analysis)
        let host = try #require(analysis.topology.entity(named: "host/b"))
        let odds = Wording.odds(try #require(wording.nearestGap[host]))
        #expect(
            wording.reason(noise)
                == "taken for a false alarm: a failure of host/b, or of what it needs, is held to be rarer than "
                + "a false alert of severity info (\(odds) to 1 against host/b)"
        )
    }

    /// The host alerts, and so does what its database serves, which fails a thousand times as often.
    ///
    /// Were it the database,
    /// the host would be well; nobody needs to probe the cache for that.
    @Test func `where a rival calls the root cause's own alert false, the check is the root cause itself`() throws {
        let alerts = [
            ("HostDown", "warning", "host/h"), ("Errors", "critical", "service/a"), ("Errors", "critical", "service/b"),
        ]
        .map { name, severity, entity in
            #"{"labels": {"alertname": "\#(name)", "severity": "\#(severity)", "entity": "\#(entity)"}, "#
                + #""startsAt": "2026-03-04T02:00:00Z"}"#
        }
        let analysis = try ReportsTests.analysis(
            topology: """
                kinds: {host: {faults_per_year: 0.1}, database: {faults_per_year: 100}}
                entities:
                  host/h: {}
                  database/d: {on: host/h}
                  cache/c: {on: host/h}
                  service/a: {needs: [database/d]}
                  service/b: {needs: [database/d]}
                alerts: [{match: '{entity!=""}', entity: '{entity}'}]
                """,
            alerts: "[\(alerts.joined(separator: ","))]"
        )
        let root = try #require(analysis.rootCauses.first)
        try #require(analysis.topology.name(of: root.entity) == "host/h")
        let rival = try #require(root.alternatives.first { $0.entity.map(analysis.topology.name) == "database/d" })
        #expect(
            Wording(analysis: analysis).toTellApart(root, rival)
                == "look at host/h itself: if it is well, it is database/d"
        )
    }

    /// e^0.916 = 2.5; e^3.69 = 40; e^7.118 = 1234.
    @Test(arguments: [
        (0.0, "as likely"), (0.916, "2.5 to 1 against it"), (3.69, "40 to 1 against it"),
        (7.118, "1,234 to 1 against it"),
        (40.0, "over 1,000,000 to 1 against it"),
    ])
    func `what an explanation costs more is told as odds`(_ nats: Double, _ words: String) {
        #expect(Wording.oddsAgainst(Cost(nats: nats)) == words)
    }

    /// A host and a service called a, which is on it; two services called b; one called c, with a host called c that has
    /// no part in this.
    @Test func `names that two things have are told with the kind`() throws {
        let analysis = try ReportsTests.analysis(
            entities: """
                  host/a: {}
                  host/c: {}
                  service/a: {on: host/a}
                  service/one/b: {on: host/a}
                  service/two/b: {on: host/a}
                  service/c: {on: host/a}
                """,
            firing: [(name: "HostDown", severity: "critical", entity: "host/a")]
        )
        #expect(
            TerminalReport.render(analysis, width: 200)
                .contains("\n   no alert    service/a, c, service/one/b, service/two/b: expected to be down too\n")
        )
    }

    @Test func `what is not named is counted by things, not by kinds`() throws {
        let kinds = ["pod": 5, "service": 4, "host": 3, "database": 2, "volume": 2]
        let names = kinds.sorted { $0.key < $1.key }.flatMap { kind, count in (1...count).map { "\(kind)/x\($0)" } }
        let analysis = try ReportsTests.analysis(
            topology: "entities: {\(names.map { "\($0): {}" }.joined(separator: ", "))}",
            alerts: "[]"
        )
        let wording = Wording(analysis: analysis)
        let entities = names.compactMap { analysis.topology.entity(named: $0) }
        #expect(wording.counts(entities) == "5 pods, 4 services, 3 hosts and 4 more")
        #expect(wording.counts(entities.filter { wording.name($0) < "s" }) == "5 pods, 3 hosts and 2 databases")
    }

    /// A host that has been down for nine days, and a service that went down on the last of them.
    @Test func `an onset on another day is told with its day`() throws {
        let analysis = try ReportsTests.analysis(
            topology: "entities: {host/h1: {}, service/web: {on: host/h1}, service/shop: {}}",
            alerts: """
                [{"labels": {"alertname": "HostDown", "severity": "critical", "host": "h1"},
                  "startsAt": "2026-11-11T01:00:00Z"},
                 {"labels": {"alertname": "WebDown", "severity": "critical", "service": "web"},
                  "startsAt": "2026-11-11T01:02:00Z"},
                 {"labels": {"alertname": "ShopDown", "severity": "critical", "service": "shop"},
                  "startsAt": "2026-11-20T03:00:00Z"}]
                """
        )
        let terminal = TerminalReport.render(analysis)
        #expect(terminal.contains("host/h1   down since 11 Nov 01:00Z (HostDown fired then)"))
        #expect(terminal.contains("service/shop   down since 03:00Z"))
        #expect(ChatReport.text(analysis).contains(" host/h1 down since 11 Nov 01:00Z, "))
        #expect(ChatReport.slack(analysis).contains("since 11 Nov 01:00Z, "))
        #expect(MarkdownReport.render(analysis).contains("`host/h1` down since 11 Nov 01:00Z"))
        let host = try #require(analysis.topology.entity(named: "host/h1"))
        #expect(DiagramReport.source(analysis).statuses[host]?.since == "11 Nov 01:00Z")
    }

    @Test func `noise that began before does not date the incident`() throws {
        let analysis = try ReportsTests.analysis(
            topology: "entities: {host/h1: {}}",
            alerts: """
                [{"labels": {"alertname": "TapeFull"}, "startsAt": "2026-11-11T01:00:00Z"},
                 {"labels": {"alertname": "HostDown", "severity": "critical", "host": "h1"},
                  "startsAt": "2026-11-20T03:00:00Z"},
                 {"labels": {"alertname": "TapeFull", "tape": "2"}, "startsAt": "2026-11-20T04:00:00Z"}]
                """
        )
        // The first began nine days before the rest, so that it is as old as it would be with an entity.
        #expect(analysis.counts == [.root: 1, .unmatched: 1, .chronic: 1])
        #expect(ReportSections(analysis).title == "Incident 2026-11-20T03:00Z")
        #expect(DiagramReport.source(analysis).facts.first == "2026-11-20  03:00Z – 04:00Z")
        #expect(ReportSections(analysis).values["firstSign"]?() as? String == "2026-11-20T03:00:00Z")
    }

    /// In the postmortem of a retail chain 38 names stood in a row, and noise of three weeks before led the timeline.
    @Test func `an incident of many is counted by kind, in the order of the failure, without old noise`() throws {
        let shops = (10..<30).map { "  till/\($0): {needs: [carrier/c]}\n  shop/\($0): {needs: [till/\($0)]}" }
        func alert(_ name: String, _ entity: String, at time: String) -> String {
            #"{"labels": {"alertname": "\#(name)", "severity": "critical", "entity": "\#(entity)"}, "startsAt": "\#(time)"}"#
        }
        let fired = "2026-03-04T02:00:00Z"
        let alerts = (10..<30).flatMap {
            [alert("NoSales", "shop/\($0)", at: fired), alert("TillDown", "till/\($0)", at: fired)]
        }
        let analysis = try ReportsTests.analysis(
            topology: "version: 1\nentities:\n  carrier/c: {}\n  printer/p: {}\n" + shops.joined(separator: "\n")
                + "\nalerts:\n  - {match: '{entity!=\"\"}', entity: '{entity}'}\n",
            alerts: "[\((alerts + [alert("Old", "printer/p", at: "2026-02-10T02:00:00Z")]).joined(separator: ","))]"
        )
        try #require(analysis.counts == [.explained: 40, .chronic: 1])
        let report = MarkdownReport.render(analysis)
        #expect(report.contains("It takes down 20 shops and 20 tills."))
        #expect(report.contains("down: `carrier/c`, 20 shops and 20 tills"))
        #expect(!report.contains("| 2026-02-10 02:00Z | fired"))
        let tills = try #require(report.firstRange(of: "fired | 20 × `TillDown`"))
        let sales = try #require(report.firstRange(of: "fired | 20 × `NoSales`"))
        #expect(tills.lowerBound < sales.lowerBound)
    }
}
