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

    static func box(_ box: Diagram.Box) -> String {
        let tones = Palette.tones(of: box.style)
        let size = box.style == .root ? 13 : 12
        var rows = [text(box.caption, size: 8, tone: tones.caption)]
        for (index, name) in box.names.enumerated() {
            var row = text(name, size: size, tone: tones.name, isBold: true)
            if index == box.names.count - 1, let more = box.more {
                row += text("\u{A0}\u{A0}\(more)", size: 9, tone: tones.text)
            }
            rows.append(row)
        }
        rows += box.lines.map { text($0, size: 9, tone: tones.text) }
        return column(rows, spacing: 1.25)
    }

    /// The legend as a grid about so many columns wide, and its width in points; nil when there is nothing to explain.
    static func legend(_ entries: [Diagram.LegendEntry], columns: Int) -> (html: String, width: Double)? {
        guard !entries.isEmpty else { return nil }
        let widest = entries.map(\.meaning.count).max() ?? 0
        let total = entries.reduce(0) { $0 + $1.meaning.count + 10 }
        let perRow = total <= columns ? entries.count : max(3, columns / (widest * 3 / 4 + 10))
        var widths = [Double](repeating: 0, count: perRow)
        var rows = ""
        for start in stride(from: 0, to: entries.count, by: perRow) {
            rows += "<TR>"
            for (column, entry) in entries[start..<min(start + perRow, entries.count)].enumerated() {
                let words = text(entry.meaning, size: 9, tone: Palette.muted)
                rows += "<TD ALIGN=\"LEFT\">\(swatch(entry))</TD><TD ALIGN=\"LEFT\">\(words)</TD><TD> </TD>"
                widths[column] = max(widths[column], 50 + TextMetrics.width(of: entry.meaning, size: 9, isBold: false))
            }
            rows += "</TR>"
        }
        let table = "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\">\(rows)</TABLE>"
        return (table, widths.reduce(0, +))
    }

    private static func swatch(_ entry: Diagram.LegendEntry) -> String {
        switch entry {
        case .box(let style, _):
            let tones = Palette.tones(of: style)
            let border = style == .root ? 2 : 1
            let lines =
                switch style {
                case .rival: "ROUNDED,DASHED"
                case .blindSpot: "ROUNDED,DOTTED"
                case .witness, .unexplained: ""
                default: "ROUNDED"
                }
            let mark = style == .unexplained ? text("?", size: 9, tone: tones.caption, isBold: true) : ""
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
        case .observes: "o · · ·"
        case .needs: "—→"
        }
    }
}
