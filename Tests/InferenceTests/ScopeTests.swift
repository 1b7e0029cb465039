import Inference
import Propagation
import Testing
import Topology

/// Looking only at what an incident can be about changes no answer.
@Suite("Scope")
struct ScopeTests {
    /// Three sites of which one shares nothing with the others, and a queue that both a writer and a reader lean on.
    static let platform = """
        version: 1
        entities:
          site/one: {}
          host/a: {on: site/one}
          host/b: {on: site/one}
          host/c: {on: site/one}
          store/quorum: {needs: [{at_least: 2, of: [host/a, host/b, host/c]}]}
          svc/db: {needs: [store/quorum, {weak: host/a}]}
          svc/loop: {needs: [svc/db, svc/back]}
          svc/back: {needs: [svc/loop]}
          site/two: {}
          host/d: {on: site/two}
          host/e: {on: site/two}
          queue/kafka: {needs: [{any: [host/d, host/e]}]}
          site/three: {}
          host/f: {on: site/three}
          svc/writer: {on: host/f, needs: [queue/kafka]}
          svc/reader: {on: host/e, needs: [queue/kafka]}
          svc/alone: {}
        """

    private func names(_ scope: FailureScope, in topology: Topology) -> [String] {
        scope.entities.map { topology.name(of: $0) }
    }

    @Test("it holds what a sign leans on, and all that leans on that")
    func closure() throws {
        var incident = try Incident(Self.platform)
        incident.alert("svc/writer")
        incident.healthy("svc/alone")
        incident.silent("svc/db")
        let scope = FailureScope(incident.topology, incident.evidence)
        #expect(
            names(scope, in: incident.topology) == [
                "host/d", "host/e", "host/f", "queue/kafka", "site/three", "site/two", "svc/alone", "svc/reader",
                "svc/writer",
            ]
        )
        #expect(!scope.contains(incident.entity("svc/db")))
        #expect(scope.contains(incident.entity("site/two")))
    }

    @Test("a lack of demand is the doing of what leans on the entity, or of who fills its broker")
    func starvation() throws {
        var incident = try Incident(Self.platform)
        incident.alert("host/c", .starved)
        let scope = FailureScope(incident.topology, incident.evidence)
        #expect(scope.count == 8)
        #expect(scope.contains(incident.entity("svc/back")))
        incident.alert("svc/reader", .starved)
        #expect(FailureScope(incident.topology, incident.evidence).contains(incident.entity("site/three")))
    }

    @Test("without a sign it is empty, and so is the answer")
    func nothing() throws {
        var incident = try Incident(Self.platform)
        incident.silent("svc/db")
        #expect(FailureScope(incident.topology, incident.evidence).count == 0)
        let diagnosis = Diagnoser(topology: incident.topology).diagnose(incident.evidence)
        #expect(diagnosis.roots.isEmpty && diagnosis.affected.isEmpty && diagnosis.isProven)
    }

    /// All of a diagnosis but its rivals: how many of them are looked for depends on the size of what is searched.
    private func decisions(_ diagnosis: Diagnosis) -> [String] {
        let roots = diagnosis.roots.map { "\($0.entity) \($0.effect) \($0.symptoms) \(String(describing: $0.datedBy))" }
        return roots + [
            "\(diagnosis.cost) \(diagnosis.lowerBound)", "\(diagnosis.accounts)", "\(diagnosis.affected)",
            "\(diagnosis.blindSpots)",
        ]
    }

    @Test("the answer is that over the whole platform", arguments: [Effect.down, .degraded, .starved])
    func sameAnswer(effect: Effect) throws {
        let topology = try Incident(Self.platform).topology
        var smaller = 0
        for first in topology.entities {
            let second = EntityID((7 * first.index + 3) % topology.entityCount)
            var incident = try Incident(Self.platform)
            incident.alert(topology.name(of: first), effect)
            incident.alert(topology.name(of: second), minute: 20, witness: first.index % 2 == 0 ? "host/b" : nil)
            incident.healthy("host/e", minute: 10)
            for entity in topology.entities where entity != first && entity != second && entity.index % 3 != 0 {
                let isSeen = entity.index % 2 == 0
                incident.silent(topology.name(of: entity), down: 1.5, relay: 2, observers: isSeen ? ["host/d"] : [])
            }
            let scope = FailureScope(topology, incident.evidence)
            if scope.count < topology.entityCount { smaller += 1 }
            let diagnoser = Diagnoser(topology: topology)
            let scoped = diagnoser.diagnose(incident.evidence, in: scope)
            let whole = diagnoser.diagnose(incident.evidence, in: FailureScope(all: topology))
            #expect(decisions(scoped) == decisions(whole))
        }
        #expect(smaller > 0)
    }
}
