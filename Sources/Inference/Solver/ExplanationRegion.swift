import Graphs

/// The part of a network that a search looks at: everything upstream of evidence to be explained, and as much of the
/// evidence against it as is likely to matter.
///
/// Leaving out evidence against something only lowers costs, so a bound over the region holds for the whole network.
struct ExplanationRegion {
    let problem: ScaledProblem
    /// How much more than it can explain a candidate may cost.
    private let margin: Int64
    /// Whether each node is upstream of evidence to be explained.
    ///
    /// Nothing else is worth a fault.
    private(set) var isUpstream: [Bool]
    /// Whether each node is in the region.
    private(set) var isMember: [Bool]
    /// The nodes of the region.
    private(set) var members: [Int32] = []
    /// What the required roots bring down, which is outside the region.
    private let isSettled: [Bool]
    /// The upstream nodes, dependents first as far as there are no cycles.
    private var upstreamOrder: [Int32] = []
    /// For each candidate, at least what it can explain.
    private var gain: [Int64] = []

    /// A network of at most this many nodes is looked at as a whole.
    static let wholeNetworkLimit = 4096

    /// The region of `problem`.
    ///
    /// - Complexity: O(nodes + edges upstream), times a constant for the neighbourhood of each candidate.
    init(_ problem: ScaledProblem, margin: Int64, budget: SearchBudget) {
        self.problem = problem
        self.margin = margin
        let count = problem.network.nodeCount
        isUpstream = [Bool](repeating: false, count: count)
        var isSettled = [Bool](repeating: false, count: count)
        for node in problem.settled { isSettled[Int(node)] = true }
        self.isSettled = isSettled
        isMember = []
        closeUpstream()
        isMember = isUpstream
        orderUpstream()
        boundGains()
        budget.spend(members.count * 8)
        if count <= Self.wholeNetworkLimit {
            addAllDownstream()
        } else {
            addSilentNeighbours(budget)
        }
    }

    private var network: ThresholdNetwork { problem.network }

    @inline(__always)
    private func charge(_ node: Int32) -> Int64 {
        Int(node) < network.vertexCount ? problem.charge[Int(node)] : 0
    }

    /// Whether a fault of `vertex` can be part of an irredundant explanation, or costs less than the margin more.
    @inline(__always)
    func isCandidate(_ vertex: Int32) -> Bool {
        let cost = problem.faultCost[Int(vertex)]
        return isUpstream[Int(vertex)] && cost > 0 && cost < gain[Int(vertex)] + margin
    }

    /// At least what `vertex` can explain.
    func mostExplained(by vertex: Int32) -> Int64 { problem.scale.unscaledUp(gain[Int(vertex)]) }

    private mutating func closeUpstream() {
        for vertex in 0..<Int32(network.vertexCount) where problem.charge[Int(vertex)] < 0 && !isSettled[Int(vertex)] {
            isUpstream[Int(vertex)] = true
            members.append(vertex)
        }
        var head = 0
        while head < members.count {
            for source in network.dependencies[members[head]]
            where !isUpstream[Int(source)] && !isSettled[Int(source)] {
                isUpstream[Int(source)] = true
                members.append(source)
            }
            head += 1
        }
    }

    private mutating func orderUpstream() {
        var waiting = [Int32](repeating: 0, count: network.nodeCount)
        for node in members {
            for source in network.dependencies[node] where isUpstream[Int(source)] { waiting[Int(source)] += 1 }
        }
        upstreamOrder = members.filter { waiting[Int($0)] == 0 }
        var head = 0
        while head < upstreamOrder.count {
            for source in network.dependencies[upstreamOrder[head]] where isUpstream[Int(source)] {
                waiting[Int(source)] -= 1
                if waiting[Int(source)] == 0 { upstreamOrder.append(source) }
            }
            head += 1
        }
        if upstreamOrder.count < members.count {
            upstreamOrder += members.filter { waiting[Int($0)] > 0 }
        }
    }

    /// Bounds what each upstream node can explain: exactly where it reaches little, else counting each path.
    private mutating func boundGains() {
        gain = [Int64](repeating: 0, count: network.nodeCount)
        var total: Int64 = 0
        for node in members { total += max(0, -charge(node)) }
        var mark = [Int32](repeating: 0, count: network.nodeCount)
        var isDone = [Bool](repeating: false, count: network.nodeCount)
        var walk: [Int32] = []
        var allowance = 20_000_000
        for (index, node) in upstreamOrder.enumerated() {
            var sum = max(0, -charge(node))
            var dependents = 0
            for sink in network.dependents[node] where isUpstream[Int(sink)] {
                dependents += 1
                sum = isDone[Int(sink)] ? min(total, sum + gain[Int(sink)]) : total
            }
            if dependents > 1, allowance > 0 {
                if let exact = reachableGain(of: node, stamp: Int32(index + 1), &mark, &walk) { sum = min(sum, exact) }
                allowance -= walk.count
            }
            gain[Int(node)] = sum
            isDone[Int(node)] = true
        }
    }

    /// The sum of all evidence that `node` reaches, unless it reaches much.
    private func reachableGain(
        of node: Int32,
        stamp: Int32,
        _ mark: inout [Int32],
        _ walk: inout [Int32]
    ) -> Int64? {
        walk.removeAll(keepingCapacity: true)
        walk.append(node)
        mark[Int(node)] = stamp
        var sum: Int64 = 0
        var head = 0
        while head < walk.count {
            guard walk.count <= 2048 else { return nil }
            sum += max(0, -charge(walk[head]))
            for sink in network.dependents[walk[head]] where isUpstream[Int(sink)] && mark[Int(sink)] != stamp {
                mark[Int(sink)] = stamp
                walk.append(sink)
            }
            head += 1
        }
        return sum
    }

    private mutating func add(_ node: Int32) {
        guard !isMember[Int(node)], !isSettled[Int(node)] else { return }
        isMember[Int(node)] = true
        members.append(node)
    }

    /// Takes in everything downstream, and tells whether there was anything left to take in.
    ///
    /// - Complexity: O(edges downstream).
    mutating func extendDownstream() -> Bool {
        let before = members.count
        addAllDownstream()
        return members.count > before
    }

    private mutating func addAllDownstream() {
        var head = 0
        while head < members.count {
            for sink in network.dependents[members[head]] { add(sink) }
            head += 1
        }
    }

    /// Adds, for each candidate, the silent vertices nearest downstream until they weigh 12 nats and a fiftieth of what
    /// the candidate can explain.
    private mutating func addSilentNeighbours(_ budget: SearchBudget) {
        // A silent alert weighs some nats; the largest fault cost stands in for the unit, which is the caller's.
        let upstreamFaults = upstreamOrder.filter { Int($0) < network.vertexCount && isCandidate($0) }
        let typical = upstreamFaults.reduce(0) { max($0, problem.faultCost[Int($1)]) }
        var mark = [Int32](repeating: -1, count: network.nodeCount)
        var walk: [(node: Int32, from: Int32)] = []
        for vertex in upstreamFaults {
            let need = typical + gain[Int(vertex)] / 50
            var weight: Int64 = 0
            walk.removeAll(keepingCapacity: true)
            walk.append((vertex, -1))
            mark[Int(vertex)] = vertex
            let limit = 160 + Int(4 * need / max(1, typical / 40))
            var head = 0
            while head < walk.count && weight < need && head < limit {
                let node = walk[head].node
                let nodeCharge = charge(node)
                if nodeCharge > 0 {
                    weight += nodeCharge
                    var place = Int32(head)
                    while place >= 0 && !isMember[Int(walk[Int(place)].node)] {
                        add(walk[Int(place)].node)
                        place = walk[Int(place)].from
                    }
                }
                for sink in network.dependents[node] where mark[Int(sink)] != vertex && !isSettled[Int(sink)] {
                    guard network.threshold(of: sink) <= 64 else { continue }
                    mark[Int(sink)] = vertex
                    walk.append((sink, Int32(head)))
                }
                head += 1
            }
            budget.spend(walk.count)
        }
    }

    /// Adds the evidence against `roots` that the region has left out, with all that makes it true.
    ///
    /// `run` is a forward run from the roots, and `isDerived` tells what the region derives from them. Returns whether
    /// anything was added.
    ///
    /// - Complexity: O(nodes reached + edges that enter them).
    mutating func addEvidence(reachedBy run: ForwardRun, isDerived: (Int32) -> Bool) -> Bool {
        var pending: [Int32] = []
        var isPending = BitSet(capacity: network.nodeCount)
        for node in run.reached where charge(node) > 0 && !isDerived(node) && !isSettled[Int(node)] {
            isPending.insert(node)
            pending.append(node)
        }
        let before = members.count
        var head = 0
        while head < pending.count {
            let node = pending[head]
            head += 1
            add(node)
            for source in network.dependencies[node] where run.isReached(source) {
                add(source)
                if !isDerived(source), !isSettled[Int(source)], isPending.insert(source) { pending.append(source) }
            }
        }
        return members.count > before
    }

    /// Whether each member of the region can come true at all, if every candidate fails.
    ///
    /// - Complexity: O(edges of the region).
    func possibleMembers() -> [Bool] {
        var isPossible = [Bool](repeating: false, count: network.nodeCount)
        var support = [Int32](repeating: 0, count: network.gateCount)
        var reached = members.filter { Int($0) < network.vertexCount && isCandidate($0) }
        for vertex in reached { isPossible[Int(vertex)] = true }
        while let node = reached.popLast() {
            for sink in network.dependents[node] where isMember[Int(sink)] && !isPossible[Int(sink)] {
                if network.isGate(sink) {
                    let gate = Int(sink) - network.vertexCount
                    support[gate] += 1
                    guard support[gate] + settledSources(of: sink) >= network.gateThresholds[gate] else { continue }
                }
                isPossible[Int(sink)] = true
                reached.append(sink)
            }
        }
        return isPossible
    }

    /// How many of the nodes that feed `node` are settled.
    func settledSources(of node: Int32) -> Int32 {
        guard !problem.settled.isEmpty else { return 0 }
        var settled: Int32 = 0
        for source in network.dependencies[node] where isSettled[Int(source)] { settled += 1 }
        return settled
    }
}
