internal import Alerts
internal import Diagnostics
internal import Time
internal import Topology

extension CompiledTopology {
    /// The bytes of a file; the same topology, the same bytes.
    ///
    /// - Complexity: O(entities + needs).
    package func encoded() -> [UInt8] {
        var sections: [[UInt8]] = []
        for section in Section.allCases { sections.append(bytes(of: section)) }
        var table: [UInt64] = []
        var end = Self.headerLength + 16 * sections.count
        for section in sections {
            table += [UInt64(end), UInt64(section.count)]
            end += section.count.paddedToWords
        }
        var body: [UInt8] = []
        body.reserveCapacity(end)
        for word in table { body.append(littleEndian: word) }
        for section in sections {
            body += section
            body += repeatElement(0, count: section.count.paddedToWords - section.count)
        }
        var file = Self.magic
        file.reserveCapacity(end)
        file.append(littleEndian: UInt64(Self.formatVersion) | UInt64(sections.count) << 32)
        file.append(littleEndian: Self.builtInHash)
        file.append(littleEndian: UInt64(end))
        file.append(littleEndian: body.withUnsafeBytes(XXH64.hash))
        return file + body
    }

    private func bytes(of section: Section) -> [UInt8] {
        switch section {
        case .notes: notes
        case .nameBytes: topology.names.bytes
        case .nameOffsets: topology.names.offsets.rawBytes
        case .lastPartOrder: topology.lastPartOrder.rawBytes
        case .kindIndices: topology.kindIndices.rawBytes
        case .places: topology.places.rawBytes
        case .requirementOffsets: topology.requirementOffsets.rawBytes
        case .requirementRecords: topology.requirementRecords.rawBytes
        case .members: topology.members.rawBytes
        case .detailOffsets: topology.details.offsets.rawBytes
        case .detailBytes: topology.details.bytes
        case .aliasBytes: topology.aliases.texts.bytes
        case .aliasOffsets: topology.aliases.texts.offsets.rawBytes
        case .aliasRows: topology.aliases.offsets.rawBytes
        case .aliasEntities: topology.aliases.entities.rawBytes
        case .marks: topology.marks.rawBytes
        }
    }

    private var notes: [UInt8] {
        var writer = ByteWriter()
        writer.write(topology.name) { $0.write($1) }
        writer.write(topology.kinds) { writer, kind in
            writer.write(kind.name)
            writer.write(kind.label)
            writer.write(kind.faultsPerYear)
            writer.write(kind.area.rawValue)
            writer.write(kind.criticality.rawValue)
        }
        writer.write(topology.files) { $0.write($1) }
        writer.write(rules) { $0.write($1) }
        writer.write(knownIssues) { $0.write($1) }
        writer.write(weights) { writer, weight in
            writer.write(weight.name)
            writer.write(weight.value)
        }
        writer.write(diagnostics) { $0.write($1) }
        writer.write(sources) { writer, source in
            writer.write(source.path)
            writer.write(source.absolutePath)
            writer.write(source.size)
            writer.write(Int(source.modified))
            writer.write(Int(bitPattern: UInt(source.hash)))
        }
        return writer.bytes
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ rule: AlertRule) {
        write(rule.match.text)
        write(rule.entity.text)
        write(rule.witness) { $0.write($1.text) }
        write(rule.observer) { $0.write($1.text) }
        write(rule.action) { $0.write($1.text) }
        write(rule.pending) { $0.write(Int($1.milliseconds)) }
        write(rule.observes.rawValue)
        write(rule.severity) { $0.write($1) }
        write(rule.actionPriority) { $0.write($1) }
        write(rule.location)
    }

    fileprivate mutating func write(_ issue: KnownIssue) {
        write(issue.id)
        write(issue.match.text)
        write(issue.reason) { $0.write($1) }
        write(issue.settlesWithin) { $0.write(Int($1.milliseconds)) }
        write(issue.reviewBy) { $0.write($1) }
        write(issue.action) { $0.write($1.text) }
        write(issue.actionPriority) { $0.write($1) }
        write(issue.location)
    }

    fileprivate mutating func write(_ diagnostic: Diagnostic) {
        write(diagnostic.severity.rawValue)
        write(diagnostic.code)
        write(diagnostic.summary)
        write(diagnostic.location) { $0.write($1) }
        write(diagnostic.notes) { writer, note in
            writer.write(note.summary)
            writer.write(note.location) { $0.write($1) }
        }
        write(diagnostic.fix) { $0.write($1) }
    }

    private mutating func write(_ location: SourceLocation) {
        write(location.file)
        write(location.line) { $0.write($1) }
        write(location.column) { $0.write($1) }
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian word: UInt64) {
        Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements as they are in memory; every platform of Swift is little-endian.
    fileprivate var rawBytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}

extension Int {
    /// The next multiple of 8.
    var paddedToWords: Int { (self + 7) & ~7 }
}
