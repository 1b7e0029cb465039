internal import Graphs
internal import Propagation
internal import Topology

/// Turns an explanation into what each root explains and affects.
///
/// What a root explains is read off the network that the solver saw. What it affects is read off the failure graph
/// itself, without evidence: the blast radius is the same as that of a simulated loss.
struct Accountant {
    private let model: DiagnosisModel
    private let evidence: Evidence
    private let cost: Cost
    /// The faults of the explanation, and the assumptions that it rests on.
    private let roots: [Int32]
    private let assumptions: [Int32]

    init(model: DiagnosisModel, evidence: Evidence, explanation: Explanation) {
        self.model = model
        self.evidence = evidence
        cost = explanation.cost
        roots = explanation.roots.filter { model.candidates[$0] != nil }
        assumptions = explanation.roots.filter { model.candidates[$0] == nil }
    }

    func diagnosis(lowerBound: Cost) -> Diagnosis {
        let derivation = Derivation(
            roots: roots,
            assumptions: assumptions,
            network: model.problem.network,
            meaning: model.meaning
        )
        let reasons = derivation.reasons(for: model.symptomVertices)
        let accounts = zip(reasons, evidence.symptoms).map { reason, symptom in
            Diagnosis.Account(
                isExplained: reason != nil,
                because: reason?.because ?? [],
                via: reason?.via.filter { $0 != symptom.entity } ?? []
            )
        }
        var symptomsOfRoot = roots.map { _ in [Int]() }
        for (symptom, account) in accounts.enumerated() {
            for root in account.because { symptomsOfRoot[root].append(symptom) }
        }
        var chosen: [Diagnosis.Root] = []
        for (index, root) in roots.enumerated() {
            guard let candidate = model.candidates[root] else { continue }
            let symptoms = symptomsOfRoot[index]
            chosen.append(
                Diagnosis.Root(
                    entity: candidate.entity,
                    effect: candidate.effect,
                    change: candidate.change,
                    confidence: 1,
                    symptoms: symptoms,
                    datedBy: earliest(of: symptoms, accounts),
                    alternatives: []
                )
            )
        }
        return Diagnosis(
            roots: chosen,
            ranking: [],
            accounts: accounts,
            affected: affected(),
            blindSpots: blindSpots(),
            cost: cost,
            lowerBound: lowerBound
        )
    }

    /// The symptom that dates a root: the earliest that it alone explains, else the earliest that it has a part in.
    private func earliest(of symptoms: [Int], _ accounts: [Diagnosis.Account]) -> Int? {
        let own = symptoms.filter { accounts[$0].because.count == 1 }
        return (own.isEmpty ? symptoms : own).min {
            let (left, right) = (evidence.symptoms[$0].onset, evidence.symptoms[$1].onset)
            return (left.upperBound, left.lowerBound, $0) < (right.upperBound, right.lowerBound, $1)
        }
    }

    private func affected() -> [Diagnosis.Affected] {
        let numbering = model.graph.numbering
        let faults = roots.compactMap { root in
            model.candidates[root].flatMap { numbering.vertex($0.entity, $0.effect) }
        }
        let derivation = Derivation(
            roots: faults,
            assumptions: [],
            network: model.graph.network,
            meaning: numbering.meaning
        )
        // Demand runs dry far upstream; what shows it is worth telling.
        let starving = Set(evidence.symptoms.filter { $0.effect == .starved }.map(\.entity))
        var worst: [EntityID: (effect: Effect, vertex: Int32)] = [:]
        for vertex in derivation.together.reached {
            guard let (entity, effect) = numbering.meaning(of: vertex) else { continue }
            if effect == .starved, !starving.contains(entity) { continue }
            if let known = worst[entity], known.effect.severity >= effect.severity { continue }
            worst[entity] = (effect, vertex)
        }
        let order = worst.sorted { $0.key < $1.key }
        return zip(order, derivation.reasons(for: order.map(\.value.vertex))).compactMap { found, reason in
            reason.map { reason in
                Diagnosis.Affected(
                    entity: found.key,
                    effect: found.value.effect,
                    because: reason.because,
                    via: reason.via.filter { $0 != found.key }
                )
            }
        }
    }

    private func blindSpots() -> [Diagnosis.BlindSpot] {
        var run = ForwardRun(model.problem.network)
        run.run(from: roots + assumptions)
        let numbering = model.graph.numbering
        return zip(evidence.silences, model.blindVertices).compactMap { silence, blind in
            guard let blind, run.isReached(blind) else { return nil }
            let observer = silence.observers.first {
                run.isReached(numbering.down($0)) || run.isReached(numbering.degraded($0))
            }
            return observer.map { Diagnosis.BlindSpot(entity: silence.entity, observer: $0) }
        }
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
