import Topology

extension Diagram {
    /// Draws up the picture of a source: siblings share boxes, the nearest and gravest get the space, the rest is counted.
    ///
    /// - Complexity: O((entities + arrows) log arrows), with a small constant number of passes.
    package init(_ source: DiagramSource, options: DiagramOptions = DiagramOptions()) {
        let selection = DiagramSelection(source, options)
        let plan = BoxPlan(selection, source.topology, options)

        heading = source.heading.map { LabelText.cut($0) }
        title = LabelText.cut(source.title)
        facts = (source.facts + Self.extent(source, options)).map { LabelText.cut($0) }.filter { !$0.isEmpty }
        rooms = []
        legend = []
        notes = []
        description = []
        arrows = []
        boxes = plan.groups.enumerated().map { rank, group in
            let members = group.items.map { selection.entities[$0] }
            let statuses = group.items.map { selection.statuses[$0] }
            let style = statuses[0].role.style
            let text = BoxText(
                topology: source.topology,
                members: members,
                statuses: statuses,
                style: style,
                spread: group.spread
            )
            let (names, more) = text.names
            return Box(
                id: ElementID.make(members.count == 1 ? "e" : "g", source.topology.name(of: members[0])),
                style: style,
                memberCount: members.count,
                caption: text.caption,
                names: names,
                more: more,
                lines: text.lines,
                tooltip: text.tooltip,
                links: text.links,
                room: nil,
                rank: rank
            )
        }
        makeIDsUnique()
        arrows = plan.arrows.map {
            Arrow(
                id: "a-\(boxes[$0.from].id)-\(boxes[$0.to].id)",
                from: $0.from,
                to: $0.to,
                kind: $0.kind,
                label: Self.label(ofSkipped: $0.skipped)
            )
        }
        furnishRooms(
            source.topology,
            members: plan.groups.map { $0.items.map { selection.entities[$0] } },
            outer: plan.groups.map(\.room)
        )
        for (box, count) in plan.hidden.enumerated() where count > 0 {
            boxes[box].lines.append("→ +\(count) not drawn")
        }
        legend = occurringStyles(source)
        direction = options.direction ?? readableDirection
        notes = notes(source, selection, plan)
        description = words
    }

    /// What a reader has to know of a picture that is not the whole.
    private static func extent(_ source: DiagramSource, _ options: DiagramOptions) -> [String] {
        guard let focus = options.focus, (0..<source.topology.entityCount).contains(focus.index), !options.all else {
            return []
        }
        return ["only what surrounds \(source.topology.name(of: focus))"]
    }

    /// What an arrow says of the entities on its way that have no box: `2 steps left out`.
    private static func label(ofSkipped skipped: ClosedRange<Int>) -> String? {
        guard skipped.lowerBound > 0 else { return nil }
        if skipped == 1...1 { return "1 step left out" }
        let most = skipped.count > 1 ? " to \(skipped.upperBound)" : ""
        return "\(skipped.lowerBound)\(most) steps left out"
    }

    private mutating func makeIDsUnique() {
        var seen: Set<String> = []
        for index in boxes.indices {
            var id = boxes[index].id
            while !seen.insert(id).inserted { id = "\(boxes[index].id)-\(index)" }
            boxes[index].id = id
        }
    }

    private func occurringStyles(_ source: DiagramSource) -> [LegendEntry] {
        let styles = Set(boxes.map(\.style))
        let kinds = Set(arrows.map(\.kind))
        return BoxStyle.allCases.filter(styles.contains).map {
            .box($0, as: source.meanings[$0].map { LabelText.cut($0) })
        }
            + kinds.sorted().map { .arrow($0, as: source.arrowMeanings[$0].map { LabelText.cut($0) }) }
    }

    private func notes(
        _ source: DiagramSource,
        _ selection: DiagramSelection,
        _ plan: BoxPlan
    ) -> [String] {
        var notes: [String] = []
        let aside = source.setAside.filter { $0.count > 0 }
        if !aside.isEmpty {
            let total = aside.reduce(0) { $0 + $1.count }
            let items = aside.sorted { ($1.count, $0.label) < ($0.count, $1.label) }
            let shown = items.prefix(6).map { "\(LabelText.cut($0.label, to: 60)) \($0.count)" }
            let more = items.count > 6 ? ["+\(items.count - 6) more kinds"] : []
            notes.append(
                "Set aside: \(total) \(total == 1 ? "alert" : "alerts")  (\((shown + more).joined(separator: ", ")))"
            )
        }
        notes += source.remarks.map { LabelText.cut($0) }
        let topology = source.topology
        let unrelated = selection.unrelated.map { LabelText.cut(topology.name(of: $0), to: 60) }
        if !unrelated.isEmpty {
            let words = unrelated.count == 1 ? "cause that leads" : "causes that lead"
            let names = (unrelated.prefix(4) + (unrelated.count > 4 ? ["…"] : [])).joined(separator: ", ")
            notes.append("+\(unrelated.count) \(words) to nothing here, not drawn: \(names)")
        }
        let cut = plan.cut.map { selection.entities[$0] }
        if !cut.isEmpty { notes.append("+\(cut.count) more not drawn: \(Self.census(cut, topology))") }
        let outside = selection.outside
        if !outside.isEmpty {
            notes.append("+\(outside.count) out of range, not drawn: \(Self.census(outside, topology))")
        }
        if plan.arrowsLeftOut > 0 { notes.append("\(plan.arrowsLeftOut) further arrows not drawn") }
        return notes
    }

    /// Counts by kind: `20 pods, 8 deployments`.
    private static func census(_ entities: [EntityID], _ topology: Topology) -> String {
        var counts: [String: Int] = [:]
        for entity in entities { counts[topology.kind(of: entity).label, default: 0] += 1 }
        let items = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = items.prefix(5).map {
            "\($0.value) \(LabelText.cut($0.value == 1 ? $0.key : $0.key.plural, to: 28))"
        }
        return (shown + (items.count > 5 ? ["…"] : [])).joined(separator: ", ")
    }

    /// The picture in sentences: the title, the ledger, each root cause with what it leads to, what nobody can tell.
    private var words: [String] {
        var words = [title] + (facts.isEmpty ? [] : [facts.joined(separator: ", ") + "."])
        for (index, box) in boxes.enumerated() where [.root, .unexplained, .blindSpot].contains(box.style) {
            var sentence = "\(box.caption): \(box.shortText)"
            if !box.lines.isEmpty { sentence += ", \(box.lines.joined(separator: ", "))" }
            let effects = arrows.filter { $0.from == index && $0.kind <= .harms }.map { boxes[$0.to].kindAndText }
            if !effects.isEmpty { sentence += "; it takes down or harms \(effects.prefix(8).joined(separator: ", "))" }
            words.append(sentence + ".")
        }
        return words + notes.map { $0 + "." }
    }
}
