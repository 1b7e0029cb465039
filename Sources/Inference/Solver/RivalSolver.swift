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

    /// The work done so far, in the unit of a budget.
    package var spent: Int { session.budget.spent }

    let solver: ExplanationSolver
    var session: SolverSession
    /// What is left to decide near the optimum.
    let parts: RivalParts

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
        session.run.run(from: result.best.roots)
        let roots = Self.representatives(of: result.best.roots, in: session)
        parts = RivalParts(
            session.graph,
            best: result.isProven ? PartialExplanation(cost: session.bestCost, roots: roots) : nil,
            ceiling: session.bestCost + margin - scale.unit,
            margin: margin,
            down: Set(session.run.reached),
            unit: scale.unit,
            budget: budget
        )
    }

    /// The vertices by which the nodes of a session's graph go that stand for `vertices`.
    private static func representatives(of vertices: [Int32], in session: SolverSession) -> [Int32] {
        vertices.map { vertex in session.node(of: vertex).map { session.graph.vertex[$0] } ?? vertex }
    }

    /// The best explanation that has the candidate `vertex` among its roots, whether or not it needs it.
    ///
    /// - Parameters:
    ///   - vertex: A candidate.
    ///   - known: An explanation that has it, if the caller knows any: what costs as much is not searched for.
    /// - Returns: The best one, or what is known of its cost.
    /// - Complexity: exponential in the part that holds the vertex at worst; usually a few sweeps over it, or O(edges of
    ///   the vertex).
    package mutating func best(requiring vertex: Int32, knowing known: Explanation? = nil) -> RivalAnswer {
        let price = solver.problem.faultCost[Int(vertex)]
        precondition(price > 0, "only a candidate can be a root")
        if result.best.roots.contains(vertex) { return optimum }
        if session.budget.isExhausted { return unanswered }
        guard parts.isComplete, let node = session.node(of: vertex), session.region.isCandidate(vertex) else {
            let least = result.lowerBound + price - session.region.mostExplained(by: vertex)
            return least > result.best.cost + slack ? beyond(least) : fresh(requiring: [vertex])
        }
        switch parts.fate(of: session.graph.vertex[node]) {
        case .isFalse: return beyond()
        case .settled:
            return session.layout.interchangeable[Int32(node)] == nil ? beside(vertex) : fresh(requiring: [vertex])
        case .open(let part, let node):
            let graph = parts.parts[part].graph
            let scaledPrice = session.scaled.faultCost(of: vertex)
            let room = room(for: part, below: known)
            let least = graph.bound + graph.reducedCost(ofRoot: node, costing: scaledPrice, besideSources: true)
            if least > room { return nothingBelow(known) }
            var reducer = FactorGraphReducer(graph, ceiling: room)
            reducer.fault(node, vertex: vertex, cost: scaledPrice)
            return answer([part: search(reducer.reduce(), room)], knowing: known) ?? fresh(requiring: [vertex])
        }
    }

    /// The best explanation that has none of `vertices` among its roots.
    ///
    /// - Parameters:
    ///   - vertices: Vertices held healthy by themselves.
    ///   - known: An explanation that has none of them, if the caller knows any.
    /// - Returns: The best one, or what is known of its cost.
    /// - Complexity: as ``best(requiring:knowing:)``, for each part that holds one of them.
    package mutating func best(without vertices: [Int32], knowing known: Explanation? = nil) -> RivalAnswer {
        guard result.best.roots.contains(where: vertices.contains) else { return optimum }
        if session.budget.isExhausted { return unanswered }
        guard parts.isComplete else { return fresh(without: vertices) }
        var excluded: [Int: [Int]] = [:]
        for vertex in vertices {
            guard let node = session.node(of: vertex), session.region.isCandidate(vertex) else { continue }
            if session.layout.interchangeable[Int32(node)] != nil { return fresh(without: vertices) }
            if case .open(let part, let node) = parts.fate(of: session.graph.vertex[node]) {
                excluded[part, default: []].append(node)
            }
        }
        if parts.roots.contains(where: vertices.contains) { return beyond() }
        // What is known says something of a part only where it is the only one.
        let known = excluded.count == 1 ? known : nil
        var found: [Int: SearchOutcome?] = [:]
        for (part, nodes) in excluded.sorted(by: { $0.key < $1.key }) {
            let graph = parts.parts[part].graph
            let room = room(for: part, below: known)
            if nodes.count == 1, isHopeless(without: nodes[0], in: graph, ceiling: room) { return nothingBelow(known) }
            var reducer = FactorGraphReducer(graph, ceiling: room)
            for node in nodes { reducer.exclude(node) }
            found[part] = .some(search(reducer.reduce(), room))
        }
        return answer(found, knowing: known) ?? fresh(without: vertices)
    }

    /// Whether the bound, improved around `node`, tells that without it as a root a part costs more than `ceiling`.
    private func isHopeless(without node: Int, in graph: FactorGraph, ceiling: Int64) -> Bool {
        let worth = ceiling - graph.bound + 1
        let probe = LocalProbe(graph, budget: session.budget)
        return worth <= 0 || probe.gain(.isNoRoot, node, upTo: worth, limit: graph.edgeCount) >= worth
    }

    /// The greatest cost of a part that is of interest while the others keep their best: less than `known` in all.
    private func room(for part: Int, below known: Explanation?) -> Int64 {
        var greatest = parts.ceiling
        if let known, known.cost <= result.best.cost + slack {
            greatest = session.relativeCost(known.cost) - session.scale.unit
        }
        return greatest - (parts.total - parts.parts[part].optimum.cost)
    }

    /// The answer when nothing that is cheaper than `known` meets the condition.
    private func nothingBelow(_ known: Explanation?) -> RivalAnswer {
        guard let known, known.cost <= result.best.cost + slack else { return beyond() }
        return RivalAnswer(explanation: known, lowerBound: known.cost, isProven: true)
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

    /// The preferred explanation of what is left of a part; nothing when a contradiction is left.
    private func search(_ reduction: Reduction?, _ ceiling: Int64) -> SearchOutcome? {
        reduction.map {
            ExplanationSearch.preferred(
                of: $0,
                ceiling: ceiling,
                unit: session.scale.unit,
                budget: session.budget,
                repairs: false
            )
        }
    }

    /// Puts together what was found for some parts with the best of the others; nothing when that takes another search.
    private mutating func answer(_ found: [Int: SearchOutcome?], knowing known: Explanation?) -> RivalAnswer? {
        var roots = parts.roots
        var cost = parts.base
        for (index, part) in parts.parts.enumerated() {
            guard let outcome = found[index] else {
                roots += part.optimum.roots
                cost += part.optimum.cost
                continue
            }
            guard let outcome else { return nothingBelow(known) }
            guard outcome.isComplete else { return nil }
            guard let best = outcome.explanations.first else { return nothingBelow(known) }
            roots += best.roots
            cost += best.cost
        }
        guard cost <= parts.ceiling else { return beyond() }
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
