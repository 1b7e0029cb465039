/// What is left of a factor graph once some of its variables are decided.
struct Reduction {
    /// The cost of what is decided.
    var base: Int64
    /// The vertices decided to be roots.
    var roots: [Int32]
    /// The independent parts of what is left; the cost of an explanation is ``base`` plus that of its parts.
    var parts: [FactorGraph]

    /// A lower bound on the cost of every explanation.
    var bound: Int64 { parts.reduce(base) { $0 + $1.bound } }
}

/// What became of a node of a graph that was reduced.
enum NodeFate {
    /// It is a node of one of the parts.
    case open(part: Int, node: Int)
    /// It is false in every explanation of interest.
    case isFalse
    /// It is true in every explanation of interest, or nothing depends on whether it is.
    case settled
}

/// Decides variables of a factor graph, draws the consequences, and cuts what is left into independent parts.
///
/// Every step keeps all irredundant explanations that cost at most the caller's ceiling, and keeps their costs; one
/// that costs more may come out cheaper than it is, but never at or below the ceiling.
struct FactorGraphReducer {
    private enum State: UInt8 {
        case open
        case isFalse
        case isTrue
        /// A gate that must not fire, kept so that firing it costs too much.
        case barrier
        /// A node that nothing depends on any more.
        case useless
    }

    private let graph: FactorGraph
    private let penalty: Int64
    private let margin: Int64
    private var state: [State]
    private var cost: [Int64]
    private var trueSources: [Int32]
    private var newlyTrue: [Int] = []
    private var newlyFalse: [Int] = []
    private var roots: [Int32] = []
    private var base: Int64
    /// Nodes that must come true, and whether that was known to the graph.
    private var isRequired: [Bool]
    private var isContradictory = false

    /// For each node the part that it went to and its node there, or -1.
    private var partOf: [Int32] = []
    private var local: [Int32] = []

    /// Begins with nothing decided, for a caller to whom only explanations of cost at most `ceiling` matter.
    ///
    /// Candidates stay unless they cost `margin` more than they can explain.
    ///
    /// - Complexity: O(edges).
    init(_ graph: FactorGraph, ceiling: Int64, margin: Int64 = 0) {
        self.graph = graph
        self.margin = margin
        penalty = max(1, ceiling - graph.bound + 1)
        state = [State](repeating: .open, count: graph.count)
        cost = Array(UnsafeBufferPointer(start: graph.cost, count: graph.count))
        trueSources = [Int32](repeating: 0, count: graph.count)
        base = graph.base
        isRequired = Array(UnsafeBufferPointer(start: graph.isRequired, count: graph.count))
    }

    /// Holds the candidate at `node` healthy by itself; it may still be brought down.
    mutating func exclude(_ node: Int) {
        cost[node] = FactorGraph.infinity
    }

    /// Makes `node` a root.
    ///
    /// An irredundant explanation has no root that its own sources bring down, unless the root is on a cycle.
    mutating func force(_ node: Int) {
        fault(node, vertex: graph.vertex[node], cost: graph.cost[node])
        guard !graph.isCyclic[node] else { return }
        for edge in graph.sourceEdges(node) { setFalse(Int(graph.source[edge])) }
    }

    /// Makes `vertex`, for which `node` stands, a root at this cost, whether or not anything else brings it down.
    mutating func fault(_ node: Int, vertex: Int32, cost: Int64) {
        roots.append(vertex)
        base += cost
        setTrue(node)
        propagateTruth()
    }

    /// Decides that `node` is true, for whatever reason.
    mutating func require(_ node: Int) {
        isRequired[node] = true
    }

    /// Decides that `node` is false.
    mutating func setFalse(_ node: Int) {
        switch state[node] {
        case .open:
            state[node] = .isFalse
            newlyFalse.append(node)
        case .isTrue: isContradictory = true
        case .isFalse, .barrier, .useless: break
        }
    }

    private mutating func setTrue(_ node: Int) {
        switch state[node] {
        case .open:
            state[node] = .isTrue
            newlyTrue.append(node)
        case .isFalse: isContradictory = true
        case .isTrue, .barrier, .useless: break
        }
    }

    /// Draws all consequences; nothing when they contradict each other, so that no explanation is left.
    ///
    /// - Complexity: O(edges α(nodes)).
    mutating func reduce() -> Reduction? {
        repeat {
            propagateFalsehood()
            excludeWorthless()
            dropImpossible()
        } while giveReasons() && !isContradictory
        guard !isContradictory else { return nil }
        raiseBarriers()
        for node in 0..<graph.count where isNewlyRequired(node) { base += penalty }
        dropUseless()
        for node in 0..<graph.count where state[node] == .isTrue { base += graph.charge(of: node) }
        return Reduction(base: base, roots: roots, parts: cut())
    }

    /// Requires what a required node has as its only reasons, and tells whether that decided anything.
    ///
    /// Clark's completion: what is true has a reason.
    private mutating func giveReasons() -> Bool {
        var hasDecided = false
        for node in stride(from: graph.count - 1, through: 0, by: -1) where isRequired[node] {
            guard state[node] == .open else {
                isContradictory = isContradictory || state[node] == .isFalse || state[node] == .barrier
                continue
            }
            let isCandidate = cost[node] < FactorGraph.infinity
            let need = Int(graph.threshold[node] - trueSources[node])
            let sources = graph.sourceEdges(node).map { Int(graph.source[$0]) }.filter { state[$0] == .open }
            let reasons = sources.count + (isCandidate ? 1 : 0)
            guard reasons <= need else { continue }
            if reasons < need {
                isContradictory = true
            } else if isCandidate {
                fault(node, vertex: graph.vertex[node], cost: graph.cost[node])
                hasDecided = true
            } else {
                for source in sources where !isRequired[source] {
                    isRequired[source] = true
                    hasDecided = true
                }
            }
        }
        return hasDecided
    }

    /// Whether `node` must come true, has yet no reason to, and the graph does not know.
    private func isNewlyRequired(_ node: Int) -> Bool {
        isRequired[node] && !graph.isRequired[node] && state[node] == .open
    }

    private mutating func propagateTruth() {
        while let node = newlyTrue.popLast() {
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                trueSources[sink] += 1
                if trueSources[sink] >= graph.threshold[sink] { setTrue(sink) }
            }
        }
    }

    private mutating func propagateFalsehood() {
        while let node = newlyFalse.popLast() {
            guard graph.threshold[node] - trueSources[node] <= 1 else { continue }
            for edge in graph.sourceEdges(node) { setFalse(Int(graph.source[edge])) }
        }
    }

    /// Excludes candidates that cost as much as everything that they can explain.
    private mutating func excludeWorthless() {
        let most: Int64 = FactorGraph.infinity / 4
        var gain = [Int64](repeating: 0, count: graph.count)
        for node in stride(from: graph.count - 1, through: 0, by: -1) where state[node] == .open {
            if graph.isCyclic[node] {
                gain[node] = most
                continue
            }
            var sum = isRequired[node] ? most : max(0, -graph.charge(of: node))
            for place in graph.sinkPlaces(node) where state[Int(graph.sink[place])] == .open {
                sum = min(most, sum + gain[Int(graph.sink[place])])
            }
            gain[node] = sum
            if cost[node] >= sum + margin { cost[node] = FactorGraph.infinity }
        }
    }

    /// Sets false what cannot come true even if every candidate fails.
    private mutating func dropImpossible() {
        var isPossible = [Bool](repeating: false, count: graph.count)
        var support = trueSources
        var stack: [Int] = []
        for node in 0..<graph.count where state[node] == .open && cost[node] < FactorGraph.infinity {
            isPossible[node] = true
            stack.append(node)
        }
        while let node = stack.popLast() {
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                support[sink] += 1
                if support[sink] >= graph.threshold[sink], !isPossible[sink], state[sink] == .open {
                    isPossible[sink] = true
                    stack.append(sink)
                }
            }
        }
        for node in 0..<graph.count where state[node] == .open && !isPossible[node] { state[node] = .isFalse }
    }

    /// Keeps gates that must not fire but still could.
    private mutating func raiseBarriers() {
        for node in 0..<graph.count where state[node] == .isFalse && graph.threshold[node] > 1 {
            var support = trueSources[node]
            for edge in graph.sourceEdges(node) where state[Int(graph.source[edge])] == .open { support += 1 }
            if support >= graph.threshold[node] { state[node] = .barrier }
        }
    }

    /// Drops nodes whose state no longer matters to any cost.
    private mutating func dropUseless() {
        for node in stride(from: graph.count - 1, through: 0, by: -1) where state[node] == .open {
            guard !graph.isCyclic[node], graph.charge(of: node) == 0, !isRequired[node] else { continue }
            let matters = graph.sinkPlaces(node).contains { place in
                let sink = Int(graph.sink[place])
                return state[sink] == .open || state[sink] == .barrier
            }
            if !matters { state[node] = .useless }
        }
    }

    @inline(__always)
    private func isKept(_ node: Int) -> Bool { state[node] == .open || state[node] == .barrier }

    /// Whether the edge from `source` into `sink` is kept, given that `sink` is.
    @inline(__always)
    private func isKept(from source: Int, into sink: Int) -> Bool { state[source] == .open && isKept(sink) }

    /// Builds one graph for each connected part of what is kept.
    private mutating func cut() -> [FactorGraph] {
        var forest = DisjointSets(count: graph.count)
        for node in 0..<graph.count where isKept(node) {
            for edge in graph.sourceEdges(node) where isKept(from: Int(graph.source[edge]), into: node) {
                forest.join(node, Int(graph.source[edge]))
            }
        }
        // The smallest node of a part is its root and comes first.
        partOf = [Int32](repeating: -1, count: graph.count)
        local = partOf
        var parts: [[Int]] = []
        for node in 0..<graph.count where isKept(node) {
            let root = forest.root(of: node)
            if partOf[root] < 0 {
                partOf[root] = Int32(parts.count)
                parts.append([])
            }
            let part = Int(partOf[root])
            partOf[node] = partOf[root]
            local[node] = Int32(parts[part].count)
            parts[part].append(node)
        }
        return parts.map(build)
    }

    /// What became of `node` in the reduction.
    func fate(of node: Int) -> NodeFate {
        if partOf[node] >= 0 { return .open(part: Int(partOf[node]), node: Int(local[node])) }
        return state[node] == .isFalse ? .isFalse : .settled
    }

    private func build(_ nodes: [Int]) -> FactorGraph {
        var starts: [Int32] = [0]
        starts.reserveCapacity(nodes.count + 1)
        var sources: [Int32] = []
        var tails: [Int64] = []
        for node in nodes {
            for edge in graph.sourceEdges(node) where isKept(from: Int(graph.source[edge]), into: node) {
                sources.append(local[Int(graph.source[edge])])
                tails.append(graph.tail[edge])
            }
            starts.append(Int32(sources.count))
        }
        let part = FactorGraph(count: nodes.count, sourceStarts: starts, sources: sources)
        for edge in 0..<tails.count { part.tail[edge] = tails[edge] }
        part.gapBeforeCuts = graph.gapBeforeCuts
        part.relaxedCount = graph.relaxedCount
        for (index, node) in nodes.enumerated() { copy(node, to: index, of: part) }
        markChanged(nodes, in: part)
        part.refreshMinima()
        return part
    }

    private func copy(_ node: Int, to index: Int, of part: FactorGraph) {
        part.threshold[index] = graph.threshold[node] - trueSources[node]
        part.vertex[index] = graph.vertex[node]
        part.isRedundant[index] = graph.isRedundant[node]
        part.isCyclic[index] = graph.isCyclic[node]
        part.isDirty[index] = graph.isDirty[node]
        part.isRequired[index] = isRequired[node]
        part.isBarred[index] = graph.isBarred[node]
        if state[node] == .barrier {
            part.head[index] = penalty + max(0, graph.head[node])
            part.isBarred[index] = true
            return
        }
        part.cost[index] = cost[node]
        part.head[index] = graph.head[node]
        for place in graph.sinkPlaces(node) where !isKept(Int(graph.sink[place])) {
            part.head[index] += graph.tail[Int(graph.sinkEdge[place])]
        }
        if isNewlyRequired(node) {
            part.head[index] -= penalty
            part.isDirty[index] = true
        }
    }

    /// Marks as dirty what stands next to a change, so that the bound is improved from there.
    private func markChanged(_ nodes: [Int], in part: FactorGraph) {
        for (index, node) in nodes.enumerated() {
            let isSame =
                part.sourceEdges(index).count == graph.sourceEdges(node).count
                && part.sinkPlaces(index).count == graph.sinkPlaces(node).count
                && part.cost[index] == graph.cost[node] && state[node] == .open && !isNewlyRequired(node)
            guard !isSame else { continue }
            part.isDirty[index] = true
            for edge in part.sourceEdges(index) { part.isDirty[Int(part.source[edge])] = true }
        }
    }
}

/// A partition of `0..<count` into sets that can be joined: union by index with path halving.
struct DisjointSets {
    private var parent: [Int32]

    init(count: Int) {
        parent = Array(0..<Int32(count))
    }

    /// The smallest member of the set of `member`.
    mutating func root(of member: Int) -> Int {
        var node = member
        while Int(parent[node]) != node {
            parent[node] = parent[Int(parent[node])]
            node = Int(parent[node])
        }
        return node
    }

    /// Joins the sets of `one` and `other`.
    mutating func join(_ one: Int, _ other: Int) {
        let (first, second) = (root(of: one), root(of: other))
        if first != second { parent[max(first, second)] = Int32(min(first, second)) }
    }
}
