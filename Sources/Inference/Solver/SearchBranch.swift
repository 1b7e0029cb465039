/// A question whose two answers divide the explanations of a subproblem.
enum SearchBranch {
    /// Is this candidate a root?
    case fault(Int)
    /// Is this node true?
    case state(Int)

    /// The question about `graph` that is likely to close most of the gap between its bound and `ceiling`; nothing when
    /// no candidate is left.
    ///
    /// The gap between the bound and the explanation that the split suggests is the sum, over all factors, of what
    /// the explanation costs there beyond the factor's smallest value. The widest such factors show where the trouble
    /// is; the variables there and upstream of there are tried in turn, and the one that raises the bound most either
    /// way is asked about (strong branching: Applegate, Bixby, Chvátal and Cook, "Finding cuts in the TSP", 1995; the
    /// product of both gains after Achterberg, "Constraint integer programming", 2007).
    ///
    /// - Complexity: O(edges of all factors).
    init?(_ graph: FactorGraph, ceiling: Int64, budget: SearchBudget) {
        var run = FactorGraphRun(graph)
        let suggestion = Suggestion(graph, roots: graph.pruned(graph.decoded(), with: &run, budget: budget).roots)
        let probe = LocalProbe(graph, budget: budget)
        let worth = ceiling - graph.bound + 1
        func gain(_ assumption: LocalProbe.Assumption, _ node: Int) -> Double {
            Double(probe.gain(assumption, node, upTo: worth, limit: Self.effort))
        }
        var best: (node: Int, score: Double)?
        for node in suggestion.doubts() where probe.work <= Self.probing * graph.edgeCount && !budget.isExhausted {
            let score = (gain(.isTrue, node) + 1) * (gain(.isFalse, node) + 1)
            if score > best?.score ?? 0 { best = (node, score) }
        }
        if let best {
            self = suggestion.isRoot[best.node] ? .fault(best.node) : .state(best.node)
        } else if let candidate = graph.withStillSplit({ Self.leastExcluded(graph) }) {
            self = .fault(candidate)
        } else {
            return nil
        }
    }

    /// How much is spent on trying variables, in visits of all edges: about as much as on the bound of a subproblem.
    private static let probing = 8
    /// How much is spent on one answer of one variable.
    private static let effort = 1 << 14

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
    private(set) var isRoot: [Bool]
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

    /// Undecided nodes at the factors that cost most beyond their smallest value, and upstream of them.
    ///
    /// - Complexity: O(edges).
    func doubts() -> [Int] {
        var factors: [(node: Int, gap: Int64)] = []
        for node in 0..<graph.count {
            let gap = gap(node)
            if gap > 0 { factors.append((node, gap)) }
        }
        factors.sort { $0.gap != $1.gap ? $0.gap > $1.gap : $0.node < $1.node }
        var found: [Int] = []
        for (node, _) in factors.prefix(Self.factorLimit) { addDoubts(upstreamOf: node, to: &found) }
        return found
    }

    private func addDoubts(upstreamOf node: Int, to found: inout [Int]) {
        let limit = found.count + Self.doubtLimit
        var seen: Set<Int> = [node]
        var queue = [node]
        var head = 0
        while head < queue.count, found.count < limit {
            let node = queue[head]
            head += 1
            if !graph.isRequired[node], !graph.isBarred[node], !found.contains(node) { found.append(node) }
            for edge in graph.sourceEdges(node) where seen.insert(Int(graph.source[edge])).inserted {
                queue.append(Int(graph.source[edge]))
            }
        }
    }

    /// How many factors are looked at, and how many nodes upstream of each.
    private static let factorLimit = 4
    private static let doubtLimit = 8

    /// What the factor of `node` costs beyond its smallest value.
    private func gap(_ node: Int) -> Int64 {
        var value = -graph.minimum[node]
        for edge in graph.sourceEdges(node) where isTrue[Int(graph.source[edge])] { value += graph.tail[edge] }
        if isTrue[node] { value += graph.head[node] + (isRoot[node] ? graph.cost[node] : 0) }
        return value
    }
}
