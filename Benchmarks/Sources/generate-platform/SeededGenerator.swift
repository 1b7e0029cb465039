/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed, everywhere.
struct SeededGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

    mutating func chance(_ share: Double) -> Bool { unit() < share }

    /// From 0 to one less than `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    mutating func element<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

    /// So many different elements, in random order; all when there are no more.
    mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        var pool = elements
        let wanted = min(count, pool.count)
        for index in 0..<wanted { pool.swapAt(index, index + below(pool.count - index)) }
        return Array(pool.prefix(wanted))
    }
}
