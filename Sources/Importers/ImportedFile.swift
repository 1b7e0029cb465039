package import Diagnostics
internal import Topology
internal import TopologyFormats

/// A topology.yaml that holds what was imported, between marked lines, and what people wrote, anywhere else.
package struct ImportedFile: Sendable {
    /// The file's lines.
    private var lines: [String]
    private let path: String

    /// A new file.
    package init() {
        lines = ["version: 1", "", "entities:"]
        path = ""
    }

    /// A file that exists; findings print it as `path`.
    package init(_ text: String, path: String) {
        lines = text.lines
        let saysNothing = lines.allSatisfy { line in
            line.first { $0 != " " }.map { $0 == "#" } ?? true
        }
        if saysNothing { lines += ImportedFile().lines }
        self.path = path
    }

    /// The file's content.
    package var text: String { lines.map { $0 + "\n" }.joined() }

    /// Replaces what an earlier import of the same source wrote, and keeps everything else byte for byte.
    ///
    /// An entity or kind that is written elsewhere in the file stays as it is: the imported one of that name is left out.
    /// Between the marks stay the entities that have a comment, and the keys that the source never gives. Notes say so, and
    /// what is no longer in the input.
    ///
    /// - Returns: What is odd; with an error nothing has changed.
    /// - Complexity: O(n log n) in the size of the file and the import.
    package mutating func update(with imported: ImportedTopology) -> [Diagnostic] {
        var file = self
        let name = path.isEmpty ? "topology" : path
        let whole = TopologyReader.read(Array(text.utf8), file: name)
        var marked = 0..<0
        do throws(Diagnostic) {
            marked = try markedLines("entities", imported.source)
            for section in ["kinds", "entities"] { try file.removeMarked(section, imported.source) }
        } catch {
            return [error]
        }
        // What was copied out instead of moved is written twice; what is between the marks goes.
        let errors = whole.diagnostics.filter { $0.severity == .error && $0.code != "duplicate-entity" }
        guard errors.isEmpty else { return errors }
        let (rest, findings) = TopologyReader.read(Array(file.text.utf8), file: name)
        guard !findings.containsError else { return findings.filter { $0.severity == .error } }
        let handMadeNames = Set(rest.declaration.entities.map(\.name))
        let handMadeKinds = Set(rest.declaration.kinds.map(\.name))
        let earlier = EarlierImport(
            lines,
            marked,
            entities: whole.document.declaration.entities,
            source: imported.source
        )
        var declaration = imported.declaration
        let handMade = whole.document.declaration.entities.filter { handMadeNames.contains($0.name) }
        var diagnostics = earlier.findings(Set(declaration.entities.map(\.name)), handMade: handMade, file: name)
        declaration.entities.removeAll { handMadeNames.contains($0.name) }
        declaration.kinds.removeAll { handMadeKinds.contains($0.name) }
        let kept = imported.declaration.entities.count - declaration.entities.count
        if kept > 0 {
            let location = path.isEmpty ? nil : SourceLocation(file: path)
            diagnostics.append(
                Diagnostic(
                    .note,
                    "kept-by-hand",
                    "\(kept) × an entity that is kept as written by hand, without what was imported for it",
                    at: location,
                    fix: "to add to what is imported, write it in a file of its own: --topology FILE --topology YOURS"
                )
            )
        }
        let items = earlier.updated(declaration.entities, excluding: handMadeNames)
        do throws(Diagnostic) {
            try file.insert(TopologyWriter.kindLines(declaration), section: "kinds", imported.source)
            try file.insert(items.flatMap(\.lines), section: "entities", imported.source)
        } catch {
            return [error]
        }
        // Marks can stand where they do no good, for example within a text of several lines.
        let (_, faults) = TopologyReader.read(Array(file.text.utf8), file: name)
        if let fault = faults.first(where: { $0.severity == .error }) {
            return [
                Diagnostic(
                    .error,
                    "no-place",
                    "what is imported finds no place in this file: \(fault.summary)",
                    at: SourceLocation(file: path),
                    fix: "begin the lines of its sections with entities: and kinds:, without quotes or spaces before"
                )
            ]
        }
        lines = file.lines
        return diagnostics
    }

    // MARK: Marked lines

    private static func mark(_ source: ImportSource) -> String { "# imported from \(source.rawValue): " }

    private static func begin(_ source: ImportSource) -> String {
        "  \(mark(source))begin (--update replaces these lines; move an entity out, or comment on it, to keep it)"
    }

    private static func end(_ source: ImportSource) -> String { "  \(mark(source))end" }

    /// The line of a top-level key, and the line after its block.
    private func block(_ section: String) -> Range<Int>? {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("\(section):") }) else { return nil }
        let end = lines[(start + 1)...].firstIndex { line in
            line.utf8.first.map { !" #\t\r".utf8.contains($0) } ?? false
        }
        return start..<(end ?? lines.count)
    }

    /// The lines between the marks; none where there are no marks.
    private func markedLines(_ section: String, _ source: ImportSource) throws(Diagnostic) -> Range<Int> {
        guard let block = block(section) else { return 0..<0 }
        func marked(_ word: String) -> [Int] {
            block.filter { lines[$0].drop { $0 == " " }.hasPrefix(Self.mark(source) + word) }
        }
        let (begins, ends) = (marked("begin"), marked("end"))
        if begins.isEmpty, ends.isEmpty { return 0..<0 }
        guard begins.count == 1, ends.count == 1, begins[0] < ends[0] else {
            throw Diagnostic(
                .error,
                "broken-marks",
                "the lines that mark what was imported from \(source.rawValue) are not one pair under \(section):",
                at: SourceLocation(file: path, line: (begins.first ?? ends[0]) + 1, column: 1),
                fix: "restore the pair, or remove both with what is between them"
            )
        }
        return begins[0] + 1..<ends[0]
    }

    /// Takes out what stands between the marks, and the second of them.
    private mutating func removeMarked(_ section: String, _ source: ImportSource) throws(Diagnostic) {
        let marked = try markedLines(section, source)
        // The first mark stays: it keeps the place.
        if marked != 0..<0 { lines.removeSubrange(marked.lowerBound...marked.upperBound) }
    }

    /// Puts lines between marks: where the first mark is, or else first in the section, which is added to the file if it
    /// has none.
    private mutating func insert(_ new: [String], section: String, _ source: ImportSource) throws(Diagnostic) {
        let marked = new.isEmpty ? [] : [Self.begin(source)] + new + [Self.end(source)]
        let place = block(section)?.first { lines[$0].drop { $0 == " " }.hasPrefix(Self.mark(source) + "begin") }
        if let place {
            lines.replaceSubrange(place...place, with: marked)
            return
        }
        if new.isEmpty { return }
        if block(section) == nil {
            let place = section == "kinds" ? block("entities")?.lowerBound ?? lines.count : lines.count
            lines.insert(contentsOf: ["\(section):"] + (section == "kinds" ? [""] : []), at: place)
        }
        guard let start = block(section)?.lowerBound else { return }
        let value = lines[start].dropFirst(section.utf8.count + 1).filter { $0 != " " && $0 != "\r" }
        if value == "{}" { lines[start] = "\(section):" }
        guard value.isEmpty || value == "{}" || value.first == "#" else {
            throw Diagnostic(
                .error,
                "inline-section",
                "\(section): is written on one line, which leaves no place for what is imported",
                at: SourceLocation(file: path, line: start + 1, column: 1),
                fix: "write each of its entries on a line of its own, indented by two spaces"
            )
        }
        lines.insert(contentsOf: marked, at: start + 1)
    }
}
