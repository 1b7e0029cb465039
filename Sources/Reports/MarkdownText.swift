internal import Diagnostics

/// Text from data, made safe for Markdown: the one owner of that escaping.
///
/// What a reader of the rendered page sees equals the text that went in, but for control characters, which show as
/// U+FFFD, and line breaks, which become spaces. Mentions and issue references do not come alive: a word joiner
/// (U+2060), which has no width, stands behind their sign. Source: CommonMark 0.31, section 2.4; GFM 0.29, section 4.10.
enum MarkdownText {
    /// Escapes for running text and table cells alike.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        var isStart = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": result.append(" ")
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "!", "$", "&":
                result.append("\\")
                result.unicodeScalars.append(scalar)
            case "#", "@":
                result.append("\\")
                result.unicodeScalars.append(scalar)
                result.append("\u{2060}")
            case "-", "+":
                if isStart { result.append("\\") }
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar.isUnsafeForDisplay ? "\u{FFFD}" : scalar)
            }
            isStart = false
        }
        return result
    }

    /// Names of entities and alerts as code: nothing in it is markup, and a search finds it. Backticks and pipes need
    /// care; a text with a backtick is escaped as text instead.
    static func code(_ text: String) -> String {
        let clean = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).withVisibleControls
        guard !clean.isEmpty, !clean.contains("`"), !clean.contains("|"), !clean.contains("\\") else {
            return escape(text)
        }
        return "`\(clean)`"
    }
}
