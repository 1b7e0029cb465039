import Simulation
import TestSupport
import Testing
import Topology

@Suite("Pairs of losses")
struct PairLossesTests {
    @Test("two power feeds cost more together than apart, and the pair says where")
    func powerFeeds() throws {
        var sketch = Sketch()
        sketch.add("power/a")
        sketch.add("power/b")
        sketch.add("host/h", needs: [.any(["power/a", "power/b"])])
        sketch.add("service/s", on: "host/h")
        let topology = try sketch.topology()
        let result = SimulationModel(topology).pairLosses()
        let pair = try #require(result.pairs.first)
        #expect(result.pairs.count == 1 && result.coverage.isComplete)
        #expect(topology.names(pair.entities) == ["power/a", "power/b"])
        #expect(pair.cost == 30 + 30 + 10 + 3 && pair.beyondSum == 13)
        #expect(topology.names(pair.onlyTogether) == ["host/h", "service/s"])
        #expect(topology.names(pair.brokenGroups) == ["host/h"])
    }

    @Test("equals a run of every pair", arguments: 0..<60)
    func everyPair(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 2...12, weak: seed % 3 == 0 ? 20 : 0)
        let result = SimulationModel(topology).pairLosses()
        var expected: [[EntityID]: PairFacts] = [:]
        let alone = topology.entities.map { NaiveState(topology, down: [$0]) }
        for first in topology.entities {
            for second in topology.entities where first < second {
                let joint = NaiveState(topology, down: [first, second])
                let cost = joint.cost(topology)
                let beyond =
                    cost - alone[Int(first.rawValue)].cost(topology) - alone[Int(second.rawValue)].cost(topology)
                guard beyond > 0 else { continue }
                let apart = alone[Int(first.rawValue)].down.union(alone[Int(second.rawValue)].down)
                expected[[first, second]] = PairFacts(
                    cost: cost,
                    beyondSum: beyond,
                    onlyTogether: joint.down.subtracting(apart).sorted()
                )
            }
        }
        #expect(result.coverage.isComplete && result.pairs.count == expected.count)
        for pair in result.pairs {
            let facts = PairFacts(cost: pair.cost, beyondSum: pair.beyondSum, onlyTogether: pair.onlyTogether)
            #expect(expected[pair.entities] == facts)
            #expect(!pair.brokenGroups.isEmpty && pair.brokenGroups.allSatisfy(pair.onlyTogether.contains))
        }
        #expect(zip(result.pairs, result.pairs.dropFirst()).allSatisfy { $0.beyondSum >= $1.beyondSum })
    }

    private struct PairFacts: Equatable {
        let cost: Double
        let beyondSum: Double
        let onlyTogether: [EntityID]
    }

    @Test("a spent budget is reported, and what was found stays true")
    func budget() throws {
        var generator = SeededGenerator(seed: 5)
        let topology = try Sketch.random(&generator, count: 60...60)
        let model = SimulationModel(topology)
        let all = model.pairLosses()
        let some = model.pairLosses(budget: 40)
        #expect(all.coverage.isComplete && !some.coverage.isComplete)
        #expect(some.coverage.pairsExamined > 0 && some.coverage.pairsExamined < all.coverage.pairsExamined)
        #expect(Set(some.pairs).isSubset(of: all.pairs))
        #expect(some.coverage.candidates == all.coverage.candidates)
    }

    @Test("no two of a large group are worse than their parts, and none are run", .timeLimit(.minutes(10)))
    func largeGroup() throws {
        var sketch = Sketch()
        let members = (0..<10_000).map { "node/\($0)" }
        for member in members { sketch.add(member) }
        sketch.add("service/s", needs: [.any(members)])
        let result = SimulationModel(try sketch.topology()).pairLosses()
        #expect(result.coverage.isComplete && result.coverage.pairsExamined == 0 && result.pairs.isEmpty)
    }

    @Test("both of a pair pass the filter")
    func filter() throws {
        var sketch = Sketch()
        sketch.add("node/1")
        sketch.add("node/2")
        sketch.add("pod/1", on: "node/1")
        sketch.add("pod/2", on: "node/2")
        sketch.add("service/s", needs: [.any(["pod/1", "pod/2"])])
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        #expect(model.pairLosses().pairs.count == 4)
        let nodes = model.pairLosses(RankingOptions(kinds: ["node"])).pairs
        #expect(nodes.map { topology.names($0.entities) } == [["node/1", "node/2"]])
    }
}
