import Graphs

extension SolverSession {
    /// Replaces the best explanation by the preferred one of equal cost, if that takes little work.
    mutating func preferAmongEqual() {
        guard result.isProven, !best.roots.isEmpty, graph.count <= ExplanationRegion.wholeNetworkLimit else { return }
        let part = SearchBudget(limit: 100_000 + 50 * graph.edgeCount, within: budget)
        let search = ExplanationSearch(aim: .preferred, unit: scale.unit, budget: part)
        let outcome = find(search, ceiling: bestCost)
        for found in outcome.explanations where outcome.isComplete {
            let all = requiring + found.roots
            let explanation = Explanation(roots: all, cost: problem.cost(of: all, with: &run))
            if explanation.precedes(best) { best = explanation }
        }
    }

    /// All irredundant explanations within `slack` of the best, at most `limit`, after ``solve()``.
    mutating func enumerate(slack: Int64, limit: Int) -> Enumeration {
        let isOptimal = result.isProven
        let search = ExplanationSearch(aim: .all(limit: limit), unit: scale.unit, budget: budget)
        let ceiling = bestCost + scale.scaled(max(0, slack))
        let outcome = find(search, ceiling: ceiling)
        var isComplete = isOptimal && outcome.isComplete
        var explanations: [Explanation] = []
        for found in outcome.explanations {
            for roots in variants(of: found, ceiling: ceiling, limit: limit) {
                guard let explanation = irredundant(roots, suspects: roots, slack: slack) else { continue }
                guard explanations.count < limit else {
                    isComplete = false
                    break
                }
                explanations.append(explanation)
            }
        }
        explanations.sort { $0.precedes($1) }
        return Enumeration(explanations: explanations, isComplete: isComplete)
    }

    private func find(_ search: ExplanationSearch, ceiling: Int64) -> SearchOutcome {
        guard let reduction = search.reduced(graph, ceiling: ceiling) else {
            return SearchOutcome(explanations: [], bound: ceiling + 1, isComplete: true)
        }
        return search.run(reduction, ceiling: ceiling)
    }

    /// The explanation itself and those that name other vertices of the same cycles.
    func variants(of found: PartialExplanation, ceiling: Int64, limit: Int) -> [[Int32]] {
        var partial: [(roots: [Int32], cost: Int64)] = [([], found.cost)]
        for root in found.roots {
            guard let node = node(of: root), let others = layout.interchangeable[Int32(node)] else {
                for index in partial.indices { partial[index].roots.append(root) }
                continue
            }
            var extended: [(roots: [Int32], cost: Int64)] = []
            for one in partial {
                for other in others {
                    let cost = one.cost + scaled.faultCost(of: other) - graph.cost[node]
                    if cost <= ceiling, extended.count <= limit { extended.append((one.roots + [other], cost)) }
                }
            }
            partial = extended
        }
        return partial.map(\.roots)
    }

    /// The explanation with these roots, if it is within `slack` of the best and none of `suspects` is redundant.
    mutating func irredundant(_ roots: [Int32], suspects: [Int32], slack: Int64) -> Explanation? {
        let explanation = Explanation(
            roots: requiring + roots,
            cost: problem.cost(of: requiring + roots, with: &run)
        )
        guard explanation.cost <= best.cost + slack else { return nil }
        var removal = RootRemoval(run)
        for root in suspects {
            let saved = removal.lost(without: root).reduce(max(0, problem.faultCost[Int(root)])) { sum, node in
                Int(node) < problem.charge.count ? sum + problem.charge[Int(node)] : sum
            }
            budget.spend(removal.visits)
            if saved >= 0 { return nil }
        }
        return explanation
    }
}
