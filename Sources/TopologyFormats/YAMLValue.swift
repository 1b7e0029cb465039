package import Diagnostics
internal import Yams

/// A value in a YAML text of whatever format, with its place: for importers, which look for what they know and pass over
/// the rest.
package struct YAMLValue {
    let node: Node
    let file: String

    /// The documents in a text, the empty ones left out.
    ///
    /// Aliases are shared, not expanded. A text whose aliases would expand to more nodes than it has bytes is refused, so
    /// that walking a value costs no more than its text.
    ///
    /// - Returns: The documents, none when a finding is an error; and what is wrong.
    /// - Complexity: O(length).
    package static func documents(
        in bytes: [UInt8],
        file: String
    ) -> (values: [YAMLValue], diagnostics: [Diagnostic]) {
        var (document, roots) = YAMLDocument.composeAll(bytes, file: file)
        var pending = roots
        while let node = pending.popLast(), document.visit(node) {
            switch node {
            case .mapping(let mapping): for (_, value) in mapping { pending.append(value) }
            case .sequence(let sequence): pending += sequence
            case .scalar, .alias: break
            }
        }
        guard !document.diagnostics.containsError else { return ([], document.diagnostics) }
        return (roots.map { YAMLValue(node: $0, file: file) }, document.diagnostics)
    }

    package var isNull: Bool { node.isNull }

    /// The text of a scalar as written, so that a number or boolean is its text; nil for null and anything else.
    package var text: String? {
        guard case .scalar(let scalar) = node, !isNull else { return nil }
        return scalar.string
    }

    /// The items of a sequence; nil for anything else.
    package var elements: [YAMLValue]? {
        guard case .sequence(let sequence) = node else { return nil }
        return sequence.map { YAMLValue(node: $0, file: file) }
    }

    /// The entries of a mapping with a scalar for a key, in the order written; nil for anything else.
    package var members: [(key: String, value: YAMLValue)]? {
        guard case .mapping(let mapping) = node else { return nil }
        return mapping.compactMap { key, value in
            guard case .scalar(let scalar) = key else { return nil }
            return (scalar.string, YAMLValue(node: value, file: file))
        }
    }

    /// The value of a key; nil when there is none, or this is no mapping.
    ///
    /// - Complexity: O(entries).
    package subscript(key: String) -> YAMLValue? {
        guard case .mapping(let mapping) = node else { return nil }
        for case (.scalar(let scalar), let value) in mapping where scalar.string == key {
            return YAMLValue(node: value, file: file)
        }
        return nil
    }

    package var location: SourceLocation {
        SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    }
}

extension Node {
    /// Whether it is one of YAML's words for nothing.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
