package import Diagnostics

/// A strict parser of RFC 8259 JSON in UTF-8, safe on any bytes.
///
/// A byte-order mark is accepted. Depth and size are bounded, and nesting is kept on a stack of its own rather than on
/// the call stack.
package enum JSONParser {
    /// Parses one JSON text.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: The name to print in locations.
    ///   - limits: What the input may cost.
    /// - Returns: The document, with warnings of what is odd in it.
    /// - Throws: A located `invalid-json`, `invalid-utf8` or `input-too-large` error.
    /// - Complexity: O(length), and 16 bytes for each value.
    package static func parse(
        bytes: [UInt8],
        file: String,
        limits: JSONLimits = JSONLimits()
    ) throws(Diagnostic) -> JSONDocument {
        guard bytes.count <= limits.maximumBytes else {
            throw Diagnostic(
                .error,
                "input-too-large",
                "the input has \(bytes.count) bytes, more than the limit of \(limits.maximumBytes)",
                at: SourceLocation(file: file)
            )
        }
        if let encoding = wideEncoding(of: bytes) {
            throw Diagnostic(
                .error,
                "invalid-utf8",
                "the input is \(encoding), but JSON is UTF-8",
                at: SourceLocation(file: file, line: 1, column: 1),
                fix: "convert it, for example with: iconv -f \(encoding) -t UTF-8"
            )
        }
        if let offset = UTF8Validation.firstInvalidByte(in: bytes) {
            throw Diagnostic(
                .error,
                "invalid-utf8",
                "byte 0x\(String(bytes[offset], radix: 16, uppercase: true)) does not belong to UTF-8 text",
                at: LineIndex.location(
                    atByte: offset,
                    lineStarts: lineStarts(of: bytes[..<offset]),
                    file: file
                ),
                fix: "save the file as UTF-8"
            )
        }
        return try bytes.withUnsafeBufferPointer { buffer throws(Diagnostic) in
            var reader = JSONReader(bytes: buffer, file: file, limits: limits)
            try reader.readDocument()
            return JSONDocument(
                file: file,
                bytes: bytes,
                nodes: reader.nodes,
                lineStarts: reader.lineStarts,
                warnings: reader.warnings
            )
        }
    }

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Recognises UTF-16 and UTF-32 by their byte-order mark or by the zero bytes of their first characters, as in
    /// RFC 4627, section 3.
    private static func wideEncoding(of bytes: [UInt8]) -> String? {
        guard bytes.count >= 2 else { return nil }
        let head = bytes.prefix(4).map { $0 }
        if head.starts(with: [0xFF, 0xFE, 0, 0]) || (head.count == 4 && head[1...] == [0, 0, 0]) { return "UTF-32LE" }
        if head.starts(with: [0, 0, 0xFE, 0xFF]) || head.starts(with: [0, 0, 0]) { return "UTF-32BE" }
        if head.starts(with: [0xFF, 0xFE]) || (head[0] != 0 && head[1] == 0) { return "UTF-16LE" }
        if head.starts(with: [0xFE, 0xFF]) || (head[0] == 0 && head[1] != 0) { return "UTF-16BE" }
        return nil
    }

    private static func lineStarts(of bytes: ArraySlice<UInt8>) -> [Int] {
        var starts = [bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0]
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
        return starts
    }
}

/// Writes the records of a document, one value after the other.
///
/// Every access to the text is checked against its end.
struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let file: String
    let limits: JSONLimits

    var nodes: [JSONDocument.Node] = []
    var lineStarts: [Int] = [0]
    var warnings: [Diagnostic] = []

    /// The next byte to read.
    var position = 0
    /// The records of the containers that are open, the innermost last.
    private var open: [Int] = []

    init(bytes: UnsafeBufferPointer<UInt8>, file: String, limits: JSONLimits) {
        self.bytes = bytes
        self.file = file
        self.limits = limits
        nodes.reserveCapacity(Swift.min(bytes.count / 10, limits.maximumValues) + 1)
    }

    mutating func readDocument() throws(Diagnostic) {
        if bytes.starts(with: JSONParser.byteOrderMark) {
            position = JSONParser.byteOrderMark.count
            lineStarts = [position]
        }
        skipWhiteSpace()
        guard position < bytes.count else {
            throw error("the input is empty", at: position, fix: "fetch the file again: a list of nothing is []")
        }
        try readValue()
        while let container = open.last { try continueContainer(container) }
        skipWhiteSpace()
        guard position == bytes.count else { throw trailingData() }
    }

    /// Reads what follows in the innermost open container: its values up to one that opens a container itself, or to the
    /// end.
    private mutating func continueContainer(_ container: Int) throws(Diagnostic) {
        let isObject = nodes[container].tag == .object
        let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var count = nodes[container].length
        let depth = open.count
        repeat {
            skipWhiteSpace()
            guard position < bytes.count else { throw endsInside(container) }
            if bytes[position] == close {
                position += 1
                nodes[container].length = count
                finish(container)
                return
            }
            if count > 0 {
                guard bytes[position] == UInt8(ascii: ",") else {
                    throw unexpected("',' or '\(Character(Unicode.Scalar(close)))'")
                }
                position += 1
                skipWhiteSpace()
                guard position < bytes.count else { throw endsInside(container) }
            }
            count += 1
            if isObject { try readKey(of: container) }
            try readValue()
        } while open.count == depth
        nodes[container].length = count
    }

    private mutating func readKey(of container: Int) throws(Diagnostic) {
        guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
        try readString()
        skipWhiteSpace()
        guard position < bytes.count else { throw endsInside(container) }
        guard bytes[position] == UInt8(ascii: ":") else { throw unexpected("':' after the key") }
        position += 1
        skipWhiteSpace()
        guard position < bytes.count else { throw endsInside(container) }
    }

    /// Reads a scalar, or the opening bracket of a container, at `position`, where there is a byte.
    private mutating func readValue() throws(Diagnostic) {
        switch bytes[position] {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "{"): try openContainer(.object)
        case UInt8(ascii: "["): try openContainer(.array)
        case UInt8(ascii: "t"): try readLiteral("true", .true)
        case UInt8(ascii: "f"): try readLiteral("false", .false)
        case UInt8(ascii: "n"): try readLiteral("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        default: throw unexpected("a value")
        }
    }

    private mutating func openContainer(_ tag: JSONDocument.Tag) throws(Diagnostic) {
        guard open.count < limits.maximumDepth else {
            throw error(
                "values are nested more than \(limits.maximumDepth) deep",
                at: position,
                fix: "give the file as it was fetched: no API nests so deep"
            )
        }
        open.append(nodes.count)
        try append(offset: position, length: 0, tag: tag)
        position += 1
    }

    private mutating func finish(_ container: Int) {
        nodes[container].next = UInt32(nodes.count)
        open.removeLast()
        if nodes[container].tag == .object, nodes[container].length > 1 { warnAboutRepeatedKeys(of: container) }
    }

    private mutating func readLiteral(_ text: StaticString, _ tag: JSONDocument.Tag) throws(Diagnostic) {
        let length = text.utf8CodeUnitCount
        let matches =
            position + length <= bytes.count
            && text.withUTF8Buffer { buffer in bytes[position..<position + length].elementsEqual(buffer) }
        guard matches else { throw unexpected("a value") }
        try append(offset: position, length: length, tag: tag)
        position += length
    }

    /// Reads the string whose opening quote is at `position`.
    private mutating func readString() throws(Diagnostic) {
        let start = position + 1
        var end = plainEnd(from: start)
        var tag = JSONDocument.Tag.string
        if end >= bytes.count || bytes[end] != UInt8(ascii: "\"") {
            end = try closingQuote(from: end, ofStringAt: start)
            tag = .escapedString
        }
        try append(offset: start, length: end - start, tag: tag)
        position = end + 1
    }

    /// The offset of the quote that ends a string, from its first byte that is not plain.
    private func closingQuote(from first: Int, ofStringAt start: Int) throws(Diagnostic) -> Int {
        var index = first
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index = plainEnd(from: try afterEscape(at: index))
            default:
                let name = Self.name(bytes[index])
                throw error("the control character \(name) must be escaped within a string", at: index)
            }
        }
        throw error("the string is never closed", at: start - 1, fix: Self.cutOff)
    }

    /// The offset of the next quote, backslash or control character, or of the end; eight bytes at a time.
    ///
    /// A byte is found by borrowing: a word less a one in each byte has the top bit set in the first byte that was zero
    /// (Mycroft, 1987), and so for the first that was below 32.
    private func plainEnd(from start: Int) -> Int {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let found =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & tops
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < raw.count, raw[index] >= 0x20, raw[index] != 0x22, raw[index] != 0x5C { index += 1 }
        return index
    }

    /// The offset after the escape whose backslash is at `index`.
    private func afterEscape(at index: Int) throws(Diagnostic) -> Int {
        guard index + 1 < bytes.count else {
            throw error("the input ends within an escape", at: index, fix: Self.cutOff)
        }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return index + 2
        case UInt8(ascii: "u"):
            guard index + 6 <= bytes.count, bytes[index + 2..<index + 6].allSatisfy({ $0.hexadecimalValue != nil })
            else { throw error("\\u needs four hexadecimal digits", at: index) }
            return index + 6
        default:
            throw error("\\\(character(at: index + 1)) is no escape", at: index)
        }
    }

    private mutating func readNumber() throws(Diagnostic) {
        let start = position
        var index = position
        func skipDigits() -> Bool {
            let first = index
            while index < bytes.count, bytes[index].isDigit { index += 1 }
            return index > first
        }
        func malformed() -> Diagnostic { error("the number is incomplete", at: start) }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
            if index < bytes.count, bytes[index].isDigit { throw error("a number has no leading zero", at: start) }
        } else if !skipDigits() {
            throw malformed()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() else { throw malformed() }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits() else { throw malformed() }
        }
        try append(offset: start, length: index - start, tag: .number)
        position = index
    }

    @inline(__always)
    private mutating func append(offset: Int, length: Int, tag: JSONDocument.Tag) throws(Diagnostic) {
        guard nodes.count < limits.maximumValues else { throw tooManyValues(at: offset) }
        nodes.append(
            JSONDocument.Node(
                offset: UInt32(offset),
                length: UInt32(length),
                next: UInt32(nodes.count + 1),
                tag: tag
            )
        )
    }

    @inline(__always)
    private mutating func skipWhiteSpace() {
        while position < bytes.count, bytes[position] <= UInt8(ascii: " ") {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"):
                position += 1
                lineStarts.append(position)
            default: return
            }
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
