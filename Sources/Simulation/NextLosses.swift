import Graphs
import Topology

/// What one more loss would do to a state: exact, by running on top of the state each loss that matters.
///
/// A further loss does more than it would by itself only where it fires a gate that the state has weakened, and brings
/// down an entity that has lost redundancy only from upstream of it. So only what lies upstream of those entities is run.
struct NextLosses {
    /// For each entity that has lost redundancy, the losses that bring it down, except its own; ascending.
    private(set) var endedBy: [Int32: [EntityID]] = [:]
    private(set) var exposures: [Exposure] = []
    private(set) var nextLosses: [NextLoss] = []

    /// - Parameters:
    ///   - network: the network whose first vertices are what `packed` holds.
    ///   - down: the faults that bring something down.
    ///   - reduced: the entities that are up and have lost redundancy.
    /// - Complexity: O(sum of what each loss upstream of `reduced` reaches, and of the arcs that leave it).
    init(
        _ network: ThresholdNetwork,
        _ packed: LossNetwork,
        down: [Int32],
        reduced: [Int32],
        weights: LossWeights
    ) {
        guard !reduced.isEmpty else { return }
        var isReduced = BitSet(capacity: packed.vertexCount)
        for entity in reduced { isReduced.insert(entity) }
        var onTop = LossRun(packed)
        var alone = onTop
        onTop.run(from: down)
        onTop.freeze()
        var exposed: [Int32: [EntityID]] = [:]
        let upstream = network.dependencies.closure(of: reduced).filter { Int($0) < packed.vertexCount }.sorted()
        for candidate in upstream where !onTop.wasDown(candidate) {
            onTop.run(from: candidate)
            alone.run(from: candidate)
            let loss = EntityID(rawValue: candidate)
            var onlyNow = 0
            onTop.forEachDown { entity in
                if isReduced.contains(entity), entity != candidate { endedBy[entity, default: []].append(loss) }
                if !alone.isDown(entity) {
                    onlyNow += 1
                    exposed[entity, default: []].append(loss)
                }
            }
            guard onlyNow > 0 else { continue }
            nextLosses.append(
                NextLoss(
                    entity: loss,
                    down: onTop.downCount,
                    onlyNow: onlyNow,
                    cost: weights.cost(down: onTop.tally, degraded: .zero)
                )
            )
        }
        exposures = exposed.sorted { $0.key < $1.key }.map {
            Exposure(entity: EntityID(rawValue: $0.key), to: $0.value)
        }
        nextLosses.sort { $0.cost != $1.cost ? $0.cost > $1.cost : $0.entity < $1.entity }
    }
}
