import Diagnostics

extension JSONReader {
    func location(at offset: Int) -> SourceLocation {
        LineIndex.location(atByte: offset, lineStarts: lineStarts, file: file)
    }

    func error(
        _ summary: String,
        at offset: Int,
        fix: String = "correct it there, or fetch the file again"
    ) -> Diagnostic {
        Diagnostic(.error, "invalid-json", summary, at: location(at: offset), fix: fix)
    }

    /// The byte at `position` is not what must come there.
    func unexpected(_ expected: String) -> Diagnostic {
        var result = error("unexpected \(character(at: position)), expected \(expected)", at: position)
        switch bytes[position] {
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            let before = bytes[..<position].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            if before == UInt8(ascii: ",") { result.fix = "remove the comma before it" }
        case UInt8(ascii: "'"): result.fix = "write strings in double quotes"
        default: break
        }
        return result
    }

    func endsInside(_ container: Int) -> Diagnostic {
        let node = nodes[container]
        var result = error(
            "the input ends inside an \(node.tag == .object ? "object" : "array")",
            at: bytes.count,
            fix: Self.cutOff
        )
        result.notes = [Diagnostic.Note("it begins here", at: location(at: Int(node.offset)))]
        return result
    }

    /// What to do about a file that ends too early.
    static let cutOff = "fetch the file again: it seems to be cut off"

    func tooManyValues(at offset: Int) -> Diagnostic {
        Diagnostic(
            .error,
            "input-too-large",
            "the input has more than \(limits.maximumValues) values",
            at: location(at: offset)
        )
    }

    func trailingData() -> Diagnostic {
        var result = error("unexpected \(character(at: position)) after the end of the value", at: position)
        if bytes[position] == UInt8(ascii: "{") || bytes[position] == UInt8(ascii: "[") {
            result.notes = [Diagnostic.Note("the input has several JSON values; give each in a file of its own")]
        }
        return result
    }

    /// The character at an offset as a person would name it; never a control character itself.
    func character(at offset: Int) -> String {
        let byte = bytes[offset]
        guard byte >= 0x80 else { return Self.name(byte) }
        let text = String(decoding: bytes[offset..<Swift.min(offset + 4, bytes.count)], as: UTF8.self)
        guard let scalar = text.unicodeScalars.first else { return Self.name(byte) }
        let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: Swift.max(0, 4 - hexadecimal.count)) + hexadecimal
    }

    static func name(_ byte: UInt8) -> String {
        guard byte > 0x20, byte < 0x7F else {
            return "0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return "'\(Character(Unicode.Scalar(byte)))'"
    }

    /// Warns of each key that a closed object has more than once, up to a bound for the document.
    mutating func warnAboutRepeatedKeys(of container: Int) {
        guard warnings.count < 20 else { return }
        let count = Int(nodes[container].length)
        if count <= 24 {
            guard mayRepeatKeys(container) else { return }
        }
        var firstPlaces: [String: Int] = [:]
        var index = container + 1
        while index < Int(nodes[container].next), warnings.count < 20 {
            let node = nodes[index]
            let raw = bytes[Int(node.offset)..<Int(node.offset) + Int(node.length)]
            let key = node.tag == .string ? String(decoding: raw, as: UTF8.self) : JSONEscapes.decode(Array(raw)[...])
            if let first = firstPlaces[key] {
                warnings.append(
                    Diagnostic(
                        .warning,
                        "duplicate-key",
                        "the key \"\(key.prefix(100))\" occurs twice; the last one counts",
                        at: location(at: Int(node.offset) - 1),
                        notes: [Diagnostic.Note("it is here first", at: location(at: first - 1))]
                    )
                )
            } else {
                firstPlaces[key] = Int(node.offset)
            }
            index = Int(nodes[index + 1].next)
        }
    }

    /// Whether a small object may have a key twice: compares the bytes of keys of the same length, and gives up when a
    /// key has escapes.
    private func mayRepeatKeys(_ container: Int) -> Bool {
        nodes.withUnsafeBufferPointer { nodes in
            var outer = container + 1
            let end = Int(nodes[container].next)
            while outer < end {
                let key = nodes[outer]
                if key.tag == .escapedString { return true }
                var inner = Int(nodes[outer + 1].next)
                let following = inner
                while inner < end {
                    let other = nodes[inner]
                    if other.length == key.length, hasEqualBytes(key, other) { return true }
                    inner = Int(nodes[inner + 1].next)
                }
                outer = following
            }
            return false
        }
    }

    private func hasEqualBytes(_ left: JSONDocument.Node, _ right: JSONDocument.Node) -> Bool {
        let leftStart = Int(left.offset)
        let rightStart = Int(right.offset)
        for offset in 0..<Int(left.length) where bytes[leftStart + offset] != bytes[rightStart + offset] {
            return false
        }
        return true
    }
}
