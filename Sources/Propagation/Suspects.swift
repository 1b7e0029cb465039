internal import Graphs
internal import Topology

/// What could have a part in signs: which entities' being down, and whose being degraded.
struct Suspects: Sendable {
    private(set) var down: BitSet
    private(set) var degraded: BitSet
    private var queue: [(entity: Int32, effect: Effect)] = []

    /// Everything upstream of the signs, themselves included.
    ///
    /// - Parameters:
    ///   - topology: the platform.
    ///   - down: what is seen to be down.
    ///   - degraded: what is seen to serve badly, or saw others do so.
    /// - Complexity: O(what is upstream and its needs).
    init(_ topology: Topology, down: some Sequence<Int32>, degraded: some Sequence<Int32>) {
        self.down = BitSet(capacity: topology.entityCount)
        self.degraded = self.down
        for entity in down { add(entity, .down) }
        for entity in degraded {
            add(entity, .down)
            add(entity, .degraded)
        }
        var head = 0
        while head < queue.count {
            let (entity, effect) = queue[head]
            head += 1
            for place in topology.requirementRange(of: EntityID(rawValue: entity)) {
                let need = topology.requirementRecords[place]
                // A weak need only ever degrades, and degradation comes from nothing but that and degradation.
                guard !(need.isWeak && effect == .down) else { continue }
                for index in need.memberRange { add(topology.members[index], need.isWeak ? .down : effect) }
            }
        }
        queue = []
    }

    func contains(_ entity: Int32, _ effect: Effect) -> Bool {
        switch effect {
        case .down: down.contains(entity)
        case .degraded: degraded.contains(entity)
        case .reduced, .starved: false
        }
    }

    /// Whether any effect on the entity could have a part.
    func contains(_ entity: Int32) -> Bool { down.contains(entity) || degraded.contains(entity) }

    /// All of them, ascending.
    var members: [Int32] {
        var all = down
        all.formUnion(degraded)
        return all.members
    }

    /// Lets an entity be no suspect any more.
    mutating func pass(_ entity: Int32) {
        down.remove(entity)
        degraded.remove(entity)
    }

    private mutating func add(_ entity: Int32, _ effect: Effect) {
        let isNew = effect == .down ? down.insert(entity) : degraded.insert(entity)
        if isNew { queue.append((entity, effect)) }
    }
}
