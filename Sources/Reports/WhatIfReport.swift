public import BlastRadius
package import Diagram
internal import Simulation
internal import Time
internal import Topology

/// What a what-if question came to, in every form.
public enum WhatIfReport {
    /// For a terminal, ending in a line break, with ANSI colours if asked for.
    ///
    /// Lines are wrapped to fit `width` columns, 40 at least.
    public static func summary(
        _ forecast: Forecast,
        colours: Bool = false,
        width: Int = TerminalReport.usualWidth
    ) -> String {
        WhatIfWording(forecast).document.terminal(colours: colours, width: max(TerminalReport.leastWidth, width))
    }

    /// As Markdown (GFM) with a picture as large as one screen holds, ending in a line break.
    public static func markdown(_ forecast: Forecast) -> String {
        markdown(forecast, picture: Diagram(picture(forecast)))
    }

    /// The same with a picture that was drawn up before, within the limits of Mermaid.
    package static func markdown(_ forecast: Forecast, picture diagram: Diagram) -> String {
        WhatIfWording(forecast).document.markdown(mermaid: diagram.mermaid)
    }

    /// As one self-contained page, ending in a line break.
    ///
    /// `svg` is the picture, or nil when it could not be drawn.
    public static func html(_ forecast: Forecast, svg: [UInt8]?) -> String {
        WhatIfWording(forecast).document.html(svg: svg)
    }
}

/// The facts of a forecast as sentences and tables.
struct WhatIfWording {
    let forecast: Forecast

    init(_ forecast: Forecast) { self.forecast = forecast }

    private var topology: Topology { forecast.topology }
    private var outcome: Outcome { forecast.answer.outcome }
    private var isDuringIncident: Bool { forecast.incident != nil }

    private func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }

    // MARK: Head

    /// "Loss of host/a and 2 more, with host/b degraded", for people.
    var question: RichText {
        let (question, answer) = (forecast.question, forecast.answer)
        var parts: [RichText] = []
        if !answer.lost.isEmpty { parts.append("loss of \(names: names(answer.lost))") }
        if !question.degradations.isEmpty { parts.append("\(names: names(question.degradations)) degraded") }
        if !question.restores.isEmpty { parts.append("\(names: names(question.restores)) restored") }
        if isDuringIncident { parts.append(parts.isEmpty ? "the incident as it is" : "on top of the incident") }
        return parts.dropFirst().reduce(parts.first ?? "") { "\($0), \($1)" }
    }

    /// What changes, in numbers: "9 of 44 go down", "1 degraded" and so on.
    var counts: [String] {
        let all = outcome.totals.all
        let before = all.down - all.newlyDown + all.recovered
        var parts: [String] = []
        if forecast.answer.lost.isEmpty, before > 0 {
            parts.append("\(before) of \(all.entities) \(before == 1 ? "was" : "were") down before")
        } else {
            parts.append("\(all.newlyDown) of \(all.entities) \(all.newlyDown == 1 ? "goes" : "go") down")
            if before > 0 { parts.append("\(before) down before") }
        }
        if all.recovered > 0 { parts.append("\(all.recovered) \(all.recovered == 1 ? "comes" : "come") back") }
        parts.append("\(all.degraded) degraded")
        parts.append(
            "\(outcome.redundancyLost.count) without \(outcome.redundancyLost.count == 1 ? "its" : "their") redundancy"
        )
        parts.append("\(untouched) untouched")
        return parts
    }

    /// How many are well before and after.
    private var untouched: Int { outcome.totals.all.entities - outcome.impacts.count }

    private var cost: String {
        let (before, after) = (Wording.amount(outcome.costBefore), Wording.amount(outcome.cost))
        return "cost \(before) → \(after)"
    }

    var document: ReportDocument {
        ReportDocument(
            title: "What if: \(question)",
            summary: ["\((counts + [cost]).joined(separator: " · "))"]
                + [incidentLine, changeLine, movesLine].compactMap(\.self),
            sections: [
                .init(heading: "Down", blocks: table(of: down, lastColumn: "by way of", way)),
                .init(heading: "Degraded", blocks: table(of: worst(outcome.degraded), lastColumn: "by way of", way)),
                .init(
                    heading: "Serving, redundancy gone",
                    blocks: table(of: worst(outcome.redundancyLost), lastColumn: "next loss that ends it", ending)
                ),
                .init(heading: "Back up", blocks: table(of: worst(outcome.recovered), lastColumn: "now", nowWord)),
                .init(heading: "Alerts that would fire", blocks: alerts),
                .init(heading: "After rescheduling", blocks: rescheduling),
                .init(heading: "One loss away by what they need", blocks: exposures),
                .init(heading: "The next loss", blocks: nextLosses),
                .init(heading: "Before and after", blocks: totals),
            ]
        )
    }

    private var incidentLine: RichText? {
        guard let incident = forecast.incident else { return nil }
        let roots = names(incident.rootCauses.map(\.entity))
        return roots.isEmpty
            ? "The incident has no root cause: nothing is down before."
            : "Before: the incident's \(Wording.count(roots.count, "root cause")), \(names: roots)."
    }

    /// What somebody who expected more should know: that nothing else happens, what was down anyway, what stays down.
    private var changeLine: RichText? {
        let question = forecast.question
        let asked = Set(question.losses + question.degradations + question.restores)
        guard !asked.isEmpty else { return nil }
        let same = outcome.impacts.filter { $0.before.effect == $0.after.effect }
        var sentences: [RichText] = []
        if same.count == outcome.impacts.count {
            sentences.append("Nothing changes.")
        } else if outcome.impacts.allSatisfy({ asked.contains($0.entity) }) {
            sentences.append("Nothing else is affected.")
        }
        let standing = same.filter { asked.contains($0.entity) && $0.after.isDown }
        let again = names(standing.filter { isFault($0) }.map(\.entity))
        if !again.isEmpty { sentences.append("Down before already: \(names: again).") }
        sentences += standing.filter { !isFault($0) }.map {
            "\(code: topology.name(of: $0.entity)) stays down because of \(names: names($0.because))."
        }
        return sentences.isEmpty ? nil : sentences.dropFirst().reduce(sentences[0]) { "\($0) \($1)" }
    }

    private var movesLine: RichText? {
        guard let after = forecast.answer.rescheduling, !after.moves.isEmpty || !after.stranded.isEmpty else {
            return nil
        }
        return
            "Once \(Wording.count(after.moves.count, "entity", "entities")) moved: \(after.outcome.down.count) down instead of \(outcome.down.count)."
    }

    // MARK: Entities

    /// What goes down, then what was down before; each by criticality, then nearest first.
    private var down: [Impact] {
        worst(outcome.newlyDown) + worst(outcome.down.filter(\.before.isDown))
    }

    private func worst(_ impacts: [Impact]) -> [Impact] {
        impacts.sorted { one, other in
            let (left, right) = (topology.criticality(of: one.entity), topology.criticality(of: other.entity))
            if isFault(one) != isFault(other) { return isFault(one) }
            return (right, one.via.count, one.entity) < (left, other.via.count, other.entity)
        }
    }

    /// Whether its state is its own fault.
    func isFault(_ impact: Impact) -> Bool { impact.because == [impact.entity] }

    private func table(
        of impacts: [Impact],
        lastColumn: String,
        _ last: (Impact) -> RichText
    ) -> [ReportBlock] {
        guard !impacts.isEmpty else { return [] }
        let showsBefore = isDuringIncident || impacts.contains { $0.before.effect != nil }
        let columns = ["entity", "criticality"] + (showsBefore ? ["before"] : []) + [lastColumn]
        let rows = impacts.map { impact -> [RichText] in
            let criticality: RichText = "\(topology.criticality(of: impact.entity).rawValue)"
            let before: [RichText] = showsBefore ? ["\(impact.before.word)"] : []
            return [.code(topology.name(of: impact.entity)), criticality] + before + [last(impact)]
        }
        return [.table(columns, rows)]
    }

    private func way(_ impact: Impact) -> RichText {
        if isFault(impact) {
            if forecast.answer.lost.contains(impact.entity) { return "lost" }
            return forecast.question.degradations.contains(impact.entity) ? "itself" : "root cause"
        }
        if impact.via.isEmpty {
            return isOnlyCause ? "directly" : "\(names: names(impact.because))"
        }
        let steps = impact.via.count > 4 ? ["…"] + names(impact.via.suffix(3)) : names(impact.via)
        let path = steps.joined(separator: " → ")
        return isOnlyCause ? "\(code: path)" : "\(names: names(impact.because), limit: 3) → \(code: path)"
    }

    /// Whether everything that happens has one and the same cause.
    private var isOnlyCause: Bool {
        !isDuringIncident && forecast.answer.lost.count + forecast.question.degradations.count == 1
    }

    private func ending(_ impact: Impact) -> RichText {
        impact.endedBy.isEmpty ? "no single one" : "\(names: names(impact.endedBy), limit: 6)"
    }

    private func nowWord(_ impact: Impact) -> RichText { "\(impact.after.word)" }

    // MARK: Alerts

    private var alerts: [ReportBlock] {
        guard !forecast.predictedAlerts.isEmpty else { return [] }
        let down = Set(outcome.down.map(\.entity))
        let remarks = forecast.predictedAlerts.map { remark($0, down) }
        let hasRemarks = remarks.contains { $0 != nil }
        let rows = zip(forecast.predictedAlerts, remarks).map { predicted, remark -> [RichText] in
            [
                "\(Self.delay(predicted.alert))", .code(predicted.alert.alertname),
                .code(topology.name(of: predicted.alert.entity)),
            ] + (hasRemarks ? [remark ?? ""] : [])
        }
        return [.table(["after", "alert", "entity"] + (hasRemarks ? ["may stay silent"] : []), rows)]
    }

    /// Why an alert may stay silent although it should fire.
    private func remark(_ predicted: PredictedAlert, _ down: Set<EntityID>) -> RichText? {
        if !predicted.blindedBy.isEmpty { return "\(names: names(predicted.blindedBy)) affected" }
        let isGone = predicted.alert.observes == .degraded && down.contains(predicted.alert.entity)
        return isGone ? "down, not degraded" : nil
    }

    static func delay(_ alert: PossibleAlert) -> String {
        alert.delay.map { Span(milliseconds: $0).prometheus } ?? "?"
    }

    // MARK: Rescheduling

    private var rescheduling: [ReportBlock] {
        guard let after = forecast.answer.rescheduling, !after.moves.isEmpty || !after.stranded.isEmpty else {
            return []
        }
        let moves = after.moves.map {
            [.code(topology.name(of: $0.entity)), .code(topology.name(of: $0.from)), .code(topology.name(of: $0.to))]
                as [RichText]
        }
        let stranded = after.stranded.map { stranded -> [RichText] in
            [.code(topology.name(of: stranded.entity)), "\(Self.reason(stranded.reason))"]
        }
        let down = worst(after.outcome.newlyDown).map { topology.name(of: $0.entity) }
        var blocks: [ReportBlock] = []
        if !moves.isEmpty { blocks.append(.table(["moves", "from", "to"], moves)) }
        if !stranded.isEmpty { blocks.append(.table(["cannot move", "because"], stranded)) }
        blocks.append(
            .paragraph(
                down.isEmpty
                    ? "Nothing stays down that was up before." : "Then down: \(names: down, limit: 12)."
            )
        )
        return blocks
    }

    static func reason(_ reason: Rescheduling.Stranded.Reason) -> String {
        switch reason {
        case .noPlaceUp: "no other place where it can run is up"
        case .noRoom: "no other place has room for it"
        }
    }

    // MARK: Outlook

    /// What single further losses bring down only now, besides what has lost redundancy itself.
    private var exposures: [ReportBlock] {
        let weakened = Set(outcome.redundancyLost.map(\.entity))
        let rows = outcome.exposures.filter { !weakened.contains($0.entity) }.map { exposure -> [RichText] in
            [.code(topology.name(of: exposure.entity)), "\(names: names(exposure.to), limit: 6)"]
        }
        return rows.isEmpty ? [] : [.table(["entity", "ended by"], rows)]
    }

    private var nextLosses: [ReportBlock] {
        guard !outcome.nextLosses.isEmpty else { return [] }
        return [
            .table(
                ["entity", "takes down", "that would stay up otherwise", "cost"],
                outcome.nextLosses.map { next in
                    [
                        .code(topology.name(of: next.entity)), "\(next.down)", "\(next.onlyNow)",
                        "\(Wording.amount(next.cost))",
                    ]
                }
            )
        ]
    }

    private var totals: [ReportBlock] {
        let totals = outcome.totals
        let sites = totals.bySite.map { entry -> (RichText, ImpactTotals.Count) in
            (entry.site.map { .code(topology.name(of: $0)) } ?? "in no site", entry.count)
        }
        let rest: [(RichText, ImpactTotals.Count)] =
            totals.byCriticality.map { ("criticality \($0.criticality.rawValue)", $0.count) }
            + totals.byKind.map { ("kind \($0.kind.name)", $0.count) }
        let columns: [(name: String, value: (ImpactTotals.Count) -> Int)] = [
            ("all", { $0.entities }), ("down before", { $0.down - $0.newlyDown + $0.recovered }),
            ("down after", { $0.down }),
            ("degraded", { $0.degraded }), ("redundancy gone", { $0.reduced }),
        ]
        // The two last say nothing where they hold nothing.
        let shown = columns.enumerated().filter { $0.offset < 3 || $0.element.value(totals.all) > 0 }.map(\.element)
        let rows: [(RichText, ImpactTotals.Count)] = [("everything", totals.all)] + sites + rest
        return [
            .table(
                ["of"] + shown.map(\.name),
                rows.map { scope, count in [scope] + shown.map { "\($0.value(count))" } }
            )
        ]
    }
}

extension Condition {
    /// The worst of it in a word or two.
    var word: String {
        switch effect {
        case .down: "down"
        case .degraded: "degraded"
        case .reduced: "redundancy gone"
        case .starved, nil: "up"
        }
    }
}
