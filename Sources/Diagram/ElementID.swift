/// The ids of a picture's elements: derived from names, so that a link into a picture or a style sheet outlives a redraw,
/// and made of letters, digits and hyphens, so that every language takes them as they are.
enum ElementID {
    /// `host/cc-se-sto-core-01` gives `e-host-cc-se-sto-core-01`.
    ///
    /// A name that loses something by this gets a hash of the whole, so that two names never share an id by accident.
    static func make(_ prefix: String, _ name: String) -> String {
        var slug = ""
        var isLossy = false
        var slashes = 0
        for byte in name.utf8.prefix(72) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"):
                slug.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where slashes < 2:
                slug += "-"
                slashes += 1
            default:
                slug += "-"
                isLossy = true
            }
        }
        if name.utf8.count > 72 { isLossy = true }
        return isLossy ? "\(prefix)-\(slug)-\(hash(name))" : "\(prefix)-\(slug)"
    }

    /// FNV-1a, in eight hexadecimal digits.
    static func hash(_ text: String) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
