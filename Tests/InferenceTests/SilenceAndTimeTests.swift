import Inference
import Testing
import Topology

@Suite("Silence of what would be down, and effects at other times")
struct SilenceAndTimeTests {
    static let shared = """
        kinds: {config: {faults_per_year: 16}}
        entities:
          config/c: {}
          host/h: {needs: [config/c]}
          service/a: {on: host/h}
          service/b: {on: host/h}
        """

    @Test("a failure that passes through something silent is paid for once", arguments: [0.3, 1, 1.5, 2])
    func relay(down: Double) throws {
        var incident = try Incident(Self.shared)
        incident.alert("service/a")
        incident.alert("service/b")
        incident.silent("host/h", own: 6, downstream: 0.3, down: down, relay: 2)
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["config/c down"])
        var plain = try Incident(Self.shared)
        plain.alert("service/a")
        plain.alert("service/b")
        let free = plain.diagnose()
        #expect(plain.roots(free) == ["config/c down"])
        // Passing costs 2 in all, besides the 0.3 for being affected at all.
        #expect(diagnosis.cost == free.cost + Cost(nats: 2.3))
    }

    @Test("its silence is charged for being down, not for being degraded")
    func mode() throws {
        func cost(_ effect: Effect, down: Double) throws -> Cost {
            var incident = try Incident(Self.shared)
            incident.alert("service/a", effect)
            incident.alert("service/b", effect)
            incident.silent("host/h", own: 6, downstream: 0.3, down: down)
            return incident.diagnose().cost
        }
        #expect(try cost(.down, down: 1.3) == cost(.down, down: 0.3) + Cost(nats: 1))
        #expect(try cost(.degraded, down: 1.3) == cost(.degraded, down: 0.3))
    }

    @Test("what follows from a root explains its alert, though something between is silent")
    func derived() throws {
        var incident = try Incident(
            """
            entities:
              switch/s: {}
              host/a: {needs: [switch/s]}
              host/b: {needs: [switch/s]}
              host/c: {needs: [switch/s]}
              service/x: {on: host/c}
            """
        )
        for host in ["host/a", "host/b"] { incident.alert(host) }
        // Cheaper left alone than the price of passing through host/c.
        incident.alert("service/x", nats: 1)
        incident.silent("host/c", relay: 3)
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["switch/s down"])
        #expect(diagnosis.accounts[2].isExplained)
        #expect(diagnosis.accounts[2].because == [0])
        #expect(incident.names(diagnosis.accounts[2].via) == ["host/c"])
    }

    static let fleet = """
        entities:
          switch/s: {}
          host/a: {needs: [switch/s]}
          host/b: {needs: [switch/s]}
          host/c: {needs: [switch/s]}
          host/d: {needs: [switch/s]}
          host/z: {}
        """

    private func cost(minutes: [String: Int64]) throws -> Cost {
        var incident = try Incident(Self.fleet)
        incident.evidence.usualDelay = 3_600_000
        for (host, minute) in minutes.sorted(by: { $0.key < $1.key }) { incident.alert(host, minute: minute) }
        let diagnosis = incident.diagnose()
        #expect(diagnosis.roots.contains { $0.entity == incident.entity("switch/s") })
        return diagnosis.cost
    }

    @Test(
        "effects of one fault six hours apart cost the log of six usual delays, once; a fault of its own costs nothing more"
    )
    func late() throws {
        let atOnce = try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 0, "host/d": 0])
        #expect(try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 0, "host/d": 50]) == atOnce)
        let logOfSix = Cost(nats: 1.791759469)
        #expect(try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 0, "host/d": 360]) == atOnce + logOfSix)
        #expect(try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 360, "host/d": 360]) == atOnce + logOfSix)
        #expect(try cost(minutes: ["host/a": -360, "host/b": 0, "host/c": 0, "host/d": 0]) == atOnce + logOfSix)
        let beside = try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 0, "host/z": 0])
        #expect(try cost(minutes: ["host/a": 0, "host/b": 0, "host/c": 0, "host/z": 360]) == beside)
    }

    @Test("two faults at another time explain together what needs both")
    func lateTogether() throws {
        let yaml = """
            entities:
              switch/s: {}
              host/a: {needs: [switch/s]}
              host/b: {needs: [switch/s]}
              host/c: {needs: [switch/s]}
              disk/d: {}
              disk/e: {}
              service/x: {needs: [{any: [disk/d, disk/e]}]}
            """
        func diagnosis(_ minute: Int64) throws -> (Incident, Diagnosis) {
            var incident = try Incident(yaml)
            incident.evidence.usualDelay = 3_600_000
            for host in ["host/a", "host/b", "host/c"] { incident.alert(host) }
            for thing in ["disk/d", "disk/e", "service/x"] { incident.alert(thing, minute: minute) }
            return (incident, incident.diagnose())
        }
        let (incident, late) = try diagnosis(600)
        #expect(incident.roots(late) == ["disk/d down", "disk/e down", "switch/s down"])
        #expect(!late.accounts.contains { !$0.isExplained })
        #expect(late.cost == (try diagnosis(0)).1.cost)
    }
}

@Suite("Rivals and alternatives")
struct AlternativeTests {
    /// Two pairs of hosts, each on a configuration and a switch, under one site: the site connects the two contests.
    static let yaml = """
        kinds:
          config: {faults_per_year: 16}
          release: {faults_per_year: 12}
          site: {faults_per_year: 0.1}
        entities:
          site/s: {}
          config/a: {on: site/s}
          release/a: {on: site/s}
          config/b: {on: site/s}
          release/b: {on: site/s}
          host/a1: {needs: [config/a, release/a]}
          host/a2: {needs: [config/a, release/a]}
          host/b1: {needs: [config/b, release/b]}
          host/b2: {needs: [config/b, release/b]}
          host/a3: {needs: [config/a]}
          host/b3: {needs: [release/b]}
        """

    private func diagnosis() throws -> (Incident, Diagnosis) {
        var incident = try Incident(Self.yaml)
        for host in ["host/a1", "host/a2", "host/b1", "host/b2"] { incident.alert(host) }
        return (incident, incident.diagnose())
    }

    @Test("an alternative to a root takes over what that root explains, and the check is about the two")
    func own() throws {
        let (incident, diagnosis) = try diagnosis()
        #expect(incident.roots(diagnosis) == ["config/a down", "config/b down"])
        for (index, letter) in ["a", "b"].enumerated() {
            let root = diagnosis.roots[index]
            let names = incident.names(root.alternatives.compactMap(\.entity))
            #expect(names.first == "release/\(letter)")
            #expect(!names.contains("release/\(letter == "a" ? "b" : "a")"))
            let checked = try #require(root.alternatives.first?.check)
            #expect(incident.names([checked.entity]) == ["host/\(letter)3"])
            #expect(root.confidence + root.alternatives.reduce(0) { $0 + $1.confidence } < 1.000_001)
        }
    }

    @Test("rivals are told once each, whatever the mode, and the answer is no rival of itself")
    func distinct() throws {
        for effect in [Effect.down, .degraded] {
            var incident = try Incident(Self.yaml)
            for host in ["host/a1", "host/a2", "host/b1", "host/b2"] { incident.alert(host, effect) }
            let diagnosis = incident.diagnose()
            let sets = diagnosis.rivals.map(\.roots)
            #expect(Set(sets).count == sets.count)
            #expect(!sets.contains(diagnosis.roots.map(\.entity).sorted()))
        }
    }
}
