import Graphs

/// What the loss of each vertex by itself takes down and degrades: the complete N-1.
package struct SingleLosses: Sendable {
    /// For each vertex how many go down with it, itself included.
    package let down: [Int32]
    /// For each vertex how many are degraded, and not down, when it is lost.
    package let degraded: [Int32]
    /// For each vertex what its loss costs.
    package let cost: [Double]

    /// Runs every single loss.
    ///
    /// - Complexity: O(sum of what each loss reaches, and of the arcs that leave it).
    package init(_ planes: LossPlanes, weights: LossWeights) {
        var degradation = DegradationRun(planes)
        self.init(planes.down, weights: weights) { vertex, run in
            guard planes.degrading.contains(vertex) else { return .zero }
            degradation.run(after: run)
            return degradation.tally
        }
    }

    /// Runs every single loss on a network in which nothing is ever degraded.
    ///
    /// - Complexity: O(sum of what each loss reaches, and of the arcs that leave it).
    package init(_ network: LossNetwork, weights: LossWeights) {
        self.init(network, weights: weights) { _, _ in .zero }
    }

    private init(
        _ network: LossNetwork,
        weights: LossWeights,
        degradation: (Int32, borrowing LossRun) -> SIMD4<Int32>
    ) {
        let count = network.vertexCount
        var down = [Int32](repeating: 1, count: count)
        var degraded = [Int32](repeating: 0, count: count)
        var cost = [Double](repeating: 0, count: count)
        var run = LossRun(network)
        for vertex in 0..<Int32(count) {
            run.run(from: vertex)
            let degradedTally = degradation(vertex, run)
            down[Int(vertex)] = run.tally.wrappedSum()
            degraded[Int(vertex)] = degradedTally.wrappedSum()
            cost[Int(vertex)] = weights.cost(down: run.tally, degraded: degradedTally)
        }
        self.down = down
        self.degraded = degraded
        self.cost = cost
    }
}
