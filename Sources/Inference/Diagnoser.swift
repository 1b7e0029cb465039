package import Propagation
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
        diagnose(evidence, in: FailureScope(topology, evidence))
    }

    /// The same where the scope of the evidence is known already; silences may have been left out that are not in it.
    package func diagnose(_ evidence: Evidence, in scope: FailureScope) -> Diagnosis {
        let model = DiagnosisModel(topology: topology, scope: scope, evidence: evidence, priors: priors)
        var rivals = ExplanationSolver(model.problem).rivals(slack: Diagnosis.rivalSlack, budget: budget)
        var isPresumed = false
        if rivals.result.best.roots.isEmpty, let problem = model.presumption {
            let presumed = ExplanationSolver(problem).rivals(slack: Diagnosis.rivalSlack, budget: budget)
            isPresumed = !presumed.result.best.roots.isEmpty
            if isPresumed { rivals = presumed }
        }
        let result = rivals.result
        var diagnosis = Accountant(model: model, evidence: evidence, explanation: result.best)
            .diagnosis(lowerBound: result.lowerBound)
        let search = RivalSearch(
            topology: topology,
            model: model,
            evidence: evidence,
            rivals: rivals,
            isPresumed: isPresumed,
            limit: rivalLimit
        )
        search.weigh(&diagnosis)
        return diagnosis
    }
}

extension FailureScope {
    /// The scope of evidence; silences do not widen it.
    package init(_ topology: Topology, _ evidence: Evidence) {
        let starved = evidence.symptoms.filter { $0.effect == .starved }
        self.init(
            topology,
            signs: Set(evidence.symptoms.map(\.entity)).union(evidence.symptoms.compactMap(\.witness)),
            starved: Set(starved.map(\.entity)),
            others: Set(evidence.health.map(\.entity)).union(evidence.changes.map(\.entity))
        )
    }
}
