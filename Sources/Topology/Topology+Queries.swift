public import Diagnostics

extension Topology {
    /// How many entities there are, and so one more than the greatest raw value of an ``EntityID``.
    public var entityCount: Int { names.count }

    /// Every entity, in the order of their names.
    public var entities: some RandomAccessCollection<EntityID> { (0..<names.count).lazyEntityIDs }

    /// The full name, `kind/name` or `kind/namespace/name`.
    ///
    /// - Complexity: O(length).
    public func name(of entity: EntityID) -> String { names[entity.index] }

    /// The name without its kind: `name` or `namespace/name`.
    public func shortName(of entity: EntityID) -> String {
        let full = names[entity.index]
        guard let slash = full.firstIndex(of: "/") else { return full }
        return String(full[full.index(after: slash)...])
    }

    /// The entity's kind, with the settings of the topology applied; every entity has one.
    public func kind(of entity: EntityID) -> Kind { kinds[Int(kindIndices[entity.index])] }

    /// Whether the entity hands messages on, judged by the words in its name: a reader of it idles when its writers stop.
    package func isBroker(_ entity: EntityID) -> Bool {
        let name = names[entity.index].lowercased()
        let words = [
            "kafka", "rabbit", "queue", "nats", "pulsar", "topic", "stream", "broker", "sqs", "activemq", "kinesis",
        ]
        return words.contains { name.utf8.containsSequence($0.utf8) }
    }

    /// What was written about the entity; ``EntityDetails`` without content where nothing was.
    ///
    /// - Complexity: O(length of what was written).
    public func details(of entity: EntityID) -> EntityDetails { details[entity] }

    /// The entity's own criticality, or its kind's.
    public func criticality(of entity: EntityID) -> Criticality {
        details.criticality(of: entity) ?? kind(of: entity).criticality
    }

    /// Where the entity is declared.
    public func location(of entity: EntityID) -> SourceLocation { marks[entity.index].location(in: files) }

    /// The entity that this one is placed on, if any.
    public func place(of entity: EntityID) -> EntityID? {
        let place = places[entity.index]
        return place < 0 ? nil : EntityID(rawValue: place)
    }

    /// What the entity is placed on, directly or not, the nearest first.
    ///
    /// - Complexity: O(depth of placement); a cycle of places is cut.
    package func places(of entity: EntityID) -> [EntityID] {
        var found: [EntityID] = []
        while found.count < 64, let place = place(of: found.last ?? entity), place != entity, !found.contains(place) {
            found.append(place)
        }
        return found
    }

    /// The site that the entity stands in: the outermost of its chain of places that is of kind `site`, itself included.
    ///
    /// - Complexity: O(depth of placement); a cycle of places is cut.
    public func site(of entity: EntityID) -> EntityID? {
        var found: EntityID?
        var current: EntityID? = entity
        var steps = 0
        while let here = current, steps < 64 {
            if kind(of: here).name == "site" { found = here }
            current = place(of: here)
            steps += 1
        }
        return found
    }

    /// The entity with this full name.
    ///
    /// - Complexity: O(log entities).
    public func entity(named name: some StringProtocol) -> EntityID? { names.position(of: name).map { EntityID($0) } }

    /// The entities that a person or an alert calls by this other name, in order.
    ///
    /// - Complexity: O(log aliases).
    public func entities(aliased alias: String) -> [EntityID] { aliases[alias] }

    /// The entities whose names end with this behind their kind and namespace, in order.
    ///
    /// - Complexity: O(log entities + found).
    package func entities(withLastPart part: String) -> [EntityID] {
        guard part.utf8.allSatisfy({ $0 < 0x80 }) else {
            // Texts with accents are equal in several spellings; byte order knows only one.
            return entities.filter {
                String(decoding: names.bytes[names.lastPart(of: $0.index)], as: UTF8.self) == part
            }
        }
        let wanted = Array(part.utf8)
        func comparison(_ place: Int) -> Int {
            names.bytes.comparison(of: names.lastPart(of: Int(lastPartOrder[place])), with: wanted)
        }
        var low = 0
        var high = lastPartOrder.count
        while low < high {
            let middle = (low + high) / 2
            if comparison(middle) < 0 { low = middle + 1 } else { high = middle }
        }
        return lastPartOrder[low...].indices.lazy.prefix { comparison($0) == 0 }
            .map { EntityID(rawValue: lastPartOrder[$0]) }
    }

    /// What the entity needs, its place first.
    public func requirements(of entity: EntityID) -> [Requirement] {
        requirementRecords[requirementRange(of: entity)].map(requirement)
    }

    /// Whether the entity is but a name for others that stand in for one another: it needs enough of some, and nothing else.
    package func isGroup(_ entity: EntityID) -> Bool {
        let range = requirementRange(of: entity)
        return !range.isEmpty && requirementRecords[range].allSatisfy { $0.minimum > 0 && $0.threshold > 1 }
    }

    /// Where in `requirementRecords` the needs of an entity are.
    package func requirementRange(of entity: EntityID) -> Range<Int> {
        Int(requirementOffsets[entity.index])..<Int(requirementOffsets[entity.index + 1])
    }

    package func requirement(_ record: RequirementRecord) -> Requirement {
        Requirement(
            memberIndices: members[record.memberRange],
            minimum: Swift.max(1, Int(record.minimum)),
            strength: record.isWeak ? .weak : .hard
        )
    }
}

extension Range<Int> {
    fileprivate var lazyEntityIDs: LazyMapCollection<Range<Int>, EntityID> { lazy.map { EntityID($0) } }
}
