internal import Alerts
internal import BlastRadius
internal import Inference
internal import Mustache
internal import Time
internal import Topology

extension ReportSections {
    /// The analysis as values for a template: texts, numbers, lists of such.
    ///
    /// Escaping is the template's.
    var values: [String: () -> Any?] {
        [
            "title": { title }, "headline": { wording.headline }, "conclusion": { wording.title },
            "optimality": { wording.optimality }, "proven": { analysis.optimality.isProven },
            "name": { analysis.context.title }, "number": { analysis.context.number },
            "related": { analysis.context.related }, "platform": { analysis.topology.name },
            "at": { analysis.now?.rfc3339 }, "firstSign": { wording.beginning?.rfc3339 },
            "unread": { analysis.unread }, "counts": { counts },
            "rootCauses": { analysis.rootCauses.indices.map(rootCause) }, "actions": { analysis.actions.map(action) },
            "timeline": { ReportTimeline(analysis).rows.map(row) }, "changes": { analysis.changes.map(change) },
            "alerts": { analysis.ledger.map(alert) }, "blindSpots": { analysis.blindSpots.map(blindSpot) },
            "notes": { analysis.context.notes },
        ]
    }

    private func row(_ row: ReportTimeline.Row) -> [String: String] {
        ["at": row.at.rfc3339, "time": wording.moment(row.at), "event": row.event, "what": row.what.plain]
    }

    private func change(_ verdict: Analysis.ChangeVerdict) -> [String: String] {
        [
            "id": verdict.change.id, "kind": verdict.change.kind ?? "change", "at": verdict.change.at.rfc3339,
            "verdict": verdict.ruling.rawValue, "why": wording.why(verdict),
        ]
    }

    private func alert(_ row: Analysis.LedgerRow) -> [String: String] {
        [
            "name": row.alert.name, "fingerprint": row.alert.fingerprint,
            "entity": row.match.entity.map(wording.name) ?? "", "began": row.onset.estimate?.rfc3339 ?? "",
            "fired": row.alert.startsAt?.rfc3339 ?? "", "verdict": row.verdict.words, "why": wording.reason(row),
        ]
    }

    private func blindSpot(_ spot: Analysis.BlindSpot) -> [String: String] {
        [
            "entity": wording.name(spot.entity), "observer": wording.name(spot.observer),
            "why": wording.observerState(spot),
        ]
    }

    private var counts: [String: Int] {
        let counts = analysis.counts
        return [
            "total": analysis.ledger.count, "root": counts[.root] ?? 0, "explained": counts[.explained] ?? 0,
            "knownIssue": counts[.knownIssue] ?? 0, "chronic": counts[.chronic] ?? 0,
            "suppressed": counts[.suppressed] ?? 0, "unexplained": counts[.unexplained] ?? 0,
            "unmatched": counts[.unmatched] ?? 0, "resolved": counts[.resolved] ?? 0,
        ]
    }

    private func rootCause(_ index: Int) -> [String: Any] {
        let root = analysis.rootCauses[index]
        let consequences = wording.consequences(index)
        func seen(_ effect: Effect) -> [String] {
            wording.names(consequences.filter { $0.effect == effect }.flatMap(\.seen))
        }
        var values: [String: Any] = [
            "rank": index + 1, "entity": wording.name(root.entity), "state": wording.state(root.effect),
            "severity": root.severity.rawValue, "since": wording.since(root),
            "confidence": Wording.percent(root.confidence), "silent": root.isSilent,
            "evidence": wording.evidence(root), "suppressions": wording.suppressions(root),
            "contradictions": wording.contradictions(index),
            "explains": root.explains.count,
            "takesDown": seen(.down), "degrades": seen(.degraded),
            "expected": wording.names(consequences.flatMap { $0.expected + $0.unclear }),
            "actions": wording.actions(index).map(action),
        ]
        values["onset"] = root.onset?.rfc3339
        values["alternatives"] = root.alternatives.map { rival in
            [
                "entity": wording.what(rival).plain,
                "confidence": Wording.percent(rival.confidence),
                "toTellApart": wording.toTellApart(root, rival) ?? "",
            ]
        }
        return values
    }

    private func action(_ action: Analysis.Action) -> [String: String] {
        ["priority": action.priority.rawValue, "text": action.text, "why": wording.why(action)]
    }
}

/// Values by their names, each made when a template first asks for it: most templates ask for few.
final class TemplateValues: MustacheParent {
    private let makers: [String: () -> Any?]
    private var made: [String: Any?] = [:]

    init(_ makers: [String: () -> Any?]) { self.makers = makers }

    func child(named name: String) -> Any? {
        if let known = made[name] { return known }
        let value = makers[name]?()
        made.updateValue(value, forKey: name)
        return value
    }
}
