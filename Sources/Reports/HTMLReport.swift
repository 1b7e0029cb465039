public import BlastRadius
internal import Diagram

/// The analysis as one self-contained page: no network, printable, the picture inline, a table of all alerts that sorts
/// and filters.
///
/// The page's only script is its own; a content security policy that names its hash refuses any other.
public enum HTMLReport {
    /// The whole page, ending in a line break.
    ///
    /// A template that makes no `<html>` of its own is put into the built-in page. `svg` is the picture; where
    /// it is nil because it could not be drawn, its words stand in its place.
    ///
    /// - Complexity: O(size of the analysis).
    public static func render(_ analysis: Analysis, template: ReportTemplate = .incident, svg: [UInt8]?) -> String {
        let body = template.fill(analysis, in: .html, picture: picture(analysis, svg))
        if body.isPage { return body.hasSuffix("\n") ? body : body + "\n" }
        return HTMLPage.text(title: ReportSections(analysis).title, body: body)
    }

    private static func picture(_ analysis: Analysis, _ svg: [UInt8]?) -> String {
        if let svg { return "<figure>\n\(String(decoding: svg, as: UTF8.self))</figure>" }
        let words = Diagram(DiagramReport.source(analysis)).description.map { "<p>\(HTMLText.escape($0))</p>" }
        return "<figure class=\"words\">\n\(words.joined(separator: "\n"))\n</figure>"
    }
}

extension String {
    /// Whether there is an `<html>` in it, in any case.
    ///
    /// - Complexity: O(length), byte by byte: a page has megabytes.
    fileprivate var isPage: Bool {
        let tag = "html".utf8
        return utf8.indices.contains { index in
            utf8[index] == UInt8(ascii: "<")
                && utf8[index...].dropFirst().prefix(tag.count).elementsEqual(tag) { $0 | 0x20 == $1 }
        }
    }
}
