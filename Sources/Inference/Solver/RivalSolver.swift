import Graphs

/// The best explanation under a condition, if it is near the best of all.
package struct RivalAnswer: Sendable {
    /// The best explanation found; nothing when none was found within the slack.
    package let explanation: Explanation?
    /// No explanation that meets the condition costs less than this.
    package let lowerBound: Int64
    /// Whether ``explanation`` is proven to be the best that meets the condition, or all of these are proven to lie
    /// beyond the slack.
    package let isProven: Bool
}

/// A problem that has been solved, and what is left to decide near the optimum: the state from which the question
/// what the best explanation with, or without, a vertex would be is answered in little work.
///
/// Only explanations that cost at most `slack` more than the best are of interest. The bound that proved the optimum
/// decides most of the network for all of these at once (persistency), and cuts what is left into independent parts.
/// A question is answered by the bound alone where that is enough, and otherwise by a search of the part that holds
/// the vertex; the other parts keep their own best.
package struct RivalSolver {
    /// The best explanation of all, as ``ExplanationSolver/solve(without:requiring:ceiling:budget:shouldStop:)`` finds it.
    package let result: SolverResult
    /// How much more than the best an explanation of interest may cost.
    package let slack: Int64

    let solver: ExplanationSolver
    var session: SolverSession
    /// The greatest cost of interest, in the search's units.
    private let ceiling: Int64
    private var reducer: FactorGraphReducer
    let reduction: Reduction?
    /// The best of each part.
    private(set) var optima: [PartialExplanation] = []
    /// What all parts cost at their best.
    private var total: Int64 = 0
    /// Whether the best of each part is known.
    private(set) var isPrepared = true

    init(_ solver: ExplanationSolver, scale: CostScale, slack: Int64, budget: SearchBudget) {
        precondition(slack >= 0, "slack is a distance")
        self.solver = solver
        self.slack = slack
        let margin = scale.scaled(slack) + scale.unit
        session = SolverSession(
            solver.problem,
            scale: scale,
            without: [],
            requiring: [],
            margin: margin,
            budget: budget
        )
        session.solve()
        session.preferAmongEqual()
        result = session.result
        ceiling = session.bestCost + margin - scale.unit
        reducer = ExplanationSearch.persistency(of: session.graph, ceiling: ceiling, margin: margin)
        reduction = reducer.reduce()
        solveParts()
    }

    /// The best explanation that has the candidate `vertex` among its roots, whether or not it needs it.
    ///
    /// - Complexity: exponential in the part that holds the vertex at worst; usually a few sweeps over it, or O(edges of
    ///   the vertex).
    package mutating func best(requiring vertex: Int32) -> RivalAnswer {
        let price = solver.problem.faultCost[Int(vertex)]
        precondition(price > 0, "only a candidate can be a root")
        if result.best.roots.contains(vertex) { return optimum }
        if session.budget.isExhausted { return unanswered }
        guard let reduction, let node = session.node(of: vertex), session.region.isCandidate(vertex) else {
            let least = result.lowerBound + price - session.region.mostExplained(by: vertex)
            return least > result.best.cost + slack ? beyond(least) : fresh(requiring: [vertex])
        }
        switch reducer.fate(of: node) {
        case .isFalse: return beyond()
        case .settled:
            return session.layout.interchangeable[Int32(node)] == nil ? beside(vertex) : fresh(requiring: [vertex])
        case .open(let part, let node):
            let graph = reduction.parts[part]
            let scaledPrice = session.scaled.faultCost(of: vertex)
            let partCeiling = ceiling - (total - optima[part].cost)
            let least = graph.bound + graph.reducedCost(ofRoot: node, costing: scaledPrice, besideSources: true)
            if least > partCeiling { return beyond() }
            var reducer = FactorGraphReducer(graph, ceiling: partCeiling)
            reducer.fault(node, vertex: vertex, cost: scaledPrice)
            let found = reducer.reduce().map { search($0, ceiling: partCeiling) }
            return answer([part: found]) ?? fresh(requiring: [vertex])
        }
    }

    /// The best explanation that has none of `vertices` among its roots.
    ///
    /// - Complexity: as ``best(requiring:)``, for each part that holds one of them.
    package mutating func best(without vertices: [Int32]) -> RivalAnswer {
        guard result.best.roots.contains(where: vertices.contains) else { return optimum }
        if session.budget.isExhausted { return unanswered }
        guard let reduction else { return fresh(without: vertices) }
        var excluded: [Int: [Int]] = [:]
        for vertex in vertices {
            guard let node = session.node(of: vertex), session.region.isCandidate(vertex) else { continue }
            if session.layout.interchangeable[Int32(node)] != nil { return fresh(without: vertices) }
            if case .open(let part, let node) = reducer.fate(of: node) { excluded[part, default: []].append(node) }
        }
        if reduction.roots.contains(where: vertices.contains) { return beyond() }
        var found: [Int: SearchOutcome?] = [:]
        for (part, nodes) in excluded.sorted(by: { $0.key < $1.key }) {
            let partCeiling = ceiling - (total - optima[part].cost)
            var reducer = FactorGraphReducer(reduction.parts[part], ceiling: partCeiling)
            for node in nodes { reducer.exclude(node) }
            found[part] = .some(reducer.reduce().map { search($0, ceiling: partCeiling) })
        }
        return answer(found) ?? fresh(without: vertices)
    }

    /// The answer for a root that changes nothing near the optimum: the best explanation with it added.
    private mutating func beside(_ vertex: Int32) -> RivalAnswer {
        let price = solver.problem.faultCost[Int(vertex)]
        guard result.lowerBound + price <= result.best.cost + slack else { return beyond() }
        let roots = result.best.roots + [vertex]
        let cost = solver.problem.cost(of: roots, with: &session.run)
        guard result.isProven, cost == result.best.cost + price else { return fresh(requiring: [vertex]) }
        return RivalAnswer(explanation: Explanation(roots: roots, cost: cost), lowerBound: cost, isProven: true)
    }

    private var optimum: RivalAnswer {
        RivalAnswer(explanation: result.best, lowerBound: result.lowerBound, isProven: result.isProven)
    }

    /// Nothing but what holds for all explanations.
    private var unanswered: RivalAnswer {
        RivalAnswer(explanation: nil, lowerBound: result.lowerBound, isProven: false)
    }

    /// No explanation of interest, and none that costs less than `bound`.
    private func beyond(_ bound: Int64 = .min) -> RivalAnswer {
        let least = result.best.cost + slack + session.scale.divisor
        return RivalAnswer(explanation: nil, lowerBound: max(bound, least), isProven: true)
    }

    private mutating func solveParts() {
        guard let reduction else { return }
        total = reduction.base
        for part in reduction.parts {
            let room = ceiling - (reduction.bound - part.bound)
            let outcome = search(Reduction(base: 0, roots: [], parts: [part]), ceiling: room)
            let best = outcome.explanations.first
            isPrepared = isPrepared && outcome.isComplete && best != nil
            optima.append(best ?? PartialExplanation(cost: part.bound, roots: []))
            total += optima[optima.count - 1].cost
        }
    }

    /// The preferred one of the cheapest explanations of `reduction`.
    private func search(_ reduction: Reduction, ceiling: Int64) -> SearchOutcome {
        let unit = session.scale.unit
        let search = ExplanationSearch(aim: .cheapest, unit: unit, budget: session.budget)
        let outcome = search.run(reduction, ceiling: ceiling)
        guard let cost = outcome.explanations.first?.cost, outcome.isComplete else { return outcome }
        let edges = reduction.parts.reduce(0) { $0 + $1.edgeCount }
        let part = SearchBudget(limit: 20_000 + 50 * edges, within: session.budget)
        let preferred = ExplanationSearch(aim: .preferred, unit: unit, budget: part).run(reduction, ceiling: cost)
        return preferred.isComplete && !preferred.explanations.isEmpty ? preferred : outcome
    }

    /// Puts together what was found for some parts with the best of the others; nothing when that takes another search.
    private mutating func answer(_ found: [Int: SearchOutcome?]) -> RivalAnswer? {
        guard let reduction, isPrepared else { return nil }
        var roots = reduction.roots
        var cost = reduction.base
        for (part, optimum) in optima.enumerated() {
            guard let outcome = found[part] else {
                roots += optimum.roots
                cost += optimum.cost
                continue
            }
            guard let outcome else { return beyond() }
            guard outcome.isComplete else { return nil }
            guard let best = outcome.explanations.first else { return beyond() }
            roots += best.roots
            cost += best.cost
        }
        guard cost <= ceiling else { return beyond() }
        let explanation = Explanation(roots: roots, cost: solver.problem.cost(of: roots, with: &session.run))
        // Where evidence was left out, the parts may know less than the whole network.
        guard session.relativeCost(explanation.cost) == cost else { return nil }
        return RivalAnswer(explanation: explanation, lowerBound: explanation.cost, isProven: true)
    }

    /// The answer from a search of its own.
    private func fresh(without: [Int32] = [], requiring: [Int32] = []) -> RivalAnswer {
        let ceiling = self.result.best.cost + slack
        let result = solver.solve(without: without, requiring: requiring, ceiling: ceiling, within: session.budget)
        return RivalAnswer(
            explanation: result.best.cost <= ceiling ? result.best : nil,
            lowerBound: result.lowerBound,
            isProven: result.isProven || result.lowerBound > ceiling
        )
    }
}
