public import BlastRadius
internal import JSON
internal import Simulation
internal import Topology

extension WhatIfReport {
    /// As JSON, `schemaVersion` 1: docs/schema/what-if.schema.json.
    ///
    /// - Complexity: O(size of the forecast).
    public static func json(_ forecast: Forecast) -> [UInt8] {
        var writer = JSONWriter()
        let renderer = Renderer(forecast: forecast)
        writer.object { renderer.write(to: &$0) }
        return writer.takeFile()
    }
}

private struct Renderer {
    let forecast: Forecast

    private var topology: Topology { forecast.topology }
    private var outcome: Outcome { forecast.answer.outcome }

    private func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }

    func write(to writer: inout JSONWriter) {
        writer.member("schemaVersion", 1)
        if let name = topology.name { writer.member("platform", name) }
        writer.member("lost", names(forecast.answer.lost))
        writer.member("degradedByQuestion", names(forecast.question.degradations))
        writer.member("restored", names(forecast.question.restores))
        writer.array("during") { writer in
            for fault in forecast.question.during {
                writer.object {
                    $0.member("entity", topology.name(of: fault.entity))
                    $0.member("effect", fault.effect.rawValue)
                }
            }
        }
        write(outcome, to: &writer)
        writer.array("predictedAlerts") { writer in
            for predicted in forecast.predictedAlerts {
                writer.object {
                    $0.member("alertname", predicted.alert.alertname)
                    $0.member("isPattern", predicted.alert.isPattern)
                    $0.member("entity", topology.name(of: predicted.alert.entity))
                    $0.member("observes", predicted.alert.observes.rawValue)
                    $0.member("after", predicted.alert.delay.map { _ in WhatIfWording.delay(predicted.alert) })
                    $0.member("blindedBy", names(predicted.blindedBy))
                }
            }
        }
        writer.array("exposures") { writer in
            for exposure in outcome.exposures {
                writer.object {
                    $0.member("entity", topology.name(of: exposure.entity))
                    $0.member("to", names(exposure.to))
                }
            }
        }
        writer.array("nextLosses") { writer in
            for next in outcome.nextLosses {
                writer.object {
                    $0.member("entity", topology.name(of: next.entity))
                    $0.member("down", next.down)
                    $0.member("onlyNow", next.onlyNow)
                    $0.member("cost", next.cost)
                }
            }
        }
        write(forecast.answer.rescheduling, to: &writer)
    }

    private func write(_ outcome: Outcome, to writer: inout JSONWriter) {
        writer.array("down") { write(outcome.down, to: &$0) }
        writer.array("degraded") { write(outcome.degraded, to: &$0) }
        writer.array("redundancyLost") { writer in
            for impact in outcome.redundancyLost {
                writer.object {
                    write(impact, to: &$0)
                    $0.member("endedBy", names(impact.endedBy))
                }
            }
        }
        writer.member("recovered", names(outcome.recovered.map(\.entity)))
        writer.object("cost") {
            $0.member("before", outcome.costBefore)
            $0.member("after", outcome.cost)
        }
        writer.object("totals") { writer in
            let totals = outcome.totals
            writer.object("all") { write(totals.all, to: &$0) }
            writer.array("bySite") { writer in
                for entry in totals.bySite {
                    writer.object {
                        $0.member("site", entry.site.map(topology.name))
                        write(entry.count, to: &$0)
                    }
                }
            }
            writer.array("byKind") { writer in
                for entry in totals.byKind {
                    writer.object {
                        $0.member("kind", entry.kind.name)
                        write(entry.count, to: &$0)
                    }
                }
            }
            writer.array("byCriticality") { writer in
                for entry in totals.byCriticality {
                    writer.object {
                        $0.member("criticality", entry.criticality.rawValue)
                        write(entry.count, to: &$0)
                    }
                }
            }
        }
    }

    private func write(_ impacts: [Impact], to writer: inout JSONWriter) {
        for impact in impacts { writer.object { write(impact, to: &$0) } }
    }

    private func write(_ impact: Impact, to writer: inout JSONWriter) {
        writer.member("entity", topology.name(of: impact.entity))
        writer.member("because", names(impact.because))
        writer.member("via", names(impact.via))
        writer.member("before", impact.before.effect?.rawValue ?? "up")
    }

    private func write(_ count: ImpactTotals.Count, to writer: inout JSONWriter) {
        writer.member("entities", count.entities)
        writer.member("down", count.down)
        writer.member("degraded", count.degraded)
        writer.member("redundancyLost", count.reduced)
        writer.member("newlyDown", count.newlyDown)
        writer.member("recovered", count.recovered)
    }

    private func write(_ rescheduling: Rescheduling?, to writer: inout JSONWriter) {
        guard let rescheduling else { return }
        writer.object("rescheduling") { writer in
            writer.array("moves") { writer in
                for move in rescheduling.moves {
                    writer.object {
                        $0.member("entity", topology.name(of: move.entity))
                        $0.member("from", topology.name(of: move.from))
                        $0.member("to", topology.name(of: move.to))
                    }
                }
            }
            writer.array("stranded") { writer in
                for stranded in rescheduling.stranded {
                    writer.object {
                        $0.member("entity", topology.name(of: stranded.entity))
                        $0.member("reason", stranded.reason.rawValue)
                    }
                }
            }
            write(rescheduling.outcome, to: &writer)
        }
    }
}
