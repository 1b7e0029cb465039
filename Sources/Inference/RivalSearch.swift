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
    let neighbourhood: Neighbourhood
    let best: Explanation
    /// The chosen faults, without assumptions.
    let chosen: [Int32]
    /// Whether calling everything noise would be cheaper, but is taken not to be so.
    let isPresumed: Bool
    let limit: Int

    private static let slack = Diagnosis.rivalSlack
    /// More explanations than this are counted rather than told.
    private static let showLimit = 64
    /// How near the best all explanations are listed: the first of these that takes little work.
    static let listed: [Cost] = [slack, slack / 2, slack / 6]
    /// More explanations of one part than this are too many to list.
    static let listLimit = 512
    /// How many nodes the estimates of what each candidate is worth may visit, roughly.
    private static let estimationBudget = 20_000_000

    init(
        topology: Topology,
        model: DiagnosisModel,
        evidence: Evidence,
        rivals: RivalSolver,
        neighbourhood: Neighbourhood,
        isPresumed: Bool,
        limit: Int
    ) {
        self.topology = topology
        self.model = model
        self.evidence = evidence
        self.rivals = rivals
        self.neighbourhood = neighbourhood
        self.isPresumed = isPresumed
        self.limit = limit
        best = rivals.result.best
        chosen = best.roots.filter { model.candidates[$0] != nil }
    }

    func weigh(_ diagnosis: inout Diagnosis) {
        let (pool, far, completeWithin) = searchPool()
        diagnosis.completeWithin = completeWithin
        diagnosis.rivalCount = pool.count
        diagnosis.rivals = pool.prefix(Self.showLimit).map(rival)
        var margins: [EntityID: Cost] = [:]
        for member in pool {
            for entity in member.missing { margins[entity] = min(margins[entity] ?? .max, member.gap) }
        }
        let contests = contests(pool)
        let confidences = confidences(contests, roots: diagnosis.roots.map(\.entity))
        var contestOf: [EntityID: Int] = [:]
        for (index, contest) in contests.enumerated() {
            for entity in contest.flatMap(\.difference) { contestOf[entity] = index }
        }
        var comparison = RivalComparison(self)
        for index in diagnosis.roots.indices {
            let entity = diagnosis.roots[index].entity
            diagnosis.roots[index].margin = margins[entity]
            diagnosis.roots[index].confidence = confidences[entity] ?? 1
            guard let contest = contestOf[entity] else { continue }
            let alternatives = comparison.alternatives(to: diagnosis.roots[index], in: contests[contest])
            diagnosis.roots[index].alternatives = alternatives.shown
            diagnosis.roots[index].omittedAlternatives = alternatives.omitted
        }
        var ranking = confidences
        for (entity, gap) in far where confidences[entity] == nil { ranking[entity] = gap.odds }
        diagnosis.ranking = ranking.map { (entity: $0.key, confidence: $0.value) }.sorted { left, right in
            left.confidence != right.confidence ? left.confidence > right.confidence : left.entity < right.entity
        }
    }

    private func rival(_ member: RivalPool.Member) -> Diagnosis.Rival {
        let missing = Set(member.missing)
        let kept = Set(chosen.compactMap { model.candidates[$0]?.entity }).subtracting(missing)
        return Diagnosis.Rival(roots: kept.union(member.others).sorted(), gap: member.gap)
    }

    /// The share that each entity has of its contest; roots that have no rival are certain.
    private func confidences(_ contests: [[RivalPool.Member]], roots: [EntityID]) -> [EntityID: Double] {
        var confidences: [EntityID: Double] = [:]
        for root in roots { confidences[root] = 1 }
        for contest in contests {
            let total = contest.reduce(1.0) { $0 + $1.gap.odds }
            var mass: [EntityID: Double] = [:]
            let contested = Set(contest.flatMap(\.missing))
            for root in contested { mass[root] = 1 }
            for member in contest {
                for entity in member.others { mass[entity, default: 0] += member.gap.odds }
                // What is not missing is at fault here, too.
                for root in contested where !member.missing.contains(root) { mass[root]? += member.gap.odds }
            }
            for (entity, mass) in mass { confidences[entity] = mass / total }
        }
        return confidences
    }

    /// The explanations of the pool, by what they are about: those that differ from the best in a common entity, or in
    /// entities that a third one connects, compete.
    private func contests(_ pool: [RivalPool.Member]) -> [[RivalPool.Member]] {
        var number: [EntityID: Int] = [:]
        var contests: [[RivalPool.Member]] = []
        for member in pool {
            let touched = Set(member.difference.compactMap { number[$0] }).sorted()
            let home = touched.first ?? contests.count
            if home == contests.count { contests.append([]) }
            contests[home].append(member)
            for entity in member.difference { number[entity] = home }
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
    private func searchPool() -> (near: [RivalPool.Member], far: [EntityID: Cost], completeWithin: Cost?) {
        var rivals = rivals
        var pool = RivalPool(best: best, candidates: model.candidates)
        var far: [EntityID: Cost] = [:]
        /// Adds an answer, or, where the search has no budget left for one, what was known before.
        func add(_ answer: RivalAnswer, knowing known: Explanation) {
            if let explanation = answer.explanation {
                // What stands in for the unknown is no explanation.
                if model.outside.isDisjoint(with: explanation.roots) { pool.add(explanation) }
            } else if !answer.isProven, known.cost <= best.cost + Self.slack {
                pool.add(known)
            }
        }
        var run = ForwardRun(model.problem.network)
        // Noise stays a rival of what is presumed, as if it cost the same.
        if isPresumed { pool.add(Explanation(roots: [], cost: best.cost)) }
        for explanation in neighbourhood.explanations { pool.add(explanation) }
        for root in chosen {
            guard let entity = model.candidates[root]?.entity else { continue }
            let own = model.candidateVertices[entity.rawValue] ?? [root]
            // The best without a root is irredundant, and listed if all of these are.
            if neighbourhood.slack == Self.slack { continue }
            let left = valued(best.roots.filter { !own.contains($0) }, &run)
            let known = preferred(left, pool.cheapest(without: entity))
            add(rivals.best(without: own, knowing: known), knowing: known)
        }
        for vertex in promisingCandidates(&run) {
            let known = preferred(swap(vertex, &run), pool.cheapest(with: vertex))
            let answer = rivals.best(requiring: vertex, knowing: known)
            add(answer, knowing: known)
            guard answer.explanation == nil, answer.isProven, let entity = model.candidates[vertex]?.entity else {
                continue
            }
            far[entity] = min(far[entity] ?? .max, max(Self.slack, answer.lowerBound - best.cost))
        }
        return (pool.all, far, neighbourhood.slack)
    }

    private func preferred(_ one: Explanation, _ other: Explanation?) -> Explanation {
        if let other, other.precedes(one) { return other }
        return one
    }

    /// The candidates upstream of a symptom, those first that a swap into the best explanation makes cheapest.
    private func promisingCandidates(_ run: inout ForwardRun) -> [Int32] {
        let chosen = Set(chosen)
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
