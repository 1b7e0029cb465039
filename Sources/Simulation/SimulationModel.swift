package import Graphs
package import Propagation
public import Topology

/// A topology made ready for simulation; every question of this module is asked of one.
///
/// It holds the failure graph without starvation, and the same graph taken apart into what brings things down and what
/// degrades them.
public struct SimulationModel: Sendable {
    /// The platform.
    public let topology: Topology
    package let graph: FailureGraph
    package let planes: LossPlanes

    /// Compiles the topology.
    ///
    /// - Complexity: O(entities + needs).
    public init(_ topology: Topology) {
        self.topology = topology
        graph = FailureGraph(topology, includesStarvation: false)
        planes = LossPlanes(
            graph,
            classes: topology.entities.map { UInt8(truncatingIfNeeded: topology.criticality(of: $0).rank) }
        )
    }
}

/// A failure graph taken apart: losses run over one small network, and degradation, which has no gates, over plain
/// rows.
///
/// Nearly all runs of a ranking never meet a weak need, and then touch `down` alone.
package struct LossPlanes: Sendable {
    /// What brings entities down; its classes are the ranks of their criticality.
    package let down: LossNetwork
    /// For each entity, the entities that are degraded when it is down.
    package let weak: CompressedRows
    /// For each entity, the entities that are degraded when it is degraded.
    package let degraded: CompressedRows
    /// The entities whose loss may degrade others: those from which a weak need can be reached.
    package let degrading: BitSet

    package init(_ graph: FailureGraph, classes: [UInt8]) {
        let count = graph.numbering.entityCount
        let dependents = graph.network.dependents
        down = LossNetwork(graph.network, keeping: Int(count), classes: classes)
        var weakOffsets: [Int32] = [0]
        var weakTargets: [Int32] = []
        var offsets: [Int32] = [0]
        var targets: [Int32] = []
        weakOffsets.reserveCapacity(Int(count) + 1)
        offsets.reserveCapacity(Int(count) + 1)
        var sources: [Int32] = []
        for entity in 0..<count {
            for place in dependents.range(of: entity) {
                let target = dependents.targets[place]
                if target >= count, target < 2 * count { weakTargets.append(target - count) }
            }
            if weakTargets.count > Int(weakOffsets[Int(entity)]) { sources.append(entity) }
            weakOffsets.append(Int32(weakTargets.count))
            for place in dependents.range(of: count + entity) { targets.append(dependents.targets[place] - count) }
            offsets.append(Int32(targets.count))
        }
        weak = CompressedRows(offsets: weakOffsets, targets: weakTargets)
        degraded = CompressedRows(offsets: offsets, targets: targets)
        var degrading = BitSet(capacity: Int(count))
        for node in graph.network.dependencies.closure(of: sources) where node < count { degrading.insert(node) }
        self.degrading = degrading
    }
}
