/// Finds the best explanation of an ``ExplanationProblem``, with a proof, or the best found within a budget, with a
/// bound on how much better it could be.
///
/// The method is dual decomposition by min-sum diffusion, persistency, and branch and bound over independent parts;
/// evidence against an explanation is taken in only where it matters. Every explanation is valued by a forward run
/// over the whole network, and every bound holds for the whole network. The answer depends on the problem and the
/// budget alone. Among explanations of equal cost the solver returns the one with the fewest roots, then the one whose
/// sorted roots come first, as long as deciding so takes no more than a fraction of the work; this is always so for
/// problems of a few thousand nodes without many ties.
///
/// Werner, "A linear programming approach to max-sum problem: a review" (2007), for diffusion and persistency;
/// Nau and others (de Kleer and Williams, 1987; Peng and Reggia, 1990) for parsimonious explanations.
package struct ExplanationSolver: Sendable {
    /// What is to be explained.
    package let problem: ExplanationProblem
    private let scale: CostScale

    /// The work that a search does at most unless the caller says otherwise: about a minute.
    package static let defaultBudget = 4_000_000_000

    /// A solver of `problem`.
    ///
    /// - Complexity: O(vertices).
    package init(_ problem: ExplanationProblem) {
        self.problem = problem
        scale = CostScale(problem)
    }

    /// The best explanation in which no vertex of `without` and every vertex of `requiring` is a root.
    ///
    /// A vertex held healthy may still be brought down by others. A required root that is no candidate is free of
    /// charge. No vertex is in both lists.
    ///
    /// - Parameters:
    ///   - without: Vertices held healthy by themselves.
    ///   - requiring: Vertices that are faulted in any case.
    ///   - ceiling: The greatest cost of interest: the search ends once it is proven that all explanations cost more.
    ///   - budget: How much work to do at most, in visits of an edge, roughly. The same budget gives the same answer.
    ///   - shouldStop: Asked now and then; when it says yes the search winds up with the best found so far.
    /// - Returns: The best explanation found, and what any explanation costs at least.
    /// - Complexity: exponential at worst; usually a few sweeps over what is upstream of the evidence.
    package func solve(
        without: [Int32] = [],
        requiring: [Int32] = [],
        ceiling: Int64? = nil,
        budget: Int = defaultBudget,
        shouldStop: (() -> Bool)? = nil
    ) -> SolverResult {
        let budget = SearchBudget(limit: budget, shouldStop: shouldStop)
        return solve(without: without, requiring: requiring, ceiling: ceiling, within: budget)
    }

    func solve(without: [Int32], requiring: [Int32], ceiling: Int64?, within budget: SearchBudget) -> SolverResult {
        var session = SolverSession(
            problem,
            scale: scale,
            without: without,
            requiring: requiring,
            ceiling: ceiling,
            budget: budget
        )
        session.solve()
        session.preferAmongEqual()
        return session.result
    }

    /// Solves the problem and prepares for questions about explanations that cost at most `slack` more than the best.
    ///
    /// The budget is for this and all questions together; a question that comes when it is spent gets an answer that
    /// is not proven.
    ///
    /// - Complexity: as ``solve(without:requiring:ceiling:budget:shouldStop:)``.
    package func rivals(
        slack: Int64,
        budget: Int = defaultBudget,
        shouldStop: (() -> Bool)? = nil
    ) -> RivalSolver {
        RivalSolver(self, scale: scale, slack: slack, budget: SearchBudget(limit: budget, shouldStop: shouldStop))
    }

    /// All irredundant explanations that cost at most `slack` more than the best, at most `limit` of them.
    ///
    /// - Complexity: exponential in the number of near ties at worst.
    package func enumerate(
        slack: Int64,
        limit: Int,
        without: [Int32] = [],
        requiring: [Int32] = [],
        budget: Int = defaultBudget,
        shouldStop: (() -> Bool)? = nil
    ) -> Enumeration {
        let budget = SearchBudget(limit: budget, shouldStop: shouldStop)
        var session = SolverSession(
            problem,
            scale: scale,
            without: without,
            requiring: requiring,
            budget: budget
        )
        session.solve()
        return session.enumerate(slack: slack, limit: limit)
    }
}
