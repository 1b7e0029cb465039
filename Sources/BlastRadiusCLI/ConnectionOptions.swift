internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import LiveSources
internal import Time

/// How to reach servers: who asks, whom to trust, how long to wait.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("A file that holds a bearer token for the servers.", valueName: "file")
    )
    var bearerTokenFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A file that holds user:password for the servers.", valueName: "file")
    )
    var basicAuthFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Certificates in PEM to trust instead of the system's.", valueName: "file")
    )
    var caFile: String?

    @Option(name: .long, help: ArgumentHelp("How long a server may take to answer.", valueName: "duration"))
    var timeout = SpanArgument(.seconds(10))

    func validate() throws {
        if bearerTokenFile != nil, basicAuthFile != nil {
            throw ValidationError("--bearer-token-file and --basic-auth-file exclude each other")
        }
        guard (.seconds(1) ... .hours(1)).contains(timeout.span) else {
            throw ValidationError("--timeout must be from 1s to 1h")
        }
    }

    /// Makes ready to ask these servers; nil, with a finding, when a file that it takes cannot be used.
    func client(for servers: [WebAddress], _ session: inout Session) -> HTTPClient? {
        var client = HTTPClient()
        client.timeout = timeout.span
        if let caFile {
            guard session.read(caFile) != nil else { return nil }
            client.caFile = caFile
        }
        guard let path = bearerTokenFile ?? basicAuthFile else { return client }
        guard let file = session.read(path) else { return nil }
        do throws(Diagnostic) {
            client.credentials =
                try bearerTokenFile == nil
                ? .basic(file.bytes, file: path) : .bearer(file.bytes, file: path)
        } catch {
            session.report([error])
            return nil
        }
        if Files.isReadableByAll(path) {
            session.report([
                Diagnostic(
                    .warning,
                    "readable-credentials",
                    "everybody on this machine can read these credentials",
                    at: SourceLocation(file: path),
                    fix: "chmod 600 \(path)"
                )
            ])
        }
        session.report(
            servers.filter(\.isOpenToOthers).map { server in
                Diagnostic(
                    .warning,
                    "open-credentials",
                    "the credentials are sent without encryption",
                    at: SourceLocation(file: "\(server)"),
                    fix: "use https:// if the server has it"
                )
            }
        )
        return client
    }
}

/// A length of time as Prometheus writes it: `30s`, `7d`.
struct SpanArgument: ExpressibleByArgument {
    var span: Span
    var defaultValueDescription: String { span.prometheus }

    init(_ span: Span) { self.span = span }

    init?(argument: String) {
        guard let span = Span(prometheus: argument) else { return nil }
        self.span = span
    }
}

extension WebAddress {
    /// The address that an option gives.
    ///
    /// - Throws: wrong usage. The text is not repeated, for it may hold a password.
    init(option: String, _ text: String) throws {
        do throws(Diagnostic) {
            try self.init(text)
        } catch {
            throw ValidationError("\(option): \(error.summary); \(error.fix ?? "")")
        }
    }
}
