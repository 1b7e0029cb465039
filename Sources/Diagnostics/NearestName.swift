/// The candidate closest to `name` by edit distance, if any is close enough to be a probable slip of the finger: at most
/// a third of the name's length, and at most three edits.
///
/// Ties go to the earliest candidate in alphabetical order. Candidates of the same length bound are compared with the
/// optimal-string-alignment distance (insertions, deletions, substitutions, transpositions of neighbours).
///
/// - Complexity: O(candidates × length²); a candidate whose length differs by more than the bound costs O(1).
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let target = Array(name.utf8.prefix(200))
    var bound = Swift.min(3, Swift.max(1, target.count / 3))
    var best: String?
    for candidate in candidates where candidate != name {
        guard abs(candidate.utf8.count - target.count) <= bound else { continue }
        let distance = editDistance(target, Array(candidate.utf8.prefix(200)), atMost: bound)
        guard let distance else { continue }
        if best == nil || distance < bound || (distance == bound && candidate < (best ?? "")) {
            best = candidate
            bound = distance
        }
    }
    return best
}

/// Looks for the nearest names of many slips, until that has cost seconds.
///
/// A file in which nothing fits would cost its length squared, and nobody reads the thousandth finding.
package struct NearestNames: Sendable {
    private var comparisonsLeft = 5_000_000

    package init() {}

    /// The same as ``nearestName(to:among:)``; nil, too, when the names compared so far are many already.
    ///
    /// - Complexity: that of ``nearestName(to:among:)``, and O(1) once five million names have been compared.
    package mutating func nearest(to name: String, among candidates: some Collection<String>) -> String? {
        guard comparisonsLeft > 0 else { return nil }
        comparisonsLeft -= candidates.count
        return nearestName(to: name, among: candidates)
    }
}

/// The optimal-string-alignment distance between two byte strings, or nil when it exceeds `bound`.
private func editDistance(_ left: [UInt8], _ right: [UInt8], atMost bound: Int) -> Int? {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in 0..<right.count {
            let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
            var value = Swift.min(substitution, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                value = Swift.min(value, beforePrevious[column - 1] + 1)
            }
            current.append(value)
        }
        if (current.min() ?? 0) > bound { return nil }
        beforePrevious = previous
        previous = current
    }
    let distance = previous[right.count]
    return distance <= bound ? distance : nil
}
