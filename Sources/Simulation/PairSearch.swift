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

    /// What a pair costs besides its run, in nodes and arcs looked at: it is remembered, and noted when it is found.
    private static let pairWork = 20

    private let planes: LossPlanes
    private let weights: LossWeights
    private let weakened: WeakenedGates
    private var found: [Pair] = []
    private var seen: Set<UInt64> = []
    private var run: LossRun
    /// For pairs that degrade others: those are run once more from nothing.
    private var plainRun: LossRun?
    private var degradation: DegradationRun
    private var workLeft: Int
    private var groupsExamined = 0
    private var pairsExamined = 0

    /// Runs every single loss and notes which gates each weakens.
    ///
    /// - Complexity: that of ``WeakenedGates``.
    init(_ planes: LossPlanes, weights: LossWeights, included: [Bool], budget: Int) {
        self.planes = planes
        self.weights = weights
        workLeft = budget
        weakened = WeakenedGates(
            planes,
            weights: weights,
            included: included,
            limit: max(budget / Self.pairWork, 1_000_000)
        )
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

    /// Runs the pairs of each gate in turn until the budget of nodes and arcs has been looked at.
    mutating func examine() {
        for gate in weakened.order.prefix(weakened.readyCount) {
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
        // For each hit, the most that one after it takes: nothing in a large group goes down with two small losses.
        var most: [Int32] = [0]
        for hit in hits.reversed() { most.append(max(most[most.count - 1], hit.taken)) }
        for (position, one) in hits.enumerated() where one.taken + most[hits.count - 1 - position] >= threshold {
            var isLaid = false
            defer { if isLaid { run.thaw() } }
            for other in hits[(hits.startIndex + position + 1)...] {
                workLeft -= 1
                guard workLeft > 0 else { return false }
                guard one.taken + other.taken >= threshold else { continue }
                let (first, second) = (min(one.vertex, other.vertex), max(one.vertex, other.vertex))
                guard seen.insert(UInt64(UInt32(first)) << 32 | UInt64(UInt32(second))).inserted else { continue }
                workLeft -= Self.pairWork
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
        workLeft -= run.work
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

/// Tells what falls only when two are lost together.
struct PairExplainer {
    /// How many nodes and arcs were looked at so far.
    private(set) var work = 0

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
        work += together.work
        together.freeze()
        defer { together.thaw() }
        together.run(from: second)
        alone.run(from: second)
        work += together.work + alone.work
        var onlyTogether: [Int32] = []
        together.forEachDown { if !alone.isDown($0) { onlyTogether.append($0) } }
        var broken: [Int32] = []
        for vertex in onlyTogether where breaksGate(of: vertex) { broken.append(vertex) }
        return (onlyTogether.sorted(), broken.sorted())
    }

    private mutating func breaksGate(of vertex: Int32) -> Bool {
        for gate in network.dependencies[vertex] where network.isGate(gate) {
            let members = network.dependencies[gate]
            work += members.count
            if members.count(where: { alone.isDown($0) || together.wasDown($0) }) >= Int(network.threshold(of: gate)) {
                return true
            }
        }
        return false
    }
}
