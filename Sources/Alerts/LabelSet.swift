/// Names with their values, sorted by the bytes of the names: the labels or the annotations of an alert.
public struct LabelSet: Hashable, Sendable {
    /// A name with its value.
    public struct Label: Hashable, Sendable {
        /// What the value is of.
        public var name: String
        /// The text, which may be empty.
        public var value: String

        /// A label from its parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    private var labels: [Label]

    /// Sorts the labels; of a name given twice the last value counts.
    ///
    /// - Complexity: O(n log n); O(n) when they are sorted already, as Prometheus and Alertmanager write them.
    public init(_ labels: [Label]) {
        var sorted = labels
        if !Self.isStrictlySorted(sorted) {
            let order = sorted.indices.sorted { left, right in
                if Self.precedes(sorted[left].name, sorted[right].name) { return true }
                return !Self.precedes(sorted[right].name, sorted[left].name) && left < right
            }
            var unique: [Label] = []
            unique.reserveCapacity(sorted.count)
            for index in order {
                if let last = unique.last, last.name.utf8.elementsEqual(sorted[index].name.utf8) { unique.removeLast() }
                unique.append(sorted[index])
            }
            sorted = unique
        }
        self.labels = sorted
    }

    private static func isStrictlySorted(_ labels: [Label]) -> Bool {
        for index in labels.indices.dropFirst()
        where !precedes(labels[index - 1].name, labels[index].name) {
            return false
        }
        return true
    }

    /// Compares the bytes of two names, without a call for each byte.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        let answer = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                for index in 0..<Swift.min(left.count, right.count) where left[index] != right[index] {
                    return left[index] < right[index]
                }
                return left.count < right.count
            }
        }
        return (answer ?? nil) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// The value of a label, or nil when there is none.
    ///
    /// - Complexity: O(labels).
    public subscript(name: String) -> String? {
        for label in labels where label.name == name { return label.value }
        return nil
    }

    /// The value of a label unless it is absent or empty: to Prometheus an empty label is none.
    package func nonEmpty(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// Whether every label here is in `other` with the same value.
    ///
    /// - Complexity: O(labels of both).
    package func isContained(in other: LabelSet) -> Bool {
        guard count <= other.count else { return false }
        var candidates = other.labels.makeIterator()
        for label in labels {
            while true {
                guard let candidate = candidates.next() else { return false }
                if candidate.name == label.name {
                    guard candidate.value == label.value else { return false }
                    break
                }
            }
        }
        return true
    }

    /// The labels but these.
    package func removing(_ names: Set<String>) -> LabelSet {
        LabelSet(labels.filter { !names.contains($0.name) })
    }
}

extension LabelSet: RandomAccessCollection {
    /// The position of the first label.
    public var startIndex: Int { labels.startIndex }
    /// The position after the last label.
    public var endIndex: Int { labels.endIndex }
    /// The label at a position.
    public subscript(position: Int) -> Label { labels[position] }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
    /// Labels in any order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Label($0.0, $0.1) })
    }
}

extension LabelSet {
    /// Prometheus' fingerprint of the labels: FNV-1a of 64 bits over each name and value, each followed by the byte 255,
    /// as 16 hexadecimal digits.
    ///
    /// Source: prometheus/common, model/fnv.go and `labelSetToFingerprint` in model/signature.go.
    ///
    /// - Complexity: O(bytes).
    package var fingerprint: String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        for label in labels {
            for byte in label.name.utf8 { add(byte) }
            add(255)
            for byte in label.value.utf8 { add(byte) }
            add(255)
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
