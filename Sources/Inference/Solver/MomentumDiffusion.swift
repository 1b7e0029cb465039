/// Min-sum diffusion with momentum: sweeps over the dirty nodes, each begun a little further along the way that the
/// last one went.
///
/// Plain diffusion creeps along valleys of the bound and can stop short of the best split; a split carried on by its own
/// momentum does neither. A sweep that ends below the bound of the one before is taken back, and the momentum is lost.
///
/// Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)" (1983); restarts as in
/// O'Donoghue and Candès, "Adaptive restart for accelerated gradient schemes" (2015).
final class MomentumDiffusion {
    private let graph: FactorGraph
    /// The shares at the end of the sweep before.
    private let previous: UnsafeMutablePointer<Int64>
    /// Nodes updated by the last sweep and by the one before.
    private var moved: [Int32] = []
    private var movedBefore: [Int32] = []
    /// Marks of nodes in a list that is being made.
    private let isListed: UnsafeMutablePointer<Bool>
    /// Sweeps since the momentum was lost.
    private var sweeps = 0
    private var bound: Int64

    /// Diffusion on `graph`, at rest.
    ///
    /// - Complexity: O(nodes + edges).
    init(_ graph: FactorGraph) {
        self.graph = graph
        previous = .allocate(capacity: max(1, graph.edgeCount))
        previous.initialize(from: graph.tail, count: graph.edgeCount)
        isListed = .allocate(capacity: max(1, graph.count))
        isListed.initialize(repeating: false, count: graph.count)
        bound = graph.bound
    }

    deinit {
        previous.deallocate()
        isListed.deallocate()
    }

    /// Carries the split on, updates the dirty nodes once against and once along the order, and counts the updates.
    ///
    /// The bound is no lower afterwards.
    ///
    /// - Complexity: O(nodes + edges of the factors of nodes that are dirty or were updated by the last sweep).
    func sweep(ignoring tolerance: Int64, budget: SearchBudget) -> Int {
        carryOn(ignoring: tolerance)
        swap(&moved, &movedBefore)
        moved.removeAll(keepingCapacity: true)
        let updates = graph.sweep(ignoring: tolerance, budget: budget) { node in
            guard !isListed[node] else { return }
            isListed[node] = true
            moved.append(Int32(truncatingIfNeeded: node))
        }
        for node in moved { isListed[Int(node)] = false }
        if graph.bound < bound { takeBack() }
        bound = graph.bound
        return updates
    }

    /// Moves the shares on by a part of what the last sweep changed.
    private func carryOn(ignoring tolerance: Int64) {
        for node in moved { isListed[Int(node)] = true }
        for node in movedBefore where !isListed[Int(node)] {
            for place in graph.sinkPlaces(Int(node)) {
                let edge = Int(graph.sinkEdge[place])
                previous[edge] = graph.tail[edge]
            }
        }
        for node in moved { isListed[Int(node)] = false }
        let momentum = Double(sweeps) / Double(sweeps + 3)
        sweeps += 1
        for node in moved {
            let node = Int(node)
            for place in graph.sinkPlaces(node) {
                let edge = Int(graph.sinkEdge[place])
                let share = graph.tail[edge]
                let change = Int64(momentum * Double(share - previous[edge]))
                previous[edge] = share
                move(edge, of: node, into: Int(graph.sink[place]), by: change, ignoring: tolerance)
            }
        }
        refresh(moved)
    }

    /// Goes back to the split before the last sweep.
    private func takeBack() {
        for nodes in [moved, movedBefore] {
            for node in nodes {
                let node = Int(node)
                for place in graph.sinkPlaces(node) {
                    let edge = Int(graph.sinkEdge[place])
                    let change = previous[edge] - graph.tail[edge]
                    move(edge, of: node, into: Int(graph.sink[place]), by: change, ignoring: 0)
                }
            }
            refresh(nodes)
        }
        for node in moved { graph.isDirty[Int(node)] = true }
        moved.removeAll(keepingCapacity: true)
        movedBefore.removeAll(keepingCapacity: true)
        sweeps = 0
    }

    @inline(__always)
    private func move(_ edge: Int, of node: Int, into factor: Int, by change: Int64, ignoring tolerance: Int64) {
        guard change != 0 else { return }
        graph.tail[edge] += change
        graph.head[node] -= change
        if abs(change) > tolerance {
            graph.isDirty[node] = true
            graph.markFactor(factor)
        }
    }

    /// Recomputes the smallest values of the factors of `nodes`.
    private func refresh(_ nodes: [Int32]) {
        if nodes.count > graph.count / 2 { return graph.refreshMinima() }
        for node in nodes {
            let node = Int(node)
            graph.refreshMinimum(node)
            for place in graph.sinkPlaces(node) { graph.refreshMinimum(Int(graph.sink[place])) }
        }
    }
}
