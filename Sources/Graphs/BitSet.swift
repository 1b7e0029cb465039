/// A set of small non-negative integers, one bit each, with a fixed capacity.
package struct BitSet: Sendable, Equatable {
    /// Members lie in `0..<capacity`.
    package let capacity: Int
    @usableFromInline
    var words: [UInt64]

    /// An empty set for members in `0..<capacity`.
    ///
    /// - Complexity: O(`capacity`).
    package init(capacity: Int) {
        self.capacity = capacity
        words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    /// Whether `member` is in the set.
    ///
    /// - Complexity: O(1).
    @inlinable
    @inline(__always)
    package func contains(_ member: Int32) -> Bool {
        words[Int(member) >> 6] & (1 << UInt64(member & 63)) != 0
    }

    /// Adds `member`, and tells whether it was missing before.
    ///
    /// - Complexity: O(1).
    @discardableResult
    @inlinable
    @inline(__always)
    package mutating func insert(_ member: Int32) -> Bool {
        let bit: UInt64 = 1 << UInt64(member & 63)
        let isNew = words[Int(member) >> 6] & bit == 0
        words[Int(member) >> 6] |= bit
        return isNew
    }

    /// Removes `member`, which need not be in the set.
    ///
    /// - Complexity: O(1).
    package mutating func remove(_ member: Int32) {
        words[Int(member) >> 6] &= ~(1 << UInt64(member & 63))
    }

    /// Adds every member of `other`, a set of the same capacity, and tells whether the set grew.
    ///
    /// - Complexity: O(`capacity` / 64).
    @discardableResult
    package mutating func formUnion(_ other: BitSet) -> Bool {
        precondition(capacity == other.capacity, "sets of different capacity")
        var grew = false
        for index in words.indices {
            let union = words[index] | other.words[index]
            grew = grew || union != words[index]
            words[index] = union
        }
        return grew
    }

    /// The number of members.
    ///
    /// - Complexity: O(`capacity` / 64).
    package var count: Int {
        words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// The members, ascending.
    ///
    /// - Complexity: O(`capacity` / 64 + members).
    package var members: [Int32] {
        var found: [Int32] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                found.append(Int32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return found
    }
}
