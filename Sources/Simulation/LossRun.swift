/// A workspace for forward runs on a ``LossNetwork``: what goes down with a loss, by itself or on top of what is down
/// already.
///
/// A run costs only what it reaches and allocates nothing: marks carry the number of the run that set them, and marks
/// of what is down already carry the greatest number there is.
///
/// The linear-time unit propagation of Dowling and Gallier (1984) for Horn formulas, with counters for thresholds.
package struct LossRun: Sendable {
    package let network: LossNetwork
    /// How many vertices of each class the last run reached, what was down already not included.
    package private(set) var tally: SIMD4<Int32> = .zero

    /// The run that last reached each vertex; ``frozen`` for what is down already.
    private var marks: [UInt32]
    /// The run that last counted on each gate.
    private var gateMarks: [UInt32]
    /// How many more members of each gate must fall, as the last run that touched it left it; 0 or less when it fired.
    private var missing: [Int32]
    /// The same for the state that runs start from.
    private var missingAtStart: [Int32]
    /// The nodes that the last run reached, in order; the first `queueCount` are meant.
    private var queue: [Int32]
    private var queueCount = 0
    /// The gates that the last run touched, in order; the first `touchedCount` are meant.
    private var touched: [Int32]
    private var touchedCount = 0
    private var epoch: UInt32 = 0
    private var frozenVertices: [Int32] = []
    private var frozenGates: [Int32] = []

    private static let frozen = UInt32.max

    /// A workspace for runs on `network`, with nothing down.
    ///
    /// - Complexity: O(nodes).
    package init(_ network: LossNetwork) {
        self.network = network
        marks = [UInt32](repeating: 0, count: network.vertexCount)
        gateMarks = [UInt32](repeating: 0, count: network.gateCount)
        missing = network.thresholds
        missingAtStart = network.thresholds
        queue = [Int32](repeating: 0, count: network.vertexCount + network.gateCount)
        touched = [Int32](repeating: 0, count: network.gateCount)
    }

    /// Loses one vertex and runs to the least fixed point.
    ///
    /// - Complexity: O(nodes reached + arcs that leave them).
    package mutating func run(from root: Int32) {
        begin()
        mark(root)
        propagate()
    }

    /// Loses several vertices and runs to the least fixed point.
    ///
    /// - Complexity: O(nodes reached + arcs that leave them).
    package mutating func run(from roots: some Collection<Int32>) {
        begin()
        for root in roots { mark(root) }
        propagate()
    }

    /// Makes what the last run brought down part of the state that later runs start from.
    ///
    /// - Complexity: O(nodes and gates of the last run).
    package mutating func freeze() {
        for node in queue.prefix(queueCount) where Int(node) < network.vertexCount {
            marks[Int(node)] = Self.frozen
            frozenVertices.append(node)
        }
        for gate in touched.prefix(touchedCount) {
            missingAtStart[Int(gate)] = missing[Int(gate)]
            frozenGates.append(gate)
        }
        queueCount = 0
        touchedCount = 0
        tally = .zero
    }

    /// Makes later runs start from nothing down again.
    ///
    /// - Complexity: O(nodes and gates frozen).
    package mutating func thaw() {
        for vertex in frozenVertices { marks[Int(vertex)] = 0 }
        for gate in frozenGates { missingAtStart[Int(gate)] = network.thresholds[Int(gate)] }
        frozenVertices.removeAll(keepingCapacity: true)
        frozenGates.removeAll(keepingCapacity: true)
        queueCount = 0
        touchedCount = 0
    }

    /// Whether `vertex` is down after the last run, or was before it.
    ///
    /// - Complexity: O(1).
    @inline(__always)
    package func isDown(_ vertex: Int32) -> Bool { epoch != 0 && marks[Int(vertex)] >= epoch }

    /// Whether `vertex` was down before the last run.
    ///
    /// - Complexity: O(1).
    @inline(__always)
    package func wasDown(_ vertex: Int32) -> Bool { marks[Int(vertex)] == Self.frozen }

    /// How many vertices the last run reached.
    ///
    /// - Complexity: O(1).
    package var downCount: Int { Int(tally.wrappedSum()) }

    /// Calls `body` with each vertex that the last run reached, in breadth-first order.
    ///
    /// - Complexity: O(nodes reached).
    @inline(__always)
    package func forEachDown(_ body: (Int32) -> Void) {
        for place in 0..<queueCount where Int(queue[place]) < network.vertexCount { body(queue[place]) }
    }

    /// Calls `body` with each gate that lost members in the last run and still holds, and how many more it would take.
    ///
    /// - Complexity: O(gates touched).
    @inline(__always)
    package func forEachWeakenedGate(_ body: (_ gate: Int32, _ missing: Int32) -> Void) {
        for place in 0..<touchedCount where missing[Int(touched[place])] > 0 {
            body(touched[place], missing[Int(touched[place])])
        }
    }

    /// How many members of `gate` the last run took, of those that were up before it.
    ///
    /// - Complexity: O(1).
    package func taken(from gate: Int32) -> Int32 {
        gateMarks[Int(gate)] == epoch ? missingAtStart[Int(gate)] - missing[Int(gate)] : 0
    }

    /// How many arcs and nodes the last run looked at: a measure of work that does not depend on the machine.
    ///
    /// - Complexity: O(nodes reached).
    package var work: Int {
        var sum = queueCount
        for node in queue.prefix(queueCount) {
            sum += Int(network.starts[Int(node) + 1] - network.starts[Int(node)])
        }
        return sum
    }

    private mutating func begin() {
        queueCount = 0
        touchedCount = 0
        tally = .zero
        epoch += 1
        guard epoch == Self.frozen else { return }
        epoch = 1
        for index in marks.indices where marks[index] != Self.frozen { marks[index] = 0 }
        for index in gateMarks.indices { gateMarks[index] = 0 }
    }

    private mutating func mark(_ vertex: Int32) {
        guard marks[Int(vertex)] < epoch else { return }
        marks[Int(vertex)] = epoch
        queue[queueCount] = vertex
        queueCount += 1
        tally[Int(network.classes[Int(vertex)])] += 1
    }

    /// The loop of a run, over parts of the workspace so that the exclusive spans of several can live side by side.
    private mutating func propagate() {
        var progress = Progress(tally: tally, queueCount: queueCount, touchedCount: touchedCount)
        progress.propagate(
            on: network,
            from: missingAtStart,
            epoch: epoch,
            marks: &marks,
            gateMarks: &gateMarks,
            missing: &missing,
            queue: &queue,
            touched: &touched
        )
        tally = progress.tally
        queueCount = progress.queueCount
        touchedCount = progress.touchedCount
    }

    private struct Progress {
        var tally: SIMD4<Int32>
        var queueCount: Int
        var touchedCount: Int

        /// Spreads from the nodes in `queue` to the least fixed point.
        ///
        /// No index is checked: arcs lead to nodes of the network by construction, and neither list grows past its
        /// length, since a vertex is queued once, a gate when it fires, which it does once, and touched once.
        mutating func propagate(
            on network: LossNetwork,
            from missingAtStart: [Int32],
            epoch: UInt32,
            marks: inout [UInt32],
            gateMarks: inout [UInt32],
            missing: inout [Int32],
            queue: inout [Int32],
            touched: inout [Int32]
        ) {
            let gateFlag = LossNetwork.gateClass << LossNetwork.classShift
            let firstGate = Int32(network.vertexCount)
            var (tally, head, tail, touchedCount) = (tally, 0, queueCount, touchedCount)
            let (starts, arcs, missingAtStart) = (network.starts.span, network.arcs.span, missingAtStart.span)
            var marks = marks.mutableSpan
            var gateMarks = gateMarks.mutableSpan
            var missing = missing.mutableSpan
            var queue = queue.mutableSpan
            var touched = touched.mutableSpan
            while head < tail {
                let node = Int(queue[unchecked: head])
                head += 1
                for place in Int(starts[unchecked: node])..<Int(starts[unchecked: node + 1]) {
                    let arc = arcs[unchecked: place]
                    let target = Int(arc & LossNetwork.indexMask)
                    if arc < gateFlag {
                        guard marks[unchecked: target] < epoch else { continue }
                        marks[unchecked: target] = epoch
                        queue[unchecked: tail] = Int32(truncatingIfNeeded: target)
                        tail += 1
                        tally[Int(arc >> LossNetwork.classShift)] &+= 1
                        continue
                    }
                    if gateMarks[unchecked: target] != epoch {
                        gateMarks[unchecked: target] = epoch
                        missing[unchecked: target] = missingAtStart[unchecked: target]
                        touched[unchecked: touchedCount] = Int32(truncatingIfNeeded: target)
                        touchedCount += 1
                    }
                    missing[unchecked: target] &-= 1
                    if missing[unchecked: target] == 0 {
                        queue[unchecked: tail] = firstGate &+ Int32(truncatingIfNeeded: target)
                        tail += 1
                    }
                }
            }
            self.tally = tally
            self.queueCount = tail
            self.touchedCount = touchedCount
        }
    }
}
