internal import Graphs
package import Topology

/// Lays out what is around the signs of an incident on a large platform, a little wider each time that it turns out too narrow.
///
/// What is left out below only lowers what explanations cost, and what is left out above is stood in for at the rim
/// (``FailureScope/Surroundings``), so that whoever searches such a scope learns whether it was wide enough.
package struct IncidentArea {
    private let topology: Topology
    private let suspects: Suspects
    private let signs: [Int32]
    private let others: [Int32]
    /// Whether entities can be at fault by being degraded only.
    private let canDegrade: Bool
    private var spread: Spread
    /// What was found to be affected, and has to be in scope.
    private var affected: BitSet

    /// How much of what each suspect takes down is taken in at first, and how much for all suspects together.
    private static let room = 256
    private static let roomForAll = 250_000

    /// - Parameters:
    ///   - topology: the platform.
    ///   - down: what is seen to be down.
    ///   - degraded: what is seen to serve badly, or saw others do so.
    ///   - others: what has to be in scope besides, without a suspicion.
    /// - Complexity: O(entities + needs).
    package init(_ topology: Topology, down: Set<EntityID>, degraded: Set<EntityID>, others: Set<EntityID>) {
        self.topology = topology
        signs = down.union(degraded).map(\.rawValue).sorted()
        self.others = others.map(\.rawValue).sorted()
        canDegrade = !degraded.isEmpty
        suspects = Suspects(topology, down: down.map(\.rawValue), degraded: degraded.map(\.rawValue))
        spread = Spread(topology)
        affected = BitSet(capacity: topology.entityCount)
    }

    /// Takes in everything that faults bring about together, and tells whether the scope lacks any of it.
    ///
    /// What only loses redundancy costs nothing, and has to be known of what is reported alone.
    ///
    /// - Complexity: O(what they bring about and what leans on it).
    package mutating func takeIn(
        _ faults: [(entity: EntityID, effect: Effect)],
        withReduced: Bool,
        lackedBy scope: FailureScope
    ) -> Bool {
        var isLacking = false
        spread.includesReduced = withReduced
        defer { spread.includesReduced = false }
        for entity in spread.run(from: faults.map { ($0.entity.rawValue, $0.effect) }, stoppedBy: nil, limit: .max) {
            affected.insert(entity)
            if !scope.contains(EntityID(rawValue: entity)) { isLacking = true }
        }
        return isLacking
    }

    /// What is at most so many needs upstream of a sign, with some of what each of these takes down, and all that was
    /// taken in.
    ///
    /// - Complexity: O(entities + what is taken in and its needs).
    package mutating func scope(hops: Int) -> FailureScope {
        var scope = affected
        let near = near(hops)
        for entity in near { scope.insert(entity) }
        for entity in others { scope.insert(entity) }
        var stops = suspects
        for sign in signs { stops.pass(sign) }
        let room = min(Self.room, max(4, Self.roomForAll / max(1, near.count)))
        for entity in near {
            for effect in canDegrade ? [Effect.down, .degraded] : [.down] where suspects.contains(entity, effect) {
                for other in spread.run(from: [(entity, effect)], stoppedBy: stops, limit: room) { scope.insert(other) }
            }
        }
        return bounded(scope)
    }

    private func near(_ hops: Int) -> [Int32] {
        var seen = BitSet(capacity: topology.entityCount)
        var found = signs.filter { seen.insert($0) }
        var head = 0
        for _ in 0..<hops {
            let end = found.count
            while head < end {
                for place in topology.requirementRange(of: EntityID(rawValue: found[head])) {
                    for index in topology.requirementRecords[place].memberRange {
                        let member = topology.members[index]
                        if suspects.contains(member), seen.insert(member) { found.append(member) }
                    }
                }
                head += 1
            }
        }
        return found
    }

    /// The scope with these entities, and where it ends.
    private func bounded(_ scope: BitSet) -> FailureScope {
        let members = scope.members
        let rim = members.filter { entity in
            suspects.contains(entity)
                && topology.requirementRange(of: EntityID(rawValue: entity)).contains { place in
                    topology.requirementRecords[place].memberRange.contains { index in
                        suspects.contains(topology.members[index]) && !scope.contains(topology.members[index])
                    }
                }
        }
        let outlets = members.filter { entity in
            spread.users(of: entity).contains { suspects.contains($0) && !scope.contains($0) }
        }
        let surroundings = FailureScope.Surroundings(
            suspects: suspects,
            rim: rim.map(EntityID.init(rawValue:)),
            outlets: outlets.map(EntityID.init(rawValue:))
        )
        let isWhole = members.count == topology.entityCount
        return FailureScope(topology.entityCount, isWhole ? nil : members, isWhole ? nil : surroundings)
    }
}

/// Who goes down and who is degraded when entities fail, thresholds respected, over a topology as it is.
private struct Spread {
    private let topology: Topology
    /// For each entity the needs that name it.
    private let uses: CompressedRows
    /// Whose need each is.
    private let owners: [Int32]
    /// How many members of each need are down in this run.
    private var missing: [Int32]
    private var touchedNeeds: [Int32] = []
    /// Which effects each entity suffers in this run.
    private var isDown: BitSet
    private var isDegraded: BitSet
    private var isReduced: BitSet
    /// Whether runs tell what has lost redundancy.
    var includesReduced = false
    private var queue: [(entity: Int32, effect: Effect)] = []

    init(_ topology: Topology) {
        self.topology = topology
        let records = topology.requirementRecords
        var offsets = [Int32](repeating: 0, count: topology.entityCount + 1)
        for member in topology.members { offsets[Int(member) + 1] += 1 }
        for entity in 0..<topology.entityCount { offsets[entity + 1] += offsets[entity] }
        var next = offsets
        var uses = [Int32](repeating: 0, count: topology.members.count)
        for (number, need) in records.enumerated() {
            for index in need.memberRange {
                let member = Int(topology.members[index])
                uses[Int(next[member])] = Int32(truncatingIfNeeded: number)
                next[member] += 1
            }
        }
        self.uses = CompressedRows(offsets: offsets, targets: uses)
        var owners = [Int32](repeating: 0, count: records.count)
        for owner in 0..<Int32(topology.entityCount) {
            for place in topology.requirementRange(of: EntityID(rawValue: owner)) { owners[place] = owner }
        }
        self.owners = owners
        missing = Array(repeating: 0, count: records.count)
        isDown = BitSet(capacity: topology.entityCount)
        isDegraded = isDown
        isReduced = isDown
    }

    /// Those that name an entity among their needs.
    func users(of entity: Int32) -> some Sequence<Int32> {
        uses.range(of: entity).lazy.map { owners[Int(uses.targets[$0])] }
    }

    /// Everything that is affected, the faults first; of much no more than `limit`, and nothing beyond what stops it.
    mutating func run(from faults: [(Int32, Effect)], stoppedBy stops: Suspects?, limit: Int) -> [Int32] {
        defer { reset() }
        for (entity, effect) in faults { mark(entity, effect) }
        var head = 0
        while head < queue.count, queue.count < limit {
            let (entity, effect) = queue[head]
            head += 1
            if effect == .reduced { continue }
            if head > faults.count, stops?.contains(entity, effect) ?? false { continue }
            for place in uses.range(of: entity) {
                let number = Int(uses.targets[place])
                let need = topology.requirementRecords[number]
                if need.isWeak || effect == .degraded {
                    if !(need.isWeak && effect == .degraded) { mark(owners[number], .degraded) }
                } else {
                    if missing[number] == 0 { touchedNeeds.append(Int32(truncatingIfNeeded: number)) }
                    missing[number] += 1
                    if includesReduced, need.memberCount > 1 { mark(owners[number], .reduced) }
                    if missing[number] == need.threshold { mark(owners[number], .down) }
                }
            }
        }
        return queue.map(\.entity)
    }

    private mutating func mark(_ entity: Int32, _ effect: Effect) {
        let isNew =
            switch effect {
            case .down: isDown.insert(entity)
            case .reduced: isReduced.insert(entity)
            case .degraded, .starved: isDegraded.insert(entity)
            }
        if isNew { queue.append((entity, effect)) }
    }

    private mutating func reset() {
        for number in touchedNeeds { missing[Int(number)] = 0 }
        touchedNeeds.removeAll(keepingCapacity: true)
        for (entity, _) in queue {
            isDown.remove(entity)
            isDegraded.remove(entity)
            isReduced.remove(entity)
        }
        queue.removeAll(keepingCapacity: true)
    }
}
