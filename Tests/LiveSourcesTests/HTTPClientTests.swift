import Diagnostics
import Foundation
import LiveSources
import Testing
import Time

@Suite("Fetching from servers that misbehave")
struct HTTPClientTests {
    private static func client() -> HTTPClient {
        var client = HTTPClient()
        client.timeout = .seconds(5)
        client.sizeLimit = 1 << 20
        return client
    }

    private static func text(_ outcome: HTTPClient.Outcome) throws -> String {
        String(decoding: try outcome.get().bytes, as: UTF8.self)
    }

    /// The finding as text, with the server's address as SERVER.
    private static func finding(_ outcome: HTTPClient.Outcome, _ address: WebAddress) -> String {
        switch outcome {
        case .success(let response): "an answer of \(response.bytes.count) bytes"
        case .failure(let finding):
            finding.description.replacingOccurrences(of: "\(address)", with: "SERVER")
                .replacingOccurrences(of: ":\(address.port)", with: ":PORT")
        }
    }

    @Test(arguments: [
        (
            "/elsewhere",
            """
            SERVER/elsewhere: error: the server redirects to another one (http://localhost:PORT), which is not followed \
            [foreign-redirect]
                fix: give that address if you trust it; a page to log in means that credentials are missing
            """
        ),
        (
            "/other-scheme",
            """
            SERVER/other-scheme: error: the server redirects to another one, which is not followed [foreign-redirect]
                fix: give that address if you trust it; a page to log in means that credentials are missing
            """
        ),
        (
            "/circle",
            """
            SERVER/circle: error: the server redirects in circles, or to nowhere [redirect-loop]
                fix: give the address that it leads to in the end
            """
        ),
        (
            "/nowhere",
            """
            SERVER/nowhere: error: the server redirects in circles, or to nowhere [redirect-loop]
                fix: give the address that it leads to in the end
            """
        ),
        (
            "/endless",
            """
            SERVER/endless: error: the answer is larger than 1 MiB [too-large]
                fix: check which server it is; for history, shorten --history-window
            """
        ),
        (
            "/bomb",
            """
            SERVER/bomb: error: the answer is larger than 1 MiB [too-large]
                fix: check which server it is; for history, shorten --history-window
            """
        ),
        (
            "/secret",
            """
            SERVER/secret: error: the server wants credentials (status 401) [unauthorized]
                fix: give them with --bearer-token-file or --basic-auth-file
            """
        ),
        (
            "/broken",
            """
            SERVER/broken: error: the server failed (status 500): disk full [fetch-failed]
                fix: see what its log says, and ask again
            """
        ),
        (
            "/missing",
            """
            SERVER/missing: error: the server does not have this (status 404) [not-found]
                fix: check which server it is; one behind a prefix needs it: http://host/prefix
            """
        ),
    ])
    func `each fault is named with its place and a fix`(_ path: String, _ expected: String) throws {
        let server = try Server()
        let outcome = Self.client().get([.init(try server.address, path)])[0]
        #expect(Self.finding(outcome, try server.address) == expected)
    }

    @Test func `slow, silent and endless answers end with the time limit, side by side`() throws {
        let server = try Server()
        var client = Self.client()
        client.timeout = .seconds(1)
        let clock = ContinuousClock()
        let paths = ["/trickle", "/silent", "/trickle", "/silent", "/who"]
        var outcomes: [HTTPClient.Outcome] = []
        let address = try server.address
        let duration = clock.measure { outcomes = client.get(paths.map { .init(address, $0) }) }
        #expect(duration < .seconds(4))
        for (path, outcome) in zip(paths, outcomes).dropLast() {
            #expect(
                Self.finding(outcome, address) == """
                    SERVER\(path): error: no whole answer came within 1s [timed-out]
                        fix: check the address, or wait longer with --timeout
                    """
            )
        }
        #expect(try Self.text(outcomes[4]) == "nobody")
    }

    @Test(arguments: ["/headers", "/short"])
    func `headers without an end and bodies without one are no answers`(_ path: String) throws {
        let server = try Server()
        let outcome = Self.client().get([.init(try server.address, path)])[0]
        #expect(throws: Diagnostic.self) { try outcome.get() }
    }

    @Test func `nobody at the port`() throws {
        // A port that was just free, on an address that nobody else uses.
        let address = try WebAddress("http://127.0.0.77:\(try Server().port)")
        let outcome = Self.client().get([.init(address, "/api/v2/alerts")])[0]
        let finding = Self.finding(outcome, address)
        #expect(finding.hasPrefix("SERVER/api/v2/alerts: error: cannot be reached: "))
        #expect(finding.hasSuffix("[unreachable]\n    fix: check the address, and that it runs"))
    }

    @Test func `a redirect to the same server is followed, to another port it is not`() throws {
        let server = try Server()
        var client = Self.client()
        client.credentials = try .bearer(Array("t0ken\n".utf8), file: "token")
        let outcomes = client.get([.init(try server.address, "/here"), .init(try server.address, "/other-port")])
        #expect(try Self.text(outcomes[0]) == "Bearer t0ken")
        #expect(Self.finding(outcomes[1], try server.address).contains("[foreign-redirect]"))
    }

    @Test func `credentials are sent and never shown`() throws {
        let server = try Server()
        let address = try server.address
        var client = Self.client()
        client.credentials = try .basic(Array("oncall:hunter2\r\n".utf8), file: "password")
        let outcomes = client.get(["/who", "/secret", "/broken"].map { .init(address, $0) })
        #expect(try Self.text(outcomes[0]) == "Basic \(Data("oncall:hunter2".utf8).base64EncodedString())")
        #expect(
            Self.finding(outcomes[1], address) == """
                SERVER/secret: error: the server wants other credentials (status 401) [unauthorized]
                    fix: check the file of credentials and what they allow
                """
        )
        #expect(
            Self.finding(outcomes[2], address) == """
                SERVER/broken: error: the server failed (status 500) [fetch-failed]
                    fix: see what its log says, and ask again
                """
        )
    }

    @Test(arguments: ["", "\n", "two words", "a\nb", "\u{e9}", "a\u{1b}"])
    func `a token that cannot be sent is refused`(_ text: String) {
        #expect { try Credentials.bearer(Array(text.utf8), file: "token") } throws: { error in
            "\(error)".hasPrefix("token: error: ") && "\(error)".contains("fix: write the ")
        }
    }

    @Test(arguments: ["", "nobody", "a:b\nc", "a:\r\nb"])
    func `a password that cannot be sent is refused`(_ text: String) {
        #expect(throws: Diagnostic.self) { try Credentials.basic(Array(text.utf8), file: "password") }
    }

    @Test func `packed answers are unpacked, and the server's clock is read`() throws {
        let server = try Server()
        let response = try Self.client().get([.init(try server.address, "/packed")])[0].get()
        #expect(response.bytes == Array("[]".utf8))
        let date = try #require(response.date)
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        #expect(abs((now - date).milliseconds) < 60_000)
    }

    @Test func `a query is escaped`() throws {
        let server = try Server()
        let request = HTTPClient.Request(try server.address, "/query", [("query", #"{a=~"b|c"} &+é"#), ("x", "")])
        let outcome = Self.client().get([request])[0]
        #expect(try Self.text(outcome) == "/query?query=%7Ba%3D~%22b%7Cc%22%7D%20%26%2B%C3%A9&x=")
    }

    @Test func `what is given up ends at once`() throws {
        let server = try Server()
        var client = Self.client()
        client.isCancelled = { true }
        let duration = try ContinuousClock().measure {
            _ = client.get([.init(try server.address, "/silent")])
        }
        #expect(duration < .seconds(2))
    }

    @Test func `a certificate of nobody known is refused, and trusted when its authority is named`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func certificate(_ name: String) throws -> String {
            let file = folder.appending(path: name).path
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/openssl")
            process.arguments =
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name)"
                .split(separator: " ").map(String.init)
                + ["-addext", "subjectAltName=\(name)", "-keyout", "\(file).key", "-out", file]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            let pair =
                try String(contentsOfFile: file, encoding: .utf8)
                + String(contentsOfFile: "\(file).key", encoding: .utf8)
            try pair.write(toFile: "\(file).pair", atomically: true, encoding: .utf8)
            return file
        }
        let right = try certificate("IP:127.0.0.1")
        let wrong = try certificate("DNS:elsewhere.example")
        let server = try Server(certificate: "\(right).pair")
        let address = try WebAddress("https://127.0.0.1:\(server.port)")
        var client = Self.client()
        let unknown = Self.finding(client.get([.init(address, "/who")])[0], address)
        #expect(unknown.hasPrefix("SERVER/who: error: the server's certificate is not trusted: "))
        #expect(
            unknown.hasSuffix("[untrusted-certificate]\n    fix: name the certificate of its authority with --ca-file")
        )
        client.caFile = right
        #expect(try Self.text(client.get([.init(address, "/who")])[0]) == "nobody")
        // Trusted, but of another name.
        let impostor = try Server(certificate: "\(wrong).pair")
        let other = try WebAddress("https://127.0.0.1:\(impostor.port)")
        client.caFile = wrong
        #expect(Self.finding(client.get([.init(other, "/who")])[0], other).contains("[untrusted-certificate]"))
        client.caFile = "/dev/null"
        #expect(Self.finding(client.get([.init(address, "/who")])[0], address).contains("fix: "))
        let plain = try WebAddress("http://127.0.0.1:\(server.port)")
        #expect(Self.finding(client.get([.init(plain, "/who")])[0], plain).contains("fix: "))
    }
}
