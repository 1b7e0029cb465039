import Graphs
import Propagation
import Topology

/// Why each vertex of a forward run is true: the faults behind it and the way that the failure took.
struct Derivation {
    private let numbering: FailureGraph.Numbering
    private let vertexCount: Int
    /// For each node the node that reached it first; -1 for faults and for what is not true.
    private var parents: [Int32]
    private let rootSets: RootSets

    /// - Complexity: O(nodes of the network + for each node reached, what feeds it).
    init(_ run: ForwardRun, _ numbering: FailureGraph.Numbering) {
        self.numbering = numbering
        vertexCount = run.network.vertexCount
        rootSets = RootSets(run)
        parents = [Int32](repeating: -1, count: run.network.nodeCount)
        for node in run.reached { parents[Int(node)] = run.causes(of: node).first ?? -1 }
    }

    /// The entities whose faults made `vertex` true, in order.
    ///
    /// - Complexity: O(faults × log faults).
    func roots(of vertex: Int32) -> [EntityID] {
        Set(rootSets.roots(of: vertex).compactMap { numbering.meaning(of: $0)?.entity }).sorted()
    }

    /// The entities between a fault and `vertex`, in the direction of the failure; of a redundancy group, by way of the
    /// member that fell first, and of a long way the ``FailureWay/longest`` nearest to `vertex`.
    ///
    /// - Complexity: O(length of the way, up to that).
    func path(to vertex: Int32) -> [EntityID] {
        guard let end = numbering.meaning(of: vertex)?.entity else { return [] }
        var path: [EntityID] = []
        var node = parents[Int(vertex)]
        while node >= 0, path.count <= FailureWay.longest {
            if Int(node) < vertexCount, let entity = numbering.meaning(of: node)?.entity, path.last != entity {
                path.append(entity)
            }
            node = parents[Int(node)]
        }
        let first = path.popLast()
        return path.reversed().filter { $0 != first && $0 != end }
    }
}
