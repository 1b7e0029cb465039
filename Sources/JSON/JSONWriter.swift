/// Writes JSON, member by member, in the order of the calls: same calls, same bytes.
///
///     var writer = JSONWriter()
///     writer.object { writer in
///         writer.member("total", 37)
///         writer.array("via") { $0.value("site/sto1") }
///     }
///     print(writer.text)
package struct JSONWriter: Sendable {
    package enum Style: Sendable {
        /// Without white space.
        case compact
        /// Two spaces for each level, one member or element a line.
        case pretty
    }

    private let style: Style
    private var bytes: [UInt8] = []
    private var depth = 0
    /// Whether nothing has been written yet at the current level.
    private var isFirst = true
    /// Whether a key was written whose value is to come.
    private var isAfterKey = false

    package init(style: Style = .pretty) { self.style = style }

    /// What has been written, without a line break at the end.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package var utf8: [UInt8] { bytes }

    /// What has been written, and a line break; the writer is empty then.
    ///
    /// Nothing is copied: of a million entities it is a gigabyte.
    package mutating func takeFile() -> [UInt8] {
        var file: [UInt8] = []
        swap(&file, &bytes)
        file.append(UInt8(ascii: "\n"))
        return file
    }

    /// Writes an object whose members `body` writes.
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try container("{", "}", body)
    }

    /// Writes an array whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try container("[", "]", body)
    }

    /// Writes a member's key; its value must follow.
    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        if style == .pretty { bytes.append(UInt8(ascii: " ")) }
        isAfterKey = true
    }

    package mutating func value(_ string: String) {
        separate()
        quote(string)
    }

    package mutating func value(_ integer: Int) { raw(String(integer)) }

    /// Writes the shortest decimal that reads back as the same number; null for a number that JSON cannot hold.
    package mutating func value(_ double: Double) { raw(double.isFinite ? "\(double)" : "null") }

    package mutating func value(_ bool: Bool) { raw(bool ? "true" : "false") }

    package mutating func null() { raw("null") }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func container(
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        depth += 1
        isFirst = true
        try body(&self)
        depth -= 1
        if !isFirst { breakLine() }
        bytes.append(UInt8(ascii: close))
        isFirst = false
    }

    /// Writes what stands before a key or an element.
    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
            return
        }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        if depth > 0 { breakLine() }
    }

    private mutating func breakLine() {
        guard style == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    /// Escapes what RFC 8259 requires, DEL, C1 controls, and U+2028 and U+2029, which end a line in JavaScript.
    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes.append(contentsOf: "\\\"".utf8)
            case 0x5C: bytes.append(contentsOf: "\\\\".utf8)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x00..<0x20, 0x7F...0x9F, 0x2028, 0x2029:
                let hexadecimal = String(scalar.value, radix: 16)
                bytes.append(contentsOf: "\\u".utf8)
                bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - hexadecimal.utf8.count))
                bytes.append(contentsOf: hexadecimal.utf8)
            case 0x20..<0x7F: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONWriter {
    package mutating func member(_ name: String, _ string: String) {
        key(name)
        value(string)
    }

    package mutating func member(_ name: String, _ integer: Int) {
        key(name)
        value(integer)
    }

    package mutating func member(_ name: String, _ double: Double) {
        key(name)
        value(double)
    }

    package mutating func member(_ name: String, _ bool: Bool) {
        key(name)
        value(bool)
    }

    /// Writes null for nil.
    package mutating func member(_ name: String, _ string: String?) {
        key(name)
        if let string { value(string) } else { null() }
    }

    package mutating func member(_ name: String, _ strings: some Sequence<String>) {
        array(name) { writer in
            for string in strings { writer.value(string) }
        }
    }

    package mutating func object(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try object(body)
    }

    package mutating func array(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try array(body)
    }
}
