/// Text inside XML, as content or between quotes: what a parser reads back is the text.
///
/// Controls that XML cannot hold must be gone already (``LabelText/visible(_:)``).
package enum XMLText {
    package static func escape(_ text: some StringProtocol) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: nil
            }
        }
    }
}

/// Text inside a Graphviz HTML-like label.
///
/// Graphviz reads such text three times: as XML, then as an escString (`\N` is the node's name), then for character
/// references once more. So a backslash is doubled, and an ampersand is escaped for both readings of references. An
/// empty text becomes a no-break space, since Graphviz takes an empty element for a syntax error.
package enum HTMLLabelText {
    package static func escape(_ text: some StringProtocol) -> String {
        let result = XMLText.escape(text).replacingScalars { $0 == "\\" ? "\\\\" : nil }
        return result.isEmpty ? "&#160;" : result
    }
}

/// Text inside DOT.
package enum DOTText {
    /// For attributes of type escString, such as tooltips: `\` would begin an escape, `&` a character reference.
    ///
    /// Lines are joined by DOT's own line break.
    package static func escString(_ lines: [String]) -> String {
        lines.map(escape).joined(separator: "\\n")
    }

    private static func escape(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "&": "&amp;"
            default: nil
            }
        }
    }

    /// A quoted DOT identifier.
    ///
    /// The lexer knows one escape, `\"`; other backslashes stay, in pairs if they come from ``escString(_:)``.
    package static func quoted(_ text: String) -> String {
        "\"" + text.replacingScalars { $0 == "\"" ? "\\\"" : nil } + "\""
    }
}

/// Text inside the quoted label of a Mermaid flowchart.
///
/// Mermaid knows `#name;` and `#number;` references and nothing else. It also hunts for its own keywords with regular
/// expressions before it parses (`style…:…#…;` loses its semicolon), so the first letters of those are references too.
package enum MermaidText {
    package static func escape(_ text: some StringProtocol) -> String {
        var result = text.replacingScalars { scalar in
            switch scalar {
            case "\"": "#quot;"
            case "<": "#lt;"
            case ">": "#gt;"
            case "&": "#amp;"
            case "#", "`", "\\", "%", "{", "}", "[", "]", "(", ")", "|", ";", "*", "_", "~", "$", "@", ":", "/", "'",
                "!":
                "#\(scalar.value);"
            default: nil
            }
        }
        for keyword in ["style", "classDef"] { result = result.breaking(keyword) }
        return result
    }

    /// One line of plain words, for the statements that take the rest of the line (`accTitle`).
    package static func line(_ text: String) -> String {
        // Where comparison signs have to go, likelihoods keep their meaning in words.
        let worded = text.replacing(">99 %", with: "over 99 %").replacing("<1 %", with: "under 1 %")
        return LabelText.cut(worded, to: 400).replacingScalars { scalar in
            switch scalar {
            case "%": "per cent"
            case ";": ","
            case "#", "{", "}", "<", ">", "\"", "`", "\\": " "
            default: nil
            }
        }
    }
}

extension StringProtocol {
    /// The text with some scalars replaced: those for which `replacement` is not nil.
    ///
    /// - Complexity: O(length).
    package func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            if let text = replacement(scalar) {
                result += text
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    /// The text with the first letter of each occurrence of an ASCII keyword as a Mermaid reference.
    fileprivate func breaking(_ keyword: String) -> String {
        let pattern = Array(keyword.utf8)
        guard let first = pattern.first else { return self }
        let bytes = Array(utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == first, bytes[index...].starts(with: pattern) {
                result += Array("#\(byte);".utf8)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
