internal import Graphs
internal import Topology

/// Why the vertices that a set of roots makes true are true: by which roots, and along which entities.
struct Derivation {
    let roots: [Int32]
    /// The state under all roots.
    let together: ForwardRun
    /// The state under each root alone.
    private let alone: [ForwardRun]
    private let meaning: (Int32) -> (entity: EntityID, effect: Effect)?

    /// - Complexity: O(roots × what they reach).
    init(
        roots: [Int32],
        assumptions: [Int32],
        network: ThresholdNetwork,
        meaning: @escaping (Int32) -> (entity: EntityID, effect: Effect)?
    ) {
        self.roots = roots
        self.meaning = meaning
        var run = ForwardRun(network)
        run.run(from: roots + assumptions)
        together = run
        alone =
            roots.count == 1
            ? [run]
            : roots.map { root in
                var run = ForwardRun(network)
                run.run(from: [root] + assumptions)
                return run
            }
    }

    /// The roots that bring a vertex about, each by itself if any does, and the entities between the first of them and
    /// the vertex; nil when it is not true.
    func reason(for vertex: Int32) -> (because: [Int], via: [EntityID])? {
        guard together.isReached(vertex) else { return nil }
        let sufficient = alone.indices.filter { alone[$0].isReached(vertex) }
        if let first = sufficient.first { return (sufficient, path(to: vertex, in: alone[first])) }
        return (contributors(to: vertex), path(to: vertex, in: together))
    }

    /// The roots from which the derivation of a vertex starts, where no root suffices alone.
    private func contributors(to vertex: Int32) -> [Int] {
        var queue = [vertex]
        var seen: Set<Int32> = [vertex]
        var found: Set<Int32> = []
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            if together.isRoot(node) { found.insert(node) }
            for cause in together.causes(of: node) where seen.insert(cause).inserted { queue.append(cause) }
        }
        return roots.indices.filter { found.contains(roots[$0]) }
    }

    /// The entities between a root and a vertex, in the order of the failure, along the first causes.
    private func path(to vertex: Int32, in run: ForwardRun) -> [EntityID] {
        var chain: [EntityID] = []
        var node = vertex
        while let cause = run.causes(of: node).first(where: { meaning($0) != nil || network(run).isGate($0) }) {
            node = cause
            if let entity = meaning(node)?.entity, chain.last != entity { chain.append(entity) }
        }
        if !chain.isEmpty { chain.removeLast() }
        return chain.reversed()
    }

    private func network(_ run: ForwardRun) -> ThresholdNetwork { run.network }
}
