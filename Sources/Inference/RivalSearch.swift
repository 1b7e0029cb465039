internal import Graphs
internal import Propagation
internal import Topology

/// Weighs the rivals of the chosen roots.
///
/// The pool holds all explanations near the best that differ from it in one independent part, and for every candidate the
/// best explanation that contains it, for every root the best that does without it. Entities that take each other's
/// place in an explanation of the pool are in one *contest*. The confidence of an entity is its share of e^(−cost) among
/// the explanations of its contest. Independent roots thus do not dilute one another, as they would in one flat list of
/// explanations.
struct RivalSearch {
    let topology: Topology
    let model: DiagnosisModel
    let evidence: Evidence
    let rivals: RivalSolver
    let best: Explanation
    let limit: Int

    private static let slack = Diagnosis.rivalSlack
    /// How near the best all explanations are listed: the first of these that takes little work.
    private static let listed: [Cost] = [slack, slack / 2, slack / 6]
    /// More explanations of one part than this are too many to list.
    private static let listLimit = 512
    /// How many nodes the estimates of what each candidate is worth may visit, roughly.
    private static let estimationBudget = 20_000_000

    /// A distinct explanation, and what it says.
    private struct Pooled {
        var explanation: Explanation
        /// Its faults, without the assumptions that it rests on.
        var faults: [Int32]
        var entities: Set<EntityID>
        /// The entities that are at fault here or in the best explanation but not, or not in the same way, in both.
        var difference: Set<EntityID>
        var gap: Cost
    }

    /// The chosen faults, without assumptions.
    private var chosen: [Int32] { faults(of: best) }

    private func faults(of explanation: Explanation) -> [Int32] {
        explanation.roots.filter { model.candidates[$0] != nil }
    }

    private func entities(of faults: [Int32]) -> Set<EntityID> {
        Set(faults.compactMap { model.candidates[$0]?.entity })
    }

    func weigh(_ diagnosis: inout Diagnosis) {
        let (pool, far, completeWithin) = searchPool()
        diagnosis.completeWithin = completeWithin
        for index in diagnosis.roots.indices {
            let entity = diagnosis.roots[index].entity
            diagnosis.roots[index].margin = pool.filter { !$0.entities.contains(entity) }.map(\.gap).min()
        }
        diagnosis.rivals = pool.sorted { $0.explanation.precedes($1.explanation) }
            .map { Diagnosis.Rival(roots: $0.entities.sorted(), gap: $0.gap) }
        let roots = Set(diagnosis.roots.map(\.entity))
        let contests = contests(pool)
        var confidences: [EntityID: Double] = [:]
        for root in roots { confidences[root] = 1 }
        for contest in contests {
            var total = 1.0
            var mass: [EntityID: Double] = [:]
            for entity in contest.flatMap(\.difference) { mass[entity] = roots.contains(entity) ? 1 : 0 }
            for pooled in contest {
                let odds = pooled.gap.odds
                total += odds
                for entity in pooled.entities { mass[entity]? += odds }
            }
            for (entity, mass) in mass { confidences[entity] = mass / total }
        }
        for index in diagnosis.roots.indices {
            let entity = diagnosis.roots[index].entity
            diagnosis.roots[index].confidence = confidences[entity] ?? 1
            guard let contest = contests.first(where: { $0.contains { $0.difference.contains(entity) } }) else {
                continue
            }
            let alternatives = alternatives(to: diagnosis.roots[index], in: contest)
            diagnosis.roots[index].alternatives = alternatives.shown
            diagnosis.roots[index].omittedAlternatives = alternatives.omitted
        }
        for (entity, gap) in far where confidences[entity] == nil { confidences[entity] = gap.odds }
        diagnosis.ranking = confidences.map { (entity: $0.key, confidence: $0.value) }.sorted { left, right in
            left.confidence != right.confidence ? left.confidence > right.confidence : left.entity < right.entity
        }
    }

    /// The explanations of the pool, by what they are about: those that differ from the best in a common entity, or in
    /// entities that a third one connects, compete.
    private func contests(_ pool: [Pooled]) -> [[Pooled]] {
        var number: [EntityID: Int] = [:]
        var contests: [[Pooled]] = []
        for pooled in pool {
            let touched = Set(pooled.difference.compactMap { number[$0] }).sorted()
            let home = touched.first ?? contests.count
            if home == contests.count { contests.append([]) }
            contests[home].append(pooled)
            for entity in pooled.difference { number[entity] = home }
            for other in touched.dropFirst() {
                for entity in contests[other].flatMap(\.difference) { number[entity] = home }
                contests[home] += contests[other]
                contests[other] = []
            }
        }
        return contests.filter { !$0.isEmpty }
    }

    // MARK: The pool

    /// The explanations near the best; of the candidates that are in none, how far from the best they are at least; and how
    /// near all are listed.
    private func searchPool() -> (near: [Pooled], far: [EntityID: Cost], completeWithin: Cost?) {
        var rivals = rivals
        var found: [[Int32]: Explanation] = [:]
        var far: [EntityID: Cost] = [:]
        let chosen = chosen
        func add(_ explanation: Explanation?) {
            guard let explanation else { return }
            let key = faults(of: explanation)
            guard key != chosen else { return }
            if let known = found[key], known.cost <= explanation.cost { return }
            found[key] = explanation
        }
        var completeWithin: Cost?
        if best == rivals.result.best {
            let neighbourhood = rivals.neighbourhood(slacks: Self.listed, limit: Self.listLimit)
            completeWithin = neighbourhood.slack
            for explanation in neighbourhood.explanations { add(explanation) }
        }
        for root in chosen {
            guard let entity = model.candidates[root]?.entity else { continue }
            add(rivals.best(without: model.candidateVertices[entity.rawValue] ?? [root]).explanation)
        }
        for vertex in promisingCandidates(chosen) {
            let answer = rivals.best(requiring: vertex)
            add(answer.explanation)
            guard answer.explanation == nil, let entity = model.candidates[vertex]?.entity else { continue }
            far[entity] = min(far[entity] ?? .max, max(Self.slack, answer.lowerBound - best.cost))
        }
        let near = found.keys.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key -> Pooled? in
            guard let explanation = found[key] else { return nil }
            return Pooled(
                explanation: explanation,
                faults: key,
                entities: entities(of: key),
                difference: entities(of: Array(Set(key).symmetricDifference(chosen))),
                gap: Swift.max(0, explanation.cost - best.cost)
            )
        }
        return (near, far, completeWithin)
    }

    /// The candidates upstream of a symptom, those first that a swap into the best explanation makes cheapest.
    private func promisingCandidates(_ chosen: [Int32]) -> [Int32] {
        let network = model.problem.network
        var candidates = model.candidates.keys.filter { !chosen.contains($0) }.sorted()
        guard candidates.count > limit else { return candidates }
        let assumptions = best.roots.filter { model.candidates[$0] == nil }
        var run = ForwardRun(network)
        var estimates: [Int32: Cost] = [:]
        var visits = 0
        for candidate in candidates.prefix(20_000) {
            guard visits < Self.estimationBudget else { break }
            run.run(from: best.roots + [candidate])
            visits += run.reached.count
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

    /// What could take the place of a root, each with its share of the contest.
    private func alternatives(
        to root: Diagnosis.Root,
        in contest: [Pooled]
    ) -> (shown: [Diagnosis.Alternative], omitted: Int) {
        let total = contest.reduce(1.0) { $0 + $1.gap.odds }
        let slot = contest.filter { !$0.entities.contains(root.entity) }
        let chosen = entities(of: chosen)
        // A rival that replaces more than another one does says nothing about what would take this root's place.
        var direct: [Pooled] = []
        for pooled in slot.sorted(by: { $0.difference.count < $1.difference.count })
        where !pooled.entities.isSubset(of: chosen)
            && !direct.contains(where: { $0.difference.isStrictSubset(of: pooled.difference) })
        {
            direct.append(pooled)
        }
        var rivals: [EntityID: (share: Double, best: Pooled)] = [:]
        for pooled in direct {
            for other in pooled.entities.subtracting(chosen) {
                if let known = rivals[other], known.best.gap <= pooled.gap { continue }
                rivals[other] = (0, pooled)
            }
        }
        for pooled in slot {
            for other in pooled.entities { rivals[other]?.share += pooled.gap.odds / total }
        }
        var list = rivals.map { other, rival in
            let vertex = rival.best.faults.first { model.candidates[$0]?.entity == other }
            return Diagnosis.Alternative(
                entity: other,
                together: rival.best.entities.subtracting(chosen).subtracting([other]).sorted(),
                effect: vertex.flatMap { model.candidates[$0]?.effect } ?? .down,
                confidence: rival.share,
                gap: rival.best.gap,
                check: nil
            )
        }
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
            list[index].isInterchangeable = isSwap(rival) && evidence(under: rival.explanation) == evidence(under: best)
            list[index].check = check(root.entity, against: entity, rival.explanation)
        }
        return (list, omitted)
    }

    /// Whether an explanation has one entity in the place of another, and is otherwise the best.
    private func isSwap(_ pooled: Pooled) -> Bool {
        pooled.difference.count == 2 && pooled.entities.count == chosen.count
    }

    /// The vertices on which evidence bears and that are true under an explanation, ascending.
    private func evidence(under explanation: Explanation) -> [Int32] {
        var run = ForwardRun(model.problem.network)
        run.run(from: explanation.roots)
        let charge = model.problem.charge
        return run.reached.filter { Int($0) < charge.count && charge[Int($0)] != 0 }.sorted()
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
