import Simulation
import TestSupport
import Testing
import Topology

@Suite("What-if")
struct WhatIfTests {
    @Test("a host behind two routers is reachable without either and unreachable without both")
    func twoParents() throws {
        var sketch = Sketch()
        sketch.add("router/a")
        sketch.add("router/b")
        sketch.add("host/h", needs: [.any(["router/a", "router/b"])])
        sketch.add("service/s", needs: [.hard("host/h")])
        let topology = try sketch.topology()
        let model = SimulationModel(topology)

        let one = model.answer(WhatIf(losses: try topology.ids("router/a"))).outcome
        #expect(topology.names(one.down.map(\.entity)) == ["router/a"])
        let reduced = try #require(one.redundancyLost.first)
        #expect(one.redundancyLost.count == 1 && topology.name(of: reduced.entity) == "host/h")
        #expect(topology.names(reduced.endedBy) == ["router/b"])
        #expect(topology.names(one.exposures.map(\.entity)) == ["host/h", "service/s"])
        #expect(one.nextLosses.map(\.onlyNow) == [2] && one.nextLosses.map(\.down) == [3])

        let both = model.answer(WhatIf(losses: try topology.ids("router/b", "router/a"))).outcome
        #expect(topology.names(both.down.map(\.entity)) == ["host/h", "router/a", "router/b", "service/s"])
        let service = try #require(both.impacts.first { topology.name(of: $0.entity) == "service/s" })
        #expect(topology.names(service.because) == ["router/a", "router/b"])
        #expect(topology.names(service.via) == ["host/h"])
        #expect(both.redundancyLost.isEmpty && both.nextLosses.isEmpty)
    }

    @Test("two of three hold against one loss and not against two", arguments: [1, 2, 3])
    func quorum(lost: Int) throws {
        var sketch = Sketch()
        let members = ["node/a", "node/b", "node/c"]
        for member in members { sketch.add(member) }
        sketch.add("storage/pool", needs: [.atLeast(2, members)])
        let topology = try sketch.topology()
        let losses = try members.prefix(lost).map(topology.id)
        let outcome = SimulationModel(topology).answer(WhatIf(losses: losses)).outcome
        #expect(outcome.down.contains { topology.name(of: $0.entity) == "storage/pool" } == (lost > 1))
        #expect(outcome.redundancyLost.map { topology.names($0.endedBy) } == (lost == 1 ? [["node/b", "node/c"]] : []))
    }

    @Test("a weak need degrades, what it degrades degrades its dependents, and what degrades it stops there")
    func weakNeeds() throws {
        var sketch = Sketch()
        sketch.add("service/metrics")
        sketch.add("service/app", needs: [.weak("service/metrics")])
        sketch.add("website/shop", needs: [.hard("service/app")])
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        let lost = model.answer(WhatIf(losses: try topology.ids("service/metrics"))).outcome
        #expect(topology.names(lost.down.map(\.entity)) == ["service/metrics"])
        #expect(topology.names(lost.degraded.map(\.entity)) == ["service/app", "website/shop"])
        let shop = try #require(lost.impacts.last)
        #expect(topology.names(shop.because) == ["service/metrics"] && topology.names(shop.via) == ["service/app"])
        let slow = model.answer(WhatIf(degradations: try topology.ids("service/metrics"))).outcome
        #expect(slow.down.isEmpty && topology.names(slow.degraded.map(\.entity)) == ["service/metrics"])
    }

    @Test("members of a cycle go down together, by a fault in it and not by themselves")
    func cycles() throws {
        var sketch = Sketch()
        sketch.add("service/a", needs: [.hard("service/b")])
        sketch.add("service/b", needs: [.hard("service/a"), .hard("host/h")])
        sketch.add("host/h")
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        #expect(model.answer(WhatIf()).outcome.impacts.isEmpty)
        let outcome = model.answer(WhatIf(losses: try topology.ids("host/h"))).outcome
        #expect(topology.names(outcome.down.map(\.entity)) == ["host/h", "service/a", "service/b"])
        #expect(outcome.impacts.map { topology.names($0.via) } == [[], ["service/b"], []])
    }

    @Test("on top of an incident: what was down, what the next loss adds, and what a repair brings back")
    func duringAnIncident() throws {
        var sketch = Sketch()
        sketch.add("site/x")
        sketch.add("site/y")
        for (name, site) in [("a", "site/x"), ("b", "site/y")] { sketch.add("dns/\(name)", on: site) }
        sketch.add("service/resolver", needs: [.any(["dns/a", "dns/b"])], criticality: .critical)
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        let during = [WhatIf.Fault(try topology.id("dns/a"))]
        let now = model.answer(WhatIf(during: during)).outcome
        #expect(now.newlyDown.isEmpty && topology.names(now.down.map(\.entity)) == ["dns/a"])
        #expect(now.cost == now.costBefore)
        // Losing site/y costs more, for it takes dns/b along.
        #expect(topology.names(now.nextLosses.map(\.entity)) == ["site/y", "dns/b"])

        let next = model.answer(WhatIf(losses: try topology.ids("site/y"), during: during)).outcome
        #expect(topology.names(next.newlyDown.map(\.entity)) == ["dns/b", "service/resolver", "site/y"])
        #expect(next.costBefore == 10 && next.cost == 10 + 10 + 30 + 30)
        let sites = next.totals.bySite.map { ($0.site.map(topology.name) ?? "-", $0.count.down, $0.count.newlyDown) }
        #expect(sites.map(\.0) == ["site/x", "site/y", "-"] && sites.map(\.1) == [1, 2, 1])
        #expect(sites.map(\.2) == [0, 2, 1])
        #expect(next.totals.byCriticality.map(\.criticality) == [.critical, .high])
        #expect(next.totals.byKind.map(\.kind.name) == ["dns", "service", "site"])

        let repaired = model.answer(
            WhatIf(restores: try topology.ids("dns/a"), during: during + [.init(try topology.id("dns/b"))])
        )
        #expect(topology.names(repaired.outcome.recovered.map(\.entity)) == ["dns/a", "service/resolver"])
        #expect(topology.names(repaired.outcome.down.map(\.entity)) == ["dns/b"])
    }

    @Test("predicts the alerts that begin to fire, unknown delays last, and names observers that are hit themselves")
    func predictedAlerts() throws {
        var sketch = Sketch()
        sketch.add("host/h")
        sketch.add("monitor/m", on: "host/h")
        sketch.add("pod/a", on: "host/h")
        sketch.add("pod/b")
        sketch.add("service/s", needs: [.any(["pod/a", "pod/b"])], observedBy: ["monitor/m"])
        let topology = try sketch.topology()
        let (host, pod, service) = (try topology.id("host/h"), try topology.id("pod/a"), try topology.id("service/s"))
        let alerts = [
            PossibleAlert(alertname: "HostDown", entity: host, delay: 240_000),
            PossibleAlert(alertname: "PodDown", entity: pod, delay: 60_000),
            PossibleAlert(
                alertname: "FewReplicas",
                entity: service,
                observes: .degraded,
                tellsOfRedundancy: true,
                delay: 60_000
            ),
            PossibleAlert(alertname: "HighLatency", entity: service, observes: .degraded, delay: 60_000),
            PossibleAlert(alertname: "ServiceDown", entity: service, delay: 0),
            PossibleAlert(alertname: "PodDown", entity: try topology.id("pod/b"), delay: 0),
            PossibleAlert(alertname: "AnyDown", entity: host, observer: try topology.id("monitor/m")),
        ]
        let model = SimulationModel(topology)
        let all = model.answer(WhatIf(losses: [host])).outcome.predictedAlerts(alerts, in: topology)
        #expect(all.map(\.alert.alertname) == ["FewReplicas", "PodDown", "HostDown", "AnyDown"])
        #expect(all.map { topology.names($0.blindedBy) } == [["monitor/m"], [], [], ["monitor/m"]])
        let next = model.answer(WhatIf(losses: [host], during: [.init(pod)])).outcome
        #expect(next.predictedAlerts(alerts, in: topology).map(\.alert.alertname) == ["HostDown", "AnyDown"])
    }

    @Test("states, endings and next losses agree with naive iteration", arguments: 0..<80)
    func agreesWithNaiveIteration(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 2...12)
        func some() -> [EntityID] { topology.entities.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 } }
        let (losses, degradations) = (some(), some())
        let outcome = SimulationModel(topology).answer(WhatIf(losses: losses, degradations: degradations)).outcome
        let state = NaiveState(topology, down: Set(losses), degraded: Set(degradations))
        #expect(Set(outcome.down.map(\.entity)) == state.down)
        #expect(Set(outcome.degraded.map(\.entity)) == state.degraded.subtracting(state.down))
        #expect(Set(outcome.redundancyLost.map(\.entity)) == state.reduced.subtracting(state.down))
        #expect(outcome.cost == state.cost(topology))
        for impact in outcome.impacts where impact.after.effect != nil {
            #expect(!impact.because.isEmpty)
            #expect(impact.because.allSatisfy { losses.contains($0) || degradations.contains($0) })
        }
        var exposures: [EntityID: [EntityID]] = [:]
        for next in topology.entities where !state.down.contains(next) {
            let joint = NaiveState(topology, down: Set(losses + [next])).down.subtracting(state.down)
            let alone = NaiveState(topology, down: [next]).down
            for entity in joint.subtracting(alone) { exposures[entity, default: []].append(next) }
            for impact in outcome.redundancyLost {
                #expect(impact.endedBy.contains(next) == (joint.contains(impact.entity) && impact.entity != next))
            }
            let found = outcome.nextLosses.first { $0.entity == next }
            #expect((found?.onlyNow ?? 0) == joint.subtracting(alone).count)
            #expect(found == nil || found?.down == joint.count)
        }
        #expect(exposures == Dictionary(uniqueKeysWithValues: outcome.exposures.map { ($0.entity, $0.to) }))
    }
}
