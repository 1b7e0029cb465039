internal import Topology

/// The text does not keep to the plain style; the YAML library must read it.
struct NotPlain: Error {}

/// A text with a place in it that moves forward, and the tokens of YAML's plain style.
///
/// Plain means: scalars on one line, of bytes that no context gives another meaning; quotes without escapes but JSON's; no
/// tabs, anchors, aliases, tags or multi-line texts. Everything else throws.
struct PlainText {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether all of it is ASCII.
    let isASCII: Bool
    /// The next byte.
    var position = 0
    /// Lines from 1.
    private(set) var line = 1
    private(set) var lineStart = 0

    /// A scalar: where its text is, and where the token begins.
    struct Scalar {
        var text: Range<Int>
        var mark: TopologyDeclaration.Mark
        var isPlain: Bool
        /// The text of one that has escapes.
        var decoded: String?
    }

    /// Takes a text that may be plain.
    ///
    /// Refuses what the library would refuse or read as something else anywhere in it: bytes that are not UTF-8, control
    /// characters, tabs, line breaks other than U+000A, byte-order marks.
    ///
    /// - Complexity: O(length).
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(NotPlain) {
        guard bytes.count < Int(Int32.max) else { throw NotPlain() }
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let raw = UnsafeRawBufferPointer(bytes)
        var all: UInt64 = 0
        var index = 0
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            all |= word
            // Whether any byte is below 32 or 127, line breaks too: by borrowing (Mycroft, 1987), eight at a time.
            let delete = word ^ (ones &* 0x7F)
            let suspects = ((word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete) & tops
            if suspects != 0, raw[index..<index + 8].contains(where: Self.isRefused) { throw NotPlain() }
            index += 8
        }
        for byte in raw[index...] {
            all |= UInt64(byte)
            if Self.isRefused(byte) { throw NotPlain() }
        }
        self.bytes = bytes
        isASCII = all & tops == 0
        if !isASCII { try Self.checkUnicode(bytes) }
    }

    private static func isRefused(_ byte: UInt8) -> Bool { byte < 0x20 && byte != UInt8(ascii: "\n") || byte == 0x7F }

    private static func checkUnicode(_ bytes: UnsafeBufferPointer<UInt8>) throws(NotPlain) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw NotPlain() }
        for scalar in text.unicodeScalars where scalar.value >= 0x80 {
            switch scalar.value {
            case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: throw NotPlain()
            default: break
            }
        }
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The next byte; a line break at the end of the text.
    var next: UInt8 { position < bytes.count ? bytes[position] : UInt8(ascii: "\n") }

    func isBlank(at index: Int) -> Bool {
        index >= bytes.count || bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\n")
    }

    /// The place of a byte of this line; columns count scalars, as the library's do.
    func mark(_ offset: Int) -> TopologyDeclaration.Mark {
        var column = offset - lineStart + 1
        if !isASCII { for index in lineStart..<offset where bytes[index] & 0xC0 == 0x80 { column -= 1 } }
        return TopologyDeclaration.Mark(line: line, column: column)
    }

    func text(of scalar: Scalar) -> String {
        scalar.decoded ?? String(decoding: UnsafeBufferPointer(rebasing: bytes[scalar.text]), as: UTF8.self)
    }

    // MARK: White space

    mutating func skipSpaces() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    /// Goes past what may follow a value on its line: spaces and a comment.
    mutating func endLine() throws(NotPlain) {
        let start = position
        skipSpaces()
        if next == UInt8(ascii: "#") {
            guard position > start else { throw NotPlain() }
            while next != UInt8(ascii: "\n") { position += 1 }
        }
        guard next == UInt8(ascii: "\n") else { throw NotPlain() }
        startLine()
    }

    /// Goes to the first byte of the next line that has content, from the beginning of a line, and returns its indentation;
    /// nil at the end of the text.
    mutating func nextIndentation() -> Int? {
        while !isAtEnd {
            skipSpaces()
            guard next == UInt8(ascii: "#") || next == UInt8(ascii: "\n") else { return position - lineStart }
            while next != UInt8(ascii: "\n") { position += 1 }
            startLine()
        }
        return nil
    }

    /// Skips spaces and line breaks between the parts of a value in brackets.
    mutating func skipFlowSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "): position += 1
            case UInt8(ascii: "\n"): startLine()
            default: return
            }
        }
    }

    private mutating func startLine() {
        position = min(position + 1, bytes.count)
        line += 1
        lineStart = position
    }

    mutating func expect(_ byte: UInt8) throws(NotPlain) {
        guard position < bytes.count, bytes[position] == byte else { throw NotPlain() }
        position += 1
    }

    // MARK: Scalars

    /// Reads a text; it ends before what ends it.
    mutating func scalar(inBrackets: Bool) throws(NotPlain) -> Scalar {
        switch next {
        case UInt8(ascii: "\""): try doubleQuoted()
        case UInt8(ascii: "'"): try singleQuoted()
        default: try plain(inBrackets)
        }
    }

    private mutating func plain(_ inBrackets: Bool) throws(NotPlain) -> Scalar {
        let start = position
        guard PlainBytes.canStart(next) else { throw NotPlain() }
        var end = start
        var index = start
        scan: while index < bytes.count {
            let byte = bytes[index]
            switch PlainBytes.role(byte) {
            case .part:
                index += 1
                end = index
            case .space:
                // A comment or the end may follow, or more of the text.
                index += 1
            case .colon:
                if isBlank(at: index + 1) { break scan }
                // A mistake to the library.
                guard !inBrackets || PlainBytes.role(bytes[index + 1]) != .bracket else { throw NotPlain() }
                index += 1
                end = index
            case .bracket:
                if inBrackets { break scan }
                index += 1
                end = index
            case .hash:
                if index > end { break scan }
                index += 1
                end = index
            case .end: break scan
            case .other: throw NotPlain()
            }
        }
        position = end
        let mark = mark(start)
        let scalar = Scalar(text: start..<end, mark: mark, isPlain: true)
        guard end - start > 4 || !["~", "null", "Null", "NULL"].contains(text(of: scalar)) else { throw NotPlain() }
        return scalar
    }

    private mutating func singleQuoted() throws(NotPlain) -> Scalar {
        let mark = mark(position)
        let start = position + 1
        position = start
        while next != UInt8(ascii: "'") {
            guard next != UInt8(ascii: "\n") else { throw NotPlain() }
            position += 1
        }
        let end = position
        position += 1
        // Two quotes stand for one.
        guard next != UInt8(ascii: "'") else { throw NotPlain() }
        return Scalar(text: start..<end, mark: mark, isPlain: false)
    }

    private mutating func doubleQuoted() throws(NotPlain) -> Scalar {
        let mark = mark(position)
        let start = position + 1
        var end = endOfQuietBytes(from: start)
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\n") {
            if bytes[end] == UInt8(ascii: "\\") {
                position = end
                return Scalar(text: start..<start, mark: mark, isPlain: false, decoded: try escaped(from: start))
            }
            end += 1
        }
        position = end
        try expect(UInt8(ascii: "\""))
        return Scalar(text: start..<end, mark: mark, isPlain: false)
    }

    /// Where from a place on there are no more eight bytes without a double quote, a backslash or a line break.
    ///
    /// Eight at a time, by borrowing, as above.
    private func endOfQuietBytes(from start: Int) -> Int {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let raw = UnsafeRawBufferPointer(bytes)
        var end = start
        while end + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: end, as: UInt64.self)
            let (quote, slash, line) = (word ^ ones &* 0x22, word ^ ones &* 0x5C, word ^ ones &* 0x0A)
            let found = (quote &- ones) & ~quote | (slash &- ones) & ~slash | (line &- ones) & ~line
            // Bytes are in memory as in the word from its lowest: what borrowing marks wrongly stands behind a right one.
            if found & tops != 0 { return end + (found & tops).littleEndian.trailingZeroBitCount / 8 }
            end += 8
        }
        return end
    }

    /// Reads the rest of a text in double quotes, with the escapes that JSON and YAML share.
    private mutating func escaped(from start: Int) throws(NotPlain) -> String {
        var decoded = Array(bytes[start..<position])
        while next != UInt8(ascii: "\"") {
            guard next != UInt8(ascii: "\n") else { throw NotPlain() }
            guard next == UInt8(ascii: "\\") else {
                decoded.append(next)
                position += 1
                continue
            }
            position += 2
            guard position < bytes.count else { throw NotPlain() }
            switch bytes[position - 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(bytes[position - 1])
            case UInt8(ascii: "n"): decoded.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): decoded.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): decoded.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "u"):
                guard position + 4 <= bytes.count,
                    let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
                    unit > 0, let scalar = Unicode.Scalar(unit), bytes[position] != UInt8(ascii: "+")
                else { throw NotPlain() }
                decoded += Array(String(scalar).utf8)
                position += 4
            default: throw NotPlain()
            }
        }
        position += 1
        return String(decoding: decoded, as: UTF8.self)
    }
}

/// What each byte may be within a plain scalar.
private enum PlainBytes {
    enum Role {
        /// Part of the text wherever it stands.
        case part
        case space
        case colon
        /// Begins a comment behind a space.
        case hash
        /// Ends a text within brackets.
        case bracket
        /// The end of the line.
        case end
        /// Not certain.
        case other
    }

    @inline(__always)
    static func role(_ byte: UInt8) -> Role {
        switch byte {
        case UInt8(ascii: " "): .space
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "#"): .hash
        case UInt8(ascii: "\n"): .end
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): .bracket
        case UInt8(ascii: "?"), 0x00..<0x20, 0x7F: .other
        default: .part
        }
    }

    static func canStart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF, UInt8(ascii: "_"), UInt8(ascii: "/"),
            UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: "+"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
