import BlastRadius
import Diagram
import Foundation
import Inference
import Testing
import Topology

@testable import Reports

/// What a picture is made from says of an analysis.
@Suite struct PictureSourceTests {
    /// The arrows as text: `a > b`.
    private func arrows(_ analysis: Analysis, _ kind: CauseArrow.Kind) -> Set<String> {
        Set(
            DiagramReport.source(analysis).causes.filter { $0.kind == kind }.map {
                "\(analysis.topology.name(of: $0.from)) > \(analysis.topology.name(of: $0.to))"
            }
        )
    }

    @Test func `two causes of one loss each come by what they took down`() throws {
        let member = "pod/kube-system/etcd"
        #expect(
            try arrows(analysis(ofIncident: "quorum-loss"), .carries) == [
                "host/n1 > \(member)-1", "host/n2 > \(member)-2", "\(member)-1 > service/etcd",
                "\(member)-2 > service/etcd", "service/etcd > service/kube-api",
                "service/kube-api > service/scheduler", "service/kube-api > service/controller-manager",
            ]
        )
    }

    /// An arrow from a rival to what does not need it would be made up.
    @Test(arguments: ["example", "quorum-loss", "monitoring-dead"])
    func `what is dashed follows dependencies, one step or as many as it says`(_ name: String) throws {
        let analysis = try name == "example" ? exampleAnalysis() : analysis(ofIncident: name)
        for arrow in DiagramReport.source(analysis).causes where arrow.kind == .possible {
            var layer: Set<EntityID> = [arrow.to]
            for _ in 0...arrow.skipped {
                layer = Set(layer.flatMap { analysis.topology.requirements(of: $0).flatMap(\.members) })
            }
            #expect(layer.contains(arrow.from), "\(arrow)")
        }
    }

    @Test func `a rival acts on the first thing with a box on its way`() throws {
        let analysis = try analysis(
            entities: """
                  site/x: {}
                  power/p: {on: site/x}
                  host/a: {needs: [power/p]}
                  service/s: {on: host/a}
                """,
            firing: [("HostDown", "critical", "host/a"), ("ServiceDown", "critical", "service/s")]
        )
        let root = try #require(analysis.rootCauses.first)
        try #require(analysis.topology.name(of: root.entity) == "host/a")
        let possible = DiagramReport.source(analysis).causes.filter { $0.kind == .possible }
        let seen = possible.map {
            "\(analysis.topology.name(of: $0.from)) \($0.skipped) \(analysis.topology.name(of: $0.to))"
        }
        let drawn = Set(root.alternatives.prefix(3).compactMap(\.entity).map(analysis.topology.name))
        // Power stands between the site and the host, and is a rival with a box itself.
        try #require(drawn.isSuperset(of: ["power/p", "site/x"]))
        #expect(Set(seen) == ["power/p 0 host/a", "site/x 0 power/p"])
    }

    /// So many hosts on one power feed, of which the first two have alerts.
    private func twoDown(of count: Int) throws -> Analysis {
        let hosts = (0..<count).map { "  host/h\($0): {needs: [power/p]}" }.joined(separator: "\n")
        return try analysis(
            entities: "  power/p: {}\n\(hosts)",
            firing: [("HostDown", "critical", "host/h0"), ("HostDown", "critical", "host/h1")]
        )
    }

    @Test func `one rival of two root causes is one box that says so`() throws {
        let analysis = try twoDown(of: 6)
        let power = try #require(analysis.topology.entity(named: "power/p"))
        // Of six hosts four are silent: two faults are likelier than one feed, but not by much.
        try #require(analysis.rootCauses.count == 2)
        try #require(analysis.rootCauses.allSatisfy { $0.alternatives.first?.entity == power })
        let source = DiagramReport.source(analysis)
        #expect(source.statuses[power]?.words == "OR INSTEAD OF 1 AND 2")
        #expect(arrows(analysis, .possible) == ["power/p > host/h0", "power/p > host/h1"])
        let named = MarkdownReport.render(analysis).components(separatedBy: "or `power/p`").count - 1
        #expect(named == 3, "once in the summary, and beside each root cause")
    }

    @Test func `a rival that explains only with another says so`() throws {
        let analysis = try twoDown(of: 4)
        let host = try #require(analysis.topology.entity(named: "host/h0"))
        try #require(analysis.rootCauses.first?.alternatives.first?.together.count == 1)
        #expect(DiagramReport.source(analysis).statuses[host]?.facts == ["HostDown", "together with h1"])
    }

    @Test func `what a broken observer reports falsely is shown as well`() throws {
        let analysis = try analysis(ofIncident: "monitoring-dead")
        let services = ["api", "cdn", "docs", "login", "status", "www"].map { "service/\($0)" }
        #expect(arrows(analysis, .misreports) == Set(services.map { "monitor/blackbox > \($0)" }))
        let source = DiagramReport.source(analysis)
        for service in services {
            let entity = try #require(analysis.topology.entity(named: service))
            #expect(source.statuses[entity]?.role == .context && source.statuses[entity]?.alertCount == 1)
        }
    }

    @Test func `an unexplained alert stays one when its entity is also a rival`() throws {
        let analysis = try analysis(
            entities: "  site/b: {}\n  service/wiki: {on: site/b}",
            firing: [("ServiceSlow", "warning", "service/wiki"), ("LatencyHigh", "info", "site/b")]
        )
        // A site fails so seldom that it is likelier to have a false alarm besides a slow service than to be slow itself.
        let site = try #require(analysis.topology.entity(named: "site/b"))
        try #require(analysis.rootCauses.first?.alternatives.contains { $0.entity == site } == true)
        let source = DiagramReport.source(analysis)
        #expect(source.statuses[site]?.role == .unexplained)
        #expect(!source.causes.contains { $0.from == site })
    }

    @Test func `what has no room among the alternatives is counted`() throws {
        let count = 18
        let services = (0..<count).map { "  service/s\($0): {needs: [service/s\(($0 + 1) % count)]}" }
        let analysis = try analysis(
            entities: services.joined(separator: "\n"),
            firing: (0..<count).map { ("ServiceDown", "critical", "service/s\($0)") }
        )
        // In a circle each of the others may be the one that broke.
        let root = try #require(analysis.rootCauses.first)
        let others = root.alternatives.count + root.omittedAlternatives
        #expect(analysis.rootCauses.count == 1 && root.alternatives.count == 8 && others >= count - 1)
        #expect(
            DiagramReport.source(analysis).statuses[root.entity]?.facts.contains("or one of \(others) others") == true
        )
        #expect(MarkdownReport.render(analysis).contains("or one of \(root.omittedAlternatives) more, none likelier"))
    }

    @Test func `the picture in Markdown is as large as is asked for`() throws {
        let analysis = try exampleAnalysis()
        let diagram = Diagram(DiagramReport.source(analysis), options: DiagramOptions(maxBoxes: 8))
        let small = MarkdownReport.render(analysis, template: .incident, picture: diagram)
        #expect(small.contains("more not drawn"))
        #expect(!MarkdownReport.render(analysis).contains("more not drawn"))
    }

    @Test func `sentences tell a host from its node`() throws {
        let diagram = Diagram(DiagramReport.source(try exampleAnalysis()))
        let host = try #require(diagram.description.first { $0.hasPrefix("HOST · ROOT CAUSE 1") })
        #expect(host.contains("NODE cc-se-sto-core-01") && host.contains("NIXOS DEPLOY cc-se-sto-core-01"))
        #expect(diagram.dot.contains("HOST cc-se-sto-core-01 takes down NODE cc-se-sto-core-01"))
    }

    @Test func `noise is counted by known issue`() throws {
        let aside = DiagramReport.source(try exampleAnalysis()).setAside
        #expect(aside.reduce(0) { $0 + $1.count } == 19)
        #expect(aside.contains(DiagramSource.SetAside(label: "PITFALL-252", count: 5)))
    }

    /// Both lines of a path are cut; the switch that it passes has lost one of its two ways, and serves.
    @Test func `what still serves takes nothing down`() throws {
        let analysis = try ReportsTests.analysis(
            entities: """
                  link/a: {}
                  link/b: {}
                  link/c: {}
                  switch/s: {needs: [any: [link/b, link/c]]}
                  service/path: {needs: [link/a, link/b, switch/s]}
                """,
            firing: [("LinkDown", "critical", "link/a"), ("LinkDown", "critical", "link/b")]
        )
        let topology = analysis.topology
        let causes = DiagramReport.source(analysis).causes.filter { topology.name(of: $0.to) == "service/path" }
        #expect(Set(causes.map { topology.name(of: $0.from) }) == ["link/a", "link/b"])
        #expect(causes.allSatisfy { $0.kind == .carries })
    }
}
