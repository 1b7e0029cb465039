internal import BlastRadius
internal import Diagnostics
internal import Diagram

/// One result in every form that it has; each is made only when it is asked for.
struct Views {
    /// For a terminal, with colours or without.
    var summary: (_ colours: Bool) -> String
    var json: () -> [UInt8]
    var picture: () -> DiagramSource
    /// The forms that not every result has.
    ///
    /// Each is given the path for findings, and is nil when it cannot be made, which it reports.
    var others: [OutputFormat: (_ path: String, _ session: inout Session) -> [UInt8]?] = [:]
}

extension OutputOptions {
    /// Writes a result wherever the options ask.
    func write(_ views: Views, _ picture: PictureOptions, _ session: inout Session) {
        for (path, format) in targets {
            switch format {
            case .summary:
                let colours = path == "-" && !noColor && Session.showsColours
                session.write(Array(views.summary(colours).utf8), to: path)
            case .json: session.write(views.json(), to: path)
            case .svg, .png, .pdf, .dot, .mmd: picture.draw(views.picture(), format, to: path, &session)
            case .md, .html, .text, .slack, .grafana, .metrics:
                guard let make = views.others[format] else {
                    session.report([.missing(format, for: path, views)])
                    continue
                }
                if let bytes = make(path, &session) { session.write(bytes, to: path) }
            }
        }
    }
}

extension Diagnostic {
    fileprivate static func missing(_ format: OutputFormat, for path: String, _ views: Views) -> Diagnostic {
        let known: [OutputFormat] = [.summary, .json, .svg, .png, .pdf, .dot, .mmd]
        let names = (known + views.others.keys).map(\.rawValue).sorted()
        return Diagnostic(
            .error,
            "no-such-form",
            "this result cannot be written as \(format.rawValue)",
            at: SourceLocation(file: path),
            fix: "use one of: \(names.joined(separator: ", "))"
        )
    }
}
