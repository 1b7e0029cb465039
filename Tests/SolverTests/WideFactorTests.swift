import TestSupport
import Testing

@testable import Inference

@Suite("Wide factors")
struct WideFactorTests {
    /// A factor over many sources of random shares, some of them equal, asked for each source.
    @Test("say in one step what a pass over all sources says", arguments: [1, 2, 40, 79, 80])
    func marginals(threshold: Int) throws {
        for seed in 0..<20 {
            var generator = SeededGenerator(seed: seed)
            let width = 80
            let starts = [Int32](repeating: 0, count: width + 1) + [Int32(width)]
            let graph = FactorGraph(count: width + 1, sourceStarts: starts, sources: (0..<Int32(width)).map { $0 })
            graph.threshold[width] = Int32(threshold)
            graph.head[width] = Int64.random(in: -300...300, using: &generator)
            if threshold == 1, seed % 2 == 0 { graph.cost[width] = Int64.random(in: 1...50, using: &generator) }
            for edge in 0..<width { graph.tail[edge] = Int64.random(in: -9...Int64(seed % 3 * 9), using: &generator) }
            graph.refreshMinima()
            let wide = try #require(WideFactors(graph))
            for edge in 0..<width {
                let (fast, slow) = (wide.tailMarginals(graph, width, edge), graph.tailMarginals(width, edge))
                #expect(fast?.whenFalse == slow.whenFalse && fast?.whenTrue == slow.whenTrue, "seed \(seed), \(edge)")
            }
            #expect(wide.tailMarginals(graph, 0, 0) == nil)
        }
    }
}
