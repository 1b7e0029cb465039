import Graphs
import TestSupport
import Testing

@testable import Inference

@Suite("The linear relaxation and its cuts")
struct RelaxationTests {
    /// The factor graph of a random instance, and what it adds to the cost of the same roots in the problem.
    private func graph(seed: Int) -> (instance: RandomInstance, graph: FactorGraph)? {
        let instance = RandomInstance(seed: seed, sizes: 5...10)
        let problem = instance.problem
        let session = SolverSession(
            problem,
            scale: CostScale(problem),
            without: [],
            requiring: [],
            margin: 1 << 40,
            budget: SearchBudget(limit: .max)
        )
        return session.graph.count > 0 ? (instance, session.graph) : nil
    }

    /// What each set of the graph's candidates costs.
    private func costs(_ graph: FactorGraph) -> [Set<Int32>: Int64] {
        let candidates = (0..<graph.count).filter { graph.cost[$0] < FactorGraph.infinity }
        var run = FactorGraphRun(graph)
        var costs: [Set<Int32>: Int64] = [:]
        for mask in 0..<(1 << candidates.count) {
            let roots = candidates.indices.filter { mask >> $0 & 1 == 1 }.map { candidates[$0] }
            costs[Set(roots.map { graph.vertex[$0] })] = run.cost(of: roots, in: graph)
        }
        return costs
    }

    @Test("A split from the relaxation changes no cost, and its bound holds", arguments: 0..<150)
    func split(seed: Int) {
        guard let (_, graph) = graph(seed: 700_000 + seed) else { return }
        let before = costs(graph)
        let bound = graph.bound
        let relaxed = graph.relax(goal: FactorGraph.infinity / 4, budget: SearchBudget(limit: 50_000_000))
        #expect(costs(graph) == before)
        #expect(graph.bound >= bound)
        #expect(graph.bound <= before.values.min() ?? .max)
        #expect(relaxed.state.count == graph.count && relaxed.fault.count == graph.count)
    }

    @Test("Cuts change no cost, and their bound holds", arguments: 0..<150)
    func cuts(seed: Int) {
        guard let (_, graph) = graph(seed: 710_000 + seed) else { return }
        let before = costs(graph)
        // What is true in halves, though its faults are true in less, violates a cut.
        var generator = SeededGenerator(seed: seed)
        let states = RelaxedStates(
            state: (0..<graph.count).map { _ in Double.random(in: 0.4...1, using: &generator) },
            fault: (0..<graph.count).map { _ in Double.random(in: 0...0.3, using: &generator) }
        )
        var search = CutSearch(graph, states, budget: SearchBudget(limit: .max))
        let cuts = search.cuts()
        guard !cuts.isEmpty else { return }
        let stronger = graph.strengthened(by: cuts)
        #expect(stronger.count > graph.count)
        #expect(costs(stronger) == before)
        #expect(stronger.bound == graph.bound)
        _ = stronger.relax(goal: FactorGraph.infinity / 4, budget: SearchBudget(limit: 50_000_000))
        #expect(costs(stronger) == before)
        #expect(stronger.bound <= before.values.min() ?? .max)
    }

    /// One cause of cost 8 explains evidence worth 10 by either of two ways.
    ///
    /// Half of the cause along each way would do for the programme without cuts, so that it knows of a cost of 4 only; with
    /// the cut it knows of all 8. A graph counts from the cost of the empty explanation.
    @Test("A cut makes two halves of a cause one whole")
    func halves() {
        var builder = ThresholdNetworkBuilder(vertexCount: 4)
        for (source, target) in [(0, 1), (0, 2), (1, 3), (2, 3)] {
            builder.addArc(from: Int32(source), to: Int32(target))
        }
        let problem = ExplanationProblem(
            network: builder.build(),
            faultCost: [8_000_000, 9_500_000, 9_500_000, -1],
            charge: [0, 0, 0, -10_000_000],
            base: 10_000_000
        )
        let scale = CostScale(problem)
        let budget = SearchBudget(limit: .max)
        let graph = SolverSession(problem, scale: scale, without: [], requiring: [], budget: budget).graph
        let relaxed = graph.relax(goal: FactorGraph.infinity / 4, budget: budget)
        #expect(abs(scale.unscaledUp(graph.bound) - (4_000_000 - 10_000_000)) < 100_000)
        var search = CutSearch(graph, relaxed, budget: budget)
        let cuts = search.cuts()
        #expect(cuts.count == 1)
        let stronger = graph.strengthened(by: cuts)
        _ = stronger.relax(goal: FactorGraph.infinity / 4, budget: budget)
        #expect(abs(scale.unscaledUp(stronger.bound) - (8_000_000 - 10_000_000)) < 100_000)
    }

    @Test("A repair is an explanation at its true cost", arguments: 0..<100)
    func repair(seed: Int) throws {
        guard let (_, graph) = graph(seed: 720_000 + seed) else { return }
        let all = costs(graph)
        var generator = SeededGenerator(seed: seed)
        let candidates = (0..<graph.count).filter { graph.cost[$0] < FactorGraph.infinity }
        let start = candidates.filter { _ in Bool.random(using: &generator) }
        var repair = ExplanationRepair(graph, budget: SearchBudget(limit: .max))
        let improved = repair.improved([start])
        let found = try #require(improved)
        #expect(all[Set(found.roots.map { graph.vertex[$0] })] == found.cost)
        #expect(found.cost >= all.values.min() ?? .max)
    }

    @Test("A probe bounds what it assumes, and leaves no trace", arguments: 0..<150)
    func probe(seed: Int) {
        guard let (_, graph) = graph(seed: 730_000 + seed) else { return }
        let all = costs(graph)
        var schedule = DiffusionSchedule(graph, unit: 1, patience: 100)
        for _ in 0..<seed % 4 { _ = schedule.sweep(graph, gap: .max / 4, budget: SearchBudget(limit: .max)) }
        let bound = graph.bound
        let tails = Array(UnsafeBufferPointer(start: graph.tail, count: graph.edgeCount))
        let probe = LocalProbe(graph, budget: SearchBudget(limit: .max))
        for node in 0..<graph.count where graph.cost[node] < FactorGraph.infinity && !graph.isCyclic[node] {
            let vertex = graph.vertex[node]
            // Where the fault changes more than its price, nothing else brought the node down.
            let own = all.filter { roots, cost in
                roots.contains(vertex) && cost != all[roots.subtracting([vertex])].map { $0 + graph.cost[node] }
            }
            let worth: Int64 = 1 << 50
            let asRoot = probe.gain(.isRoot, node, upTo: worth, limit: 10_000)
            #expect(bound + asRoot <= own.values.min() ?? .max, "root \(vertex)")
            let asTrue = probe.gain(.isTrue, node, upTo: worth, limit: 10_000)
            #expect(bound + asTrue <= all.filter { $0.key.contains(vertex) }.values.min() ?? .max, "true \(vertex)")
            let without = all.filter { !$0.key.contains(vertex) }.values.min() ?? .max
            let asNoRoot = probe.gain(.isNoRoot, node, upTo: worth, limit: 10_000)
            #expect(bound + asNoRoot <= without, "no root \(vertex)")
            // What nothing feeds is false exactly where it is no root.
            if graph.sourceEdges(node).isEmpty {
                let asFalse = probe.gain(.isFalse, node, upTo: worth, limit: 10_000)
                #expect(
                    bound + asFalse <= all.filter { !$0.key.contains(vertex) }.values.min() ?? .max,
                    "false \(vertex)"
                )
            }
            #expect(graph.bound == bound)
        }
        #expect(Array(UnsafeBufferPointer(start: graph.tail, count: graph.edgeCount)) == tails)
        #expect(costs(graph) == all)
    }
}
