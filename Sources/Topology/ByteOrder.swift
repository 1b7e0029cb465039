/// Sorts pieces of a buffer by their bytes.
///
/// Most significant digit first: the names of a platform share long beginnings, which comparisons would read again and
/// again (Bentley and Sedgewick, 1997, for why that is fast on strings).
package enum ByteOrder {
    /// The pieces in ascending order, equal ones in the order given.
    ///
    /// - Parameters:
    ///   - bytes: the buffer.
    ///   - starts: where each piece begins.
    ///   - ends: where each ends.
    /// - Returns: the indices of the pieces.
    /// - Complexity: O(bytes that tell the pieces apart).
    package static func sorted(_ bytes: [UInt8], starts: [UInt32], ends: [UInt32]) -> [Int32] {
        var order = (0..<Int32(starts.count)).map { $0 }
        var scratch = order
        var pending = [Part(range: 0..<order.count, depth: 0)]
        var counts = [Int](repeating: 0, count: 257)
        bytes.withUnsafeBufferPointer { bytes in
            /// The byte at a depth, from 1; 0 behind the end.
            func digit(_ piece: Int32, _ depth: Int) -> Int {
                let place = Int(starts[Int(piece)]) + depth
                return place < Int(ends[Int(piece)]) ? Int(bytes[place]) + 1 : 0
            }
            func precedes(_ left: Int32, _ right: Int32, _ depth: Int) -> Bool {
                var depth = depth
                while true {
                    let (one, other) = (digit(left, depth), digit(right, depth))
                    if one != other { return one < other }
                    if one == 0 { return left < right }
                    depth += 1
                }
            }
            while let part = pending.popLast() {
                guard part.range.count > 16 else {
                    order[part.range].sort { precedes($0, $1, part.depth) }
                    continue
                }
                for index in counts.indices { counts[index] = 0 }
                for place in part.range { counts[digit(order[place], part.depth)] += 1 }
                var next = part.range.lowerBound
                for value in counts.indices {
                    let count = counts[value]
                    counts[value] = next
                    if value > 0, count > 1 { pending.append(Part(range: next..<next + count, depth: part.depth + 1)) }
                    next += count
                }
                for place in part.range {
                    let value = digit(order[place], part.depth)
                    scratch[counts[value]] = order[place]
                    counts[value] += 1
                }
                for place in part.range { order[place] = scratch[place] }
            }
        }
        return order
    }

    /// Pieces that are equal in their first `depth` bytes.
    private struct Part {
        var range: Range<Int>
        var depth: Int
    }
}
