/// What is left to decide near the optimum: independent parts, each with its best explanation.
///
/// The bound that proved the optimum decides most of a graph for all explanations of interest at once, and what it leaves
/// falls into parts. Where the bound of a part lags behind its optimum, relaxation and cuts bring it closer, so that it
/// decides more.
struct RivalParts {
    /// A part with its best explanation.
    struct Part {
        let graph: FactorGraph
        let optimum: PartialExplanation
    }

    /// What an explanation of interest costs at most.
    let ceiling: Int64
    /// What is decided costs this, and these are roots in every explanation of interest.
    private(set) var base: Int64 = 0
    private(set) var roots: [Int32] = []
    private(set) var parts: [Part] = []
    /// Whether the best explanation of each part is known.
    private(set) var isComplete = true
    private let margin: Int64
    private let unit: Int64
    private let budget: SearchBudget
    /// The vertices that the best explanation brings down.
    private let down: Set<Int32>
    /// For the vertices that are open, where each is; and those that are false in every explanation of interest.
    private var place: [Int32: (part: Int, node: Int)] = [:]
    private var isFalse: Set<Int32> = []
    /// Candidates that are no root of an explanation of interest unless something else brings them down, too.
    private var isExcluded: Set<Int32> = []

    /// How much is spent on excluding candidates one by one, in visits of all edges, and on each.
    private static let probing = 100
    private static let effort = 1 << 12

    /// Cuts `graph` into parts, and finds the best explanation of each: what the best of all says of it.
    ///
    /// - Parameters:
    ///   - graph: A graph of all explanations of interest.
    ///   - best: The best of them, if it is known to be: its cost, and the vertices that stand for its roots.
    ///   - ceiling: What an explanation of interest costs at most.
    ///   - margin: Candidates stay unless they cost this much more than they can explain.
    ///   - down: The vertices that the best explanation brings down.
    ///   - unit: The difference between two costs that are not equal is at least this.
    ///   - budget: How much work to do at most.
    /// - Complexity: exponential at worst; usually some sweeps over the graph.
    init(
        _ graph: FactorGraph,
        best: PartialExplanation?,
        ceiling: Int64,
        margin: Int64,
        down: Set<Int32>,
        unit: Int64,
        budget: SearchBudget
    ) {
        self.ceiling = ceiling
        self.margin = margin
        self.down = down
        self.unit = unit
        self.budget = budget
        divide(graph, best: best, ceiling: ceiling, isTight: false)
        for (index, part) in parts.enumerated() {
            for node in 0..<part.graph.count where part.graph.vertex[node] >= 0 {
                place[part.graph.vertex[node]] = (index, node)
            }
        }
    }

    /// What all parts cost at their best.
    var total: Int64 { parts.reduce(base) { $0 + $1.optimum.cost } }

    /// What became of a candidate.
    func fate(of vertex: Int32) -> NodeFate {
        if isExcluded.contains(vertex) { return down.contains(vertex) ? .settled : .isFalse }
        if let (part, node) = place[vertex] { return .open(part: part, node: node) }
        return isFalse.contains(vertex) ? .isFalse : .settled
    }

    private mutating func divide(_ graph: FactorGraph, best: PartialExplanation?, ceiling: Int64, isTight: Bool) {
        guard let reduction = reduced(graph, ceiling: ceiling) else {
            isComplete = false
            return
        }
        base += reduction.base
        roots += reduction.roots
        let optima =
            best.flatMap { restrictions(of: $0, to: reduction) }
            ?? reduction.parts.map { solve($0, ceiling: ceiling - (reduction.bound - $0.bound)) }
        let slack = ceiling - optima.reduce(reduction.base) { $0 + $1.cost }
        for (part, optimum) in zip(reduction.parts, optima) {
            guard !isTight, isComplete, part.bound <= optimum.cost - unit else {
                parts.append(Part(graph: part, optimum: optimum))
                continue
            }
            let search = ExplanationSearch(aim: .preferred, unit: unit, budget: budget)
            let tight = search.tightened(part, optimum: optimum.cost)
            divide(tight, best: optimum, ceiling: optimum.cost + slack, isTight: true)
        }
    }

    /// What the best explanation of all says of each part of a reduction, if that adds up to it.
    private func restrictions(of best: PartialExplanation, to reduction: Reduction) -> [PartialExplanation]? {
        let roots = Set(best.roots)
        let optima = reduction.parts.map { part in
            let candidates = (0..<part.count).filter { part.cost[$0] < FactorGraph.infinity }
            let nodes = candidates.filter { roots.contains(part.vertex[$0]) }
            var run = FactorGraphRun(part)
            return PartialExplanation(cost: run.cost(of: nodes, in: part), roots: nodes.map { part.vertex[$0] })
        }
        return optima.reduce(reduction.base) { $0 + $1.cost } == best.cost ? optima : nil
    }

    private mutating func reduced(_ graph: FactorGraph, ceiling: Int64) -> Reduction? {
        var reducer = ExplanationSearch.persistency(of: graph, ceiling: ceiling, margin: margin)
        for node in hopeless(in: graph, ceiling: ceiling) {
            reducer.exclude(node)
            isExcluded.insert(graph.vertex[node])
        }
        let reduction = reducer.reduce()
        for node in 0..<graph.count where graph.vertex[node] >= 0 {
            if case .isFalse = reducer.fate(of: node) { isFalse.insert(graph.vertex[node]) }
        }
        return reduction
    }

    /// The candidates of which the bound tells, once it is improved around them, that they are roots of no explanation of
    /// interest, or at most beside something else that brings them down and is the best.
    ///
    /// - Complexity: O(edges), with a large factor.
    private func hopeless(in graph: FactorGraph, ceiling: Int64) -> [Int] {
        let worth = ceiling - graph.bound + 1
        let probe = LocalProbe(graph, budget: budget)
        func rises(_ assumption: LocalProbe.Assumption, _ node: Int, by worth: Int64) -> Bool {
            worth <= 0 || probe.gain(assumption, node, upTo: worth, limit: Self.effort) >= worth
        }
        return (0..<graph.count).filter { node in
            guard probe.work <= Self.probing * graph.edgeCount, !budget.isExhausted else { return false }
            guard graph.cost[node] < FactorGraph.infinity, !graph.isCyclic[node] else { return false }
            guard graph.reducedCost(ofRoot: node) < worth, rises(.isRoot, node, by: worth) else { return false }
            return down.contains(graph.vertex[node]) || rises(.isTrue, node, by: worth - graph.cost[node])
        }
    }

    /// The preferred one of the cheapest explanations of a part.
    private mutating func solve(_ part: FactorGraph, ceiling: Int64) -> PartialExplanation {
        let reduction = Reduction(base: 0, roots: [], parts: [part])
        let outcome = ExplanationSearch.preferred(of: reduction, ceiling: ceiling, unit: unit, budget: budget)
        isComplete = isComplete && outcome.isComplete && !outcome.explanations.isEmpty
        return outcome.explanations.first ?? PartialExplanation(cost: part.bound, roots: [])
    }
}

extension ExplanationSearch {
    /// The preferred one of the cheapest explanations of `reduction`, as far as that takes little work.
    static func preferred(
        of reduction: Reduction,
        ceiling: Int64,
        unit: Int64,
        budget: SearchBudget,
        repairs: Bool = true
    ) -> SearchOutcome {
        let search = ExplanationSearch(aim: .cheapest, unit: unit, budget: budget, repairs: repairs)
        let outcome = search.run(reduction, ceiling: ceiling)
        guard let cost = outcome.explanations.first?.cost, outcome.isComplete else { return outcome }
        let edges = reduction.parts.reduce(0) { $0 + $1.edgeCount }
        let part = SearchBudget(limit: 20_000 + 50 * edges, within: budget)
        let preferred = ExplanationSearch(aim: .preferred, unit: unit, budget: part).run(reduction, ceiling: cost)
        return preferred.isComplete && !preferred.explanations.isEmpty ? preferred : outcome
    }
}
