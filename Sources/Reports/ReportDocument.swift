internal import Diagnostics

/// A report before it has a form: what to say, in order.
///
/// A terminal, Markdown and HTML show the same one.
struct ReportDocument {
    struct Section {
        var heading: String
        /// A section without any is left out.
        var blocks: [ReportBlock]
    }

    var title: RichText
    var summary: [RichText]
    var sections: [Section]

    /// How many rows of a table Markdown and HTML show; the rest is counted.
    private static let pageLimit = 500

    /// The text for a terminal, ending in a line break; long tables and lists are cut and counted.
    func terminal(colours: Bool, width: Int = 100, limit: Int = 12) -> String {
        let style = TerminalStyle(colours: colours)
        var lines = [style.bold(title.plain.withVisibleControls)]
        for text in summary { lines += TerminalLayout.wrap(text.plain, indent: 0, hang: 3, width: width) }
        for section in sections where !section.blocks.isEmpty {
            lines += ["", style.bold(section.heading)]
            let blocks = section.blocks.map { Self.terminal($0, style, width, limit) }
            lines += Array(blocks.joined(separator: [""]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func terminal(_ block: ReportBlock, _ style: TerminalStyle, _ width: Int, _ limit: Int) -> [String] {
        func wrap(_ text: RichText, hang: Int) -> [String] {
            TerminalLayout.wrap(text.plain, indent: 3, hang: hang, width: width)
        }
        func rest(_ count: Int) -> [String] {
            count > limit ? ["   … and \(count - limit) more: see --format md or json"] : []
        }
        switch block {
        case .heading(let text), .paragraph(let text): return wrap(text, hang: 3)
        case .list(let items, _):
            let shown = items.prefix(limit).flatMap { item in ([item.text] + item.details).flatMap { wrap($0, hang: 5) }
            }
            return shown + rest(items.count)
        case .table(let table):
            let cells = table.rows.prefix(limit).map { $0.map(\.plain) }
            let (headings, rows) = TerminalLayout.table(table.columns, Array(cells), indent: 3, width: width)
            return headings.map(style.faint) + rows + rest(table.rows.count)
        }
    }

    /// The document as Markdown (GFM) with a picture, ending in a line break.
    func markdown(mermaid: String) -> String {
        let head = ["# " + MarkdownWriter.inline(title)] + summary.map(MarkdownWriter.inline)
        let picture = ["```mermaid\n\(mermaid)```"]
        let rest = shownSections.flatMap { section in
            ["## " + MarkdownText.escape(section.heading), MarkdownWriter.render(section.blocks)]
        }
        return (head + picture + rest).joined(separator: "\n\n") + "\n"
    }

    /// The document as one self-contained page with its picture as SVG; without one where that could not be drawn.
    func html(svg: [UInt8]?) -> String {
        let head =
            ["<h1>\(HTMLWriter.inline(title))</h1>"] + summary.map { "<p>\(HTMLWriter.inline($0))</p>" }
        let picture = svg.map { ["<figure>\n\(String(decoding: $0, as: UTF8.self))</figure>"] } ?? []
        let rest = shownSections.flatMap { section in
            ["<h2>\(HTMLText.escape(section.heading))</h2>", HTMLWriter.render(section.blocks)]
        }
        return HTMLPage.text(title: title.plain, body: (head + picture + rest).joined(separator: "\n"))
    }

    /// The sections that say something, with tables no longer than a page bears.
    private var shownSections: [Section] {
        sections.filter { !$0.blocks.isEmpty }.map { section in
            var section = section
            section.blocks = section.blocks.flatMap { block -> [ReportBlock] in
                guard case .table(var table) = block, table.rows.count > Self.pageLimit else { return [block] }
                let more = table.rows.count - Self.pageLimit
                table.rows = Array(table.rows.prefix(Self.pageLimit))
                return [.table(table), .paragraph("… and \(more) more.")]
            }
            return section
        }
    }
}

extension ReportBlock {
    /// A table whose last column may be long; a reader may sort and filter it when it is.
    static func table(_ columns: [String], _ rows: [[RichText]]) -> ReportBlock {
        .table(ReportTable(columns: columns, rows: rows, isLong: rows.count > 20))
    }

    static func list(_ items: [RichText]) -> ReportBlock {
        .list(items.map { ListItem(text: $0) }, isOrdered: false)
    }
}

extension RichText {
    /// A name alone.
    static func code(_ name: String) -> RichText { "\(code: name)" }
}

extension RichText.Interpolation {
    /// Names: "a, b and c"; beyond `limit` the rest is counted.
    mutating func appendInterpolation(names: [String], limit: Int = 4) {
        appendInterpolation(names.map(RichText.code).listed(limit: limit))
    }
}

extension Wording {
    /// A cost: two decimal places at most, none that say nothing.
    static func amount(_ value: Double) -> String {
        guard value.magnitude < 1e15 else { return "\(value)" }
        let hundredths = Int((value * 100).rounded())
        let (whole, part) = (hundredths / 100, hundredths % 100)
        if part == 0 { return "\(whole)" }
        return part % 10 == 0 ? "\(whole).\(part / 10)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}
