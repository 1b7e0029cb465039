import Graphs
import TestSupport
import Testing

@Suite("Threshold network")
struct ThresholdNetworkTests {
    @Test("shares equal gates and turns a threshold of one into arcs")
    func sharesGates() {
        var builder = ThresholdNetworkBuilder(vertexCount: 5)
        builder.addGate(threshold: 2, members: [1, 0, 1], owner: 2)
        builder.addGate(threshold: 2, members: [0, 1], owner: 3)
        builder.addGate(threshold: 1, members: [2, 3, 4], owner: 4)
        builder.addGate(threshold: 3, members: [0, 1, 1], owner: 4)
        let network = builder.build()
        #expect(network.gateCount == 1)
        #expect(network.gateThresholds == [2])
        #expect(Array(network.dependencies[5]) == [0, 1])
        #expect(Array(network.dependents[5]) == [2, 3])
        #expect(Array(network.dependencies[4]) == [2, 3])
        #expect(network.threshold(of: 5) == 2 && network.threshold(of: 4) == 1)
    }

    @Test("drops arcs of a vertex to itself and repeated arcs")
    func dropsLoops() {
        var builder = ThresholdNetworkBuilder()
        let first = builder.addVertex()
        let second = builder.addVertex()
        builder.addArc(from: first, to: first)
        builder.addArc(from: first, to: second)
        builder.addArc(from: first, to: second)
        let network = builder.build()
        #expect(network.dependents.targets == [1])
        #expect(network.dependencies.targets == [0])
    }

    @Test("rows transpose back to themselves", arguments: 0..<50)
    func transposes(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let size = Int.random(in: 1...20, using: &generator)
        let pairs = (0..<40).map { _ in
            (Int32.random(in: 0..<Int32(size), using: &generator), Int32.random(in: 0..<Int32(size), using: &generator))
        }.sorted { $0 < $1 }
        let rows = CompressedRows(rowCount: size, rows: pairs.map(\.0), targets: pairs.map(\.1))
        #expect(rows.transposed(rowCount: size).transposed(rowCount: size) == rows)
    }
}
