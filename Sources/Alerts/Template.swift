public import Diagnostics

/// A text with holes for label values: `host/{target}`.
///
/// `{{` and `}}` stand for braces.
public struct Template: Hashable, Sendable {
    /// A piece of the text.
    package enum Part: Hashable, Sendable {
        case text(String)
        case label(String)
    }

    /// A label that a template needs and an alert has not, or has empty.
    package struct MissingLabel: Error, Hashable, Sendable {
        package var name: String
    }

    /// The text that was parsed.
    public let text: String
    package let parts: [Part]

    /// Parses a template.
    ///
    /// - Parameters:
    ///   - text: The template.
    ///   - location: Where the text's first character is, so that a mistake within it has a column.
    /// - Throws: A located `invalid-template` error.
    /// - Complexity: O(length).
    public init(_ text: String, at location: SourceLocation) throws(Diagnostic) {
        self.text = text
        var parts: [Part] = []
        var literal = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        func error(_ summary: String, at position: Int) -> Diagnostic {
            var place = location
            let offset = scalars[..<position].reduce(0) { $0 + UTF8.width($1) }
            if let column = place.column { place.column = column + offset }
            return Diagnostic(
                .error,
                "invalid-template",
                summary,
                at: place,
                fix: "write {label} for a value, {{ and }} for braces"
            )
        }
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let isDoubled = index + 1 < scalars.count && scalars[index + 1] == scalar
            if scalar == "{" || scalar == "}", isDoubled {
                literal.append(scalar)
                index += 2
            } else if scalar == "{" {
                guard let close = scalars[index...].firstIndex(of: "}") else {
                    throw error("the '{' is never closed", at: index)
                }
                let name = String(String.UnicodeScalarView(scalars[index + 1..<close]))
                guard !name.isEmpty, !name.unicodeScalars.contains("{") else {
                    throw error("expected the name of a label between '{' and '}'", at: index)
                }
                if !literal.isEmpty { parts.append(.text(String(literal))) }
                literal.removeAll()
                parts.append(.label(name))
                index = close + 1
            } else if scalar == "}" {
                throw error("'}' without '{'", at: index)
            } else {
                literal.append(scalar)
                index += 1
            }
        }
        if !literal.isEmpty { parts.append(.text(String(literal))) }
        self.parts = parts
    }

    /// The labels that the template needs, in order.
    package var labels: [String] {
        parts.compactMap { part in
            if case .label(let name) = part { name } else { nil }
        }
    }

    /// The text without holes; nil when it has any.
    package var constant: String? { labels.isEmpty ? (try? expanded(with: [:])) : nil }

    /// The text with its holes filled.
    ///
    /// - Parameters:
    ///   - labels: The values.
    ///   - simplify: What to make of each value.
    /// - Returns: The text.
    /// - Throws: The first label that is absent or empty.
    package func expanded(
        with labels: LabelSet,
        _ simplify: (String) -> String = { $0 }
    ) throws(MissingLabel) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .label(let name):
                guard let value = labels.nonEmpty(name) else { throw MissingLabel(name: name) }
                result += simplify(value)
            }
        }
        return result
    }
}
