extension FactorGraph {
    /// Solves the linear relaxation about as far as the bound `goal` needs, and moves the split to its multipliers where
    /// that raises the bound.
    ///
    /// Diffusion stops where no single variable can raise the bound; the linear programme has no such corners. Its rows
    /// say of each factor what all of its assignments obey, so that a multiplier of a row is a share of each of its
    /// variables. The split is whole numbers, as ever, and so the bound is exact however far the programme was solved.
    ///
    /// - Complexity: O(edges) an iteration, some hundreds of iterations.
    func relax(goal: Int64, budget: SearchBudget) -> RelaxedStates {
        var relaxation = Relaxation(self)
        return relaxation.tighten(goal: goal, budget: budget)
    }
}

/// How true each node of a graph is, and how much of a root, in its linear relaxation: from 0 to 1.
struct RelaxedStates {
    var state: [Double]
    var fault: [Double]
}

/// The linear relaxation of a factor graph.
private struct Relaxation {
    private let graph: FactorGraph
    /// Costs in the search's units for one unit of the programme.
    private let scale: Double
    private var programme = LinearProgram()
    /// The column of each node's fault; its own where nothing else brings it about; -1 for no candidate.
    private var faultColumn: [Int32] = []
    /// The factor of each row.
    private var factor: [Int32] = []
    /// Whether it saves, or costs, anything that each node is true, by itself or by what it brings about.
    private var isWanted: [Bool] = []
    private var isUnwanted: [Bool] = []

    /// A fault costs about this much in the programme: about as much as its variables, from 0 to 1, matter.
    private static let typicalCost = 8.0
    /// Gates of more members are relaxed less tightly.
    private static let widestGate = 16

    init(_ graph: FactorGraph) {
        self.graph = graph
        scale = Double(max(1, graph.typicalCost)) / Self.typicalCost
        addColumns()
        findWishes()
        for node in 0..<graph.count { addRows(of: node) }
    }

    private mutating func addColumns() {
        programme.cost = (0..<graph.count).map { Double(graph.charge(of: $0)) / scale }
        faultColumn = [Int32](repeating: -1, count: graph.count)
        for node in 0..<graph.count where graph.cost[node] < FactorGraph.infinity {
            let cost = Double(graph.cost[node]) / scale
            if graph.sourceEdges(node).isEmpty {
                faultColumn[node] = Int32(node)
                programme.cost[node] += cost
            } else {
                faultColumn[node] = Int32(programme.cost.count)
                programme.cost.append(cost)
            }
        }
    }

    private mutating func findWishes() {
        isWanted = (0..<graph.count).map { graph.isCyclic[$0] || graph.charge(of: $0) < 0 }
        isUnwanted = (0..<graph.count).map { graph.isCyclic[$0] || graph.charge(of: $0) > 0 }
        for node in stride(from: graph.count - 1, through: 0, by: -1) {
            for place in graph.sinkPlaces(node) {
                isWanted[node] = isWanted[node] || isWanted[Int(graph.sink[place])]
                isUnwanted[node] = isUnwanted[node] || isUnwanted[Int(graph.sink[place])]
            }
        }
    }

    /// Rows that all assignments of a factor obey: first that the node needs its sources, which matters where it is
    /// wanted, then that they bring it about, which matters where it is not.
    private mutating func addRows(of node: Int) {
        let edges = graph.sourceEdges(node)
        guard !edges.isEmpty || faultColumn[node] < 0 else { return }
        let need = Int(graph.threshold[node])
        if need == 1 {
            addVertexRows(of: node, edges)
        } else {
            addGateRows(of: node, edges, need)
        }
    }

    private mutating func addVertexRows(of node: Int, _ edges: Range<Int>) {
        var columns = edges.map { Int(graph.source[$0]) }
        if faultColumn[node] >= 0 { columns.append(Int(faultColumn[node])) }
        if isWanted[node] {
            for column in columns { programme.add(1, at: column) }
            programme.add(-1, at: node)
            endRow(of: node, atLeast: 0)
        }
        guard isUnwanted[node] else { return }
        for column in columns {
            programme.add(1, at: node)
            programme.add(-1, at: column)
            endRow(of: node, atLeast: 0)
        }
    }

    private mutating func addGateRows(of node: Int, _ edges: Range<Int>, _ need: Int) {
        let sources = edges.map { Int(graph.source[$0]) }
        if isWanted[node] { addNeeds(of: node, sources, need) }
        guard isUnwanted[node], need <= sources.count else { return }
        for source in sources { programme.add(-1, at: source) }
        programme.add(Double(sources.count - need + 1), at: node)
        endRow(of: node, atLeast: -Double(need - 1))
    }

    private mutating func addNeeds(of node: Int, _ sources: [Int], _ need: Int) {
        for source in sources { programme.add(1, at: source) }
        programme.add(-Double(need), at: node)
        endRow(of: node, atLeast: 0)
        if sources.count <= Self.widestGate {
            // Without any one of them it still needs one less.
            for left in sources.indices {
                for (place, source) in sources.enumerated() where place != left { programme.add(1, at: source) }
                programme.add(-Double(need - 1), at: node)
                endRow(of: node, atLeast: 0)
            }
        }
    }

    private mutating func endRow(of node: Int, atLeast rightSide: Double) {
        programme.endRow(atLeast: rightSide)
        factor.append(Int32(node))
    }

    mutating func tighten(goal: Int64, budget: SearchBudget) -> RelaxedStates {
        let iteration = PrimalDualIteration(programme)
        iteration.run(goal: Double(goal - graph.base) / scale, budget: budget)
        let before = graph.bound
        let tails = Array(UnsafeBufferPointer(start: graph.tail, count: graph.edgeCount))
        setSplit(shares(iteration.bestMultipliers).map { Int64(($0 * scale).rounded()) })
        if graph.bound <= before { setSplit(tails) } else { graph.isDirty.update(repeating: true, count: graph.count) }
        let x = iteration.bestVariables
        return RelaxedStates(
            state: Array(x.prefix(graph.count)),
            fault: faultColumn.map { $0 < 0 ? 0 : x[Int($0)] }
        )
    }

    /// For each edge the share of its source in the factor that it enters.
    private func shares(_ multipliers: [Double]) -> [Double] {
        var shares = [Double](repeating: 0, count: graph.edgeCount)
        var edgeOfSource = [Int32](repeating: -1, count: graph.count)
        var row = 0
        while row < factor.count {
            let node = factor[row]
            for edge in graph.sourceEdges(Int(node)) { edgeOfSource[Int(graph.source[edge])] = Int32(edge) }
            while row < factor.count, factor[row] == node {
                for entry in programme.entries(ofRow: row) {
                    let column = Int(programme.column[entry])
                    guard column < graph.count, column != node, edgeOfSource[column] >= 0 else { continue }
                    shares[Int(edgeOfSource[column])] += programme.value[entry] * multipliers[row]
                }
                row += 1
            }
            for edge in graph.sourceEdges(Int(node)) { edgeOfSource[Int(graph.source[edge])] = -1 }
        }
        return shares
    }

    private func setSplit(_ tails: [Int64]) {
        let charges = (0..<graph.count).map { graph.charge(of: $0) }
        for edge in 0..<graph.edgeCount { graph.tail[edge] = tails[edge] }
        for node in 0..<graph.count {
            graph.head[node] = 0
            graph.head[node] = charges[node] - graph.charge(of: node)
        }
        graph.refreshMinima()
    }
}
