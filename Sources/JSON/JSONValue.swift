package import Diagnostics

/// A value within a document: a view that copies nothing.
package struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    package enum Kind: String, Sendable {
        case null
        case bool = "boolean"
        case number
        case string
        case array
        case object
    }

    package var kind: Kind {
        switch node.tag {
        case .null: .null
        case .false, .true: .bool
        case .number: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    var node: JSONDocument.Node { document.nodes[index] }

    package var isNull: Bool { node.tag == .null }

    /// The boolean, or nil for a value of another kind.
    package var bool: Bool? {
        switch node.tag {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The text of a string, or nil for a value of another kind.
    ///
    /// A lone surrogate escape becomes U+FFFD.
    ///
    /// - Complexity: O(length); decoded anew at each call.
    package var string: String? {
        let node = node
        switch node.tag {
        case .string: return document.withBytes(of: node) { String(decoding: $0, as: UTF8.self) }
        case .escapedString: return JSONEscapes.decode(rawBytes(of: node))
        default: return nil
        }
    }

    /// Calls `body` with the text of a string in UTF-8, which is not copied unless it has escapes; nil for a value of another
    /// kind.
    package func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        let node = node
        if node.tag == .string { return document.withBytes(of: node, body) }
        guard var text = string else { return nil }
        return text.withUTF8(body)
    }

    /// A number exactly as written, or nil for a value of another kind.
    package var numberText: String? {
        node.tag == .number ? String(decoding: rawBytes(of: node), as: UTF8.self) : nil
    }

    /// The finite number nearest to the one written, or nil for a value of another kind or beyond the range of Double.
    package var double: Double? {
        guard let text = numberText, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The number, when it is whole and fits.
    package var integer: Int? {
        guard let text = numberText else { return nil }
        if let value = Int(text) { return value }
        return double.flatMap(Int.init(exactly:))
    }

    /// How many elements or members a container has; 0 for any other value.
    package var count: Int {
        switch node.tag {
        case .array, .object: Int(node.length)
        default: 0
        }
    }

    /// The elements of an array, in order; nil for a value of another kind.
    package var elements: JSONElements? {
        node.tag == .array ? JSONElements(container: self) : nil
    }

    /// The members of an object, in the order written, repeated keys included; nil for a value of another kind.
    package var members: JSONMembers? {
        node.tag == .object ? JSONMembers(container: self) : nil
    }

    /// The member with this key, the last one when the key is repeated; nil when there is none or this is no object.
    ///
    /// - Complexity: O(members).
    package subscript(key: String) -> JSONValue? {
        guard node.tag == .object else { return nil }
        var key = key
        return key.withUTF8 { wanted in
            document.lastMember(of: index, named: wanted).map { JSONValue(document: document, index: $0) }
        }
    }

    /// Where the value begins.
    package var location: SourceLocation {
        let node = node
        let isString = node.tag == .string || node.tag == .escapedString
        return document.location(atByte: Int(node.offset) - (isString ? 1 : 0))
    }

    /// The value's place in the tree, for example `[3].status.silencedBy`; empty for the root.
    ///
    /// - Complexity: O(depth × siblings).
    package var path: String {
        var path = ""
        var container = document.root
        while container.index != index {
            var next: JSONValue?
            if let elements = container.elements {
                for (position, element) in elements.enumerated() where element.contains(index) {
                    path += "[\(position)]"
                    next = element
                    break
                }
            } else if let members = container.members {
                for member in members where member.value.contains(index) {
                    path += JSONValue.pathComponent(member.key, isFirst: path.isEmpty)
                    next = member.value
                    break
                }
            }
            guard let next else { break }
            container = next
        }
        return path
    }

    private static func pathComponent(_ key: String, isFirst: Bool) -> String {
        let isPlain = !key.isEmpty && key.utf8.count <= 64 && key.utf8.allSatisfy { $0.isIdentifier }
        guard isPlain else { return "[\"\(key.prefix(64))\"]" }
        return isFirst ? key : "." + key
    }

    private func contains(_ other: Int) -> Bool { index <= other && other < Int(node.next) }

    func rawBytes(of node: JSONDocument.Node) -> ArraySlice<UInt8> {
        let start = Int(node.offset)
        return document.bytes[start..<start + Int(node.length)]
    }
}

/// The elements of an array, in order.
package struct JSONElements: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var index: Int
    private let end: Int

    init(container: JSONValue) {
        document = container.document
        index = container.index + 1
        end = Int(container.node.next)
    }

    package mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        let value = JSONValue(document: document, index: index)
        index = Int(value.node.next)
        return value
    }
}

/// The members of an object, in the order written.
package struct JSONMembers: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var index: Int
    private let end: Int

    init(container: JSONValue) {
        document = container.document
        index = container.index + 1
        end = Int(container.node.next)
    }

    package mutating func next() -> JSONMember? {
        guard index < end else { return nil }
        let member = JSONMember(document: document, keyIndex: index)
        index = Int(document.nodes[index + 1].next)
        return member
    }
}

/// A key with its value.
package struct JSONMember: Sendable {
    let document: JSONDocument
    let keyIndex: Int

    package var key: String { JSONValue(document: document, index: keyIndex).string ?? "" }
    package var value: JSONValue { JSONValue(document: document, index: keyIndex + 1) }
    package var keyLocation: SourceLocation { JSONValue(document: document, index: keyIndex).location }

    /// Whether the key is this text, byte for byte; decodes only a key with escapes.
    package func hasKey(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { document.hasKey($0, at: keyIndex) }
    }
}

extension UInt8 {
    fileprivate var isIdentifier: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
