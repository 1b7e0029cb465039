import BlastRadius
import Diagnostics
import Inference
import Simulation
import Testing
import Topology

@Suite("The keys of topology.yaml for simulation")
struct KeyTests {
    @Test("can_run_on takes names, kinds and kinds with a tag; each place counts once, in the order written")
    func canRunOn() throws {
        let topology = try platform(
            """
            entities:
              node/a: {tags: [ssd], capacity: 8}
              node/b: {tags: [ssd]}
              node/c: {}
              pod/x/1: {on: node/a, can_run_on: [node/c, 'node[ssd]'], uses: 2.5}
              pod/x/2: {on: node/a, can_run_on: node}
            """
        ).topology
        let one = topology.details(of: try topology.id("pod/x/1"))
        #expect(topology.names(one.canRunOn) == ["node/c", "node/a", "node/b"] && one.uses == 2.5)
        #expect(
            topology.names(topology.details(of: try topology.id("pod/x/2")).canRunOn) == ["node/a", "node/b", "node/c"]
        )
        #expect(topology.details(of: try topology.id("node/a")).capacity == 8)
        #expect(topology.details(of: try topology.id("node/b")).capacity == nil)
    }

    @Test("mistakes are found")
    func mistakes() {
        #expect(findings("entities: {pod/x: {on: node/a, can_run_on: [node/b]}, node/a: {}}") == ["unknown-entity"])
        #expect(findings("entities: {pod/x: {on: node/a, can_run_on: 'node[ssd]'}, node/a: {}}") == ["can-run-nowhere"])
        #expect(findings("entities: {pod/x: {can_run_on: node}, node/a: {}}") == ["no-place"])
        #expect(findings("entities: {pod/x: {on: node/a, uses: -1}, node/a: {}}") == ["wrong-shape"])
        #expect(findings("entities: {node/a: {capacity: much}}") == ["wrong-shape"])
        #expect(findings("entities: {node/a: {}}\nweights: {loss_hihg: 3}") == ["unknown-weight"])
    }

    @Test("the weights of losses are set beside those of evidence")
    func weights() throws {
        let weights = try platform(
            "entities: {node/a: {}}\nweights: {loss_high: 12, loss_degraded_share: 0.5, healthy: 4}"
        )
        #expect(weights.lossWeights.high == 12 && weights.lossWeights.degradedShare == 0.5)
        #expect(weights.lossWeights.critical == 30 && weights.weights.healthy == 4)
    }
}
