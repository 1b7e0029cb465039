/// For each node of a forward run the roots from which its derivation starts.
///
/// Nodes with the same roots share one list.
package struct RootSets: Sendable {
    private var setOfNode: [Int32]
    private var sets: [[Int32]] = []

    /// - Complexity: O(nodes of the network + for each node reached, what feeds it), and the size of the lists.
    package init(_ run: ForwardRun) {
        setOfNode = [Int32](repeating: -1, count: run.network.nodeCount)
        var numbers: [[Int32]: Int32] = [:]
        for node in run.reached {
            let causes = run.causes(of: node).map { setOfNode[Int($0)] }
            if let first = causes.first, causes.allSatisfy({ $0 == first }) {
                setOfNode[Int(node)] = first
                continue
            }
            let roots = causes.isEmpty ? [node] : Set(causes.flatMap { sets[Int($0)] }).sorted()
            let number = numbers[roots] ?? Int32(sets.count)
            if Int(number) == sets.count {
                numbers[roots] = number
                sets.append(roots)
            }
            setOfNode[Int(node)] = number
        }
    }

    /// The roots behind `node`, ascending; none when it is not true.
    ///
    /// - Complexity: O(1).
    package func roots(of node: Int32) -> [Int32] {
        let set = setOfNode[Int(node)]
        return set < 0 ? [] : sets[Int(set)]
    }
}
