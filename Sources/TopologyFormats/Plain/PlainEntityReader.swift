internal import Topology

/// Reads the `entities:` of a topology in YAML's plain style or in JSON, several times as fast as the YAML library.
///
/// What is not certain to mean the same to the library makes it give up, and the library reads the whole file; so results
/// and findings are those of ``EntityReader``, which tests compare.
struct PlainEntityReader {
    /// What was read, and where it stood.
    struct Section {
        var entities: [TopologyDeclaration.Entity]
        /// The symbols of the names in them, by the numbers of their mentions.
        var symbols: [Int32]
        /// The place of the key `entities`.
        var key: TopologyDeclaration.Mark
        /// The bytes of its value.
        var value: Range<Int>
        /// The place of the first byte of the value, and of the byte behind it.
        var start: TopologyDeclaration.Mark
        var end: TopologyDeclaration.Mark
    }

    private let bytes: [UInt8]
    private var text: PlainText
    private var table: SymbolTable
    /// The symbols of the mentions so far, but for those that wait.
    private var symbols: [Int32] = []
    /// Mentions that wait to be looked up together.
    private var waiting: [Range<Int>] = []
    /// Which of all mentions are keys of entities and wait.
    private var waitingKeys: [Int] = []
    private var entities: [TopologyDeclaration.Entity] = []
    /// What a list of needs or of names has so far: those that are kept are then as long as they need to be.
    private var needs: [Need] = []
    private var references: [Reference] = []
    /// Which symbols name an entity already.
    private var isDeclared: [Bool] = []

    private typealias Entity = TopologyDeclaration.Entity
    private typealias Need = TopologyDeclaration.Need
    private typealias Reference = TopologyDeclaration.Reference

    private init(_ bytes: [UInt8], _ text: PlainText) {
        self.bytes = bytes
        self.text = text
        table = SymbolTable(textLength: bytes.count)
        // Room that is not used costs nothing; moving a million entities does.
        entities.reserveCapacity(bytes.count / 128)
        symbols.reserveCapacity(bytes.count / 24)
    }

    /// Finds and reads the entities; nil when the text is not plain.
    ///
    /// - Complexity: O(length).
    static func read(_ bytes: [UInt8]) -> Section? {
        bytes.withUnsafeBufferPointer { buffer in
            guard let text = try? PlainText(buffer) else { return nil }
            var reader = PlainEntityReader(bytes, text)
            let isFlow = buffer.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") } == UInt8(ascii: "{")
            return isFlow ? try? reader.readFlow() : try? reader.readBlock()
        }
    }

    // MARK: A mapping in lines

    private mutating func readBlock() throws(NotPlain) -> Section {
        while let indentation = text.nextIndentation() {
            guard indentation == 0 else {
                try skipLine()
                continue
            }
            let mark = text.mark(text.position)
            guard try isKey("entities") else {
                try skipLine()
                continue
            }
            try text.endLine()
            let first = (position: text.position, mark: text.mark(text.position))
            try readBlockEntities()
            try lookUpWaiting()
            let last = text.lineStart
            return Section(
                entities: entities,
                symbols: symbols,
                key: mark,
                value: first.position..<last,
                start: first.mark,
                end: text.mark(last)
            )
        }
        throw NotPlain()
    }

    /// Goes past `key:`, if that is what comes.
    private mutating func isKey(_ key: StaticString) throws(NotPlain) -> Bool {
        let end = text.position + key.utf8CodeUnitCount
        guard end < text.bytes.count, text.bytes[end] == UInt8(ascii: ":") else { return false }
        let isSame = key.withUTF8Buffer { $0.elementsEqual(text.bytes[text.position..<end]) }
        if isSame { text.position = end + 1 }
        return isSame
    }

    private mutating func skipLine() throws(NotPlain) {
        while text.next != UInt8(ascii: "\n") { text.position += 1 }
        try text.endLine()
    }

    private mutating func readBlockEntities() throws(NotPlain) {
        var own: Int?
        while let indentation = text.nextIndentation(), indentation > 0 {
            guard own == nil || own == indentation else { throw NotPlain() }
            own = indentation
            var entity = try key(inBrackets: false)
            try text.expect(UInt8(ascii: ":"))
            guard text.isBlank(at: text.position) else { throw NotPlain() }
            text.skipSpaces()
            if text.next == UInt8(ascii: "{") {
                try readFlowFields(of: &entity)
                try text.endLine()
            } else {
                // Nothing behind the colon; a comment keeps the space that it needs.
                if text.next == UInt8(ascii: "#") { text.position -= 1 }
                try text.endLine()
                if let inner = text.nextIndentation(), inner > indentation {
                    try readBlockFields(of: &entity, inner)
                }
            }
            entities.append(entity)
        }
    }

    private mutating func readBlockFields(of entity: inout Entity, _ indentation: Int) throws(NotPlain) {
        var seen = Fields()
        while text.position - text.lineStart == indentation, !text.isAtEnd {
            let field = try field(&seen, inBrackets: false)
            try readValue(of: field, into: &entity, inBrackets: false, indentation)
            guard let next = text.nextIndentation() else { return }
            guard next <= indentation else { throw NotPlain() }
        }
    }

    /// Reads the items of a list in lines, each with `body`, and stops at the first line that is none.
    private mutating func readBlockItems(
        _ indentation: Int,
        _ body: (inout PlainEntityReader) throws(NotPlain) -> Void
    ) throws(NotPlain) {
        guard let own = text.nextIndentation(), own >= indentation, text.next == UInt8(ascii: "-") else {
            throw NotPlain()
        }
        while text.position - text.lineStart == own, text.next == UInt8(ascii: "-") {
            text.position += 1
            guard text.next == UInt8(ascii: " ") else { throw NotPlain() }
            text.skipSpaces()
            try body(&self)
            guard let next = text.nextIndentation() else { return }
            guard next == own || next <= indentation else { throw NotPlain() }
        }
        // At the list's own indentation only its owner's next key may stand.
        if own > indentation, text.position - text.lineStart == own { throw NotPlain() }
    }

    // MARK: A mapping in brackets

    private mutating func readFlow() throws(NotPlain) -> Section {
        text.skipFlowSpace()
        try text.expect(UInt8(ascii: "{"))
        while true {
            text.skipFlowSpace()
            let key = try text.scalar(inBrackets: true)
            try expectFlowColon()
            guard text.text(of: key) == "entities" else {
                try skipFlowValue()
                text.skipFlowSpace()
                try text.expect(UInt8(ascii: ","))
                continue
            }
            let first = (position: text.position, mark: text.mark(text.position))
            try readFlowEntities()
            try lookUpWaiting()
            return Section(
                entities: entities,
                symbols: symbols,
                key: key.mark,
                value: first.position..<text.position,
                start: first.mark,
                end: text.mark(text.position)
            )
        }
    }

    /// Goes past a value of no interest here: the library reads it.
    private mutating func skipFlowValue() throws(NotPlain) {
        var depth = 0
        repeat {
            text.skipFlowSpace()
            switch text.next {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                text.position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                text.position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw NotPlain() }
                text.position += 1
            default: _ = try text.scalar(inBrackets: true)
            }
        } while depth > 0
        guard depth == 0 else { throw NotPlain() }
    }

    private mutating func readFlowEntities() throws(NotPlain) {
        try readFlowMapping { reader throws(NotPlain) in
            var entity = try reader.key(inBrackets: true)
            try reader.expectFlowColon()
            try reader.readFlowFields(of: &entity)
            reader.entities.append(entity)
        }
    }

    private mutating func readFlowFields(of entity: inout Entity) throws(NotPlain) {
        var seen = Fields()
        try readFlowMapping { reader throws(NotPlain) in
            let field = try reader.field(&seen, inBrackets: true)
            try reader.readValue(of: field, into: &entity, inBrackets: true, 0)
        }
    }

    /// Reads the entries of a mapping in brackets, each with `body`.
    private mutating func readFlowMapping(
        _ body: (inout PlainEntityReader) throws(NotPlain) -> Void
    ) throws(NotPlain) {
        try readFlow(from: UInt8(ascii: "{"), to: UInt8(ascii: "}"), body)
    }

    private mutating func readFlow(
        from open: UInt8,
        to close: UInt8,
        _ body: (inout PlainEntityReader) throws(NotPlain) -> Void
    ) throws(NotPlain) {
        try text.expect(open)
        text.skipFlowSpace()
        if text.next == close {
            text.position += 1
            return
        }
        while true {
            text.skipFlowSpace()
            try body(&self)
            text.skipFlowSpace()
            if text.next == close, !text.isAtEnd {
                text.position += 1
                return
            }
            try text.expect(UInt8(ascii: ","))
        }
    }

    /// Goes past the colon of a key, which must stand on the key's line.
    private mutating func expectFlowColon() throws(NotPlain) {
        text.skipSpaces()
        try text.expect(UInt8(ascii: ":"))
        text.skipFlowSpace()
    }

    // MARK: Keys and fields

    /// The keys of an entity and of a group.
    private enum Field: UInt32 {
        case on, needs, label, tags, aliases, criticality, owner, observers, canRunOn, capacity, uses
        case any, of, atLeast, weak

        init?(_ key: String) {
            switch key {
            case "on": self = .on
            case "needs": self = .needs
            case "label": self = .label
            case "tags": self = .tags
            case "aliases": self = .aliases
            case "criticality": self = .criticality
            case "owner": self = .owner
            case "observed_by": self = .observers
            case "can_run_on": self = .canRunOn
            case "capacity": self = .capacity
            case "uses": self = .uses
            case "any": self = .any
            case "of": self = .of
            case "at_least": self = .atLeast
            case "weak": self = .weak
            default: return nil
            }
        }
    }

    /// The fields that a mapping has so far.
    private struct Fields {
        private var bits: UInt32 = 0

        /// Returns false when it has the field already.
        mutating func insert(_ field: Field) -> Bool {
            let bit: UInt32 = 1 << field.rawValue
            defer { bits |= bit }
            return bits & bit == 0
        }
    }

    /// The key of an entity that has none yet.
    private mutating func key(inBrackets: Bool) throws(NotPlain) -> Entity {
        let scalar = try text.scalar(inBrackets: inBrackets)
        // The library refuses keys of more than 1,024 characters.
        guard scalar.decoded == nil, scalar.text.count <= 1_000 else { throw NotPlain() }
        let name = text.text(of: scalar)
        // Two spellings of an accent are the same key to the library.
        guard text.isASCII || name.utf8.allSatisfy({ $0 < 0x80 }) else { throw NotPlain() }
        var entity = Entity(name: name, mark: scalar.mark)
        entity.mention = try mention(of: scalar)
        waitingKeys.append(Int(entity.mention))
        return entity
    }

    /// The number of one more mention of a name.
    private mutating func mention(of scalar: PlainText.Scalar) throws(NotPlain) -> Int32 {
        if waiting.count == SymbolTable.batch { try lookUpWaiting() }
        waiting.append(scalar.text)
        return Int32(symbols.count + waiting.count - 1)
    }

    /// Looks up the mentions that wait, and refuses a key that was there before.
    private mutating func lookUpWaiting() throws(NotPlain) {
        table.add(waiting, of: UnsafeRawBufferPointer(text.bytes), to: &symbols)
        waiting.removeAll(keepingCapacity: true)
        if isDeclared.count < table.count { isDeclared += repeatElement(false, count: max(table.count, 1_000)) }
        for key in waitingKeys {
            let symbol = Int(symbols[key])
            guard !isDeclared[symbol] else { throw NotPlain() }
            isDeclared[symbol] = true
        }
        waitingKeys.removeAll(keepingCapacity: true)
    }

    /// The key of a field that has not been seen, and what follows it up to its value.
    private mutating func field(_ seen: inout Fields, inBrackets: Bool) throws(NotPlain) -> Field {
        let scalar = try text.scalar(inBrackets: inBrackets)
        guard let field = Field(text.text(of: scalar)), seen.insert(field) else { throw NotPlain() }
        if inBrackets {
            try expectFlowColon()
        } else {
            try text.expect(UInt8(ascii: ":"))
            guard text.isBlank(at: text.position) else { throw NotPlain() }
            text.skipSpaces()
        }
        return field
    }

    private mutating func readValue(
        of field: Field,
        into entity: inout Entity,
        inBrackets: Bool,
        _ indentation: Int
    ) throws(NotPlain) {
        switch field {
        case .on: entity.place = try single(inBrackets, Self.reference)
        case .label: entity.label = try single(inBrackets, Self.string)
        case .owner: entity.owner = try single(inBrackets, Self.string)
        case .criticality:
            guard let value = Criticality(rawValue: try single(inBrackets, Self.string)) else { throw NotPlain() }
            entity.criticality = value
        case .capacity: entity.capacity = try number(inBrackets)
        case .uses: entity.uses = try number(inBrackets)
        case .tags: entity.tags = try list(inBrackets, indentation, Self.string)
        case .aliases: entity.aliases = try list(inBrackets, indentation, Self.string)
        case .observers: entity.observers = try references(inBrackets, indentation)
        case .canRunOn: entity.canRunOn = try references(inBrackets, indentation)
        case .needs: entity.needs = try needs(inBrackets, indentation)
        case .any, .of, .atLeast, .weak: throw NotPlain()
        }
    }

    // MARK: Values

    private typealias Item<Value> = (inout PlainEntityReader, PlainText.Scalar) throws(NotPlain) -> Value

    private static func string(_ reader: inout Self, _ scalar: PlainText.Scalar) throws(NotPlain) -> String {
        reader.text.text(of: scalar)
    }

    private static func reference(_ reader: inout Self, _ scalar: PlainText.Scalar) throws(NotPlain) -> Reference {
        guard scalar.decoded == nil else { throw NotPlain() }
        return Reference(scalar.text, of: reader.bytes, scalar.mark, mention: try reader.mention(of: scalar))
    }

    /// A scalar, and outside brackets the end of its line.
    private mutating func single<Value>(_ inBrackets: Bool, _ item: Item<Value>) throws(NotPlain) -> Value {
        let scalar = try text.scalar(inBrackets: inBrackets)
        let value = try item(&self, scalar)
        if !inBrackets { try text.endLine() }
        return value
    }

    private mutating func number(_ inBrackets: Bool) throws(NotPlain) -> Double {
        guard let value = Double(try single(inBrackets, Self.string)), value.isFinite, value >= 0 else {
            throw NotPlain()
        }
        return value
    }

    /// One scalar or a list of them, in brackets or in lines.
    private mutating func list<Value>(
        _ inBrackets: Bool,
        _ indentation: Int,
        _ item: Item<Value>
    ) throws(NotPlain) -> [Value] {
        var values: [Value] = []
        try eachItem(inBrackets, indentation) { reader, isFlow throws(NotPlain) in
            values.append(try reader.single(isFlow, item))
        }
        return values
    }

    /// As ``list(_:_:_:)``, of names.
    private mutating func references(_ inBrackets: Bool, _ indentation: Int) throws(NotPlain) -> [Reference] {
        references.removeAll(keepingCapacity: true)
        try eachItem(inBrackets, indentation) { reader, isFlow throws(NotPlain) in
            let reference = try reader.single(isFlow, Self.reference)
            reader.references.append(reference)
        }
        return references.map { $0 }
    }

    /// Calls `body` at each item of a list, or at the one value that stands for it, and says whether it is within
    /// brackets.
    private mutating func eachItem(
        _ inBrackets: Bool,
        _ indentation: Int,
        _ body: (inout PlainEntityReader, Bool) throws(NotPlain) -> Void
    ) throws(NotPlain) {
        if text.next == UInt8(ascii: "[") {
            try readFlow(from: UInt8(ascii: "["), to: UInt8(ascii: "]")) { reader throws(NotPlain) in
                try body(&reader, true)
            }
            if !inBrackets { try text.endLine() }
        } else if !inBrackets, text.next == UInt8(ascii: "\n") || text.next == UInt8(ascii: "#") {
            if text.next == UInt8(ascii: "#") { text.position -= 1 }
            try text.endLine()
            try readBlockItems(indentation) { reader throws(NotPlain) in try body(&reader, false) }
        } else {
            try body(&self, inBrackets)
        }
    }

    private mutating func needs(_ inBrackets: Bool, _ indentation: Int) throws(NotPlain) -> [Need] {
        // A single value is a name; a group must be an item of a list.
        guard text.next != UInt8(ascii: "{") else { throw NotPlain() }
        needs.removeAll(keepingCapacity: true)
        try eachItem(inBrackets, indentation) { reader, isFlow throws(NotPlain) in try reader.readNeed(isFlow) }
        return needs.map { $0 }
    }

    private mutating func readNeed(_ isFlow: Bool) throws(NotPlain) {
        let mark = text.mark(text.position)
        var group = Group()
        if text.next == UInt8(ascii: "{") {
            var seen = Fields()
            try readFlowMapping { reader throws(NotPlain) in
                let field = try reader.field(&seen, inBrackets: true)
                try group.read(field, &reader, inBrackets: true, 0)
            }
            if !isFlow { try text.endLine() }
            needs += try group.needs(mark)
            return
        }
        let column = text.position - text.lineStart
        let start = text
        let scalar = try text.scalar(inBrackets: isFlow)
        guard !isFlow, text.next == UInt8(ascii: ":") else {
            needs.append(.hard(try Self.reference(&self, scalar)))
            if !isFlow { try text.endLine() }
            return
        }
        // A mapping in lines, which begins behind the dash.
        text = start
        var seen = Fields()
        repeat {
            let field = try field(&seen, inBrackets: false)
            try group.read(field, &self, inBrackets: false, column)
            guard let next = text.nextIndentation() else { break }
            guard next <= column else { throw NotPlain() }
        } while text.position - text.lineStart == column
        needs += try group.needs(mark)
    }

    /// The fields of a group, as far as they are read.
    private struct Group {
        private var minimum: Int?
        private var members: [Reference]?
        private var isAny = false
        private var weak: [Reference]?

        mutating func read(
            _ field: Field,
            _ reader: inout PlainEntityReader,
            inBrackets: Bool,
            _ indentation: Int
        ) throws(NotPlain) {
            switch field {
            case .any:
                guard members == nil else { throw NotPlain() }
                isAny = true
                members = try reader.references(inBrackets, indentation)
            case .of:
                guard members == nil else { throw NotPlain() }
                members = try reader.references(inBrackets, indentation)
            case .atLeast:
                guard let value = Int(try reader.single(inBrackets, PlainEntityReader.string)) else { throw NotPlain() }
                minimum = value
            case .weak: weak = try reader.references(inBrackets, indentation)
            default: throw NotPlain()
            }
        }

        func needs(_ mark: TopologyDeclaration.Mark) throws(NotPlain) -> [Need] {
            let weak = (weak ?? []).map(Need.weak)
            switch (isAny, minimum, members) {
            case (true, nil, let members?): return weak + [.group(minimum: nil, of: members, mark: mark)]
            case (false, let minimum?, let members?):
                return weak + [.group(minimum: minimum, of: members, mark: mark)]
            case (false, nil, nil) where !weak.isEmpty: return weak
            default: throw NotPlain()
            }
        }
    }
}
