internal import Graphs
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

    /// How often a neighbourhood may turn out too narrow before everything is laid out.
    private static let looks = 16

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

    /// The same over all that is in a scope; silences may have been left out that are not in it.
    package func diagnose(_ evidence: Evidence, in scope: FailureScope) -> Diagnosis {
        diagnosis(search(evidence, in: scope, leastFaults: [], budget: budget), evidence)
    }

    /// The same with silences that are asked for as far as they are needed.
    ///
    /// Of a large platform only the neighbourhood of the signs is laid out, and more of it as long as what lies beyond
    /// could have a part in an explanation near the best.
    ///
    /// - Parameters:
    ///   - evidence: all but the silences.
    ///   - leastFaults: what the fault of anything costs at least that no symptom is about, by the number of its kind.
    ///   - completed: the evidence with the silences of what is in a scope.
    /// - Returns: The diagnosis, which is that over the whole platform wherever it is proven.
    package func diagnose(
        _ evidence: Evidence,
        leastFaults: () -> [Cost],
        completed: (FailureScope) -> Evidence
    ) -> Diagnosis {
        guard isLarge(evidence) else {
            let scope = FailureScope(topology, evidence)
            return diagnose(completed(scope), in: scope)
        }
        let leastFaults = leastFaults()
        var area = IncidentArea(topology, evidence)
        var scope = area.scope()
        var room = budget
        // Whether a scope is too narrow shows long before anything is proven.
        var step = budget / 32
        for _ in 0..<Self.looks {
            let evidence = completed(scope)
            guard 2 * scope.count < topology.entityCount, evidence.silences.allSatisfy(\.observers.isEmpty) else {
                break
            }
            let found = search(evidence, in: scope, leastFaults: leastFaults, budget: step)
            let result = found.rivals.result
            room -= found.rivals.spent
            let narrow = found.narrow
            area.widen(around: narrow)
            let isLacking = area.takeIn(passing: found.passing)
            let isWide = narrow.isEmpty && !isLacking
            // Where not even a first bound was found, only all that is left can help.
            if isWide { step = result.lowerBound < 0 ? room : min(4 * step, room) }
            let isLast = room < budget / 8
            if isWide, result.isProven || isLast { return diagnosis(found, evidence) }
            scope = area.scope()
            if isLast {
                // What is too much to prove here is not proven in more either: the best of what is known has to do.
                scope = scope.closed
                let evidence = completed(scope)
                let found = search(evidence, in: scope, leastFaults: [], budget: budget / 3)
                return diagnosis(found, evidence, lowerBound: result.lowerBound)
            }
        }
        scope = FailureScope(topology, evidence)
        let evidence = completed(scope)
        return diagnosis(search(evidence, in: scope, leastFaults: [], budget: room), evidence)
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

        /// What is brought down from beyond the scope in any of them, ascending.
        var narrow: [EntityID] { Set(explanations.flatMap(\.roots)).compactMap { model.rim[$0] }.sorted() }

        /// What passes failures on in any of them.
        var passing: Set<EntityID> {
            var run = ForwardRun(model.problem.network)
            var nodes: Set<Int32> = []
            for explanation in explanations {
                run.run(from: explanation.roots)
                nodes.formUnion(run.reached)
            }
            let numbering = model.graph.numbering
            return Set(
                nodes.lazy.filter { $0 >= numbering.vertexCount || model.relays[$0] == nil }
                    .compactMap(model.meaning)
                    .filter { $0.effect == .down || $0.effect == .degraded }
                    .map(\.entity)
            )
        }
    }

    private func search(_ evidence: Evidence, in scope: FailureScope, leastFaults: [Cost], budget: Int) -> Finding {
        let model = DiagnosisModel(
            topology: topology,
            scope: scope,
            evidence: evidence,
            priors: priors,
            leastFaults: leastFaults
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
