import Graphs
import TestSupport
import Testing

@testable import Inference

@Suite("Laws of the solver")
struct SolverLawTests {
    private func instance(_ seed: Int) -> RandomInstance {
        RandomInstance(seed: 500_000 + seed, sizes: 10...40, largestCost: 1_000_000)
    }

    private func solve(_ instance: RandomInstance) -> SolverResult { ExplanationSolver(instance.problem).solve() }

    @Test("doubling all costs changes nothing", arguments: 0..<200)
    func doubling(seed: Int) {
        let original = instance(seed)
        var doubled = original
        doubled.faultCost = original.faultCost.map { $0 * 2 }
        doubled.charge = original.charge.map { $0 * 2 }
        doubled.base *= 2
        let (one, other) = (solve(original), solve(doubled))
        #expect(one.best.roots == other.best.roots && one.best.cost * 2 == other.best.cost)
    }

    @Test("renaming vertices renames the answer", arguments: 0..<200)
    func renaming(seed: Int) {
        let original = instance(seed)
        var generator = SeededGenerator(seed: seed)
        let name = Array(0..<original.count).shuffled(using: &generator)
        var renamed = original
        for vertex in 0..<original.count {
            renamed.faultCost[name[vertex]] = original.faultCost[vertex]
            renamed.charge[name[vertex]] = original.charge[vertex]
        }
        renamed.gates = original.gates.shuffled(using: &generator).map { gate in
            (name[gate.owner], gate.threshold, gate.members.map { name[$0] })
        }
        let (one, other) = (solve(original), solve(renamed))
        #expect(one.best.cost == other.best.cost && one.isProven && other.isProven)
        #expect(one.best.roots.map { Int32(name[Int($0)]) }.sorted() == other.best.roots)
    }

    @Test("an unrelated part adds its own cost", arguments: 0..<200)
    func unrelated(seed: Int) {
        let (first, second) = (instance(seed), instance(seed + 1))
        var both = first
        both.count += second.count
        both.faultCost += second.faultCost
        both.charge += second.charge
        both.base += second.base
        both.gates += second.gates.map { gate in
            (gate.owner + first.count, gate.threshold, gate.members.map { $0 + first.count })
        }
        let whole = solve(both)
        #expect(whole.best.cost == solve(first).best.cost + solve(second).best.cost && whole.isProven)
    }

    @Test("an alert that is already predicted changes neither the roots nor their cost", arguments: 0..<40)
    func predictedEvidence(seed: Int) {
        let original = instance(seed)
        let before = solve(original)
        var run = ForwardRun(original.problem.network)
        run.run(from: before.best.roots)
        for predicted in run.reached where Int(predicted) < original.count {
            var more = original
            more.charge[Int(predicted)] -= 7
            more.base += 7
            #expect(solve(more).best == before.best, "vertex \(predicted)")
        }
    }

    @Test("every root is necessary", arguments: 0..<200)
    func necessity(seed: Int) {
        let problem = instance(seed).problem
        let best = ExplanationSolver(problem).solve().best
        var run = ForwardRun(problem.network)
        #expect(problem.cost(of: best.roots, with: &run) == best.cost)
        for root in best.roots {
            #expect(problem.cost(of: best.roots.filter { $0 != root }, with: &run) > best.cost)
        }
    }

    @Test("the same problem gives the same answer under the same budget", arguments: 0..<50)
    func repeatability(seed: Int) {
        let problem = instance(seed).problem
        let (one, other) = (
            ExplanationSolver(problem).solve(budget: 2_000), ExplanationSolver(problem).solve(budget: 2_000)
        )
        #expect(one.best == other.best && one.lowerBound == other.lowerBound && one.statistics == other.statistics)
    }
}
