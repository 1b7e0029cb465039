/// Collects vertices, arcs and gates, and lays them out as a ``ThresholdNetwork``.
package struct ThresholdNetworkBuilder: Sendable {
    /// The number of vertices so far.
    package private(set) var vertexCount: Int

    private var arcs: [Arc] = []
    private var thresholds: [Int32] = []
    private var memberOffsets: [Int32] = [0]
    private var members: [Int32] = []
    private var gateOwners: [Int32] = []
    private var ownedGates: [Int32] = []
    /// Gates by the hash of their threshold and members; a chain of gates shares a bucket.
    private var newestGate: [UInt64: Int32] = [:]
    private var olderGate: [Int32] = []
    private var scratch: [Int32] = []

    /// What feeds what, gates included.
    private struct Arc {
        var source: Int32
        var target: Int32
    }

    /// Begins with vertices `0..<vertexCount` and nothing between them.
    ///
    /// - Complexity: O(1).
    package init(vertexCount: Int = 0) {
        self.vertexCount = vertexCount
    }

    /// Adds a vertex and returns it.
    ///
    /// Vertices are numbered from 0 in the order in which they are added.
    ///
    /// - Complexity: O(1).
    @discardableResult
    package mutating func addVertex() -> Int32 {
        vertexCount += 1
        return Int32(vertexCount - 1)
    }

    /// Makes room for so many more arcs.
    package mutating func reserveArcs(_ count: Int) { arcs.reserveCapacity(arcs.count + count) }

    /// States that `target` is true whenever `source` is.
    ///
    /// An arc from a vertex to itself says nothing and is dropped.
    ///
    /// - Complexity: amortised O(1).
    package mutating func addArc(from source: Int32, to target: Int32) {
        guard source != target else { return }
        arcs.append(Arc(source: source, target: target))
    }

    /// States that `owner` is true whenever at least `threshold` of `members` are.
    ///
    /// Repeated members count once. A threshold of 1 becomes arcs; a threshold above the number of members never
    /// fires and is dropped. Equal gates are shared between their owners. An owner among its own members is dropped
    /// from an arc, but stays a member of a gate, where it never helps: it would be true already.
    ///
    /// `threshold` must be at least 1: what holds unconditionally is no dependency.
    ///
    /// - Complexity: O(m log m) for m members.
    package mutating func addGate(threshold: Int32, members: some Collection<Int32>, owner: Int32) {
        addGate(threshold: threshold, members: Array(members), owner: owner)
    }

    /// The same for an array, which other modules can call without generic code.
    package mutating func addGate(threshold: Int32, members: [Int32], owner: Int32) {
        precondition(threshold >= 1, "a gate needs at least one member to fire")
        if threshold == 1 {
            for member in members {
                addArc(from: member, to: owner)
            }
            return
        }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: members)
        scratch.sort()
        removeRepetitions()
        guard scratch.count >= Int(threshold) else { return }
        gateOwners.append(owner)
        ownedGates.append(sharedGate(threshold: threshold))
    }

    /// The network of everything added.
    ///
    /// Repeated arcs are laid out once.
    ///
    /// - Complexity: O(vertices + arcs + gate members), and O(d log d) for a vertex that d others feed.
    package consuming func build() -> ThresholdNetwork {
        let firstGate = Int32(vertexCount)
        let nodeCount = vertexCount + thresholds.count
        reserveArcs(members.count + ownedGates.count)
        for gate in 0..<Int32(thresholds.count) {
            for place in Int(memberOffsets[Int(gate)])..<Int(memberOffsets[Int(gate) + 1]) {
                arcs.append(Arc(source: members[place], target: firstGate + gate))
            }
        }
        for (gate, owner) in zip(ownedGates, gateOwners) {
            arcs.append(Arc(source: firstGate + gate, target: owner))
        }
        let dependencies = Self.dependencies(nodeCount: nodeCount, arcs)
        return ThresholdNetwork(
            vertexCount: vertexCount,
            gateThresholds: thresholds,
            dependents: dependencies.transposed(rowCount: nodeCount),
            dependencies: dependencies
        )
    }

    private mutating func removeRepetitions() {
        guard var last = scratch.first else { return }
        var kept = 1
        for index in 1..<max(1, scratch.count) where scratch[index] != last {
            last = scratch[index]
            scratch[kept] = last
            kept += 1
        }
        scratch.removeLast(scratch.count - kept)
    }

    /// The gate with this threshold over the sorted members in `scratch`, made if there is none yet.
    private mutating func sharedGate(threshold: Int32) -> Int32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(threshold)
        for member in scratch {
            hash = (hash ^ UInt64(UInt32(bitPattern: member))) &* 0x0100_0000_01b3
            hash ^= hash >> 29
        }
        let newest = newestGate[hash] ?? -1
        var gate = newest
        while gate >= 0 {
            let range = Int(memberOffsets[Int(gate)])..<Int(memberOffsets[Int(gate) + 1])
            if thresholds[Int(gate)] == threshold, members[range].elementsEqual(scratch) {
                return gate
            }
            gate = olderGate[Int(gate)]
        }
        let made = Int32(thresholds.count)
        thresholds.append(threshold)
        members.append(contentsOf: scratch)
        memberOffsets.append(Int32(members.count))
        olderGate.append(newest)
        newestGate[hash] = made
        return made
    }

    /// For each node its sources, ascending and without repetition.
    ///
    /// Arcs mostly come in the order of their targets, so that this first counting sort goes through memory in order; rows
    /// are short, and sorting each where it lies is cheaper than another pass over all of them.
    private static func dependencies(nodeCount: Int, _ arcs: [Arc]) -> CompressedRows {
        var offsets = [Int32](repeating: 0, count: nodeCount + 1)
        for arc in arcs { offsets[Int(arc.target) + 1] += 1 }
        for node in 0..<nodeCount { offsets[node + 1] += offsets[node] }
        var next = offsets
        var sources = [Int32](repeating: 0, count: arcs.count)
        for arc in arcs {
            sources[Int(next[Int(arc.target)])] = arc.source
            next[Int(arc.target)] += 1
        }
        let kept = sources.withUnsafeMutableBufferPointer { sources in
            var kept = 0
            var start = 0
            for node in 0..<nodeCount {
                let end = Int(offsets[node + 1])
                var row = UnsafeMutableBufferPointer(rebasing: sources[start..<end])
                if row.count > 1 { row.sort() }
                var last: Int32 = -1
                for place in start..<end where sources[place] != last {
                    last = sources[place]
                    sources[kept] = last
                    kept += 1
                }
                start = end
                offsets[node + 1] = Int32(kept)
            }
            return kept
        }
        sources.removeLast(sources.count - kept)
        return CompressedRows(offsets: offsets, targets: sources)
    }
}
