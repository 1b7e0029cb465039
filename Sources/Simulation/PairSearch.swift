import Graphs

/// The search behind ``PairLosses``.
struct PairSearch {
    /// Two vertices, the lesser first, whose joint loss exceeds the sum.
    struct Pair {
        let first: Int32
        let second: Int32
        let cost: Double
        let beyondSum: Double
    }

    private let planes: LossPlanes
    private let weights: LossWeights
    private let weakened: WeakenedGates
    private var found: [Pair] = []
    private var seen: Set<UInt64> = []
    private var run: LossRun
    /// For pairs that degrade others: those are run once more from nothing.
    private var plainRun: LossRun?
    private var degradation: DegradationRun
    private var workLeft = 0
    private var groupsExamined = 0
    private var pairsExamined = 0

    /// Runs every single loss and notes which gates each weakens.
    ///
    /// - Complexity: that of ``SingleLosses``.
    init(_ planes: LossPlanes, weights: LossWeights, included: [Bool]) {
        self.planes = planes
        self.weights = weights
        weakened = WeakenedGates(planes, weights: weights, included: included)
        run = LossRun(planes.down)
        degradation = DegradationRun(planes)
    }

    /// How many pairs exceed the sum of their parts, so far.
    var foundCount: Int { found.count }

    var coverage: PairLosses.Coverage {
        PairLosses.Coverage(
            groups: weakened.order.count,
            groupsExamined: groupsExamined,
            candidates: weakened.candidateCount,
            pairsExamined: pairsExamined
        )
    }

    /// Runs the pairs of each gate in turn until `budget` nodes and arcs have been looked at.
    mutating func examine(budget: Int) {
        workLeft = budget
        for gate in weakened.order {
            guard examine(gate: gate) else { return }
            groupsExamined += 1
        }
    }

    /// The pairs found, the worst first, at most `top` of them.
    ///
    /// - Complexity: O(p log p) for p pairs found.
    func worst(_ top: Int?) -> [Pair] {
        let sorted = found.sorted {
            if $0.beyondSum != $1.beyondSum { return $0.beyondSum > $1.beyondSum }
            if $0.cost != $1.cost { return $0.cost > $1.cost }
            return ($0.first, $0.second) < ($1.first, $1.second)
        }
        return Array(sorted.prefix(max(0, top ?? sorted.count)))
    }

    /// Runs the pairs that weaken `gate`; false when the budget ended first.
    private mutating func examine(gate: Int32) -> Bool {
        let hits = weakened.hits(on: gate)
        let threshold = planes.down.thresholds[Int(gate)]
        for (position, one) in hits.enumerated() {
            var isLaid = false
            defer { if isLaid { run.thaw() } }
            for other in hits[(hits.startIndex + position + 1)...] where one.taken + other.taken >= threshold {
                let (first, second) = (min(one.vertex, other.vertex), max(one.vertex, other.vertex))
                guard seen.insert(UInt64(UInt32(first)) << 32 | UInt64(UInt32(second))).inserted else { continue }
                guard workLeft > 0 else { return false }
                if !isLaid {
                    run.run(from: one.vertex)
                    workLeft -= run.work
                    run.freeze()
                    isLaid = true
                }
                pairsExamined += 1
                examine(first, second, onTop: other.vertex, of: one)
            }
        }
        return true
    }

    /// Runs the loss of `vertex` on top of the frozen one.
    private mutating func examine(_ first: Int32, _ second: Int32, onTop vertex: Int32, of base: WeakenedGates.Hit) {
        if run.wasDown(vertex) { return }
        run.run(from: vertex)
        workLeft -= run.work + 1
        var degraded: SIMD4<Int32> = .zero
        if planes.degrading.contains(first) || planes.degrading.contains(second) {
            var plain = plainRun.take() ?? LossRun(planes.down)
            plain.run(from: [first, second])
            workLeft -= plain.work
            degradation.run(after: plain)
            degraded = degradation.tally
            plainRun = plain
        }
        let down = run.tally &+ weakened.tally(of: base.vertex)
        let cost = weights.cost(down: down, degraded: degraded)
        let beyondSum = cost - weakened.cost[Int(first)] - weakened.cost[Int(second)]
        guard beyondSum > 0 else { return }
        found.append(Pair(first: first, second: second, cost: cost, beyondSum: beyondSum))
    }
}

/// Which single losses weaken which gates, without bringing down all that depends on them.
private struct WeakenedGates {
    struct Hit {
        let vertex: Int32
        /// How many members of the gate it takes.
        let taken: Int32
    }

    /// What each loss costs.
    private(set) var cost: [Double] = []
    /// The gates that at least two losses weaken, those whose firing costs most first.
    private(set) var order: [Int32] = []
    /// The pairs of hits on one gate, over all gates.
    private(set) var candidateCount = 0

    private var tallies: [SIMD4<Int32>] = []
    private var offsets: [Int] = []
    private var hits: [Hit] = []

    init(_ planes: LossPlanes, weights: LossWeights, included: [Bool]) {
        let network = planes.down
        var gates: [Int32] = []
        var found: [Hit] = []
        var run = LossRun(network)
        var degradation = DegradationRun(planes)
        tallies.reserveCapacity(network.vertexCount)
        cost.reserveCapacity(network.vertexCount)
        for vertex in 0..<Int32(network.vertexCount) {
            run.run(from: vertex)
            var degraded: SIMD4<Int32> = .zero
            if planes.degrading.contains(vertex) {
                degradation.run(after: run)
                degraded = degradation.tally
            }
            tallies.append(run.tally)
            cost.append(weights.cost(down: run.tally, degraded: degraded))
            guard included[Int(vertex)] else { continue }
            run.forEachWeakenedGate { gate, missing in
                guard network.owners(of: gate).contains(where: { !run.isDown($0) }) else { return }
                gates.append(gate)
                found.append(Hit(vertex: vertex, taken: network.thresholds[Int(gate)] - missing))
            }
        }
        sort(found, by: gates, gateCount: network.gateCount)
        rank(network, weights)
    }

    /// The losses that weaken `gate`, those that take most down first: a pair is run as the lesser on top of the
    /// greater.
    func hits(on gate: Int32) -> ArraySlice<Hit> { hits[offsets[Int(gate)]..<offsets[Int(gate) + 1]] }

    /// How many of each criticality go down with `vertex`.
    func tally(of vertex: Int32) -> SIMD4<Int32> { tallies[Int(vertex)] }

    private mutating func sort(_ found: [Hit], by gates: [Int32], gateCount: Int) {
        let rows = CompressedRows(rowCount: gateCount, rows: gates, targets: Array(0..<Int32(found.count)))
        hits.reserveCapacity(found.count)
        offsets = [0]
        offsets.reserveCapacity(gateCount + 1)
        for gate in 0..<Int32(gateCount) {
            hits += rows[gate].map { found[Int($0)] }.sorted {
                let (one, other) = (tallies[Int($0.vertex)].wrappedSum(), tallies[Int($1.vertex)].wrappedSum())
                return one != other ? one > other : $0.vertex < $1.vertex
            }
            offsets.append(hits.count)
        }
    }

    private mutating func rank(_ network: LossNetwork, _ weights: LossWeights) {
        var run = LossRun(network)
        var consequence = [Double](repeating: 0, count: network.gateCount)
        for gate in 0..<Int32(network.gateCount) {
            let count = hits(on: gate).count
            guard count >= 2 else { continue }
            order.append(gate)
            candidateCount += count * (count - 1) / 2
            run.run(from: network.owners(of: gate))
            consequence[Int(gate)] = weights.cost(down: run.tally, degraded: .zero)
        }
        order.sort {
            let (one, other) = (consequence[Int($0)], consequence[Int($1)])
            return one != other ? one > other : $0 < $1
        }
    }
}

/// Tells what falls only when two are lost together.
struct PairExplainer {
    private let network: ThresholdNetwork
    private var alone: LossRun
    private var together: LossRun

    init(_ network: ThresholdNetwork, _ packed: LossNetwork) {
        self.network = network
        alone = LossRun(packed)
        together = LossRun(packed)
    }

    /// The vertices that only both losses bring down, and those of them whose own gate neither loss fires.
    ///
    /// - Complexity: O(nodes that the two losses reach + arcs that enter and leave them).
    mutating func explain(_ first: Int32, _ second: Int32) -> (onlyTogether: [Int32], brokenGroups: [Int32]) {
        together.run(from: first)
        together.freeze()
        defer { together.thaw() }
        together.run(from: second)
        alone.run(from: second)
        var onlyTogether: [Int32] = []
        together.forEachDown { if !alone.isDown($0) { onlyTogether.append($0) } }
        let broken = onlyTogether.filter { vertex in
            network.dependencies[vertex].contains { gate in
                guard network.isGate(gate) else { return false }
                let fallen = network.dependencies[gate].count { alone.isDown($0) || together.wasDown($0) }
                return fallen >= Int(network.threshold(of: gate))
            }
        }
        return (onlyTogether.sorted(), broken.sorted())
    }
}
