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
    /// Whether calling everything noise would be cheaper, but is taken not to be so.
    let isPresumed: Bool
    let limit: Int

    private static let slack = Diagnosis.rivalSlack
    /// How near the best all explanations are listed: the first of these that takes little work.
    private static let listed: [Cost] = [slack, slack / 2, slack / 6]
    /// More explanations of one part than this are too many to list.
    private static let listLimit = 512
    /// How many nodes the estimates of what each candidate is worth may visit, roughly.
    private static let estimationBudget = 20_000_000

    /// An explanation by other entities than the best: the cheapest of those by the same, however each of them failed.
    struct Pooled {
        var explanation: Explanation
        /// Its faults, without the assumptions that it rests on.
        var faults: [Int32]
        var entities: Set<EntityID>
        /// The entities that are at fault here or in the best explanation, but not in both.
        var difference: Set<EntityID>
        var gap: Cost
    }

    /// The chosen faults, without assumptions.
    var chosen: [Int32] { faults(of: best) }

    func faults(of explanation: Explanation) -> [Int32] {
        explanation.roots.filter { model.candidates[$0] != nil }
    }

    func entities(of faults: [Int32]) -> Set<EntityID> {
        Set(faults.compactMap { model.candidates[$0]?.entity })
    }

    func weigh(_ diagnosis: inout Diagnosis) {
        let (pool, far, completeWithin) = searchPool()
        diagnosis.completeWithin = completeWithin
        for index in diagnosis.roots.indices {
            let entity = diagnosis.roots[index].entity
            diagnosis.roots[index].margin = pool.filter { !$0.entities.contains(entity) }.map(\.gap).min()
        }
        diagnosis.rivals =
            pool
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
        var found: [[EntityID]: Explanation] = [:]
        var far: [EntityID: Cost] = [:]
        let chosen = chosen
        let best = best
        let blamed = entities(of: chosen)
        func add(_ explanation: Explanation?) {
            guard let explanation else { return }
            let key = entities(of: faults(of: explanation)).sorted()
            guard key != blamed.sorted() else { return }
            if let known = found[key], known.precedes(explanation) { return }
            found[key] = explanation
        }
        func near(_ explanation: Explanation) -> Explanation? {
            explanation.cost <= best.cost + Self.slack ? explanation : nil
        }
        /// The cheapest of `known` and of what was found that meets a condition.
        func cheapest(_ known: Explanation, where meets: ([Int32]) -> Bool) -> Explanation {
            found.values.reduce(known) { $1.precedes($0) && meets($1.roots) ? $1 : $0 }
        }
        var run = ForwardRun(model.problem.network)
        // Noise stays a rival of what is presumed, as if it cost the same.
        if isPresumed { add(Explanation(roots: [], cost: best.cost)) }
        var completeWithin: Cost?
        if best == rivals.result.best {
            let neighbourhood = rivals.neighbourhood(slacks: Self.listed, limit: Self.listLimit)
            completeWithin = neighbourhood.slack
            for explanation in neighbourhood.explanations { add(explanation) }
        }
        for root in chosen {
            guard let entity = model.candidates[root]?.entity else { continue }
            let own = model.candidateVertices[entity.rawValue] ?? [root]
            let known = cheapest(valued(best.roots.filter { !own.contains($0) }, &run)) { roots in
                !roots.contains(where: own.contains)
            }
            let answer = rivals.best(without: own, knowing: known)
            // Where the search has no budget left, what is there without it is a rival, too.
            add(answer.explanation ?? (answer.isProven ? nil : near(known)))
        }
        for vertex in promisingCandidates(&run) {
            let known = cheapest(swap(vertex, &run)) { $0.contains(vertex) }
            let answer = rivals.best(requiring: vertex, knowing: known)
            add(answer.explanation ?? (answer.isProven ? nil : near(known)))
            guard answer.explanation == nil, answer.isProven, let entity = model.candidates[vertex]?.entity else {
                continue
            }
            far[entity] = min(far[entity] ?? .max, max(Self.slack, answer.lowerBound - best.cost))
        }
        let near = found.values.map { explanation in
            let faults = faults(of: explanation)
            let entities = entities(of: faults)
            return Pooled(
                explanation: explanation,
                faults: faults,
                entities: entities,
                difference: entities.symmetricDifference(blamed),
                gap: Swift.max(0, explanation.cost - best.cost)
            )
        }
        .sorted { $0.explanation.precedes($1.explanation) }
        return (near, far, completeWithin)
    }

    /// The candidates upstream of a symptom, those first that a swap into the best explanation makes cheapest.
    private func promisingCandidates(_ run: inout ForwardRun) -> [Int32] {
        var candidates = model.candidates.keys.filter { !chosen.contains($0) }.sorted()
        guard candidates.count > limit else { return candidates }
        var estimates: [Int32: Cost] = [:]
        var visits = 0
        for candidate in candidates.prefix(20_000) {
            guard visits < Self.estimationBudget else { break }
            estimates[candidate] = swap(candidate, &run).cost
            visits += run.reached.count
        }
        candidates.removeAll { estimates[$0] == nil }
        candidates.sort { (estimates[$0] ?? 0, $0) < (estimates[$1] ?? 0, $1) }
        return Array(candidates.prefix(limit))
    }

    /// The best explanation with a candidate besides, or in the place of the roots that it brings down.
    private func swap(_ candidate: Int32, _ run: inout ForwardRun) -> Explanation {
        let together = valued(best.roots + [candidate], &run)
        let assumptions = best.roots.filter { model.candidates[$0] == nil }
        run.run(from: [candidate] + assumptions)
        let kept = chosen.filter { root in
            guard let (entity, effect) = model.meaning(of: root),
                let vertex = model.graph.numbering.vertex(entity, effect)
            else { return true }
            return !run.isReached(vertex)
        }
        let swapped = valued(kept + assumptions + [candidate], &run)
        return swapped.cost < together.cost ? swapped : together
    }

    private func valued(_ roots: [Int32], _ run: inout ForwardRun) -> Explanation {
        Explanation(roots: roots, cost: model.problem.cost(of: roots, with: &run))
    }
}
