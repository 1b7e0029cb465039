internal import ArgumentParser
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

    /// Reads the template, whether or not a report will be written with it; nil, with a finding, when that fails.
    func load(_ session: inout Session) -> ReportTemplate? {
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
