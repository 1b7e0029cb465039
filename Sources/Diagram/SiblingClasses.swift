/// Which entities may share a box.
///
/// Two entities are siblings when they are alike in themselves (the key) and, at the finer levels, when what causes them
/// and what they cause is alike too. That is the coarsest partition which refines the keys and is stable under the arrows
/// (bisimulation), found by refining until nothing splits: 50 racks of 20 pods each become one box of racks and one of
/// pods. Paige and Tarjan, "Three partition refinement algorithms", SIAM J. Comput. 16 (1987), give the notion; the
/// rounds here are the naive method, bounded since a picture has no use for long chains.
struct SiblingClasses {
    /// How alike siblings must be, the strictest first.
    enum Level: Int, CaseIterable, Comparable {
        /// Same facts, same causes, same effects.
        case facts
        /// Same facts, same causes.
        case factsAndCauses
        /// Same causes, same effects.
        case arrows
        /// Same causes.
        case causes
        /// Same causes, wherever they stand.
        case causesAnywhere
        /// Same kind of thing with the same fate in the same room.
        case fate
        /// Same kind of thing with the same fate.
        case fateAnywhere

        /// Whether siblings must show the same facts.
        var comparesFacts: Bool { self <= .factsAndCauses }

        /// Whether siblings must have the same effects.
        var comparesEffects: Bool { self == .facts || self == .arrows }

        /// Whether siblings must stand in the same room.
        var isLocal: Bool { self != .causesAnywhere && self != .fateAnywhere }

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// An arrow between positions in the list of items.
    struct Arrow {
        var from: Int
        var to: Int
        var kind: CauseArrow.Kind
    }

    /// The class of each item; classes are numbered in the order of their first items.
    private(set) var classes: [Int]
    private(set) var count: Int

    /// - Complexity: O((items + arrows log arrows) × rounds), with at most twelve rounds.
    init(keys: [some Hashable], arrows: [Arrow], level: Level) {
        classes = []
        count = 0
        number(keys)
        guard level < .fate else { return }
        let arrows = arrows.filter { $0.kind <= .possible }
        for _ in 0..<12 {
            let before = count
            refine(arrows, bothWays: level.comparesEffects)
            if count == before { return }
        }
    }

    private mutating func refine(_ arrows: [Arrow], bothWays: Bool) {
        var neighbours = [[Int]](repeating: [], count: classes.count)
        for arrow in arrows where arrow.from != arrow.to {
            neighbours[arrow.to].append(classes[arrow.from] * 8 + arrow.kind.rawValue)
            if bothWays { neighbours[arrow.from].append(-1 - (classes[arrow.to] * 8 + arrow.kind.rawValue)) }
        }
        number(
            classes.indices.map { index in
                var signature = [classes[index]]
                for neighbour in neighbours[index].sorted() where signature.count == 1 || signature.last != neighbour {
                    signature.append(neighbour)
                }
                return signature
            }
        )
    }

    private mutating func number<Signature: Hashable>(_ signatures: [Signature]) {
        var numbers: [Signature: Int] = [:]
        classes = signatures.map { signature in
            if let number = numbers[signature] { return number }
            let number = numbers.count
            numbers[signature] = number
            return number
        }
        count = numbers.count
    }
}
