/// Explanations near the best that differ from it in one independent part of the evidence.
package struct Neighbourhood: Sendable {
    /// Irredundant explanations, the best one not among them, in order of preference.
    package let explanations: [Explanation]
    /// All that cost at most this much more than the best are among ``explanations``; nil when there were too many.
    package let slack: Int64?
}

extension RivalSolver {
    /// The irredundant explanations within the slack of the best, part by part: in each part another choice, and in the
    /// others that of the best.
    ///
    /// Choices in different parts are independent, so that these say all: k parts with two choices each give k
    /// neighbours, where a flat list of explanations would have 2^k members.
    ///
    /// - Parameters:
    ///   - slacks: How much more than the best they may cost, descending: the first that is not too much is taken for
    ///     each part.
    ///   - limit: How many explanations of a part are too many.
    /// - Returns: What was found, and within which slack that is complete.
    /// - Complexity: as a search of each part, which ends in time linear in the part.
    package mutating func neighbourhood(slacks: [Int64], limit: Int) -> Neighbourhood {
        guard parts.isComplete, result.isProven else { return Neighbourhood(explanations: [], slack: nil) }
        var explanations: [Explanation] = []
        var reached = slacks.first
        for (index, part) in parts.parts.enumerated() {
            let others = parts.parts.indices.filter { $0 != index }.flatMap { parts.parts[$0].optimum.roots }
            var listed: Int64?
            for slack in slacks where listed == nil {
                let room = SearchBudget(limit: 200_000 + 50 * part.graph.edgeCount, within: session.budget)
                let search = ExplanationSearch(aim: .all(limit: limit), unit: session.scale.unit, budget: room)
                let ceiling = part.optimum.cost + session.scale.scaled(slack)
                let outcome = search.run(Reduction(base: 0, roots: [], parts: [part.graph]), ceiling: ceiling)
                guard outcome.isComplete else { continue }
                listed = slack
                for found in outcome.explanations {
                    for roots in session.variants(of: found, ceiling: ceiling, limit: limit) {
                        let all = parts.roots + others + roots
                        // What the best needs of other parts is needed still, for they are independent.
                        let irredundant = session.irredundant(all, suspects: roots, slack: slack)
                        if let irredundant { explanations.append(irredundant) }
                    }
                }
            }
            reached = listed.flatMap { listed in reached.map { min($0, listed) } }
        }
        explanations.removeAll { $0.roots == result.best.roots }
        return Neighbourhood(explanations: explanations.sorted { $0.precedes($1) }, slack: reached)
    }
}
