internal import Alerts
internal import BlastRadius
internal import Inference
internal import Time
internal import Topology

extension ReportSections {
    /// The analysis as values for a template: texts, numbers, lists of such.
    ///
    /// Escaping is the template's.
    var values: [String: Any] {
        var values: [String: Any] = [
            "title": title, "headline": wording.headline, "conclusion": wording.title,
            "optimality": wording.optimality, "proven": analysis.optimality.isProven,
        ]
        values["name"] = analysis.context.title
        values["number"] = analysis.context.number
        values["related"] = analysis.context.related
        values["platform"] = analysis.topology.name
        values["at"] = analysis.now?.rfc3339
        values["firstSign"] = wording.beginning?.rfc3339
        values["unread"] = analysis.unread
        values["counts"] = counts
        values["rootCauses"] = analysis.rootCauses.indices.map(rootCause)
        values["actions"] = analysis.actions.map(action)
        values["timeline"] = ReportTimeline(analysis).rows.map { row in
            ["at": row.at.rfc3339, "time": wording.moment(row.at), "event": row.event, "what": row.what.plain]
        }
        values["changes"] = analysis.changes.map { verdict in
            [
                "id": verdict.change.id, "kind": verdict.change.kind ?? "change", "at": verdict.change.at.rfc3339,
                "verdict": verdict.ruling.rawValue, "why": wording.why(verdict),
            ]
        }
        values["alerts"] = analysis.ledger.map { row in
            [
                "name": row.alert.name, "fingerprint": row.alert.fingerprint,
                "entity": row.match.entity.map(wording.name) ?? "", "began": row.onset.estimate?.rfc3339 ?? "",
                "fired": row.alert.startsAt?.rfc3339 ?? "", "verdict": row.verdict.words,
                "why": wording.reason(row),
            ]
        }
        values["blindSpots"] = analysis.blindSpots.map { spot in
            [
                "entity": wording.name(spot.entity), "observer": wording.name(spot.observer),
                "why": wording.observerState(spot),
            ]
        }
        values["notes"] = analysis.context.notes
        return values
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
