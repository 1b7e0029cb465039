/// An explanation of a subproblem.
struct PartialExplanation {
    var cost: Int64
    /// Vertices of the network, in no particular order until the search is over.
    var roots: [Int32]

    /// The order of preference of ``Explanation``, whose `roots` are sorted here too.
    func precedes(_ other: PartialExplanation) -> Bool {
        if cost != other.cost { return cost < other.cost }
        if roots.count != other.roots.count { return roots.count < other.roots.count }
        return roots.lexicographicallyPrecedes(other.roots)
    }
}

/// What a search of a subproblem found.
struct SearchOutcome {
    /// The explanations found, as far as the aim of the search keeps them.
    var explanations: [PartialExplanation]
    /// No explanation of the subproblem costs less.
    var bound: Int64
    /// Whether the aim was reached: no explanation at or below the ceiling was overlooked.
    var isComplete: Bool
}

/// What a search is after.
enum SearchAim {
    /// Any cheapest explanation.
    case cheapest
    /// The preferred one of all explanations at or below the ceiling.
    case preferred
    /// All explanations at or below the ceiling, at most `limit` of them.
    case all(limit: Int)
}

/// Branch and bound over factor graphs, with independent parts solved one by one.
///
/// A subproblem is either a *conjunction* of independent parts, whose costs add, or an *alternative* between faulting
/// one candidate and holding it healthy. Both are frames on an explicit stack.
final class ExplanationSearch {
    let budget: SearchBudget
    let aim: SearchAim
    /// The difference between two costs that are not equal is at least this.
    let unit: Int64
    /// Whether explanations are looked for near the relaxation; a caller that knows good ones has no need of that.
    private let repairs: Bool
    private(set) var branches = 0
    private(set) var updates = 0

    init(aim: SearchAim, unit: Int64, budget: SearchBudget, repairs: Bool = true) {
        self.aim = aim
        self.unit = unit
        self.budget = budget
        self.repairs = repairs
    }

    /// Searches `reduction` for explanations of cost at most `ceiling`.
    func run(_ reduction: Reduction, ceiling: Int64) -> SearchOutcome {
        var stack: [any SearchFrame] = [ConjunctionFrame(reduction, ceiling: ceiling)]
        var returned: SearchOutcome?
        while let frame = stack.last {
            if let outcome = returned {
                frame.take(outcome, of: self)
                returned = nil
            }
            switch frame.advance(self) {
            case .finished(let outcome):
                stack.removeLast()
                returned = outcome
            case .conjunction(let reduction, let ceiling):
                stack.append(ConjunctionFrame(reduction, ceiling: ceiling))
            case .graph(let graph, let ceiling):
                switch evaluate(graph, ceiling: ceiling) {
                case .closed(let outcome): returned = outcome
                case .open(let frame): stack.append(frame)
                }
            }
        }
        return returned ?? SearchOutcome(explanations: [], bound: reduction.bound, isComplete: false)
    }

    private enum Evaluation {
        case closed(SearchOutcome)
        case open(any SearchFrame)
    }

    /// Raises the bound of a connected subproblem, reads an explanation off it, and reduces it as far as that allows.
    private func evaluate(_ graph: FactorGraph, ceiling: Int64) -> Evaluation {
        branches += 1
        var ceiling = ceiling
        var best: [PartialExplanation] = []
        diffuse(graph, &ceiling, &best)
        var relaxed: RelaxedStates?
        if graph.bound <= ceiling, !budget.isExhausted, isWorthRelaxing(graph) {
            relaxed = relax(graph, &ceiling, &best)
            diffuse(graph, &ceiling, &best)
        }
        let bound = graph.bound
        if bound > ceiling {
            return .closed(SearchOutcome(explanations: best, bound: bound, isComplete: true))
        }
        if budget.isExhausted {
            return .closed(SearchOutcome(explanations: best, bound: bound, isComplete: false))
        }
        guard let reduction = reduced(graph, ceiling: ceiling) else {
            return .closed(SearchOutcome(explanations: best, bound: ceiling + 1, isComplete: true))
        }
        let isStuck =
            reduction.roots.isEmpty && reduction.parts.count == 1 && reduction.parts[0].count * 5 > graph.count * 4
        if isStuck, let stronger = strengthened(graph, relaxed, gap: ceiling - bound) {
            return .open(ContinuedFrame(best, .graph(stronger, ceiling), ceiling: ceiling))
        }
        // What has no cuts now is not looked through for any again.
        if isStuck { reduction.parts[0].gapBeforeCuts = min(reduction.parts[0].gapBeforeCuts, ceiling - bound) }
        if isStuck, let branch = SearchBranch(reduction.parts[0], ceiling: ceiling - reduction.base, budget: budget) {
            let part = reduction.parts[0]
            part.base += reduction.base
            let alternative = AlternativeFrame(part, branch: branch, ceiling: ceiling)
            alternative.start(with: best)
            return .open(alternative)
        }
        return .open(ContinuedFrame(best, .conjunction(reduction, ceiling), ceiling: ceiling))
    }

    /// Sweeps until the bound passes the ceiling or hardly rises.
    private func diffuse(_ graph: FactorGraph, _ ceiling: inout Int64, _ best: inout [PartialExplanation]) {
        var schedule = DiffusionSchedule(graph, unit: unit, patience: 100)
        var decodedLast = false
        for pass in 0... {
            let isLast = !schedule.sweep(graph, gap: ceiling - graph.bound, budget: budget)
            if graph.bound > ceiling || budget.isExhausted { break }
            decodedLast = pass == 0 || pass == 3 || pass & 31 == 31
            if decodedLast { decode(graph, &ceiling, &best) }
            if isLast || graph.bound > ceiling { break }
        }
        updates += schedule.updates
        if !decodedLast, graph.bound <= ceiling { decode(graph, &ceiling, &best) }
    }

    /// Graphs of fewer edges are searched without solving their relaxation.
    private static let smallest = 300

    /// Small graphs are searched as fast as their relaxation is solved; a relaxation stays good until much is decided.
    private func isWorthRelaxing(_ graph: FactorGraph) -> Bool {
        graph.edgeCount > Self.smallest && graph.count < graph.relaxedCount / 4 * 3
    }

    /// Solves the linear relaxation, and looks for explanations near it.
    private func relax(
        _ graph: FactorGraph,
        _ ceiling: inout Int64,
        _ best: inout [PartialExplanation]
    ) -> RelaxedStates {
        let before = graph.bound
        let relaxed = graph.relax(goal: ceiling + 1, budget: budget)
        // Where diffusion was ahead already it stays so.
        graph.relaxedCount = graph.bound > before ? graph.count : 0
        guard case .cheapest = aim, repairs, graph.bound <= ceiling, graph.gapBeforeCuts == .max else { return relaxed }
        var repair = ExplanationRepair(graph, budget: budget)
        let starts = [0.5, 0.25].map { share in relaxed.fault.indices.filter { relaxed.fault[$0] > share } }
        if let found = repair.improved(starts) {
            record(found, of: graph, &ceiling, &best)
        }
        return relaxed
    }

    /// The graph with the cuts that its relaxation violates, while cuts close the gap.
    private func strengthened(_ graph: FactorGraph, _ relaxed: RelaxedStates?, gap: Int64) -> FactorGraph? {
        guard graph.edgeCount > Self.smallest, gap < graph.gapBeforeCuts / 10 * 9 else { return nil }
        guard relaxed != nil || graph.gapBeforeCuts == .max else { return nil }
        let relaxed = relaxed ?? graph.relax(goal: graph.bound + gap + 1, budget: budget)
        var search = CutSearch(graph, relaxed, budget: budget)
        let cuts = search.cuts()
        guard !cuts.isEmpty else { return nil }
        let stronger = graph.strengthened(by: cuts)
        stronger.relaxedCount = .max
        stronger.gapBeforeCuts = gap
        return stronger
    }

    /// A graph of the same explanations whose bound is as near the cost of the best of them, `optimum`, as relaxation and
    /// cuts bring it.
    ///
    /// - Complexity: as the search of a subproblem, without branching.
    func tightened(_ graph: FactorGraph, optimum: Int64) -> FactorGraph {
        var graph = graph
        var ceiling = optimum - unit
        var best: [PartialExplanation] = []
        for _ in 0..<Self.tightenings {
            diffuse(graph, &ceiling, &best)
            guard graph.bound <= ceiling, graph.edgeCount > Self.smallest, !budget.isExhausted else { break }
            let relaxed = graph.relax(goal: optimum, budget: budget)
            guard let stronger = strengthened(graph, relaxed, gap: optimum - graph.bound) else { break }
            graph = stronger
        }
        return graph
    }

    /// How often a part is given more cuts.
    private static let tightenings = 3

    private func record(
        _ found: (roots: [Int], cost: Int64),
        of graph: FactorGraph,
        _ ceiling: inout Int64,
        _ best: inout [PartialExplanation]
    ) {
        guard case .cheapest = aim, found.cost <= ceiling else { return }
        best = [PartialExplanation(cost: found.cost, roots: found.roots.map { graph.vertex[$0] })]
        ceiling = found.cost - unit
    }

    private func decode(_ graph: FactorGraph, _ ceiling: inout Int64, _ best: inout [PartialExplanation]) {
        guard case .cheapest = aim else { return }
        var run = FactorGraphRun(graph)
        record(graph.pruned(graph.decoded(), with: &run, budget: budget), of: graph, &ceiling, &best)
    }

    /// Decides what the bound allows to decide, and draws the consequences.
    func reduced(_ graph: FactorGraph, ceiling: Int64) -> Reduction? {
        budget.spend(graph.edgeCount)
        var reducer = Self.persistency(of: graph, ceiling: ceiling)
        return reducer.reduce()
    }

    /// Decides what the bound allows to decide: persistency.
    static func persistency(of graph: FactorGraph, ceiling: Int64, margin: Int64 = 0) -> FactorGraphReducer {
        let room = ceiling - graph.bound
        var reducer = FactorGraphReducer(graph, ceiling: ceiling, margin: margin)
        graph.withStillSplit {
            for node in 0..<graph.count {
                if graph.cost[node] < FactorGraph.infinity, graph.reducedCost(ofRoot: node) > room {
                    reducer.exclude(node)
                }
                if graph.reducedCost(ofFalse: node) > room { reducer.require(node) }
                if graph.threshold[node] == 1, graph.reducedCost(ofTrue: node) > room { reducer.setFalse(node) }
            }
        }
        return reducer
    }

    /// Adds `explanation` to `kept` as far as the aim asks for it, and lowers the ceiling where only better ones
    /// matter from now on.
    ///
    /// Returns whether there was room.
    func keep(
        _ explanation: PartialExplanation,
        in kept: inout [PartialExplanation],
        ceiling: inout Int64
    ) -> Bool {
        guard explanation.cost <= ceiling else { return true }
        switch aim {
        case .cheapest:
            kept = [explanation]
            ceiling = explanation.cost - unit
        case .preferred:
            if kept.first.map({ explanation.precedes($0) }) ?? true { kept = [explanation] }
        case .all(let limit):
            guard kept.count < limit else { return false }
            kept.append(explanation)
        }
        return true
    }
}
