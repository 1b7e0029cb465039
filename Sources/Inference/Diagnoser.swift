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
    /// Platforms of fewer entities are always looked at as a whole.
    package var largeCount = 20_000

    /// A budget that a person at a terminal would wait for: some seconds.
    public static let defaultBudget = 300_000_000

    /// How many needs upstream of a sign are looked at first.
    private static let firstHops = 2

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

    /// The same over all that is in a scope; silences may have been left out that are not in it.
    package func diagnose(_ evidence: Evidence, in scope: FailureScope) -> Diagnosis {
        diagnosis(search(evidence, in: scope, leastFault: 1, budget: budget), evidence)
    }

    /// The same with silences that are asked for as far as they are needed.
    ///
    /// Of a large platform only the neighbourhood of the signs is laid out, and more of it as long as what lies beyond
    /// could have a part in an explanation near the best.
    ///
    /// - Parameters:
    ///   - evidence: all but the silences.
    ///   - leastFault: what the fault of anything costs at least that no symptom is about.
    ///   - completed: the evidence with the silences of what is in a scope.
    /// - Returns: The diagnosis, which is that over the whole platform wherever it is proven.
    package func diagnose(
        _ evidence: Evidence,
        leastFault: () -> Cost,
        completed: (FailureScope) -> Evidence
    ) -> Diagnosis {
        guard isLarge(evidence) else {
            let scope = FailureScope(topology, evidence)
            return diagnose(completed(scope), in: scope)
        }
        let leastFault = leastFault()
        var area = IncidentArea(topology, evidence)
        var hops = Self.firstHops
        var scope = area.scope(hops: hops)
        var room = budget
        var bound: Cost?
        while bound == nil, scope.surroundings != nil {
            let evidence = completed(scope)
            guard 2 * scope.count < topology.entityCount, evidence.silences.allSatisfy(\.observers.isEmpty) else {
                scope = FailureScope(topology, evidence)
                break
            }
            let found = search(evidence, in: scope, leastFault: leastFault, budget: room / 3)
            let best = found.rivals.result.best
            room -= found.rivals.spent
            let isNarrow = found.explanations.contains { !found.model.outside.isDisjoint(with: $0.roots) }
            let lacksBest = area.takeIn(found.faults(in: [best]), withReduced: true, lackedBy: scope)
            let lacksOthers = area.takeIn(found.faults(in: found.explanations), withReduced: false, lackedBy: scope)
            if !isNarrow && !lacksBest && !lacksOthers { return diagnosis(found, evidence) }
            if found.rivals.result.isProven {
                if isNarrow { hops += 2 }
            } else {
                // What is too much to prove here is not proven in more either: the best of what is known has to do.
                bound = found.rivals.result.lowerBound
            }
            scope = area.scope(hops: hops)
            if bound != nil { scope = scope.closed }
        }
        let evidence = completed(scope)
        return diagnosis(
            search(evidence, in: scope, leastFault: leastFault, budget: bound == nil ? room : room / 2),
            evidence,
            lowerBound: bound
        )
    }

    /// Whether the platform is large, and what lies out of scope can be stood in for: not where starvation runs against
    /// the arrows.
    private func isLarge(_ evidence: Evidence) -> Bool {
        topology.entityCount >= largeCount && !evidence.symptoms.isEmpty
            && !evidence.symptoms.contains { $0.effect == .starved }
    }

    /// What a search found.
    private struct Finding {
        var model: DiagnosisModel
        var rivals: RivalSolver
        var neighbourhood: Neighbourhood
        var isPresumed: Bool

        /// The best explanation and those next to it.
        var explanations: [Explanation] { [rivals.result.best] + neighbourhood.explanations }

        /// What is at fault in any of some explanations.
        func faults(in explanations: [Explanation]) -> [(entity: EntityID, effect: Effect)] {
            Set(explanations.flatMap(\.roots)).sorted().compactMap { root in
                model.candidates[root].map { ($0.entity, $0.effect) }
            }
        }
    }

    private func search(_ evidence: Evidence, in scope: FailureScope, leastFault: Cost, budget: Int) -> Finding {
        let model = DiagnosisModel(
            topology: topology,
            scope: scope,
            evidence: evidence,
            priors: priors,
            outsideFault: leastFault
        )
        var rivals = ExplanationSolver(model.problem).rivals(slack: Diagnosis.rivalSlack, budget: budget)
        var isPresumed = false
        if rivals.result.best.roots.isEmpty, let problem = model.presumption {
            let presumed = ExplanationSolver(problem).rivals(slack: Diagnosis.rivalSlack, budget: budget)
            isPresumed = !presumed.result.best.roots.isEmpty
            if isPresumed { rivals = presumed }
        }
        let neighbourhood = rivals.neighbourhood(slacks: RivalSearch.listed, limit: RivalSearch.listLimit)
        return Finding(model: model, rivals: rivals, neighbourhood: neighbourhood, isPresumed: isPresumed)
    }

    private func diagnosis(_ found: Finding, _ evidence: Evidence, lowerBound: Cost? = nil) -> Diagnosis {
        let result = found.rivals.result
        var diagnosis = Accountant(model: found.model, evidence: evidence, explanation: result.best)
            .diagnosis(lowerBound: Swift.max(0, Swift.min(result.lowerBound, lowerBound ?? .max)))
        let search = RivalSearch(
            topology: topology,
            model: found.model,
            evidence: evidence,
            rivals: found.rivals,
            neighbourhood: found.neighbourhood,
            isPresumed: found.isPresumed,
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

extension IncidentArea {
    /// What is around evidence without lack of demand.
    fileprivate init(_ topology: Topology, _ evidence: Evidence) {
        let (down, degraded) = (
            evidence.symptoms.filter { $0.effect == .down }, evidence.symptoms.filter { $0.effect != .down }
        )
        self.init(
            topology,
            down: Set(down.map(\.entity)),
            degraded: Set(degraded.map(\.entity)).union(evidence.symptoms.compactMap(\.witness)),
            others: Set(evidence.health.map(\.entity)).union(evidence.changes.map(\.entity))
        )
    }
}
