import Graphs

/// The part of a network that a search looks at: everything upstream of evidence to be explained, and as much of the
/// evidence against it as is likely to matter.
///
/// Leaving out evidence against something only lowers costs, so a bound over the region holds for the whole network.
struct ExplanationRegion {
    let problem: ScaledProblem
    /// How much more than it can explain a candidate may cost.
    private let margin: Int64
    /// The nodes of the region, those upstream of evidence to be explained first; nodes are only ever added at the end.
    private(set) var members: [Int32] = []
    /// The place of each node of the network in ``members``, or -1.
    private var places: [Int32]
    /// How many members are upstream of evidence to be explained.
    ///
    /// Nothing else is worth a fault.
    private var upstreamCount = 0
    /// What the required roots bring down, which is outside the region.
    private var settled: BitSet
    /// For each upstream member at least what a fault of it can explain.
    private var gain: [Int64] = []

    /// A network of at most this many nodes is looked at as a whole.
    static let wholeNetworkLimit = 4096
    /// Beyond so many candidates the silence around each is looked at less closely.
    private static let manyCandidates = 50_000

    /// The region of `problem`.
    ///
    /// - Complexity: O(nodes + edges upstream), times a constant for the neighbourhood of each candidate.
    init(_ problem: ScaledProblem, margin: Int64, budget: SearchBudget) {
        self.problem = problem
        self.margin = margin
        let count = problem.network.nodeCount
        places = [Int32](repeating: -1, count: count)
        settled = BitSet(capacity: count)
        for node in problem.settled { settled.insert(node) }
        closeUpstream()
        let order = boundGains(budget)
        if count <= Self.wholeNetworkLimit {
            addAllDownstream()
        } else {
            addSilentNeighbours(of: order, budget)
        }
    }

    private var network: ThresholdNetwork { problem.network }

    /// The place of `node` in ``members``; negative outside the region.
    @inline(__always)
    func place(of node: Int32) -> Int { Int(places[Int(node)]) }

    @inline(__always)
    private func isUpstream(_ node: Int32) -> Bool { place(of: node) >= 0 && place(of: node) < upstreamCount }

    /// Whether a fault of `vertex` can be part of an irredundant explanation, or costs less than the margin more.
    @inline(__always)
    func isCandidate(_ vertex: Int32) -> Bool {
        guard isUpstream(vertex) else { return false }
        let cost = problem.faultCost(of: vertex)
        return cost > 0 && cost < gain[place(of: vertex)] + margin
    }

    /// At least what `vertex` can explain.
    func mostExplained(by vertex: Int32) -> Int64 {
        isUpstream(vertex) ? problem.scale.unscaledUp(gain[place(of: vertex)]) : 0
    }

    private mutating func closeUpstream() {
        for vertex in 0..<Int32(network.vertexCount) where problem.charge(of: vertex) < 0 { add(vertex) }
        let dependencies = network.dependencies
        var head = 0
        while head < members.count {
            for place in dependencies.range(of: members[head]) { add(dependencies.targets[place]) }
            head += 1
        }
        upstreamCount = members.count
    }

    /// Bounds what each upstream node can explain: exactly where it reaches little, else counting each path.
    ///
    /// Returns the places of the upstream nodes, dependents first as far as there are no cycles.
    private mutating func boundGains(_ budget: SearchBudget) -> [Int32] {
        let dependents = upstreamDependents()
        budget.spend(members.count + 2 * dependents.targets.count)
        let explained = members.map { max(0, -problem.charge(of: $0)) }
        let total = explained.reduce(0, +)
        let order = upstreamOrder(dependents)
        var walk = GainWalk(dependents, explained)
        // Where everything reaches much, exact sums are not worth their price.
        var allowance = 20_000_000
        gain = [Int64](repeating: -1, count: upstreamCount)
        for place in order {
            var sum = explained[Int(place)]
            for sink in dependents.range(of: place) {
                let more = gain[Int(dependents.targets[sink])]
                sum = more < 0 ? total : min(total, sum + more)
            }
            if allowance > 0, !budget.isExhausted, dependents.range(of: place).count > 1 {
                if let exact = walk.sum(from: place) { sum = min(sum, exact) }
                budget.spend(walk.reached.count)
                allowance -= walk.reached.count
            }
            gain[Int(place)] = sum
        }
        return order
    }

    /// For the place of each upstream node, the places of the upstream nodes that it feeds.
    private func upstreamDependents() -> CompressedRows {
        let dependencies = network.dependencies
        var rows: [Int32] = []
        var targets: [Int32] = []
        for (place, node) in members.enumerated() {
            for source in dependencies.range(of: node) where places[Int(dependencies.targets[source])] >= 0 {
                rows.append(places[Int(dependencies.targets[source])])
                targets.append(Int32(place))
            }
        }
        return CompressedRows(rowCount: members.count, rows: rows, targets: targets)
    }

    private func upstreamOrder(_ dependents: CompressedRows) -> [Int32] {
        var waiting = (0..<Int32(members.count)).map { Int32(dependents.range(of: $0).count) }
        let dependencies = network.dependencies
        var order = (0..<Int32(members.count)).filter { waiting[Int($0)] == 0 }
        var head = 0
        while head < order.count {
            for source in dependencies.range(of: members[Int(order[head])]) {
                let place = places[Int(dependencies.targets[source])]
                guard place >= 0 else { continue }
                waiting[Int(place)] -= 1
                if waiting[Int(place)] == 0 { order.append(place) }
            }
            head += 1
        }
        if order.count < members.count { order += (0..<Int32(members.count)).filter { waiting[Int($0)] > 0 } }
        return order
    }

    /// Takes in `node`, and tells whether it was missing.
    ///
    /// Not inlined: a caller that reads the places meanwhile would make them be copied.
    @inline(never)
    @discardableResult
    private mutating func add(_ node: Int32) -> Bool {
        guard places[Int(node)] < 0, !settled.contains(node) else { return false }
        places[Int(node)] = Int32(members.count)
        members.append(node)
        return true
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
        let dependents = network.dependents
        var head = 0
        while head < members.count {
            for place in dependents.range(of: members[head]) { add(dependents.targets[place]) }
            head += 1
        }
    }

    /// Adds, for each candidate, the silent vertices nearest downstream until they weigh 12 nats and a fiftieth of what
    /// the candidate can explain.
    private mutating func addSilentNeighbours(of order: [Int32], _ budget: SearchBudget) {
        let network = network
        // A silent alert weighs some nats; the largest fault cost stands in for the unit, which is the caller's.
        let faults = order.map { members[Int($0)] }.filter { Int($0) < network.vertexCount && isCandidate($0) }
        let typical = faults.reduce(0) { max($0, problem.faultCost(of: $1)) }
        var mark = [Int32](repeating: -1, count: network.nodeCount)
        var walk: [(node: Int32, from: Int32)] = []
        // Where silence weighs little, no walk ends by weight.
        var allowance = 20_000_000
        let least = min(160, max(8, 8_000_000 / max(1, faults.count)))
        for vertex in faults where !budget.isExhausted {
            let need = typical + gain[place(of: vertex)] / 50
            var weight: Int64 = 0
            walk.removeAll(keepingCapacity: true)
            walk.append((vertex, -1))
            mark[Int(vertex)] = vertex
            let limit = least + (allowance > 0 ? Int(4 * need / max(1, typical / 40)) : 0)
            var head = 0
            while head < walk.count && weight < need && head < limit {
                let node = walk[head].node
                let charge = problem.charge(of: node)
                if charge > 0 {
                    weight += charge
                    var step = Int32(head)
                    while step >= 0 && add(walk[Int(step)].node) { step = walk[Int(step)].from }
                }
                for place in network.dependents.range(of: node) {
                    let sink = network.dependents.targets[place]
                    guard mark[Int(sink)] != vertex, !settled.contains(sink), network.threshold(of: sink) <= 64
                    else { continue }
                    mark[Int(sink)] = vertex
                    walk.append((sink, Int32(head)))
                }
                head += 1
            }
            budget.spend(walk.count)
            allowance -= walk.count * (faults.count > Self.manyCandidates ? 8 : 1)
        }
    }

    /// Adds the evidence against `roots` that the region has left out, with all that makes it true.
    ///
    /// `run` is a forward run from the roots, and `isDerived` tells of each member whether the region derives it from
    /// them. Returns whether anything was added.
    ///
    /// - Complexity: O(nodes reached + edges that enter them).
    mutating func addEvidence(reachedBy run: ForwardRun, isDerived: [Bool]) -> Bool {
        let before = members.count
        var pending: [Int32] = []
        var isPending = BitSet(capacity: network.nodeCount)
        func isUnexplained(_ node: Int32) -> Bool {
            let place = place(of: node)
            return (place < 0 || place >= before || !isDerived[place]) && !settled.contains(node)
        }
        for node in run.reached where problem.charge(of: node) > 0 && isUnexplained(node) {
            isPending.insert(node)
            pending.append(node)
        }
        var head = 0
        while head < pending.count {
            let node = pending[head]
            head += 1
            add(node)
            for source in network.dependencies[node] where run.isReached(source) {
                add(source)
                if isUnexplained(source), isPending.insert(source) { pending.append(source) }
            }
        }
        return members.count > before
    }

    /// How many of the nodes that feed `node` are settled.
    func settledSources(of node: Int32) -> Int32 {
        guard !problem.settled.isEmpty else { return 0 }
        return Int32(network.dependencies[node].count { settled.contains($0) })
    }
}

/// Adds up all evidence that a node reaches, unless it reaches much.
private struct GainWalk {
    private let dependents: CompressedRows
    private let explained: [Int64]
    private var stamp: Int32 = 0
    private var mark: [Int32]
    /// The nodes that the last walk reached.
    private(set) var reached: [Int32] = []

    private static let limit = 2048

    init(_ dependents: CompressedRows, _ explained: [Int64]) {
        self.dependents = dependents
        self.explained = explained
        mark = [Int32](repeating: 0, count: explained.count)
    }

    mutating func sum(from start: Int32) -> Int64? {
        stamp += 1
        reached.removeAll(keepingCapacity: true)
        reached.append(start)
        mark[Int(start)] = stamp
        var sum: Int64 = 0
        var head = 0
        while head < reached.count {
            guard reached.count <= Self.limit else { return nil }
            sum += explained[Int(reached[head])]
            for place in dependents.range(of: reached[head]) {
                let sink = dependents.targets[place]
                guard mark[Int(sink)] != stamp else { continue }
                mark[Int(sink)] = stamp
                reached.append(sink)
            }
            head += 1
        }
        return sum
    }
}
