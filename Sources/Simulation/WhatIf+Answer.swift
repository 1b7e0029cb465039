import Graphs
import Propagation
import Topology

extension SimulationModel {
    /// Runs the question on the platform.
    ///
    /// - Complexity: O(entities + needs), and the runs of the losses upstream of what has lost redundancy; with
    ///   placements, as much again for each round of moves.
    public func answer(_ question: WhatIf) -> WhatIfAnswer {
        let faults = question.faultsAfter.compactMap { graph.numbering.vertex($0.entity, $0.effect) }
        var start = ForwardRun(graph.network)
        start.run(from: question.during.compactMap { graph.numbering.vertex($0.entity, $0.effect) })
        let before = conditions(start)
        let outcome = outcome(question, faults, before, graph.network, planes.down)
        var rescheduling: Rescheduling?
        if !question.placements.isEmpty {
            let moved = Rescheduler(self, question, faults: faults)
            let packed = LossNetwork(
                moved.network,
                keeping: topology.entityCount,
                classes: planes.down.classes
            )
            rescheduling = Rescheduling(
                moves: moved.moves.sorted { $0.key < $1.key }.map(\.value),
                stranded: moved.stranded,
                outcome: self.outcome(question, faults, before, moved.network, packed)
            )
        }
        return WhatIfAnswer(lost: Set(question.losses).sorted(), outcome: outcome, rescheduling: rescheduling)
    }

    private func outcome(
        _ question: WhatIf,
        _ faults: [Int32],
        _ before: [Condition],
        _ network: ThresholdNetwork,
        _ packed: LossNetwork
    ) -> Outcome {
        var run = ForwardRun(network)
        run.run(from: faults)
        let after = conditions(run)
        let count = graph.numbering.entityCount
        let next = NextLosses(
            network,
            packed,
            down: faults.filter { $0 < count },
            reduced: (0..<count).filter { after[Int($0)].hasLostRedundancy },
            weights: question.weights
        )
        let derivation = Derivation(run, graph.numbering)
        let impacts = topology.entities.compactMap { entity -> Impact? in
            let (then, now) = (before[entity.index], after[entity.index])
            guard then.effect != nil || now.effect != nil else { return nil }
            let vertex = now.effect.flatMap { graph.numbering.vertex(entity, $0) }
            return Impact(
                entity: entity,
                before: then,
                after: now,
                because: vertex.map(derivation.roots) ?? [],
                via: vertex.map(derivation.path) ?? [],
                endedBy: next.endings(of: entity.rawValue)
            )
        }
        return Outcome(
            impacts: impacts,
            costBefore: cost(of: before, question.weights),
            cost: cost(of: after, question.weights),
            totals: ImpactTotals(topology, ranks: planes.down.classes, before: before, after: after),
            exposures: next.exposures,
            nextLosses: next.nextLosses
        )
    }

    /// What is the matter with each entity after a run.
    private func conditions(_ run: ForwardRun) -> [Condition] {
        var conditions = [Condition](repeating: Condition(), count: topology.entityCount)
        for vertex in run.reached {
            guard let (entity, effect) = graph.numbering.meaning(of: vertex) else { continue }
            conditions[entity.index].add(effect)
        }
        return conditions
    }

    private func cost(of conditions: [Condition], _ weights: LossWeights) -> Double {
        var down: SIMD4<Int32> = .zero
        var degraded: SIMD4<Int32> = .zero
        for (condition, rank) in zip(conditions, planes.down.classes) {
            if condition.isDown {
                down[Int(rank)] += 1
            } else if condition.isDegraded {
                degraded[Int(rank)] += 1
            }
        }
        return weights.cost(down: down, degraded: degraded)
    }
}
