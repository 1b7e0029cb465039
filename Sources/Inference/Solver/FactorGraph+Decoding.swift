/// Room to run a factor graph forward.
struct FactorGraphRun {
    private var support: [Int32]
    private var isTrue: [Bool]
    private var reached: [Int] = []
    /// The nodes and edges visited so far.
    private(set) var visits = 0

    init(_ graph: FactorGraph) {
        support = [Int32](repeating: 0, count: graph.count)
        isTrue = [Bool](repeating: false, count: graph.count)
    }

    /// The cost of faulting exactly the nodes `roots` of `graph`, by its least fixed point.
    ///
    /// - Complexity: O(edges that leave the nodes reached).
    mutating func cost(of roots: [Int], in graph: FactorGraph, skipping skipped: Int = -1) -> Int64 {
        var cost = graph.base
        for (place, root) in roots.enumerated() where place != skipped {
            cost += graph.cost[root]
            if !isTrue[root] {
                isTrue[root] = true
                reached.append(root)
            }
        }
        var head = 0
        while head < reached.count {
            let node = reached[head]
            head += 1
            cost += graph.charge(of: node)
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                support[sink] += 1
                if support[sink] >= graph.threshold[sink] && !isTrue[sink] {
                    isTrue[sink] = true
                    reached.append(sink)
                }
            }
        }
        visits += reached.count
        for node in reached {
            isTrue[node] = false
            visits += graph.sinkPlaces(node).count
            for place in graph.sinkPlaces(node) { support[Int(graph.sink[place])] = 0 }
        }
        reached.removeAll(keepingCapacity: true)
        return cost
    }
}

extension FactorGraph {
    /// What a fault costs on average; 0 without candidates.
    ///
    /// - Complexity: O(nodes).
    var typicalCost: Int64 {
        var total: Int64 = 0
        var candidates: Int64 = 0
        for node in 0..<count where cost[node] < Self.infinity {
            total += cost[node]
            candidates += 1
        }
        return total / max(1, candidates)
    }

    /// Reads an explanation off the split, sources first: a candidate is a root if its factors together want it true
    /// and nothing before it brings it down.
    ///
    /// - Complexity: O(edges of all factors).
    func decoded() -> [Int] { withStillSplit(suggestedRoots) }

    private func suggestedRoots() -> [Int] {
        var isTrue = [Bool](repeating: false, count: count)
        var roots: [Int] = []
        for node in 0..<count {
            var support: Int32 = 0
            for edge in sourceEdges(node) where isTrue[Int(source[edge])] { support += 1 }
            if support >= threshold[node] {
                isTrue[node] = true
            } else if cost[node] < Self.infinity, isRequired[node] || totalDifference(node) < 0 {
                isTrue[node] = true
                roots.append(node)
            }
        }
        return roots
    }

    /// What all factors of `node` together say against its being true, if each could be minimised on its own.
    ///
    /// - Complexity: O(edges of the factors of `node`).
    private func totalDifference(_ node: Int) -> Int64 {
        var total = headMarginals(node).difference
        for place in sinkPlaces(node) {
            total += sinkMarginals(place).difference
        }
        return total
    }

    /// Takes away roots without which the explanation costs no more, last first, as long as there are few and the budget
    /// is not spent.
    ///
    /// - Complexity: O(roots × nodes reached).
    func pruned(_ roots: [Int], with run: inout FactorGraphRun, budget: SearchBudget) -> (roots: [Int], cost: Int64) {
        var kept = roots
        var cost = run.cost(of: kept, in: self)
        budget.spend(count)
        guard roots.count <= 400 else { return (kept, cost) }
        for place in stride(from: kept.count - 1, through: 0, by: -1) where !budget.isExhausted {
            let before = run.visits
            let without = run.cost(of: kept, in: self, skipping: place)
            budget.spend((run.visits - before) / 4)
            if without <= cost {
                cost = without
                kept.remove(at: place)
            }
        }
        return (kept, cost)
    }

    /// The marginals of the factor at a place among the sinks, with respect to the node whose sink it is.
    @inline(__always)
    private func sinkMarginals(_ place: Int) -> Marginals {
        let (factor, edge) = (Int(sink[place]), Int(sinkEdge[place]))
        return wideFactors?.tailMarginals(self, factor, edge) ?? tailMarginals(factor, edge)
    }

    /// By how much the bound rises at least when `node` is a root.
    ///
    /// An irredundant root has no true source, unless it is on a cycle and brings it down itself.
    ///
    /// - Complexity: O(edges of the factors of `node`).
    func reducedCost(ofRoot node: Int) -> Int64 {
        reducedCost(ofRoot: node, costing: cost[node], besideSources: isCyclic[node])
    }

    /// The same for a root at another price, which its sources may bring down, too.
    func reducedCost(ofRoot node: Int, costing price: Int64, besideSources: Bool) -> Int64 {
        var value = head[node] + price
        if besideSources {
            for edge in sourceEdges(node) { value += min(0, tail[edge]) }
        }
        value -= minimum[node]
        for place in sinkPlaces(node) {
            value += max(0, sinkMarginals(place).difference)
        }
        return value
    }

    /// By how much the bound rises at least when `node` is true.
    ///
    /// - Complexity: O(edges of the factors of `node`).
    func reducedCost(ofTrue node: Int) -> Int64 {
        var value = max(0, min(Self.infinity / 4, headMarginals(node).difference))
        for place in sinkPlaces(node) {
            value += max(0, sinkMarginals(place).difference)
        }
        return value
    }

    /// By how much the bound rises at least when `node` is false.
    ///
    /// - Complexity: O(edges of the factors of `node`).
    func reducedCost(ofFalse node: Int) -> Int64 {
        var value = max(0, -headMarginals(node).difference)
        for place in sinkPlaces(node) {
            value += max(0, -sinkMarginals(place).difference)
        }
        return value
    }
}
