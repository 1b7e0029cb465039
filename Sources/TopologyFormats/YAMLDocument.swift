internal import Diagnostics
internal import Topology
internal import Yams

/// A YAML text as nodes with places, and the findings made while reading it.
///
/// YAML is untrusted. The text is composed without resolving tags, so that `no` stays a string; aliases are shared, not
/// expanded; and every visit of a node spends a budget of the text's length, which no honest document exceeds and which
/// an alias bomb runs into at once.
struct YAMLDocument {
    let file: String
    var diagnostics: [Diagnostic] = []
    private var remainingVisits: Int
    /// What was taken out of the text before it was composed.
    var gap: Gap?

    /// Composes the first document in `bytes`.
    ///
    /// Returns nil for the node when the text is not YAML or is empty; the document then holds the finding.
    ///
    /// - Complexity: O(length).
    static func compose(_ bytes: [UInt8], file: String) -> (document: YAMLDocument, root: Node?) {
        var document = YAMLDocument(file: file, byteCount: bytes.count)
        guard let text = document.check(bytes) else { return (document, nil) }
        do {
            let root = try Yams.compose(yaml: text, .basic)
            if root == nil {
                document.diagnostics.append(
                    Diagnostic(
                        .error,
                        "empty-document",
                        "the file holds no YAML document",
                        at: SourceLocation(file: file, line: 1, column: 1),
                        fix: "begin with version: 1"
                    )
                )
            }
            return (document, root)
        } catch let error as YamlError {
            document.diagnostics += document.diagnostics(for: error, text: text)
        } catch {
            document.report("invalid-yaml", "cannot be read as YAML", at: nil)
        }
        return (document, nil)
    }

    /// Composes every document in `bytes`, the empty ones left out.
    ///
    /// What was read before a fault is returned with it.
    ///
    /// - Complexity: O(length).
    static func composeAll(_ bytes: [UInt8], file: String) -> (document: YAMLDocument, roots: [Node]) {
        var document = YAMLDocument(file: file, byteCount: bytes.count)
        guard let text = document.check(bytes) else { return (document, []) }
        var roots: [Node] = []
        do {
            var sequence = try Yams.compose_all(yaml: text, .basic)
            while let root = sequence.next() {
                if !document.isNull(root) { roots.append(root) }
            }
            if let error = sequence.error { throw error }
        } catch let error as YamlError {
            document.diagnostics += document.diagnostics(for: error, text: text)
        } catch {
            document.report("invalid-yaml", "cannot be read as YAML", at: nil)
        }
        return (document, roots)
    }

    /// The text, when the library can compose it safely; otherwise reports why not.
    private mutating func check(_ bytes: [UInt8]) -> String? {
        guard let text = decode(bytes) else { return nil }
        if let control = forbiddenControl(in: text) {
            diagnostics.append(control)
            return nil
        }
        if let key = KeyScanner.complexKey(in: text) {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "a key must be a plain text",
                    at: SourceLocation(file: file, line: key.line, column: key.column),
                    fix: "write it as key: value"
                )
            )
            return nil
        }
        return text
    }

    private init(file: String, byteCount: Int) {
        self.file = file
        remainingVisits = byteCount + 10_000
    }

    private mutating func decode(_ bytes: [UInt8]) -> String? {
        if let text = String(validating: bytes, as: UTF8.self) {
            return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        }
        var line = 1
        var lineStart = 0
        var index = 0
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        scan: while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar):
                if scalar.count == 1, scalar.first == UInt8(ascii: "\n") {
                    line += 1
                    lineStart = index + 1
                }
                index += scalar.count
            case .error, .emptyInput: break scan
            }
        }
        diagnostics.append(
            Diagnostic(
                .error,
                "invalid-utf8",
                "the text is not UTF-8",
                at: SourceLocation(file: file, line: line, column: index - lineStart + 1),
                fix: "save the file as UTF-8"
            )
        )
        return nil
    }

    /// The first control character that YAML forbids; libyaml finds it too, but says no place.
    private func forbiddenControl(in text: String) -> Diagnostic? {
        var line = 1
        var column = 1
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                column = 0
            case UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            case ..<0x20, 0x7F:
                let digits = (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                return Diagnostic(
                    .error,
                    "invalid-yaml",
                    "the control character 0x\(digits) is not allowed",
                    at: SourceLocation(file: file, line: line, column: column),
                    fix: "remove it; a text in double quotes can have it as \\x\(digits)"
                )
            default: break
            }
            column += 1
        }
        return nil
    }

    // MARK: Visiting

    /// Spends one visit.
    ///
    /// Returns false, and reports it once, when the budget is gone.
    mutating func visit(_ node: Node) -> Bool {
        if remainingVisits > 0 {
            remainingVisits -= 1
            return true
        }
        if remainingVisits == 0 {
            remainingVisits = -1
            report(
                "too-many-nodes",
                "aliases expand this document to more nodes than it has bytes",
                at: node,
                fix: "write the entries out, or use for_each"
            )
        }
        return false
    }

    func location(_ node: Node?) -> SourceLocation {
        guard let node, node.mark != nil else { return SourceLocation(file: file) }
        return mark(node).location(in: [file])
    }

    /// A piece that the composed text lacks: what stands behind it was further on in the file.
    struct Gap {
        /// Where the piece began.
        private let start: TopologyDeclaration.Mark
        /// Where what stands behind it is now on that line.
        private let resume: Int32
        /// Where it was.
        private let end: TopologyDeclaration.Mark

        /// A gap of which `width` columns are filled.
        init(from start: TopologyDeclaration.Mark, width: Int, to end: TopologyDeclaration.Mark) {
            self.start = start
            resume = start.column + Int32(width)
            self.end = end
        }

        func place(_ found: TopologyDeclaration.Mark) -> TopologyDeclaration.Mark {
            var place = found
            if place.line == start.line, place.column >= resume {
                place.line = end.line
                place.column += end.column - resume
            } else if place.line > start.line {
                place.line += end.line - start.line
            }
            return place
        }
    }

    mutating func report(_ code: String, _ summary: String, at node: Node?, fix: String? = nil) {
        diagnostics.append(Diagnostic(.error, code, summary, at: location(node), fix: fix))
    }

    mutating func warn(_ code: String, _ summary: String, at node: Node?, fix: String? = nil) {
        diagnostics.append(Diagnostic(.warning, code, summary, at: location(node), fix: fix))
    }

    // MARK: Errors of the library

    private func diagnostics(for error: YamlError, text: String) -> [Diagnostic] {
        func located(_ problem: String, _ mark: Mark, _ context: YamlError.Context?) -> Diagnostic {
            let isTooDeep = problem.hasPrefix("Maximum nesting level")
            return Diagnostic(
                .error,
                "invalid-yaml",
                isTooDeep ? "values are nested too deep" : problem,
                at: SourceLocation(file: file, line: mark.line, column: mark.column),
                notes: isTooDeep
                    ? []
                    : context.map {
                        [.init($0.text, at: SourceLocation(file: file, line: $0.mark.line, column: $0.mark.column))]
                    } ?? [],
                fix: isTooDeep ? "take brackets or indentation away: a few levels are enough" : Self.fix(for: problem)
            )
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return [located(problem, mark, context)]
        case .reader(let problem, _, _, _):
            return [Diagnostic(.error, "invalid-yaml", problem, at: SourceLocation(file: file))]
        case .duplicatedKeysInMapping(let duplicates, let context):
            return duplicateKeys(duplicates, at: context.mark, text: text)
        default:
            return [Diagnostic(.error, "invalid-yaml", "cannot be read as YAML", at: SourceLocation(file: file))]
        }
    }

    /// What usually causes a problem that libyaml names.
    private static func fix(for problem: String) -> String {
        let causes = [
            ("cannot start any token", "indent with spaces instead of tabs, and quote texts that begin with @, ` or %"),
            ("expected ',' or", "close the bracket, or put a comma between the items"),
            ("mapping values are not allowed", "quote texts that hold ': ', or correct the indentation"),
            ("could not find expected ':'", "write key: value, with a space behind the colon"),
            ("did not find expected key", "give the keys of one mapping the same indentation"),
            ("unexpected end of stream", "close the quotes"),
            ("alias", "define the anchor with & above the place that uses it"),
        ]
        return causes.first { problem.contains($0.0) }?.1 ?? "correct the text there; a YAML linter shows more"
    }

    /// Each place where a key of one mapping stands again.
    ///
    /// The library names the place of the first key only: the others are on lines of the same mapping, which are those around
    /// it that are indented as deep or deeper. Within brackets only the first key has a place.
    private func duplicateKeys(_ keys: [String], at mark: Mark, text: String) -> [Diagnostic] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let indentation = mark.column - 1
        func isInside(_ line: Substring) -> Bool {
            let content = line.drop { $0 == " " }
            return content.isEmpty || content.first == "#" || line.count - content.count >= indentation
        }
        let here = Swift.min(Swift.max(0, mark.line - 1), lines.count - 1)
        let start = lines[..<here].lastIndex { !isInside($0) }.map { $0 + 1 } ?? 0
        let end = lines[here...].firstIndex { !isInside($0) } ?? lines.count
        var found: [Substring: [SourceLocation]] = [:]
        for key in keys { found[key[...]] = [] }
        let longest = keys.map(\.utf8.count).max() ?? 0
        for index in start..<end {
            let content = lines[index].drop { $0 == " " }
            guard lines[index].utf8.count - content.utf8.count == indentation else { continue }
            for key in Self.keys(thatBegin: content, noLongerThan: longest) {
                found[key]?.append(SourceLocation(file: file, line: index + 1, column: mark.column))
            }
        }
        return keys.flatMap { key in
            let places = found[key[...]] ?? []
            guard let first = places.first, places.count > 1 else {
                return [
                    duplicate(key, at: SourceLocation(file: file, line: mark.line, column: mark.column), first: nil)
                ]
            }
            return places.dropFirst().map { duplicate(key, at: $0, first: first) }
        }
    }

    /// The texts that may be the key of a line: what stands before any of its colons, with and without quotes.
    private static func keys(thatBegin line: Substring, noLongerThan longest: Int) -> [Substring] {
        let bytes = line.utf8
        let quote = bytes.first.flatMap { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") ? $0 : nil }
        var keys: [Substring] = []
        var previous: UInt8?
        for index in bytes.indices.prefix(longest + 3) {
            if bytes[index] == UInt8(ascii: ":") {
                keys.append(line[..<index])
                // The key, the quote before it, the quote behind it.
                if let quote, previous == quote, keys[keys.count - 1].utf8.count > 1 {
                    keys.append(keys[keys.count - 1].dropFirst().dropLast())
                }
            }
            previous = bytes[index]
        }
        return keys
    }

    private func duplicate(_ key: String, at place: SourceLocation, first: SourceLocation?) -> Diagnostic {
        let isEntity = key.contains("/")
        return Diagnostic(
            .error,
            isEntity ? "duplicate-entity" : "duplicate-key",
            isEntity ? "'\(key)' is declared twice" : "the key '\(key)' stands twice in one mapping",
            at: place,
            notes: first.map { [.init("first written here", at: $0)] } ?? [],
            fix: isEntity ? "merge the two declarations into one, or rename one of them" : "remove one of them"
        )
    }
}
