/// Other names of entities; one may name several.
package struct AliasTable: Sendable {
    /// The aliases, ascending.
    package let texts: TextTable
    /// Where the entities of each alias begin in ``entities``; one longer than ``texts``.
    package let offsets: [UInt32]
    /// The entities of each alias in the order of their numbers, one list behind the other.
    package let entities: [Int32]

    /// - Complexity: O(n log n) for n aliases.
    package init(_ details: [Int32: EntityDetails]) {
        var lists: [String: [Int32]] = [:]
        for (entity, detail) in details.sorted(by: { $0.key < $1.key }) {
            for alias in detail.aliases { lists[alias, default: []].append(entity) }
        }
        let sorted = lists.sorted { $0.key < $1.key }
        texts = TextTable(sorted.map(\.key))
        offsets = [0] + sorted.reduce(into: []) { $0.append(($0.last ?? 0) + UInt32($1.value.count)) }
        entities = sorted.flatMap(\.value)
    }

    /// Wraps buffers that are laid out already; nil when they do not fit each other.
    package init?(texts: TextTable, offsets: [UInt32], entities: [Int32]) {
        guard offsets.count == texts.count + 1, offsets.first == 0, Int(offsets.last ?? 1) == entities.count,
            offsets.isNondecreasing, texts.isStrictlySorted
        else { return nil }
        self.texts = texts
        self.offsets = offsets
        self.entities = entities
    }

    /// - Complexity: O(log aliases).
    subscript(alias: String) -> [EntityID] {
        guard let index = texts.position(of: alias) else { return [] }
        return entities[Int(offsets[index])..<Int(offsets[index + 1])].map(EntityID.init(rawValue:))
    }
}
