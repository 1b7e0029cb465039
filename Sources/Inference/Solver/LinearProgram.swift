/// A linear programme in variables from 0 to 1: minimise `cost · x` subject to rows `K x ≥ b`.
struct LinearProgram {
    /// The cost of each variable, or *column*.
    var cost: [Double] = []
    /// The right side of each row.
    private(set) var rightSide: [Double] = []
    /// The entries of row `r` are `rowStart[r]..<rowStart[r + 1]`.
    private(set) var rowStart: [Int32] = [0]
    private(set) var column: [Int32] = []
    private(set) var value: [Double] = []

    var rowCount: Int { rightSide.count }
    var entryCount: Int { column.count }

    func entries(ofRow row: Int) -> Range<Int> { Int(rowStart[row])..<Int(rowStart[row + 1]) }

    /// Adds an entry to the row under way.
    mutating func add(_ value: Double, at column: Int) {
        self.column.append(Int32(truncatingIfNeeded: column))
        self.value.append(value)
    }

    /// Ends the row under way.
    mutating func endRow(atLeast rightSide: Double) {
        rowStart.append(Int32(truncatingIfNeeded: column.count))
        self.rightSide.append(rightSide)
    }

    /// Calls `body` with the starts of the rows, their columns and values, and the right sides.
    @inline(__always)
    func withRows(
        _ body: (
            UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Double>,
            UnsafeBufferPointer<Double>
        ) -> Void
    ) {
        rowStart.withUnsafeBufferPointer { start in
            column.withUnsafeBufferPointer { column in
                value.withUnsafeBufferPointer { value in
                    rightSide.withUnsafeBufferPointer { body(start, column, value, $0) }
                }
            }
        }
    }
}
