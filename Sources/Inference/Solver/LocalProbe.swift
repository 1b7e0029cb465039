/// Tries what an assumption does to the bound of a graph near where it is made, and leaves the graph as it was.
///
/// While a probe lives, nobody else may change its graph.
final class LocalProbe {
    /// What a probe assumes of a node.
    enum Assumption {
        case isTrue
        case isFalse
        /// It is a root, and nothing else brings it down.
        case isRoot
        /// It is no root.
        case isNoRoot
    }

    private let graph: FactorGraph
    private let budget: SearchBudget
    private let head: [Int64]
    private let tail: [Int64]
    private let minimum: [Int64]
    private let minimumSum: Int64
    private let isDirty: [Bool]
    private var isQueued: [Bool]
    private var queue: [Int] = []
    private var touched: [Int] = []
    /// The work done so far, in the unit of a budget.
    private(set) var work = 0

    /// Prepares to probe `graph`.
    ///
    /// - Complexity: O(edges).
    init(_ graph: FactorGraph, budget: SearchBudget) {
        self.graph = graph
        self.budget = budget
        head = Array(UnsafeBufferPointer(start: graph.head, count: graph.count))
        tail = Array(UnsafeBufferPointer(start: graph.tail, count: graph.edgeCount))
        minimum = Array(UnsafeBufferPointer(start: graph.minimum, count: graph.count))
        isDirty = Array(UnsafeBufferPointer(start: graph.isDirty, count: graph.count))
        isQueued = [Bool](repeating: false, count: graph.count)
        minimumSum = graph.minimumSum
        graph.isDirty.update(repeating: false, count: graph.count)
        budget.spend(graph.count)
    }

    deinit {
        for node in 0..<graph.count { graph.isDirty[node] = isDirty[node] }
    }

    /// By how much the bound rises at least, up to `worth`, under an assumption about `node`.
    ///
    /// The split is improved around the node, the nodes next to a change in turn, until the bound has risen by `worth`,
    /// nothing changes by more than a fraction of that, or `limit` of work is done.
    ///
    /// - Complexity: O(`limit`), and O(edges of the factors of the nodes updated).
    func gain(_ assumption: Assumption, _ node: Int, upTo worth: Int64, limit: Int) -> Int64 {
        let before = graph.bound
        // Everything else is made too dear.
        let price = 4 * worth
        let cost = graph.cost[node]
        switch assumption {
        case .isTrue: graph.head[node] -= price
        case .isFalse: graph.head[node] += price
        case .isRoot: graph.cost[node] -= price
        case .isNoRoot: graph.cost[node] = FactorGraph.infinity
        }
        let discount =
            switch assumption {
            case .isTrue, .isRoot: price
            case .isFalse, .isNoRoot: Int64(0)
            }
        graph.refreshMinimum(node)
        touched.append(node)
        graph.markFactor(node)
        enqueueFactor(node)
        for place in graph.sinkPlaces(node) {
            graph.markFactor(Int(graph.sink[place]))
            enqueueFactor(Int(graph.sink[place]))
        }
        let start = work
        var next = 0
        while next < queue.count, work - start < limit, graph.bound + discount < before + worth {
            let node = queue[next]
            next += 1
            isQueued[node] = false
            guard graph.isDirty[node] else { continue }
            update(node, ignoring: worth >> 8)
        }
        let gain = graph.bound + discount - before
        graph.cost[node] = cost
        budget.spend(work - start)
        restore()
        return min(worth, max(0, gain))
    }

    private func update(_ node: Int, ignoring tolerance: Int64) {
        graph.update(node, ignoring: tolerance)
        touched.append(node)
        work += 1 + graph.sinkPlaces(node).count + Int(graph.gateWork[node])
        enqueueFactor(node)
        for place in graph.sinkPlaces(node) { enqueueFactor(Int(graph.sink[place])) }
    }

    /// Puts the dirty variables of the factor of `node` in the queue.
    private func enqueueFactor(_ node: Int) {
        enqueue(node)
        for edge in graph.sourceEdges(node) { enqueue(Int(graph.source[edge])) }
    }

    @inline(__always)
    private func enqueue(_ node: Int) {
        guard graph.isDirty[node], !isQueued[node] else { return }
        isQueued[node] = true
        queue.append(node)
    }

    private func restore() {
        for node in queue {
            isQueued[node] = false
            graph.isDirty[node] = false
        }
        queue.removeAll(keepingCapacity: true)
        for node in touched {
            graph.head[node] = head[node]
            graph.minimum[node] = minimum[node]
            for place in graph.sinkPlaces(node) {
                let edge = Int(graph.sinkEdge[place])
                graph.tail[edge] = tail[edge]
                let sink = Int(graph.sink[place])
                graph.minimum[sink] = minimum[sink]
            }
        }
        touched.removeAll(keepingCapacity: true)
        graph.minimumSum = minimumSum
    }
}
