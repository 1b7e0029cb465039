internal import Alerts
internal import Graphs
internal import Inference
internal import Propagation
internal import Time
public import Topology

/// What would follow if an entity were the cause, held against what is known: why it was not chosen.
public struct Suspicion: Sendable {
    /// How it would have failed: `down` or `degraded`, whichever accounts for more.
    public var effect: Effect
    /// The alerts that would follow, as indices into ``Analysis/ledger``, ascending; resolved ones and known issues are no
    /// evidence.
    public var explains: [Int] = []
    /// The root causes that explain some of these too, as indices into ``Analysis/rootCauses``, ascending.
    public var rivals: [Int] = []
    /// The alerts that those explain and this would not.
    public var misses: [Int] = []
    /// What would be down or degraded without a sign of it, though an alert is to be expected, the entity itself
    /// included; not what the root causes bring about, too.
    public var silent: [EntityID] = []
    /// Who said that something is well that would not be, as indices into ``Analysis/observations``; not what contradicts
    /// the root causes, too.
    public var contradictions: [Int] = []
    /// The only observers of something that alerts, which would be down: their alerts arrive.
    public var messengers: [EntityID] = []
}

extension Analysis {
    /// The only observers of something that alerts, which are held to be alive, for their alerts arrive; by entity.
    public var messengers: [EntityID] {
        let seen = Set(observations.map(\.entity))
        return evidence.health.map(\.entity).filter { !seen.contains($0) }
    }

    /// What would follow if the entity were the cause.
    ///
    /// The times of conditions are left out: what follows is what could follow at any time.
    ///
    /// - Complexity: O(the part of the topology around the evidence).
    public func suspicion(of entity: EntityID) -> Suspicion {
        let scope = FailureScope(topology, evidence)
        let evidence = builder.evidence(in: scope)
        let includesStarvation = evidence.symptoms.contains { $0.effect == .starved }
        let graph = FailureGraph(topology, in: scope, includesStarvation: includesStarvation)
        var run = ForwardRun(graph.network)
        let known = rootCauses.flatMap(\.alternatives).first { $0.entity == entity }?.effect
        // The milder of two that account for as much.
        let effects = known.map { [$0] } ?? [.degraded, .down]
        let all = effects.map { suspicion(of: entity, $0, evidence.silences, graph.numbering, &run) }
        return all.max { worth($0) < worth($1) } ?? Suspicion(effect: .down)
    }

    /// What the alerts weigh that would follow.
    private func worth(_ suspicion: Suspicion) -> Cost {
        let symptoms = Set(suspicion.explains.compactMap { ledger[$0].symptom })
        return symptoms.reduce(0) { $0 + evidence.symptoms[$1].weight }
    }

    private func suspicion(
        of entity: EntityID,
        _ effect: Effect,
        _ silences: [Silence],
        _ numbering: FailureGraph.Numbering,
        _ run: inout ForwardRun
    ) -> Suspicion {
        var found = Suspicion(effect: effect)
        guard let fault = numbering.vertex(entity, effect) else { return found }
        run.run(from: [fault])
        let state = run
        func isHit(_ entity: EntityID, _ effects: [Effect] = [.down, .degraded]) -> Bool {
            effects.contains { numbering.vertex(entity, $0).map(state.isReached) ?? false }
        }
        func follows(_ symptom: Symptom) -> Bool {
            isHit(symptom.entity, symptom.causes) || symptom.witness.map { isHit($0) } ?? false
        }
        found.explains = ledger.indices.filter { index in
            ledger[index].symptom.map { follows(evidence.symptoms[$0]) } ?? false
        }
        found.rivals = Set(found.explains.flatMap { ledger[$0].because }).sorted()
        let explained = Set(found.explains)
        found.misses = ledger.indices.filter { index in
            !explained.contains(index) && !Set(ledger[index].because).isDisjoint(with: found.rivals)
        }
        let harmed = Set(affected.filter { $0.effect == .down || $0.effect == .degraded }.map(\.entity))
        found.silent = silences.compactMap { silence in
            let weight =
                silence.entity == entity
                ? silence.ownWeight : isHit(silence.entity, [.down]) ? silence.downWeight : silence.downstreamWeight
            let isExcused = silence.observers.contains { isHit($0) }
            let isNews = isHit(silence.entity) && weight > 0 && !isExcused && !harmed.contains(silence.entity)
            return isNews ? silence.entity : nil
        }
        let start = found.explains.compactMap { ledger[$0].symptom.map { evidence.symptoms[$0].onset.lowerBound } }
            .min()
        found.contradictions = observations.indices.filter { index in
            let seen = observations[index]
            let isLater = seen.observation.at.map { $0.milliseconds >= start ?? 0 } ?? true
            return seen.observation.state == .healthy && seen.isAccountedFor && isLater && isHit(seen.entity)
        }
        found.messengers = messengers.filter { isHit($0) && !harmed.contains($0) }
        return found
    }
}
