import Graphs

/// An explanation problem in the search's own units, with some vertices held healthy or faulted.
///
/// Costs are divided by their greatest common divisor and multiplied by a power of two, so that shares of them can be
/// divided further without losing much. What the required roots bring down is settled: it is true in every
/// explanation, and its cost is set aside.
struct ScaledProblem {
    let network: ThresholdNetwork
    let scale: CostScale
    /// Nodes that the required roots bring down, themselves included.
    let settled: [Int32]
    private let faultCosts: [Int64]
    private let charges: [Int64]
    private let heldHealthy: Set<Int32>

    init(_ problem: ExplanationProblem, scale: CostScale, without: [Int32], requiring: [Int32]) {
        network = problem.network
        self.scale = scale
        faultCosts = problem.faultCost
        charges = problem.charge
        heldHealthy = Set(without)
        guard !requiring.isEmpty else {
            settled = []
            return
        }
        var run = ForwardRun(problem.network)
        run.run(from: requiring)
        settled = run.reached
    }

    /// What faulting `vertex` costs; negative for one that is no candidate.
    @inline(__always)
    func faultCost(of vertex: Int32) -> Int64 {
        let cost = faultCosts[Int(vertex)]
        return cost < 0 || (!heldHealthy.isEmpty && heldHealthy.contains(vertex)) ? -1 : scale.scaled(cost)
    }

    /// What it costs that `node` is true: nothing for a gate.
    @inline(__always)
    func charge(of node: Int32) -> Int64 {
        Int(node) < charges.count ? scale.scaled(charges[Int(node)]) : 0
    }
}

/// The units of a search: how costs of the problem become costs of the search, and back.
struct CostScale: Sendable {
    /// The greatest common divisor of all costs of the problem.
    let divisor: Int64
    /// What one divisor is in the search.
    let unit: Int64

    /// The finest scale on which all costs of `problem` together stay far from overflowing.
    ///
    /// - Complexity: O(vertices).
    init(_ problem: ExplanationProblem) {
        var divisor: Int64 = 0
        var total: Int64 = 0
        for (costs, isFaultCost) in [(problem.faultCost, true), (problem.charge, false)] {
            var previous: Int64 = 0
            for cost in costs where cost != 0 && (cost > 0 || !isFaultCost) {
                total += abs(cost)
                guard cost != previous, divisor != 1 else { continue }
                divisor = Self.greatestCommonDivisor(divisor, abs(cost))
                previous = cost
            }
        }
        self.divisor = max(1, divisor)
        var unit: Int64 = 1024
        while unit > 1 && total / max(1, divisor) > (1 << 54) / unit { unit /= 2 }
        self.unit = unit
    }

    @inline(__always)
    func scaled(_ cost: Int64) -> Int64 { (divisor == 1 ? cost : cost / divisor) * unit }

    /// A cost of the search in the problem's units, rounded up: costs are multiples of the divisor.
    func unscaledUp(_ cost: Int64) -> Int64 {
        let quotient = cost / unit
        return (cost > quotient * unit ? quotient + 1 : quotient) * divisor
    }

    private static func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
        var (one, other) = (first, second)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }
}
