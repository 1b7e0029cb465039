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
        let (affected, outOfTime) = affected()
        let reasons = consequences(derivation.reasons(for: model.symptomVertices))
        let accounts = reasons.indices.map { index in
            Diagnosis.Account(
                isExplained: reasons[index] != nil,
                because: reasons[index]?.because ?? [],
                isJoint: reasons[index]?.isJoint ?? false,
                via: reasons[index]?.via.filter { $0 != evidence.symptoms[index].entity } ?? [],
                outOfTime: reasons[index] == nil ? outOfTime[index] : []
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
                    datedBy: earliest(of: symptoms, of: candidate, accounts),
                    alternatives: []
                )
            )
        }
        return Diagnosis(
            roots: chosen,
            ranking: [],
            accounts: accounts,
            affected: affected,
            blindSpots: blindSpots(),
            cost: cost,
            lowerBound: lowerBound
        )
    }

    /// The reasons of the symptoms, with those of what the roots bring about by way of something silent that the
    /// explanation would rather not count on: what is so explains what shows it, whoever stays silent between.
    private func consequences(_ reasons: [Derivation.Reason?]) -> [Derivation.Reason?] {
        let open = reasons.indices.filter { reasons[$0] == nil }
        guard !open.isEmpty, !roots.isEmpty, !model.relayAssumptions.isEmpty else { return reasons }
        let derivation = Derivation(
            roots: roots,
            assumptions: Set(assumptions + model.relayAssumptions).sorted(),
            network: model.problem.network,
            meaning: model.meaning
        )
        var reasons = reasons
        for (index, reason) in zip(open, derivation.reasons(for: open.map { model.symptomVertices[$0] })) {
            reasons[index] = reason
        }
        return reasons
    }

    /// The symptom that dates a root: the earliest that it alone explains, else the earliest that it has a part in; of
    /// several at once one of its own.
    ///
    /// What shows that its entity was still alive does not tell when it went down, unless nothing else does.
    private func earliest(
        of symptoms: [Int],
        of root: DiagnosisModel.Candidate,
        _ accounts: [Diagnosis.Account]
    ) -> Int? {
        let entity = root.entity
        let telling = symptoms.filter {
            root.effect != .down || evidence.symptoms[$0].entity != entity || evidence.symptoms[$0].lifeWeight == 0
        }
        let symptoms = telling.isEmpty ? symptoms : telling
        let own = symptoms.filter { accounts[$0].because.count == 1 }
        func rank(_ index: Int) -> (Int64, Int64, Int, Int) {
            let symptom = evidence.symptoms[index]
            return (symptom.onset.upperBound, symptom.onset.lowerBound, symptom.entity == entity ? 0 : 1, index)
        }
        return (own.isEmpty ? symptoms : own).min { rank($0) < rank($1) }
    }

    /// What the roots affect, and the roots that would explain each symptom if time were no matter.
    private func affected() -> (affected: [Diagnosis.Affected], explained: [[Int]]) {
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
        let affected = zip(order, derivation.reasons(for: order.map(\.value.vertex))).compactMap { found, reason in
            reason.map { reason in
                Diagnosis.Affected(
                    entity: found.key,
                    effect: found.value.effect,
                    because: reason.because,
                    isJoint: reason.isJoint,
                    via: reason.via.filter { $0 != found.key }
                )
            }
        }
        let because = Dictionary(uniqueKeysWithValues: affected.map { ($0.entity, $0.because) })
        let explained = evidence.symptoms.map { symptom in
            let isSo = TimeLayers.ownSources(of: symptom, numbering).contains(where: derivation.together.isReached)
            return isSo ? because[symptom.entity] ?? [] : []
        }
        return (affected, explained)
    }

    private func blindSpots() -> [Diagnosis.BlindSpot] {
        guard model.blindVertices.contains(where: { $0 != nil }) else { return [] }
        var run = ForwardRun(model.problem.network)
        run.run(from: roots + assumptions)
        let numbering = model.graph.numbering
        func isReached(_ entity: EntityID, _ effect: Effect) -> Bool {
            numbering.vertex(entity, effect).map(run.isReached) ?? false
        }
        return zip(evidence.silences, model.blindVertices).compactMap { silence, blind in
            guard let blind, run.isReached(blind) else { return nil }
            let observer = silence.observers.first { isReached($0, .down) || isReached($0, .degraded) }
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
