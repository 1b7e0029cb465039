/// What tells apart by their causes the things that one box could hold: which root causes and rivals reach each, over
/// which kind of arrow, and whether by that arrow alone.
///
/// A box stands for things of one story. Where two of its members had different causes, an arrow to it would say of both
/// what is true of one.
struct CauseReach {
    /// One number for each item, the same for two items when the same causes reach them in the same way; for two rivals,
    /// when they reach the same things in the same way.
    ///
    /// Sums of hashes, as of sets of moves on a board: Zobrist, "A New Hashing Method with Application for Game
    /// Playing" (1970). Two different sums among a million are equal by a chance of one in ten million.
    private(set) var signatures: [UInt64]

    private let effects: [[(to: Int, kind: CauseArrow.Kind)]]

    /// - Complexity: O(causes × arrows).
    init(_ arrows: [SiblingClasses.Arrow], causes: [Int], itemCount: Int) {
        var effects = [[(to: Int, kind: CauseArrow.Kind)]](repeating: [], count: itemCount)
        for arrow in arrows { effects[arrow.from].append((arrow.to, arrow.kind)) }
        self.effects = effects
        signatures = [UInt64](repeating: 0, count: itemCount)
        var seen = [Int](repeating: -1, count: itemCount)
        for cause in causes { follow(cause, &seen) }
    }

    /// Adds what one cause does: first by each of its arrows, then as far as the failure is carried.
    private mutating func follow(_ cause: Int, _ seen: inout [Int]) {
        seen[cause] = cause
        var queue: [Int] = []
        for (item, kind) in effects[cause] {
            add(cause, item, way: kind.rawValue)
            guard kind <= .possible, seen[item] != cause else { continue }
            seen[item] = cause
            queue.append(item)
        }
        let further = CauseArrow.Kind.allCases.count
        var next = 0
        while next < queue.count {
            for (item, kind) in effects[queue[next]] where kind <= .harms && seen[item] != cause {
                seen[item] = cause
                queue.append(item)
                add(cause, item, way: further)
            }
            next += 1
        }
    }

    private mutating func add(_ cause: Int, _ item: Int, way: Int) {
        guard item != cause else { return }
        signatures[item] &+= Self.hash(UInt64(cause), UInt64(way))
        signatures[cause] &+= Self.hash(~UInt64(item), UInt64(way))
    }

    /// SplitMix64 of both numbers, after Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
    private static func hash(_ item: UInt64, _ way: UInt64) -> UInt64 {
        var z = (item &* 16 &+ way) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
