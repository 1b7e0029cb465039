/// Finds the first ill-formed sequence of a UTF-8 text (Unicode 16, table 3-7).
enum UTF8Validation {
    /// The offset of the first byte that begins no well-formed sequence, or nil when there is none.
    ///
    /// - Complexity: O(length); eight bytes at a time through ASCII.
    static func firstInvalidByte(in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { buffer in
            var index = 0
            let count = buffer.count
            while index < count {
                if index + 8 <= count,
                    buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                    continue
                }
                let length = sequenceLength(at: index, in: buffer)
                guard length > 0 else { return index }
                index += length
            }
            return nil
        }
    }

    /// The length of the well-formed sequence at `index`, or 0.
    private static func sequenceLength(at index: Int, in buffer: UnsafeRawBufferPointer) -> Int {
        let lead = buffer[index]
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= buffer.count, second.contains(buffer[index + 1]) else { return 0 }
        for position in 2..<Swift.max(length, 2) where buffer[index + position] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
