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
        let result = solver.solve()
        let account = Accountant(model: model, evidence: evidence, roots: result.best.roots)
        var diagnosis = account.diagnosis(cost: result.best.cost, lowerBound: result.lowerBound)
        let rivals = RivalSearch(
            topology: topology, model: model, evidence: evidence, solver: solver, best: result.best, limit: rivalLimit)
        rivals.weigh(&diagnosis)
        return diagnosis
    }
}

/// Turns a set of roots into what they explain and affect.
struct Accountant {
    let model: DiagnosisModel
    let evidence: Evidence
    /// The chosen candidate vertices.
    let roots: [Int32]

    func diagnosis(cost: Cost, lowerBound: Cost) -> Diagnosis {
        var together = ForwardRun(model.problem.network)
        together.run(from: roots)
        var alone = roots.map { root in
            var run = ForwardRun(model.problem.network)
            run.run(from: CollectionOfOne(root))
            return run
        }
        if roots.count == 1 { alone = [together] }
        let accounts = model.symptomVertices.map { vertex -> Diagnosis.Account in
            guard together.isReached(vertex) else { return .init(isExplained: false, because: [], via: []) }
            let (because, via) = reason(for: vertex, together, alone)
            return Diagnosis.Account(isExplained: true, because: because, via: via)
        }
        var chosen: [Diagnosis.Root] = []
        for (index, root) in roots.enumerated() {
            guard let candidate = model.candidates[root] else { continue }
            let symptoms = accounts.indices.filter { accounts[$0].because.contains(index) }
            chosen.append(
                Diagnosis.Root(
                    entity: candidate.entity, effect: candidate.effect, change: candidate.change, confidence: 1,
                    symptoms: symptoms, datedBy: earliest(of: symptoms, accounts), alternatives: []))
        }
        return Diagnosis(
            roots: chosen, ranking: [], accounts: accounts, affected: affected(together, alone),
            blindSpots: blindSpots(together), cost: cost, lowerBound: lowerBound)
    }

    /// The symptom that dates a root: the earliest that it alone explains, else the earliest that it has a part in.
    private func earliest(of symptoms: [Int], _ accounts: [Diagnosis.Account]) -> Int? {
        let own = symptoms.filter { accounts[$0].because.count == 1 }
        return (own.isEmpty ? symptoms : own).min {
            let (left, right) = (evidence.symptoms[$0].onset, evidence.symptoms[$1].onset)
            return (left.upperBound, left.lowerBound, $0) < (right.upperBound, right.lowerBound, $1)
        }
    }

    /// The roots that bring a vertex about, and the entities on the way from the first of them.
    private func reason(
        for vertex: Int32, _ together: ForwardRun, _ alone: [ForwardRun]
    ) -> (because: [Int], via: [EntityID]) {
        let sufficient = alone.indices.filter { alone[$0].isReached(vertex) }
        if let first = sufficient.first {
            return (sufficient, path(to: vertex, in: alone[first]))
        }
        return (contributors(to: vertex, in: together), path(to: vertex, in: together))
    }

    /// The roots from which the derivation of a vertex starts, where no root suffices alone.
    private func contributors(to vertex: Int32, in run: ForwardRun) -> [Int] {
        var queue = [vertex]
        var seen: Set<Int32> = [vertex]
        var found: Set<Int32> = []
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            if run.isRoot(node) { found.insert(node) }
            for cause in run.causes(of: node) where seen.insert(cause).inserted { queue.append(cause) }
        }
        return roots.indices.filter { found.contains(roots[$0]) }
    }

    /// The entities strictly between a root and a vertex, along the first causes.
    private func path(to vertex: Int32, in run: ForwardRun) -> [EntityID] {
        var chain: [EntityID] = []
        var node = vertex
        while let cause = run.causes(of: node).first {
            node = cause
            if let entity = entity(of: node), chain.last != entity { chain.append(entity) }
        }
        // The last is the root itself; the first is the symptom's own entity, where the vertex is not an entity's.
        if !chain.isEmpty { chain.removeLast() }
        return chain.reversed()
    }

    private func entity(of vertex: Int32) -> EntityID? { meaning(of: vertex)?.entity }

    func meaning(of vertex: Int32) -> (entity: EntityID, effect: Effect)? {
        if let candidate = model.candidates[vertex] { return (candidate.entity, candidate.effect) }
        return model.graph.meaning(of: model.originals[vertex] ?? vertex)
    }

    private func affected(_ together: ForwardRun, _ alone: [ForwardRun]) -> [Diagnosis.Affected] {
        var worst: [EntityID: (effect: Effect, vertex: Int32)] = [:]
        for vertex in together.reached {
            guard let (entity, effect) = model.graph.meaning(of: vertex), effect != .starved else { continue }
            if let known = worst[entity], known.effect.severity >= effect.severity { continue }
            worst[entity] = (effect, vertex)
        }
        return worst.keys.sorted().compactMap { entity in
            guard let (effect, vertex) = worst[entity] else { return nil }
            var (because, via) = reason(for: vertex, together, alone)
            via.removeAll { $0 == entity }
            if because.isEmpty, let own = roots.firstIndex(of: vertex) { because = [own] }
            return Diagnosis.Affected(entity: entity, effect: effect, because: because, via: via)
        }
    }

    private func blindSpots(_ together: ForwardRun) -> [Diagnosis.BlindSpot] {
        var found: [Diagnosis.BlindSpot] = []
        for (index, silence) in evidence.silences.enumerated() {
            guard let blind = model.blindVertices[index], together.isReached(blind) else { continue }
            let observer = silence.observers.first { observer in
                together.isReached(model.graph.down(observer)) || together.isReached(model.graph.degraded(observer))
            }
            guard let observer else { continue }
            found.append(Diagnosis.BlindSpot(entity: silence.entity, observer: observer))
        }
        return found
    }
}

extension Effect {
    /// Which of several effects on one entity is worth telling: the greater.
    package var severity: Int {
        switch self {
        case .starved: 0
        case .reduced: 1
        case .degraded: 2
        case .down: 3
        }
    }
}
