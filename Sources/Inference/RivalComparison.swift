internal import Graphs
internal import Propagation
internal import Topology

/// What could take the place of one root, and what would tell.
struct RivalComparison {
    private let topology: Topology
    private let model: DiagnosisModel
    private let evidence: Evidence
    private let best: Explanation
    private let chosen: [Int32]
    private let observed: Set<EntityID>
    private let monitored: Set<EntityID>
    /// What the chosen faults bring about in the failure graph without evidence.
    private let here: ForwardRun
    /// Room for other runs, there and over the problem.
    private var there: ForwardRun
    private var run: ForwardRun
    /// What the best explanation says of the evidence.
    private let signs: [Int32]

    /// More explanations than this are not looked through for alternatives to one root.
    private static let lookLimit = 128
    /// More alternatives than this are counted rather than listed.
    private static let showLimit = 8

    /// - Complexity: O(vertices + evidence).
    init(_ search: RivalSearch) {
        topology = search.topology
        model = search.model
        evidence = search.evidence
        best = search.best
        chosen = search.chosen
        observed = Set(evidence.symptoms.map(\.entity)).union(evidence.health.map(\.entity))
        monitored = Set(evidence.silences.map(\.entity))
        there = ForwardRun(model.graph.network)
        var run = ForwardRun(model.graph.network)
        run.run(from: Self.vertices(of: chosen, in: model))
        here = run
        self.run = ForwardRun(model.problem.network)
        signs = Self.signs(of: best, in: model, &self.run)
    }

    /// A rival of one root: the entity that takes over most of what the root explains, and those that take over the rest.
    private struct Successor {
        var lead: EntityID
        var others: [EntityID]
        var best: RivalPool.Member
        var share: Double
    }

    /// What could take the place of a root, each with its share of the contest.
    ///
    /// Each explanation that does without the root counts for one alternative, so that the shares and the root's own add up
    /// to 1 at most.
    mutating func alternatives(
        to root: Diagnosis.Root,
        in contest: [RivalPool.Member]
    ) -> (shown: [Diagnosis.Alternative], omitted: Int) {
        let total = contest.reduce(1.0) { $0 + $1.gap.odds }
        let slot = contest.filter { $0.missing.contains(root.entity) }
            .sorted { $0.explanation.precedes($1.explanation) }
        var successors: [EntityID: Successor] = [:]
        var noise: (share: Double, gap: Cost)?
        for member in slot.prefix(Self.lookLimit) {
            let share = member.gap.odds / total
            let heirs = heirs(of: root, in: member)
            guard let lead = heirs.first else {
                noise = ((noise?.share ?? 0) + share, noise?.gap ?? member.gap)
                continue
            }
            // The first is the best.
            let others = heirs.dropFirst().sorted()
            successors[lead, default: Successor(lead: lead, others: others, best: member, share: 0)].share += share
        }
        var list: [Diagnosis.Alternative] = []
        for successor in successors.values { list.append(alternative(successor, to: root)) }
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
    private mutating func heirs(of root: Diagnosis.Root, in member: RivalPool.Member) -> [EntityID] {
        guard !member.others.isEmpty else { return [] }
        let assumptions = member.explanation.roots.filter { model.candidates[$0] == nil }
        run.run(from: member.explanation.roots)
        let explained = root.symptoms.filter { run.isReached(model.symptomVertices[$0]) }
        guard !explained.isEmpty else { return [] }
        var worth: [(entity: EntityID, weight: Cost)] = []
        for entity in member.others {
            let own = member.added.filter { model.candidates[$0]?.entity == entity }
            run.run(from: own + assumptions)
            var taken = Set(explained.filter { run.isReached(model.symptomVertices[$0]) })
            run.run(from: member.explanation.roots.filter { !own.contains($0) })
            taken.formUnion(explained.filter { !run.isReached(model.symptomVertices[$0]) })
            if !taken.isEmpty { worth.append((entity, taken.reduce(0) { $0 + evidence.symptoms[$1].weight })) }
        }
        return worth.sorted { ($1.weight, $0.entity) < ($0.weight, $1.entity) }.map(\.entity)
    }

    private mutating func alternative(_ successor: Successor, to root: Diagnosis.Root) -> Diagnosis.Alternative {
        let member = successor.best
        let vertex = member.added.first { model.candidates[$0]?.entity == successor.lead }
        let heirs = [successor.lead] + successor.others
        let swapped =
            chosen.filter { model.candidates[$0]?.entity != root.entity }
            + member.added.filter { model.candidates[$0].map { heirs.contains($0.entity) } ?? false }
        return Diagnosis.Alternative(
            entity: successor.lead,
            together: successor.others,
            effect: vertex.flatMap { model.candidates[$0]?.effect } ?? .down,
            confidence: successor.share,
            gap: member.gap,
            isInterchangeable: isSwap(member) && Self.signs(of: member.explanation, in: model, &run) == signs,
            check: check(root.entity, against: heirs, swapped, callsRootNoise: leavesOpen(root, member))
        )
    }

    /// Whether a rival calls what was seen on the root itself noise.
    private mutating func leavesOpen(_ root: Diagnosis.Root, _ member: RivalPool.Member) -> Bool {
        let own = root.symptoms.filter { evidence.symptoms[$0].entity == root.entity }
        run.run(from: member.explanation.roots)
        return own.contains { !run.isReached(model.symptomVertices[$0]) }
    }

    /// Whether an explanation has one entity in the place of another, and is otherwise the best.
    private func isSwap(_ member: RivalPool.Member) -> Bool { member.others.count == 1 && member.missing.count == 1 }

    /// The vertices on which evidence bears and that are true under an explanation, ascending.
    private static func signs(of explanation: Explanation, in model: DiagnosisModel, _ run: inout ForwardRun) -> [Int32]
    {
        run.run(from: explanation.roots)
        let charge = model.problem.charge
        return run.reached.filter { Int($0) < charge.count && charge[Int($0)] != 0 }.sorted()
    }

    /// The unobserved entity whose state differs between the best explanation and the same with the root's place taken, and
    /// that is easiest to look at: one that carries an alert rule before one that does not, something else before the rivals
    /// themselves.
    ///
    /// Where the rival calls what was seen on the root noise, nothing is as easy to look at as the root.
    private mutating func check(
        _ root: EntityID,
        against rivals: [EntityID],
        _ swapped: [Int32],
        callsRootNoise: Bool
    ) -> Diagnosis.Check? {
        there.run(from: Self.vertices(of: swapped, in: model))
        if callsRootNoise, state(of: root, in: here) != state(of: root, in: there) {
            return Diagnosis.Check(
                entity: root,
                ifRoot: state(of: root, in: here),
                ifAlternative: state(of: root, in: there)
            )
        }
        func price(_ entity: EntityID) -> (Int, Int, Int, Int32) {
            (
                entity == root || rivals.contains(entity) ? 1 : 0, monitored.contains(entity) ? 0 : 1,
                -topology.criticality(of: entity).rank, entity.rawValue
            )
        }
        let changed = here.reached.filter { !there.isReached($0) } + there.reached.filter { !here.isReached($0) }
        let different = Set(changed.compactMap { model.graph.numbering.meaning(of: $0)?.entity }).filter { entity in
            !observed.contains(entity) && state(of: entity, in: here) != state(of: entity, in: there)
        }
        guard let entity = different.min(by: { price($0) < price($1) }) else { return nil }
        return Diagnosis.Check(
            entity: entity,
            ifRoot: state(of: entity, in: here),
            ifAlternative: state(of: entity, in: there)
        )
    }

    /// Whether an entity is down, or else degraded, in a run over the failure graph without evidence.
    private func state(of entity: EntityID, in run: ForwardRun) -> Effect? {
        [Effect.down, .degraded].first { effect in
            model.graph.numbering.vertex(entity, effect).map(run.isReached) ?? false
        }
    }

    /// What stands for faults in the failure graph without evidence.
    private static func vertices(of faults: [Int32], in model: DiagnosisModel) -> [Int32] {
        faults.compactMap { fault in
            model.candidates[fault].flatMap { model.graph.numbering.vertex($0.entity, $0.effect) }
        }
    }
}
