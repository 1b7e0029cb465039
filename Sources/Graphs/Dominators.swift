/// The dominator tree of a directed graph from one or more entries: node `d` dominates `n` when every path from an
/// entry to `n` passes through `d`.
///
/// Read over a failure graph in which every arc is a hard need, from everything that can fail to one service: the
/// dominators of the service are its single points of failure on all those paths.
///
/// Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm" (2001).
package struct Dominators: Sendable {
    /// The closest strict dominator of each node; -1 for entries, for nodes that only the entries together dominate,
    /// and for nodes that no entry reaches.
    package let immediateDominators: [Int32]

    /// Finds the dominators over the adjacency `successors`, starting from `entries`.
    ///
    /// - Complexity: O(nodes + arcs) on reducible graphs; O(nodes × arcs) at worst.
    package init(successors: CompressedRows, entries: [Int32]) {
        let count = successors.rowCount
        let order = Self.reversePostorder(successors, entries)
        var rank = [Int](repeating: -1, count: count + 1)
        for (position, node) in order.enumerated() {
            rank[Int(node)] = position + 1
        }
        // A virtual entry, numbered `count` and ranked 0, precedes all real ones.
        let virtual = Int32(count)
        rank[count] = 0
        var closest = [Int32](repeating: -1, count: count + 1)
        closest[count] = virtual
        for entry in entries {
            closest[Int(entry)] = virtual
        }
        let isEntry = entries.reduce(into: BitSet(capacity: count)) { $0.insert($1) }
        let predecessors = successors.transposed(rowCount: count)
        var changed = true
        while changed {
            changed = false
            for node in order where !isEntry.contains(node) {
                var candidate: Int32 = -1
                for source in predecessors[node] where closest[Int(source)] >= 0 {
                    candidate = candidate < 0 ? source : Self.meet(candidate, source, closest, rank)
                }
                if candidate != closest[Int(node)] {
                    closest[Int(node)] = candidate
                    changed = true
                }
            }
        }
        immediateDominators = closest.prefix(count).map { $0 == virtual ? -1 : $0 }
    }

    /// The strict dominators of `node`, closest first.
    ///
    /// - Complexity: O(dominators).
    package func dominators(of node: Int32) -> [Int32] {
        var chain: [Int32] = []
        var next = immediateDominators[Int(node)]
        while next >= 0 {
            chain.append(next)
            next = immediateDominators[Int(next)]
        }
        return chain
    }

    private static func meet(_ first: Int32, _ second: Int32, _ closest: [Int32], _ rank: [Int]) -> Int32 {
        var (one, other) = (first, second)
        while one != other {
            while rank[Int(one)] > rank[Int(other)] { one = closest[Int(one)] }
            while rank[Int(other)] > rank[Int(one)] { other = closest[Int(other)] }
        }
        return one
    }

    private static func reversePostorder(_ rows: CompressedRows, _ entries: [Int32]) -> [Int32] {
        var seen = BitSet(capacity: rows.rowCount)
        var finished: [Int32] = []
        var path: [(node: Int32, next: Int)] = []
        for entry in entries where seen.insert(entry) {
            path.append((entry, rows.range(of: entry).lowerBound))
            while let (node, next) = path.last {
                if next < rows.range(of: node).upperBound {
                    path[path.count - 1].next = next + 1
                    let target = rows.targets[next]
                    if seen.insert(target) {
                        path.append((target, rows.range(of: target).lowerBound))
                    }
                } else {
                    finished.append(node)
                    path.removeLast()
                }
            }
        }
        return finished.reversed()
    }
}
