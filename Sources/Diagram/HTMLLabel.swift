/// The labels of the picture in Graphviz's HTML-like language.
enum HTMLLabel {
    /// Text of one look.
    ///
    /// The size is in whole points: Graphviz ignores what follows the point.
    static func text(_ text: String, size: Int, tone: Palette.Tone, isBold: Bool = false) -> String {
        let escaped = HTMLLabelText.escape(text)
        return "<FONT POINT-SIZE=\"\(size)\" COLOR=\"\(tone.light)\">\(isBold ? "<B>\(escaped)</B>" : escaped)</FONT>"
    }

    /// Rows under one another, flush left.
    static func column(_ rows: [String], spacing: Double, width: Int? = nil) -> String {
        let rows = rows.isEmpty ? [text(" ", size: 5, tone: Palette.muted)] : rows
        let cells = rows.map { "<TR><TD ALIGN=\"LEFT\">\($0)</TD></TR>" }.joined()
        let width = width.map { " WIDTH=\"\($0)\"" } ?? ""
        return
            "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"\(spacing)\"\(width)>\(cells)</TABLE>"
    }

    static func room(_ room: Diagram.Room) -> String {
        let name = text(room.name, size: 10, tone: Palette.roomName, isBold: true)
        return room.label.map { name + text("\u{A0}\u{A0}\($0)", size: 10, tone: Palette.muted) } ?? name
    }

    static func box(_ box: Diagram.Box, showsLinks: Bool) -> String {
        let tones = Palette.tones(of: box.style)
        let size = box.style == .root ? 13 : 12
        var rows = [Row(box.caption, size: 8, tone: tones.caption)]
        for (index, name) in box.names.enumerated() {
            var row = Row(name, size: size, tone: tones.name, isBold: true)
            if index == box.names.count - 1, let more = box.more {
                row.add("\u{A0}\u{A0}\(more)", size: 9, tone: tones.text)
            }
            rows.append(row)
        }
        rows += box.lines.map { Row($0, size: 9, tone: tones.text) }
        if showsLinks, !box.links.isEmpty { add(box.links, tone: tones.text, to: &rows) }
        return column(rows.map(\.html), spacing: 1.25)
    }

    /// About how wide and high a box is, in points.
    static func size(of box: Diagram.Box) -> (width: Double, height: Double) {
        let names = box.names.enumerated().map { index, name in
            index == box.names.count - 1 ? name + (box.more.map { "  \($0)" } ?? "") : name
        }
        let rows = [(box.caption, 8, false)] + names.map { ($0, 12, true) } + box.lines.map { ($0, 9, false) }
        let width = rows.map { TextMetrics.width(of: $0.0, size: Double($0.1), isBold: $0.2) }.max() ?? 0
        let height = rows.reduce(0) { $0 + Double($1.1) * 1.2 + 2.5 }
        return (width + 20, height + 9)
    }

    /// A line of text in one or more looks, and how wide it is in points.
    private struct Row {
        private(set) var html = ""
        private(set) var width = 0.0

        init(html: String, width: Double) { (self.html, self.width) = (html, width) }

        init(_ content: String, size: Int, tone: Palette.Tone, isBold: Bool = false) {
            add(content, size: size, tone: tone, isBold: isBold)
        }

        mutating func add(_ content: String, size: Int, tone: Palette.Tone, isBold: Bool = false) {
            html += text(content, size: size, tone: tone, isBold: isBold)
            width += TextMetrics.width(of: content, size: Double(size), isBold: isBold)
        }
    }

    /// Adds the words that lead out of the picture: after the last row that has room for them, else in a row of their own.
    ///
    /// Each is a cell with an address, which the renderer replaces by a link of its own. A last cell takes the space that
    /// Graphviz would spread over all of them.
    private static func add(_ links: [Diagram.Link], tone: Palette.Tone, to rows: inout [Row]) {
        let room = rows.map(\.width).max() ?? 0
        let separator = Row("\u{A0}·\u{A0}", size: 9, tone: tone)
        let words = links.map { Row($0.kind.rawValue, size: 9, tone: tone) }
        let width = words.map(\.width).reduce(0, +) + separator.width * Double(words.count - 1)
        let host = rows.indices.dropFirst().last { rows[$0].width + separator.width + width <= room }
        var cells = zip(links, words).map { link, word in
            // Graphviz 2.43 writes the address of a cell into SVG as it has read it; later ones leave references alone.
            let address = HTMLLabelText.escape(XMLText.escape(link.target.address))
            return
                "<TD HREF=\"\(address)\" TARGET=\"_blank\" TOOLTIP=\"\(link.kind.rawValue)\"><U>\(word.html)</U></TD>"
        }
        if let host { cells.insert("<TD>\(rows[host].html)</TD>", at: 0) }
        let filler = Int(room - width - (host.map { rows[$0].width + separator.width } ?? 0))
        let row =
            cells.joined(separator: "<TD>\(separator.html)</TD>")
            + (filler > 0 ? "<TD WIDTH=\"\(filler)\"></TD>" : "")
        let html = "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>\(row)</TR></TABLE>"
        if let host { rows[host] = Row(html: html, width: room) } else { rows.append(Row(html: html, width: room)) }
    }

    /// The legend as a grid about so many columns wide, and its width in points; nil when there is nothing to explain.
    ///
    /// A last cell takes what is left of `space`, in points, which Graphviz would spread over all cells.
    static func legend(
        _ entries: [Diagram.LegendEntry],
        columns: Int,
        space: Int = 0
    ) -> (html: String, width: Double)? {
        guard !entries.isEmpty else { return nil }
        let widest = entries.map(\.meaning.count).max() ?? 0
        let total = entries.reduce(0) { $0 + $1.meaning.count + 10 }
        let perRow = total <= columns ? entries.count : max(3, columns / (widest * 3 / 4 + 10))
        var widths = [Double](repeating: 0, count: perRow)
        var rows: [String] = []
        for start in stride(from: 0, to: entries.count, by: perRow) {
            var row = ""
            for (column, entry) in entries[start..<min(start + perRow, entries.count)].enumerated() {
                let words = text(entry.meaning, size: 9, tone: Palette.muted)
                row += "<TD ALIGN=\"LEFT\">\(swatch(entry))</TD><TD ALIGN=\"LEFT\">\(words)</TD><TD> </TD>"
                widths[column] = max(widths[column], 50 + TextMetrics.width(of: entry.meaning, size: 9, isBold: false))
            }
            rows.append(row)
        }
        let width = widths.reduce(0, +)
        let filler = space - Int(width)
        if filler > 0 { rows[0] += "<TD WIDTH=\"\(filler)\"></TD>" }
        let cells = rows.map { "<TR>\($0)</TR>" }.joined()
        let table = "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\">\(cells)</TABLE>"
        return (table, width)
    }

    private static func swatch(_ entry: Diagram.LegendEntry) -> String {
        switch entry {
        case .box(let style, _):
            let tones = Palette.tones(of: style)
            let border = style == .root ? 2 : 1
            let lines =
                switch style {
                case .rival: "ROUNDED,DASHED"
                case .blindSpot: "DOTTED"
                case .witness, .unexplained: ""
                default: "ROUNDED"
                }
            let mark =
                switch style {
                case .unexplained: text("?", size: 9, tone: tones.caption, isBold: true)
                case .reduced:
                    "<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" FIXEDSIZE=\"TRUE\" "
                        + "WIDTH=\"20\" HEIGHT=\"9\" COLOR=\"\(tones.line.light)\" STYLE=\"ROUNDED\"><TR><TD></TD></TR></TABLE>"
                default: ""
                }
            let style = lines.isEmpty ? "" : " STYLE=\"\(lines)\""
            let colors = "COLOR=\"\(tones.line.light)\" BGCOLOR=\"\(tones.fill.light)\""
            let size = "FIXEDSIZE=\"TRUE\" WIDTH=\"26\" HEIGHT=\"15\""
            let cell = "<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"22\" HEIGHT=\"11\">\(mark)</TD></TR>"
            return
                "<TABLE BORDER=\"\(border)\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" \(size)\(style) \(colors)>\(cell)</TABLE>"
        case .arrow(let kind, _):
            return text(kind.sign, size: 12, tone: Palette.tone(of: kind), isBold: kind == .carries || kind == .harms)
        }
    }
}

extension CauseArrow.Kind {
    /// An arrow in characters that every common font has.
    fileprivate var sign: String {
        switch self {
        case .carries, .harms: "—→"
        case .possible: "- - →"
        case .misreports: "· · →"
        case .observes: "· · · |"
        case .blinds: "· · · o"
        case .needs: "—→"
        }
    }
}
