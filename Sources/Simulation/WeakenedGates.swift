import Graphs

/// Which single losses weaken which gates, without bringing down all that depends on them.
struct WeakenedGates {
    /// A loss that weakens a gate.
    struct Hit {
        let vertex: Int32
        /// How many members of the gate it takes.
        let taken: Int32
    }

    /// What each loss costs.
    private(set) var cost: [Double] = []
    /// The gates that at least two losses weaken, those whose firing costs most first.
    private(set) var order: [Int32] = []
    /// How many of ``order``, from its beginning, have their hits at hand.
    private(set) var readyCount = 0
    /// The pairs of hits on one gate, over all gates.
    private(set) var candidateCount = 0

    private var tallies: [SIMD4<Int32>] = []
    /// The hits on all gates that are ready, those on one gate side by side.
    private var hits: [Hit] = []
    private var places: [Int32: Range<Int>] = [:]

    /// Walks through all losses: once to count, once to collect what fits into `limit` hits.
    ///
    /// - Complexity: that of ``LossWalk``, and O(`limit` log `limit`).
    init(_ planes: LossPlanes, weights: LossWeights, included: [Bool], limit: Int) {
        let network = planes.down
        let forest = LossForest(network)
        tallies = Array(repeating: .zero, count: network.vertexCount)
        cost = Array(repeating: 0, count: network.vertexCount)
        let before = forest.order.reduce(into: [0]) { $0.append($0[$0.count - 1] + (included[Int($1)] ? 1 : 0)) }
        var hitCounts = [Int](repeating: 0, count: network.gateCount)
        var watch = GateWatch(LossWalk(planes, forest))
        while watch.advance({ gate, old, new, extent in
            guard (old > 0) != (new > 0) else { return }
            let losses = before[extent.upperBound] - before[extent.lowerBound]
            hitCounts[Int(gate)] += new > 0 ? losses : -losses
        }) {
            let vertex = Int(watch.walk.vertex)
            tallies[vertex] = watch.walk.tally
            cost[vertex] = weights.cost(down: watch.walk.tally, degraded: watch.walk.degradedTally)
        }
        rank(network, weights, hitCounts)
        var room = limit
        readyCount =
            order.prefix { gate in
                room -= hitCounts[Int(gate)]
                return room >= 0
            }.count
        guard readyCount > 0 else { return }
        collect(network, forest, included, hitCounts)
    }

    /// The losses that weaken `gate`, which must be ready, those that take most down first: a pair is run as the lesser
    /// on top of the greater.
    func hits(on gate: Int32) -> ArraySlice<Hit> { places[gate].map { hits[$0] } ?? [] }

    /// How many of each criticality go down with `vertex`.
    func tally(of vertex: Int32) -> SIMD4<Int32> { tallies[Int(vertex)] }

    /// Puts the gates that two losses weaken in order, by what the costliest of their owners costs.
    private mutating func rank(_ network: LossNetwork, _ weights: LossWeights, _ hitCounts: [Int]) {
        var consequence = [Double](repeating: 0, count: network.gateCount)
        for gate in 0..<Int32(network.gateCount) where hitCounts[Int(gate)] >= 2 {
            order.append(gate)
            candidateCount += hitCounts[Int(gate)] * (hitCounts[Int(gate)] - 1) / 2
            for owner in network.owners(of: gate) {
                let cost = weights.cost(down: tallies[Int(owner)], degraded: .zero)
                consequence[Int(gate)] = max(consequence[Int(gate)], cost)
            }
        }
        order.sort {
            let (one, other) = (consequence[Int($0)], consequence[Int($1)])
            return one != other ? one > other : $0 < $1
        }
    }

    private mutating func collect(
        _ network: LossNetwork,
        _ forest: LossForest,
        _ included: [Bool],
        _ hitCounts: [Int]
    ) {
        var next = [Int](repeating: -1, count: network.gateCount)
        var end = 0
        for gate in order.prefix(readyCount) {
            next[Int(gate)] = end
            places[gate] = end..<end + hitCounts[Int(gate)]
            end += hitCounts[Int(gate)]
        }
        hits = Array(repeating: Hit(vertex: -1, taken: 0), count: end)
        var weakened = IndexedSet(capacity: network.gateCount)
        var watch = GateWatch(LossWalk(network, forest))
        while watch.advance({ gate, _, new, _ in
            if next[Int(gate)] >= 0 { weakened.set(gate, new > 0) }
        }) {
            guard included[Int(watch.walk.vertex)] else { continue }
            for gate in weakened.members {
                hits[next[Int(gate)]] = Hit(vertex: watch.walk.vertex, taken: watch.taken(from: gate))
                next[Int(gate)] += 1
            }
        }
        for range in places.values {
            hits[range].sort {
                let (one, other) = (tallies[Int($0.vertex)].wrappedSum(), tallies[Int($1.vertex)].wrappedSum())
                return one != other ? one > other : $0.vertex < $1.vertex
            }
        }
    }
}

/// A walk through all losses that tells which gates each weakens: some members are down, and some owner is not.
private struct GateWatch {
    private(set) var walk: LossWalk
    private let ownedGates: CompressedRows
    /// How many members each weakened gate has lost; 0 for all others.
    private var taken: [Int32]
    /// How many owners of each gate are up.
    private var owners: [Int32]
    /// What to put back when the walk has passed a place, the earliest last.
    private var changes: [(gate: Int32, taken: Int32, fallenOwners: Int32, end: Int)] = []

    init(_ walk: LossWalk) {
        self.walk = walk
        let network = walk.network
        taken = Array(repeating: 0, count: network.gateCount)
        owners = Array(repeating: 0, count: network.gateCount)
        var rows: [Int32] = []
        var targets: [Int32] = []
        for gate in 0..<Int32(network.gateCount) {
            for owner in network.owners(of: gate) {
                owners[Int(gate)] += 1
                rows.append(owner)
                targets.append(gate)
            }
        }
        ownedGates = CompressedRows(rowCount: network.vertexCount, rows: rows, targets: targets)
    }

    /// How many members of `gate` are down, if it is weakened.
    func taken(from gate: Int32) -> Int32 { taken[Int(gate)] }

    /// Goes on to the next loss and tells how gates change from the one before, and for which places of the forest's
    /// order that holds; false after the last.
    mutating func advance(_ change: (_ gate: Int32, _ old: Int32, _ new: Int32, _ extent: Range<Int>) -> Void) -> Bool {
        guard walk.advance() else { return false }
        while let last = changes.last, last.end <= walk.place {
            changes.removeLast()
            owners[Int(last.gate)] += last.fallenOwners
            if taken[Int(last.gate)] != last.taken {
                // What was told held for these places only.
                change(last.gate, taken[Int(last.gate)], last.taken, walk.place..<walk.place)
                taken[Int(last.gate)] = last.taken
            }
        }
        let network = walk.network
        for node in walk.added {
            if Int(node) < network.vertexCount {
                for gate in ownedGates[node] { note(gate, fallenOwners: 1, change) }
            }
            for place in Int(network.starts[Int(node)])..<Int(network.starts[Int(node) + 1]) {
                let arc = network.arcs[place]
                if arc >= LossNetwork.firstGateArc { note(Int32(arc & LossNetwork.indexMask), fallenOwners: 0, change) }
            }
        }
        return true
    }

    private mutating func note(
        _ gate: Int32,
        fallenOwners: Int32,
        _ change: (Int32, Int32, Int32, Range<Int>) -> Void
    ) {
        owners[Int(gate)] -= fallenOwners
        let missing = walk.missing(of: gate)
        let isWeakened = missing > 0 && owners[Int(gate)] > 0
        let (old, new) = (taken[Int(gate)], isWeakened ? walk.network.thresholds[Int(gate)] - missing : 0)
        guard new != old || fallenOwners > 0 else { return }
        changes.append((gate, old, fallenOwners, walk.extent.upperBound))
        guard new != old else { return }
        taken[Int(gate)] = new
        change(gate, old, new, walk.extent)
    }
}

/// A set of small numbers whose members can be gone through.
private struct IndexedSet {
    private(set) var members: [Int32] = []
    private var places: [Int32]

    init(capacity: Int) { places = Array(repeating: -1, count: capacity) }

    /// Adds or removes `member`.
    ///
    /// - Complexity: O(1).
    mutating func set(_ member: Int32, _ isMember: Bool) {
        let place = Int(places[Int(member)])
        guard isMember != (place >= 0) else { return }
        if isMember {
            places[Int(member)] = Int32(members.count)
            members.append(member)
        } else {
            let last = members.removeLast()
            if last != member {
                members[place] = last
                places[Int(last)] = Int32(place)
            }
            places[Int(member)] = -1
        }
    }
}
