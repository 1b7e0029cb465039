import Graphs

/// Every vertex under one that its loss takes down, where it takes any: the order in which all single losses are run.
///
/// What hangs on a vertex by a plain arc goes down with it, and takes everything along that it takes down by itself. A
/// walk through the forest (``LossWalk``) therefore runs, for each loss, only what it adds to the one above.
struct LossForest: Sendable {
    /// All vertices: what hangs under a vertex follows right after it.
    let order: [Int32]
    /// For each place in ``order``, the place after the last vertex that hangs under the one there.
    let ends: [Int32]

    /// Hangs each vertex under the one of those that its loss takes down which seems to take most down in turn, and the
    /// members of a circle, which all take down the same, under one of them.
    ///
    /// - Complexity: O(vertices + arcs).
    init(_ network: LossNetwork) {
        let parents = Self.parents(network.plainArcs)
        let count = parents.count
        let roots = Int32(count)
        let children = CompressedRows(
            rowCount: count + 1,
            rows: parents.map { $0 < 0 ? roots : $0 },
            targets: Array(0..<roots)
        )
        var order: [Int32] = []
        order.reserveCapacity(count)
        var open = Array(children[roots].reversed())
        while let vertex = open.popLast() {
            order.append(vertex)
            open += children[vertex].reversed()
        }
        var size = [Int32](repeating: 1, count: count)
        for vertex in order.reversed() where parents[Int(vertex)] >= 0 {
            size[Int(parents[Int(vertex)])] += size[Int(vertex)]
        }
        ends = order.enumerated().map { Int32($0.offset) + size[Int($0.element)] }
        self.order = order
    }

    /// The vertex that each hangs under, or -1.
    private static func parents(_ arcs: CompressedRows) -> [Int32] {
        let components = StrongComponents(of: arcs)
        let (componentOf, members) = (components.componentOfNode, components.members)
        // What a component takes down, counted once for each way to it, and so an upper bound.
        var extents = [Double](repeating: 0, count: components.count)
        var parents = [Int32](repeating: -1, count: arcs.rowCount)
        for component in 0..<Int32(components.count) {
            let nodes = members[component]
            let first = nodes[nodes.startIndex]
            var extent = Double(nodes.count)
            for node in nodes {
                if node != first { parents[Int(node)] = first }
                for target in arcs[node] where componentOf[Int(target)] != component {
                    let reached = extents[Int(componentOf[Int(target)])]
                    extent += reached
                    let best = parents[Int(first)]
                    if best < 0 || extents[Int(componentOf[Int(best)])] < reached { parents[Int(first)] = target }
                }
            }
            extents[Int(component)] = min(extent, Double(arcs.rowCount))
        }
        return parents
    }
}

extension LossForest {
    /// The vertices whose loss alone brings `target` down, itself included, ascending.
    ///
    /// - Complexity: that of a ``LossWalk``.
    static func singleLosses(bringingDown target: Int32, in network: LossNetwork) -> [Int32] {
        let forest = LossForest(network)
        var walk = LossWalk(network, forest)
        var found: [Int32] = []
        while walk.advance() {
            if walk.added.contains(target) { found += forest.order[walk.extent] }
        }
        return found.sorted()
    }
}

extension LossNetwork {
    /// The arcs from vertex to vertex: what goes down with each by itself.
    fileprivate var plainArcs: CompressedRows {
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(vertexCount + 1)
        var targets: [Int32] = []
        targets.reserveCapacity(arcs.count)
        for vertex in 0..<vertexCount {
            for arc in arcs[Int(starts[vertex])..<Int(starts[vertex + 1])] where arc < Self.firstGateArc {
                targets.append(Int32(arc & Self.indexMask))
            }
            offsets.append(Int32(targets.count))
        }
        return CompressedRows(offsets: offsets, targets: targets)
    }
}
