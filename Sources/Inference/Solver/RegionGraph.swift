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
    /// For a node that stands for several candidates, all of them, cheapest first.
    private(set) var interchangeable: [Int32: [Int32]] = [:]
    /// The node of the graph that stands for each member of the region, or -1.
    private let nodeOfMember: [Int32]
    /// The member of the region that each node of the graph stands for; -1 for relays.
    private let memberOfNode: [Int32]

    private static let widestFactor = 16

    /// Lays out `region`, taking over from `previous` how costs are split.
    ///
    /// - Complexity: O(nodes + edges of the region).
    init(_ region: ExplanationRegion, previous: RegionGraph? = nil) {
        var layout = Layout(region)
        layout.mergeCycles()
        layout.layEdges()
        memberOfNode = layout.memberOfNode
        nodeOfMember = layout.nodeOfMember
        graph = FactorGraph(count: memberOfNode.count, sourceStarts: layout.starts, sources: layout.sources)
        for node in 0..<graph.count {
            graph.threshold[node] = layout.thresholds[node]
            graph.isCyclic[node] = layout.isCyclic[node]
        }
        assignCosts(region)
        if let previous { takeOverSplit(of: previous) }
        graph.refreshMinima()
    }

    /// The node of the graph that stands for the member of the region at `place`, if any.
    @inline(__always)
    func node(ofMember place: Int) -> Int? {
        guard place >= 0, place < nodeOfMember.count, nodeOfMember[place] >= 0 else { return nil }
        return Int(nodeOfMember[place])
    }

    private mutating func assignCosts(_ region: ExplanationRegion) {
        let problem = region.problem
        var shared: [Int32: [Int32]] = [:]
        for (place, vertex) in region.members.enumerated() where Int(vertex) < problem.network.vertexCount {
            guard let node = node(ofMember: place) else { continue }
            graph.head[node] += problem.charge(of: vertex)
            guard region.isCandidate(vertex) else { continue }
            if graph.vertex[node] < 0 {
                graph.vertex[node] = vertex
                graph.cost[node] = problem.faultCost(of: vertex)
            } else {
                shared[Int32(node), default: [graph.vertex[node]]].append(vertex)
            }
        }
        interchangeable = shared.mapValues { candidates in
            candidates.sorted { (problem.faultCost(of: $0), $0) < (problem.faultCost(of: $1), $1) }
        }
        for (node, candidates) in interchangeable {
            graph.vertex[Int(node)] = candidates[0]
            graph.cost[Int(node)] = problem.faultCost(of: candidates[0])
        }
    }

    /// Moves shares of charges to where `previous` has them.
    ///
    /// Any split is valid, so edges that are new begin with 0.
    private func takeOverSplit(of previous: RegionGraph) {
        let old = previous.graph
        for node in 0..<graph.count {
            guard let earlier = self.node(node, in: previous) else { continue }
            graph.isDirty[node] = false
            for edge in graph.sourceEdges(node) {
                guard let source = self.node(Int(graph.source[edge]), in: previous) else { continue }
                for oldEdge in old.sourceEdges(earlier) where Int(old.source[oldEdge]) == source {
                    graph.tail[edge] = old.tail[oldEdge]
                    graph.head[Int(graph.source[edge])] -= old.tail[oldEdge]
                }
            }
        }
        for node in 0..<graph.count where self.node(node, in: previous) == nil {
            for edge in graph.sourceEdges(node) { graph.isDirty[Int(graph.source[edge])] = true }
            for place in graph.sinkPlaces(node) { graph.isDirty[Int(graph.sink[place])] = true }
        }
    }

    /// The node of `previous` that stands for what `node` stands for, if any; regions keep their members' places.
    @inline(__always)
    private func node(_ node: Int, in previous: RegionGraph) -> Int? {
        previous.node(ofMember: Int(memberOfNode[node]))
    }

    /// The steps of laying out a region, and what they produce; nodes of the region go by their places in it.
    private struct Layout {
        /// For each member of the region, the members that feed it.
        private let dependencies: CompressedRows
        private let dependents: CompressedRows
        /// How many more of its sources must be true to make each member true.
        private let memberThresholds: [Int32]
        private let isGate: [Bool]
        /// For each member the one that represents it: itself, or the smallest of its cycle; -1 for what cannot come
        /// true.
        private var representative: [Int32]
        /// The members of each cycle of arcs, by its representative.
        private var cycles: [Int32: [Int32]] = [:]
        /// The order in which nodes are laid out, sources first, and from where on they may be on cycles.
        private var sequence: [Int32] = []
        private var isOnCycle: [Bool] = []

        private(set) var nodeOfMember: [Int32]
        private(set) var memberOfNode: [Int32] = []
        private(set) var thresholds: [Int32] = []
        private(set) var isCyclic: [Bool] = []
        private(set) var starts: [Int32] = [0]
        /// The sources of each node: once all are numbered, nodes; before, members, or the complements of relays.
        private(set) var sources: [Int32] = []

        init(_ region: ExplanationRegion) {
            let network = region.problem.network
            var offsets: [Int32] = [0]
            var targets: [Int32] = []
            offsets.reserveCapacity(region.members.count + 1)
            targets.reserveCapacity(4 * region.members.count)
            for node in region.members {
                for place in network.dependencies.range(of: node) {
                    let source = region.place(of: network.dependencies.targets[place])
                    if source >= 0 { targets.append(Int32(source)) }
                }
                offsets.append(Int32(targets.count))
            }
            dependencies = CompressedRows(offsets: offsets, targets: targets)
            dependents = dependencies.transposed(rowCount: region.members.count)
            isGate = region.members.map { network.isGate($0) }
            memberThresholds = region.members.map { node in
                network.isGate(node) ? network.threshold(of: node) - region.settledSources(of: node) : 1
            }
            representative = [Int32](repeating: -1, count: region.members.count)
            nodeOfMember = representative
            findPossible(region)
        }

        /// Lets all that can come true represent itself; among what cannot are gates whose members the region lacks.
        private mutating func findPossible(_ region: ExplanationRegion) {
            var missing = memberThresholds
            var reached: [Int32] = []
            for (place, node) in region.members.enumerated() where !isGate[place] && region.isCandidate(node) {
                representative[place] = Int32(place)
                reached.append(Int32(place))
            }
            while let node = reached.popLast() {
                for place in dependents.range(of: node) {
                    let sink = dependents.targets[place]
                    missing[Int(sink)] -= 1
                    guard missing[Int(sink)] <= 0, representative[Int(sink)] < 0 else { continue }
                    representative[Int(sink)] = sink
                    reached.append(sink)
                }
            }
        }

        /// Calls `body` with the members that `node` represents.
        @inline(__always)
        private func forEachMember(of node: Int32, _ body: (Int32) -> Void) {
            if !cycles.isEmpty, let cycle = cycles[node] {
                for member in cycle { body(member) }
            } else {
                body(node)
            }
        }

        /// Calls `body` with the representatives of what feeds `node`, as often as they do.
        @inline(__always)
        private func forEachSource(of node: Int32, _ body: (Int32) -> Void) {
            forEachMember(of: node) { member in
                for place in dependencies.range(of: member) {
                    let from = representative[Int(dependencies.targets[place])]
                    if from >= 0 && from != node { body(from) }
                }
            }
        }

        /// `nodes` in the order in which their sources among them allow, and what is left: cycles and what follows them.
        private func sorted(_ nodes: [Int32]) -> (order: [Int32], rest: [Int32]) {
            var waiting = [Int32](repeating: -1, count: representative.count)
            for node in nodes { waiting[Int(node)] = 0 }
            var order: [Int32] = []
            order.reserveCapacity(nodes.count)
            for node in nodes {
                var sources: Int32 = 0
                forEachSource(of: node) { if waiting[Int($0)] >= 0 { sources += 1 } }
                waiting[Int(node)] = sources
                if sources == 0 { order.append(node) }
            }
            var head = 0
            while head < order.count {
                let node = order[head]
                head += 1
                forEachMember(of: node) { member in
                    for place in dependents.range(of: member) {
                        let into = representative[Int(dependents.targets[place])]
                        guard into >= 0, into != node, waiting[Int(into)] > 0 else { continue }
                        waiting[Int(into)] -= 1
                        if waiting[Int(into)] == 0 { order.append(into) }
                    }
                }
            }
            return (order, order.count < nodes.count ? nodes.filter { waiting[Int($0)] > 0 } : [])
        }

        /// The strong components of `nodes` in the graph of its arcs, or of all edges.
        private func components(of nodes: [Int32], throughGates: Bool) -> CompressedRows {
            var index = [Int32](repeating: -1, count: representative.count)
            for (place, node) in nodes.enumerated() { index[Int(node)] = Int32(place) }
            var rows: [Int32] = []
            var targets: [Int32] = []
            for (place, node) in nodes.enumerated() where throughGates || !isGate[Int(node)] {
                forEachSource(of: node) { source in
                    guard index[Int(source)] >= 0, throughGates || !isGate[Int(source)] else { return }
                    rows.append(index[Int(source)])
                    targets.append(Int32(place))
                }
            }
            return StrongComponents(of: CompressedRows(rowCount: nodes.count, rows: rows, targets: targets)).members
        }

        /// Finds the order of the nodes, merging cycles of arcs.
        mutating func mergeCycles() {
            var (order, rest) = sorted((0..<Int32(representative.count)).filter { representative[Int($0)] >= 0 })
            if !rest.isEmpty {
                let members = components(of: rest, throughGates: false)
                for component in 0..<Int32(members.rowCount) where members[component].count > 1 {
                    let cycle = members[component].map { rest[Int($0)] }
                    cycles[cycle[0]] = cycle
                    for member in cycle { representative[Int(member)] = cycle[0] }
                }
                let (more, left) = sorted(rest.filter { representative[Int($0)] == $0 })
                order += more
                rest = left
            }
            sequence = order
            isOnCycle = [Bool](repeating: false, count: order.count)
            guard !rest.isEmpty else { return }
            let members = components(of: rest, throughGates: true)
            for component in stride(from: Int32(members.rowCount) - 1, through: 0, by: -1) {
                for place in members[component] {
                    sequence.append(rest[Int(place)])
                    isOnCycle.append(members[component].count > 1)
                }
            }
        }

        /// Numbers the nodes with their relays in order, and lays the edges that enter each.
        mutating func layEdges() {
            sources.reserveCapacity(dependencies.targets.count)
            var feeding: [Int32] = []
            for (node, isOnCycle) in zip(sequence, isOnCycle) {
                collectSources(of: node, in: &feeding)
                if isGate[Int(node)] {
                    separateRepetitions(&feeding, isOnCycle)
                } else {
                    narrow(&feeding, isOnCycle)
                }
                let number = append(node, fedBy: feeding, threshold: memberThresholds[Int(node)], isOnCycle)
                nodeOfMember[Int(node)] = number
            }
            for (node, cycle) in cycles {
                for member in cycle { nodeOfMember[Int(member)] = nodeOfMember[Int(node)] }
            }
            for place in sources.indices {
                let source = sources[place]
                sources[place] = source < 0 ? ~source : nodeOfMember[Int(source)]
            }
        }

        /// Appends a node of the graph and returns its number.
        private mutating func append(
            _ member: Int32,
            fedBy feeding: some Sequence<Int32>,
            threshold: Int32,
            _ isOnCycle: Bool
        ) -> Int32 {
            sources.append(contentsOf: feeding)
            starts.append(Int32(sources.count))
            memberOfNode.append(member)
            thresholds.append(threshold)
            isCyclic.append(isOnCycle)
            return Int32(memberOfNode.count - 1)
        }

        /// What feeds `node`: for a vertex once each, for a gate as often as they do.
        private func collectSources(of node: Int32, in feeding: inout [Int32]) {
            feeding.removeAll(keepingCapacity: true)
            forEachSource(of: node) { feeding.append($0) }
            // Only merged vertices can be among the sources twice.
            guard !cycles.isEmpty else { return }
            feeding.sort()
            guard !isGate[Int(node)] else { return }
            var last: Int32 = -1
            feeding.removeAll { from in
                defer { last = from }
                return from == last
            }
        }

        private mutating func separateRepetitions(_ feeding: inout [Int32], _ isOnCycle: Bool) {
            var last: Int32 = -1
            for place in feeding.indices {
                let source = feeding[place]
                if source == last {
                    feeding[place] = ~append(-1, fedBy: CollectionOfOne(source), threshold: 1, isOnCycle)
                }
                last = source
            }
        }

        /// Bundles sources into relays until few are left.
        private mutating func narrow(_ feeding: inout [Int32], _ isOnCycle: Bool) {
            let width = RegionGraph.widestFactor
            while feeding.count > width {
                var bundled: [Int32] = []
                for start in stride(from: 0, to: feeding.count, by: width) {
                    let bundle = feeding[start..<min(start + width, feeding.count)]
                    if bundle.count > 1 {
                        bundled.append(~append(-1, fedBy: bundle, threshold: 1, isOnCycle))
                    } else {
                        bundled += bundle
                    }
                }
                feeding = bundled
            }
        }
    }
}
