import Graphs
import TestSupport
import Testing

@testable import Inference

@Suite("Rivals of the best explanation")
struct RivalTests {
    /// Whether `answer` is what a search of its own says: the same cost within the slack, or nothing beyond it.
    private func agrees(_ answer: RivalAnswer, with cost: Int64, ceiling: Int64) -> Bool {
        guard answer.isProven, answer.lowerBound <= cost else { return false }
        guard let explanation = answer.explanation else { return cost > ceiling && answer.lowerBound > ceiling }
        return explanation.cost == cost && cost <= ceiling
    }

    @Test("with or without any vertex are those of brute force", arguments: 0..<30)
    func bruteForce(batch: Int) {
        for seed in batch * 10..<(batch + 1) * 10 {
            let largest: Int64 = seed % 3 == 0 ? 5 : 30
            let instance = RandomInstance(seed: 600_000 + seed, sizes: 5...9, largestCost: largest)
            let all = instance.allExplanations()
            let slack = Int64(seed % 5) * 4
            var rivals = ExplanationSolver(instance.problem).rivals(slack: slack)
            let ceiling = rivals.result.best.cost + slack
            for vertex in 0..<Int32(instance.count) {
                if instance.faultCost[Int(vertex)] > 0 {
                    let cost = all.filter { $0.mask >> Int(vertex) & 1 == 1 }.map(\.cost).min() ?? .max
                    let answer = rivals.best(requiring: vertex)
                    #expect(agrees(answer, with: cost, ceiling: ceiling), "seed \(seed), with \(vertex)")
                    #expect(answer.explanation?.roots.contains(vertex) ?? true)
                }
                let pair = [vertex, (vertex + 1) % Int32(instance.count)]
                for held in [[vertex], pair] {
                    let cost = all.filter { $0.mask & instance.mask(held) == 0 }.map(\.cost).min() ?? .max
                    let answer = rivals.best(without: held)
                    #expect(agrees(answer, with: cost, ceiling: ceiling), "seed \(seed), without \(held)")
                    #expect(answer.explanation?.roots.allSatisfy { !held.contains($0) } ?? true)
                }
            }
        }
    }

    @Test("near the best are listed with the cheapest for each root that any has", arguments: 0..<20)
    func neighbourhood(batch: Int) {
        for seed in batch * 10..<(batch + 1) * 10 {
            let instance = RandomInstance(seed: 900_000 + seed, sizes: 5...10, largestCost: seed % 3 == 0 ? 5 : 30)
            let slack = Int64(seed % 5) * 4
            var rivals = ExplanationSolver(instance.problem).rivals(slack: slack)
            let best = rivals.result.best
            let found = rivals.neighbourhood(slacks: [slack], limit: 10_000)
            #expect(found.slack == slack, "seed \(seed)")
            for explanation in found.explanations {
                let mask = instance.mask(explanation.roots)
                #expect(explanation.cost == instance.cost(mask) && explanation.cost <= best.cost + slack)
                #expect(instance.isIrredundant(mask) && explanation != best, "seed \(seed)")
            }
            let all = instance.allExplanations()
                .filter { $0.cost <= best.cost + slack && instance.isIrredundant($0.mask) }
            for vertex in 0..<Int32(instance.count) {
                let expected = all.filter { $0.mask >> Int(vertex) & 1 == 1 }.map(\.cost).min()
                let listed = (found.explanations + [best]).filter { $0.roots.contains(vertex) }.map(\.cost).min()
                #expect(listed == expected, "seed \(seed), with \(vertex)")
            }
        }
    }

    @Test("are those of a search for each", arguments: 0..<30)
    func plainSearch(seed: Int) {
        let instance = RandomInstance(seed: 700_000 + seed, sizes: 15...40, largestCost: seed % 2 == 0 ? 1_000_000 : 12)
        let solver = ExplanationSolver(instance.problem)
        var rivals = solver.rivals(slack: seed % 2 == 0 ? 400_000 : 6)
        let ceiling = rivals.result.best.cost + rivals.slack
        for vertex in 0..<Int32(instance.count) {
            if instance.faultCost[Int(vertex)] > 0 {
                let plain = solver.solve(requiring: [vertex]).best.cost
                #expect(agrees(rivals.best(requiring: vertex), with: plain, ceiling: ceiling), "with \(vertex)")
            }
            let plain = solver.solve(without: [vertex]).best.cost
            #expect(agrees(rivals.best(without: [vertex]), with: plain, ceiling: ceiling), "without \(vertex)")
        }
    }

    /// Racks of hosts whose symptoms are reached by two ways each: the relaxation takes half of a rack along each way, so
    /// that only cuts tell what a rack costs.
    @Test("are those of a search for each where the bound needs cuts", arguments: 0..<4)
    func diamonds(seed: Int) {
        var generator = SeededGenerator(seed: 950_000 + seed)
        let (racks, width) = (6, 12)
        var arcs: [(Int, Int)] = []
        var faultCost: [Int64] = [20_000_000]
        var charge: [Int64] = [0]
        func add(_ cost: Int64, _ benefit: Int64, from sources: [Int]) -> Int {
            faultCost.append(cost)
            charge.append(-benefit)
            arcs += sources.map { ($0, faultCost.count - 1) }
            return faultCost.count - 1
        }
        for _ in 0..<racks {
            let rack = add(Int64.random(in: 7_000_000...9_000_000, using: &generator), 0, from: [0])
            for _ in 0..<width {
                let host = add(Int64.random(in: 9_000_000...10_000_000, using: &generator), 0, from: [rack])
                let ways = (0..<2).map { _ in
                    add(Int64.random(in: 9_000_000...11_000_000, using: &generator), 0, from: [host])
                }
                let isSilent = Int.random(in: 0..<4, using: &generator) == 0
                _ = add(-1, isSilent ? 0 : Int64.random(in: 3_000_000...10_000_000, using: &generator), from: ways)
            }
        }
        var builder = ThresholdNetworkBuilder(vertexCount: faultCost.count)
        for (source, target) in arcs { builder.addArc(from: Int32(source), to: Int32(target)) }
        let problem = ExplanationProblem(
            network: builder.build(),
            faultCost: faultCost,
            charge: charge,
            base: -charge.reduce(0, +)
        )
        let solver = ExplanationSolver(problem)
        var rivals = solver.rivals(slack: 6_000_000)
        #expect(rivals.result.isProven)
        let ceiling = rivals.result.best.cost + rivals.slack
        for vertex in stride(from: Int32(0), to: Int32(faultCost.count), by: 3) where faultCost[Int(vertex)] > 0 {
            let plain = solver.solve(requiring: [vertex]).best.cost
            #expect(agrees(rivals.best(requiring: vertex), with: plain, ceiling: ceiling), "with \(vertex)")
            let known = Explanation(roots: rivals.result.best.roots + [vertex], cost: .max / 4)
            let answer = rivals.best(requiring: vertex, knowing: known)
            #expect(agrees(answer, with: plain, ceiling: ceiling), "with \(vertex), knowing a bad one")
            let exact = Explanation(roots: known.roots, cost: plain)
            #expect(agrees(rivals.best(requiring: vertex, knowing: exact), with: plain, ceiling: ceiling))
        }
        for root in rivals.result.best.roots {
            let plain = solver.solve(without: [root]).best.cost
            #expect(agrees(rivals.best(without: [root]), with: plain, ceiling: ceiling), "without \(root)")
        }
    }

    @Test("that the budget does not reach are not called proven", arguments: 0..<40)
    func budget(seed: Int) {
        let instance = RandomInstance(seed: 800_000 + seed, sizes: 8...12)
        var rivals = ExplanationSolver(instance.problem).rivals(slack: 10, budget: seed * 20)
        for vertex in 0..<Int32(instance.count) where instance.faultCost[Int(vertex)] > 0 {
            let expected = instance.bestExplanation(requiring: [vertex]).cost
            let answer = rivals.best(requiring: vertex)
            #expect(answer.lowerBound <= expected && answer.explanation?.cost ?? .max >= expected)
            if answer.isProven, let explanation = answer.explanation { #expect(explanation.cost == expected) }
        }
    }
}
