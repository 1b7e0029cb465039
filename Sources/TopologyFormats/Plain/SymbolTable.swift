/// Names by their bytes, each held once and numbered from 0.
///
/// A platform mentions each of its names several times; finding one here costs a hash and a comparison of bytes, and no
/// memory.
struct SymbolTable {
    /// The text of each symbol.
    private(set) var names: [String] = []
    /// Open addressing with linear probing; the number of slots is a power of two.
    private var slots: [Slot]

    /// A symbol, with all that tells it from others in one place: a look into memory is what a search costs.
    private struct Slot {
        /// The upper half of the hash; the lower half chooses the slot.
        var hash: UInt32
        /// The symbol plus one; 0 for a free slot.
        var symbol: UInt32
        /// Where the name stood first.
        var start: UInt32
        var length: UInt32
    }

    /// A table for the names of a text.
    ///
    /// - Parameter length: how many bytes the text has; a guess of the number of names.
    init(textLength length: Int) {
        var count = 1_024
        while count < length / 96 { count *= 2 }
        slots = Array(repeating: Slot(hash: 0, symbol: 0, start: 0, length: 0), count: count)
    }

    /// The symbol of a piece of the text, a new one for a piece that is not known.
    ///
    /// The text must be the same at each call and of less than 4 GiB.
    ///
    /// - Complexity: O(length), amortised.
    mutating func symbol(of piece: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int32 {
        let wanted = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[piece]))
        // Seeded anew for each run of the program, so that no file can be made to collide; the result does not depend on it.
        var hasher = Hasher()
        hasher.combine(bytes: wanted)
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        let upper = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].symbol != 0 {
            let slot = slots[place]
            if slot.hash == upper, Int(slot.length) == piece.count {
                let start = Int(slot.start)
                let known = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[start..<start + piece.count]))
                if known.isSame(as: wanted) { return Int32(slot.symbol) - 1 }
            }
            place = (place + 1) & mask
        }
        names.append(String(decoding: wanted, as: UTF8.self))
        slots[place] = Slot(
            hash: upper,
            symbol: UInt32(names.count),
            start: UInt32(piece.lowerBound),
            length: UInt32(piece.count)
        )
        if names.count * 2 > slots.count { grow(text) }
        return Int32(names.count - 1)
    }

    private mutating func grow(_ text: UnsafeBufferPointer<UInt8>) {
        var larger = Array(repeating: Slot(hash: 0, symbol: 0, start: 0, length: 0), count: slots.count * 4)
        let mask = larger.count - 1
        for slot in slots where slot.symbol != 0 {
            let piece = text[Int(slot.start)..<Int(slot.start) + Int(slot.length)]
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece)))
            var place = hasher.finalize() & mask
            while larger[place].symbol != 0 { place = (place + 1) & mask }
            larger[place] = slot
        }
        slots = larger
    }
}

extension UnsafeRawBufferPointer {
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
        while index < count {
            if self[index] != other[index] { return false }
            index += 1
        }
        return true
    }
}
