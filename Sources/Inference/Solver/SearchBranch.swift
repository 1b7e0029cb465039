/// A question whose two answers divide the explanations of a subproblem.
enum SearchBranch {
    /// Is this candidate a root?
    case fault(Int)
    /// Is this node true?
    case state(Int)

    /// The question about `graph` that is likely to close most of the gap; nothing when no candidate is left.
    ///
    /// The gap between the bound and the explanation that the split suggests is the sum, over all factors, of what
    /// the explanation costs there beyond the factor's smallest value. The question is about a variable on which the
    /// explanation and the smallest value of the widest such factor disagree.
    ///
    /// - Complexity: O(edges of all factors).
    init?(_ graph: FactorGraph, budget: SearchBudget) {
        var run = FactorGraphRun(graph)
        let suggestion = Suggestion(graph, roots: graph.pruned(graph.decoded(), with: &run, budget: budget).roots)
        budget.spend(graph.count)
        var widest: (branch: SearchBranch, gap: Int64)?
        for node in 0..<graph.count {
            let gap = suggestion.gap(node)
            guard gap > widest?.gap ?? 0, let branch = suggestion.disagreement(node) else { continue }
            widest = (branch, gap)
        }
        if let widest {
            self = widest.branch
        } else if let candidate = Self.leastExcluded(graph) {
            self = .fault(candidate)
        } else {
            return nil
        }
    }

    /// The candidate that the bound is least sure to exclude.
    private static func leastExcluded(_ graph: FactorGraph) -> Int? {
        var branch: Int?
        var least = Int64.max
        for node in 0..<graph.count where graph.cost[node] < FactorGraph.infinity {
            let reduced = graph.reducedCost(ofRoot: node)
            if reduced < least {
                least = reduced
                branch = node
            }
        }
        return branch
    }
}

/// An explanation of a factor graph and the state that follows from it, to be compared with each factor on its own.
private struct Suggestion {
    let graph: FactorGraph
    private var isRoot: [Bool]
    private var isTrue: [Bool]
    private var support: [Int32]

    init(_ graph: FactorGraph, roots: [Int]) {
        self.graph = graph
        isRoot = [Bool](repeating: false, count: graph.count)
        isTrue = isRoot
        support = [Int32](repeating: 0, count: graph.count)
        for root in roots {
            isRoot[root] = true
            isTrue[root] = true
        }
        var reached = roots
        while let node = reached.popLast() {
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                support[sink] += 1
                if support[sink] >= graph.threshold[sink], !isTrue[sink] {
                    isTrue[sink] = true
                    reached.append(sink)
                }
            }
        }
    }

    /// What the factor of `node` costs beyond its smallest value.
    func gap(_ node: Int) -> Int64 {
        var value = -graph.minimum[node]
        for edge in graph.sourceEdges(node) where isTrue[Int(graph.source[edge])] { value += graph.tail[edge] }
        if isTrue[node] { value += graph.head[node] + (isRoot[node] ? graph.cost[node] : 0) }
        return value
    }

    /// A variable that the factor of `node` would rather have otherwise.
    func disagreement(_ node: Int) -> SearchBranch? {
        let isCandidate = graph.cost[node] < FactorGraph.infinity
        let marginals = graph.headMarginals(node)
        let prefersTrue = marginals.difference < 0
        if prefersTrue != isTrue[node] {
            if isRoot[node] { return .fault(node) }
            return graph.isDecided[node] ? (isCandidate ? .fault(node) : nil) : .state(node)
        }
        if isRoot[node] { return .fault(node) }
        guard prefersTrue || graph.threshold[node] > 1 else { return nil }
        // It agrees that the node is true, but prefers other reasons.
        var chosen: (source: Int, share: Int64)?
        var hasNegative = false
        for edge in graph.sourceEdges(node) {
            hasNegative = hasNegative || graph.tail[edge] < 0
            let source = Int(graph.source[edge])
            guard !isTrue[source], !graph.isDecided[source], graph.tail[edge] < chosen?.share ?? .max else { continue }
            chosen = (source, graph.tail[edge])
        }
        if isCandidate, !hasNegative, graph.cost[node] < chosen?.share ?? .max { return .fault(node) }
        return chosen.map { .state($0.source) }
    }
}
