internal import BlastRadius
internal import Diagram

/// One result in every form that an output can have; each is made only when it is asked for.
struct Views {
    /// For a terminal, with colours or without.
    var summary: (_ colours: Bool) -> String
    var json: () -> [UInt8]
    var markdown: () -> String
    var picture: () -> DiagramSource
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
            case .md: session.write(Array(views.markdown().utf8), to: path)
            case .svg, .png, .pdf, .dot, .mmd: picture.draw(views.picture(), format, to: path, &session)
            }
        }
    }
}
