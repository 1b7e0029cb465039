import Graphs

/// A region of a network laid out as a factor graph.
///
/// Three things are simplified on the way, without changing what any explanation costs:
/// - Vertices that reach each other through arcs alone are always true together. They become one node, whose fault is
///   the cheapest of theirs. Cycles that are left lead through gates.
/// - A vertex with many sources is fed through a tree of relays, so that no factor is wide.
/// - A gate that has two members in one node gets a relay for the second, so that no factor holds a variable twice.
struct RegionGraph {
    let graph: FactorGraph
    /// The node of the graph that stands for each node of the network, or -1.
    private(set) var nodeOf: [Int32]
    /// For a node that stands for several candidates, all of them; the one that it is charged for comes first.
    private(set) var interchangeable: [Int32: [Int32]]

    /// The network's node that each node of the graph stands for; -1 for relays.
    private let identity: [Int32]

    private static let widestFactor = 16

    /// Lays out `region`, taking over from `previous` how costs are split.
    ///
    /// - Complexity: O(nodes of the network + edges of the region).
    init(_ region: ExplanationRegion, previous: RegionGraph? = nil) {
        var layout = Layout(region)
        layout.mergeCycles()
        layout.order()
        layout.layEdges()
        identity = layout.identity
        nodeOf = layout.nodeOf
        interchangeable = [:]
        graph = FactorGraph(count: layout.identity.count, sourceStarts: layout.starts, sources: layout.sources)
        for node in 0..<graph.count {
            graph.threshold[node] = layout.thresholds[node]
            graph.isCyclic[node] = layout.isCyclic[node]
        }
        assignCosts(region)
        if let previous { takeOverSplit(of: previous) }
        graph.refreshMinima()
    }

    /// The node of the graph that stands for `node` of the network, if any.
    @inline(__always)
    func node(of node: Int32) -> Int? {
        let local = nodeOf[Int(node)]
        return local < 0 ? nil : Int(local)
    }

    private mutating func assignCosts(_ region: ExplanationRegion) {
        let problem = region.problem
        for vertex in 0..<Int32(problem.network.vertexCount) {
            guard let node = node(of: vertex) else { continue }
            graph.head[node] += problem.charge[Int(vertex)]
            guard region.isCandidate(vertex) else { continue }
            let cost = problem.faultCost[Int(vertex)]
            let known = graph.vertex[node]
            if known >= 0 {
                var all = interchangeable[Int32(node)] ?? [known]
                if cost < graph.cost[node] { all.insert(vertex, at: 0) } else { all.append(vertex) }
                interchangeable[Int32(node)] = all
            }
            if cost < graph.cost[node] {
                graph.cost[node] = cost
                graph.vertex[node] = vertex
            }
        }
    }

    /// Moves shares of charges to where `previous` has them.
    ///
    /// Any split is valid, so edges that are new begin with 0.
    private func takeOverSplit(of previous: RegionGraph) {
        let old = previous.graph
        for node in 0..<graph.count where identity[node] >= 0 {
            let earlier = previous.nodeOf[Int(identity[node])]
            guard earlier >= 0 else { continue }
            graph.isDirty[node] = false
            for edge in graph.sourceEdges(node) {
                let source = identity[Int(graph.source[edge])]
                guard source >= 0 else { continue }
                let earlierSource = previous.nodeOf[Int(source)]
                for oldEdge in old.sourceEdges(Int(earlier)) where old.source[oldEdge] == earlierSource {
                    graph.tail[edge] = old.tail[oldEdge]
                    graph.head[Int(graph.source[edge])] -= old.tail[oldEdge]
                }
            }
        }
        for node in 0..<graph.count where identity[node] < 0 || previous.nodeOf[Int(identity[node])] < 0 {
            for edge in graph.sourceEdges(node) { graph.isDirty[Int(graph.source[edge])] = true }
            for place in graph.sinkPlaces(node) { graph.isDirty[Int(graph.sink[place])] = true }
        }
    }

    /// The steps of laying out a region, and what they produce.
    private struct Layout {
        let region: ExplanationRegion
        let network: ThresholdNetwork
        /// For each node of the network the node that represents it: itself, or the smallest vertex of its cycle; -1
        /// outside the region.
        var representative: [Int32]
        /// The vertices of each cycle of arcs, by its representative.
        var cycles: [Int32: [Int32]] = [:]
        /// For each gate in the region how many more of its members must be true.
        var sequence: [Int32] = []
        var sequenceIsCyclic: [Bool] = []

        var nodeOf: [Int32]
        var identity: [Int32] = []
        var thresholds: [Int32] = []
        var isCyclic: [Bool] = []
        var starts: [Int32] = [0]
        var sources: [Int32] = []

        init(_ region: ExplanationRegion) {
            self.region = region
            network = region.problem.network
            representative = [Int32](repeating: -1, count: network.nodeCount)
            nodeOf = representative
            // What cannot come true has no place; among it are gates whose members the region lacks.
            let isPossible = region.possibleMembers()
            for node in region.members where isPossible[Int(node)] { representative[Int(node)] = node }
        }

        private func threshold(_ node: Int32) -> Int {
            guard network.isGate(node) else { return 1 }
            return Int(network.threshold(of: node) - region.settledSources(of: node))
        }

        private func members(of node: Int32) -> [Int32] { cycles[node] ?? [node] }

        /// The nodes in the order in which their sources allow, and what is left: cycles and what follows them.
        private func sorted() -> (order: [Int32], rest: [Int32]) {
            var waiting = [Int32](repeating: 0, count: network.nodeCount)
            var order: [Int32] = []
            let nodes = region.members.filter { representative[Int($0)] == $0 }
            for node in nodes {
                for member in members(of: node) {
                    for source in network.dependencies[member] {
                        let from = representative[Int(source)]
                        if from >= 0 && from != node { waiting[Int(node)] += 1 }
                    }
                }
                if waiting[Int(node)] == 0 { order.append(node) }
            }
            var head = 0
            while head < order.count {
                let node = order[head]
                head += 1
                for member in members(of: node) {
                    for sink in network.dependents[member] {
                        let into = representative[Int(sink)]
                        guard into >= 0 && into != node else { continue }
                        waiting[Int(into)] -= 1
                        if waiting[Int(into)] == 0 { order.append(into) }
                    }
                }
            }
            return (order, order.count < nodes.count ? nodes.filter { waiting[Int($0)] > 0 }.sorted() : [])
        }

        /// The strong components of `nodes`, a subset of what represents itself, in the graph of its arcs.
        private func components(of nodes: [Int32], throughGates: Bool) -> (StrongComponents, CompressedRows) {
            var place = [Int32: Int32](minimumCapacity: nodes.count)
            for (index, node) in nodes.enumerated() { place[node] = Int32(index) }
            var rows: [Int32] = []
            var targets: [Int32] = []
            for (index, node) in nodes.enumerated() where throughGates || !network.isGate(node) {
                for member in members(of: node) {
                    for source in network.dependencies[member] where throughGates || !network.isGate(source) {
                        let from = representative[Int(source)]
                        guard from >= 0, from != node, let row = place[from] else { continue }
                        rows.append(row)
                        targets.append(Int32(index))
                    }
                }
            }
            let components = StrongComponents(of: CompressedRows(rowCount: nodes.count, rows: rows, targets: targets))
            return (components, components.members)
        }

        mutating func mergeCycles() {
            let (_, rest) = sorted()
            guard !rest.isEmpty else { return }
            let (_, members) = components(of: rest, throughGates: false)
            for component in 0..<Int32(members.rowCount) where members[component].count > 1 {
                let vertices = members[component].map { rest[Int($0)] }
                guard let smallest = vertices.first else { continue }
                cycles[smallest] = vertices
                for vertex in vertices { representative[Int(vertex)] = smallest }
            }
        }

        mutating func order() {
            let (order, rest) = sorted()
            sequence = order
            sequenceIsCyclic = [Bool](repeating: false, count: order.count)
            guard !rest.isEmpty else { return }
            let (components, members) = components(of: rest, throughGates: true)
            for component in stride(from: Int32(components.count) - 1, through: 0, by: -1) {
                let places = members[component]
                for place in places {
                    sequence.append(rest[Int(place)])
                    sequenceIsCyclic.append(places.count > 1)
                }
            }
        }

        /// Numbers the nodes with their relays in order, then lays the edges that enter each.
        mutating func layEdges() {
            var pendingSources: [[Int32]] = []
            for (index, node) in sequence.enumerated() {
                let isGate = network.isGate(node)
                var feeding = sourceRepresentatives(of: node)
                if isGate {
                    separateRepetitions(&feeding, sequenceIsCyclic[index], &pendingSources)
                } else {
                    narrow(&feeding, sequenceIsCyclic[index], &pendingSources)
                }
                let local = append(node, Int32(threshold(node)), sequenceIsCyclic[index])
                for member in members(of: node) { nodeOf[Int(member)] = local }
                pendingSources.append(feeding)
            }
            for feeding in pendingSources {
                // Relays are written as the complement of their number.
                for source in feeding { sources.append(source < 0 ? ~source : nodeOf[Int(source)]) }
                starts.append(Int32(sources.count))
            }
        }

        private mutating func append(_ node: Int32, _ threshold: Int32, _ onCycle: Bool) -> Int32 {
            identity.append(node)
            thresholds.append(threshold)
            isCyclic.append(onCycle)
            return Int32(identity.count - 1)
        }

        private func sourceRepresentatives(of node: Int32) -> [Int32] {
            var feeding: [Int32] = []
            for member in members(of: node) {
                for source in network.dependencies[member] {
                    let from = representative[Int(source)]
                    if from >= 0 && from != node { feeding.append(from) }
                }
            }
            feeding.sort()
            guard !network.isGate(node) else { return feeding }
            var last: Int32 = -1
            feeding.removeAll { from in
                defer { last = from }
                return from == last
            }
            return feeding
        }

        private mutating func separateRepetitions(
            _ feeding: inout [Int32],
            _ onCycle: Bool,
            _ pendingSources: inout [[Int32]]
        ) {
            var last: Int32 = -1
            for place in feeding.indices {
                let source = feeding[place]
                if source == last {
                    feeding[place] = ~append(-1, 1, onCycle)
                    pendingSources.append([source])
                }
                last = source
            }
        }

        /// Bundles sources into relays until few are left.
        private mutating func narrow(
            _ feeding: inout [Int32],
            _ onCycle: Bool,
            _ pendingSources: inout [[Int32]]
        ) {
            let width = RegionGraph.widestFactor
            while feeding.count > width {
                var bundled: [Int32] = []
                for start in stride(from: 0, to: feeding.count, by: width) {
                    let bundle = Array(feeding[start..<min(start + width, feeding.count)])
                    guard bundle.count > 1 else {
                        bundled += bundle
                        continue
                    }
                    bundled.append(~append(-1, 1, onCycle))
                    pendingSources.append(bundle)
                }
                feeding = bundled
            }
        }
    }
}
