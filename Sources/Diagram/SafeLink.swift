/// An address that may become a link: http or https, with a host, in the ASCII characters that addresses are made of.
///
/// Addresses come from alerts, whose senders nobody checks; a `javascript:` link in a picture would run in the reader's
/// browser.
package struct SafeLink: Hashable, Sendable {
    /// The address.
    ///
    /// Characters that need it are percent-encoded; letters, digits and RFC 3986's marks stay.
    package let address: String

    /// Nil when the text is no http or https address, or is longer than 2,000 bytes.
    package init?(_ text: String) {
        guard text.utf8.count <= 2_000 else { return nil }
        let bytes = Array(text.utf8)
        guard let scheme = ["https://", "http://"].first(where: { bytes.startsIgnoringCase(with: $0) }) else {
            return nil
        }
        let rest = bytes.dropFirst(scheme.utf8.count)
        guard let first = rest.first, first.isHostByte, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return nil
        }
        var encoded = scheme
        for byte in rest {
            if byte.isAddressByte {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        address = encoded
    }
}

extension [UInt8] {
    fileprivate func startsIgnoringCase(with prefix: String) -> Bool {
        guard count >= prefix.utf8.count else { return false }
        return zip(self, prefix.utf8).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5A && $0 | 0x20 == $1) }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    fileprivate var isHostByte: Bool { isLetterOrDigit || self == UInt8(ascii: "[") }

    fileprivate var isAddressByte: Bool { isLetterOrDigit || "-._~:/?#[]@!$&()*+,;=%".utf8.contains(self) }
}
