/// Appends values to a buffer in a form that ``ByteReader`` reads back: whole numbers in as few bytes as they need (LEB128), texts
/// with their length.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(byte: UInt8) { bytes.append(byte) }

    package mutating func write(_ number: Int) {
        // Zigzag: small negative numbers stay short.
        var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> 63)))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func write(_ number: Double) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes nothing but a mark for nil.
    package mutating func write<Value>(_ value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        bytes.append(value == nil ? 0 : 1)
        if let value { body(&self, value) }
    }

    package mutating func write<Value>(_ values: [Value], _ body: (inout ByteWriter, Value) -> Void) {
        write(values.count)
        for value in values { body(&self, value) }
    }
}

/// Reads what ``ByteWriter`` wrote.
///
/// The bytes are untrusted: what does not fit is an error, never a trap.
package struct ByteReader {
    /// The bytes are not what was to be read.
    package struct Malformed: Error {
        package init() {}
    }

    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    package var isAtEnd: Bool { rest.isEmpty }

    package mutating func byte() throws(Malformed) -> UInt8 {
        guard let first = rest.popFirst() else { throw Malformed() }
        return first
    }

    package mutating func number() throws(Malformed) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return Int(bitPattern: UInt(value >> 1)) ^ -Int(value & 1) }
        }
        throw Malformed()
    }

    package mutating func double() throws(Malformed) -> Double {
        var bits: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bits |= UInt64(try byte()) << shift }
        return Double(bitPattern: bits)
    }

    package mutating func text() throws(Malformed) -> String {
        let count = try number()
        guard count >= 0, count <= rest.count else { throw Malformed() }
        let text = rest.prefix(count)
        rest = rest.dropFirst(count)
        return String(decoding: text, as: UTF8.self)
    }

    package mutating func optional<Value>(
        _ body: (inout ByteReader) throws(Malformed) -> Value
    ) throws(Malformed) -> Value? {
        switch try byte() {
        case 0: nil
        case 1: try body(&self)
        default: throw Malformed()
        }
    }

    package mutating func array<Value>(
        _ body: (inout ByteReader) throws(Malformed) -> Value
    ) throws(Malformed) -> [Value] {
        let count = try number()
        // Every element takes a byte at least.
        guard count >= 0, count <= rest.count else { throw Malformed() }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }
}
