extension FactorGraph {
    /// The same subproblem with a tighter bound: evidence counts as explained only together with a root upstream of it.
    ///
    /// Where ways part and meet again, the bound may take a cause in halves: a half of it along each way explains all.
    /// What is true has a root at or upstream of it; that is so by itself, but said as a *cut* it makes the halves pay
    /// for one whole cause. The charge of what is to be explained is moved to a gate on the node and its cut, which is
    /// true exactly when the node is.
    ///
    /// Cuts are how Steiner trees are bounded: Wong, "A dual ascent approach for Steiner tree problems on a directed
    /// graph" (1984).
    ///
    /// - Complexity: O(edges × nodes to be explained) at worst, up to a limit.
    func strengthened(by cuts: [Cut]) -> FactorGraph {
        var builder = CutBuilder(self)
        return builder.build(cuts)
    }
}

/// Lays out a factor graph anew, with cuts.
private struct CutBuilder {
    private let graph: FactorGraph
    /// The number in the new graph of each node, and of its fault: the node itself where nothing else brings it down.
    private var number: [Int32] = []
    private var fault: [Int32] = []
    private var starts: [Int32] = [0]
    private var sources: [Int32] = []
    private var tails: [Int64] = []
    private var thresholds: [Int32] = []
    /// The relay that stands for "one of these", by these.
    private var relays: [[Int32]: Int32] = [:]

    private static let width: Int32 = 16

    init(_ graph: FactorGraph) {
        self.graph = graph
    }

    mutating func build(_ cuts: [Cut]) -> FactorGraph {
        numberNodes(splitting: Set(cuts.flatMap(\.faults)))
        for node in 0..<graph.count { layNode(node) }
        var gates: [(node: Int, gate: Int32)] = []
        for cut in cuts {
            let relay = relay(of: (cut.faults.map { fault[$0] } + cut.states.map { number[$0] }).sorted())
            let node = cut.node
            let charge = graph.charge(of: node)
            sources += [number[node], relay]
            tails += [-charge, 0]
            close(threshold: 2)
            gates.append((node, Int32(thresholds.count - 1)))
        }
        let new = FactorGraph(count: thresholds.count, sourceStarts: starts, sources: sources)
        for edge in 0..<tails.count { new.tail[edge] = tails[edge] }
        for node in 0..<thresholds.count { new.threshold[node] = thresholds[node] }
        for node in 0..<graph.count { copy(node, to: new) }
        for relay in relays.values { new.isRedundant[Int(relay)] = true }
        for (node, gate) in gates { new.head[Int(gate)] = graph.charge(of: node) }
        new.base = graph.base
        new.refreshMinima()
        return new
    }

    // MARK: Layout

    private mutating func numberNodes(splitting split: Set<Int>) {
        var next: Int32 = 0
        for node in 0..<graph.count {
            let isCandidate = graph.cost[node] < FactorGraph.infinity
            if isCandidate, split.contains(node), !graph.sourceEdges(node).isEmpty {
                fault.append(next)
                next += 1
            } else {
                fault.append(isCandidate ? next : -1)
            }
            number.append(next)
            next += 1
        }
    }

    private mutating func layNode(_ node: Int) {
        if fault[node] >= 0, fault[node] != number[node] { close(threshold: 1) }
        for edge in graph.sourceEdges(node) {
            sources.append(number[Int(graph.source[edge])])
            tails.append(graph.tail[edge])
        }
        if fault[node] >= 0, fault[node] != number[node] {
            sources.append(fault[node])
            tails.append(0)
        }
        close(threshold: graph.threshold[node])
    }

    private mutating func close(threshold: Int32) {
        starts.append(Int32(sources.count))
        thresholds.append(threshold)
    }

    /// The root of a tree of relays over the faults, whose branches are shared with other cuts.
    private mutating func relay(of nodes: [Int32]) -> Int32 {
        var level = nodes
        var blocks = nodes.map { $0 / Self.width }
        while level.count > 1 {
            var above: [Int32] = []
            var aboveBlocks: [Int32] = []
            var first = 0
            let isLast = level.count <= Int(Self.width)
            while first < level.count {
                var last = first + 1
                while last < level.count, isLast || blocks[last] == blocks[first] { last += 1 }
                above.append(relay(over: Array(level[first..<last])))
                aboveBlocks.append(blocks[first] / Self.width)
                first = last
            }
            level = above
            blocks = aboveBlocks
        }
        return level[0]
    }

    private mutating func relay(over nodes: [Int32]) -> Int32 {
        guard nodes.count > 1 else { return nodes[0] }
        if let known = relays[nodes] { return known }
        sources += nodes
        tails += nodes.map { _ in 0 }
        close(threshold: 1)
        let relay = Int32(thresholds.count - 1)
        relays[nodes] = relay
        return relay
    }

    private func copy(_ node: Int, to new: FactorGraph) {
        let place = Int(number[node])
        new.head[place] = graph.head[node]
        new.isRedundant[place] = graph.isRedundant[node]
        new.isCyclic[place] = graph.isCyclic[node]
        new.isRequired[place] = graph.isRequired[node]
        new.isBarred[place] = graph.isBarred[node]
        new.vertex[fault[node] >= 0 ? Int(fault[node]) : place] = graph.vertex[node]
        guard fault[node] >= 0 else { return }
        new.cost[Int(fault[node])] = graph.cost[node]
    }
}
