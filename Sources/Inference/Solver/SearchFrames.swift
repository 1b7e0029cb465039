/// What a frame of the search wants done next.
enum SearchStep {
    /// Solve independent parts.
    case conjunction(Reduction, Int64)
    /// Solve one connected part.
    case graph(FactorGraph, Int64)
    /// Nothing: this is what the frame found.
    case finished(SearchOutcome)
}

/// A subproblem under way.
protocol SearchFrame: AnyObject {
    /// Says what is needed next.
    func advance(_ search: ExplanationSearch) -> SearchStep
    /// Takes the answer to what was asked for last.
    func take(_ outcome: SearchOutcome, of search: ExplanationSearch)
}

/// Independent parts, whose costs add.
final class ConjunctionFrame: SearchFrame {
    private let base: Int64
    private let roots: [Int32]
    private var parts: [FactorGraph]
    private let ceiling: Int64
    private var outcomes: [SearchOutcome] = []
    /// The bounds of the parts, replaced by what they turned out to cost.
    private var bounds: [Int64]
    private var isHopeless = false

    init(_ reduction: Reduction, ceiling: Int64) {
        base = reduction.base
        roots = reduction.roots
        parts = reduction.parts.sorted { $0.count < $1.count }
        bounds = parts.map(\.bound)
        self.ceiling = ceiling
    }

    private var bound: Int64 { bounds.reduce(base, +) }

    func advance(_ search: ExplanationSearch) -> SearchStep {
        if isHopeless || bound > ceiling {
            let proven = max(bound, ceiling + 1)
            return .finished(SearchOutcome(explanations: [], bound: proven, isComplete: true))
        }
        guard outcomes.count < parts.count else { return .finished(combined(search)) }
        let next = outcomes.count
        let part = parts[next]
        return .graph(part, ceiling - (bound - bounds[next]))
    }

    func take(_ outcome: SearchOutcome, of search: ExplanationSearch) {
        let cheapest = outcome.explanations.map(\.cost).min()
        isHopeless = outcome.isComplete && cheapest == nil
        bounds[outcomes.count] = max(bounds[outcomes.count], outcome.bound)
        outcomes.append(outcome)
    }

    /// All ways to combine the parts' explanations that stay at or below the ceiling.
    private func combined(_ search: ExplanationSearch) -> SearchOutcome {
        var isComplete = outcomes.allSatisfy(\.isComplete)
        var rest = outcomes.reduce(0) { $0 + $1.bound }
        var partial = [PartialExplanation(cost: base, roots: roots)]
        for outcome in outcomes {
            rest -= outcome.bound
            var extended: [PartialExplanation] = []
            for one in partial {
                for other in outcome.explanations where one.cost + other.cost + rest <= ceiling {
                    guard !isFull(extended, search) else {
                        isComplete = false
                        break
                    }
                    extended.append(PartialExplanation(cost: one.cost + other.cost, roots: one.roots + other.roots))
                }
            }
            partial = extended
        }
        for index in partial.indices { partial[index].roots.sort() }
        return SearchOutcome(explanations: partial, bound: bound, isComplete: isComplete)
    }

    private func isFull(_ explanations: [PartialExplanation], _ search: ExplanationSearch) -> Bool {
        guard case .all(let limit) = search.aim else { return false }
        return explanations.count >= limit
    }
}

/// A subproblem divided in two by a question.
final class AlternativeFrame: SearchFrame {
    private let graph: FactorGraph
    private let branch: SearchBranch
    private var ceiling: Int64
    private var found = SearchOutcome(known: [])
    private var step = 0

    init(_ graph: FactorGraph, branch: SearchBranch, ceiling: Int64) {
        self.graph = graph
        self.branch = branch
        self.ceiling = ceiling
    }

    /// Begins with explanations that are known already.
    func start(with explanations: [PartialExplanation]) {
        found = SearchOutcome(known: explanations)
    }

    func advance(_ search: ExplanationSearch) -> SearchStep {
        while step < 2 {
            if search.budget.isExhausted {
                found.isComplete = false
                found.bound = min(found.bound, graph.bound)
                break
            }
            var reducer = FactorGraphReducer(graph, ceiling: ceiling)
            switch (branch, step) {
            case (.fault(let node), 0): reducer.force(node)
            case (.fault(let node), _): reducer.exclude(node)
            case (.state(let node), 0): reducer.require(node)
            case (.state(let node), _): reducer.setFalse(node)
            }
            step += 1
            if let reduction = reducer.reduce() { return .conjunction(reduction, ceiling) }
            found.bound = min(found.bound, max(graph.bound, ceiling + 1))
        }
        return .finished(found)
    }

    func take(_ outcome: SearchOutcome, of search: ExplanationSearch) {
        found.merge(outcome, of: search, ceiling: &ceiling)
    }
}

/// A subproblem that was reduced, besides explanations that were found before.
final class ContinuedFrame: SearchFrame {
    private var found: SearchOutcome
    private var next: SearchStep?
    private var ceiling: Int64

    init(_ known: [PartialExplanation], _ next: SearchStep, ceiling: Int64) {
        found = SearchOutcome(known: known)
        self.next = next
        self.ceiling = ceiling
    }

    func advance(_ search: ExplanationSearch) -> SearchStep {
        if let step = next {
            next = nil
            return step
        }
        return .finished(found)
    }

    func take(_ outcome: SearchOutcome, of search: ExplanationSearch) {
        found.merge(outcome, of: search, ceiling: &ceiling)
    }
}

extension SearchOutcome {
    /// What is known before a search: some explanations, and so no bound above the cheapest of them.
    fileprivate init(known: [PartialExplanation]) {
        self.init(explanations: known, bound: known.map(\.cost).min() ?? .max, isComplete: true)
    }

    /// Adds what was found in one of several cases, as far as the aim asks for it; lowers the ceiling as the aim allows.
    fileprivate mutating func merge(_ outcome: SearchOutcome, of search: ExplanationSearch, ceiling: inout Int64) {
        bound = min(bound, outcome.bound)
        isComplete = isComplete && outcome.isComplete
        for explanation in outcome.explanations where !search.keep(explanation, in: &explanations, ceiling: &ceiling) {
            isComplete = false
        }
    }
}
