/// A set of nodes and faults one of which is true whenever a node is.
struct Cut {
    /// What the cut is of.
    var node: Int
    /// Nodes that may be true.
    var states: [Int]
    /// Nodes whose fault may have been chosen.
    var faults: [Int]
}

/// Finds cuts that a solution of the linear relaxation violates.
///
/// Truth flows from faults to what they bring about, through each node at most as much as the node is true. Where less
/// than it is true can flow to a node, the solution counts something twice, and the smallest cut of the flow says what
/// (Ford and Fulkerson, 1956).
struct CutSearch {
    private let graph: FactorGraph
    /// How true each node is, and how much its fault was chosen.
    private let state: [Double]
    private let fault: [Double]
    private let budget: SearchBudget

    /// The nodes upstream of the node in question, and for each the place of those of its sources that flow counts.
    private var members: [Int] = []
    private var place: [Int32]
    private var sources: [[Int32]] = []
    private var sinks: [[Int32]] = []
    /// Flow on each edge, in the order of ``sources``; through each member; and out of its fault.
    private var edgeFlow: [[Double]] = []
    private var nodeFlow: [Double] = []
    private var faultFlow: [Double] = []

    private static let least = 1e-6
    private static let violation = 0.1
    /// What is less true than this is not looked upstream of: hardly anything flows through it, and a cut may as well go
    /// through it.
    private static let faint = 1e-3
    private static let widestUpstream = 20_000

    init(_ graph: FactorGraph, _ relaxed: RelaxedStates, budget: SearchBudget) {
        self.graph = graph
        state = relaxed.state
        fault = relaxed.fault
        self.budget = budget
        place = [Int32](repeating: -1, count: graph.count)
    }

    /// Violated cuts of the nodes that are to be explained.
    mutating func cuts() -> [Cut] {
        var cuts: [Cut] = []
        for node in 0..<graph.count where graph.charge(of: node) < 0 && state[node] > Self.violation {
            guard !budget.isExhausted else { break }
            collect(node)
            if members.count <= Self.widestUpstream {
                let flow = maximumFlow()
                if flow < state[node] - Self.violation { cuts += smallestCuts(of: node) }
            }
            for member in members { place[member] = -1 }
        }
        var room = max(1_000, graph.edgeCount / 2)
        return cuts.sorted {
            ($0.faults.count + $0.states.count, $0.node) < ($1.faults.count + $1.states.count, $1.node)
        }
        .prefix { cut in
            room -= cut.faults.count + cut.states.count
            return room > 0
        }
    }

    private mutating func collect(_ node: Int) {
        members = [node]
        place[node] = 0
        sources = []
        var head = 0
        var edges = 0
        while head < members.count, members.count <= Self.widestUpstream {
            let next = members[head]
            head += 1
            var row: [Int32] = []
            for source in isFaint(next) ? [] : necessary(next) {
                if place[source] < 0 {
                    place[source] = Int32(members.count)
                    members.append(source)
                }
                row.append(place[source])
            }
            edges += row.count
            sources.append(row)
        }
        budget.spend(edges)
        guard head == members.count else { return }
        sinks = Array(repeating: [], count: members.count)
        for (sink, row) in sources.enumerated() { for source in row { sinks[Int(source)].append(Int32(sink)) } }
        edgeFlow = sources.map { [Double](repeating: 0, count: $0.count) }
        nodeFlow = [Double](repeating: 0, count: members.count)
        faultFlow = nodeFlow
    }

    /// Sources of which one is true when `node` is and is no root: all of a vertex; of a gate as many as cannot all be
    /// false, those first that something else brings about.
    private func necessary(_ node: Int) -> [Int] {
        var all = graph.sourceEdges(node).map { Int(graph.source[$0]) }
        guard graph.threshold[node] > 1 else { return all }
        all.sort { (graph.sourceEdges($0).isEmpty ? 1 : 0, $0) < (graph.sourceEdges($1).isEmpty ? 1 : 0, $1) }
        return Array(all.prefix(max(1, all.count - Int(graph.threshold[node]) + 1)))
    }

    private func isFaint(_ node: Int) -> Bool { state[node] <= Self.faint }

    private func room(_ member: Int) -> Double {
        isFaint(members[member]) ? 0 : state[members[member]] - nodeFlow[member]
    }

    private func faultRoom(_ member: Int) -> Double {
        graph.cost[members[member]] < FactorGraph.infinity ? fault[members[member]] - faultFlow[member] : 0
    }

    /// Lets as much as possible flow to the first member, by shortest ways (Edmonds and Karp, 1972).
    private mutating func maximumFlow() -> Double {
        var total = 0.0
        while let amount = augment() {
            total += amount
            if total >= state[members[0]] - Self.violation { break }
        }
        return total
    }

    /// Searches upstream from the entry of the first member for a fault with room; member m is entered at 2m, left at 2m + 1.
    ///
    /// Returns by how much the flow has grown.
    private mutating func augment() -> Double? {
        var cameFrom = [Int32](repeating: -1, count: 2 * members.count)
        var queue: [Int32] = [0]
        cameFrom[0] = 0
        var head = 0
        var end: Int?
        var visits = 0
        search: while head < queue.count {
            let at = Int(queue[head])
            head += 1
            let member = at / 2
            func visit(_ next: Int) {
                guard cameFrom[next] < 0 else { return }
                cameFrom[next] = Int32(at)
                queue.append(Int32(next))
            }
            if at % 2 == 0 {
                if faultRoom(member) > Self.least {
                    end = member
                    break search
                }
                for source in sources[member] { visit(2 * Int(source) + 1) }
                visits += sources[member].count
                if nodeFlow[member] > Self.least { visit(at + 1) }
            } else {
                if room(member) > Self.least { visit(at - 1) }
                for sink in sinks[member] where flow(from: member, to: Int(sink)) > Self.least { visit(2 * Int(sink)) }
            }
        }
        budget.spend(visits / 4)
        guard let end else { return nil }
        var amount = faultRoom(end)
        var at = 2 * end
        while at != 0 {
            let previous = Int(cameFrom[at])
            let (member, from) = (at / 2, previous / 2)
            if member == from {
                amount = min(amount, at % 2 == 0 ? room(member) : nodeFlow[member])
            } else if at % 2 == 0 {
                // Back along an edge that had flow, from the exit of `from` to the entry of `member`.
                amount = min(amount, flow(from: from, to: member))
            }
            at = previous
        }
        at = 2 * end
        faultFlow[end] += amount
        while at != 0 {
            let previous = Int(cameFrom[at])
            let (member, from) = (at / 2, previous / 2)
            if member == from {
                nodeFlow[member] += at % 2 == 0 ? amount : -amount
            } else if at % 2 == 0 {
                addFlow(-amount, from: from, to: member)
            } else {
                addFlow(amount, from: member, to: from)
            }
            at = previous
        }
        return amount
    }

    private func flow(from source: Int, to sink: Int) -> Double {
        for (index, other) in sources[sink].enumerated() where Int(other) == source { return edgeFlow[sink][index] }
        return 0
    }

    private mutating func addFlow(_ amount: Double, from source: Int, to sink: Int) {
        for (index, other) in sources[sink].enumerated() where Int(other) == source {
            edgeFlow[sink][index] += amount
            return
        }
    }

    /// The smallest cuts nearest to the faults and nearest to the node.
    private func smallestCuts(of node: Int) -> [Cut] {
        // From the faults on.
        var isReached = [Bool](repeating: false, count: 2 * members.count)
        var stack: [Int] = []
        func visit(_ at: Int) {
            guard !isReached[at] else { return }
            isReached[at] = true
            stack.append(at)
        }
        for member in members.indices where faultRoom(member) > Self.least || isFaint(members[member]) {
            visit(2 * member)
        }
        while let at = stack.popLast() {
            let member = at / 2
            if at % 2 == 0 {
                if room(member) > Self.least { visit(at + 1) }
                for (index, source) in sources[member].enumerated() where edgeFlow[member][index] > Self.least {
                    visit(2 * Int(source) + 1)
                }
            } else {
                for sink in sinks[member] { visit(2 * Int(sink)) }
                if nodeFlow[member] > Self.least { visit(at - 1) }
            }
        }
        let outer = Cut(
            node: node,
            states: members.indices.filter { isReached[2 * $0] && !isReached[2 * $0 + 1] }.map { members[$0] },
            faults: members.indices.filter {
                !isReached[2 * $0] && graph.cost[members[$0]] < FactorGraph.infinity
            }.map { members[$0] }
        )
        return [outer]
    }
}
