import BlastRadius
import Inference
import TestSupport
import Testing
import Topology

/// What the silence of an alert's siblings says.
@Suite("Missing alerts")
struct MissingAlertTests {
    /// A site with hosts, each with two pods.
    static func topology(hosts: Int) -> String {
        let entities = (0..<hosts).flatMap { host in
            ["  host/h\(host): {on: site/s}"] + (0..<2).map { "  pod/n/p\(host)-\($0): {on: host/h\(host)}" }
        }
        return """
            version: 1
            entities:
              site/s: {}
            \(entities.joined(separator: "\n"))
            alerts:
              - {match: '{alertname="HostDown"}', entity: 'host/{host}'}
              - {match: '{alertname="PodDown"}', entity: 'pod/n/{pod}'}
            """
    }

    private static func hostDown(_ host: Int) -> String {
        Analyses.alert("HostDown", minute: host % 7, severity: "critical", ["host": "h\(host)"])
    }

    private static func podDown(_ host: Int, _ pod: Int) -> String {
        Analyses.alert("PodDown", minute: 3 + host % 7, severity: "warning", ["pod": "p\(host)-\(pod)"])
    }

    @Test("two of thirty hosts down are two faults: 28 would have raised the alert that two raised")
    func few() throws {
        let analysis = try Analyses.analyze(Self.topology(hosts: 30), [Self.hostDown(3), Self.hostDown(17)])
        #expect(Analyses.roots(analysis) == ["host/h17", "host/h3"])
    }

    @Test("all of them down are one: the site")
    func all() throws {
        let analysis = try Analyses.analyze(Self.topology(hosts: 30), (0..<30).map(Self.hostDown))
        #expect(Analyses.roots(analysis) == ["site/s"])
    }

    @Test(
        "a tenth without a rule and a twentieth of the alerts lost: the site still beats a hundred faults",
        arguments: 1...8
    )
    func storm(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        var alerts: [String] = []
        func arrives() -> Bool {
            Int.random(in: 0..<10, using: &random) > 0 && Int.random(in: 0..<20, using: &random) > 0
        }
        for host in 0..<40 {
            if arrives() { alerts.append(Self.hostDown(host)) }
            for pod in 0..<2 where arrives() { alerts.append(Self.podDown(host, pod)) }
        }
        let analysis = try Analyses.analyze(Self.topology(hosts: 40), alerts)
        #expect(Analyses.roots(analysis) == ["site/s"])
    }

    @Test("with the same losses, some hosts of many down stay as many faults", arguments: 1...8)
    func scattered(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let broken = Array(Set((0..<5).map { _ in Int.random(in: 0..<40, using: &random) })).sorted()
        var alerts = broken.map(Self.hostDown)
        for host in broken {
            for pod in 0..<2 where Int.random(in: 0..<7, using: &random) > 0 { alerts.append(Self.podDown(host, pod)) }
        }
        let analysis = try Analyses.analyze(Self.topology(hosts: 40), alerts)
        #expect(Analyses.roots(analysis) == broken.map { "host/h\($0)" }.sorted())
    }

    @Test("a kind of which nothing fires says little, however many there are")
    func unheard() throws {
        // Two hosts of two, and forty pods in silence: coverage of pods is in doubt, the rack is not.
        let pods = (0..<40).map { "  pod/n/p\($0): {on: host/h\($0 % 2)}" }.joined(separator: "\n")
        let topology = """
            version: 1
            entities:
              rack/r: {}
              host/h0: {on: rack/r}
              host/h1: {on: rack/r}
            \(pods)
            alerts:
              - {match: '{alertname="HostDown"}', entity: 'host/{host}'}
              - {match: '{alertname="PodDown"}', entity: 'pod/n/{pod}'}
            """
        #expect(Analyses.roots(try Analyses.analyze(topology, [Self.hostDown(0), Self.hostDown(1)])) == ["rack/r"])
    }

    @Test(
        "signs of own trouble say nothing about being taken down, and alerts of trouble a third of those of being down"
    )
    func weaker() throws {
        // The site is down in each, as its pods say; of six hosts five lack the critical alert that the sixth has.
        func cost(_ rule: String, observes effect: String) throws -> Double {
            let things = (0..<6).flatMap { ["  host/h\($0): {on: site/s}", "  pod/n/p\($0)-0: {on: site/s}"] }
            let topology = """
                version: 1
                entities:
                  site/s: {}
                \(things.joined(separator: "\n"))
                alerts:
                  - {match: '{alertname="\(rule)"}', entity: 'host/{host}', observes: \(effect)}
                  - {match: '{alertname="PodDown"}', entity: 'pod/n/{pod}'}
                """
            let alerts =
                [Analyses.alert(rule, severity: "critical", ["host": "h0"])] + (0..<6).map { Self.podDown($0, 0) }
            let analysis = try Analyses.analyze(topology, alerts)
            #expect(Analyses.roots(analysis) == ["site/s"])
            return analysis.optimality.cost.nats
        }
        let own = try cost("HostMemoryHigh", observes: "degraded")
        let trouble = try cost("HostSlow", observes: "degraded")
        let down = try cost("HostDown", observes: "down")
        // In place of the 0.05 that any silence costs; and whoever still tells of his memory is alive, which is worth 2.
        #expect(abs(trouble - own - 5 * (0.5 - 0.05) + 2) < 1e-5)
        #expect(abs(down - own - 5 * (1.5 - 0.05) + 2) < 1e-5)
    }
}
