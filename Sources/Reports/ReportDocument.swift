internal import Diagnostics

/// A line of a report: words, and names that each form shows as names.
///
///     let line: Phrase = "ended by \(names: ["node/a", "node/b"])"
struct Phrase: ExpressibleByStringInterpolation {
    enum Piece {
        case words(String)
        case name(String)
    }

    private(set) var pieces: [Piece]

    init(stringLiteral words: String) { pieces = [.words(words)] }

    init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    /// A name alone.
    static func name(_ name: String) -> Phrase { "\(name: name)" }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        init(literalCapacity: Int, interpolationCount: Int) { pieces.reserveCapacity(interpolationCount * 2 + 1) }

        mutating func appendLiteral(_ words: String) {
            if !words.isEmpty { pieces.append(.words(words)) }
        }

        mutating func appendInterpolation(_ words: some CustomStringConvertible) {
            appendLiteral(words.description)
        }

        mutating func appendInterpolation(_ phrase: Phrase) { pieces += phrase.pieces }

        mutating func appendInterpolation(name: String) { pieces.append(.name(name)) }

        /// "a, b and c"; beyond `limit` the rest is counted.
        mutating func appendInterpolation(names: [String], limit: Int = 4) {
            let shown = names.count > limit ? Array(names.prefix(limit - 1)) : names
            for (index, name) in shown.enumerated() {
                if index > 0 { appendLiteral(index == names.count - 1 ? " and " : ", ") }
                pieces.append(.name(name))
            }
            if names.count > shown.count { appendLiteral(" and \(names.count - shown.count) more") }
        }
    }

    /// For a terminal.
    var plain: String {
        pieces.map { piece in
            switch piece {
            case .words(let text), .name(let text): text
            }
        }
        .joined()
    }

    /// For Markdown: words escaped, names as code.
    var markdown: String {
        pieces.map { piece in
            switch piece {
            case .words(let text): MarkdownText.escape(text)
            case .name(let text): MarkdownText.code(text)
            }
        }
        .joined()
    }
}

/// A report before it has a form: what to say, in order. A terminal and Markdown show the same one.
struct ReportDocument {
    struct Section {
        var heading: String
        var blocks: [Block]
    }

    enum Block {
        case paragraph(Phrase)
        case list([Phrase])
        /// The last column may be long.
        case table(_ columns: [String], _ rows: [[Phrase]])
    }

    var title: Phrase
    var summary: [Phrase]
    /// A picture as Mermaid, for forms that can hold one.
    var mermaid: String?
    /// Sections without blocks are left out.
    var sections: [Section]

    /// The text for a terminal, ending in a line break; long tables and lists are cut and counted.
    func terminal(colours: Bool, width: Int = 100, limit: Int = 12) -> String {
        let style = TerminalStyle(colours: colours)
        var lines = [style.bold(title.plain.withVisibleControls)]
        for phrase in summary { lines += TerminalLayout.wrap(phrase.plain, indent: 0, hang: 3, width: width) }
        for section in sections where !section.blocks.isEmpty {
            lines += ["", style.bold(section.heading)]
            for block in section.blocks { lines += Self.terminal(block, style, width, limit) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func terminal(_ block: Block, _ style: TerminalStyle, _ width: Int, _ limit: Int) -> [String] {
        switch block {
        case .paragraph(let phrase): return TerminalLayout.wrap(phrase.plain, indent: 3, hang: 3, width: width)
        case .list(let items):
            return items.prefix(limit).flatMap { TerminalLayout.wrap($0.plain, indent: 3, hang: 5, width: width) }
                + rest(items.count - limit)
        case .table(let columns, let rows):
            let cells = rows.prefix(limit).map { $0.map(\.plain) }
            var lines = TerminalLayout.columns([columns] + cells, indent: 3, width: width)
            lines[0] = style.faint(lines[0])
            return lines + rest(rows.count - limit)
        }
    }

    private static func rest(_ count: Int) -> [String] {
        count > 0 ? ["   … and \(count) more: see --format md or json"] : []
    }

    /// The document as Markdown (GFM), ending in a line break; what is beyond `limit` rows is counted.
    func markdown(limit: Int = 500) -> String {
        var parts = ["# " + title.markdown] + summary.map(\.markdown)
        if let mermaid { parts.append("```mermaid\n\(mermaid)```") }
        for section in sections where !section.blocks.isEmpty {
            parts.append("## " + MarkdownText.escape(section.heading))
            parts += section.blocks.map { Self.markdown($0, limit) }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func markdown(_ block: Block, _ limit: Int) -> String {
        func more(_ count: Int) -> String { count > limit ? "\n\n… and \(count - limit) more." : "" }
        switch block {
        case .paragraph(let phrase): return phrase.markdown
        case .list(let items):
            return items.prefix(limit).map { "- " + $0.markdown }.joined(separator: "\n") + more(items.count)
        case .table(let columns, let rows):
            let cells = rows.prefix(limit).map { $0.map(\.markdown) }
            return MarkdownText.table(columns.map { MarkdownText.escape($0) }, cells).joined(separator: "\n")
                + more(rows.count)
        }
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
