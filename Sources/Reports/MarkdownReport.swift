public import BlastRadius
package import Diagram

/// The analysis as a report in Markdown (GFM): what the evidence says, under the headings that people use.
///
/// What only people can know is a marked empty heading, never invented. The picture is embedded as Mermaid.
public enum MarkdownReport {
    /// The whole document, ending in a line break, with a picture as large as one screen holds.
    ///
    /// - Complexity: O(size of the analysis), and the drawing up of the picture.
    public static func render(_ analysis: Analysis, template: ReportTemplate = .incident) -> String {
        render(analysis, template: template, picture: Diagram(DiagramReport.source(analysis)))
    }

    /// The same with a picture that was drawn up before, within the limits of Mermaid.
    package static func render(
        _ analysis: Analysis,
        template: ReportTemplate,
        picture diagram: Diagram
    ) -> String {
        let picture = diagram.boxes.isEmpty ? nil : "```mermaid\n\(diagram.mermaid)```"
        return template.fill(analysis, in: .markdown, picture: picture).withSingleEmptyLines
    }
}

extension String {
    /// The text with one empty line where there were more, and one on either side of a heading.
    ///
    /// Templates leave empty lines where a section had nothing to say. Nothing that a report holds has two empty
    /// lines in a row.
    fileprivate var withSingleEmptyLines: String {
        var lines: [Substring] = []
        for line in utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isEmpty = line.allSatisfy { $0 == UInt8(ascii: " ") }
            if isEmpty, lines.last?.isEmpty ?? true { continue }
            lines.append(isEmpty ? "" : Substring(line))
        }
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }
}
