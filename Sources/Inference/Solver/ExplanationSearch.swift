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
    private(set) var branches = 0
    private(set) var updates = 0

    init(aim: SearchAim, unit: Int64, budget: SearchBudget) {
        self.aim = aim
        self.unit = unit
        self.budget = budget
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
        improve(graph, &ceiling, &best)
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
        if reduction.roots.isEmpty, reduction.parts.count == 1, let part = reduction.parts.first,
            part.count * 5 > graph.count * 4,
            let branch = SearchBranch(part, ceiling: ceiling - reduction.base, budget: budget)
        {
            part.base += reduction.base
            let alternative = AlternativeFrame(part, branch: branch, ceiling: ceiling)
            alternative.start(with: best)
            return .open(alternative)
        }
        return .open(ContinuedFrame(best, .conjunction(reduction, ceiling), ceiling: ceiling))
    }

    /// Sweeps until the bound passes the ceiling or hardly rises.
    private func improve(_ graph: FactorGraph, _ ceiling: inout Int64, _ best: inout [PartialExplanation]) {
        var schedule = DiffusionSchedule(graph, unit: unit, patience: 200)
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

    private func decode(_ graph: FactorGraph, _ ceiling: inout Int64, _ best: inout [PartialExplanation]) {
        guard case .cheapest = aim else { return }
        var run = FactorGraphRun(graph)
        let (roots, cost) = graph.pruned(graph.decoded(), with: &run, budget: budget)
        if cost <= ceiling {
            best = [PartialExplanation(cost: cost, roots: roots.map { graph.vertex[$0] })]
            ceiling = cost - unit
        }
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
        for node in 0..<graph.count {
            if graph.cost[node] < FactorGraph.infinity, graph.reducedCost(ofRoot: node) > room {
                reducer.exclude(node)
            }
            if graph.reducedCost(ofFalse: node) > room { reducer.require(node) }
            if graph.threshold[node] == 1, graph.reducedCost(ofTrue: node) > room { reducer.setFalse(node) }
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
