/// JSON texts as bytes.
package enum JSONText {
    /// The same text without the white space between its tokens.
    ///
    /// The text must be well formed, as ``JSONWriter`` writes it.
    ///
    /// - Complexity: O(length).
    package static func onOneLine(_ text: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(text.count)
        var isInString = false
        var isEscaped = false
        for byte in text {
            if isInString {
                line.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): break
            case UInt8(ascii: "\""):
                isInString = true
                line.append(byte)
            default: line.append(byte)
            }
        }
        return line
    }
}
