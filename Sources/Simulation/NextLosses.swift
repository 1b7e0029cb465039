import Graphs
import Topology

/// What one more loss would do to a state: exact, by running on top of the state each loss that matters.
///
/// A further loss does more than it would by itself only where it fires a gate that the state has weakened, and brings
/// down an entity that has lost redundancy only from upstream of it. So only what lies upstream of those entities is
/// run.
struct NextLosses {
    private(set) var exposures: [Exposure] = []
    private(set) var nextLosses: [NextLoss] = []

    /// For each entity that has lost redundancy, the losses that bring it down, except its own.
    private var endings = CompressedRows(offsets: [0], targets: [])

    /// The losses that bring an entity down which has lost redundancy, except its own, in order; none for others.
    ///
    /// - Complexity: O(losses).
    func endings(of entity: Int32) -> [EntityID] {
        Int(entity) < endings.rowCount ? endings[entity].map(EntityID.init(rawValue:)) : []
    }

    /// - Parameters:
    ///   - network: the network whose first vertices are what `packed` holds.
    ///   - packed: what brings what down.
    ///   - down: the faults that bring something down.
    ///   - reduced: the entities that are up and have lost redundancy.
    ///   - weights: what things cost.
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
        var (ended, exposed) = (Pairs(), Pairs())
        let upstream = network.dependencies.closure(of: reduced).filter { Int($0) < packed.vertexCount }.sorted()
        for candidate in upstream where !onTop.wasDown(candidate) {
            onTop.run(from: candidate)
            alone.run(from: candidate)
            var onlyNow = 0
            onTop.forEachDown { entity in
                if isReduced.contains(entity), entity != candidate { ended.add(entity, candidate) }
                if !alone.isDown(entity) {
                    onlyNow += 1
                    exposed.add(entity, candidate)
                }
            }
            guard onlyNow > 0 else { continue }
            nextLosses.append(
                NextLoss(
                    entity: EntityID(rawValue: candidate),
                    down: onTop.downCount,
                    onlyNow: onlyNow,
                    cost: weights.cost(down: onTop.tally, degraded: .zero)
                )
            )
        }
        endings = ended.rows(packed.vertexCount)
        let rows = exposed.rows(packed.vertexCount)
        for entity in 0..<Int32(packed.vertexCount) where !rows.range(of: entity).isEmpty {
            let losses = rows[entity].map(EntityID.init(rawValue:))
            exposures.append(Exposure(entity: EntityID(rawValue: entity), to: losses))
        }
        nextLosses.sort { $0.cost != $1.cost ? $0.cost > $1.cost : $0.entity < $1.entity }
    }

    /// Entities and the losses that bring them down, in the order of the losses.
    private struct Pairs {
        private var entities: [Int32] = []
        private var losses: [Int32] = []

        mutating func add(_ entity: Int32, _ loss: Int32) {
            entities.append(entity)
            losses.append(loss)
        }

        func rows(_ count: Int) -> CompressedRows { CompressedRows(rowCount: count, rows: entities, targets: losses) }
    }
}
