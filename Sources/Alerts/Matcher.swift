public import Diagnostics

/// A condition on an alert's labels, in the syntax of Prometheus and Alertmanager:
/// `{alertname="X", a=~"re.*", b!="c", d!~"e", "cnpg.io/cluster"="x"}`.
///
/// All parts must hold. An absent label has the empty value. Regular expressions match whole values.
public struct Matcher: Sendable {
    /// How a part compares.
    package enum Comparison: Sendable {
        case equal
        case notEqual
        case matches(Pattern)
        case doesNotMatch(Pattern)
    }

    /// One comparison.
    package struct Condition: Sendable {
        package var label: String
        package var comparison: Comparison
        /// The value or pattern, as text.
        package var value: String

        package func holds(for value: String) -> Bool {
            switch comparison {
            case .equal: value == self.value
            case .notEqual: value != self.value
            case .matches(let pattern): pattern.matches(value)
            case .doesNotMatch(let pattern): !pattern.matches(value)
            }
        }
    }

    /// The text that was parsed.
    public let text: String
    package let conditions: [Condition]

    /// Parses a matcher; the braces may be left out.
    ///
    /// - Parameters:
    ///   - text: The matcher.
    ///   - location: Where the text's first character is, so that a mistake within it has a column.
    /// - Throws: A located `invalid-matcher` or `invalid-regex` error.
    /// - Complexity: O(length), but for what regular expressions expand to.
    public init(_ text: String, at location: SourceLocation) throws(Diagnostic) {
        self.text = text
        var parser = MatcherParser(text, location: location)
        conditions = try parser.parse()
    }

    /// Whether all parts hold.
    ///
    /// - Complexity: O(conditions × labels), and O(value × pattern) for a regular expression.
    public func matches(_ labels: LabelSet) -> Bool {
        conditions.allSatisfy { $0.holds(for: labels[$0.label] ?? "") }
    }

    /// Two parts that no label value can satisfy together, when there are any: a rule with them never applies.
    ///
    /// Finds contradictions with a part that allows few values; it does not compare patterns with each other.
    package var contradiction: (Condition, Condition)? {
        for condition in conditions {
            guard let allowed = condition.allowed else { continue }
            for other in conditions where other.label == condition.label {
                if !allowed.contains(where: other.holds) { return (condition, other) }
            }
        }
        return nil
    }

    /// The alert names that can match, when the matcher says so.
    package var alertNames: [String]? {
        conditions.lazy.filter { $0.label == "alertname" }.compactMap(\.allowed).first
    }

    /// A matcher for these values of labels, for people to paste.
    package static func text(for conditions: [(label: String, values: [String])]) -> String {
        let parts = conditions.map { label, values in
            values.count == 1
                ? "\(quotedName(label))=\(quoted(values[0]))"
                : "\(quotedName(label))=~\(quoted(values.map(literalPattern).joined(separator: "|")))"
        }
        return "{" + parts.joined(separator: ",") + "}"
    }

    /// A regular expression for one text.
    private static func literalPattern(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if #"\.+*?()|[]{}^$"#.contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    private static func quotedName(_ name: String) -> String {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        return isPlain ? name : quoted(name)
    }

    /// The text in double quotes, with what would break a line or a terminal escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.isUnsafeForDisplay:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: Swift.max(0, 4 - digits.utf8.count)) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
