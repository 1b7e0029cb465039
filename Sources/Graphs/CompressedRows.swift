/// The rows of a sparse matrix in two flat arrays: row `r` holds `targets[offsets[r]..<offsets[r + 1]]`.
///
/// This is the adjacency of a graph whose nodes are dense integers; a walk over it touches memory in order.
package struct CompressedRows: Sendable, Equatable {
    /// Where each row begins in ``targets``; one longer than the number of rows, and never decreasing.
    package let offsets: [Int32]
    /// The entries of all rows, one row after the other.
    package let targets: [Int32]

    /// Wraps arrays that are already in compressed form.
    ///
    /// `offsets` must hold at least one element, begin with 0, never decrease, and end with `targets.count`.
    ///
    /// - Complexity: O(1).
    package init(offsets: [Int32], targets: [Int32]) {
        precondition(offsets.first == 0 && Int(offsets.last ?? -1) == targets.count, "malformed rows")
        self.offsets = offsets
        self.targets = targets
    }

    /// Collects pairs (`rows[i]`, `targets[i]`) into rows, keeping the order of the pairs within each row.
    ///
    /// Both arrays have the same length, and every element of `rows` lies in `0..<rowCount`.
    ///
    /// - Complexity: O(`rowCount` + `rows.count`), a counting sort.
    package init(rowCount: Int, rows: [Int32], targets: [Int32]) {
        var offsets = [Int32](repeating: 0, count: rowCount + 1)
        for row in rows {
            offsets[Int(row) + 1] += 1
        }
        for row in 0..<rowCount {
            offsets[row + 1] += offsets[row]
        }
        var next = offsets
        var sorted = [Int32](repeating: 0, count: targets.count)
        for (row, target) in zip(rows, targets) {
            sorted[Int(next[Int(row)])] = target
            next[Int(row)] += 1
        }
        self.offsets = offsets
        self.targets = sorted
    }

    /// The number of rows.
    ///
    /// - Complexity: O(1).
    package var rowCount: Int { offsets.count - 1 }

    /// The places in ``targets`` that belong to `row`.
    ///
    /// - Complexity: O(1).
    @inlinable
    @inline(__always)
    package func range(of row: Int32) -> Range<Int> {
        Int(offsets[Int(row)])..<Int(offsets[Int(row) + 1])
    }

    /// The entries of `row`.
    ///
    /// - Complexity: O(1).
    @inlinable
    @inline(__always)
    package subscript(row: Int32) -> ArraySlice<Int32> {
        targets[range(of: row)]
    }

    /// The matrix read by columns: row `t` of the result lists, in ascending order, the rows that hold `t`.
    ///
    /// - Complexity: O(rows + entries).
    package func transposed(rowCount: Int) -> CompressedRows {
        var next = [Int32](repeating: 0, count: rowCount + 1)
        for target in targets { next[Int(target) + 1] += 1 }
        for row in 0..<rowCount { next[row + 1] += next[row] }
        let offsets = next
        var sorted = [Int32](repeating: 0, count: targets.count)
        for row in 0..<Int32(self.rowCount) {
            for place in range(of: row) {
                let target = Int(targets[place])
                sorted[Int(next[target])] = row
                next[target] += 1
            }
        }
        return CompressedRows(offsets: offsets, targets: sorted)
    }
}
