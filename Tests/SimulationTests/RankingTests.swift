import Graphs
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Ranking")
struct RankingTests {
    @Test("every single loss equals a naive run, cycles, groups and weak needs included", arguments: 0..<80)
    func singleLosses(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 1...25, weak: seed % 2 == 0 ? 15 : 0)
        let model = SimulationModel(topology)
        let ranking = model.ranking()
        #expect(ranking.losses.count == topology.entityCount)
        var points: [EntityID: [EntityID]] = [:]
        for loss in ranking.losses {
            let state = NaiveState(topology, down: [loss.entity])
            #expect(loss.down == state.down.count)
            #expect(loss.degraded == state.degraded.subtracting(state.down).count)
            #expect(loss.cost == state.cost(topology))
            let others = state.down.subtracting([loss.entity]).sorted()
            if !others.isEmpty { points[loss.entity] = others }
        }
        #expect(
            zip(ranking.losses, ranking.losses.dropFirst()).allSatisfy { ($1.cost, $0.entity) < ($0.cost, $1.entity) }
        )
        #expect(points == Dictionary(uniqueKeysWithValues: ranking.singlePointsOfFailure.map { ($0.entity, $0.of) }))
        for entity in topology.entities {
            let expected = topology.entities.filter { points[$0]?.contains(entity) == true }
            #expect(model.singlePointsOfFailure(of: entity) == expected)
        }
    }

    @Test("filters by kind and site, and keeps the costliest")
    func filters() throws {
        var sketch = Sketch()
        sketch.add("site/x")
        sketch.add("site/y")
        sketch.add("host/a", on: "site/x")
        sketch.add("host/b", on: "site/y")
        sketch.add("service/s", on: "host/b", criticality: .critical)
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        func ranked(_ options: RankingOptions) -> [String] {
            topology.names(model.ranking(options).losses.map(\.entity))
        }
        #expect(ranked(RankingOptions()) == ["site/y", "host/b", "site/x", "service/s", "host/a"])
        #expect(ranked(RankingOptions(kinds: ["host"])) == ["host/b", "host/a"])
        #expect(ranked(RankingOptions(site: try topology.id("site/x"))) == ["site/x", "host/a"])
        #expect(ranked(RankingOptions(top: 1)) == ["site/y"])
        let flat = LossWeights(low: 1, medium: 1, high: 1, critical: 1)
        #expect(model.ranking(RankingOptions(weights: flat)).losses.map(\.cost) == [3, 2, 2, 1, 1])
    }

    @Test("lists of names end before they hold too many, and the counts are still those of all")
    func nameLimit() throws {
        var sketch = Sketch()
        sketch.add("site/x", criticality: .critical)
        sketch.add("host/a", on: "site/x")
        sketch.add("pod/n/p", on: "host/a")
        let topology = try sketch.topology()
        var options = RankingOptions()
        // The site takes two others down, the host one; the pod hangs on two, the host on one.
        options.nameLimit = 2
        let ranking = SimulationModel(topology).ranking(options)
        #expect(topology.names(ranking.singlePointsOfFailure.map(\.entity)) == ["site/x"])
        #expect(topology.names(ranking.dependents.map(\.entity)) == ["pod/n/p"])
        #expect(ranking.losses.count == 3 && ranking.singlePointCount == 2 && ranking.dependentCount == 2)
        options.nameLimit = 3
        let whole = SimulationModel(topology).ranking(options)
        #expect(whole.singlePointsOfFailure.count == 2 && whole.dependents.count == 2)
    }

    @Test("what needs others and meets no redundancy upstream has none at all")
    func withoutRedundancy() throws {
        var sketch = Sketch()
        sketch.add("host/a")
        sketch.add("host/b")
        sketch.add("service/single", needs: [.hard("host/a"), .weak("service/double")])
        sketch.add("service/all", needs: [.atLeast(2, ["host/a", "host/b"])])
        sketch.add("service/double", needs: [.any(["host/a", "host/b"])])
        sketch.add("service/mixed", needs: [.hard("host/a"), .hard("service/double")])
        let topology = try sketch.topology()
        let ranking = SimulationModel(topology).ranking()
        #expect(topology.names(ranking.withoutRedundancy) == ["service/all", "service/single"])
    }

    @Test("single points of failure are the dominators where each has one way of being served", arguments: 0..<100)
    func dominatorsOfChains(seed: Int) throws {
        try dominators(seed: seed, alternatives: 1)
    }

    @Test("single points of failure are the dominators where each is served by any of several", arguments: 0..<100)
    func dominatorsOfAlternatives(seed: Int) throws {
        try dominators(seed: seed, alternatives: 3)
    }

    /// Each entity needs any of some before it; what serves it then is reached from what needs nothing, and cut off by
    /// exactly the entities that lie on all ways to it.
    private func dominators(seed: Int, alternatives: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var sketch = Sketch()
        let count = Int.random(in: 2...20, using: &generator)
        let names = (0..<count).map { "service/e\($0 < 10 ? "0" : "")\($0)" }
        var sources: [Int32] = []
        var targets: [Int32] = []
        var entries: [Int32] = []
        for index in 0..<count {
            let wanted = Int.random(in: 0...alternatives, using: &generator)
            let providers = (0..<index).shuffled(using: &generator).prefix(wanted).sorted()
            if providers.isEmpty { entries.append(Int32(index)) }
            for provider in providers {
                sources.append(Int32(provider))
                targets.append(Int32(index))
            }
            let needs: [Sketch.Need] =
                providers.isEmpty
                ? [] : alternatives == 1 ? [.hard(names[providers[0]])] : [.any(providers.map { names[$0] })]
            sketch.add(names[index], needs: needs)
        }
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        let tree = Dominators(
            successors: CompressedRows(rowCount: count, rows: sources, targets: targets),
            entries: entries
        )
        for entity in topology.entities {
            let expected = tree.dominators(of: entity.rawValue).sorted()
            #expect(model.singlePointsOfFailure(of: entity).map(\.rawValue) == expected)
        }
    }
}

@Suite("Loss run")
struct LossRunTests {
    private func network(_ generator: inout SeededGenerator) -> ThresholdNetwork {
        let size = Int32.random(in: 2...15, using: &generator)
        var builder = ThresholdNetworkBuilder(vertexCount: Int(size))
        for _ in 0..<Int.random(in: 0...25, using: &generator) {
            let members = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                Int32.random(in: 0..<size, using: &generator)
            }
            builder.addGate(
                threshold: Int32.random(in: 1...3, using: &generator),
                members: members,
                owner: Int32.random(in: 0..<size, using: &generator)
            )
        }
        return builder.build()
    }

    @Test("a loss on top of a frozen one reaches what both reach together", arguments: 0..<200)
    func freezing(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let network = network(&generator)
        var run = LossRun(LossNetwork(network))
        var reference = ForwardRun(network)
        for _ in 0..<10 {
            let roots = (0..<Int32(network.vertexCount)).filter { _ in Int.random(in: 0..<5, using: &generator) == 0 }
            let half = roots.count / 2
            run.run(from: roots.prefix(half))
            run.freeze()
            run.run(from: roots.suffix(from: half))
            reference.run(from: roots)
            let expected = reference.reached.filter { !network.isGate($0) }
            #expect((0..<Int32(network.vertexCount)).filter(run.isDown) == expected.sorted())
            let frozen = (0..<Int32(network.vertexCount)).count(where: run.wasDown)
            #expect(frozen + run.downCount == expected.count)
            run.thaw()
            run.run(from: [])
            #expect(run.downCount == 0 && !(0..<Int32(network.vertexCount)).contains(where: run.isDown))
        }
    }

    /// Run from nothing, each of these costs five thousand million steps and more.
    @Test("the losses of long chains, circles and combs cost what they differ by", .timeLimit(.minutes(10)))
    func longShapes() {
        let count: Int32 = 100_000
        func losses(_ dependents: (Int32) -> [Int32]) -> [Int32] {
            var builder = ThresholdNetworkBuilder(vertexCount: Int(count))
            for vertex in 0..<count { for target in dependents(vertex) { builder.addArc(from: vertex, to: target) } }
            return SingleLosses(LossNetwork(builder.build()), weights: LossWeights()).down
        }
        #expect(losses { $0 + 1 < count ? [$0 + 1] : [] } == (0..<count).map { count - $0 })
        #expect(losses { [($0 + 1) % count] } == Array(repeating: count, count: Int(count)))
        // Even vertices are a chain, each with a tooth.
        let comb = losses { $0 % 2 == 0 ? [$0 + 1] + ($0 + 2 < count ? [$0 + 2] : []) : [] }
        #expect(comb == (0..<count).map { $0 % 2 == 0 ? count - $0 : 1 })
    }

    @Test("every single loss of a bare network equals a forward run", arguments: 0..<100)
    func singleLosses(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let network = network(&generator)
        let losses = SingleLosses(LossNetwork(network), weights: LossWeights())
        var reference = ForwardRun(network)
        for vertex in 0..<Int32(network.vertexCount) {
            reference.run(from: [vertex])
            #expect(Int(losses.down[Int(vertex)]) == reference.reached.count { !network.isGate($0) })
        }
    }
}
