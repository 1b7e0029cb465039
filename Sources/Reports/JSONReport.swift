internal import Alerts
public import BlastRadius
internal import Inference
internal import JSON
internal import Time
internal import Topology

/// The analysis as JSON, `schemaVersion` 1: docs/schema/analysis.schema.json.
public enum JSONReport {
    /// The whole document, ending in a line break.
    ///
    /// - Complexity: O(size of the analysis).
    public static func render(_ analysis: Analysis) -> [UInt8] {
        var writer = JSONWriter()
        let renderer = Renderer(analysis: analysis, wording: Wording(analysis: analysis))
        renderer.write(to: &writer)
        return writer.takeFile()
    }
}

private struct Renderer {
    let analysis: Analysis
    let wording: Wording

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("schemaVersion", 1)
            if let title = analysis.context.title { writer.member("title", title) }
            if let number = analysis.context.number { writer.member("number", number) }
            if !analysis.context.related.isEmpty { writer.member("related", analysis.context.related) }
            if let name = analysis.topology.name { writer.member("platform", name) }
            if let now = analysis.now { writer.member("at", now.rfc3339) }
            if !analysis.unread.isEmpty { writer.member("unread", analysis.unread) }
            writer.array("rootCauses") { writer in
                for index in analysis.rootCauses.indices { writer.object { write(index, to: &$0) } }
            }
            writer.array("ranking") { writer in
                for entry in analysis.ranking {
                    writer.object {
                        $0.member("entity", wording.name(entry.entity))
                        $0.member("confidence", entry.confidence)
                    }
                }
            }
            writeCounts(to: &writer)
            writer.array("ledger") { writer in
                for row in analysis.ledger { writer.object { write(row, to: &$0) } }
            }
            writer.array("affected") { writer in
                for affected in analysis.affected {
                    writer.object {
                        $0.member("entity", wording.name(affected.entity))
                        $0.member("effect", affected.effect.rawValue)
                        $0.member("because", roots(affected.because))
                        if affected.isJoint { $0.member("jointly", true) }
                        $0.member("via", wording.names(affected.via))
                        $0.member("seen", wording.isSeen(affected))
                    }
                }
            }
            writeRest(to: &writer)
        }
    }

    private func write(_ index: Int, to writer: inout JSONWriter) {
        let root = analysis.rootCauses[index]
        writer.member("entity", wording.name(root.entity))
        writer.member("effect", root.effect.rawValue)
        writer.member("severity", root.severity.rawValue)
        writer.member("onset", root.onset?.rfc3339)
        writer.member("onsetSource", root.onsetSource)
        writer.member("confidence", root.confidence)
        writer.member("silent", root.isSilent)
        writer.member("explains", root.explains.map { analysis.ledger[$0].alert.fingerprint })
        if !root.reasons.isEmpty {
            writer.member("reasons", root.reasons.map { analysis.ledger[$0].alert.fingerprint })
        }
        writer.member("witnesses", wording.names(root.witnesses))
        writer.member(
            "observations",
            root.observations.map { index in
                let observation = analysis.observations[index].observation
                return observation.source ?? observation.state.rawValue
            }
        )
        let contradictions = wording.contradictions(index)
        if !contradictions.isEmpty { writer.member("contradictedBy", contradictions) }
        if let margin = root.margin { writer.member("margin", margin.nats) }
        writer.array("alternatives") { writer in
            for alternative in root.alternatives {
                guard let entity = alternative.entity else { continue }
                writer.object {
                    $0.member("entity", wording.name(entity))
                    $0.member("confidence", alternative.confidence)
                    if !alternative.together.isEmpty { $0.member("with", wording.names(alternative.together)) }
                    $0.member("interchangeable", alternative.isInterchangeable)
                    $0.member("toTellApart", wording.toTellApart(root, alternative))
                }
            }
        }
        writer.member("omittedAlternatives", root.omittedAlternatives)
        if let noise = root.falseAlarm {
            writer.object("falseAlarm") {
                $0.member("confidence", noise.confidence)
                $0.member("margin", noise.gap.nats)
                $0.member("toTellApart", wording.toTellApart(root, noise))
            }
        }
        writer.array("changes") { writer in
            for index in root.changes {
                let verdict = analysis.changes[index]
                writer.object {
                    $0.member("id", verdict.change.id)
                    $0.member("verdict", verdict.ruling.rawValue)
                    $0.member("why", wording.why(verdict))
                }
            }
        }
        writer.array("actions") { write(root.actions, to: &$0) }
    }

    private func write(_ actions: [Analysis.Action], to writer: inout JSONWriter) {
        for action in actions {
            writer.object {
                $0.member("priority", action.priority.rawValue)
                $0.member("text", action.text)
                if let root = action.effectOf { $0.member("effectOf", wording.name(root)) }
                $0.member("why", wording.why(action))
            }
        }
    }

    private func writeCounts(to writer: inout JSONWriter) {
        let counts = analysis.counts
        writer.object("alerts") { writer in
            writer.member("total", analysis.ledger.count)
            writer.member("root", counts[.root] ?? 0)
            writer.member("explained", counts[.explained] ?? 0)
            writer.member("knownIssue", counts[.knownIssue] ?? 0)
            writer.member("chronic", counts[.chronic] ?? 0)
            writer.member("suppressed", counts[.suppressed] ?? 0)
            writer.member("unexplained", counts[.unexplained] ?? 0)
            writer.member("unmatched", counts[.unmatched] ?? 0)
            writer.member("resolved", counts[.resolved] ?? 0)
        }
    }

    private func write(_ row: Analysis.LedgerRow, to writer: inout JSONWriter) {
        writer.member("fingerprint", row.alert.fingerprint)
        writer.member("alertname", row.alert.name)
        writer.member("entity", row.match.entity.map(wording.name))
        writer.member("verdict", row.verdict.rawValue)
        writer.member("because", roots(row.because))
        if row.isJoint { writer.member("jointly", true) }
        writer.member("via", wording.names(row.via))
        writer.member("reason", wording.reason(row))
        writer.member("onset", row.onset.estimate?.rfc3339)
        writer.member("firedAt", row.alert.startsAt?.rfc3339)
    }

    private func writeRest(to writer: inout JSONWriter) {
        writer.array("blindSpots") { writer in
            for spot in analysis.blindSpots {
                writer.object {
                    $0.member("entity", wording.name(spot.entity))
                    $0.member("observer", wording.name(spot.observer))
                    $0.member("why", "\(wording.observerState(spot))")
                }
            }
        }
        if !analysis.messengers.isEmpty {
            writer.array("messengers") { writer in
                for messenger in analysis.messengers {
                    writer.object {
                        $0.member("entity", wording.name(messenger))
                        $0.member("why", "\(wording.reports(of: messenger))")
                    }
                }
            }
        }
        if !wording.bursts.isEmpty {
            writer.array("bursts") { writer in
                for burst in wording.bursts { writer.object { write(burst, to: &$0) } }
            }
        }
        writer.array("timeline") { writer in
            for event in analysis.timeline {
                writer.object {
                    $0.member("at", event.at.rfc3339)
                    $0.member("entity", event.entity.map(wording.name))
                    $0.member("event", wording.sort(event))
                    $0.member("what", wording.what(event))
                }
            }
        }
        writer.array("changes") { writer in
            for verdict in analysis.changes {
                writer.object {
                    $0.member("id", verdict.change.id)
                    $0.member("at", verdict.change.at.rfc3339)
                    $0.member("verdict", verdict.ruling.rawValue)
                    $0.member("why", wording.why(verdict))
                }
            }
        }
        writer.array("actions") { write(analysis.actions, to: &$0) }
        writer.object("optimality") {
            $0.member("status", analysis.optimality.isProven ? "proven" : "bounded")
            $0.member("cost", Int(analysis.optimality.cost))
            $0.member("lowerBound", Int(analysis.optimality.lowerBound))
            if let completeWithin = analysis.diagnosis.completeWithin {
                $0.member("completeWithin", completeWithin.nats)
            }
            $0.member("rivals", analysis.diagnosis.rivalCount)
        }
        writer.array("rivals") { writer in
            for rival in analysis.diagnosis.rivals.filter(wording.replacesRoots).prefix(50) {
                writer.object {
                    $0.member("entities", wording.names(rival.roots))
                    $0.member("dearerBy", rival.gap.nats)
                }
            }
        }
    }

    private func write(_ burst: Burst, to writer: inout JSONWriter) {
        writer.member("alertname", burst.alertName)
        writer.member("alerts", burst.alerts.map { analysis.ledger[$0].alert.fingerprint })
        writer.member("rootCauses", roots(burst.rootCauses))
        writer.member("from", burst.start.rfc3339)
        writer.member("to", burst.end.rfc3339)
        if let kind = burst.kind { writer.member("kind", kind) }
        if let site = burst.site { writer.member("site", wording.name(site)) }
        if !burst.observers.isEmpty { writer.member("observers", wording.names(burst.observers)) }
        writer.member("hint", wording.what(burst))
    }

    private func roots(_ indices: [Int]) -> [String] { indices.map { wording.name(analysis.rootCauses[$0].entity) } }
}
