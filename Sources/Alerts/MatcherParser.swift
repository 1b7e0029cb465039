import Diagnostics

/// Parses Alertmanager's matcher grammar: names and values bare or quoted, any UTF-8.
///
/// Source: prometheus/alertmanager, matcher/parse (the UTF-8 parser), and PromQL's quotes.
struct MatcherParser {
    private let scalars: [Unicode.Scalar]
    private let location: SourceLocation
    private var position = 0

    init(_ text: String, location: SourceLocation) {
        scalars = Array(text.unicodeScalars)
        self.location = location
    }

    mutating func parse() throws(Diagnostic) -> [Matcher.Condition] {
        skipWhiteSpace()
        let isBraced = accept("{")
        var conditions: [Matcher.Condition] = []
        while true {
            skipWhiteSpace()
            guard let scalar = next, scalar != "}" else { break }
            conditions.append(try parseCondition())
            skipWhiteSpace()
            guard accept(",") else { break }
        }
        skipWhiteSpace()
        if isBraced {
            guard accept("}") else { throw error("expected ',' or '}'\(found)", at: position) }
            skipWhiteSpace()
        }
        guard next == nil else {
            let isExtraBrace = next == "}" && !isBraced
            throw error(isExtraBrace ? "'}' without '{'" : "expected the end of the matcher\(found)", at: position)
        }
        guard isBraced || !conditions.isEmpty else { throw error("the matcher is empty", at: 0) }
        return conditions
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private var found: String { next.map { ", found '\($0)'" } ?? ", but the matcher ends" }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let scalar = next, scalar.properties.isWhitespace { position += 1 }
    }

    private func place(at position: Int) -> SourceLocation {
        var place = location
        let offset = scalars[..<Swift.min(position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
        if let column = place.column { place.column = column + offset }
        return place
    }

    private func error(_ summary: String, at position: Int) -> Diagnostic {
        Diagnostic(
            .error,
            "invalid-matcher",
            summary,
            at: place(at: position),
            fix: "write a matcher as in {alertname=\"Name\", label=~\"pattern.*\"}"
        )
    }

    private mutating func parseCondition() throws(Diagnostic) -> Matcher.Condition {
        let start = position
        guard let name = try parseWord(), !name.text.isEmpty else {
            throw error("expected the name of a label\(found)", at: start)
        }
        skipWhiteSpace()
        let comparison = try parseOperator(after: name.text)
        skipWhiteSpace()
        let valueStart = position
        guard let value = try parseWord() else { throw error("expected a value\(found)", at: valueStart) }
        let isQuoted = scalars[valueStart].isQuote
        let patternPlace = place(at: valueStart + (isQuoted ? 1 : 0))
        func pattern() throws(Diagnostic) -> Pattern { try Pattern(value.text, at: patternPlace) }
        switch comparison {
        case "=": return Matcher.Condition(label: name.text, comparison: .equal, value: value.text)
        case "!=": return Matcher.Condition(label: name.text, comparison: .notEqual, value: value.text)
        case "=~": return Matcher.Condition(label: name.text, comparison: .matches(try pattern()), value: value.text)
        default: return Matcher.Condition(label: name.text, comparison: .doesNotMatch(try pattern()), value: value.text)
        }
    }

    private mutating func parseOperator(after name: String) throws(Diagnostic) -> String {
        let start = position
        if accept("=") {
            if next == "=" { throw error("expected '=', '!=', '=~' or '!~', found '=='", at: start) }
            return accept("~") ? "=~" : "="
        }
        if accept("!") {
            if accept("=") { return "!=" }
            if accept("~") { return "!~" }
        }
        position = start
        throw error("expected '=', '!=', '=~' or '!~' after '\(name)'\(found)", at: start)
    }

    /// Reads a quoted text, or characters that have no meaning of their own; nil when there is neither.
    private mutating func parseWord() throws(Diagnostic) -> (text: String, end: Int)? {
        guard let first = next else { return nil }
        if first.isQuote { return (try parseQuoted(first), position) }
        var text = String.UnicodeScalarView()
        while let scalar = next, !scalar.isReserved {
            text.append(scalar)
            position += 1
        }
        return text.isEmpty ? nil : (String(text), position)
    }

    /// Reads a text in quotes with Go's escapes; within backquotes nothing is an escape.
    private mutating func parseQuoted(_ quote: Unicode.Scalar) throws(Diagnostic) -> String {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = next {
            let escapeStart = position
            position += 1
            if scalar == quote { return String(text) }
            if scalar == "\\", quote != "`" {
                guard let escaped = try parseEscape(from: escapeStart) else { continue }
                text.append(escaped)
            } else {
                text.append(scalar)
            }
        }
        throw error("the quoted text is never closed", at: start)
    }

    private mutating func parseEscape(from start: Int) throws(Diagnostic) -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "a": return "\u{07}"
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "\\", "\"", "'": return scalar
        case "x": return try parseCodePoint(digits: 2, from: start)
        case "u": return try parseCodePoint(digits: 4, from: start)
        case "U": return try parseCodePoint(digits: 8, from: start)
        default:
            var finding = error("'\\\(scalar)' is no escape", at: start)
            finding.fix = "write '\\\\\(scalar)' for a pattern's own '\\\(scalar)'"
            throw finding
        }
    }

    private mutating func parseCodePoint(digits count: Int, from start: Int) throws(Diagnostic) -> Unicode.Scalar {
        let end = position + count
        if end <= scalars.count {
            let digits = scalars[position..<end]
            if digits.allSatisfy({ $0.properties.isASCIIHexDigit }) {
                let text = String(String.UnicodeScalarView(digits))
                if let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) {
                    position = end
                    return scalar
                }
            }
        }
        throw error("the escape needs \(count) hexadecimal digits of a character", at: start)
    }
}

extension Unicode.Scalar {
    fileprivate var isQuote: Bool { self == "\"" || self == "'" || self == "`" }

    /// What cannot be part of a bare name or value.
    fileprivate var isReserved: Bool {
        switch self {
        case "{", "}", "!", "=", "~", ",", "\\", "\"", "'", "`": true
        default: properties.isWhitespace
        }
    }
}
