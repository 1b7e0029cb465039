package import Diagnostics

/// What tells a server who asks; it is never printed.
package struct Credentials: Sendable {
    enum Secret: Sendable {
        case bearer(String)
        case basic(userAndPassword: String)
    }

    let secret: Secret

    /// Takes a bearer token from the content of a file; a line break at the end is not part of it.
    ///
    /// - Throws: when there is none, or it cannot be sent.
    package static func bearer(_ bytes: [UInt8], file: String) throws(Diagnostic) -> Self {
        let token = try text(bytes, file)
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw unusable("a bearer token is one word of printable ASCII", file, fix: "write the token alone")
        }
        return Self(secret: .bearer(token))
    }

    /// Takes a user name and password from the content of a file, `user:password`; a line break at the end is not part of
    /// them.
    ///
    /// - Throws: when there are none, or they cannot be sent.
    package static func basic(_ bytes: [UInt8], file: String) throws(Diagnostic) -> Self {
        let pair = try text(bytes, file)
        guard pair.utf8.contains(UInt8(ascii: ":")), !pair.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw unusable("it must hold one line, a user name and a password", file, fix: "write it as user:password")
        }
        return Self(secret: .basic(userAndPassword: pair))
    }

    private static func text(_ bytes: [UInt8], _ file: String) throws(Diagnostic) -> String {
        guard bytes.count <= 1 << 16, var text = String(validating: bytes, as: UTF8.self) else {
            throw unusable("it must hold a short text in UTF-8", file, fix: "check which file it is")
        }
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
        guard !text.isEmpty else {
            throw unusable("it is empty", file, fix: "write the token, or user:password, into it")
        }
        return text
    }

    private static func unusable(_ summary: String, _ file: String, fix: String) -> Diagnostic {
        Diagnostic(.error, "unusable-credentials", summary, at: SourceLocation(file: file), fix: fix)
    }
}
