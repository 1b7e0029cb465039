import Graphs
import Propagation
import Topology

/// Why each vertex of a forward run is true: the faults behind it and the way that the failure took.
struct Derivation {
    private let numbering: FailureGraph.Numbering
    private let vertexCount: Int
    /// For each node the node that reached it first; -1 for faults and for what is not true.
    private var parents: [Int32]
    /// For each node which of `rootSets` stands behind it; -1 for what is not true.
    private var rootSetOfNode: [Int32]
    private var rootSets: [[EntityID]] = []

    /// - Complexity: O(nodes of the network + for each node reached, what feeds it).
    init(_ run: ForwardRun, _ numbering: FailureGraph.Numbering) {
        self.numbering = numbering
        vertexCount = run.network.vertexCount
        parents = [Int32](repeating: -1, count: run.network.nodeCount)
        rootSetOfNode = parents
        var numbers: [[EntityID]: Int32] = [:]
        for node in run.reached {
            let causes = run.causes(of: node)
            let sets = causes.map { rootSetOfNode[Int($0)] }
            if let first = causes.first, let set = sets.first {
                parents[Int(node)] = first
                if sets.allSatisfy({ $0 == set }) {
                    rootSetOfNode[Int(node)] = set
                    continue
                }
            }
            let roots =
                causes.isEmpty
                ? [numbering.meaning(of: node)].compactMap { $0?.entity }
                : Set(sets.flatMap { rootSets[Int($0)] }).sorted()
            if let known = numbers[roots] {
                rootSetOfNode[Int(node)] = known
            } else {
                numbers[roots] = Int32(rootSets.count)
                rootSetOfNode[Int(node)] = Int32(rootSets.count)
                rootSets.append(roots)
            }
        }
    }

    /// The entities whose faults made `vertex` true, in order.
    ///
    /// - Complexity: O(1).
    func roots(of vertex: Int32) -> [EntityID] {
        let set = rootSetOfNode[Int(vertex)]
        return set < 0 ? [] : rootSets[Int(set)]
    }

    /// The entities between a fault and `vertex`, in the direction of the failure; of a redundancy group, by way of the
    /// member that fell first.
    ///
    /// - Complexity: O(length of the way).
    func path(to vertex: Int32) -> [EntityID] {
        guard let end = numbering.meaning(of: vertex)?.entity else { return [] }
        var path: [EntityID] = []
        var root: EntityID?
        var node = parents[Int(vertex)]
        while node >= 0 {
            if Int(node) < vertexCount, let entity = numbering.meaning(of: node)?.entity {
                if path.last != entity { path.append(entity) }
                root = entity
            }
            node = parents[Int(node)]
        }
        return path.reversed().filter { $0 != root && $0 != end }
    }
}
