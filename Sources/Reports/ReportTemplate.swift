internal import Alerts
public import BlastRadius
public import Diagnostics
internal import Inference
internal import Mustache
internal import Time

/// A house style for reports: a Mustache template (https://mustache.github.io) that says which sections come in which
/// order under which headings.
///
/// Values are escaped for the language of the report; `{{{name}}}` leaves them as they are, which only the finished
/// sections need. `{{#h1}}…{{/h1}}`, `{{#h2}}…{{/h2}}` and `{{#h3}}…{{/h3}}` make headings in either language.
/// docs/report.md lists the names.
public struct ReportTemplate: Sendable {
    /// What people call it: a built-in name, or the file's.
    public let name: String
    let text: String

    private init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// Reads a template.
    ///
    /// - Throws: a finding with its place when the bytes are not UTF-8 or the text is no Mustache.
    /// - Complexity: O(size).
    public init(_ file: InputFile) throws(Diagnostic) {
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            throw Diagnostic(.error, "not-utf8", "the template is not UTF-8", at: SourceLocation(file: file.path))
        }
        self.init(name: file.path, text: text)
        do {
            _ = try MustacheTemplate(string: text)
        } catch let error as MustacheTemplate.ParserError {
            throw Diagnostic(
                .error,
                "bad-template",
                "the template cannot be read: \(Self.describe(error.error))",
                at: SourceLocation(
                    file: file.path,
                    line: error.context.lineNumber,
                    column: max(1, error.context.columnNumber)
                )
            )
        } catch {
            throw Diagnostic(.error, "bad-template", "the template cannot be read", at: SourceLocation(file: file.path))
        }
    }

    private static func describe(_ error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .sectionCloseNameIncorrect: "a section is closed under another name than it was opened"
        case .unfinishedName: "a name is not finished"
        case .expectedSectionEnd: "a section is not closed"
        case .invalidSetDelimiter: "the delimiters cannot be set to that"
        default: "a tag is not finished"
        }
    }

    /// The incident report that people write by hand, filled from the analysis.
    public static let incident = ReportTemplate(
        name: "incident",
        text: """
            {{#h1}}{{title}}{{/h1}}

            {{{sections.related}}}
            {{#h2}}Summary{{/h2}}

            {{{sections.summary}}}

            {{{picture}}}
            {{#sections.timeline}}{{#h2}}Timeline{{/h2}}{{{.}}}{{/sections.timeline}}
            {{#sections.incidents}}{{#h2}}Real incidents (action required){{/h2}}{{{.}}}{{/sections.incidents}}
            {{#sections.noise}}{{#h2}}Set aside: known issues, chronic noise and older alerts{{/h2}}{{{.}}}{{/sections.noise}}
            {{#sections.ended}}{{#h2}}Ended before the alerts were read{{/h2}}{{{.}}}{{/sections.ended}}
            {{#sections.rootCauses}}{{#h2}}Root cause analysis{{/h2}}{{{.}}}{{/sections.rootCauses}}
            {{#sections.impact}}{{#h2}}Impact by area{{/h2}}{{{.}}}{{/sections.impact}}
            {{#sections.actions}}{{#h2}}Recommended actions{{/h2}}{{{.}}}{{/sections.actions}}
            {{#sections.changes}}{{#h2}}Changes considered{{/h2}}{{{.}}}{{/sections.changes}}
            {{#sections.open}}{{#h2}}Not explained{{/h2}}{{{.}}}{{/sections.open}}
            {{#sections.blindSpots}}{{#h2}}Blind spots{{/h2}}{{{.}}}{{/sections.blindSpots}}
            {{#sections.notes}}{{#h2}}Operational notes{{/h2}}{{{.}}}{{/sections.notes}}
            {{#h2}}For people to write{{/h2}}
            {{#h3}}Trigger{{/h3}}

            {{{blank}}}
            {{#h3}}Resolution{{/h3}}

            {{{blank}}}
            {{#h3}}Lessons learned{{/h3}}

            {{{blank}}}
            {{#h2}}Ledger{{/h2}}

            {{{sections.ledger}}}
            {{#h2}}All alerts{{/h2}}

            {{{sections.alerts}}}
            """
    )

    /// The postmortem of "Site Reliability Engineering" (O'Reilly 2016), appendix D.
    public static let sre = ReportTemplate(
        name: "sre",
        text: """
            {{#h1}}{{title}}{{/h1}}

            {{{sections.related}}}
            {{#h2}}Summary{{/h2}}

            {{{sections.summary}}}

            {{{picture}}}
            {{#h2}}Authors{{/h2}}

            {{{blank}}}
            {{#h2}}Status{{/h2}}

            {{{blank}}}
            {{#h2}}Impact{{/h2}}

            {{{sections.impact}}}
            {{#h2}}Root causes{{/h2}}

            {{{sections.rootCauses}}}
            {{#h2}}Trigger{{/h2}}

            {{{sections.changes}}}

            {{{blank}}}
            {{#h2}}Resolution{{/h2}}

            {{{blank}}}
            {{#h2}}Detection{{/h2}}

            {{{sections.detection}}}
            {{#h2}}Action items{{/h2}}

            {{{sections.actionItems}}}
            {{#h2}}Lessons learned{{/h2}}
            {{#h3}}What went well{{/h3}}

            {{{blank}}}
            {{#h3}}What went wrong{{/h3}}

            {{{blank}}}
            {{#h3}}Where we got lucky{{/h3}}

            {{{blank}}}
            {{#h2}}Timeline{{/h2}}

            {{{sections.timeline}}}
            {{#h2}}Supporting information{{/h2}}
            {{#sections.open}}{{#h3}}Not explained{{/h3}}{{{.}}}{{/sections.open}}
            {{#sections.blindSpots}}{{#h3}}Blind spots{{/h3}}{{{.}}}{{/sections.blindSpots}}
            {{#sections.noise}}{{#h3}}Set aside: known issues, chronic noise and older alerts{{/h3}}{{{.}}}{{/sections.noise}}
            {{#sections.ended}}{{#h3}}Ended before the alerts were read{{/h3}}{{{.}}}{{/sections.ended}}

            {{{sections.ledger}}}

            {{{sections.alerts}}}
            """
    )

    /// The built-in templates.
    public static let builtIn: [ReportTemplate] = [incident, sre]
}

extension ReportTemplate {
    /// The language of a report: how its text is escaped and its blocks are written.
    struct Language: Sendable {
        /// The name under which Mustache knows the escaping.
        let contentType: String
        let render: @Sendable ([ReportBlock]) -> String
        let heading: @Sendable (_ level: Int, _ text: String) -> String
        /// What stands where only people can know.
        let blank: String

        static let markdown = Language(
            contentType: "MARKDOWN",
            render: MarkdownWriter.render,
            heading: { "\n\n\(String(repeating: "#", count: $0)) \($1)\n\n" },
            blank: "_To be written by people: the analysis cannot know it._"
        )
        static let html = Language(
            contentType: "PAGE",
            render: HTMLWriter.render,
            heading: { "\n<h\($0)>\($1)</h\($0)>\n" },
            blank: "<p class=\"blank\">To be written by people: the analysis cannot know it.</p>"
        )
    }

    /// The filled template.
    ///
    /// `picture` is in the language of the report, or nil when there is none.
    func fill(_ analysis: Analysis, in language: Language, picture: String?) -> String {
        EscapingTypes.register()
        let sections = ReportSections(analysis)
        func rendering(_ blocks: @escaping () -> [ReportBlock]) -> () -> Any? {
            {
                let blocks = blocks()
                return blocks.isEmpty ? nil : language.render(blocks)
            }
        }
        let rendered = TemplateValues(sections.all.mapValues(rendering))
        var values = sections.values
        values["sections"] = { rendered }
        values["picture"] = { picture }
        values["blank"] = { language.blank }
        for level in 1...3 {
            values["h\(level)"] = { MustacheLambda { text in language.heading(level, text) } }
        }
        // It was parsed before; what stands in front of it is a line of ours.
        guard let template = try? MustacheTemplate(string: "{{% CONTENT_TYPE:\(language.contentType)}}\(text)") else {
            return ""
        }
        return template.render(TemplateValues(values))
    }
}

/// The escaping of values, as Mustache wants it.
private struct EscapingTypes: MustacheContentType {
    let escape: @Sendable (String) -> String

    func escapeText(_ text: String) -> String { escape(text) }

    static func register() { _ = registered }

    private static let registered: Void = {
        MustacheContentTypes.register(EscapingTypes { MarkdownText.escape($0) }, named: "MARKDOWN")
        MustacheContentTypes.register(EscapingTypes { HTMLText.escape($0) }, named: "PAGE")
    }()
}
