internal import Diagnostics

/// Text from data, made safe for Markdown: the one owner of that escaping.
///
/// What a reader of the rendered page sees equals the text that went in, but for control characters, which show as
/// U+FFFD, and line breaks, which become spaces. Mentions, issue references, emoji short names and bare addresses do not
/// come alive: a word joiner (U+2060), which has no width, stands at their sign, since renderers look for them without
/// heeding escapes.
/// Sources: CommonMark 0.31, section 2.4; GFM 0.29, sections 4.10 and 6.9.
enum MarkdownText {
    /// Escapes for running text and table cells alike.
    ///
    /// `atStart` says whether the text begins its block, where `1.` and `-` would begin a list.
    static func escape(_ text: String, atStart: Bool = true) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        // Whether a list's mark may still begin: nothing yet but digits.
        var mayOpenList = atStart
        let line = text.onOneLine
        // Space at the start is nothing to see, but four of it would make a block of code.
        let scalars = (atStart ? line.drop { $0 == " " } : line[...]).unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "!", "$", "&":
                result.append("\\")
                result.unicodeScalars.append(scalar)
            case "#", "@":
                result.append("\\")
                result.unicodeScalars.append(scalar)
                result.append("\u{2060}")
            case ":":
                let isTime = result.unicodeScalars.last.map { ("0"..."9").contains($0) } ?? false
                let rest = scalars[scalars.index(after: index)...]
                result.append(rest.starts(with: "//".unicodeScalars) || !isTime && opensEmoji(rest) ? ":\u{2060}" : ":")
            case "." where result.hasSuffix("www"): result.append("\u{2060}.")
            case "-", "+", "=":
                if mayOpenList, index == scalars.startIndex { result.append("\\") }
                result.unicodeScalars.append(scalar)
            case ".", ")":
                if mayOpenList { result.append("\\") }
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar.isUnsafeForDisplay ? "\u{FFFD}" : scalar)
            }
            if !("0"..."9").contains(scalar) { mayOpenList = false }
        }
        return result
    }

    /// Whether what follows a colon could be an emoji's short name, such as `fire:` or `+1:`.
    private static func opensEmoji(_ rest: Substring.UnicodeScalarView) -> Bool {
        let name = rest.prefix { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "+", "-": true
            default: false
            }
        }
        return !name.isEmpty && rest[name.endIndex...].first == ":"
    }

    /// Text in bold.
    ///
    /// Markup does not begin or end at a space, so those stay outside.
    static func strong(_ text: String) -> String {
        var inner = escape(text)[...]
        while inner.last == " " { inner.removeLast() }
        return inner.isEmpty ? "" : "**\(inner)**"
    }

    /// Names of entities and alerts as code: nothing in it is markup, and a search finds it.
    ///
    /// Text that a code span would change is escaped as text instead.
    static func code(_ text: String) -> String {
        let clean = text.onOneLine.withVisibleControls
        let isPlain =
            !clean.isEmpty && !clean.contains { "`|\\".contains($0) } && clean.first != " " && clean.last != " "
        return isPlain ? "`\(clean)`" : escape(text)
    }
}

extension String {
    /// The text with a space for each line break and tab.
    var onOneLine: String {
        // Most texts are ASCII, of which no property needs to be looked up.
        guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x80 }) else { return self }
        guard unicodeScalars.contains(where: { $0.properties.isWhitespace && $0 != " " }) else { return self }
        return String(map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
