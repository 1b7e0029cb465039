internal import Alerts
public import BlastRadius
internal import Diagnostics
internal import Inference
internal import Time
internal import Topology

/// The summary that an operator reads first: what broke, since when, what it takes down, what to do.
public enum TerminalReport {
    /// How many columns a report has where no terminal says.
    public static let usualWidth = 100
    /// No report is made for fewer columns than these.
    static let leastWidth = 40

    /// The text, ending in a line break, with ANSI colours if asked for.
    ///
    /// Lines are wrapped to fit `width` columns, 40 at least; the headline and those of root causes only where that is less than
    /// usual, for programs look for them line by line. Control characters of the inputs are replaced.
    public static func render(_ analysis: Analysis, colours: Bool = false, width: Int = usualWidth) -> String {
        Renderer(
            analysis: analysis,
            wording: Wording(analysis: analysis),
            style: TerminalStyle(colours: colours),
            width: max(leastWidth, width)
        ).text
    }
}

/// ANSI sequences, or none.
struct TerminalStyle {
    var colours: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func faint(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "1;31") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func green(_ text: String) -> String { wrap(text, "32") }

    private func wrap(_ text: String, _ code: String) -> String {
        colours ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

private struct Renderer {
    let analysis: Analysis
    let wording: Wording
    let style: TerminalStyle
    let width: Int

    var text: String {
        var lines: [String] = []
        let context = analysis.context
        if context.title != nil || context.number != nil {
            let title = [context.number.map { "#\($0)" }, context.title].compactMap(\.self).joined(separator: " ")
            lines += heading(title).map(style.bold)
        }
        lines += heading(wording.headline).map(style.bold)
        if let incomplete = wording.incomplete {
            lines += heading("incomplete: \(incomplete)").map(style.yellow)
        }
        for index in analysis.rootCauses.indices { lines += [""] + block(index) }
        lines += bursts() + openAlerts() + noise() + ended() + changes() + otherActions() + blindSpots()
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Root causes

    private func block(_ index: Int) -> [String] {
        let root = analysis.rootCauses[index]
        let silent = root.isSilent ? ", silent" : ""
        let severity = root.severity.rawValue.uppercased()
        let name = clean(wording.name(root.entity))
        let rest = clean("\(silent)   \(wording.since(root))   \(Wording.percent(root.confidence)) %")
        let plain = "\(index + 1)  \(severity)  \(name)"
        let head = "\(index + 1)  " + style.red(severity) + "  " + style.bold(name)
        var lines = [head + rest]
        if plain.count + rest.count > headingWidth {
            lines = [head + silent] + wrapped(String(rest.dropFirst(silent.count + 3)), indent: 3, hang: 3)
        }
        let evidence = wording.evidence(root)
        if !evidence.isEmpty { lines += field("", evidence) }
        for suppression in wording.suppressions(root) { lines += field("", suppression) }
        for reason in wording.reasons(root) { lines += field("before it", "\(reason.plain), its likely reason") }
        for other in wording.alsoFiring(root) { lines += field("also", other.plain) }
        for seen in wording.observations(root).prefix(3) {
            let names = Wording.list(wording.shortNames(seen.entities))
            lines += field("seen", "\(names) \(seen.state): \(seen.source)")
        }
        for contradiction in wording.contradictions(index) { lines += field("but", contradiction) }
        let consequences = wording.consequences(index)
        for one in consequences where !one.seen.isEmpty {
            lines += field(one.label, wording.shortList(one.seen) + wording.tail(one))
        }
        for one in consequences where !one.expected.isEmpty {
            let names = wording.shortList(one.expected) + wording.tail(one)
            lines += field("no alert", "\(names): \(one.expectation)")
        }
        for one in consequences where !one.unclear.isEmpty {
            lines += field(
                "unclear",
                "\(wording.withOtherAlerts(one.unclear).plain)\(wording.tail(one)): \(one.expectation)"
            )
        }
        for discounted in wording.discounted(root) { lines += field("discounted", discounted.plain) }
        let all = root.alternatives
        let equals = all.filter { Wording.percent($0.confidence) == Wording.percent(root.confidence) }
        if equals.count > 3 {
            let names = equals.prefix(3).map { wording.what($0).plain }
            lines += field("or", "another that is as likely, such as \(Wording.list(names))")
        }
        let rivals = equals.count > 3 ? Array(all.dropFirst(equals.count)) : all
        let likely = rivals.prefix(3).filter { $0.confidence >= 0.02 }
        for rival in likely {
            let apart = wording.toTellApart(root, rival).map { ": \($0)" } ?? ""
            let same = rival.isInterchangeable ? ", which explains the same" : ""
            lines += field("or", "\(wording.what(rival).plain) (\(Wording.percent(rival.confidence)) %)\(same)\(apart)")
        }
        if root.omittedAlternatives > 0 {
            lines += field("or", "one of \(rivals.count - likely.count + root.omittedAlternatives) more")
        }
        for change in root.changes {
            let verdict = analysis.changes[change]
            lines += field(
                "change",
                "\"\(verdict.change.id)\" \(verdict.ruling == .ruledOut ? "ruled out" : "candidate"): \(wording.why(verdict))"
            )
        }
        for action in wording.actions(index) { lines += field("do", describe(action)) }
        return lines
    }

    private func describe(_ action: Analysis.Action) -> String {
        "\(action.priority.rawValue)  \(action.text) (\(wording.why(action)))"
    }

    // MARK: The rest

    private func bursts() -> [String] {
        let bursts = wording.bursts
        return bursts.isEmpty
            ? [] : ["", style.yellow("together")] + bursts.flatMap { wrapped(wording.what($0), indent: 3, hang: 5) }
    }

    private func openAlerts() -> [String] {
        let open = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }
        guard !open.isEmpty else { return [] }
        var lines = ["", style.yellow("not explained")]
        for row in open.prefix(8) {
            let entity = row.match.entity.map { " on \(wording.name($0))" } ?? ""
            lines += wrapped("\(row.alert.shownName)\(entity): \(wording.reason(row))", indent: 3, hang: 5)
        }
        if open.count > 8 { lines.append("   … and \(open.count - 8) more: see --format json, or `match`") }
        return lines
    }

    private func noise() -> [String] {
        var groups: [String: [Analysis.LedgerRow]] = [:]
        var unusual: [String] = []
        for row in analysis.ledger where [.knownIssue, .chronic, .suppressed].contains(row.verdict) {
            let issue = row.verdict == .knownIssue && !row.alert.isMeta ? row.knownIssue?.id : nil
            let key = issue ?? "\(row.alert.shownName)\u{0}\(row.verdict.rawValue)\u{0}\(row.suppression ?? "")"
            groups[key, default: []].append(row)
            if let span = row.knownIssue?.outOfCharacterFor {
                unusual.append(
                    "\(row.alert.shownName) (\(issue ?? row.alert.shownName)) has been firing \(span.short) longer than it takes to settle"
                )
            }
        }
        guard !groups.isEmpty else { return [] }
        var lines = ["", style.faint("set aside")]
        for (_, rows) in groups.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            guard let first = rows.first else { continue }
            let issue = first.verdict == .knownIssue && !first.alert.isMeta ? first.knownIssue : nil
            let what =
                "\(issue?.id ?? first.alert.shownName): \(issue.map { $0.reason ?? first.alert.shownName } ?? wording.reason(rows))"
            lines += wrapped("\(rows.count) × \(what)", indent: 3, hang: 5)
        }
        if let overdue = wording.overdueReviews { lines += wrapped(overdue, indent: 3, hang: 5) }
        for line in unusual { lines += wrapped("out of character: \(line)", indent: 3, hang: 5) }
        return lines
    }

    /// What was over before the alerts were read.
    private func ended() -> [String] {
        let rows = analysis.ledger.filter { $0.verdict == .resolved }
        guard !rows.isEmpty else { return [] }
        let groups = Dictionary(grouping: rows) { $0.alert.shownName }
        return ["", style.faint("ended")]
            + groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.flatMap { name, rows in
                wrapped("\(rows.count) × \(name): \(wording.reason(rows))", indent: 3, hang: 5)
            }
    }

    private func changes() -> [String] {
        let attached = Set(analysis.rootCauses.flatMap(\.changes))
        let others = analysis.changes.indices.filter { !attached.contains($0) }
        guard !others.isEmpty else { return [] }
        return ["", style.faint("changes")]
            + others.flatMap { index -> [String] in
                let verdict = analysis.changes[index]
                return wrapped(
                    "\"\(verdict.change.id)\" \(verdict.ruling.rawValue): \(wording.why(verdict))",
                    indent: 3,
                    hang: 5
                )
            }
    }

    private func otherActions() -> [String] {
        let attached = Set(analysis.rootCauses.flatMap(\.actions).map(\.text))
        let others = analysis.actions.filter { !attached.contains($0.text) }
        guard !others.isEmpty else { return [] }
        return ["", style.faint("also")]
            + others.flatMap { wrapped(describe($0), indent: 3, hang: 5) }
    }

    private func blindSpots() -> [String] {
        guard !analysis.blindSpots.isEmpty else { return [] }
        return ["", style.faint("blind spots")]
            + wording.blindSpots.flatMap { group in
                let presumed = group.presumed.isEmpty ? [] : ["presumed to be affected: \(listed(group.presumed))"]
                let unknown = group.unknown.isEmpty ? [] : ["not known: \(listed(group.unknown))"]
                let what = (presumed + unknown).joined(separator: "; ")
                return wrapped(
                    "\(group.cause), so silence proves nothing. \(what.capitalizedFirst)",
                    indent: 3,
                    hang: 5
                )
            }
    }

    private func listed(_ entities: [EntityID]) -> String {
        entities.count > 8 ? wording.counts(entities) : Wording.list(wording.names(entities), limit: 8)
    }

    // MARK: Layout

    private var headingWidth: Int { width < TerminalReport.usualWidth ? width : .max }

    private func heading(_ text: String) -> [String] {
        TerminalLayout.wrap(text, indent: 0, hang: 0, width: headingWidth)
    }

    private func clean(_ text: String) -> String { text.withVisibleControls }

    private func field(_ label: String, _ value: String) -> [String] {
        let padded = label.isEmpty ? "" : label + String(repeating: " ", count: max(1, 12 - label.count))
        return wrapped(padded + value, indent: 3, hang: label.isEmpty ? 3 : 15)
    }

    private func wrapped(_ text: String, indent: Int, hang: Int) -> [String] {
        TerminalLayout.wrap(text, indent: indent, hang: hang, width: width)
    }
}
