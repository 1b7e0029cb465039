package import BlastRadius
package import Diagram
internal import Simulation
internal import Topology

extension WhatIfReport {
    /// What to draw: what is lost, what goes down with it and why, what has lost its redundancy, what comes back.
    ///
    /// - Complexity: O(affected entities and their needs).
    package static func picture(_ forecast: Forecast) -> DiagramSource {
        var painter = Painter(forecast: forecast)
        painter.paint()
        return painter.source
    }
}

private struct Painter {
    let forecast: Forecast
    let wording: WhatIfWording
    private var conditions: [EntityID: Condition] = [:]
    private var alerts: [EntityID: [PredictedAlert]] = [:]
    private var moves: [EntityID: String] = [:]
    private var statuses: [EntityID: EntityStatus] = [:]
    private var arrows: [CauseArrow] = []
    private var rank = 0

    private var topology: Topology { forecast.topology }
    private var outcome: Outcome { forecast.answer.outcome }

    init(forecast: Forecast) {
        self.forecast = forecast
        wording = WhatIfWording(forecast)
        for impact in outcome.impacts { conditions[impact.entity] = impact.after }
        for predicted in forecast.predictedAlerts { alerts[predicted.alert.entity, default: []].append(predicted) }
        guard let after = forecast.answer.rescheduling else { return }
        for move in after.moves { moves[move.entity] = "moves to \(topology.name(of: move.to))" }
        for stranded in after.stranded {
            moves[stranded.entity] = stranded.reason == .noRoom ? "no room elsewhere" : "nowhere else to run"
        }
        let downThen = Set(after.outcome.down.map(\.entity))
        for impact in outcome.down where moves[impact.entity] == nil && !downThen.contains(impact.entity) {
            moves[impact.entity] = "up again after the moves"
        }
    }

    mutating func paint() {
        let lost = Set(forecast.answer.lost)
        let faults = outcome.impacts.filter { wording.isFault($0) }
        for impact in faults.filter({ lost.contains($0.entity) }) + faults.filter({ !lost.contains($0.entity) }) {
            rank += 1
            statuses[impact.entity] = status(
                of: impact,
                .root(rank: rank),
                lost.contains(impact.entity) ? "LOST" : faultWords(impact)
            )
        }
        for impact in outcome.impacts where statuses[impact.entity] == nil {
            guard let effect = impact.after.effect else {
                statuses[impact.entity] = status(of: impact, .context, "COMES BACK")
                continue
            }
            let role: EntityStatus.Role =
                switch effect {
                // What was down before is not the answer.
                case .down: impact.before.isDown ? .expected(.down) : .affected(.down)
                case .degraded, .starved: .affected(.degraded)
                case .reduced: .reduced
                }
            let change = impact.before.isDown ? "DOWN BEFORE" : "GOES DOWN"
            let words = effect == .down && forecast.incident != nil ? change : nil
            statuses[impact.entity] = status(of: impact, role, words)
            addArrows(to: impact)
        }
    }

    private func faultWords(_ impact: Impact) -> String {
        impact.after.isDown || impact.before.effect != nil ? "INCIDENT'S ROOT CAUSE" : "DEGRADED"
    }

    private func status(of impact: Impact, _ role: EntityStatus.Role, _ words: String?) -> EntityStatus {
        var status = EntityStatus(role, state: impact.after.word, stateBefore: impact.before.word)
        if impact.before.word == impact.after.word { status.stateBefore = nil }
        status.words = words
        if let move = moves[impact.entity] { status.facts.append(move) }
        if !impact.endedBy.isEmpty {
            let names = impact.endedBy.map(topology.name)
            status.facts.append("ended next by \(Wording.list(names, limit: 3))")
        }
        let own = alerts[impact.entity] ?? []
        status.facts += own.prefix(2).map { predicted in
            let delay = predicted.alert.delay.map { _ in " after \(WhatIfWording.delay(predicted.alert))" } ?? ""
            return "alert\(delay): \(predicted.alert.alertname)"
        }
        if own.count > 2 { status.facts.append("and \(Wording.count(own.count - 2, "more alert"))") }
        status.evidence =
            impact.because == [impact.entity] ? [] : ["because of \(Wording.list(impact.because.map(topology.name)))"]
        return status
    }

    /// From each direct cause: needs that are gone, members that broke or weakened a group, needs that are degraded.
    private mutating func addArrows(to impact: Impact) {
        let effect = impact.after.effect
        for need in topology.requirements(of: impact.entity) {
            let lost = need.members.filter { conditions[$0]?.isDown ?? false }
            let degraded = need.members.filter { conditions[$0]?.isDegraded ?? false }
            switch (need.strength, effect) {
            case (.hard, .down):
                if need.members.count - lost.count < need.minimum { add(lost, .carries, to: impact.entity) }
            case (.hard, .reduced): if need.isGroup { add(lost, .harms, to: impact.entity) }
            case (.hard, .degraded): add(degraded, .harms, to: impact.entity)
            case (.weak, .degraded): add(lost, .harms, to: impact.entity)
            default: break
            }
        }
    }

    private mutating func add(_ causes: [EntityID], _ kind: CauseArrow.Kind, to entity: EntityID) {
        arrows += causes.map { CauseArrow(from: $0, to: entity, kind: kind) }
    }

    private var rootMeaning: String {
        let meanings = [
            forecast.answer.lost.isEmpty ? nil : "lost",
            forecast.question.degradations.isEmpty ? nil : "degraded by itself",
            forecast.incident == nil ? nil : "the incident's root cause",
        ]
        return meanings.compactMap(\.self).joined(separator: ", or ")
    }

    var source: DiagramSource {
        var source = DiagramSource(
            topology: topology,
            statuses: statuses,
            causes: arrows,
            title: "What if: \(wording.question.plain)",
            facts: wording.counts
        )
        source.heading = topology.name
        source.meanings = [
            .root: rootMeaning, .down: "goes down", .expected: "down before", .context: "comes back",
        ]
        source.arrowMeanings = [.harms: "degrades, or takes redundancy"]
        return source
    }
}
