/// The candidate closest to `name` by edit distance, if any is close enough to be a probable slip of the finger: at most
/// a third of the name's length, and at most three edits.
///
/// Ties go to the earliest candidate in alphabetical order. Candidates of the same length bound are compared with the
/// optimal-string-alignment distance (insertions, deletions, substitutions, transpositions of neighbours).
///
/// - Complexity: O(candidates × length); a candidate whose length differs by more than the bound costs O(1).
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let target = Array(name.utf8.prefix(200))
    var distances = EditDistances(to: target)
    var bound = Swift.min(3, Swift.max(1, target.count / 3))
    var best: String?
    for candidate in candidates where candidate != name {
        guard abs(candidate.utf8.count - target.count) <= bound else { continue }
        guard let distance = distances.distance(to: candidate.utf8.prefix(200), atMost: bound) else { continue }
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

/// The optimal-string-alignment distances from one byte string to others.
private struct EditDistances {
    let target: [UInt8]
    /// The distances from the first bytes of the other string to as many bytes of the target as the index says: for as many
    /// bytes as were read, for one less and for two less.
    private var current: [Int]
    private var previous: [Int]
    private var beforePrevious: [Int]

    init(to target: [UInt8]) {
        self.target = target
        current = Array(repeating: 0, count: target.count + 1)
        previous = current
        beforePrevious = current
    }

    /// The distance to another string whose length differs by no more than the bound; nil when it exceeds the bound.
    ///
    /// Only prefixes whose lengths differ by no more than the bound can be that near.
    ///
    /// - Complexity: O(length × bound).
    mutating func distance(to other: some Sequence<UInt8>, atMost bound: Int) -> Int? {
        let tooFar = bound + 1
        for column in previous.indices { previous[column] = Swift.min(column, tooFar) }
        var row = 0
        var last: UInt8?
        for byte in other {
            row += 1
            let columns = Swift.max(1, row - bound)...Swift.max(1, Swift.min(target.count, row + bound))
            current[columns.lowerBound - 1] = columns.lowerBound == 1 ? row : tooFar
            var least = current[columns.lowerBound - 1]
            for column in columns where column <= target.count {
                let substitution = previous[column - 1] + (target[column - 1] == byte ? 0 : 1)
                var value = Swift.min(substitution, previous[column] + 1, current[column - 1] + 1)
                if column > 1, target[column - 2] == byte, target[column - 1] == last {
                    value = Swift.min(value, beforePrevious[column - 2] + 1)
                }
                current[column] = value
                least = Swift.min(least, value)
            }
            if columns.upperBound < target.count { current[columns.upperBound + 1] = tooFar }
            if least > bound { return nil }
            last = byte
            swap(&beforePrevious, &previous)
            swap(&previous, &current)
        }
        let distance = previous[target.count]
        return distance <= bound ? distance : nil
    }
}
