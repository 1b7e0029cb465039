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
        let probe = BranchProbe(graph, worth: ceiling - graph.bound + 1, budget: budget)
        var best: (node: Int, score: Double)?
        for node in suggestion.doubts() where probe.work <= Self.probing * graph.edgeCount && !budget.isExhausted {
            let score = (Double(probe.gain(node, whenTrue: true)) + 1) * (Double(probe.gain(node, whenTrue: false)) + 1)
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

/// Tries what deciding a variable does to the bound of a graph, and leaves the graph as it was.
private final class BranchProbe {
    private let graph: FactorGraph
    private let worth: Int64
    private let budget: SearchBudget
    private let head: [Int64]
    private let tail: [Int64]
    private let minimum: [Int64]
    private let minimumSum: Int64
    private let isDirty: [Bool]
    private var touched: [Int] = []
    /// The work done so far, in the unit of a budget.
    private(set) var work = 0

    private static let sweeps = 8
    private static let work = 1 << 14

    /// Prepares to probe `graph`, whose bound need not rise by more than `worth`.
    ///
    /// - Complexity: O(edges).
    init(_ graph: FactorGraph, worth: Int64, budget: SearchBudget) {
        self.graph = graph
        self.worth = worth
        self.budget = budget
        head = Array(UnsafeBufferPointer(start: graph.head, count: graph.count))
        tail = Array(UnsafeBufferPointer(start: graph.tail, count: graph.edgeCount))
        minimum = Array(UnsafeBufferPointer(start: graph.minimum, count: graph.count))
        isDirty = Array(UnsafeBufferPointer(start: graph.isDirty, count: graph.count))
        minimumSum = graph.minimumSum
        budget.spend(graph.count)
    }

    /// By how much the bound rises at least, up to its worth, when `node` is true, or false, after a few sweeps from
    /// there.
    ///
    /// - Complexity: O(nodes), and O(edges of the factors of the nodes updated).
    func gain(_ node: Int, whenTrue value: Bool) -> Int64 {
        let before = graph.bound
        graph.isDirty.update(repeating: false, count: graph.count)
        // The other value is made too dear.
        let price = 4 * worth
        graph.head[node] += value ? -price : price
        graph.refreshMinimum(node)
        touched = [node]
        graph.markFactor(node)
        for place in graph.sinkPlaces(node) { graph.markFactor(Int(graph.sink[place])) }
        let start = budget.spent
        for _ in 0..<Self.sweeps where budget.spent - start < Self.work {
            if graph.sweep(ignoring: worth >> 8, budget: budget, visit: { touched.append($0) }) == 0 { break }
        }
        work += budget.spent - start
        let gain = graph.bound + (value ? price : 0) - before
        restore()
        return min(worth, max(0, gain))
    }

    private func restore() {
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
        graph.minimumSum = minimumSum
        for node in 0..<graph.count { graph.isDirty[node] = isDirty[node] }
    }
}
