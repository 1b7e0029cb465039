internal import Diagram

/// Blocks as GitHub-flavoured Markdown.
///
/// Source: GFM 0.29. Blocks stand apart by one empty line.
enum MarkdownWriter {
    static func render(_ blocks: [ReportBlock]) -> String {
        blocks.map { render($0) }.joined(separator: "\n\n")
    }

    static func inline(_ text: RichText) -> String {
        text.pieces.enumerated().map { index, piece in
            switch piece {
            case .text(let text): MarkdownText.escape(text, atStart: index == 0)
            case .code(let text): MarkdownText.code(text)
            case .strong(let text): MarkdownText.strong(text)
            case .link(let text, let link): "[\(MarkdownText.escape(text))](<\(link.address)>)"
            }
        }
        .joined()
    }

    private static func render(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let text): return "### " + inline(text)
        case .paragraph(let text): return inline(text)
        case .list(let items, let isOrdered):
            return items.enumerated().flatMap { index, item -> [String] in
                let mark = isOrdered ? "\(index + 1)." : "-"
                let indent = String(repeating: " ", count: mark.count + 1)
                return ["\(mark) \(inline(item.text))"] + item.details.map { "\(indent)- \(inline($0))" }
            }
            .joined(separator: "\n")
        case .table(let table):
            let head = "| " + table.columns.map { MarkdownText.escape($0) }.joined(separator: " | ") + " |"
            let rule = "|" + table.columns.map { _ in "---" }.joined(separator: "|") + "|"
            let rows = table.rows.map { "| " + $0.map { inline($0) }.joined(separator: " | ") + " |" }
            return ([head, rule] + rows).joined(separator: "\n")
        }
    }
}
