/// The ways from what broke to what is drawn, where the entities on them are not.
///
/// A picture of a neighbourhood tells why its things are affected: a root cause outside it is drawn when the failure
/// comes from there, with one arrow for all that lies between. A root cause that leads to none of it has no part in it.
struct ElidedWays {
    /// An arrow between positions in the list of items, with how many items the way between them has.
    typealias Arrow = (from: Int, to: Int, kind: CauseArrow.Kind, skipped: Int)

    /// Which items are drawn: the neighbourhood, and the causes that lead to it.
    private(set) var isDrawn: [Bool]
    private(set) var arrows: [Arrow] = []

    /// All arrows are given; which items are in the neighbourhood; and the positions of the root causes and rivals.
    ///
    /// - Complexity: O(items drawn × arrows among those that are not).
    init(_ all: [Arrow], isNear: [Bool], causes: [Int]) {
        isDrawn = isNear
        let carried = all.filter { $0.kind <= .possible }
        var sources = [[Int]](repeating: [], count: isNear.count)
        var effects = [[Arrow]](repeating: [], count: isNear.count)
        for arrow in carried {
            sources[arrow.to].append(arrow.from)
            effects[arrow.from].append(arrow)
        }
        var leads = isNear
        var stack = isNear.indices.filter { isNear[$0] }
        while let item = stack.popLast() {
            for source in sources[item] where !leads[source] {
                leads[source] = true
                stack.append(source)
            }
        }
        let isCause = Set(causes)
        for cause in causes where leads[cause] { isDrawn[cause] = true }
        let isReached = Set(carried.lazy.filter { [isDrawn] in isDrawn[$0.from] }.map(\.to))
        for item in isDrawn.indices where isDrawn[item] {
            for way in ways(from: item, effects) where isCause.contains(item) || !isReached.contains(way.to) {
                arrows.append(way)
            }
        }
    }

    /// The shortest ways to what is drawn that pass only through what is not, of one item or more.
    private func ways(from item: Int, _ effects: [[Arrow]]) -> [Arrow] {
        var ways: [Arrow] = []
        var steps = [item: 0]
        var kinds = [item: CauseArrow.Kind.carries]
        var queue = [item]
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            for arrow in effects[here] where steps[arrow.to] == nil {
                // The least certain arrow of a way says what the way is.
                let kind = max(kinds[here] ?? arrow.kind, arrow.kind)
                let skipped = steps[here] ?? 0
                if isDrawn[arrow.to] {
                    guard skipped > 0 else { continue }
                    ways.append((item, arrow.to, kind, skipped))
                } else {
                    queue.append(arrow.to)
                }
                steps[arrow.to] = skipped + 1
                kinds[arrow.to] = kind
            }
        }
        return ways
    }
}
