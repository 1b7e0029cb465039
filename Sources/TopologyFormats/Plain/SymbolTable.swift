/// Names by their bytes, each held once and numbered from 0.
///
/// A platform mentions each of its names several times; finding one here costs a hash and a comparison of bytes, and no
/// memory.
struct SymbolTable {
    /// The names one after another, close together: a look into memory is what a search costs.
    private var names: [UInt8] = []
    /// Where each name begins in `names`, and where the last ends.
    private var starts: [UInt32] = [0]
    /// Open addressing with linear probing; the number of slots is a power of two.
    private var slots: [Slot]
    /// Drawn anew for each run of the program, so that no file can be made to collide; results do not depend on it.
    private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

    private struct Slot {
        /// The upper half of the hash; the lower half chooses the slot.
        var hash: UInt32 = 0
        /// The symbol plus one; 0 for a free slot.
        var symbol: UInt32 = 0
    }

    /// A table for the names of a text.
    ///
    /// - Parameter length: how many bytes the text has; a guess of the number of names.
    init(textLength length: Int) {
        var count = 1_024
        while count < length / 96 { count *= 2 }
        slots = Array(repeating: Slot(), count: count)
    }

    /// How many different names there are.
    var count: Int { starts.count - 1 }

    /// How many names are best looked up at a time: so many that looks into memory overlap, so few that the names are at
    /// hand.
    static let batch = 64

    /// Adds the symbols of some names of a text to a list, new ones for names that are not known.
    ///
    /// Each step is a loop of its own, since a look into memory takes as long as fifty comparisons, but several that do
    /// not depend on one another take no longer than one. All names together must be of less than 4 GiB.
    ///
    /// - Complexity: O(length of the names), amortised.
    mutating func add(_ mentions: [Range<Int>], of text: UnsafeRawBufferPointer, to symbols: inout [Int32]) {
        let names = mentions.map { UnsafeRawBufferPointer(rebasing: text[$0]) }
        let hashes = names.map { $0.hash(seed: seed) }
        let mask = slots.count - 1
        let found = hashes.map { slots[Int(truncatingIfNeeded: $0) & mask] }
        let places = found.map { $0.symbol == 0 ? 0 : Int(starts[Int($0.symbol) - 1]) }
        let first = symbols.count
        for index in names.indices {
            let isSame =
                found[index].symbol != 0 && found[index].hash == UInt32(truncatingIfNeeded: hashes[index] >> 32)
                && isName(at: places[index], names[index], Int(found[index].symbol) - 1)
            symbols.append(isSame ? Int32(found[index].symbol) - 1 : -1)
        }
        for index in names.indices where symbols[first + index] < 0 {
            symbols[first + index] = symbol(of: names[index], hashes[index])
        }
    }

    private mutating func symbol(of name: UnsafeRawBufferPointer, _ hash: UInt64) -> Int32 {
        let upper = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].symbol != 0 {
            if slots[place].hash == upper {
                let symbol = Int(slots[place].symbol) - 1
                if isName(at: Int(starts[symbol]), name, symbol) { return Int32(symbol) }
            }
            place = (place + 1) & mask
        }
        names.append(contentsOf: name)
        starts.append(UInt32(names.count))
        slots[place] = Slot(hash: upper, symbol: UInt32(count))
        if count * 2 > slots.count { grow() }
        return Int32(count - 1)
    }

    /// Whether a symbol, whose name begins at a place, is that of a text.
    private func isName(at place: Int, _ text: UnsafeRawBufferPointer, _ symbol: Int) -> Bool {
        let range = place..<Int(starts[symbol + 1])
        return range.count == text.count
            && names.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).isSame(as: text) }
    }

    private mutating func grow() {
        var larger = Array(repeating: Slot(), count: slots.count * 4)
        let mask = larger.count - 1
        names.withUnsafeBytes { names in
            for symbol in 0..<count {
                let range = Int(starts[symbol])..<Int(starts[symbol + 1])
                let hash = UnsafeRawBufferPointer(rebasing: names[range]).hash(seed: seed)
                var place = Int(truncatingIfNeeded: hash) & mask
                while larger[place].symbol != 0 { place = (place + 1) & mask }
                larger[place] = Slot(hash: UInt32(truncatingIfNeeded: hash >> 32), symbol: UInt32(symbol + 1))
            }
        }
        slots = larger
    }
}

extension UnsafeRawBufferPointer {
    /// A hash of the bytes: eight at a time are multiplied to 128 bits, whose halves are joined (Wang Yi, wyhash).
    ///
    /// Several times as fast as SipHash, and as hard to steer for who does not know the seed and sees no hash.
    fileprivate func hash(seed: UInt64) -> UInt64 {
        let multiplier: UInt64 = 0xA076_1D64_78BD_642F
        var hash = seed ^ UInt64(count) &* 0xE703_7ED1_A0B4_28DB
        func mix(_ word: UInt64) {
            let product = (hash ^ word).multipliedFullWidth(by: multiplier ^ seed)
            hash = product.high ^ product.low
        }
        var index = 0
        while index + 8 <= count {
            mix(loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        if index < count { mix(lastWord) }
        mix(seed >> 32)
        return hash
    }

    /// Whether the bytes are the same as those of a buffer of the same length.
    fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 8 <= count {
            let (one, two) = (
                loadUnaligned(fromByteOffset: index, as: UInt64.self),
                other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            if one != two { return false }
            index += 8
        }
        return index == count || lastWord == other.lastWord
    }

    /// The last eight bytes, or all of fewer.
    private var lastWord: UInt64 {
        if count >= 8 { return loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) }
        return reduce(0) { $0 << 8 | UInt64($1) }
    }
}
