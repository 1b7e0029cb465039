import Graphs

/// What becomes degraded when entities go down: the second half of a loss, run only where there are weak needs.
struct DegradationRun: Sendable {
    /// How many entities of each criticality the last run found degraded and not down.
    private(set) var tally: SIMD4<Int32> = .zero

    private let planes: LossPlanes
    private var marks: [UInt32]
    private var epoch: UInt32 = 0
    private var queue: [Int32] = []

    init(_ planes: LossPlanes) {
        self.planes = planes
        marks = [UInt32](repeating: 0, count: planes.down.vertexCount)
    }

    /// Spreads degradation from all that `run` reached.
    ///
    /// - Complexity: O(entities reached + needs between them).
    mutating func run(after run: LossRun) {
        begin()
        run.forEachDown { entity in
            for place in planes.weak.range(of: entity) { reach(planes.weak.targets[place], run) }
        }
        var head = 0
        while head < queue.count {
            for place in planes.degraded.range(of: queue[head]) { reach(planes.degraded.targets[place], run) }
            head += 1
        }
    }

    private mutating func begin() {
        tally = .zero
        queue.removeAll(keepingCapacity: true)
        if epoch == .max {
            epoch = 0
            for index in marks.indices { marks[index] = 0 }
        }
        epoch += 1
    }

    private mutating func reach(_ entity: Int32, _ run: LossRun) {
        guard marks[Int(entity)] != epoch else { return }
        marks[Int(entity)] = epoch
        queue.append(entity)
        if !run.isDown(entity) { tally[Int(planes.down.classes[Int(entity)])] += 1 }
    }
}
