internal import Alerts
public import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

/// The analysis as an incident report in Markdown (GFM): what the evidence says, under the headings that people use.
/// What only people can know is a marked empty heading, never invented.
public enum MarkdownReport {
    /// The whole document, ending in a line break.
    public static func render(_ analysis: Analysis) -> String {
        Renderer(analysis: analysis, wording: Wording(analysis: analysis)).text
    }
}

private struct Renderer {
    let analysis: Analysis
    let wording: Wording

    var text: String {
        let sections = [
            heading, summary, picture, timeline, incidents, noise, rootCauses, impact, actions, changes, openAlerts,
            notes, people, ledger,
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private func escape(_ text: String) -> String { MarkdownText.escape(text) }
    private func code(_ entity: EntityID) -> String { MarkdownText.code(wording.name(entity)) }

    private func table(_ columns: [String], _ rows: [[String]]) -> [String] {
        [
            "| " + columns.joined(separator: " | ") + " |",
            "|" + columns.map { _ in "---" }.joined(separator: "|") + "|",
        ] + rows.map { "| " + $0.joined(separator: " | ") + " |" }
    }

    // MARK: Head

    private var firstSign: Timestamp? { analysis.timeline.first?.at }

    private var heading: [String] {
        let context = analysis.context
        let number = context.number.map { " \(escape("#" + $0))" } ?? ""
        let time = firstSign.map { " " + $0.rfc3339 } ?? ""
        let title = context.title.map { " — \(escape($0))" } ?? ""
        var lines = ["# Incident\(number)\(time)\(title)"]
        if !context.related.isEmpty {
            lines += ["", "Related: " + context.related.map(escape).joined(separator: ", ")]
        }
        return lines
    }

    private var summary: [String] {
        let roots = analysis.rootCauses.map { root in
            code(root.entity) + " " + wording.state(root.effect)
                + (root.onset.map { " since \($0.hourAndMinute)" } ?? "")
        }
        let cause = roots.isEmpty ? "" : " \(Wording.list(roots, limit: 8))."
        let counts = analysis.counts
        return [
            "## Summary", "",
            "\(wording.title)\(cause) \(Wording.count(counts[.knownIssue] ?? 0, "alert is a known issue", "alerts are known issues")), "
                + "\(counts[.unexplained] ?? 0) unexplained, \(counts[.unmatched] ?? 0) unmatched; "
                + "the explanation is \(wording.optimality).",
            "",
            "**State of knowledge**: \(analysis.now.map(\.rfc3339) ?? "unknown").",
        ]
    }

    private var picture: [String] {
        let diagram = Diagram(DiagramReport.source(analysis))
        guard !diagram.boxes.isEmpty else { return [] }
        return ["```mermaid", diagram.mermaid.trimmingTrailingNewline, "```"]
    }

    private var timeline: [String] {
        guard !analysis.timeline.isEmpty else { return [] }
        let days = Set(analysis.timeline.map(\.at.day)).count
        return ["## Timeline", ""]
            + table(
                ["Time (UTC)", "Entity", "What"],
                analysis.timeline.map { event in
                    let time = days > 1 ? "\(event.at.day) \(event.at.hourAndMinute)" : event.at.hourAndMinute
                    return [time, event.entity.map(code) ?? "", escape(wording.what(event))]
                }
            )
    }

    // MARK: Incidents

    private var incidents: [String] {
        guard !analysis.rootCauses.isEmpty else { return [] }
        var lines = ["## Real incidents (action required)"]
        for (index, root) in analysis.rootCauses.enumerated() {
            lines += ["", "### \(index + 1). \(code(root.entity)) \(wording.state(root.effect))", ""]
            lines += ["**Severity**: \(root.severity.rawValue.capitalizedFirst)", "", "**Evidence**:", ""]
            lines += evidence(of: root)
            lines += ["", "**Assessment**: \(assessment(of: root, index))"]
        }
        return lines
    }

    private func evidence(of root: Analysis.RootCause) -> [String] {
        var groups: [String: [Analysis.LedgerRow]] = [:]
        for row in root.explains.map({ analysis.ledger[$0] }) { groups[row.alert.name, default: []].append(row) }
        var lines = groups.keys.sorted().map { name -> String in
            let rows = groups[name] ?? []
            let entities = Set(rows.compactMap(\.match.entity)).sorted().map(code)
            return "- \(rows.count) × \(MarkdownText.code(name)) on \(Wording.list(entities, limit: 6))"
        }
        if !root.witnesses.isEmpty {
            lines.append("- seen failing from \(Wording.list(root.witnesses.map(code), limit: 8))")
        }
        for index in root.observations {
            let seen = analysis.observations[index]
            lines.append(
                "- \(code(seen.entity)) observed \(seen.observation.state.rawValue)"
                    + (seen.observation.source.map { ": \(escape($0))" } ?? "")
            )
        }
        if root.isSilent { lines.append("- it has no alert of its own; what it explains points to it") }
        return lines
    }

    private func assessment(of root: Analysis.RootCause, _ index: Int) -> String {
        let down = wording.takesDown(index)
        var sentences = [escape(wording.since(root)).capitalizedFirst + ", \(Wording.percent(root.confidence)) % sure."]
        if !down.isEmpty { sentences.append("It takes down \(Wording.list(down.map(code), limit: 12)).") }
        return sentences.joined(separator: " ")
    }

    private var noise: [String] {
        let rows = analysis.ledger.filter { [.knownIssue, .chronic, .suppressed].contains($0.verdict) }
        guard !rows.isEmpty else { return [] }
        var groups: [String: [Analysis.LedgerRow]] = [:]
        for row in rows {
            groups["\(row.alert.name)\u{0}\(row.knownIssue?.id ?? row.verdict.rawValue)", default: []].append(row)
        }
        var lines = ["## Chronic noise (no intervention needed)", ""]
        for (number, key) in groups.keys.sorted().enumerated() {
            let group = groups[key] ?? []
            guard let first = group.first else { continue }
            var reason = wording.reason(first)
            if let issue = first.knownIssue { reason = issue.id + (issue.reason.map { ": \($0)" } ?? "") }
            lines.append("\(number + 1). **\(escape(first.alert.name))** (\(group.count)): \(escape(reason))")
            for row in group {
                guard let span = row.knownIssue?.outOfCharacterFor else { continue }
                let entity = row.match.entity.map(code) ?? MarkdownText.code(row.alert.fingerprint)
                lines.append(
                    "   - out of character: \(entity) has been firing \(span.short) longer than it takes to settle"
                )
            }
            if first.knownIssue?.isReviewOverdue == true { lines.append("   - its review is overdue") }
        }
        return lines
    }

    // MARK: Causes

    private var rootCauses: [String] {
        guard !analysis.rootCauses.isEmpty else { return [] }
        let ranks = ["Primary", "Secondary", "Tertiary"]
        var lines = ["## Root cause analysis"]
        for (index, root) in analysis.rootCauses.enumerated() {
            let rank = index < ranks.count ? ranks[index] : "Cause \(index + 1)"
            lines += [
                "",
                "**\(rank)**: \(code(root.entity)), \(escape(wording.since(root))), confidence \(Wording.percent(root.confidence)) %.",
            ]
            if !root.alternatives.isEmpty {
                lines.append("")
                for alternative in root.alternatives {
                    let what = alternative.entity.map(code) ?? "noise"
                    let apart =
                        wording.toTellApart(root, alternative).map { ". To tell them apart: \(escape($0))" } ?? ""
                    lines.append("- or \(what), \(Wording.percent(alternative.confidence)) %\(apart)")
                }
            }
        }
        return lines
    }

    private var impact: [String] {
        var areas: [String: [Analysis.Affected]] = [:]
        for affected in analysis.affected {
            areas[analysis.topology.kind(of: affected.entity).area.rawValue, default: []].append(affected)
        }
        guard !areas.isEmpty else { return [] }
        var lines = ["## Impact by area", ""]
        for area in areas.keys.sorted() {
            let parts = [Effect.down, .degraded, .reduced].compactMap { effect -> String? in
                let names = (areas[area] ?? []).filter { $0.effect == effect }.map { code($0.entity) }
                return names.isEmpty ? nil : "\(wording.state(effect)): \(Wording.list(names, limit: 10))"
            }
            lines.append("- **\(escape(area))**: " + parts.joined(separator: "; "))
        }
        return lines
    }

    private var actions: [String] {
        guard !analysis.actions.isEmpty else { return [] }
        return ["## Recommended actions", ""]
            + analysis.actions.enumerated().map {
                "\($0.offset + 1). **\($0.element.priority.rawValue)**: \(escape($0.element.text))"
            }
    }

    private var changes: [String] {
        guard !analysis.changes.isEmpty else { return [] }
        return ["## Changes considered", ""]
            + analysis.changes.map { verdict in
                "- \(escape(verdict.change.kind ?? "change")) \"\(escape(verdict.change.id))\": "
                    + "**\(verdict.ruling == .ruledOut ? "ruled out" : verdict.ruling.rawValue)**, \(escape(wording.why(verdict)))"
            }
    }

    private var openAlerts: [String] {
        var lines: [String] = []
        let open = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }
        if !open.isEmpty {
            lines += ["## Not explained", ""]
            lines += open.map { row in
                "- \(MarkdownText.code(row.alert.name)) \(row.match.entity.map { "on \(code($0))" } ?? ""): \(escape(wording.reason(row)))"
            }
        }
        if !analysis.blindSpots.isEmpty {
            if !lines.isEmpty { lines.append("") }
            lines += ["## Blind spots", ""]
            lines += analysis.blindSpots.map {
                "- \(code($0.entity)): observed by \(code($0.observer)), which is affected, so silence proves nothing"
            }
        }
        return lines
    }

    private var notes: [String] {
        let context = analysis.context
        let blind = context.blind.map { "\($0.source)\($0.reason.map { ": \($0)" } ?? "")" }
        let all =
            context.notes + blind.filter { text in !context.notes.contains { $0.hasPrefix(text.prefix { $0 != ":" }) } }
        guard !all.isEmpty else { return [] }
        return ["## Operational notes", ""] + all.map { "- \(escape($0))" }
    }

    private var people: [String] {
        ["## For people to write"]
            + ["Trigger", "Resolution", "Lessons learned"].flatMap {
                ["", "### \($0)", "", "_Not known to this report._"]
            }
    }

    private var ledger: [String] {
        ["## All alerts", ""]
            + table(
                ["Alert", "Entity", "Began", "Fired", "Verdict", "Why"],
                analysis.ledger.map { row in
                    [
                        MarkdownText.code(row.alert.name), row.match.entity.map(code) ?? "",
                        row.onset.estimate?.hourAndMinute ?? "", row.alert.startsAt?.hourAndMinute ?? "",
                        row.verdict.rawValue, escape(wording.reason(row)),
                    ]
                }
            )
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    fileprivate var trimmingTrailingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
