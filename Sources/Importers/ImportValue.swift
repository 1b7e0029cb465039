internal import Diagnostics
internal import JSON
internal import TopologyFormats

/// A value of an input, written as JSON or as YAML: importers read both through it.
enum ImportValue {
    /// With the number of lines before its text, which is 0 unless each line is a text of its own.
    case json(JSONValue, linesBefore: Int)
    case yaml(YAMLValue)
    /// One that an importer makes of what it read at a place.
    case made(MadeValue, at: SourceLocation)

    /// The documents of a file: one for JSON, any number for YAML.
    ///
    /// - Complexity: O(length).
    static func documents(in bytes: [UInt8], file: String) -> (values: [ImportValue], diagnostics: [Diagnostic]) {
        guard isJSON(bytes) else {
            let (values, diagnostics) = YAMLValue.documents(in: bytes, file: file)
            if values.isEmpty, diagnostics.isEmpty { return ([], [.emptyInput(file)]) }
            return (values.map(ImportValue.yaml), diagnostics)
        }
        do throws(Diagnostic) {
            let document = try JSONParser.parse(bytes: bytes, file: file)
            return ([.json(document.root, linesBefore: 0)], document.warnings)
        } catch {
            return ([], [error])
        }
    }

    /// The texts of a file that has one JSON text on each line, as programs stream them.
    ///
    /// Blank lines are passed over.
    ///
    /// - Complexity: O(length).
    static func lines(in bytes: [UInt8], file: String) -> (values: [ImportValue], diagnostics: [Diagnostic]) {
        var values: [ImportValue] = []
        var diagnostics: [Diagnostic] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { $0 > 0x20 }) {
            do throws(Diagnostic) {
                values.append(.json(try JSONParser.parse(bytes: Array(line), file: file).root, linesBefore: number))
            } catch {
                var error = error
                error.location = error.location?.movedDown(number)
                diagnostics.append(error)
            }
        }
        if values.isEmpty, diagnostics.isEmpty { diagnostics.append(.emptyInput(file)) }
        return (values, diagnostics)
    }

    /// Whether a text begins as JSON does.
    ///
    /// YAML may begin with a brace too, but then a key without quotes follows.
    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        var start = bytes.drop { !(0x21...0x7E).contains($0) }
        if start.first == UInt8(ascii: "[") { return true }
        guard start.popFirst() == UInt8(ascii: "{") else { return false }
        let next = start.first { $0 > 0x20 } ?? UInt8(ascii: "}")
        return !(0x41...0x5A).contains(next) && !(0x61...0x7A).contains(next)
    }

    /// The value of a key that is there and not null.
    subscript(key: String) -> ImportValue? {
        switch self {
        case .json(let value, let lines): value.optional(key).map { .json($0, linesBefore: lines) }
        case .yaml(let value): value[key].flatMap { $0.isNull ? nil : ImportValue.yaml($0) }
        case .made(let value, let location): value[key].map { .made($0, at: location) }
        }
    }

    /// What a path of keys leads to.
    subscript(path: String...) -> ImportValue? {
        path.reduce(Optional(self)) { value, key in value?[key] }
    }

    /// The items of a list; none for anything else.
    var elements: [ImportValue] {
        switch self {
        case .json(let value, let lines): value.elements.map { $0.map { .json($0, linesBefore: lines) } } ?? []
        case .yaml(let value): value.elements.map { $0.map(ImportValue.yaml) } ?? []
        case .made(let value, let location): value.elements.map { .made($0, at: location) }
        }
    }

    /// The entries of a mapping in the order written; none for anything else.
    var members: [(key: String, value: ImportValue)] {
        switch self {
        case .json(let value, let lines):
            value.members.map { $0.map { ($0.key, .json($0.value, linesBefore: lines)) } } ?? []
        case .yaml(let value): value.members.map { $0.map { ($0.key, .yaml($0.value)) } } ?? []
        case .made(let value, let location): value.members.map { ($0.key, .made($0.value, at: location)) }
        }
    }

    /// The text of a string, number or boolean; nil for anything else.
    var text: String? {
        switch self {
        case .json(let value, _): value.string ?? value.numberText ?? value.bool.map { $0 ? "true" : "false" }
        case .yaml(let value): value.text
        case .made(let value, _): value.text
        }
    }

    var integer: Int? { text.flatMap { Int($0) } }

    var isTrue: Bool { text == "true" }

    /// The texts of a mapping's values, by key.
    var texts: [String: String] {
        Dictionary(members.compactMap { key, value in value.text.map { (key, $0) } }) { _, last in last }
    }

    var isMapping: Bool {
        switch self {
        case .json(let value, _): value.kind == .object
        case .yaml(let value): value.members != nil
        case .made(let value, _): if case .mapping = value { true } else { false }
        }
    }

    var isList: Bool {
        switch self {
        case .json(let value, _): value.kind == .array
        case .yaml(let value): value.elements != nil
        case .made(let value, _): if case .list = value { true } else { false }
        }
    }

    var location: SourceLocation {
        switch self {
        case .json(let value, let lines): value.location.movedDown(lines)
        case .yaml(let value): value.location
        case .made(_, let location): location
        }
    }
}

/// A value that stands in no input.
indirect enum MadeValue {
    case text(String)
    case list([MadeValue])
    case mapping([String: MadeValue])

    subscript(key: String) -> MadeValue? { if case .mapping(let members) = self { members[key] } else { nil } }

    var text: String? { if case .text(let text) = self { text } else { nil } }

    var elements: [MadeValue] { if case .list(let elements) = self { elements } else { [] } }

    /// By key.
    var members: [(key: String, value: MadeValue)] {
        if case .mapping(let members) = self { members.sorted { $0.key < $1.key } } else { [] }
    }
}

extension SourceLocation {
    fileprivate func movedDown(_ lines: Int) -> SourceLocation {
        SourceLocation(file: file, line: line.map { $0 + lines }, column: column)
    }
}

extension Diagnostic {
    /// What was fetched is an error message.
    static func serverError(_ message: String?, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            .error,
            "server-error",
            "the server answered with an error: \((message ?? "without a message").prefix(200))",
            at: location
        )
    }

    /// The first of many alike, which says how many there are.
    ///
    /// A file of something else is one mistake, not one for each of its items.
    static func oneFor(_ findings: [Diagnostic]) -> [Diagnostic] {
        guard var first = findings.first, findings.count > 1 else { return findings }
        first.summary += " (and \(findings.count - 1) more in this list)"
        return [first]
    }

    static func emptyInput(_ file: String) -> Diagnostic {
        Diagnostic(
            .error,
            "empty-document",
            "the input is empty",
            at: SourceLocation(file: file, line: 1, column: 1),
            fix: "fetch it again: an empty list is not an empty file"
        )
    }
}
