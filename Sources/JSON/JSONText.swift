/// JSON texts as bytes.
package enum JSONText {
    /// The same text without the white space between its tokens, in the place of the text itself.
    ///
    /// The text must be well formed, as ``JSONWriter`` writes it.
    ///
    /// - Complexity: O(length).
    package static func onOneLine(_ text: consuming [UInt8]) -> [UInt8] {
        var length = 0
        var isInString = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): continue
                case UInt8(ascii: "\""): isInString = true
                default: break
                }
            }
            text[length] = byte
            length += 1
        }
        text.removeLast(text.count - length)
        return text
    }
}
