/// The shares of the factors with many sources, sorted and added up while the split stands still.
///
/// What such a factor says about one of its variables takes a pass over all of them; asked for each of n this is n², which
/// for a group of thousands is all the time there is. With the sums of the smallest shares each takes O(1).
struct WideFactors {
    /// Factors of fewer sources are as fast without.
    private static let fewest = 64

    /// Where the shares of each node begin in ``shares``, or -1; its sums begin there too, one place on for each node before.
    private var starts: [Int32]
    private var sumStarts: [Int32]
    private var negatives: [Int32]
    /// Ascending within a node.
    private var shares: [Int64] = []
    /// For each k the sum of the k smallest.
    private var sums: [Int64] = []

    /// - Complexity: O(nodes + n log n) for n sources of wide factors; nil when there are none.
    init?(_ graph: FactorGraph) {
        let wide = (0..<graph.count).filter { graph.sourceEdges($0).count >= Self.fewest }
        guard !wide.isEmpty else { return nil }
        starts = [Int32](repeating: -1, count: graph.count)
        sumStarts = starts
        negatives = [Int32](repeating: 0, count: graph.count)
        for node in wide {
            starts[node] = Int32(shares.count)
            sumStarts[node] = Int32(sums.count)
            let sorted = graph.sourceEdges(node).map { graph.tail[$0] }.sorted()
            var sum: Int64 = 0
            sums.append(sum)
            for share in sorted {
                sum += share
                sums.append(sum)
                if share < 0 { negatives[node] += 1 }
            }
            shares += sorted
        }
    }

    /// What ``FactorGraph/tailMarginals(_:_:)`` says; nil for a factor that is not wide.
    func tailMarginals(_ graph: FactorGraph, _ node: Int, _ edge: Int) -> Marginals? {
        guard starts[node] >= 0 else { return nil }
        let share = graph.tail[edge]
        let others = graph.sourceEdges(node).count - 1
        let negatives = Int(negatives[node]) - (share < 0 ? 1 : 0)
        let head = graph.head[node]
        func sum(_ count: Int) -> Int64 { sumOfSmallest(count, of: node, except: share) }
        if graph.threshold[node] == 1 {
            let best = min(graph.cost[node], sum(max(1, negatives)))
            return Marginals(
                whenFalse: best >= FactorGraph.infinity ? 0 : min(0, head + best),
                whenTrue: head + share + sum(negatives)
            )
        }
        let need = Int(graph.threshold[node])
        func fewer(than need: Int) -> Int64 { need < 1 ? FactorGraph.infinity : sum(min(need - 1, negatives)) }
        func atLeast(_ need: Int) -> Int64 { need > others ? FactorGraph.infinity : head + sum(max(need, negatives)) }
        return Marginals(
            whenFalse: min(fewer(than: need), atLeast(need)),
            whenTrue: min(fewer(than: need - 1), atLeast(need - 1)) + share
        )
    }

    /// The sum of the smallest shares but one of this size, of which there are more than `count` with it.
    private func sumOfSmallest(_ count: Int, of node: Int, except share: Int64) -> Int64 {
        let start = Int(sumStarts[node])
        guard count > 0, share <= shares[Int(starts[node]) + count - 1] else { return sums[start + count] }
        return sums[start + count + 1] - share
    }
}
