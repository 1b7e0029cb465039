import Graphs

/// A walk through a ``LossForest`` that stops at each vertex with everything that its loss brings down and degrades.
///
/// From one stop to the next only the difference is run, and taken back when the walk comes up again: a chain, a tree or a
/// circle of n vertices costs O(n), where runs from nothing (``LossRun``) cost O(n²). Networks remain in which most
/// losses take down much and share little; those cost as much as runs from nothing.
struct LossWalk {
    /// How many vertices of each class are down, the lost one included.
    private(set) var tally: SIMD4<Int32> = .zero
    /// How many entities of each class are degraded, and not down.
    private(set) var degradedTally: SIMD4<Int32> = .zero
    /// Where in the forest's order the walk is.
    private(set) var place = -1

    let network: LossNetwork
    let forest: LossForest
    private let weak: CompressedRows
    private let degraded: CompressedRows
    private let degrades: Bool

    private var isDown: [Bool]
    private var isDegraded: [Bool]
    /// How many more members of each gate must fall; 0 or less when it has fired.
    private var missing: [Int32]
    /// The nodes that are down, those that the last step added at the end.
    private var down: [Int32] = []
    private var degradedEntities: [Int32] = []
    /// What the loss at each place above the walk's, and at its own, found.
    private var frames: [Frame] = []

    private struct Frame {
        let place: Int
        let downCount: Int
        let degradedCount: Int
        let tally: SIMD4<Int32>
        let degradedTally: SIMD4<Int32>
    }

    /// A walk over losses that degrade others, too.
    ///
    /// - Complexity: O(nodes).
    init(_ planes: LossPlanes, _ forest: LossForest) {
        self.init(planes.down, forest, weak: planes.weak, degraded: planes.degraded)
    }

    /// A walk over a network in which nothing is ever degraded.
    ///
    /// - Complexity: O(nodes).
    init(_ network: LossNetwork, _ forest: LossForest) {
        let none = CompressedRows(rowCount: network.vertexCount, rows: [], targets: [])
        self.init(network, forest, weak: none, degraded: none)
    }

    private init(_ network: LossNetwork, _ forest: LossForest, weak: CompressedRows, degraded: CompressedRows) {
        self.network = network
        self.forest = forest
        self.weak = weak
        self.degraded = degraded
        degrades = !weak.targets.isEmpty
        isDown = [Bool](repeating: false, count: network.vertexCount)
        isDegraded = [Bool](repeating: false, count: degrades ? network.vertexCount : 0)
        missing = network.thresholds
    }

    /// The vertex that is lost.
    var vertex: Int32 { forest.order[place] }

    /// The places of the losses that bring down all that this one does: its own, and what hangs under it.
    var extent: Range<Int> { place..<Int(forest.ends[place]) }

    /// The nodes, vertices and gates, that are down here and were not at the loss above.
    var added: ArraySlice<Int32> { down[(frames.last?.downCount ?? 0)...] }

    /// How many more members of `gate` must fall; 0 or less when it has fired.
    func missing(of gate: Int32) -> Int32 { missing[Int(gate)] }

    /// Goes on to the next loss; false after the last.
    ///
    /// - Complexity: O(what the loss adds to the one above + what is taken back, and the arcs that leave both).
    mutating func advance() -> Bool {
        place += 1
        while let frame = frames.last, place >= Int(forest.ends[frame.place]) { retract(frame) }
        guard place < forest.order.count else { return false }
        frames.append(
            Frame(
                place: place,
                downCount: down.count,
                degradedCount: degradedEntities.count,
                tally: tally,
                degradedTally: degradedTally
            )
        )
        let start = down.count
        fall(vertex)
        spread(from: start)
        if degrades { degrade() }
        return true
    }

    private mutating func retract(_ frame: Frame) {
        frames.removeLast()
        for node in down[frame.downCount...] {
            if Int(node) < network.vertexCount { isDown[Int(node)] = false }
            for place in Int(network.starts[Int(node)])..<Int(network.starts[Int(node) + 1]) {
                let arc = network.arcs[place]
                if arc >= LossNetwork.firstGateArc { missing[Int(arc & LossNetwork.indexMask)] += 1 }
            }
        }
        for entity in degradedEntities[frame.degradedCount...] { isDegraded[Int(entity)] = false }
        down.removeSubrange(frame.downCount...)
        degradedEntities.removeSubrange(frame.degradedCount...)
        tally = frame.tally
        degradedTally = frame.degradedTally
    }

    private mutating func fall(_ vertex: Int32) {
        guard !isDown[Int(vertex)] else { return }
        isDown[Int(vertex)] = true
        down.append(vertex)
        tally[Int(network.classes[Int(vertex)])] += 1
    }

    /// Spreads from the nodes in `down` from that place on to the least fixed point.
    private mutating func spread(from start: Int) {
        var head = start
        while head < down.count {
            let node = Int(down[head])
            head += 1
            for place in Int(network.starts[node])..<Int(network.starts[node + 1]) {
                let arc = network.arcs[place]
                let target = Int(arc & LossNetwork.indexMask)
                if arc < LossNetwork.firstGateArc {
                    fall(Int32(target))
                } else {
                    missing[target] -= 1
                    if missing[target] == 0 { down.append(Int32(network.vertexCount + target)) }
                }
            }
        }
    }

    /// Spreads degradation from what the last step brought down.
    private mutating func degrade() {
        var head = degradedEntities.count
        for node in added where Int(node) < network.vertexCount && isDegraded[Int(node)] {
            degradedTally[Int(network.classes[Int(node)])] -= 1
        }
        for node in added where Int(node) < network.vertexCount {
            for place in weak.range(of: node) { reach(weak.targets[place]) }
        }
        while head < degradedEntities.count {
            for place in degraded.range(of: degradedEntities[head]) { reach(degraded.targets[place]) }
            head += 1
        }
    }

    private mutating func reach(_ entity: Int32) {
        guard !isDegraded[Int(entity)] else { return }
        isDegraded[Int(entity)] = true
        degradedEntities.append(entity)
        if !isDown[Int(entity)] { degradedTally[Int(network.classes[Int(entity)])] += 1 }
    }
}
