import Graphs
import TestSupport
import Testing

@Suite("Graph algorithms")
struct AlgorithmTests {
    /// A random graph as rows, and the same as a reachability matrix by Warshall's algorithm.
    private func randomGraph(seed: Int) -> (rows: CompressedRows, reaches: [[Bool]]) {
        var generator = SeededGenerator(seed: seed)
        let size = Int.random(in: 1...12, using: &generator)
        var sources: [Int32] = []
        var targets: [Int32] = []
        for _ in 0..<Int.random(in: 0...(size * 2), using: &generator) {
            sources.append(Int32.random(in: 0..<Int32(size), using: &generator))
            targets.append(Int32.random(in: 0..<Int32(size), using: &generator))
        }
        var reaches = (0..<size).map { row in (0..<size).map { $0 == row } }
        for (source, target) in zip(sources, targets) { reaches[Int(source)][Int(target)] = true }
        for middle in 0..<size {
            for source in 0..<size where reaches[source][middle] {
                for target in 0..<size where reaches[middle][target] { reaches[source][target] = true }
            }
        }
        return (CompressedRows(rowCount: size, rows: sources, targets: targets), reaches)
    }

    @Test("strong components are the classes of mutual reachability, sinks first", arguments: 0..<200)
    func strongComponents(seed: Int) {
        let (rows, reaches) = randomGraph(seed: seed)
        let components = StrongComponents(of: rows)
        for one in reaches.indices {
            for other in reaches.indices {
                let (first, second) = (components.componentOfNode[one], components.componentOfNode[other])
                #expect((first == second) == (reaches[one][other] && reaches[other][one]))
                #expect(!reaches[one][other] || first >= second)
            }
        }
        #expect(components.members.targets.count == reaches.count)
    }

    @Test("the closure is what can be reached", arguments: 0..<100)
    func closure(seed: Int) {
        let (rows, reaches) = randomGraph(seed: seed)
        #expect(rows.closure(of: [0]).sorted() == reaches.indices.filter { reaches[0][$0] }.map(Int32.init))
    }

    @Test("a dominator is a node without which the entries no longer reach", arguments: 0..<200)
    func dominators(seed: Int) {
        let (rows, _) = randomGraph(seed: seed)
        let entries: [Int32] = rows.rowCount > 2 && seed % 2 == 0 ? [0, 1] : [0]
        let dominators = Dominators(successors: rows, entries: entries)
        let reached = Set(rows.closure(of: entries))
        for node in reached {
            let expected = reached.filter { blocked in
                blocked != node && !reachable(rows, from: entries, without: blocked).contains(node)
            }
            #expect(Set(dominators.dominators(of: node)) == expected)
        }
    }

    private func reachable(_ rows: CompressedRows, from entries: [Int32], without blocked: Int32) -> Set<Int32> {
        var seen: Set<Int32> = []
        var stack = entries.filter { $0 != blocked }
        while let node = stack.popLast() {
            guard seen.insert(node).inserted else { continue }
            stack.append(contentsOf: rows[node].filter { $0 != blocked })
        }
        return seen
    }

    @Test("a bit set behaves like a set", arguments: 0..<30)
    func bitSet(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var bits = BitSet(capacity: 150)
        var set: Set<Int32> = []
        for _ in 0..<200 {
            let member = Int32.random(in: 0..<150, using: &generator)
            if Bool.random(using: &generator) {
                #expect(bits.insert(member) == set.insert(member).inserted)
            } else {
                bits.remove(member)
                set.remove(member)
            }
            #expect(bits.contains(member) == set.contains(member))
        }
        #expect(bits.members == set.sorted() && bits.count == set.count)
        var union = BitSet(capacity: 150)
        #expect(union.formUnion(bits) == !set.isEmpty)
        #expect(union == bits)
    }
}
