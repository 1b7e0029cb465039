import Graphs

/// One run of the solver: the region, its factor graph, and the best explanation so far.
struct SolverSession {
    let problem: ExplanationProblem
    let scale: CostScale
    let requiring: [Int32]
    let budget: SearchBudget
    let scaled: ScaledProblem
    private(set) var region: ExplanationRegion
    var layout: RegionGraph
    var run: ForwardRun
    /// The cost of the required roots alone, in the problem's units; costs in the search are relative to it.
    private let settledCost: Int64
    var best: Explanation
    /// Explanations that cost this much or more are of no interest, in the search's units.
    private let limit: Int64
    /// A bound on all explanations, in the search's units.
    private var bound = Int64.min / 4
    private var statistics = SolverStatistics()

    init(
        _ problem: ExplanationProblem,
        scale: CostScale,
        without: [Int32],
        requiring: [Int32],
        ceiling: Int64? = nil,
        margin: Int64 = 0,
        budget: SearchBudget
    ) {
        self.problem = problem
        self.scale = scale
        self.requiring = requiring
        self.budget = budget
        scaled = ScaledProblem(problem, scale: scale, without: without, requiring: requiring)
        run = ForwardRun(problem.network)
        settledCost = problem.cost(of: requiring, with: &run)
        best = Explanation(roots: requiring, cost: settledCost)
        if let ceiling {
            limit = scale.scaled(ceiling - settledCost) + scale.unit
        } else {
            limit = .max
        }
        region = ExplanationRegion(scaled, margin: margin, budget: budget)
        layout = RegionGraph(region)
        budget.spend(layout.graph.edgeCount)
    }

    /// What was found and proven.
    var result: SolverResult {
        var statistics = statistics
        statistics.regionNodes = layout.graph.count
        statistics.work = budget.spent
        let proven = settledCost + scale.unscaledUp(max(bound, -(1 << 60)))
        return SolverResult(best: best, lowerBound: min(best.cost, proven), statistics: statistics)
    }

    var graph: FactorGraph { layout.graph }

    /// The node of ``graph`` that stands for `node` of the network, if any.
    @inline(__always)
    func node(of node: Int32) -> Int? { layout.node(ofMember: region.place(of: node)) }

    /// The best cost in the search's units.
    var bestCost: Int64 { relativeCost(best.cost) }

    /// What an explanation must undercut to be of interest.
    private var goal: Int64 { min(bestCost, limit) }

    /// A cost of the problem in the search's units, in which the required roots alone cost nothing.
    func relativeCost(_ cost: Int64) -> Int64 { scale.scaled(cost - settledCost) }

    /// Searches until the best explanation is proven or the budget is spent.
    mutating func solve() {
        considerNearest()
        if limit == .max { considerGreedy() }
        tightenWithEvidence()
        if bound < goal - graph.typicalCost, !budget.isExhausted, region.extendDownstream() {
            // Evidence against explanations that nobody proposed yet strengthens the bound, too.
            layOutAgain()
            tightenWithEvidence()
        }
        statistics.rootBound = settledCost + scale.unscaledUp(bound)
        if bound <= goal - scale.unit, limit == .max { propose() }
        while bound <= goal - scale.unit, !budget.isExhausted {
            let search = ExplanationSearch(aim: .cheapest, unit: scale.unit, budget: budget)
            let ceiling = goal - scale.unit
            guard let reduction = search.reduced(graph, ceiling: ceiling) else {
                bound = goal
                return
            }
            let outcome = search.run(reduction, ceiling: ceiling)
            statistics.branches += search.branches
            statistics.updates += search.updates
            bound = max(bound, min(outcome.bound, goal))
            guard let found = outcome.explanations.first else {
                if outcome.isComplete { bound = goal }
                return
            }
            let cost = consider(found.roots)
            // Where the region values the explanation right, nothing cheaper was overlooked.
            if relativeCost(cost) == found.cost {
                if outcome.isComplete { bound = goal }
                return
            }
            guard extendRegion() else { return }
        }
    }

    /// Considers causes next to what is to be explained, each alone and beside the best so far, so that there is an
    /// explanation however little the budget is.
    ///
    /// - Complexity: O(what they reach), up to a limit.
    private mutating func considerNearest() {
        var (causes, visits) = (16, 1_000_000)
        for vertex in region.members where !problem.network.isGate(vertex) && region.isCandidate(vertex) {
            guard causes > 0, visits > 0 else { return }
            for others in [[], best.roots.filter { !requiring.contains($0) }] where !others.contains(vertex) {
                consider(others + [vertex])
                visits -= run.reached.count
            }
            causes -= 1
        }
    }

    /// Sweeps, decodes, and takes in evidence against what was decoded, until that changes nothing.
    private mutating func tightenWithEvidence() {
        while !budget.isExhausted {
            sweep(isFirst: statistics.rounds == 0)
            bound = max(bound, graph.bound)
            guard bound <= goal - scale.unit, !budget.isExhausted, extendRegion() else { return }
        }
    }

    private mutating func layOutAgain() {
        statistics.rounds += 1
        layout = RegionGraph(region, previous: layout)
        budget.spend(layout.graph.edgeCount)
    }

    private mutating func sweep(isFirst: Bool) {
        var schedule = DiffusionSchedule(graph, unit: scale.unit, patience: 400)
        for pass in 0... {
            let isLast = !schedule.sweep(graph, gap: goal - graph.bound, budget: budget)
            if pass == 1 || pass == 3 || pass & 15 == 15 || isLast { decode() }
            if graph.bound > goal - scale.unit || isLast || (isFirst && pass == 5) { break }
        }
        statistics.updates += schedule.updates
    }

    private mutating func decode() {
        var work = FactorGraphRun(graph)
        let (roots, _) = graph.pruned(graph.decoded(), with: &work, budget: budget)
        consider(roots.map { graph.vertex[$0] })
    }

    /// Values an explanation by a forward run over the whole network, and keeps it if it is the best.
    @discardableResult
    mutating func consider(_ roots: [Int32]) -> Int64 {
        let all = requiring + roots
        let cost = problem.cost(of: all, with: &run)
        budget.spend(run.reached.count)
        if cost < best.cost { best = Explanation(roots: all, cost: cost) }
        return cost
    }

    /// Takes in evidence against the explanation that was valued last, or against the best one.
    private mutating func extendRegion() -> Bool {
        var added = addEvidence()
        if !added {
            run.run(from: best.roots)
            added = addEvidence()
        }
        if added { layOutAgain() }
        return added
    }

    private mutating func addEvidence() -> Bool {
        var isDerived = [Bool](repeating: false, count: graph.count)
        var support = [Int32](repeating: 0, count: graph.count)
        var reached: [Int] = []
        for root in run.reached where run.isRoot(root) {
            if let node = node(of: root), !isDerived[node] {
                isDerived[node] = true
                reached.append(node)
            }
        }
        while let node = reached.popLast() {
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                support[sink] += 1
                if support[sink] >= graph.threshold[sink], !isDerived[sink] {
                    isDerived[sink] = true
                    reached.append(sink)
                }
            }
        }
        var isMemberDerived = [Bool](repeating: false, count: region.members.count)
        for place in isMemberDerived.indices {
            isMemberDerived[place] = layout.node(ofMember: place).map { isDerived[$0] } ?? false
        }
        return region.addEvidence(reachedBy: run, isDerived: isMemberDerived)
    }
}
