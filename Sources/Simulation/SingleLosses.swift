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
    /// - Complexity: that of a ``LossWalk``.
    package init(_ planes: LossPlanes, weights: LossWeights) {
        self.init(LossWalk(planes, LossForest(planes.down)), weights: weights)
    }

    /// Runs every single loss on a network in which nothing is ever degraded.
    ///
    /// - Complexity: that of a ``LossWalk``.
    package init(_ network: LossNetwork, weights: LossWeights) {
        self.init(LossWalk(network, LossForest(network)), weights: weights)
    }

    private init(_ walk: consuming LossWalk, weights: LossWeights) {
        let count = walk.network.vertexCount
        var down = [Int32](repeating: 1, count: count)
        var degraded = [Int32](repeating: 0, count: count)
        var cost = [Double](repeating: 0, count: count)
        while walk.advance() {
            let vertex = Int(walk.vertex)
            down[vertex] = walk.tally.wrappedSum()
            degraded[vertex] = walk.degradedTally.wrappedSum()
            cost[vertex] = weights.cost(down: walk.tally, degraded: walk.degradedTally)
        }
        self.down = down
        self.degraded = degraded
        self.cost = cost
    }
}
