import Graphs
import Testing

@testable import Inference

@Suite("Anytime answers")
struct AnytimeTests {
    /// One alert for each triple of a Steiner triple system, with the three points as its possible causes.
    ///
    /// Each share of an alert's worth leaves the first bound far from the optimum (Fulkerson, Nemhauser and Trotter,
    /// "Two computationally difficult set covering problems", 1974). The system is Bose's, of 15 points.
    private static let hard: ExplanationProblem = {
        let (side, half) = (5, 3)
        var builder = ThresholdNetworkBuilder(vertexCount: 3 * side)
        func addAlert(_ points: [Int]) {
            let alert = builder.addVertex()
            for point in points { builder.addArc(from: Int32(point), to: alert) }
        }
        for first in 0..<side {
            addAlert([0, 1, 2].map { first + $0 * side })
            for second in 0..<first {
                for row in 0..<3 {
                    let middle = (first + second) * half % side
                    addAlert([first + row * side, second + row * side, middle + (row + 1) % 3 * side])
                }
            }
        }
        let alerts = builder.vertexCount - 3 * side
        return ExplanationProblem(
            network: builder.build(),
            faultCost: (0..<Int64(3 * side)).map { 1000 + $0 } + Array(repeating: -1, count: alerts),
            charge: Array(repeating: 0, count: 3 * side) + Array(repeating: -5000, count: alerts),
            base: 5000 * Int64(alerts)
        )
    }()

    @Test("hold the optimum between bound and cost under every budget", arguments: [0, 1, 100, 10_000, 100_000])
    func bracket(budget: Int) {
        let optimum = ExplanationSolver(Self.hard).solve()
        #expect(optimum.isProven && optimum.statistics.branches > 10)
        let result = ExplanationSolver(Self.hard).solve(budget: budget)
        #expect(result.lowerBound <= optimum.best.cost && optimum.best.cost <= result.best.cost)
        #expect(result.isProven == (result.lowerBound == result.best.cost))
        var run = ForwardRun(Self.hard.network)
        #expect(Self.hard.cost(of: result.best.roots, with: &run) == result.best.cost)
    }

    @Test("do little more work than the budget allows", arguments: [0, 1_000, 20_000, 200_000])
    func work(budget: Int) {
        let result = ExplanationSolver(Self.hard).solve(budget: budget)
        let step = 200 * Self.hard.network.nodeCount
        #expect(result.statistics.work <= budget + step)
        #expect(!result.isProven && result.lowerBound < result.best.cost)
    }

    @Test("a caller that wants to stop gets a bounded answer")
    func stop() {
        var questions = 0
        let result = ExplanationSolver(Self.hard).solve {
            questions += 1
            return questions > 2
        }
        #expect(!result.isProven && result.lowerBound < result.best.cost)
        #expect(questions <= 4)
    }

    @Test("an enumeration that was cut short says so")
    func enumeration() {
        let solver = ExplanationSolver(Self.hard)
        #expect(!solver.enumerate(slack: 3, limit: 2).isComplete)
        #expect(!solver.enumerate(slack: 3, limit: 1_000_000, budget: 50_000).isComplete)
    }
}
