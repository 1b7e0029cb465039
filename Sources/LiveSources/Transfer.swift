internal import CCurl
internal import Diagnostics
internal import Time

/// One request under way, redirects to the same server included.
final class Transfer {
    /// More are a loop.
    private static let maximumRedirects = 5

    let handle: Curl.Handle?
    private(set) var outcome: HTTPClient.Outcome?

    private let request: HTTPClient.Request
    private let client: HTTPClient
    private let curl: Curl
    /// What is asked at present, which a redirect changes.
    private var server: WebAddress
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var redirects = 0
    private var elapsed: Int64 = 0
    private var bytes: [UInt8] = []
    private var head: [UInt8] = []
    private var isTooLarge = false

    init(_ request: HTTPClient.Request, _ client: HTTPClient, _ curl: Curl) {
        self.request = request
        self.client = client
        self.curl = curl
        server = request.server
        handle = curl.functions.easy_init()
        message.pointee = 0
        guard let handle else { return }
        curl.set(handle, CURLOPT_URL, request.address)
        curl.set(handle, CURLOPT_NOSIGNAL, 1)
        curl.set(handle, br_curl_quick_exit, 1)
        curl.set(handle, CURLOPT_FOLLOWLOCATION, 0)
        curl.set(handle, CURLOPT_TIMEOUT_MS, max(1, Int(client.timeout.milliseconds)))
        curl.set(handle, CURLOPT_ACCEPT_ENCODING, "gzip")
        curl.set(handle, CURLOPT_USERAGENT, "blast-radius")
        curl.set(handle, CURLOPT_ERRORBUFFER, pointer: message)
        if let file = client.caFile { curl.set(handle, CURLOPT_CAINFO, file) }
        authenticate(handle)
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl.set(handle, CURLOPT_WRITEDATA, pointer: context)
        curl.set(handle, CURLOPT_HEADERDATA, pointer: context)
        curl.set(
            handle,
            CURLOPT_WRITEFUNCTION,
            receiver: { bytes, size, count, context in
                Transfer.receive(bytes, size * count, context) { $0.bytes.append(contentsOf: $1) }
            }
        )
        curl.set(
            handle,
            CURLOPT_HEADERFUNCTION,
            receiver: { bytes, size, count, context in
                Transfer.receive(bytes, size * count, context) { $0.head.append(contentsOf: $1) }
            }
        )
    }

    deinit {
        if let handle { curl.functions.easy_cleanup(handle) }
        if let headers { curl.functions.slist_free_all(headers) }
        message.deallocate()
    }

    private func authenticate(_ handle: Curl.Handle) {
        switch client.credentials?.secret {
        case .bearer(let token):
            headers = curl.functions.slist_append(nil, "Authorization: Bearer \(token)")
            curl.set(handle, CURLOPT_HTTPHEADER, pointer: headers)
        case .basic(let userAndPassword):
            // CURLAUTH_BASIC, whose macro Swift does not see.
            curl.set(handle, CURLOPT_HTTPAUTH, 1)
            curl.set(handle, CURLOPT_USERPWD, userAndPassword)
        case nil: break
        }
    }

    /// Takes what has arrived; to take less than all of it ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?,
        _ count: Int,
        _ context: UnsafeMutableRawPointer?,
        _ keep: (Transfer, UnsafeRawBufferPointer) -> Void
    ) -> Int {
        guard let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        guard transfer.bytes.count + transfer.head.count + count <= transfer.client.sizeLimit else {
            transfer.isTooLarge = true
            return 0
        }
        keep(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    /// Settles the outcome; false when a redirect has to be followed first.
    func finish(_ code: CURLcode) -> Bool {
        guard let handle else { return true }
        elapsed += curl.time(handle, CURLINFO_TOTAL_TIME_T)
        guard code == CURLE_OK else {
            outcome = .failure(failure(code))
            return true
        }
        switch curl.number(handle, CURLINFO_RESPONSE_CODE) {
        case 200:
            let response = HTTPClient.Response(
                bytes: bytes,
                date: date,
                duration: Span(milliseconds: elapsed / 1_000)
            )
            outcome = .success(response)
        case 301, 302, 303, 307, 308:
            do throws(Diagnostic) {
                try follow(curl.text(handle, CURLINFO_REDIRECT_URL), handle)
                return false
            } catch {
                outcome = .failure(error)
            }
        case let status: outcome = .failure(refusal(status))
        }
        return true
    }

    /// Prepares to ask where the server says, if that is the same server.
    private func follow(_ location: String?, _ handle: Curl.Handle) throws(Diagnostic) {
        redirects += 1
        guard let location, redirects <= Self.maximumRedirects else {
            throw finding(
                "redirect-loop",
                "the server redirects in circles, or to nowhere",
                fix: "give the address that it leads to in the end"
            )
        }
        guard let target = try? WebAddress(location: location), server.trusts(target) else {
            let place = (try? WebAddress(location: location)).map { " (\($0.origin))" } ?? ""
            throw finding(
                "foreign-redirect",
                "the server redirects to another one\(place), which is not followed",
                fix: "give that address if you trust it; a page to log in means that credentials are missing"
            )
        }
        let left = client.timeout.milliseconds - elapsed / 1_000
        guard left > 0 else { throw failure(CURLE_OPERATION_TIMEDOUT) }
        server = target
        bytes = []
        head = []
        curl.set(handle, CURLOPT_URL, location)
        curl.set(handle, CURLOPT_TIMEOUT_MS, Int(left))
    }

    /// The header `Date`.
    private var date: Timestamp? {
        for line in head.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            guard text.lowercased().hasPrefix("date:") else { continue }
            let seconds = curl.functions.getdate(String(text.dropFirst(5)), nil)
            return seconds > 0 ? Timestamp(milliseconds: Int64(seconds) * 1_000) : nil
        }
        return nil
    }
}

// MARK: What goes wrong

extension Transfer {
    private func finding(_ code: String, _ summary: String, fix: String) -> Diagnostic {
        Diagnostic(.error, code, summary, at: SourceLocation(file: request.name), fix: fix)
    }

    var cancelled: Diagnostic { finding("cancelled", "was not waited for", fix: "ask again") }

    private func failure(_ code: CURLcode) -> Diagnostic {
        if isTooLarge {
            return finding(
                "too-large",
                "the answer is larger than \(client.sizeLimit >> 20) MiB",
                fix: "check which server it is; for history, shorten --history-window"
            )
        }
        let text = message.pointee == 0 ? curl.text(of: code) : String(cString: message)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
            return finding("unreachable", "cannot be reached: \(text)", fix: "check the address, and that it runs")
        case CURLE_OPERATION_TIMEDOUT:
            return finding(
                "timed-out",
                "no whole answer came within \(client.timeout.prometheus)",
                fix: "check the address, or wait longer with --timeout"
            )
        case CURLE_PEER_FAILED_VERIFICATION:
            return finding(
                "untrusted-certificate",
                "the server's certificate is not trusted: \(text)",
                fix: "name the certificate of its authority with --ca-file"
            )
        case CURLE_SSL_CACERT_BADFILE:
            return finding(
                "unusable-ca-file",
                "the certificates of --ca-file cannot be used: \(text)",
                fix: "give a file of certificates in PEM"
            )
        case CURLE_SSL_CONNECT_ERROR:
            return finding(
                "no-tls",
                "no secure connection came about: \(text)",
                fix: "check that this port speaks TLS; if it does not, write http://"
            )
        default: return finding("fetch-failed", "the request failed: \(text)", fix: "check that it is an HTTP server")
        }
    }

    /// A status other than success.
    private func refusal(_ status: Int) -> Diagnostic {
        switch status {
        case 401, 403:
            let isKnown = client.credentials != nil
            return finding(
                "unauthorized",
                "the server wants \(isKnown ? "other " : "")credentials (status \(status))",
                fix: isKnown
                    ? "check the file of credentials and what they allow"
                    : "give them with --bearer-token-file or --basic-auth-file"
            )
        case 404, 405, 410:
            return finding(
                "not-found",
                "the server does not have this (status \(status))",
                fix: "check which server it is; one behind a prefix needs it: http://host/prefix"
            )
        default:
            let said = reason.map { ": \($0)" } ?? ""
            return finding(
                "fetch-failed",
                "the server failed (status \(status))\(said)",
                fix: "see what its log says, and ask again"
            )
        }
    }

    /// The beginning of what the server said, if that is a text and no page.
    ///
    /// Not where credentials were sent, which it may repeat.
    private var reason: String? {
        guard client.credentials == nil, let text = String(validating: bytes.prefix(300), as: UTF8.self), !text.isEmpty,
            !text.hasPrefix("<")
        else {
            return nil
        }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
