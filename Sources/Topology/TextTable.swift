/// Texts one after another in one buffer, numbered from 0.
///
/// A million names are two allocations instead of a million, and reading them from a file is one copy.
package struct TextTable: Sendable {
    /// The texts in UTF-8, without anything between them.
    package let bytes: [UInt8]
    /// Where each text begins in ``bytes``; one longer than the number of texts, and never decreasing.
    package let offsets: [UInt32]
    /// Whether all texts are ASCII, so that comparing bytes compares texts.
    package let isASCII: Bool

    /// - Complexity: O(length of all).
    package init(_ texts: some Sequence<String>) {
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(texts.underestimatedCount + 1)
        for text in texts {
            bytes.append(contentsOf: text.utf8)
            offsets.append(UInt32(bytes.count))
        }
        self.init(laidOut: bytes, offsets)
    }

    /// As many texts as said, each asked for by its number.
    ///
    /// - Complexity: O(length of all).
    package init(count: Int, text: (Int) -> String) {
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        for index in 0..<count {
            bytes.append(contentsOf: text(index).utf8)
            offsets.append(UInt32(bytes.count))
        }
        self.init(laidOut: bytes, offsets)
    }

    private init(laidOut bytes: [UInt8], _ offsets: [UInt32]) {
        self.bytes = bytes
        self.offsets = offsets
        isASCII = Self.isASCII(bytes)
    }

    /// The texts in another order.
    ///
    /// - Complexity: O(length of all).
    package func permuted(_ order: [Int32]) -> TextTable {
        var copy: [UInt8] = []
        var starts: [UInt32] = [0]
        copy.reserveCapacity(bytes.count)
        starts.reserveCapacity(order.count + 1)
        bytes.withUnsafeBufferPointer { bytes in
            for index in order {
                copy.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range(of: Int(index))]))
                starts.append(UInt32(copy.count))
            }
        }
        return TextTable(laidOut: copy, starts)
    }

    /// Wraps buffers that are laid out already; nil when the offsets do not fit the bytes.
    ///
    /// - Complexity: O(texts + length of all).
    package init?(bytes: [UInt8], offsets: [UInt32]) {
        guard offsets.first == 0, Int(offsets.last ?? 1) == bytes.count, offsets.isNondecreasing else { return nil }
        self.bytes = bytes
        self.offsets = offsets
        isASCII = Self.isASCII(bytes)
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        return all < 0x80
    }

    /// Where a text is in ``bytes``.
    package func range(of position: Int) -> Range<Int> { Int(offsets[position])..<Int(offsets[position + 1]) }

    /// Whether each text is greater than the one before, so that ``position(of:)`` finds.
    ///
    /// - Complexity: O(length of all).
    package var isStrictlySorted: Bool {
        guard isASCII else { return indices.dropFirst().allSatisfy { self[$0 - 1] < self[$0] } }
        return indices.dropFirst().allSatisfy {
            bytes.comparison(of: range(of: $0 - 1), with: range(of: $0)) < 0
        }
    }

    /// The index of a text in a sorted table.
    ///
    /// - Complexity: O(log texts).
    package func position(of text: some StringProtocol) -> Int? {
        var low = 0
        var high = count
        if isASCII {
            let wanted = Array(text.utf8)
            while low < high {
                let middle = (low + high) / 2
                if bytes.comparison(of: range(of: middle), with: wanted) < 0 { low = middle + 1 } else { high = middle }
            }
            return low < count && bytes.comparison(of: range(of: low), with: wanted) == 0 ? low : nil
        }
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < text { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == text ? low : nil
    }
}

extension TextTable: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { offsets.count - 1 }

    /// - Complexity: O(length).
    package subscript(position: Int) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0[range(of: position)], as: UTF8.self) }
    }
}

extension [UInt8] {
    /// Compares two pieces as unsigned bytes: negative when the left is less, 0 when they are equal.
    package func comparison(of left: Range<Int>, with right: Range<Int>) -> Int {
        withUnsafeBufferPointer { Self.comparison(of: $0[left], with: $0[right]) }
    }

    /// Compares a piece with a text.
    package func comparison(of piece: Range<Int>, with text: [UInt8]) -> Int {
        withUnsafeBufferPointer { own in
            text.withUnsafeBufferPointer { Self.comparison(of: own[piece], with: $0[...]) }
        }
    }

    private static func comparison(
        of left: Slice<UnsafeBufferPointer<UInt8>>,
        with right: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Int {
        let (one, other) = (UnsafeBufferPointer(rebasing: left), UnsafeBufferPointer(rebasing: right))
        for index in 0..<Swift.min(one.count, other.count) where one[index] != other[index] {
            return one[index] < other[index] ? -1 : 1
        }
        return one.count - other.count
    }
}

extension [UInt32] {
    /// Whether no element is less than the one before.
    package var isNondecreasing: Bool {
        withUnsafeBufferPointer { elements in
            for index in 1..<Swift.max(1, elements.count) where elements[index] < elements[index - 1] { return false }
            return true
        }
    }
}
