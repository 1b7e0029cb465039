import Inference
import Testing
import Topology

@Suite("Diagnosis of textbook incidents")
struct DiagnoserTests {
    @Test("an alert alone is explained by its own entity")
    func alone() throws {
        var incident = try Incident("entities: {host/a: {}, service/b: {on: host/a}}")
        incident.alert("service/b")
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["service/b down"])
        #expect(diagnosis.isProven)
        #expect(diagnosis.accounts.map(\.isExplained) == [true])
    }

    @Test("one silent cause is cheaper than its many effects")
    func silentSwitch() throws {
        var incident = try Incident(
            """
            entities:
              switch/s: {}
              host/a: {needs: [switch/s]}
              host/b: {needs: [switch/s]}
              host/c: {needs: [switch/s]}
            """
        )
        for host in ["host/a", "host/b", "host/c"] { incident.alert(host) }
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["switch/s down"])
        #expect(diagnosis.roots.first?.symptoms == [0, 1, 2])
        let affected = incident.names(diagnosis.affected.map(\.entity))
        #expect(affected == ["host/a", "host/b", "host/c", "switch/s"])
    }

    @Test("a redundant pair goes down only with both members")
    func redundantPair() throws {
        let yaml = """
            entities:
              host/a: {}
              host/b: {}
              service/x: {needs: [{any: [host/a, host/b]}]}
            """
        var both = try Incident(yaml)
        both.alert("host/a")
        both.alert("host/b")
        both.alert("service/x")
        let diagnosis = both.diagnose()
        #expect(both.roots(diagnosis) == ["host/a down", "host/b down"])
        #expect(diagnosis.accounts[2].because == [0, 1])
        var one = try Incident(yaml)
        one.alert("host/a")
        one.alert("service/x", .degraded)
        let reduced = one.diagnose()
        #expect(one.roots(reduced) == ["host/a down"])
        #expect(reduced.affected.map(\.effect) == [.down, .reduced])
    }

    @Test("several witnesses triangulate: one target beats four sources")
    func witnesses() throws {
        var incident = try Incident("entities: {host/t: {}, host/a: {}, host/b: {}, host/c: {}, host/d: {}}")
        for source in ["host/a", "host/b", "host/c", "host/d"] { incident.alert("host/t", witness: source) }
        #expect(incident.roots(incident.diagnose()) == ["host/t down"])
    }

    @Test("one witness that sees everything fail is itself the failure")
    func brokenWitness() throws {
        var incident = try Incident("entities: {host/w: {}, host/a: {}, host/b: {}, host/c: {}}")
        for target in ["host/a", "host/b", "host/c"] { incident.alert(target, witness: "host/w") }
        #expect(incident.roots(incident.diagnose()).count == 1)
        #expect(incident.roots(incident.diagnose()).first?.hasPrefix("host/w") == true)
    }

    @Test("what was well until later cannot have caused what began before")
    func time() throws {
        let yaml = "entities: {host/h: {}, dns/d: {on: host/h}, service/s: {on: host/h}}"
        var late = try Incident(yaml)
        late.alert("dns/d", minute: 10)
        late.alert("service/s", minute: 21)
        late.alert("host/h", minute: 20)
        #expect(late.roots(late.diagnose()) == ["dns/d down", "host/h down"])
        var early = try Incident(yaml)
        early.alert("dns/d", minute: 20)
        early.alert("service/s", minute: 21)
        early.alert("host/h", minute: 20)
        #expect(early.roots(early.diagnose()) == ["host/h down"])
    }

    @Test("a change makes its entity likelier, but not before it happened")
    func change() throws {
        let yaml =
            "entities: {release/r: {}, config/c: {}, pod/p: {needs: [release/r, config/c]}, pod/q: {needs: [release/r, config/c]}}"
        var before = try Incident(yaml)
        before.alert("pod/p", minute: 30)
        before.alert("pod/q", minute: 30)
        before.change("config/c", minute: 25)
        let blamed = before.diagnose()
        #expect(before.roots(blamed) == ["config/c down"])
        #expect(blamed.roots.first?.change == 0)
        var after = try Incident(yaml)
        after.alert("pod/p", minute: 30)
        after.alert("pod/q", minute: 30)
        after.change("config/c", minute: 55)
        let cleared = after.diagnose()
        #expect(cleared.roots.first?.change == nil)
        #expect(cleared.cost > blamed.cost)
    }

    @Test("starved alerts travel against the arrows")
    func starvation() throws {
        var incident = try Incident(
            "entities: {service/front: {needs: [service/a, service/b]}, service/a: {}, service/b: {}}"
        )
        incident.alert("service/a", .starved)
        incident.alert("service/b", .starved)
        // Without these, a or b could be the one that is down: it would take front down, which starves the other.
        incident.healthy("service/a")
        incident.healthy("service/b")
        #expect(incident.roots(incident.diagnose()) == ["service/front down"])
    }

    @Test("a healthy probe exonerates")
    func healthy() throws {
        var incident = try Incident(
            """
            entities:
              switch/s: {}
              config/c: {}
              host/a: {needs: [switch/s, config/c]}
              host/b: {needs: [switch/s, config/c]}
              host/z: {needs: [config/c]}
            """
        )
        incident.alert("host/a")
        incident.alert("host/b")
        incident.healthy("host/z")
        #expect(incident.roots(incident.diagnose()) == ["switch/s down"])
    }

    @Test("silence proves nothing where the observer is affected")
    func blindSpot() throws {
        let yaml = """
            entities:
              site/s: {}
              host/a: {on: site/s}
              host/b: {on: site/s}
              host/c: {on: site/s}
              host/d: {on: site/s}
              monitor/m: {on: site/s}
            """
        var incident = try Incident(yaml)
        incident.alert("host/a")
        incident.alert("monitor/m")
        for host in ["host/b", "host/c", "host/d"] {
            incident.silent(host, downstream: 3, observers: ["monitor/m"])
        }
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["site/s down"])
        #expect(incident.names(diagnosis.blindSpots.map(\.entity)) == ["host/b", "host/c", "host/d"])
        var seeing = try Incident(yaml)
        seeing.alert("host/a")
        seeing.alert("monitor/m")
        for host in ["host/b", "host/c", "host/d"] { seeing.silent(host, downstream: 3) }
        #expect(seeing.roots(seeing.diagnose()) == ["host/a down", "monitor/m down"])
    }

    @Test("a cycle does not support itself")
    func cycle() throws {
        var incident = try Incident(
            "entities: {service/a: {needs: [service/b]}, service/b: {needs: [service/a]}, host/h: {}, service/c: {needs: [service/a, host/h]}}"
        )
        incident.alert("service/a")
        incident.alert("service/b")
        incident.alert("service/c")
        let diagnosis = incident.diagnose()
        #expect(diagnosis.roots.count == 1)
        #expect(!diagnosis.accounts.contains { !$0.isExplained })
    }

    @Test("rivals are weighed, and what would tell them apart is named")
    func rivals() throws {
        var incident = try Incident(
            """
            entities:
              site/s: {}
              host/h: {on: site/s}
              host/other: {on: site/s}
              service/x: {on: host/h}
              service/y: {on: host/h}
            """
        )
        incident.alert("service/x")
        incident.alert("service/y")
        let diagnosis = incident.diagnose()
        #expect(incident.roots(diagnosis) == ["host/h down"])
        let root = try #require(diagnosis.roots.first)
        let site = try #require(root.alternatives.first { $0.entity == incident.entity("site/s") })
        #expect(site.check?.entity == incident.entity("host/other"))
        #expect(site.check?.ifRoot == nil)
        #expect(site.check?.ifAlternative == .down)
        #expect(root.confidence > 0.5)
        #expect(root.confidence + root.alternatives.reduce(0) { $0 + $1.confidence } < 1.0001)
        #expect(diagnosis.ranking.first?.entity == incident.entity("host/h"))
    }
}
