/// SplitMix64: a small generator whose numbers depend only on its seed, so that a failing test can be run again.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator; any seed is as good as another.
    public init(seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &+ 0x9e37_79b9_7f4a_7c15
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
