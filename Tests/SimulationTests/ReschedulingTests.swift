import Simulation
import Testing
import Topology

@Suite("Rescheduling")
struct ReschedulingTests {
    /// Three nodes, the second and third of them on one host, and pods on the first.
    private func cluster(pods: [String: Double]) throws -> (Topology, [Placement]) {
        var sketch = Sketch()
        sketch.add("host/h")
        sketch.add("node/1")
        sketch.add("node/2", on: "host/h")
        sketch.add("node/3", on: "host/h")
        sketch.add("volume/v")
        for name in pods.keys.sorted() {
            sketch.add("pod/\(name)", on: "node/1", needs: name == "data" ? [.hard("volume/v")] : [])
        }
        let topology = try sketch.topology()
        let nodes = try topology.ids("node/1", "node/2", "node/3")
        let placements = try pods.sorted { $0.key < $1.key }.map {
            Placement(entity: try topology.id("pod/\($0.key)"), candidates: nodes, uses: $0.value)
        }
        return (topology, placements)
    }

    @Test("pods of a lost node move, the largest first, while there is room")
    func firstFitDecreasing() throws {
        let (topology, placements) = try cluster(pods: ["a": 3, "b": 5, "c": 4, "d": 9])
        let capacity = [try topology.id("node/2"): 8.0, try topology.id("node/3"): 5.0]
        let question = WhatIf(losses: try topology.ids("node/1"), placements: placements, capacity: capacity)
        let answer = SimulationModel(topology).answer(question)
        #expect(topology.names(answer.outcome.down.map(\.entity)) == ["node/1", "pod/a", "pod/b", "pod/c", "pod/d"])
        let after = try #require(answer.rescheduling)
        // d fits nowhere; b takes 5 of 8, c 4 of 5, a the 3 that b left.
        #expect(after.moves.map { topology.name(of: $0.entity) } == ["pod/a", "pod/b", "pod/c"])
        #expect(after.moves.map { topology.name(of: $0.to) } == ["node/2", "node/2", "node/3"])
        #expect(
            after.stranded.map(\.reason) == [.noRoom]
                && topology.names(after.outcome.down.map(\.entity)) == ["node/1", "pod/d"]
        )
    }

    @Test("what moves stays down when another need of it fails, or when it failed itself")
    func otherNeeds() throws {
        let (topology, placements) = try cluster(pods: ["data": 1, "broken": 1])
        let losses = try topology.ids("node/1", "volume/v", "pod/broken")
        let after = try #require(
            SimulationModel(topology).answer(WhatIf(losses: losses, placements: placements)).rescheduling
        )
        #expect(after.moves.map { topology.name(of: $0.entity) } == ["pod/data"])
        #expect(
            topology.names(after.outcome.newlyDown.map(\.entity)) == ["node/1", "pod/broken", "pod/data", "volume/v"]
        )
        let data = try #require(after.outcome.impacts.first { topology.name(of: $0.entity) == "pod/data" })
        #expect(topology.names(data.because) == ["volume/v"])
    }

    @Test("nothing moves to a place that is down as well")
    func noPlaceUp() throws {
        let (topology, placements) = try cluster(pods: ["a": 1])
        let losses = try topology.ids("node/1", "host/h")
        let after = try #require(
            SimulationModel(topology).answer(WhatIf(losses: losses, placements: placements)).rescheduling
        )
        #expect(after.moves.isEmpty && after.stranded.map(\.reason) == [.noPlaceUp])
    }

    @Test("what has moved is as degraded as its new place")
    func degradedPlace() throws {
        let (topology, placements) = try cluster(pods: ["a": 1])
        let question = WhatIf(
            losses: try topology.ids("node/1"),
            degradations: try topology.ids("node/2"),
            placements: placements
        )
        let after = try #require(SimulationModel(topology).answer(question).rescheduling)
        #expect(topology.names(after.outcome.degraded.map(\.entity)) == ["node/2", "pod/a"])
    }

    @Test("a machine that moves is a place again for what runs on it")
    func rounds() throws {
        var sketch = Sketch()
        sketch.add("host/a")
        sketch.add("host/b")
        sketch.add("vm/m", on: "host/a")
        sketch.add("node/n", on: "host/a")
        sketch.add("pod/p", on: "node/n")
        let topology = try sketch.topology()
        let placements = [
            Placement(entity: try topology.id("pod/p"), candidates: try topology.ids("vm/m")),
            Placement(entity: try topology.id("vm/m"), candidates: try topology.ids("host/a", "host/b")),
        ]
        let question = WhatIf(losses: try topology.ids("host/a"), placements: placements)
        let after = try #require(SimulationModel(topology).answer(question).rescheduling)
        #expect(after.moves.map { topology.name(of: $0.to) } == ["vm/m", "host/b"] && after.stranded.isEmpty)
        #expect(topology.names(after.outcome.down.map(\.entity)) == ["host/a", "node/n"])
    }
}
