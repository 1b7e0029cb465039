package import Diagnostics

/// The address of a server, or of a document on it: `http` or `https`, without user name and password.
///
/// It is read strictly: what passes here means the same to every other reader of addresses.
package struct WebAddress: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    package let scheme: Scheme
    /// In lower case; an IPv6 address with its brackets.
    package let host: String
    package let port: Int
    /// With a slash before and none after, so empty for the root; escaped as written.
    package let path: String

    /// Reads the address of a server, with the prefix that its paths have (`--web.route-prefix`), if any.
    ///
    /// - Throws: what is wrong with it. A text that may hold a password is not repeated.
    package init(_ text: String) throws(Diagnostic) {
        try self.init(location: text)
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw Self.wrong("an address must end with the path, without ? or #")
        }
    }

    /// Reads where a redirect leads, whose query does not matter.
    init(location text: String) throws(Diagnostic) {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2, parts[1].isEmpty, let colon = parts[0].last, colon == ":" else {
            throw Self.wrong("an address must begin with http:// or https://")
        }
        guard let scheme = Scheme(rawValue: parts[0].dropLast().lowercased()) else {
            throw Self.wrong("an address must begin with http:// or https://")
        }
        guard !parts[2].utf8.contains(UInt8(ascii: "@")) else {
            throw Diagnostic(
                .error,
                "credentials-in-address",
                "an address must not hold a user name or password: others can read it",
                fix: "put them into a file: --basic-auth-file FILE"
            )
        }
        self.scheme = scheme
        (host, port) = try Self.authority(parts[2].prefix { $0 != "?" && $0 != "#" }, scheme)
        var path = parts.count > 3 ? "/" + parts[3].prefix { $0 != "?" && $0 != "#" } : ""
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\\\"<>^`{|}".utf8.contains($0) }) else {
            throw Self.wrong("the path of an address must be escaped, for example %20 for a space")
        }
        while path.last == "/" { path.removeLast() }
        self.path = path
    }

    private static func authority(_ text: some StringProtocol, _ scheme: Scheme) throws(Diagnostic) -> (String, Int) {
        let isBracketed = text.first == "["
        let end = isBracketed ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let host = text[..<(end ?? text.endIndex)].lowercased()
        let isHost =
            isBracketed
            ? host.utf8.count > 2 && host.last == "]" && host.utf8.dropFirst().dropLast().allSatisfy(\.isInIPv6)
            : !host.isEmpty && host.utf8.allSatisfy(\.isInHostName)
        guard isHost else { throw wrong("the host of an address must be a name or a number") }
        let rest = text[(end ?? text.endIndex)...]
        if rest.isEmpty { return (host, scheme == .https ? 443 : 80) }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(rest.dropFirst()), (1...65_535).contains(port)
        else { throw wrong("the port of an address must be a number from 1 to 65535") }
        return (host, port)
    }

    private static func wrong(_ summary: String) -> Diagnostic {
        Diagnostic(.error, "wrong-address", summary, fix: "write it as http://host:9093 or https://host/prefix")
    }

    private var hasUsualPort: Bool { port == (scheme == .https ? 443 : 80) }

    /// Scheme, host and port.
    package var origin: String { "\(scheme.rawValue)://\(host)\(hasUsualPort ? "" : ":\(port)")" }

    /// Whether what is meant for this address may go to the other: the same server, or the same host over TLS instead of
    /// without.
    func trusts(_ other: Self) -> Bool {
        guard host == other.host else { return false }
        return scheme == other.scheme ? port == other.port : other.scheme == .https
    }

    /// Whether what is sent can be read on its way: not over TLS, nor within this machine.
    package var isOpenToOthers: Bool {
        scheme == .http && host != "localhost" && host != "[::1]" && !host.hasPrefix("127.")
    }
}

extension WebAddress: CustomStringConvertible {
    package var description: String { origin + path }
}

extension UInt8 {
    fileprivate var isInHostName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    fileprivate var isInIPv6: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
