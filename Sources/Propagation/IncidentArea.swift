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
    private let isSign: BitSet
    private let others: [Int32]
    /// Whether entities can be at fault by being degraded only.
    private let canDegrade: Bool
    private var spread: Spread
    /// What is looked at as a cause.
    private var core: BitSet
    /// What speaks against causes, besides.
    private var witnesses: BitSet

    /// How many of those that lean on an entity are taken in next, where that is not the usual number.
    private var userRoom: [EntityID: Int] = [:]

    /// How many of those that lean on an entity are taken in at first.
    private static let users = 128
    /// How many needs upstream of a sign, and of what turns out too narrow, are looked at at a time.
    private static let hops = 2
    /// How many of those that it takes down speak against a suspect for each sign among them: silence weighs a twentieth of an
    /// alert or more.
    private static let perSign = 24
    /// How many speak against all suspects together.
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
        let none = BitSet(capacity: topology.entityCount)
        (core, witnesses) = (none, none)
        var isSign = none
        for sign in signs { isSign.insert(sign) }
        self.isSign = isSign
        widen(around: signs)
    }

    /// Takes in what is a few needs upstream of some entities, themselves included, and some of what each of these takes down.
    ///
    /// - Complexity: O(what is taken in and its needs).
    package mutating func widen(around entities: [EntityID]) { widen(around: entities.map(\.rawValue)) }

    private mutating func widen(around entities: [Int32]) {
        var seen = BitSet(capacity: topology.entityCount)
        var near = entities.filter { seen.insert($0) }
        var head = 0
        for _ in 0..<Self.hops {
            let end = near.count
            while head < end {
                for place in topology.requirementRange(of: EntityID(rawValue: near[head])) {
                    for index in topology.requirementRecords[place].memberRange {
                        let member = topology.members[index]
                        if suspects.contains(member), seen.insert(member) { near.append(member) }
                    }
                }
                head += 1
            }
        }
        var stops = suspects
        for sign in signs { stops.pass(sign) }
        let room = max(4, Self.roomForAll / max(1, near.count))
        for entity in near where core.insert(entity) {
            for effect in canDegrade ? [Effect.down, .degraded] : [.down] where suspects.contains(entity, effect) {
                var left = Self.perSign
                let found = spread.run(from: (entity, effect), stoppedBy: stops) { reached in
                    left += isSign.contains(reached) ? Self.perSign - 1 : -1
                    return left > 0
                }
                for other in found.prefix(room) { witnesses.insert(other) }
            }
        }
    }

    /// Takes in what passes failures on, and whoever leans on that, and tells whether any of it was missing.
    ///
    /// Of those that lean on one entity, some are taken in at a time: few are enough to speak against what nothing speaks for.
    ///
    /// - Complexity: O(what passes failures on and what leans on it).
    package mutating func takeIn(passing entities: some Sequence<EntityID>) -> Bool {
        var isLacking = false
        for entity in entities {
            if core.insert(entity.rawValue) { isLacking = true }
            var room = userRoom[entity] ?? Self.users
            for user in spread.users(of: entity.rawValue) where room > 0 {
                guard !core.contains(user), witnesses.insert(user) else { continue }
                isLacking = true
                room -= 1
            }
            if room == 0 { userRoom[entity] = 8 * (userRoom[entity] ?? Self.users) }
        }
        return isLacking
    }

    /// All that was taken in, and how what lies beyond could have a part in the signs.
    ///
    /// - Complexity: O(entities + what was taken in and its needs).
    package func scope() -> FailureScope {
        var scope = core
        scope.formUnion(witnesses)
        for entity in others { scope.insert(entity) }
        return FailureScope(topology.entityCount, scope.members, surroundings(of: scope))
    }

    /// Whether an entity is beyond the core and could have a part in a sign.
    private func isBeyond(_ entity: Int32) -> Bool { suspects.contains(entity) && !core.contains(entity) }

    private func surroundings(of scope: BitSet) -> FailureScope.Surroundings {
        let suspected = core.members.filter { suspects.contains($0) }
        var beyond: [(entity: Int32, needs: [Int32])] = []
        for entity in suspected {
            let needs = topology.requirementRange(of: EntityID(rawValue: entity)).flatMap { place in
                topology.requirementRecords[place].memberRange.map { topology.members[$0] }.filter(isBeyond)
            }
            if !needs.isEmpty { beyond.append((entity, needs)) }
        }
        var parts = SurroundingParts(topology)
        for need in beyond.flatMap(\.needs) { parts.add(upstreamOf: need, where: isBeyond) }
        let rim = beyond.map { entity, needs in
            FailureScope.Surroundings.Border(entity: EntityID(rawValue: entity), parts: parts.numbers(of: needs))
        }
        var outlets: [FailureScope.Surroundings.Border] = []
        var seen = BitSet(capacity: topology.entityCount)
        for entity in suspected {
            let users = spread.users(of: entity).filter(isBeyond)
            for user in users where scope.contains(user) && seen.insert(user) {
                outlets.append(.init(entity: EntityID(rawValue: user), parts: parts.numbers(of: [user])))
            }
            let hidden = users.filter { !scope.contains($0) }
            if hidden.isEmpty { continue }
            outlets.append(.init(entity: EntityID(rawValue: entity), parts: parts.numbers(of: hidden)))
        }
        return FailureScope.Surroundings(
            suspects: suspects,
            core: core,
            partKinds: parts.kinds(beyond: suspects.members.lazy.filter { !core.contains($0) }),
            rim: rim,
            outlets: outlets
        )
    }
}

/// What lies beyond a scope, in parts that no single fault beyond brings down two of, but for part 0: whatever leans on too
/// much to be looked at, and may share it with any other.
private struct SurroundingParts {
    private let topology: Topology
    /// A parent in a forest of entities that were seen, roots being their own.
    private var parents: [Int32: Int32] = [:]
    private var wide: Set<Int32> = []
    private var numbers: [Int32: Int] = [:]

    private static let limit = 256

    init(_ topology: Topology) { self.topology = topology }

    /// Joins all that an entity leans on into one part, itself included.
    mutating func add(upstreamOf entity: Int32, where isBeyond: (Int32) -> Bool) {
        guard parents[entity] == nil, !wide.contains(entity) else { return }
        var found = [entity]
        var seen: Set<Int32> = [entity]
        var head = 0
        while head < found.count {
            for place in topology.requirementRange(of: EntityID(rawValue: found[head])) {
                for index in topology.requirementRecords[place].memberRange {
                    let member = topology.members[index]
                    if isBeyond(member), seen.insert(member).inserted { found.append(member) }
                }
            }
            head += 1
            if found.count > Self.limit {
                wide.insert(entity)
                return
            }
        }
        for other in found {
            if parents[other] == nil { parents[other] = other }
            parents[root(of: other)] = root(of: entity)
        }
    }

    /// The parts that some entities belong to, ascending.
    mutating func numbers(of entities: some Sequence<Int32>) -> [Int] {
        var found: Set<Int> = []
        for entity in entities {
            guard parents[entity] != nil else {
                found.insert(0)
                continue
            }
            let root = root(of: entity)
            let number = numbers[root] ?? numbers.count + 1
            numbers[root] = number
            found.insert(number)
        }
        return found.sorted()
    }

    /// The numbers of the kinds that each part has, of which the wide one is taken to have all.
    mutating func kinds(beyond entities: some Sequence<Int32>) -> [Set<Int32>] {
        var kinds = Array(repeating: Set<Int32>(), count: numbers.count + 1)
        for entity in entities { kinds[0].insert(topology.kindIndices[Int(entity)]) }
        for entity in Array(parents.keys) {
            if let number = numbers[root(of: entity)] { kinds[number].insert(topology.kindIndices[Int(entity)]) }
        }
        return kinds
    }

    private mutating func root(of entity: Int32) -> Int32 {
        var entity = entity
        while let parent = parents[entity], parent != entity {
            parents[entity] = parents[parent]
            entity = parent
        }
        return entity
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
    }

    /// Those that name an entity among their needs.
    func users(of entity: Int32) -> some Sequence<Int32> {
        uses.range(of: entity).lazy.map { owners[Int(uses.targets[$0])] }
    }

    /// Everything that a fault affects, itself first, as long as what is asked about each goes on; and nothing beyond what
    /// stops it.
    mutating func run(
        from fault: (entity: Int32, effect: Effect),
        stoppedBy stops: Suspects,
        while goesOn: (Int32) -> Bool
    ) -> [Int32] {
        defer { reset() }
        mark(fault.entity, fault.effect)
        var head = 0
        while head < queue.count {
            let (entity, effect) = queue[head]
            guard goesOn(entity) else { break }
            head += 1
            if head > 1, stops.contains(entity, effect) { continue }
            for place in uses.range(of: entity) {
                let number = Int(uses.targets[place])
                let need = topology.requirementRecords[number]
                if need.isWeak || effect == .degraded {
                    if !(need.isWeak && effect == .degraded) { mark(owners[number], .degraded) }
                } else {
                    if missing[number] == 0 { touchedNeeds.append(Int32(truncatingIfNeeded: number)) }
                    missing[number] += 1
                    if missing[number] == need.threshold { mark(owners[number], .down) }
                }
            }
        }
        return queue[..<head].map(\.entity)
    }

    private mutating func mark(_ entity: Int32, _ effect: Effect) {
        let isNew =
            switch effect {
            case .down: isDown.insert(entity)
            case .degraded, .reduced, .starved: isDegraded.insert(entity)
            }
        if isNew { queue.append((entity, effect)) }
    }

    private mutating func reset() {
        for number in touchedNeeds { missing[Int(number)] = 0 }
        touchedNeeds.removeAll(keepingCapacity: true)
        for (entity, _) in queue {
            isDown.remove(entity)
            isDegraded.remove(entity)
        }
        queue.removeAll(keepingCapacity: true)
    }
}
