/// The least fixed point of a ``ThresholdNetwork`` under a set of faults: everything that goes down with them.
///
/// The workspace is reused between runs, so that a run costs only what it reaches. Copying a workspace copies its
/// arrays; keep one where many runs are made.
///
/// The linear-time unit propagation of Dowling and Gallier (1984) for Horn formulas, with counters for thresholds.
package struct ForwardRun: Sendable {
    /// The network that runs are made on.
    package let network: ThresholdNetwork
    /// The nodes, vertices and gates, that the last run made true, in breadth-first order, faults first.
    package private(set) var reached: [Int32] = []

    private var epoch: UInt32 = 0
    private var reachedEpoch: [UInt32]
    private var counterEpoch: [UInt32]
    private var counters: [Int32]
    private var positions: [Int32]
    private var rootCount = 0

    /// A workspace for runs on `network`.
    ///
    /// - Complexity: O(nodes).
    package init(_ network: ThresholdNetwork) {
        self.network = network
        reachedEpoch = [UInt32](repeating: 0, count: network.nodeCount)
        counterEpoch = [UInt32](repeating: 0, count: network.gateCount)
        counters = [Int32](repeating: 0, count: network.gateCount)
        positions = [Int32](repeating: 0, count: network.nodeCount)
    }

    /// Faults exactly the vertices `roots` and runs the network to its least fixed point.
    ///
    /// - Complexity: O(nodes reached + arcs that leave them).
    package mutating func run(from roots: some Collection<Int32>) { run(from: Array(roots)) }

    /// The same for an array, which other modules can call without generic code.
    package mutating func run(from roots: [Int32]) {
        beginRun()
        for root in roots {
            mark(root)
        }
        rootCount = reached.count
        propagate(from: 0)
    }

    /// Makes one more vertex true, with all that follows, as if it were brought down by something that is not in the
    /// network.
    ///
    /// - Returns: How many nodes were true before; the new ones follow in ``reached``. ``retract(to:)`` takes them back.
    /// - Complexity: O(new nodes + arcs that leave them).
    package mutating func extend(by vertex: Int32) -> Int {
        let before = reached.count
        mark(vertex)
        propagate(from: before)
        return before
    }

    /// Takes back the last extension, which is given by how many nodes were true before.
    ///
    /// - Complexity: as the extension.
    package mutating func retract(to count: Int) {
        let firstGate = network.vertexCount
        for node in reached[count...] {
            reachedEpoch[Int(node)] = 0
            for place in network.dependents.range(of: node) where Int(network.dependents.targets[place]) >= firstGate {
                counters[Int(network.dependents.targets[place]) - firstGate] -= 1
            }
        }
        reached.removeLast(reached.count - count)
    }

    /// Whether the last run made `node` true.
    ///
    /// - Complexity: O(1).
    @inline(__always)
    package func isReached(_ node: Int32) -> Bool {
        reachedEpoch[Int(node)] == epoch && epoch != 0
    }

    /// Whether `node` was faulted in the last run, rather than brought down by another node.
    ///
    /// - Complexity: O(1).
    package func isRoot(_ node: Int32) -> Bool {
        isReached(node) && Int(positions[Int(node)]) < rootCount
    }

    /// Why `node` is true: for a vertex the node that reached it first, for a gate the members that made it fire,
    /// earliest first; nothing for a root or for a node that is not true.
    ///
    /// Every cause comes before `node` in ``reached``, so walking causes ends at roots: they form a directed acyclic
    /// graph, even where the network has cycles.
    ///
    /// - Complexity: O(d log d) for a node that d nodes feed.
    package func causes(of node: Int32) -> [Int32] {
        guard isReached(node), !isRoot(node) else { return [] }
        let position = positions[Int(node)]
        let earlier = network.dependencies[node].filter { isReached($0) && positions[Int($0)] < position }
        let ordered = earlier.sorted { positions[Int($0)] < positions[Int($1)] }
        return Array(ordered.prefix(Int(network.threshold(of: node))))
    }

    private mutating func beginRun() {
        reached.removeAll(keepingCapacity: true)
        if epoch == .max {
            epoch = 0
            for index in reachedEpoch.indices { reachedEpoch[index] = 0 }
            for index in counterEpoch.indices { counterEpoch[index] = 0 }
        }
        epoch += 1
    }

    @inline(__always)
    private mutating func mark(_ node: Int32) {
        guard reachedEpoch[Int(node)] != epoch else { return }
        reachedEpoch[Int(node)] = epoch
        positions[Int(node)] = Int32(truncatingIfNeeded: reached.count)
        reached.append(node)
    }

    private mutating func propagate(from first: Int) {
        let firstGate = network.vertexCount
        var head = first
        while head < reached.count {
            let node = reached[head]
            head += 1
            for place in network.dependents.range(of: node) {
                let target = network.dependents.targets[place]
                if Int(target) < firstGate {
                    mark(target)
                } else {
                    let gate = Int(target) - firstGate
                    if counterEpoch[gate] != epoch {
                        counterEpoch[gate] = epoch
                        counters[gate] = 0
                    }
                    counters[gate] += 1
                    if counters[gate] == network.gateThresholds[gate] {
                        mark(target)
                    }
                }
            }
        }
    }
}
