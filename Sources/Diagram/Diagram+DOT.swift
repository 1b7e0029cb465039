extension Diagram {
    /// The picture in the DOT language, for people who style it themselves: names are synthetic, ids and classes tell
    /// what is what, `dot -Tsvg` draws it.
    package var dot: String { graph(showsLinks: true).text }

    /// The picture as a graph with its styles.
    ///
    /// The graph's own label is the legend, below; a frame around everything holds the title, above. Where nothing can be
    /// clicked, the words that are links are left out.
    package func graph(showsLinks: Bool) -> DOTGraph {
        var frame = DOTGraph.Subgraph(
            name: "cluster_frame",
            attributes: [
                .init("id", "frame"), .init("class", "frame"), .init("label", html: header), .init("labelloc", "t"),
                .init("labeljust", "l"), .init("fontname", Self.fontName), .init("peripheries", "0"),
                .init("margin", "4"),
            ],
            nodes: nodes(in: nil, showsLinks),
            subgraphs: subgraphs(in: nil, showsLinks)
        )
        if boxes.isEmpty { frame.nodes = [emptyNode] }
        return DOTGraph(
            name: "incident",
            attributes: [
                .init("rankdir", direction == .right ? "LR" : "TB"), .init("bgcolor", Palette.paper.light),
                .init("pad", "0.25"),
                .init("nodesep", "0.14"), .init("ranksep", "0.55"), .init("nslimit", "2"),
                .init("newrank", "true"),
                .init("fontname", Self.fontName), .init("class", "diagram"), .init("labelloc", "b"),
                .init("labeljust", "l"), .init("tooltip", " "), .init("label", html: footer),
            ],
            nodeDefaults: [
                .init("shape", "box"), .init("margin", "0.12,0.06"), .init("height", "0.3"),
                .init("fontname", Self.fontName),
            ],
            edgeDefaults: [.init("arrowsize", "0.75"), .init("fontname", Self.fontName), .init("fontsize", "9")],
            nodes: [],
            subgraphs: [frame] + (rootColumn.map { [$0] } ?? []),
            edges: edges + tethers
        )
    }

    static let fontName = "Helvetica,Arial,sans-serif"

    /// The synthetic name of a box in DOT.
    package static func nodeName(_ index: Int) -> String { "n\(index)" }

    private var emptyNode: DOTGraph.Node {
        DOTGraph.Node(
            name: "nothing",
            attributes: [
                .init("shape", "plain"), .init("id", "nothing"), .init("class", "nothing"),
                .init("label", html: HTMLLabel.text("Nothing to draw.", size: 11, tone: Palette.muted)),
            ]
        )
    }

    private func subgraphs(in parent: Int?, _ showsLinks: Bool) -> [DOTGraph.Subgraph] {
        rooms.indices.filter { rooms[$0].parent == parent }.map { index in
            let room = rooms[index]
            return DOTGraph.Subgraph(
                name: "cluster_\(index)",
                attributes: [
                    .init("id", room.id), .init("class", "room"), .init("label", html: HTMLLabel.room(room)),
                    .init("labelloc", "t"), .init("labeljust", "l"), .init("style", "rounded,filled"),
                    .init("fillcolor", Palette.room.light), .init("color", Palette.roomLine.light),
                    .init("margin", "8"),
                    .init("fontname", Self.fontName), .init("peripheries", "1"), .init("tooltip", " "),
                ],
                nodes: nodes(in: index, showsLinks),
                subgraphs: subgraphs(in: index, showsLinks)
            )
        }
    }

    private func nodes(in room: Int?, _ showsLinks: Bool) -> [DOTGraph.Node] {
        boxes.indices.filter { boxes[$0].room == room }.map { node($0, showsLinks) }
    }

    private func node(_ index: Int, _ showsLinks: Bool) -> DOTGraph.Node {
        let box = boxes[index]
        let tones = Palette.tones(of: box.style)
        var attributes: [DOTGraph.Attribute] = [
            .init("id", box.id), .init("class", "\(box.style.rawValue)\(box.memberCount > 1 ? " group" : "")"),
            .init("label", html: HTMLLabel.box(box, showsLinks: showsLinks)), .init("style", box.style.border),
            .init("penwidth", box.style.lineWidth), .init("fillcolor", tones.fill.light),
            .init("color", tones.line.light), .init("tooltip", DOTText.escString(box.tooltip)),
        ]
        if box.style == .reduced { attributes.append(.init("peripheries", "2")) }
        // The corners are cut off, and with less room what the text begins and ends with would be.
        if box.style == .unexplained { attributes.append(.init("margin", "0.2,0.1")) }
        if let link = box.links.first {
            attributes += [.init("URL", DOTText.escString([link.target.address])), .init("target", "_blank")]
        }
        return DOTGraph.Node(name: Self.nodeName(index), attributes: attributes)
    }

    private var edges: [DOTGraph.Edge] {
        let layers = layers
        return arrows.map { edge($0, layers) }
    }

    private func edge(_ arrow: Arrow, _ layers: [Int]) -> DOTGraph.Edge {
        let tone = Palette.tone(of: arrow.kind)
        var attributes: [DOTGraph.Attribute] = [
            .init("id", arrow.id), .init("class", arrow.kind.word), .init("color", tone.light),
            .init("penwidth", arrow.kind.lineWidth), .init("tooltip", DOTText.escString([sentence(for: arrow)])),
        ]
        if layers[arrow.to] <= layers[arrow.from] {
            attributes.append(.init("constraint", "false"))
        } else if arrow.kind <= .harms {
            attributes +=
                direction == .right
                ? [.init("tailport", "e"), .init("headport", "w")] : [.init("tailport", "s"), .init("headport", "n")]
        } else if arrow.kind == .possible, direction == .right {
            // From above it would cross the name of the room that the box is in.
            attributes.append(.init("headport", "w"))
        }
        switch arrow.kind {
        case .carries: attributes.append(.init("weight", "4"))
        case .harms: attributes.append(.init("weight", "2"))
        case .possible: attributes.append(.init("style", "dashed"))
        case .misreports: attributes.append(.init("style", "dotted"))
        case .observes:
            attributes += [.init("style", "dotted"), .init("dir", "back"), .init("arrowtail", "tee")]
        case .blinds: attributes += [.init("style", "dotted"), .init("arrowhead", "odot")]
        case .needs: attributes.append(.init("arrowhead", "vee"))
        }
        // Graphviz 2.43 corrupts its memory over a label on an arrow that does not push boxes apart; that label is in the
        // tooltip only.
        if let label = arrow.label, layers[arrow.to] > layers[arrow.from] {
            attributes.append(.init("label", html: HTMLLabel.text(" \(label) ", size: 9, tone: Palette.muted)))
        }
        return DOTGraph.Edge(from: Self.nodeName(arrow.from), to: Self.nodeName(arrow.to), attributes: attributes)
    }

    /// The root causes under one another in one column, where none leads to another.
    private var rootColumn: DOTGraph.Subgraph? {
        let roots = boxes.indices.filter { boxes[$0].style == .root }
        guard roots.count > 1, roots.allSatisfy({ !reaches(from: $0, roots) }) else { return nil }
        return DOTGraph.Subgraph(
            name: "roots",
            attributes: [.init("rank", "same")],
            nodes: roots.map { DOTGraph.Node(name: Self.nodeName($0), attributes: []) },
            subgraphs: []
        )
    }

    private func reaches(from start: Int, _ targets: [Int]) -> Bool {
        var effects = [[Int]](repeating: [], count: boxes.count)
        for arrow in arrows { effects[arrow.from].append(arrow.to) }
        var isSeen = [Bool](repeating: false, count: boxes.count)
        var stack = effects[start]
        while let box = stack.popLast() {
            if box == start || targets.contains(box) { return true }
            if isSeen[box] { continue }
            isSeen[box] = true
            stack += effects[box]
        }
        return false
    }

    /// Invisible arrows that keep boxes which nothing joins from standing left of what broke.
    private var tethers: [DOTGraph.Edge] {
        let joined = Set(arrows.flatMap { [$0.from, $0.to] })
        let roots = boxes.indices.filter { boxes[$0].style == .root }
        return boxes.indices.filter { !joined.contains($0) && boxes[$0].style.importance > 0 }.compactMap { box in
            let near = roots.first { boxes[$0].room == boxes[box].room } ?? roots.first
            return near.map {
                DOTGraph.Edge(
                    from: Self.nodeName($0),
                    to: Self.nodeName(box),
                    attributes: [.init("style", "invis"), .init("weight", "0")]
                )
            }
        }
    }

    /// What an arrow says, in words.
    package func sentence(for arrow: Arrow) -> String {
        let (from, to) = (boxes[arrow.from].kindAndText, boxes[arrow.to].kindAndText)
        let sentence =
            switch arrow.kind {
            case .carries: "\(from) takes down \(to)"
            case .harms: "\(from) harms \(to)"
            case .possible: "\(from) may have caused \(to)"
            case .misreports: "\(from) reports falsely about \(to)"
            case .observes: "\(to) saw \(from) fail"
            case .blinds: "\(from) cannot see \(to)"
            case .needs: "\(to) needs \(from)"
            }
        return arrow.label.map { "\(sentence): \($0)" } ?? sentence
    }

    private typealias Line = (text: String, size: Int, tone: Palette.Tone, isBold: Bool)

    private var headerLines: [Line] {
        var lines: [Line] = []
        if let heading { lines.append((heading, 11, Palette.muted, false)) }
        for line in LabelText.wrap(title, columns: max(60, textColumns / 2), lines: 3) {
            lines.append((line, 20, Palette.title, true))
        }
        for line in LabelText.join(facts, "   ·   ", columns: max(84, textColumns), lines: 4) {
            lines.append((line, 11, Palette.muted, false))
        }
        return lines
    }

    private var noteLines: [Line] {
        notes.flatMap { LabelText.wrap($0, columns: max(96, textColumns * 4 / 3), lines: 3) }
            .map { ($0, 9, Palette.muted, false) }
    }

    private var legendRow: (html: String, width: Double)? {
        HTMLLabel.legend(legend, columns: legendColumns)
    }

    private var legendColumns: Int { max(84, textColumns * 4 / 3) }

    /// Header and footer are made equally wide, so that both begin where the picture begins.
    private var sideWidth: Int {
        let lines = (headerLines + noteLines).map {
            TextMetrics.width(of: $0.text, size: Double($0.size), isBold: $0.isBold)
        }
        return Int(max(lines.max() ?? 0, legendRow?.width ?? 0)) + 12
    }

    private var header: String {
        let rows = headerLines.map { HTMLLabel.text($0.text, size: $0.size, tone: $0.tone, isBold: $0.isBold) }
        let gap = HTMLLabel.text(" ", size: 5, tone: Palette.muted)
        return HTMLLabel.column(rows + [gap], spacing: 2, width: sideWidth)
    }

    private var footer: String {
        let rows = noteLines.map { HTMLLabel.text($0.text, size: $0.size, tone: $0.tone) }
        let key = HTMLLabel.legend(legend, columns: legendColumns, space: sideWidth - 6)
        return HTMLLabel.column([key?.html].compactMap { $0 } + rows, spacing: 3, width: sideWidth)
    }

    /// About how many columns of small text fit the picture's width: the longest chain of arrows decides it, or the fullest
    /// layer where the chain hangs down.
    private var textColumns: Int {
        let layers = layers
        if direction == .right { return ((layers.max() ?? 0) + 1) * 36 }
        return (Dictionary(layers.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 1) * 36
    }
}

extension CauseArrow.Kind {
    /// Its class in a style sheet.
    package var word: String {
        switch self {
        case .carries: "carries"
        case .harms: "harms"
        case .possible: "possible"
        case .misreports: "misreports"
        case .observes: "observes"
        case .blinds: "blinds"
        case .needs: "needs"
        }
    }

    fileprivate var lineWidth: String {
        switch self {
        case .carries: "2.2"
        case .harms: "1.6"
        case .possible, .misreports: "1.1"
        case .observes, .blinds: "1.5"
        case .needs: "1"
        }
    }
}

extension Diagram.BoxStyle {
    fileprivate var border: String {
        switch self {
        case .rival: "filled,rounded,dashed"
        case .blindSpot: "filled,dotted"
        case .unexplained: "filled,diagonals"
        case .witness: "filled"
        default: "filled,rounded"
        }
    }

    fileprivate var lineWidth: String {
        switch self {
        case .root: "2.6"
        case .rival, .blindSpot: "1.4"
        case .context, .reduced: "1"
        case .expected: "0.9"
        default: "1.2"
        }
    }
}

extension Diagram.Box {
    /// A few words for sentences: the names, without the kind's capitals.
    package var shortText: String {
        let text = names.joined(separator: " ")
        return more.map { "\(text) \($0)" } ?? text
    }

    /// The kind and the names, as the box shows them: a host and its node may share a name.
    package var kindAndText: String {
        let kind = caption.split(separator: " · ").first.map { "\($0) " } ?? ""
        return kind + shortText
    }
}
