extension CompressedRows {
    /// Every node that can be reached along these rows from `sources`, sources included, in breadth-first order.
    ///
    /// The rows are an adjacency: entries are themselves rows. Gates count as nodes like any other, so over a
    /// ``ThresholdNetwork`` this is everything that *may* be involved, whatever the thresholds.
    ///
    /// - Complexity: O(rows + entries of the rows reached).
    package func closure(of sources: some Collection<Int32>) -> [Int32] {
        var seen = BitSet(capacity: rowCount)
        var reached: [Int32] = []
        for source in sources where seen.insert(source) {
            reached.append(source)
        }
        var head = 0
        while head < reached.count {
            for place in range(of: reached[head]) where seen.insert(targets[place]) {
                reached.append(targets[place])
            }
            head += 1
        }
        return reached
    }
}
