internal import Graphs
internal import Propagation
public import Topology

/// Finds the cheapest explanation of evidence over a topology, proves it, and weighs its rivals.
public struct Diagnoser: Sendable {
    public var topology: Topology
    public var priors: FaultPriors
    /// How many candidates are weighed against the chosen roots by an exact search each.
    public var rivalLimit: Int

    public init(topology: Topology, priors: FaultPriors = FaultPriors(), rivalLimit: Int = 160) {
        self.topology = topology
        self.priors = priors
        self.rivalLimit = rivalLimit
    }

    /// Diagnoses. The same evidence gives the same diagnosis, whatever the order of its parts.
    ///
    /// - Complexity: exponential in the worst case, within the solver's budget; near-linear in the part of the topology
    ///   around the evidence for the incidents that occur.
    public func diagnose(_ evidence: Evidence) -> Diagnosis {
        let model = DiagnosisModel(topology: topology, evidence: evidence, priors: priors)
        let solver = ExplanationSolver(model.problem)
        var rivals = solver.rivals(slack: RivalSearch.slack)
        var result = rivals.result
        if evidence.presumesFault, result.best.roots.isEmpty, let fault = cheapestFault(model, solver) {
            rivals = solver.rivals(slack: RivalSearch.slack + fault.best.cost - result.best.cost)
            result = fault
        }
        var diagnosis = Accountant(model: model, evidence: evidence, explanation: result.best)
            .diagnosis(lowerBound: result.lowerBound)
        let search = RivalSearch(
            topology: topology,
            model: model,
            evidence: evidence,
            rivals: rivals,
            best: result.best,
            limit: rivalLimit
        )
        search.weigh(&diagnosis)
        return diagnosis
    }

    /// The cheapest explanation that has a fault at all: the cheapest of those that have each.
    private func cheapestFault(_ model: DiagnosisModel, _ solver: ExplanationSolver) -> SolverResult? {
        model.candidates.keys.sorted().map { solver.solve(requiring: [$0]) }.min { left, right in
            (left.best.cost, left.best.roots.count) < (right.best.cost, right.best.roots.count)
        }
    }
}
