package import Graphs

/// Which faults best explain the evidence over a threshold network: the question that ``ExplanationSolver`` answers.
///
/// An explanation is a set of faulted vertices, its *roots*. Its cost is ``base``, plus the fault cost of each root,
/// plus the charge of every vertex that is true once the network has run forward from the roots. Costs are integers
/// (micro-nats where they come from probabilities), so that equal means equal and a bound is a proof.
package struct ExplanationProblem: Sendable {
    /// The network through which faults spread.
    package let network: ThresholdNetwork
    /// What it costs to fault each vertex: above 0, or negative for a vertex that is no candidate.
    package let faultCost: [Int64]
    /// What it costs each vertex to be true: negative where that explains evidence, positive where it contradicts
    /// evidence, 0 where nothing is known.
    package let charge: [Int64]
    /// What the empty explanation costs: the price of leaving all evidence unexplained.
    package let base: Int64

    /// Poses a problem.
    ///
    /// `faultCost` and `charge` have one element for each vertex of `network`, and no candidate is free.
    ///
    /// - Complexity: O(vertices).
    package init(network: ThresholdNetwork, faultCost: [Int64], charge: [Int64], base: Int64) {
        precondition(faultCost.count == network.vertexCount && charge.count == network.vertexCount, "one cost a vertex")
        precondition(!faultCost.contains(0), "a fault has a price")
        self.network = network
        self.faultCost = faultCost
        self.charge = charge
        self.base = base
    }

    /// What `roots` cost, by a forward run in `run`, a workspace on ``network``.
    ///
    /// A root that is no candidate adds nothing of its own.
    ///
    /// - Complexity: O(nodes reached + arcs that leave them).
    package func cost(of roots: [Int32], with run: inout ForwardRun) -> Int64 {
        run.run(from: roots)
        var cost = base
        for root in roots {
            cost += max(0, faultCost[Int(root)])
        }
        for node in run.reached where Int(node) < network.vertexCount {
            cost += charge[Int(node)]
        }
        return cost
    }
}

/// A set of faults and what it costs to believe in them.
package struct Explanation: Sendable, Equatable {
    /// The faulted vertices, ascending.
    package let roots: [Int32]
    /// Their cost as ``ExplanationProblem`` defines it.
    package let cost: Int64

    /// Pairs roots, which it sorts, with their cost.
    ///
    /// - Complexity: O(r log r) for r roots.
    package init(roots: [Int32], cost: Int64) {
        self.roots = roots.sorted()
        self.cost = cost
    }

    /// Whether this explanation is preferred to `other`: cheaper, else with fewer roots, else with the
    /// lexicographically smaller roots.
    ///
    /// - Complexity: O(roots).
    package func precedes(_ other: Explanation) -> Bool {
        if cost != other.cost { return cost < other.cost }
        if roots.count != other.roots.count { return roots.count < other.roots.count }
        return roots.lexicographicallyPrecedes(other.roots)
    }
}

/// The best explanation found and how far it can be from the best there is.
package struct SolverResult: Sendable {
    /// The best explanation found.
    package let best: Explanation
    /// No explanation costs less than this.
    package let lowerBound: Int64
    /// What the search did.
    package let statistics: SolverStatistics

    /// Whether ``best`` is proven to be optimal.
    package var isProven: Bool { lowerBound >= best.cost }
}

/// All explanations near the optimum.
package struct Enumeration: Sendable {
    /// Irredundant explanations within the slack of the best, in order of preference.
    ///
    /// An explanation is irredundant when taking away any one of its roots makes it cost strictly more.
    package let explanations: [Explanation]
    /// Whether these are all of them; otherwise the limit or the budget ended the search.
    package let isComplete: Bool
}

/// What a search did, in numbers that depend only on the problem and the budget.
package struct SolverStatistics: Sendable, Equatable {
    /// Vertices and gates in the region that was searched.
    package var regionNodes = 0
    /// Times that the region was extended by evidence that it had left out.
    package var rounds = 0
    /// Updates of the dual bound's split.
    package var updates = 0
    /// Subproblems of branch and bound.
    package var branches = 0
    /// The work done, in the unit of a budget.
    package var work = 0
    /// The bound before branching.
    package var rootBound: Int64 = 0
}
