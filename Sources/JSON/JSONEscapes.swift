/// Decodes the escapes of RFC 8259, section 7.
enum JSONEscapes {
    /// The text of a string whose bytes are valid UTF-8 and whose escapes are well formed.
    ///
    /// A surrogate escape without its partner becomes U+FFFD.
    static func decode(_ raw: ArraySlice<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < raw.endIndex else {
                decoded.append(byte)
                index += 1
                continue
            }
            let escape = raw[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "b"): decoded.append(0x08)
            case UInt8(ascii: "f"): decoded.append(0x0C)
            case UInt8(ascii: "n"): decoded.append(0x0A)
            case UInt8(ascii: "r"): decoded.append(0x0D)
            case UInt8(ascii: "t"): decoded.append(0x09)
            case UInt8(ascii: "u"): decoded.append(contentsOf: UTF8.bytes(of: scalar(in: raw, at: &index)))
            default: decoded.append(escape)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Reads the four digits at `index`, and the low surrogate after them when they are a high one.
    private static func scalar(in raw: ArraySlice<UInt8>, at index: inout Int) -> Unicode.Scalar {
        let unit = codeUnit(in: raw, at: index)
        index += 4
        guard unit & 0xF800 == 0xD800 else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        guard unit & 0xFC00 == 0xD800, index + 6 <= raw.endIndex, raw[index] == UInt8(ascii: "\\"),
            raw[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let low = codeUnit(in: raw, at: index + 2)
        guard low & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
        index += 6
        return Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}"
    }

    private static func codeUnit(in raw: ArraySlice<UInt8>, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for position in index..<Swift.min(index + 4, raw.endIndex) {
            value = value << 4 | UInt32(raw[position].hexadecimalValue ?? 0)
        }
        return value
    }
}

extension UTF8 {
    fileprivate static func bytes(of scalar: Unicode.Scalar) -> some Sequence<UInt8> { String(scalar).utf8 }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
