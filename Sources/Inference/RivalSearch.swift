internal import Graphs
internal import Propagation
internal import Topology

/// Weighs the rivals of the chosen roots.
///
/// For every candidate the best explanation that contains it is searched, and for every root the best that does without
/// it. These explanations are the pool. A root competes with the explanations of the pool that lack it: its confidence
/// is its share of e^(−cost) among them, and so is theirs. Independent roots thus do not dilute one another, as they
/// would in one flat list of explanations.
struct RivalSearch {
    let topology: Topology
    let model: DiagnosisModel
    let evidence: Evidence
    let rivals: RivalSolver
    let best: Explanation
    let limit: Int

    /// How much worse than the best a rival may be to be weighed, in micro-nats: odds of 1 in 400.
    static let slack: Cost = 6_000_000

    /// A distinct explanation, and what it says.
    private struct Pooled {
        var explanation: Explanation
        /// Its faults, without the assumptions that it rests on.
        var faults: [Int32]
        var entities: Set<EntityID>
        var gap: Cost
    }

    /// The chosen faults, without assumptions.
    private var chosen: [Int32] { faults(of: best) }

    private func faults(of explanation: Explanation) -> [Int32] {
        explanation.roots.filter { model.candidates[$0] != nil }
    }

    func weigh(_ diagnosis: inout Diagnosis) {
        let (pool, far) = searchPool()
        let chosen = chosen
        let roots = Set(diagnosis.roots.map(\.entity))
        var confidences: [EntityID: Double] = [:]
        var greatestTotal = 1.0
        for index in diagnosis.roots.indices {
            let vertex = chosen[index]
            let slot = pool.filter { !$0.faults.contains(vertex) }
            let total = slot.reduce(1.0) { $0 + $1.gap.odds }
            greatestTotal = max(greatestTotal, total)
            let entity = diagnosis.roots[index].entity
            let same = slot.filter { $0.entities.contains(entity) }
            let confidence = same.reduce(1.0) { $0 + $1.gap.odds } / total
            diagnosis.roots[index].confidence = confidence
            confidences[entity] = max(confidences[entity] ?? 0, confidence)
            var rivals: [EntityID: (share: Double, best: Pooled)] = [:]
            for rival in slot where !rival.entities.contains(entity) {
                for other in rival.entities.subtracting(roots) {
                    let share = rival.gap.odds / total
                    let known = rivals[other]
                    rivals[other] = (
                        (known?.share ?? 0) + share,
                        known.map { $0.best.gap <= rival.gap ? $0.best : rival } ?? rival
                    )
                }
            }
            for (other, rival) in rivals { confidences[other] = max(confidences[other] ?? 0, rival.share) }
            let alternatives = self.alternatives(rivals, to: diagnosis.roots[index], slot, total)
            diagnosis.roots[index].alternatives = alternatives.shown
            diagnosis.roots[index].omittedAlternatives = alternatives.omitted
        }
        // What rivals no root may still be one more.
        var gaps: [EntityID: Cost] = [:]
        for pooled in pool {
            for entity in pooled.entities.subtracting(roots) { gaps[entity] = min(gaps[entity] ?? .max, pooled.gap) }
        }
        for (entity, gap) in far where !roots.contains(entity) && gaps[entity] == nil { gaps[entity] = gap }
        for (entity, gap) in gaps where confidences[entity] == nil { confidences[entity] = gap.odds / greatestTotal }
        diagnosis.ranking = confidences.map { (entity: $0.key, confidence: $0.value) }.sorted { left, right in
            left.confidence != right.confidence ? left.confidence > right.confidence : left.entity < right.entity
        }
    }

    // MARK: The pool

    /// The explanations near the best; and of the candidates that are in none, how far from the best they are at least.
    private func searchPool() -> (near: [Pooled], far: [EntityID: Cost]) {
        var rivals = rivals
        var found: [[Int32]: Explanation] = [:]
        var far: [EntityID: Cost] = [:]
        let chosen = chosen
        func add(_ answer: RivalAnswer) {
            guard let explanation = answer.explanation else { return }
            let key = faults(of: explanation)
            guard key != chosen else { return }
            if let known = found[key], known.cost <= explanation.cost { return }
            found[key] = explanation
        }
        for root in chosen {
            guard let entity = model.candidates[root]?.entity else { continue }
            add(rivals.best(without: model.candidateVertices[entity.rawValue] ?? [root]))
        }
        for vertex in promisingCandidates(chosen) {
            let answer = rivals.best(requiring: vertex)
            add(answer)
            guard answer.explanation == nil, let entity = model.candidates[vertex]?.entity else { continue }
            far[entity] = min(far[entity] ?? .max, max(Self.slack, answer.lowerBound - best.cost))
        }
        let near = found.keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key -> Pooled? in
            guard let explanation = found[key] else { return nil }
            return Pooled(
                explanation: explanation,
                faults: key,
                entities: Set(key.compactMap { model.candidates[$0]?.entity }),
                gap: Swift.max(0, explanation.cost - best.cost)
            )
        }
        return (near, far)
    }

    /// The candidates upstream of a symptom, those first that a swap into the best explanation makes cheapest.
    private func promisingCandidates(_ chosen: [Int32]) -> [Int32] {
        let network = model.problem.network
        var candidates = model.candidates.keys.filter { !chosen.contains($0) }.sorted()
        guard candidates.count > limit else { return candidates }
        let assumptions = best.roots.filter { model.candidates[$0] == nil }
        var run = ForwardRun(network)
        var estimates: [Int32: Cost] = [:]
        for candidate in candidates.prefix(20_000) {
            run.run(from: best.roots + [candidate])
            let together = value(run) + model.problem.faultCost[Int(candidate)]
            run.run(from: [candidate] + assumptions)
            let kept = chosen.filter { root in
                guard let (entity, effect) = model.meaning(of: root),
                    let vertex = model.graph.numbering.vertex(entity, effect)
                else { return true }
                return !run.isReached(vertex)
            }
            run.run(from: kept + assumptions + [candidate])
            let swapped = value(run) + kept.reduce(0) { $0 + model.problem.faultCost[Int($1)] }
            let dropped = chosen.reduce(0) { $0 + model.problem.faultCost[Int($1)] }
            estimates[candidate] = Swift.min(
                together,
                swapped - dropped + model.problem.faultCost[Int(candidate)]
            )
        }
        candidates.removeAll { estimates[$0] == nil }
        candidates.sort { (estimates[$0] ?? 0, $0) < (estimates[$1] ?? 0, $1) }
        return Array(candidates.prefix(limit))
    }

    private func value(_ run: ForwardRun) -> Cost {
        run.reached.reduce(0) { sum, node in
            Int(node) < model.problem.charge.count ? sum + model.problem.charge[Int(node)] : sum
        }
    }

    // MARK: Telling apart

    private func alternatives(
        _ rivals: [EntityID: (share: Double, best: Pooled)],
        to root: Diagnosis.Root,
        _ slot: [Pooled],
        _ total: Double
    ) -> (shown: [Diagnosis.Alternative], omitted: Int) {
        var list = rivals.map { other, rival in
            let vertex = rival.best.faults.first { model.candidates[$0]?.entity == other }
            return Diagnosis.Alternative(
                entity: other,
                effect: vertex.flatMap { model.candidates[$0]?.effect } ?? .down,
                confidence: rival.share,
                gap: rival.best.gap,
                check: nil
            )
        }
        let chosen = Set(chosen.compactMap { model.candidates[$0]?.entity })
        let noise = slot.filter { $0.entities.isSubset(of: chosen.subtracting([root.entity])) }
        if let cheapest = noise.min(by: { $0.gap < $1.gap }) {
            list.append(
                Diagnosis.Alternative(
                    entity: nil,
                    effect: root.effect,
                    confidence: cheapest.gap.odds / total,
                    gap: cheapest.gap,
                    check: nil
                )
            )
        }
        list.sort { left, right in
            left.confidence != right.confidence
                ? left.confidence > right.confidence
                : (left.entity?.rawValue ?? .max) < (right.entity?.rawValue ?? .max)
        }
        list = Array(list.prefix { $0.confidence >= 0.005 })
        let omitted = max(0, list.count - 8)
        list.removeLast(omitted)
        for index in list.indices {
            guard let entity = list[index].entity, let rival = rivals[entity]?.best else { continue }
            list[index].check = check(root.entity, against: entity, rival.explanation)
        }
        return (list, omitted)
    }

    /// The unobserved entity whose state differs between the best explanation and a rival, and that is easiest to look
    /// at: one that carries an alert rule before one that does not, something else before the two rivals themselves.
    private func check(_ root: EntityID, against rival: EntityID, _ other: Explanation) -> Diagnosis.Check? {
        let here = states(chosen)
        let there = states(faults(of: other))
        let observed = Set(evidence.symptoms.map(\.entity)).union(evidence.health.map(\.entity))
        let monitored = Set(evidence.silences.map(\.entity))
        let different = Set(here.keys).union(there.keys).filter { here[$0] != there[$0] && !observed.contains($0) }
        func price(_ entity: EntityID) -> (Int, Int, Int, Int32) {
            (
                entity == root || entity == rival ? 1 : 0, monitored.contains(entity) ? 0 : 1,
                -topology.criticality(of: entity).rank, entity.rawValue
            )
        }
        guard let entity = different.min(by: { price($0) < price($1) }) else { return nil }
        return Diagnosis.Check(entity: entity, ifRoot: here[entity], ifAlternative: there[entity])
    }

    /// The down and degraded entities under a set of faults, in the failure graph without evidence.
    private func states(_ faults: [Int32]) -> [EntityID: Effect] {
        let numbering = model.graph.numbering
        var run = ForwardRun(model.graph.network)
        run.run(
            from: faults.compactMap { fault in
                model.candidates[fault].flatMap { numbering.vertex($0.entity, $0.effect) }
            }
        )
        var states: [EntityID: Effect] = [:]
        for vertex in run.reached {
            guard let (entity, effect) = numbering.meaning(of: vertex), effect == .down || effect == .degraded else {
                continue
            }
            if let known = states[entity], known.severity >= effect.severity { continue }
            states[entity] = effect
        }
        return states
    }
}
