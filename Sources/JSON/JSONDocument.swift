package import Diagnostics

/// A parsed JSON text: the bytes, and a flat record of every value in them.
///
/// Values are records of 16 bytes in document order, and strings are decoded when asked for: a document of 10,000
/// alerts costs one array rather than a million small objects. Read it through ``JSONValue``, beginning at ``root``.
package final class JSONDocument: Sendable {
    /// The name that locations carry.
    package let file: String
    /// What is odd but readable, for example a key that an object has twice.
    package let warnings: [Diagnostic]

    let bytes: [UInt8]
    let nodes: [Node]
    let lineStarts: [Int]

    /// One value.
    ///
    /// The key of a member is a string record before the member's value.
    struct Node: Sendable {
        /// Where the value begins; for a string, the byte after the quote.
        var offset: UInt32
        /// The bytes of a string or number; the members or elements of a container.
        var length: UInt32
        /// The index of the record after this value and all that it contains.
        var next: UInt32
        var tag: Tag
    }

    enum Tag: UInt8, Sendable {
        case null
        case `false`
        case `true`
        case number
        /// A string without escapes, whose bytes are its text.
        case string
        case escapedString
        case array
        case object
    }

    init(file: String, bytes: [UInt8], nodes: [Node], lineStarts: [Int], warnings: [Diagnostic]) {
        self.file = file
        self.bytes = bytes
        self.nodes = nodes
        self.lineStarts = lineStarts
        self.warnings = warnings
    }

    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// The record of the last member of an object with this key; nil when there is none.
    ///
    /// - Complexity: O(members).
    func lastMember(of object: Int, named key: UnsafeBufferPointer<UInt8>) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in
            let end = Int(nodes[object].next)
            var found: Int?
            var index = object + 1
            while index < end {
                if hasKey(key, at: index, nodes[index]) { found = index + 1 }
                index = Int(nodes[index + 1].next)
            }
            return found
        }
    }

    /// Whether the key at this record is the text, byte for byte.
    func hasKey(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool { hasKey(text, at: index, nodes[index]) }

    /// Decodes only a key with escapes.
    private func hasKey(_ text: UnsafeBufferPointer<UInt8>, at index: Int, _ node: Node) -> Bool {
        guard node.tag == .string else {
            return (JSONValue(document: self, index: index).string ?? "").utf8.elementsEqual(text)
        }
        guard Int(node.length) == text.count else { return false }
        return withBytes(of: node) { key in
            for offset in 0..<key.count where key[offset] != text[offset] { return false }
            return true
        }
    }

    /// Calls `body` with the bytes of a string or number as written.
    func withBytes<Result>(of node: Node, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            body(UnsafeBufferPointer(rebasing: bytes[Int(node.offset)..<Int(node.offset) + Int(node.length)]))
        }
    }

    /// The line and column of a byte; columns count bytes.
    ///
    /// - Complexity: O(log lines).
    func location(atByte offset: Int) -> SourceLocation {
        LineIndex.location(atByte: offset, lineStarts: lineStarts, file: file)
    }
}

/// Finds lines by binary search in the offsets where they start.
enum LineIndex {
    static func location(atByte offset: Int, lineStarts: [Int], file: String) -> SourceLocation {
        var low = 0
        var high = lineStarts.count
        while low < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        let start = low == 0 ? 0 : lineStarts[low - 1]
        return SourceLocation(file: file, line: Swift.max(low, 1), column: Swift.max(offset - start, 0) + 1)
    }
}

/// What a parser may spend on one input.
package struct JSONLimits: Sendable {
    package var maximumBytes: Int
    package var maximumDepth: Int
    /// Each value, and each key, takes 16 bytes of memory.
    package var maximumValues: Int

    package init(maximumBytes: Int = 1 << 30, maximumDepth: Int = 512, maximumValues: Int = 100_000_000) {
        self.maximumBytes = Swift.min(maximumBytes, Int(UInt32.max) - 1)
        self.maximumDepth = maximumDepth
        self.maximumValues = Swift.min(maximumValues, Int(UInt32.max) - 1)
    }
}
