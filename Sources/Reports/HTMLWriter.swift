internal import Diagnostics
internal import Diagram

/// Text from data inside HTML, as content or between quotes: what a browser shows is the text, but for control
/// characters, which show as U+FFFD, and line breaks, which become spaces.
enum HTMLText {
    static func escape(_ text: String) -> String {
        XMLText.escape(text.onOneLine.withVisibleControls)
    }
}

/// Blocks as HTML.
enum HTMLWriter {
    static func render(_ blocks: [ReportBlock]) -> String { blocks.map { render($0) }.joined(separator: "\n") }

    static func inline(_ text: RichText) -> String {
        text.pieces.map { piece in
            switch piece {
            case .text(let text): HTMLText.escape(text)
            case .code(let text): "<code>\(HTMLText.escape(text))</code>"
            case .strong(let text): "<strong>\(HTMLText.escape(text))</strong>"
            case .link(let text, let link):
                "<a href=\"\(HTMLText.escape(link.address))\" rel=\"noopener noreferrer\">\(HTMLText.escape(text))</a>"
            }
        }
        .joined()
    }

    private static func render(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let text): return "<h3>\(inline(text))</h3>"
        case .paragraph(let text): return "<p>\(inline(text))</p>"
        case .list(let items, let isOrdered):
            let tag = isOrdered ? "ol" : "ul"
            let rows = items.map { item in
                let details = item.details.map { "<li>\(inline($0))</li>" }.joined()
                return "<li>\(inline(item.text))\(details.isEmpty ? "" : "<ul>\(details)</ul>")</li>"
            }
            return "<\(tag)>\n\(rows.joined(separator: "\n"))\n</\(tag)>"
        case .table(let table):
            let head = table.columns.map { "<th scope=\"col\">\(HTMLText.escape($0))</th>" }.joined()
            let rows = table.rows.map { row in
                "<tr>"
                    + zip(table.columns, row).map { column, cell in
                        "<td data-column=\"\(HTMLText.escape(column))\">\(inline(cell))</td>"
                    }
                    .joined() + "</tr>"
            }
            let style = table.isLong ? " class=\"long\"" : ""
            return
                "<table\(style)>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows.joined(separator: "\n"))\n</tbody>\n</table>"
        }
    }
}
