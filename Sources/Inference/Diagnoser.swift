internal import Graphs
internal import Propagation
public import Topology

/// Finds the cheapest explanation of evidence over a topology, proves it, and weighs its rivals.
public struct Diagnoser: Sendable {
    /// What can fail and what each thing needs; the evidence must use its numbers.
    public var topology: Topology
    /// What it costs to assume a fault of each entity.
    public var priors: FaultPriors
    /// How many candidates are weighed against the chosen roots by an exact search each.
    public var rivalLimit: Int
    /// How much work to do at most, roughly in visits of a dependency; what is found by then is given, with its gap.
    public var budget: Int

    /// A budget that a person at a terminal would wait for: some seconds.
    public static let defaultBudget = 300_000_000

    /// A diagnoser of one topology, for any number of incidents.
    ///
    /// Where there are more candidates than `rivalLimit`, those are weighed that a swap into the best explanation makes
    /// cheapest.
    public init(
        topology: Topology,
        priors: FaultPriors = FaultPriors(),
        rivalLimit: Int = 160,
        budget: Int = defaultBudget
    ) {
        self.topology = topology
        self.priors = priors
        self.rivalLimit = rivalLimit
        self.budget = budget
    }

    /// Finds the cheapest explanation of the evidence and weighs its rivals.
    ///
    /// The same evidence gives the same diagnosis, whatever the order of its parts.
    ///
    /// - Complexity: exponential in the worst case, within the solver's budget; near-linear in the part of the topology
    ///   around the evidence for the incidents that occur.
    public func diagnose(_ evidence: Evidence) -> Diagnosis {
        let model = DiagnosisModel(topology: topology, evidence: evidence, priors: priors)
        let solver = ExplanationSolver(model.problem)
        var rivals = solver.rivals(slack: Diagnosis.rivalSlack, budget: budget)
        var result = rivals.result
        var callers: Callers?
        if evidence.presumesFault, result.best.roots.isEmpty {
            let found = Callers(model, evidence)
            callers = found
            if let most = costOfSomeFault(model, found) {
                // A search that ran out of budget may have missed that a fault is even cheaper.
                let gap = max(0, most - result.best.cost)
                rivals = solver.rivals(slack: Diagnosis.rivalSlack + gap, budget: budget)
                result = cheapestFault(model, rivals, found) ?? result
            }
        }
        var diagnosis = Accountant(model: model, evidence: evidence, explanation: result.best)
            .diagnosis(lowerBound: result.lowerBound)
        let search = RivalSearch(
            topology: topology,
            model: model,
            evidence: evidence,
            rivals: rivals,
            best: result.best,
            callers: callers,
            limit: rivalLimit
        )
        search.weigh(&diagnosis)
        return diagnosis
    }

    /// What the cheapest explanation with a fault costs at most: the least of some that consist of one.
    private func costOfSomeFault(_ model: DiagnosisModel, _ callers: Callers) -> Cost? {
        likeliestFaults(model, callers, 256).first?.cost
    }

    /// The cheapest explanation that has a fault at all: the cheapest of those that have each, and that explain what calls
    /// people.
    ///
    /// Where there are more candidates than can be asked about, those are that explain most cheaply by themselves, and
    /// nothing is proven.
    private func cheapestFault(_ model: DiagnosisModel, _ rivals: RivalSolver, _ callers: Callers) -> SolverResult? {
        var rivals = rivals
        let areAll = callers.candidates.count <= Self.faultLimit
        let faults =
            areAll
            ? callers.candidates : likeliestFaults(model, callers, Self.faultLimit).prefix(rivalLimit).map(\.fault)
        let answers = faults.map { rivals.best(requiring: $0) }
        var run = ForwardRun(model.problem.network)
        let best = answers.compactMap(\.explanation)
            .filter { callers.areHeard(in: $0.roots, &run) }
            .min { ($0.cost, $0.roots.count) < ($1.cost, $1.roots.count) }
        guard let best, let bound = answers.map(\.lowerBound).min() else { return nil }
        let lowerBound = min(best.cost, max(areAll ? bound : .min, rivals.result.lowerBound))
        return SolverResult(best: best, lowerBound: lowerBound, statistics: rivals.result.statistics)
    }

    /// More candidates than this are not all asked about.
    private static let faultLimit = 4_096

    /// The candidates that fail most often, at most so many, by what each costs as the only fault; without those that by
    /// themselves explain nothing that calls people, as long as any does.
    private func likeliestFaults(
        _ model: DiagnosisModel,
        _ callers: Callers,
        _ limit: Int
    ) -> [(fault: Int32, cost: Cost)] {
        var run = ForwardRun(model.problem.network)
        let faults = callers.candidates
            .sorted { (model.problem.faultCost[Int($0)], $0) < (model.problem.faultCost[Int($1)], $1) }
            .prefix(limit)
        let heard = faults.filter { callers.areHeard(in: [$0], &run) }
        return (heard.isEmpty ? Array(faults) : heard)
            .map { (fault: $0, cost: model.problem.cost(of: [$0], with: &run)) }
            .sorted { ($0.cost, $0.fault) < ($1.cost, $1.fault) }
    }
}

/// What calls people, and the faults that could have a part in it.
struct Callers {
    /// Ascending; all candidates when nobody is known to be called.
    let candidates: [Int32]
    private let vertices: [Int32]

    /// - Complexity: O(what is upstream of what calls people).
    init(_ model: DiagnosisModel, _ evidence: Evidence) {
        vertices = evidence.calls.sorted().map { model.symptomVertices[$0] }
        var queue = vertices
        var seen = Set(queue)
        var head = 0
        while head < queue.count {
            for source in model.problem.network.dependencies[queue[head]] where seen.insert(source).inserted {
                queue.append(source)
            }
            head += 1
        }
        let upstream = model.candidates.keys.filter(seen.contains).sorted()
        candidates = upstream.isEmpty ? model.candidates.keys.sorted() : upstream
    }

    /// Whether an explanation accounts for any of it; true when nobody is known to be called.
    func areHeard(in roots: [Int32], _ run: inout ForwardRun) -> Bool {
        guard !vertices.isEmpty else { return true }
        run.run(from: roots)
        return vertices.contains(where: run.isReached)
    }
}
