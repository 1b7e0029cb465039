/// The details of the entities that have any, encoded one after another and decoded when asked for.
package struct DetailTable: Sendable {
    /// Where the details of each entity begin in ``bytes``; empty when no entity has any.
    package let offsets: [UInt32]
    /// The details as ``ByteWriter`` writes them, the criticality first.
    package let bytes: [UInt8]

    /// - Complexity: O(entities + details).
    package init(entityCount: Int, details: [Int32: EntityDetails]) {
        guard !details.isEmpty else {
            offsets = []
            bytes = []
            return
        }
        var writer = ByteWriter()
        var offsets: [UInt32] = []
        offsets.reserveCapacity(entityCount + 1)
        for entity in 0..<Int32(entityCount) {
            offsets.append(UInt32(writer.bytes.count))
            if let own = details[entity] { writer.write(own) }
        }
        offsets.append(UInt32(writer.bytes.count))
        self.offsets = offsets
        bytes = writer.bytes
    }

    /// Wraps buffers that are laid out already; nil when they do not fit each other or the number of entities.
    ///
    /// What the details themselves say is looked at when they are asked for.
    package init?(entityCount: Int, offsets: [UInt32], bytes: [UInt8]) {
        let isLaidOut =
            offsets.isEmpty
            ? bytes.isEmpty
            : offsets.count == entityCount + 1 && offsets[0] == 0 && offsets[entityCount] == UInt32(bytes.count)
                && offsets.isNondecreasing
        guard isLaidOut else { return nil }
        self.offsets = offsets
        self.bytes = bytes
    }

    /// The details of an entity; none for bytes that are no details.
    ///
    /// - Complexity: O(length of the details).
    subscript(entity: EntityID) -> EntityDetails {
        guard let own = encoded(entity) else { return .none }
        var reader = ByteReader(own)
        return (try? reader.details(entityCount: offsets.count - 1)) ?? .none
    }

    /// The entity's own criticality.
    ///
    /// - Complexity: O(1).
    func criticality(of entity: EntityID) -> Criticality? {
        encoded(entity).flatMap(\.first).flatMap(Criticality.init(code:))
    }

    private func encoded(_ entity: EntityID) -> ArraySlice<UInt8>? {
        guard !offsets.isEmpty else { return nil }
        let own = bytes[Int(offsets[entity.index])..<Int(offsets[entity.index + 1])]
        return own.isEmpty ? nil : own
    }
}

extension Criticality {
    /// 0 for none of its own, else one more than the rank.
    fileprivate init?(code: UInt8) {
        guard let found = Self.allCases.first(where: { $0.rank + 1 == Int(code) }) else { return nil }
        self = found
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ details: EntityDetails) {
        write(byte: details.criticality.map { UInt8($0.rank + 1) } ?? 0)
        write(details.label) { $0.write($1) }
        write(details.tags) { $0.write($1) }
        write(details.aliases) { $0.write($1) }
        write(details.owner) { $0.write($1) }
        write(details.observers) { $0.write($1.index) }
        write(details.canRunOn) { $0.write($1.index) }
        write(details.capacity) { $0.write($1) }
        write(details.uses) { $0.write($1) }
    }
}

extension ByteReader {
    fileprivate mutating func details(entityCount: Int) throws(Malformed) -> EntityDetails {
        var details = EntityDetails()
        details.criticality = Criticality(code: try byte())
        details.label = try optional { reader throws(Malformed) in try reader.text() }
        details.tags = try array { reader throws(Malformed) in try reader.text() }
        details.aliases = try array { reader throws(Malformed) in try reader.text() }
        details.owner = try optional { reader throws(Malformed) in try reader.text() }
        details.observers = try entities(entityCount)
        details.canRunOn = try entities(entityCount)
        details.capacity = try optional { reader throws(Malformed) in try reader.double() }
        details.uses = try optional { reader throws(Malformed) in try reader.double() }
        return details
    }

    private mutating func entities(_ entityCount: Int) throws(Malformed) -> [EntityID] {
        try array { reader throws(Malformed) in
            let index = try reader.number()
            guard (0..<entityCount).contains(index) else { throw Malformed() }
            return EntityID(index)
        }
    }
}
