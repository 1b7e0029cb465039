extension Diagram {
    /// What a Mermaid renderer accepts.
    package struct MermaidLimits: Hashable, Sendable {
        package var edges: Int
        package var characters: Int

        package init(edges: Int = 499, characters: Int = 50_000) {
            self.edges = edges
            self.characters = characters
        }
    }

    /// The picture as a Mermaid flowchart within the limits of GitHub and Forgejo.
    ///
    /// What does not fit is left out, the least important first, and counted in the picture.
    package var mermaid: String { mermaid(within: MermaidLimits()) }

    package func mermaid(within limits: MermaidLimits) -> String {
        let order = boxes.indices.sorted {
            (boxes[$0].style.importance, boxes[$0].rank) < (boxes[$1].style.importance, boxes[$1].rank)
        }
        var count = boxes.count
        while true {
            let kept = Set(order.prefix(count))
            let text = mermaid(keeping: kept)
            let edges = arrows.count { kept.contains($0.from) && kept.contains($0.to) }
            if (edges <= limits.edges && text.utf8.count <= limits.characters) || count == 0 { return text }
            count = min(count - 1, count * 4 / 5)
        }
    }

    private func mermaid(keeping kept: Set<Int>) -> String {
        // Mermaid clips words that are wider than the 200 pixels at which it breaks lines: lines are broken already.
        var lines = ["flowchart \(mermaidDirection)", "    %%{init: {\"flowchart\": {\"wrappingWidth\": 400}}}%%"]
        lines.append("    accTitle: \(MermaidText.line(title))")
        lines.append("    accDescr: \(MermaidText.line(description.joined(separator: " ")))")
        for room in rooms.indices where rooms[room].parent == nil { mermaidRoom(room, kept, depth: 1, &lines) }
        for box in boxes.indices where boxes[box].room == nil && kept.contains(box) {
            lines.append("    " + mermaidBox(box))
        }
        let left = boxes.indices.filter { !kept.contains($0) }.reduce(0) { $0 + boxes[$1].memberCount }
        if left > 0 { lines.append("    more[\"+\(left) more not drawn\"]:::contextBox") }
        for (index, note) in notes.enumerated() {
            lines.append("    note\(index)[\"\(MermaidText.escape(note))\"]:::noteBox")
        }
        let drawn = arrows.filter { kept.contains($0.from) && kept.contains($0.to) }
        for arrow in drawn {
            let label = arrow.label.map { "|\"\(MermaidText.escape($0))\"|" } ?? ""
            // A witness points at what it saw.
            let (tail, head) = arrow.kind == .observes ? (arrow.to, arrow.from) : (arrow.from, arrow.to)
            lines.append("    n\(tail + 1) \(arrow.kind.mermaidSign)\(label) n\(head + 1)")
        }
        for kind in Set(drawn.map(\.kind)).sorted() {
            let numbers = drawn.indices.filter { drawn[$0].kind == kind }.map(String.init).joined(separator: ",")
            lines.append("    linkStyle \(numbers) stroke:\(Palette.tone(of: kind).light)")
        }
        let styles = Set(kept.map { boxes[$0].style })
        for style in BoxStyle.allCases where styles.contains(style) || (style == .context && left > 0) {
            lines.append("    classDef \(style.mermaidClass) \(style.mermaidStyle)")
        }
        if lines.contains(where: { $0.hasPrefix("    subgraph ") }) {
            let (fill, line, name) = (Palette.room.light, Palette.roomLine.light, Palette.roomName.light)
            lines.append("    classDef roomBox fill:\(fill),stroke:\(line),color:\(name)")
        }
        if !notes.isEmpty { lines.append("    classDef noteBox fill:none,stroke:none") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var mermaidDirection: String { direction == .right ? "LR" : "TB" }

    private func mermaidRoom(_ room: Int, _ kept: Set<Int>, depth: Int, _ lines: inout [String]) {
        let indent = String(repeating: "    ", count: depth)
        let label = rooms[room].label.map { " \($0)" } ?? ""
        lines.append("\(indent)subgraph r\(room + 1)[\"\(MermaidText.escape(rooms[room].name + label))\"]")
        // A room that no arrow leaves would run from top to bottom; with a direction of its own, a room cuts arrows off.
        let isIsolated = !arrows.contains { isInside($0.from, room) != isInside($0.to, room) }
        if isIsolated { lines.append("\(indent)    direction \(mermaidDirection)") }
        let before = lines.count
        for child in rooms.indices where rooms[child].parent == room {
            mermaidRoom(child, kept, depth: depth + 1, &lines)
        }
        for box in boxes.indices where boxes[box].room == room && kept.contains(box) {
            lines.append("\(indent)    \(mermaidBox(box))")
        }
        if lines.count == before {
            lines.removeLast(isIsolated ? 2 : 1)
        } else {
            lines.append("\(indent)end")
            lines.append("\(indent)class r\(room + 1) roomBox")
        }
    }

    private func isInside(_ box: Int, _ room: Int) -> Bool {
        var here = boxes[box].room
        while let inner = here, inner != room { here = rooms[inner].parent }
        return here == room
    }

    private func mermaidBox(_ index: Int) -> String {
        let box = boxes[index]
        let names =
            box.names.map { "<b>\(MermaidText.escape($0))</b>" }
            + [box.more.map { MermaidText.escape($0) }].compactMap { $0 }
        let rows =
            [MermaidText.escape(box.caption), names.joined(separator: " ")] + box.lines.map { MermaidText.escape($0) }
        let text = "\"\(rows.joined(separator: "<br/>"))\""
        let shape =
            switch box.style {
            case .reduced: "[[\(text)]]"
            case .unexplained: "{{\(text)}}"
            case .witness, .blindSpot: "[\(text)]"
            default: "(\(text))"
            }
        return "n\(index + 1)\(shape):::\(box.style.mermaidClass)"
    }
}

extension CauseArrow.Kind {
    fileprivate var mermaidSign: String {
        switch self {
        case .carries: "==>"
        case .harms: "-->"
        case .possible: "-.->"
        case .misreports: "-.->"
        case .observes: "-.-x"
        case .blinds: "-.-o"
        case .needs: "---"
        }
    }
}

extension Diagram.BoxStyle {
    /// Mermaid has classes of its own called `root` and `node`.
    fileprivate var mermaidClass: String { self == .blindSpot ? "blindSpotBox" : "\(rawValue)Box" }

    fileprivate var mermaidStyle: String {
        let tones = Palette.tones(of: self)
        let colors = "fill:\(tones.fill.light),stroke:\(tones.line.light),color:\(tones.name.light)"
        return switch self {
        case .root: colors + ",stroke-width:3px"
        case .rival: colors + ",stroke-dasharray:6 4"
        case .blindSpot: colors + ",stroke-dasharray:2 3"
        default: colors
        }
    }
}
