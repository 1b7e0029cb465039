import TestSupport
import Testing

@testable import Inference

@Suite("Solver against brute force")
struct BruteForceTests {
    /// Instances are checked in batches, so that the report stays short; a failure names its seed.
    private static let batches = 0..<20
    private static let batchSize = 100

    private func seeds(_ batch: Int) -> Range<Int> { batch * Self.batchSize..<(batch + 1) * Self.batchSize }

    @Test("finds the preferred optimum and proves it", arguments: batches)
    func optimum(batch: Int) {
        for seed in seeds(batch) {
            let instance = RandomInstance(seed: seed)
            let expected = instance.bestExplanation()
            let result = ExplanationSolver(instance.problem).solve()
            #expect(result.best == expected && result.isProven, "seed \(seed)")
        }
    }

    @Test("finds the preferred optimum where costs tie", arguments: 0..<20)
    func ties(batch: Int) {
        for seed in seeds(batch) {
            let instance = RandomInstance(seed: 100_000 + seed, sizes: 6...12, largestCost: 4)
            let result = ExplanationSolver(instance.problem).solve()
            #expect(result.best == instance.bestExplanation() && result.isProven, "seed \(seed)")
        }
    }

    @Test("respects vertices held healthy or faulted", arguments: 0..<20)
    func heldVertices(batch: Int) {
        for seed in seeds(batch) {
            let instance = RandomInstance(seed: 200_000 + seed, sizes: 5...11)
            var generator = SeededGenerator(seed: seed)
            let shuffled = (0..<Int32(instance.count)).shuffled(using: &generator)
            let without = Array(shuffled.prefix(Int.random(in: 0...3, using: &generator)))
            let requiring = Array(shuffled.suffix(Int.random(in: 0...2, using: &generator)))
            let result = ExplanationSolver(instance.problem).solve(without: without, requiring: requiring)
            let expected = instance.bestExplanation(without: without, requiring: requiring)
            #expect(result.best == expected && result.isProven, "seed \(seed)")
        }
    }

    @Test("enumerates all irredundant explanations within the slack", arguments: 0..<20)
    func enumeration(batch: Int) {
        for seed in seeds(batch) {
            let instance = RandomInstance(seed: 300_000 + seed, sizes: 5...11)
            let slack = Int64(seed % 4) * 5
            let requiring: [Int32] = seed % 5 == 0 ? [Int32(seed % instance.count)] : []
            let all = instance.allExplanations(requiring: requiring)
            let optimum = all.map(\.cost).min() ?? 0
            let expected = all.filter {
                $0.cost <= optimum + slack && instance.isIrredundant($0.mask, requiring: requiring)
            }
            let found = ExplanationSolver(instance.problem).enumerate(slack: slack, limit: 10_000, requiring: requiring)
            #expect(found.isComplete, "seed \(seed)")
            #expect(
                found.explanations.map { instance.mask($0.roots) }.sorted() == expected.map(\.mask).sorted(),
                "seed \(seed)"
            )
            #expect(found.explanations.allSatisfy { instance.cost(instance.mask($0.roots)) == $0.cost })
        }
    }

    @Test("a bound under any budget is a bound", arguments: 0..<10)
    func budgets(batch: Int) {
        for seed in seeds(batch) {
            let instance = RandomInstance(seed: 400_000 + seed, sizes: 8...12)
            let optimum = instance.bestExplanation().cost
            let result = ExplanationSolver(instance.problem).solve(budget: seed % 97)
            #expect(result.lowerBound <= optimum && result.best.cost >= optimum, "seed \(seed)")
            #expect(instance.cost(instance.mask(result.best.roots)) == result.best.cost)
        }
    }
}
