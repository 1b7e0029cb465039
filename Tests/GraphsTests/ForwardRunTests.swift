import Graphs
import TestSupport
import Testing

@Suite("Forward run")
struct ForwardRunTests {
    @Test("a cycle does not support itself, and a fault in it reaches all of it")
    func cycles() {
        var builder = ThresholdNetworkBuilder(vertexCount: 3)
        builder.addArc(from: 0, to: 1)
        builder.addArc(from: 1, to: 0)
        builder.addArc(from: 1, to: 2)
        var run = ForwardRun(builder.build())
        run.run(from: [])
        #expect(run.reached.isEmpty)
        run.run(from: [1])
        #expect(run.reached == [1, 0, 2])
        #expect(run.isRoot(1) && !run.isRoot(0))
        #expect(run.causes(of: 0) == [1] && run.causes(of: 1).isEmpty)
    }

    @Test("a quorum fires at its threshold, and its causes are the members that fired it")
    func quorum() {
        var builder = ThresholdNetworkBuilder(vertexCount: 4)
        builder.addGate(threshold: 2, members: [0, 1, 2], owner: 3)
        var run = ForwardRun(builder.build())
        run.run(from: [1])
        #expect(!run.isReached(3))
        run.run(from: [2, 1, 0])
        #expect(run.isReached(3))
        #expect(run.causes(of: 3) == [4])
        #expect(run.causes(of: 4) == [2, 1])
    }

    @Test("an extension says what one more fault brings about, and taking it back leaves no trace", arguments: 0..<300)
    func extensions(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let size = Int32.random(in: 3...12, using: &generator)
        var builder = ThresholdNetworkBuilder(vertexCount: Int(size))
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let members = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                Int32.random(in: 0..<size, using: &generator)
            }
            let threshold = Int32.random(in: 1...3, using: &generator)
            builder.addGate(
                threshold: threshold,
                members: members,
                owner: Int32.random(in: 0..<size, using: &generator)
            )
        }
        var run = ForwardRun(builder.build())
        var whole = run
        let roots = (0..<size).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        run.run(from: roots)
        let before = run.reached
        for vertex in 0..<size {
            let count = run.extend(by: vertex)
            whole.run(from: roots + [vertex])
            #expect(count == before.count && Set(run.reached) == Set(whole.reached))
            run.retract(to: count)
            #expect(run.reached == before)
            #expect((0..<size).allSatisfy { run.isReached($0) == before.contains($0) })
        }
    }

    @Test("agrees with naive iteration to the fixed point, and causes come first", arguments: 0..<300)
    func agreesWithIteration(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let size = Int.random(in: 2...12, using: &generator)
        var gates: [(owner: Int32, threshold: Int32, members: [Int32])] = []
        var builder = ThresholdNetworkBuilder(vertexCount: size)
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let members = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                Int32.random(in: 0..<Int32(size), using: &generator)
            }
            let threshold = Int32.random(in: 1...3, using: &generator)
            let owner = Int32.random(in: 0..<Int32(size), using: &generator)
            gates.append((owner, threshold, members))
            builder.addGate(threshold: threshold, members: members, owner: owner)
        }
        let roots = (0..<Int32(size)).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        var expected = Set(roots)
        var before = -1
        while before != expected.count {
            before = expected.count
            for gate in gates where Set(gate.members).intersection(expected).count >= Int(gate.threshold) {
                expected.insert(gate.owner)
            }
        }
        var run = ForwardRun(builder.build())
        run.run(from: (0..<Int32(size)).reversed())
        run.run(from: roots)
        #expect(Set(run.reached.filter { Int($0) < size }) == expected)
        for (position, node) in run.reached.enumerated() where !run.isRoot(node) {
            let causes = run.causes(of: node)
            #expect(causes.count == Int(run.network.threshold(of: node)))
            #expect(causes.allSatisfy { run.reached.prefix(position).contains($0) })
        }
    }
}
