internal import Graphs
internal import Propagation
internal import Topology

// What could take the place of one root, and what would tell.
extension RivalSearch {
    /// More explanations than this are not looked through for alternatives to one root.
    private static let lookLimit = 128
    /// More alternatives than this are counted rather than listed.
    private static let showLimit = 8

    /// A rival of one root: the entity that takes over most of what the root explains, and those that take over the rest.
    private struct Successor {
        var lead: EntityID
        var others: [EntityID]
        var best: Pooled
        var share: Double
    }

    /// What could take the place of a root, each with its share of the contest.
    ///
    /// Each explanation that does without the root counts for one alternative, so that the shares and the root's own add up
    /// to 1 at most.
    func alternatives(
        to root: Diagnosis.Root,
        in contest: [Pooled]
    ) -> (shown: [Diagnosis.Alternative], omitted: Int) {
        let total = contest.reduce(1.0) { $0 + $1.gap.odds }
        let chosen = entities(of: chosen)
        let slot = contest.filter { !$0.entities.contains(root.entity) }
            .sorted { $0.explanation.precedes($1.explanation) }
        var run = ForwardRun(model.problem.network)
        var successors: [EntityID: Successor] = [:]
        var noise: (share: Double, gap: Cost)?
        for pooled in slot.prefix(Self.lookLimit) {
            let share = pooled.gap.odds / total
            let heirs = heirs(of: root, in: pooled, besides: chosen, &run)
            if let lead = heirs.first {
                successors[lead, default: Successor(lead: lead, others: [], best: pooled, share: 0)].share += share
                if successors[lead]?.best.explanation == pooled.explanation {
                    successors[lead]?.others = heirs.dropFirst().sorted()
                }
            } else {
                noise = ((noise?.share ?? 0) + share, noise?.gap ?? pooled.gap)
            }
        }
        var list = successors.values.map { alternative($0, to: root) }
        if let noise {
            list.append(
                Diagnosis.Alternative(
                    entity: nil,
                    effect: root.effect,
                    confidence: noise.share,
                    gap: noise.gap,
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
        let omitted = max(0, list.count - Self.showLimit)
        list.removeLast(omitted)
        return (list, omitted)
    }

    /// The entities of an explanation without the root that explain what it explains, the one that explains most first.
    private func heirs(
        of root: Diagnosis.Root,
        in pooled: Pooled,
        besides chosen: Set<EntityID>,
        _ run: inout ForwardRun
    ) -> [EntityID] {
        let assumptions = pooled.explanation.roots.filter { model.candidates[$0] == nil }
        run.run(from: pooled.explanation.roots)
        let explained = root.symptoms.filter { run.isReached(model.symptomVertices[$0]) }
        guard !explained.isEmpty else { return [] }
        var worth: [(entity: EntityID, weight: Cost)] = []
        for entity in pooled.entities.subtracting(chosen).sorted() {
            let own = pooled.faults.filter { model.candidates[$0]?.entity == entity }
            run.run(from: own + assumptions)
            var taken = Set(explained.filter { run.isReached(model.symptomVertices[$0]) })
            run.run(from: pooled.explanation.roots.filter { !own.contains($0) })
            taken.formUnion(explained.filter { !run.isReached(model.symptomVertices[$0]) })
            if !taken.isEmpty { worth.append((entity, taken.reduce(0) { $0 + evidence.symptoms[$1].weight })) }
        }
        return worth.sorted { ($1.weight, $0.entity) < ($0.weight, $1.entity) }.map(\.entity)
    }

    private func alternative(_ successor: Successor, to root: Diagnosis.Root) -> Diagnosis.Alternative {
        let pooled = successor.best
        let vertex = pooled.faults.first { model.candidates[$0]?.entity == successor.lead }
        let heirs = [successor.lead] + successor.others
        let swapped =
            chosen.filter { model.candidates[$0]?.entity != root.entity }
            + pooled.faults.filter { model.candidates[$0].map { heirs.contains($0.entity) } ?? false }
        return Diagnosis.Alternative(
            entity: successor.lead,
            together: successor.others,
            effect: vertex.flatMap { model.candidates[$0]?.effect } ?? .down,
            confidence: successor.share,
            gap: pooled.gap,
            isInterchangeable: isSwap(pooled) && signs(of: pooled.explanation) == signs(of: best),
            check: check(root.entity, against: heirs, swapped)
        )
    }

    /// Whether an explanation has one entity in the place of another, and is otherwise the best.
    private func isSwap(_ pooled: Pooled) -> Bool {
        pooled.difference.count == 2 && pooled.entities.count == chosen.count
    }

    /// The vertices on which evidence bears and that are true under an explanation, ascending.
    private func signs(of explanation: Explanation) -> [Int32] {
        var run = ForwardRun(model.problem.network)
        run.run(from: explanation.roots)
        let charge = model.problem.charge
        return run.reached.filter { Int($0) < charge.count && charge[Int($0)] != 0 }.sorted()
    }

    /// The unobserved entity whose state differs between the best explanation and the same with the root's place taken, and
    /// that is easiest to look at: one that carries an alert rule before one that does not, something else before the rivals
    /// themselves.
    private func check(_ root: EntityID, against rivals: [EntityID], _ swapped: [Int32]) -> Diagnosis.Check? {
        let here = states(chosen)
        let there = states(swapped)
        let observed = Set(evidence.symptoms.map(\.entity)).union(evidence.health.map(\.entity))
        let monitored = Set(evidence.silences.map(\.entity))
        let different = Set(here.keys).union(there.keys).filter { here[$0] != there[$0] && !observed.contains($0) }
        func price(_ entity: EntityID) -> (Int, Int, Int, Int32) {
            (
                entity == root || rivals.contains(entity) ? 1 : 0, monitored.contains(entity) ? 0 : 1,
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
