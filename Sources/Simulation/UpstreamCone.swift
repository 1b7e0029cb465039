package import Graphs
package import Propagation
package import Topology

/// Everything that can bring one entity down, as a network of its own.
///
/// Vertices are renumbered in the order of their entities, so that work on one service does not depend on the size of
/// the platform.
package struct UpstreamCone: Sendable {
    /// The entity of each vertex, ascending.
    package let entities: [EntityID]
    /// The vertex of the entity that was asked about.
    package let target: Int32
    /// What brings what down.
    package let network: ThresholdNetwork

    /// Cuts the cone above `entity` out of a failure graph.
    ///
    /// - Complexity: O(entities of the graph / 64 + u log u) for u entities and needs upstream.
    package init(of entity: EntityID, in graph: FailureGraph) {
        let whole = graph.network
        let vertices = whole.dependencies.closure(of: [entity.rawValue]).filter { !whole.isGate($0) }.sorted()
        var local: [Int32: Int32] = [:]
        local.reserveCapacity(vertices.count)
        for (index, vertex) in vertices.enumerated() { local[vertex] = Int32(index) }
        var builder = ThresholdNetworkBuilder(vertexCount: vertices.count)
        for (index, vertex) in vertices.enumerated() {
            for source in whole.dependencies[vertex] {
                let members = whole.isGate(source) ? whole.dependencies[source] : [source]
                builder.addGate(
                    threshold: whole.threshold(of: source),
                    members: members.compactMap { local[$0] },
                    owner: Int32(index)
                )
            }
        }
        entities = vertices.map(EntityID.init(rawValue:))
        target = local[entity.rawValue] ?? 0
        network = builder.build()
    }
}
