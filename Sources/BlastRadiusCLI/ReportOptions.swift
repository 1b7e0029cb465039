internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports

/// How a report looks.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The template of .md and .html: \(ReportTemplate.builtIn.map(\.name).joined(separator: ", ")), or a Mustache file.",
            valueName: "template"
        )
    )
    var template = ReportTemplate.incident.name

    /// Writes the report. A template that cannot be read costs no other output.
    func write(
        _ analysis: Analysis,
        _ format: OutputFormat,
        _ picture: PictureOptions,
        to path: String,
        _ session: inout Session
    ) {
        guard let template = template(&session) else { return }
        guard format == .html else {
            return session.write(Array(MarkdownReport.render(analysis, template: template).utf8), to: path)
        }
        let svg = picture.svg(DiagramReport.source(analysis), for: path, &session)
        session.write(Array(HTMLReport.render(analysis, template: template, svg: svg).utf8), to: path)
    }

    private func template(_ session: inout Session) -> ReportTemplate? {
        if let builtIn = ReportTemplate.builtIn.first(where: { $0.name == template }) { return builtIn }
        guard let file = session.read(template) else { return nil }
        do throws(Diagnostic) {
            return try ReportTemplate(file)
        } catch {
            session.report([error])
            return nil
        }
    }
}
