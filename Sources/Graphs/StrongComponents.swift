/// The strongly connected components of a directed graph: the largest sets of nodes that all reach one another.
///
/// Components are numbered so that every arc between two of them leads to a lower number: component 0 reaches no
/// other. Numbers depend only on the graph.
///
/// Tarjan, "Depth-first search and linear graph algorithms" (1972), with an explicit stack.
package struct StrongComponents: Sendable {
    /// The component of each node.
    package let componentOfNode: [Int32]
    /// The number of components.
    package let count: Int

    /// Finds the components of the graph whose adjacency is `rows`.
    ///
    /// - Complexity: O(nodes + arcs).
    package init(of rows: CompressedRows) {
        var search = Search(rows)
        for node in 0..<Int32(rows.rowCount) where search.index[Int(node)] == 0 {
            search.explore(from: node)
        }
        componentOfNode = search.component
        count = Int(search.componentCount)
    }

    /// The nodes of each component, ascending.
    ///
    /// - Complexity: O(nodes).
    package var members: CompressedRows {
        CompressedRows(
            rowCount: count,
            rows: componentOfNode,
            targets: Array(0..<Int32(componentOfNode.count))
        )
    }

    private struct Search {
        let rows: CompressedRows
        /// The order of discovery from 1; 0 where a node has not been discovered.
        var index: [Int32]
        var lowest: [Int32]
        var component: [Int32]
        var componentCount: Int32 = 0
        var discovered: Int32 = 0
        var open: [Int32] = []
        var path: [(node: Int32, next: Int)] = []

        init(_ rows: CompressedRows) {
            self.rows = rows
            index = [Int32](repeating: 0, count: rows.rowCount)
            lowest = index
            component = [Int32](repeating: -1, count: rows.rowCount)
        }

        mutating func explore(from start: Int32) {
            enter(start)
            while let (node, next) = path.last {
                if next < rows.range(of: node).upperBound {
                    path[path.count - 1].next = next + 1
                    let target = rows.targets[next]
                    if index[Int(target)] == 0 {
                        enter(target)
                    } else if component[Int(target)] < 0 {
                        lowest[Int(node)] = min(lowest[Int(node)], index[Int(target)])
                    }
                } else {
                    path.removeLast()
                    leave(node)
                }
            }
        }

        private mutating func enter(_ node: Int32) {
            discovered += 1
            index[Int(node)] = discovered
            lowest[Int(node)] = discovered
            open.append(node)
            path.append((node, rows.range(of: node).lowerBound))
        }

        private mutating func leave(_ node: Int32) {
            if lowest[Int(node)] == index[Int(node)] {
                while let member = open.popLast() {
                    component[Int(member)] = componentCount
                    if member == node { break }
                }
                componentCount += 1
            }
            if let parent = path.last?.node {
                lowest[Int(parent)] = min(lowest[Int(parent)], lowest[Int(node)])
            }
        }
    }
}
