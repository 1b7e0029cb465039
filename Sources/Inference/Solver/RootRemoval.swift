internal import Graphs

/// What a forward run would lose without one of its roots.
///
/// Everything that the root reaches is taken away and what the rest supports is put back (Gupta, Mumick and Subrahmanian,
/// "Maintaining views incrementally", 1993), so that cycles support themselves no more than in the run itself. A root that
/// reaches little is looked at in little time, however many others there are.
struct RootRemoval {
    private let run: ForwardRun
    private var isRemoved: [Bool]
    private var support: [Int32]
    private var removed: [Int32] = []

    /// - Complexity: O(nodes).
    init(_ run: ForwardRun) {
        self.run = run
        isRemoved = [Bool](repeating: false, count: run.network.nodeCount)
        support = [Int32](repeating: 0, count: run.network.nodeCount)
    }

    /// How many nodes the last trial looked at.
    var visits: Int { removed.count }

    /// The nodes that the run would not reach without `root`.
    ///
    /// - Complexity: O(edges of the nodes that `root` reaches).
    mutating func lost(without root: Int32) -> [Int32] {
        let network = run.network
        for node in removed {
            isRemoved[Int(node)] = false
            support[Int(node)] = 0
        }
        removed.removeAll(keepingCapacity: true)
        removed.append(root)
        isRemoved[Int(root)] = true
        var head = 0
        while head < removed.count {
            for node in network.dependents[removed[head]]
            where !isRemoved[Int(node)] && run.isReached(node) && !run.isRoot(node) {
                isRemoved[Int(node)] = true
                removed.append(node)
            }
            head += 1
        }
        var back: [Int32] = []
        for node in removed where isSupported(node) { back.append(node) }
        for node in back { isRemoved[Int(node)] = false }
        while let node = back.popLast() {
            for sink in network.dependents[node] where isRemoved[Int(sink)] {
                support[Int(sink)] += 1
                guard support[Int(sink)] >= network.threshold(of: sink) else { continue }
                isRemoved[Int(sink)] = false
                back.append(sink)
            }
        }
        return removed.filter { isRemoved[Int($0)] }
    }

    /// Counts what is left of the sources of a node, as far as it takes to know whether they are enough.
    private mutating func isSupported(_ node: Int32) -> Bool {
        let network = run.network
        let threshold = network.threshold(of: node)
        for place in network.dependencies.range(of: node) {
            let source = network.dependencies.targets[place]
            guard !isRemoved[Int(source)], run.isReached(source) else { continue }
            support[Int(node)] += 1
            if support[Int(node)] >= threshold { return true }
        }
        return false
    }
}
