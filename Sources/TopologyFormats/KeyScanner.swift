/// Finds keys that are no scalars in YAML text, before the text is composed.
///
/// The library hashes every key to find duplicates, and hashing an alias walks all that it expands to: with a key such as
/// `*bomb :` a file of four hundred bytes takes minutes. No format of ours has such keys. The scan knows quotes and comments
/// but not block scalars, so it is asked only about texts that have an alias.
struct KeyScanner {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    /// The last byte of this line that is no space; nil at its beginning.
    private var previous: UInt8?
    private var hasAlias = false
    private var found: (line: Int, column: Int)?

    /// The place of the first such key, if the text has aliases too.
    ///
    /// - Complexity: O(length).
    static func complexKey(in text: String) -> (line: Int, column: Int)? {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        var scanner = KeyScanner(bytes: Array(text.utf8))
        while scanner.index < scanner.bytes.count { scanner.step() }
        return scanner.hasAlias ? scanner.found : nil
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Whether a token may start here: not within a plain text.
    private var canStart: Bool {
        guard let previous else { return true }
        return "-[{,:?".utf8.contains(previous)
    }

    private mutating func step() {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\n"): startLine()
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
        case UInt8(ascii: "#") where index == lineStart || bytes[index - 1] == UInt8(ascii: " "):
            while index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "\n") { index += 1 }
        case UInt8(ascii: "'") where canStart, UInt8(ascii: "\"") where canStart: skipQuoted(byte)
        case UInt8(ascii: "*") where canStart:
            hasAlias = true
            let start = index
            while index + 1 < bytes.count, Self.isAnchorByte(bytes[index + 1]) { index += 1 }
            if isFollowedByColon { note(start) }
            previous = byte
        case UInt8(ascii: "?") where canStart && isFollowedBySpace: note(index)
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            if isFollowedByColon { note(index) }
            previous = byte
        default: previous = byte
        }
        index += 1
    }

    private mutating func startLine() {
        line += 1
        lineStart = index + 1
        previous = nil
    }

    private mutating func skipQuoted(_ quote: UInt8) {
        index += 1
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { index += 1 }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { startLine() }
            index += 1
        }
        previous = quote
    }

    private mutating func note(_ place: Int) {
        if found == nil { found = (line, place - lineStart + 1) }
    }

    private var isFollowedBySpace: Bool {
        index + 1 == bytes.count || " \t\r\n".utf8.contains(bytes[index + 1])
    }

    private var isFollowedByColon: Bool {
        bytes[(index + 1)...].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
    }

    private static func isAnchorByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: byte >= 0x80
        }
    }
}
