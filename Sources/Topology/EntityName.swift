/// The parts of an entity's name: `kind/name` or `kind/namespace/name`.
public struct EntityName: Hashable, Sendable {
    /// What stands before the first slash; whether such a kind is known is not checked.
    public var kind: Substring
    /// What stands between the first two slashes; nil for a name with only one.
    public var namespace: Substring?
    /// All that follows the kind and the namespace; it may hold further slashes.
    public var name: Substring

    /// Splits a full name.
    ///
    /// Returns nil when a part is empty, there is no slash, or a character is white space or not printable.
    ///
    /// - Complexity: O(length).
    public init?(_ text: some StringProtocol) {
        let text = Substring(text)
        // Bytes decide for ASCII, which takes a tenth of the time.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) || text.unicodeScalars.allSatisfy(\.isAllowedInName)
        else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
            .map { text[$0.startIndex..<$0.endIndex] }
        guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        kind = parts[0]
        namespace = parts.count == 3 ? parts[1] : nil
        name = parts[parts.count - 1]
    }
}

extension EntityName {
    /// Whether ``init(_:)`` would take it, for the price of a look at its bytes where they are ASCII.
    ///
    /// - Complexity: O(length).
    static func isValid(_ text: String) -> Bool {
        var text = text
        let isPlain = text.withUTF8 { bytes in
            let slash = UInt8(ascii: "/")
            guard let first = bytes.firstIndex(of: slash), first > 0, first + 1 < bytes.count,
                bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { return false }
            let second = bytes[(first + 1)...].firstIndex(of: slash)
            return second.map { $0 > first + 1 && $0 + 1 < bytes.count } ?? true
        }
        return isPlain || EntityName(text) != nil
    }
}

extension Unicode.Scalar {
    fileprivate var isAllowedInName: Bool {
        if isASCII { return value > 0x20 && value != 0x7F }
        switch properties.generalCategory {
        case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return false
        default: return true
        }
    }
}
