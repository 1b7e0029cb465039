internal import Alerts
package import Diagnostics
internal import Time
internal import Topology

extension CompiledTopology {
    /// Whether a file begins as compiled topologies do.
    package static func isCompiled(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: magic) }

    /// Reads a file.
    ///
    /// The bytes are untrusted: a checksum tells damage, and every number that is an index is looked at. The result keeps
    /// none of the memory.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the name that findings carry.
    /// - Throws: an `other-version` or `damaged-topology` error.
    /// - Complexity: O(length), at the speed of memory.
    package init(_ bytes: UnsafeRawBufferPointer, file: String) throws(Diagnostic) {
        let damaged = Diagnostic(
            .error,
            "damaged-topology",
            "is damaged: its content does not fit its checksum",
            at: SourceLocation(file: file),
            fix: "make it again: blast-radius compile topology.yaml -o \(file)"
        )
        guard bytes.count >= Self.headerLength, Self.isCompiled(bytes) else { throw damaged }
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard UInt32(truncatingIfNeeded: word(8)) == Self.formatVersion, word(16) == Self.builtInHash else {
            throw Diagnostic(
                .error,
                "other-version",
                "was compiled by another version of blast-radius",
                at: SourceLocation(file: file),
                fix: "make it again: blast-radius compile topology.yaml -o \(file)"
            )
        }
        let sectionCount = Section.allCases.count
        guard word(8) >> 32 == UInt64(sectionCount), word(24) == UInt64(bytes.count),
            bytes.count >= Self.headerLength + 16 * sectionCount,
            word(32) == XXH64.hash(UnsafeRawBufferPointer(rebasing: bytes[Self.headerLength...]))
        else { throw damaged }
        do throws(ByteReader.Malformed) {
            self = try Self(sections: SectionReader(bytes: bytes))
        } catch {
            throw damaged
        }
    }

    private init(sections: SectionReader) throws(ByteReader.Malformed) {
        var reader = ByteReader(try sections.array(.notes, of: UInt8.self)[...])
        let name = try reader.optional { reader throws(ByteReader.Malformed) in try reader.text() }
        let kinds = try reader.array { reader throws(ByteReader.Malformed) in try reader.kind() }
        let files = try reader.array { reader throws(ByteReader.Malformed) in try reader.text() }
        let rules = try reader.array { reader throws(ByteReader.Malformed) in try reader.rule() }
        let issues = try reader.array { reader throws(ByteReader.Malformed) in try reader.knownIssue() }
        let weights = try reader.array { reader throws(ByteReader.Malformed) in
            (name: try reader.text(), value: try reader.double())
        }
        let diagnostics = try reader.array { reader throws(ByteReader.Malformed) in try reader.diagnostic() }
        let sources = try reader.array { reader throws(ByteReader.Malformed) in try reader.source() }
        let names = try TextTable(sections, .nameBytes, .nameOffsets)
        let count = names.count
        let details = DetailTable(
            entityCount: count,
            offsets: try sections.array(.detailOffsets, of: UInt32.self),
            bytes: try sections.array(.detailBytes, of: UInt8.self)
        )
        let aliases = AliasTable(
            texts: try TextTable(sections, .aliasBytes, .aliasOffsets),
            offsets: try sections.array(.aliasRows, of: UInt32.self),
            entities: try sections.array(.aliasEntities, of: Int32.self)
        )
        guard let details, let aliases else { throw ByteReader.Malformed() }
        let topology = Topology(
            name: name,
            kinds: kinds,
            names: names,
            lastPartOrder: try sections.array(.lastPartOrder, of: Int32.self),
            kindIndices: try sections.array(.kindIndices, of: Int32.self),
            places: try sections.array(.places, of: Int32.self),
            requirementOffsets: try sections.array(.requirementOffsets, of: Int32.self),
            requirementRecords: try sections.array(.requirementRecords, of: Topology.RequirementRecord.self),
            members: try sections.array(.members, of: Int32.self),
            details: details,
            aliases: aliases,
            files: files,
            marks: try sections.array(.marks, of: TopologyDeclaration.Mark.self)
        )
        guard reader.isAtEnd, topology.isWellFormed else { throw ByteReader.Malformed() }
        self.init(
            topology: topology,
            rules: rules,
            knownIssues: issues,
            weights: weights,
            diagnostics: diagnostics,
            sources: sources
        )
    }
}

/// Finds the parts of a file by its table.
private struct SectionReader {
    let bytes: UnsafeRawBufferPointer

    /// The elements of a section, copied.
    func array<Element: BitwiseCopyable>(
        _ section: CompiledTopology.Section,
        of type: Element.Type
    ) throws(ByteReader.Malformed) -> [Element] {
        let entry = CompiledTopology.headerLength + 16 * section.rawValue
        let start = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry, as: UInt64.self))
        let length = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry + 8, as: UInt64.self))
        let size = MemoryLayout<Element>.stride
        guard start <= UInt64(bytes.count), length <= UInt64(bytes.count) - start, Int(length) % size == 0 else {
            throw ByteReader.Malformed()
        }
        let piece = UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(start) + Int(length)])
        return [Element](unsafeUninitializedCapacity: piece.count / size) { elements, count in
            UnsafeMutableRawBufferPointer(elements).copyMemory(from: piece)
            count = piece.count / size
        }
    }
}

extension TextTable {
    fileprivate init(
        _ sections: SectionReader,
        _ bytes: CompiledTopology.Section,
        _ offsets: CompiledTopology.Section
    ) throws(ByteReader.Malformed) {
        let table = TextTable(
            bytes: try sections.array(bytes, of: UInt8.self),
            offsets: try sections.array(offsets, of: UInt32.self)
        )
        guard let table else { throw ByteReader.Malformed() }
        self = table
    }
}

extension ByteReader {
    private mutating func optionalText() throws(Malformed) -> String? {
        try optional { reader throws(Malformed) in try reader.text() }
    }

    private mutating func word<Value: RawRepresentable>(
        as type: Value.Type
    ) throws(Malformed) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: try text()) else { throw Malformed() }
        return value
    }

    fileprivate mutating func kind() throws(Malformed) -> Kind {
        var kind = Kind(name: try text(), label: try text(), faultsPerYear: try double())
        kind.area = Area(rawValue: try text())
        kind.criticality = try word(as: Criticality.self)
        return kind
    }

    fileprivate mutating func rule() throws(Malformed) -> AlertRule {
        let (match, entity) = (try text(), try text())
        let (witness, observer, action) = (try optionalText(), try optionalText(), try optionalText())
        let pending = try optional { reader throws(Malformed) in Span(milliseconds: Int64(try reader.number())) }
        let observes = try word(as: Effect.self)
        let (severity, priority) = (try optionalText(), try optionalText())
        let location = try location()
        var rule = AlertRule(
            match: try matcher(match, location),
            entity: try template(entity, location),
            location: location
        )
        rule.witness = try witness.map { text throws(Malformed) in try template(text, location) }
        rule.observer = try observer.map { text throws(Malformed) in try template(text, location) }
        rule.action = try action.map { text throws(Malformed) in try template(text, location) }
        rule.pending = pending
        rule.observes = observes
        rule.severity = severity
        rule.actionPriority = priority
        return rule
    }

    fileprivate mutating func knownIssue() throws(Malformed) -> KnownIssue {
        let (id, match, reason) = (try text(), try text(), try optionalText())
        let settles = try optional { reader throws(Malformed) in Span(milliseconds: Int64(try reader.number())) }
        let (review, action, priority) = (try optionalText(), try optionalText(), try optionalText())
        let location = try location()
        var issue = KnownIssue(id: id, match: try matcher(match, location), reason: reason, location: location)
        issue.settlesWithin = settles
        issue.reviewBy = review
        issue.action = try action.map { text throws(Malformed) in try template(text, location) }
        issue.actionPriority = priority
        return issue
    }

    /// The texts were parsed before; only damage can make them wrong.
    private func matcher(_ text: String, _ location: SourceLocation) throws(Malformed) -> Matcher {
        guard let matcher = try? Matcher(text, at: location) else { throw Malformed() }
        return matcher
    }

    private func template(_ text: String, _ location: SourceLocation) throws(Malformed) -> Template {
        guard let template = try? Template(text, at: location) else { throw Malformed() }
        return template
    }

    fileprivate mutating func diagnostic() throws(Malformed) -> Diagnostic {
        Diagnostic(
            try word(as: Diagnostic.Severity.self),
            try text(),
            try text(),
            at: try optional { reader throws(Malformed) in try reader.location() },
            notes: try array { reader throws(Malformed) in
                Diagnostic.Note(
                    try reader.text(),
                    at: try reader.optional { reader throws(Malformed) in try reader.location() }
                )
            },
            fix: try optionalText()
        )
    }

    private mutating func location() throws(Malformed) -> SourceLocation {
        SourceLocation(
            file: try text(),
            line: try optional { reader throws(Malformed) in try reader.number() },
            column: try optional { reader throws(Malformed) in try reader.number() }
        )
    }

    fileprivate mutating func source() throws(Malformed) -> CompiledTopology.Source {
        CompiledTopology.Source(
            path: try text(),
            absolutePath: try text(),
            size: try number(),
            modified: Int64(try number()),
            hash: UInt64(UInt(bitPattern: try number()))
        )
    }
}
