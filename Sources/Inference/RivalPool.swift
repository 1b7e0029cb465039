internal import Topology

/// Explanations by other entities than the best: of those by the same entities the cheapest, however each of them failed.
///
/// What an explanation has in common with the best is not kept of each, so that thousands of independent faults have
/// room.
struct RivalPool {
    /// A member of the pool.
    struct Member {
        var explanation: Explanation
        /// The roots that the best does not have, assumptions among them.
        var added: [Int32]
        /// The entities that are at fault here and not in the best explanation, ascending.
        var others: [EntityID]
        /// The entities that are at fault in the best explanation and not here, ascending.
        var missing: [EntityID]
        /// How much dearer than the best it is.
        var gap: Cost

        /// The entities that are at fault here or in the best explanation, but not in both.
        var difference: [EntityID] { others + missing }
    }

    let best: Explanation
    private let candidates: [Int32: DiagnosisModel.Candidate]
    /// How many roots of the best explanation each entity has.
    private var rootCounts: [EntityID: Int] = [:]
    private var members: [[EntityID]: Member] = [:]
    private var cheapestWith: [Int32: Explanation] = [:]
    private var cheapestWithout: [EntityID: Explanation] = [:]

    /// A pool without members.
    ///
    /// - Complexity: O(roots).
    init(best: Explanation, candidates: [Int32: DiagnosisModel.Candidate]) {
        self.best = best
        self.candidates = candidates
        for root in best.roots { if let entity = candidates[root]?.entity { rootCounts[entity, default: 0] += 1 } }
    }

    /// The members in order of preference.
    var all: [Member] { members.values.sorted { $0.explanation.precedes($1.explanation) } }

    /// The cheapest explanation that was added and has a root that the best does not have.
    func cheapest(with root: Int32) -> Explanation? { cheapestWith[root] }

    /// The cheapest explanation that was added and in which an entity of the best is not at fault.
    func cheapest(without entity: EntityID) -> Explanation? { cheapestWithout[entity] }

    /// Adds an explanation.
    ///
    /// - Complexity: O(roots).
    mutating func add(_ explanation: Explanation) {
        let (added, removed) = Self.differences(explanation.roots, best.roots)
        func improve(_ known: inout Explanation?) {
            if known.map({ explanation.precedes($0) }) ?? true { known = explanation }
        }
        var change: [EntityID: Int] = [:]
        for root in added { if let entity = candidates[root]?.entity { change[entity, default: 0] += 1 } }
        for root in removed { if let entity = candidates[root]?.entity { change[entity, default: 0] -= 1 } }
        let others = change.filter { $0.value > 0 && rootCounts[$0.key] == nil }.keys.sorted()
        let missing = change.filter { rootCounts[$0.key] == -$0.value }.keys.sorted()
        for root in added { improve(&cheapestWith[root]) }
        for entity in missing { improve(&cheapestWithout[entity]) }
        let key = others + missing
        guard !key.isEmpty else { return }
        if let known = members[key], known.explanation.precedes(explanation) { return }
        members[key] = Member(
            explanation: explanation,
            added: added,
            others: others,
            missing: missing,
            gap: Swift.max(0, explanation.cost - best.cost)
        )
    }

    /// What either of two ascending lists has and the other has not.
    private static func differences(_ left: [Int32], _ right: [Int32]) -> (left: [Int32], right: [Int32]) {
        var (onlyLeft, onlyRight): ([Int32], [Int32]) = ([], [])
        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if j == right.count || (i < left.count && left[i] < right[j]) {
                onlyLeft.append(left[i])
                i += 1
            } else if i == left.count || right[j] < left[i] {
                onlyRight.append(right[j])
                j += 1
            } else {
                i += 1
                j += 1
            }
        }
        return (onlyLeft, onlyRight)
    }
}
