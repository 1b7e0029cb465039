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

    /// The report as Markdown with its picture; nil, with a finding, when the template cannot be read or there is no such
    /// entity to draw the surroundings of.
    func markdown(_ analysis: Analysis, _ picture: PictureOptions, _ session: inout Session) -> [UInt8]? {
        guard let template = template(&session) else { return nil }
        guard let options = picture.options(for: analysis.topology, &session) else { return nil }
        return Array(MarkdownReport.render(analysis, template: template, drawing: options).utf8)
    }

    /// The report as HTML with its picture; nil, with a finding, when the template cannot be read.
    func html(
        _ analysis: Analysis,
        _ picture: PictureOptions,
        for path: String,
        _ session: inout Session
    ) -> [UInt8]? {
        guard let template = template(&session) else { return nil }
        let svg = picture.svg(DiagramReport.source(analysis), for: path, &session)
        return Array(HTMLReport.render(analysis, template: template, svg: svg).utf8)
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
