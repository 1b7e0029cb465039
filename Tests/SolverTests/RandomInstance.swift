import Graphs
import TestSupport

@testable import Inference

/// A random problem kept as plain gates, with an evaluation and a brute force that share no code with the solver.
struct RandomInstance {
    var count: Int
    var gates: [(owner: Int, threshold: Int, members: [Int])] = []
    var faultCost: [Int64]
    var charge: [Int64]
    var base: Int64

    /// Gates of one to three members with random thresholds; a third of the instances have cycles; a tenth of the
    /// vertices are no candidates.
    init(seed: Int, sizes: ClosedRange<Int> = 6...13, largestCost: Int64 = 30) {
        var generator = SeededGenerator(seed: seed)
        count = Int.random(in: sizes, using: &generator)
        let hasCycles = Int.random(in: 0..<3, using: &generator) == 0
        faultCost = []
        charge = []
        base = 0
        for vertex in 0..<count {
            let pool = hasCycles ? Array(0..<count) : Array(0..<vertex)
            for _ in 0..<Int.random(in: 0...2, using: &generator) where !pool.isEmpty {
                let size = Int.random(in: 1...3, using: &generator)
                let members = Array(pool.filter { $0 != vertex }.shuffled(using: &generator).prefix(size))
                guard !members.isEmpty else { continue }
                gates.append((vertex, Int.random(in: 1...members.count, using: &generator), members))
            }
            let isCandidate = Int.random(in: 0..<10, using: &generator) > 0
            faultCost.append(isCandidate ? Int64.random(in: 1..<largestCost, using: &generator) : -1)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                charge.append(-Int64.random(in: 1..<max(2, largestCost - 5), using: &generator))
                base -= charge[vertex]
            case 4..<7: charge.append(Int64.random(in: 1..<max(2, largestCost / 2), using: &generator))
            default: charge.append(0)
            }
        }
    }

    var problem: ExplanationProblem {
        var builder = ThresholdNetworkBuilder(vertexCount: count)
        for gate in gates {
            builder.addGate(
                threshold: Int32(gate.threshold),
                members: gate.members.map(Int32.init),
                owner: Int32(gate.owner)
            )
        }
        return ExplanationProblem(network: builder.build(), faultCost: faultCost, charge: charge, base: base)
    }

    /// The cost of the faults in `mask`.
    func cost(_ mask: Int) -> Int64 { evaluation.cost(mask) }

    private var evaluation: Evaluation { Evaluation(self) }

    /// The gates as masks of vertices, and the costs: what brute force evaluates thousands of times over.
    private struct Evaluation {
        private let gates: [(owner: Int, threshold: Int, members: Int)]
        private let faultCost: [Int64]
        private let charge: [Int64]
        private let base: Int64

        init(_ instance: RandomInstance) {
            gates = instance.gates.map { gate in
                (1 << gate.owner, gate.threshold, gate.members.reduce(0) { $0 | 1 << $1 })
            }
            faultCost = instance.faultCost.map { max(0, $0) }
            charge = instance.charge
            base = instance.base
        }

        /// What is true under the faults in `mask`, by iterating over all gates until nothing changes.
        func state(_ mask: Int) -> Int {
            var state = mask
            while true {
                var next = state
                for gate in gates where (state & gate.members).nonzeroBitCount >= gate.threshold { next |= gate.owner }
                if next == state { return state }
                state = next
            }
        }

        func cost(_ mask: Int) -> Int64 { base + sum(faultCost, over: mask) + sum(charge, over: state(mask)) }

        private func sum(_ costs: [Int64], over mask: Int) -> Int64 {
            var sum: Int64 = 0
            var rest = mask
            while rest != 0 {
                sum += costs[rest.trailingZeroBitCount]
                rest &= rest - 1
            }
            return sum
        }
    }

    /// Every explanation with its cost, by trying all sets of candidates.
    func allExplanations(without: [Int32] = [], requiring: [Int32] = []) -> [(mask: Int, cost: Int64)] {
        let required = mask(requiring)
        let free = mask((0..<Int32(count)).filter { faultCost[Int($0)] > 0 }) & ~required & ~mask(without)
        let evaluation = evaluation
        var found: [(mask: Int, cost: Int64)] = []
        // All subsets of what is free, in ascending order.
        var choice = 0
        repeat {
            found.append((required | choice, evaluation.cost(required | choice)))
            choice = (choice - free) & free
        } while choice != 0
        return found
    }

    /// The preferred explanation: cheapest, fewest roots, smallest roots.
    func bestExplanation(without: [Int32] = [], requiring: [Int32] = []) -> Explanation {
        var best: Explanation?
        for (mask, cost) in allExplanations(without: without, requiring: requiring) {
            if let best, best.cost < cost { continue }
            let candidate = Explanation(roots: roots(mask), cost: cost)
            if best.map({ candidate.precedes($0) }) ?? true { best = candidate }
        }
        return best ?? Explanation(roots: [], cost: base)
    }

    func roots(_ mask: Int) -> [Int32] {
        (0..<Int32(count)).filter { mask >> Int($0) & 1 == 1 }
    }

    func mask(_ roots: [Int32]) -> Int { roots.reduce(0) { $0 | 1 << Int($1) } }

    func isIrredundant(_ mask: Int, requiring: [Int32] = []) -> Bool {
        let whole = cost(mask)
        return roots(mask).allSatisfy { requiring.contains($0) || cost(mask & ~(1 << Int($0))) > whole }
    }
}
