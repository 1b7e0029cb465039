internal import Graphs
internal import Topology

/// Why the vertices that a set of roots makes true are true: by which roots, and along which entities.
struct Derivation {
    /// Why one vertex is true.
    struct Reason {
        /// The roots that bring it about, each by itself if any does; as indices into ``Derivation/roots``.
        var because: [Int]
        /// Whether it takes all of them: none does it alone.
        var isJoint = false
        /// The entities between the first of them and the vertex, in the order of the failure; of a long way the
        /// ``FailureWay/longest`` nearest to the vertex.
        var via: [EntityID]
    }

    let roots: [Int32]
    let assumptions: [Int32]
    /// The state under all roots.
    let together: ForwardRun
    private let meaning: (Int32) -> (entity: EntityID, effect: Effect)?

    /// - Complexity: O(what the roots reach).
    init(
        roots: [Int32],
        assumptions: [Int32],
        network: ThresholdNetwork,
        meaning: @escaping (Int32) -> (entity: EntityID, effect: Effect)?
    ) {
        self.roots = roots
        self.assumptions = assumptions
        self.meaning = meaning
        var run = ForwardRun(network)
        run.run(from: roots + assumptions)
        together = run
    }

    /// The reason of each of `vertices`, in their order; nil for one that is not true.
    ///
    /// - Complexity: O(sum of what each root reaches), and the size of the answer.
    func reasons(for vertices: [Int32]) -> [Reason?] {
        var reasons: [Int32: Reason] = [:]
        let wanted = Set(vertices)
        var run = together
        for (index, root) in roots.enumerated() {
            if roots.count > 1 { run.run(from: [root] + assumptions) }
            var causes: [Int32: Int32?] = [:]
            for vertex in run.reached where wanted.contains(vertex) {
                reasons[vertex, default: Reason(because: [], via: path(to: vertex, in: run, &causes))].because
                    .append(index)
            }
        }
        let shared = wanted.filter { reasons[$0] == nil && together.isReached($0) }
        if !shared.isEmpty {
            let sets = RootSets(together)
            let indices = Dictionary(roots.enumerated().map { ($1, $0) }) { first, _ in first }
            var causes: [Int32: Int32?] = [:]
            for vertex in shared {
                reasons[vertex] = Reason(
                    because: sets.roots(of: vertex).compactMap { indices[$0] }.sorted(),
                    isJoint: true,
                    via: path(to: vertex, in: together, &causes)
                )
            }
        }
        return vertices.map { reasons[$0] }
    }

    /// The entities between a root and a vertex, in the order of the failure, along the first causes, each of which is
    /// looked up once in `causes`.
    private func path(to vertex: Int32, in run: ForwardRun, _ causes: inout [Int32: Int32?]) -> [EntityID] {
        var chain: [EntityID] = []
        var node = vertex
        while chain.count <= FailureWay.longest {
            let known = causes[node]
            let cause = known ?? run.causes(of: node).first { meaning($0) != nil || run.network.isGate($0) }
            if known == nil { causes[node] = .some(cause) }
            guard let cause else { break }
            node = cause
            if let entity = meaning(node)?.entity, chain.last != entity { chain.append(entity) }
        }
        if !chain.isEmpty { chain.removeLast() }
        return chain.reversed()
    }
}
