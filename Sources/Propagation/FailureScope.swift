internal import Graphs
package import Topology

/// The entities that an incident can be about: what could have a part in its signs, and whatever that could take down.
///
/// Whoever lies outside is as it would be without the incident in every explanation, so that a ``FailureGraph`` need not
/// hold it: of a platform of a million only the neighbourhood of the alerts is laid out. Thresholds are not looked at;
/// the scope may be wider than it would have to be, never narrower.
package struct FailureScope: Sendable {
    /// How many entities the topology has.
    let entityCount: Int
    /// The entities in scope, ascending; nil for all.
    let members: [Int32]?
    /// The place of each entity of the topology in ``members``, or -1; empty when all are in scope.
    let places: [Int32]
    /// What lies around a scope that ends somewhere: nil where nothing outside could have a part in a sign.
    package let surroundings: Surroundings?

    /// Where a scope ends that holds only the neighbourhood of the signs.
    package struct Surroundings: Sendable {
        /// Everything that could have a part in a sign, in scope or not.
        let suspects: Suspects
        /// What causes are looked for in, or nil for all that is in scope.
        ///
        /// The rest of the scope is there for what speaks against causes, and brings nothing about in the core.
        let core: BitSet?
        /// The numbers of the kinds of what lies in each part beyond, of which no single fault brings down two, but for part 0.
        package let partKinds: [Set<Int32>]
        /// The suspects in the core that lean on others beyond it, and on which parts.
        package let rim: [Border]
        /// What passes failures of the core on to others beyond it, and to which parts.
        ///
        /// The suspects beyond the core that lean on it, where they are in scope; else what they lean on.
        package let outlets: [Border]

        /// Where the core touches what is beyond.
        package struct Border: Sendable {
            /// What is in scope.
            package let entity: EntityID
            /// The parts that it touches, ascending.
            package let parts: [Int]
        }
    }

    /// Every entity.
    package init(all topology: Topology) {
        self.init(topology.entityCount, nil)
    }

    /// The scope of an incident.
    ///
    /// - Parameters:
    ///   - topology: the platform.
    ///   - signs: what shows that something is the matter, and who saw it: what they lean on is suspected.
    ///   - starved: those of them that lack demand: what leans on them, however remotely, is suspected as well.
    ///   - others: what has to be in scope besides, without a suspicion.
    /// - Complexity: O(entities + needs); O(1) without signs and others.
    package init(_ topology: Topology, signs: Set<EntityID>, starved: Set<EntityID> = [], others: Set<EntityID> = []) {
        guard !(signs.isEmpty && others.isEmpty) else {
            self.init(topology.entityCount, [])
            return
        }
        var scope = BitSet(capacity: topology.entityCount)
        if !signs.isEmpty {
            let dependents = topology.dependents()
            var suspects = signs.map(\.rawValue)
            if !starved.isEmpty { suspects += topology.thirst(of: starved.map(\.rawValue), dependents) }
            scope = topology.upstream(of: suspects)
            var queue = scope.members
            var head = 0
            while head < queue.count {
                for place in dependents.range(of: queue[head]) where scope.insert(dependents.targets[place]) {
                    queue.append(dependents.targets[place])
                }
                head += 1
            }
        }
        for entity in others { scope.insert(entity.rawValue) }
        let members = scope.members
        self.init(topology.entityCount, members.count == topology.entityCount ? nil : members)
    }

    init(_ entityCount: Int, _ members: [Int32]?, _ surroundings: Surroundings? = nil) {
        self.entityCount = entityCount
        self.members = members
        self.surroundings = surroundings
        guard let members, !members.isEmpty else {
            places = []
            return
        }
        var places = [Int32](repeating: -1, count: entityCount)
        for (place, entity) in members.enumerated() { places[Int(entity)] = Int32(place) }
        self.places = places
    }

    /// The same scope, as if nothing beyond it could fail.
    package var closed: FailureScope {
        let closed = surroundings.map {
            Surroundings(suspects: $0.suspects, core: nil, partKinds: [], rim: [], outlets: [])
        }
        return FailureScope(entityCount, members, closed)
    }

    /// How many entities are in scope.
    package var count: Int { members?.count ?? entityCount }

    /// The entities in scope, ascending.
    package var entities: some RandomAccessCollection<EntityID> {
        (0..<count).lazy.map { EntityID(rawValue: entity(at: Int32($0))) }
    }

    /// Whether an entity is in scope.
    ///
    /// - Complexity: O(1).
    package func contains(_ entity: EntityID) -> Bool { place(of: entity.rawValue) >= 0 }

    /// Whether an effect on an entity could have a part in a sign by ways that lead out of the scope.
    ///
    /// - Complexity: O(1).
    package func isSuspect(_ entity: EntityID, _ effect: Effect) -> Bool {
        surroundings?.suspects.contains(entity.rawValue, effect) ?? false
    }

    /// The entity at a place among those in scope.
    @inline(__always)
    func entity(at place: Int32) -> Int32 { members.map { $0[Int(place)] } ?? place }

    /// The place of an entity among those in scope; negative outside.
    @inline(__always)
    func place(of entity: Int32) -> Int32 {
        guard members != nil else { return entity }
        return places.isEmpty ? -1 : places[Int(entity)]
    }
}

extension Topology {
    /// For each entity those that need it, once for each time that they name it.
    fileprivate func dependents() -> CompressedRows {
        var offsets = [Int32](repeating: 0, count: entityCount + 1)
        for record in requirementRecords {
            for index in record.memberRange { offsets[Int(members[index]) + 1] += 1 }
        }
        for entity in 0..<entityCount { offsets[entity + 1] += offsets[entity] }
        var next = offsets
        var owners = [Int32](repeating: 0, count: Int(offsets[entityCount]))
        for owner in 0..<Int32(entityCount) {
            for record in requirementRecords[requirementRange(of: EntityID(rawValue: owner))] {
                for index in record.memberRange {
                    let member = Int(members[index])
                    owners[Int(next[member])] = owner
                    next[member] += 1
                }
            }
        }
        return CompressedRows(offsets: offsets, targets: owners)
    }

    /// Everything that entities lean on in some way, themselves included.
    fileprivate func upstream(of entities: [Int32]) -> BitSet {
        var seen = BitSet(capacity: entityCount)
        var queue = entities.filter { seen.insert($0) }
        var head = 0
        while head < queue.count {
            for place in requirementRange(of: EntityID(rawValue: queue[head])) {
                for index in requirementRecords[place].memberRange where seen.insert(members[index]) {
                    queue.append(members[index])
                }
            }
            head += 1
        }
        return seen
    }

    /// Everything whose loss could leave entities without demand: what leans on them, and through a broker its writers.
    fileprivate func thirst(of entities: [Int32], _ dependents: CompressedRows) -> [Int32] {
        var seen = BitSet(capacity: entityCount)
        var queue = entities.filter { seen.insert($0) }
        var head = 0
        while head < queue.count {
            let entity = queue[head]
            head += 1
            for owner in dependents[entity] where seen.insert(owner) { queue.append(owner) }
            for place in requirementRange(of: EntityID(rawValue: entity)) {
                for index in requirementRecords[place].memberRange
                where isBroker(EntityID(rawValue: members[index])) && seen.insert(members[index]) {
                    queue.append(members[index])
                }
            }
        }
        return queue
    }
}
