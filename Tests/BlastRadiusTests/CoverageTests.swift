import BlastRadius
import Inference
import Testing
import Time
import Topology

/// What silence is worth of which it is not known whether anybody would break it.
///
/// All costs compare one incident with itself under other weights, so that they are the price of one thing.
@Suite("Coverage")
struct CoverageTests {
    private func cost(_ topology: String, _ alerts: [String], _ weight: String) throws -> Double {
        let analysis = try Analyses.analyze(
            topology + "\nweights: {downstream_silence: 0, missing_symptom: 0, \(weight)}",
            alerts
        )
        return analysis.optimality.cost.nats
    }

    @Test("of a kind that nothing is heard of counts once, however many of it would be down")
    func unheard() throws {
        func price(_ hosts: Int) throws -> Double {
            let topology = """
                version: 1
                entities:
                  site/dc: {}
                  firewall/a: {on: site/dc}
                  firewall/b: {on: site/dc}
                  database/db: {on: site/dc}
                \((0..<hosts).map { "  host/h\($0): {on: site/dc}" }.joined(separator: "\n"))
                alerts: [{match: '{target!=""}', entity: '{target}'}]
                """
            let alerts = ["firewall/a", "firewall/b"].map {
                Analyses.alert("Ping", severity: "critical", ["target": $0])
            }
            return try cost(topology, alerts, "unheard_kind: 1") - cost(topology, alerts, "unheard_kind: 0")
        }
        // The site takes down hosts and the database; two firewalls would cost more. −ln ∫ 2θ(1 − 0.77θ)² dθ = −ln 0.269783.
        #expect(abs(try price(1) - 1.310_137) < 1e-4)
        #expect(abs(try price(9) - 1.310_137) < 1e-4)
    }

    @Test("of what only groups others proves nothing, for nothing watches a name")
    func group() throws {
        func price(_ needs: String) throws -> Double {
            let topology = """
                version: 1
                entities:
                  host/h: {}
                  firewall/a: {}
                  firewall/b: {}
                  network/edge: {needs: [\(needs)]}
                  service/web: {needs: [network/edge]}
                alerts: [{match: '{target!=""}', entity: '{target}'}]
                """
            let alerts = ["firewall/a", "firewall/b", "service/web"].map {
                Analyses.alert("Ping", severity: "critical", ["target": $0])
            }
            let weights = "silent_relay: 2, unheard_kind: 1"
            return try cost(topology, alerts, weights) - cost(topology, alerts, "silent_relay: 0, unheard_kind: 0")
        }
        #expect(abs(try price("any: [firewall/a, firewall/b]")) < 1e-5)
        // A thing of its own passes the failure on in silence, as all of its kind: −ln ∫ 2θ(1 − 0.77θ) dθ = −ln 0.486667.
        #expect(abs(try price("firewall/a") - 0.720_176) < 1e-4)
    }

    @Test("is broken by what measures itself: who tells of his disk is alive, and went down later")
    func life() throws {
        let topology = """
            version: 1
            entities:
              host/h: {}
              broker/b: {on: host/h}
            alerts:
              - {match: '{alertname="DiskFull"}', entity: 'host/{host}', observes: degraded}
              - {match: '{alertname="BrokerDown"}', entity: 'broker/{broker}'}
            """
        let alerts = [
            Analyses.alert("DiskFull", severity: "critical", ["host": "h"]),
            Analyses.alert("BrokerDown", minute: 23, severity: "critical", ["broker": "b"]),
        ]
        let analysis = try Analyses.analyze(topology, alerts)
        let root = try #require(analysis.rootCauses.first)
        #expect(Analyses.roots(analysis) == ["host/h"])
        #expect(root.effect == .down)
        #expect(root.onset?.rfc3339 == "2026-01-20T03:23:00Z")
        let price = try cost(topology, alerts, "sign_of_life: 2") - cost(topology, alerts, "sign_of_life: 0")
        #expect(abs(price - 2) < 1e-5)
    }

    @Test("The half of a pair that failed hours before the other is no late effect; what takes down both would be")
    func firstHalf() throws {
        func price(_ place: String) throws -> Double {
            let topology = """
                version: 1
                kinds: {rack: {faults_per_year: 100}}
                entities:
                  rack/r: {}
                  firewall/a: {\(place)}
                  firewall/b: {\(place)}
                  service/web: {needs: [any: [firewall/a, firewall/b]]}
                alerts: [{match: '{target!=""}', entity: '{target}'}]
                """
            let alerts = zip(["firewall/a", "firewall/b", "service/web"], [-240, 0, 0]).map {
                Analyses.alert("Ping", minute: $1, severity: "critical", ["target": $0])
            }
            return try cost(topology, alerts, "usual_delay: 1") - cost(topology, alerts, "usual_delay: 10")
        }
        #expect(abs(try price("")) < 1e-5)
        // ln 4 for the four hours between the rack's effects, and 5 since what stands in it would have gone at once.
        #expect(abs(try price("on: rack/r") - 6.386_294) < 1e-4)
    }
}
