package import Diagnostics
package import Time

/// Fetches documents, several at once: each within one time limit and one size limit, and from nobody but the server
/// that was named.
package struct HTTPClient: Sendable {
    /// What tells the servers who asks.
    package var credentials: Credentials?
    /// A file of certificates in PEM that are trusted instead of the system's.
    package var caFile: String?
    /// From the first packet to the last byte of the answer, redirects included.
    package var timeout = Span.seconds(10)
    /// How many bytes an answer may have, unpacked; its headers count.
    package var sizeLimit = 64 << 20
    /// Asked several times a second; when it says so, what is under way is given up.
    package var isCancelled: @Sendable () -> Bool = { false }

    package init() {}

    /// A document to fetch.
    package struct Request: Hashable, Sendable {
        package var server: WebAddress
        /// Below the server's own path, for example `/api/v2/alerts`.
        package var path: String
        /// The names and values of the query, in order, not yet escaped.
        package var query: [Parameter]

        package struct Parameter: Hashable, Sendable {
            package var name: String
            package var value: String
        }

        package init(_ server: WebAddress, _ path: String, _ query: [(name: String, value: String)] = []) {
            self.server = server
            self.path = path
            self.query = query.map { Parameter(name: $0.name, value: $0.value) }
        }

        /// What findings call the document: its address without the query.
        package var name: String { "\(server)\(path)" }

        var address: String {
            let pairs = query.map { "\($0.name.escapedForQuery)=\($0.value.escapedForQuery)" }
            return name + (pairs.isEmpty ? "" : "?") + pairs.joined(separator: "&")
        }
    }

    /// What a server answered.
    package struct Response: Sendable {
        package var bytes: [UInt8]
        /// The server's clock when it answered, to the second; nil when it does not say.
        package var date: Timestamp?
        /// From the first packet to the last byte.
        package var duration: Span
    }

    package typealias Outcome = Result<Response, Diagnostic>

    /// Fetches all of the documents at once.
    ///
    /// - Returns: The outcome of each request, in order: an answer with a status of 200, or what went wrong, at the
    ///   document's name and with what to do.
    /// - Complexity: takes no longer than the time limit, whatever the servers do.
    package func get(_ requests: [Request]) -> [Outcome] {
        guard !requests.isEmpty else { return [] }
        guard let curl = Curl.shared else {
            return requests.map { request in
                .failure(
                    Diagnostic(
                        .error,
                        "no-libcurl",
                        "nothing can be fetched: libcurl is not installed",
                        at: SourceLocation(file: request.name),
                        fix: "install it (Debian: apt install libcurl4), or give files"
                    )
                )
            }
        }
        let transfers = requests.map { Transfer($0, self, curl) }
        TransferLoop(curl, transfers).run(isCancelled)
        return transfers.map { $0.outcome ?? .failure($0.cancelled) }
    }
}

extension String {
    /// All but RFC 3986's unreserved characters escaped.
    fileprivate var escapedForQuery: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var escaped: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.append(byte)
            default: escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
