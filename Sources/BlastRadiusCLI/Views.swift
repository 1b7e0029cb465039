internal import BlastRadius
internal import Diagnostics
internal import Diagram
internal import Reports

/// One result in every form that it has; each is made only when it is asked for.
struct Views {
    /// For a terminal, with colours or without, and so many columns wide.
    var summary: (_ colours: Bool, _ width: Int) -> String
    var json: () -> [UInt8]
    var picture: Picture
    /// The forms that not every result has.
    ///
    /// Each is given the path for findings, and is nil when it cannot be made, which it reports. The options of the command
    /// offer no form that is missing here.
    var others: [OutputFormat: (_ path: String, _ session: inout Session) -> [UInt8]?] = [:]
}

extension Views {
    /// The forms of a result that is read as a page: `html` is given the picture, or nil when it cannot be drawn.
    init(
        summary: @escaping (_ colours: Bool, _ width: Int) -> String,
        json: @escaping () -> [UInt8],
        markdown: @escaping (_ picture: Diagram) -> String,
        html: @escaping (_ svg: [UInt8]?) -> String,
        picture: Picture
    ) {
        self.init(summary: summary, json: json, picture: picture)
        others[.md] = { _, session in picture.diagram(&session).map { Array(markdown($0).utf8) } }
        others[.html] = { path, session in Array(html(picture.svg(for: path, &session)).utf8) }
    }
}

extension OutputOptions {
    /// Writes a result wherever the options ask.
    func write(_ views: Views, _ session: inout Session) {
        write(views, to: targets, &session)
    }

    /// Writes a result to some of the places.
    func write(
        _ views: Views,
        to targets: [(path: String, format: OutputFormat)],
        _ session: inout Session
    ) {
        for (path, format) in targets {
            switch format {
            case .summary:
                let colours = path == "-" && !noColor && Session.showsColours
                let width = path == "-" ? Session.width : TerminalReport.usualWidth
                session.write(Array(views.summary(colours, width).utf8), to: path)
            case .json: session.write(views.json(), to: path)
            case .svg, .png, .pdf, .dot, .mmd: views.picture.write(format, to: path, &session)
            case .md, .html, .text, .slack, .grafana, .metrics:
                if let bytes = views.others[format]?(path, &session) { session.write(bytes, to: path) }
            }
        }
    }
}
