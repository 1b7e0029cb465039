internal import Alerts
internal import Inference
internal import Topology

// How bad a root cause is.
extension Analyzer {
    /// How critical the most critical thing is that it takes down, less a step where that only degrades or where others
    /// go on without it; whether an alert that it explains is critical; and whether it does to many what redundancy does
    /// not make good.
    ///
    /// - Complexity: O(affected entities + their needs).
    func severity(_ index: Int) -> Analysis.Severity {
        let affected = diagnosis.affected.filter { $0.because.contains(index) }
        let harmed = affected.filter { $0.effect == .down || $0.effect == .degraded }
        let spared = spared(affected)
        var points =
            harmed.map { harm in
                let criticality = topology.criticality(of: harm.entity).rank
                return harm.effect == .down && !spared.contains(harm.entity) ? criticality : max(0, criticality - 1)
            }.max() ?? 0
        let explained = diagnosis.roots[index].symptoms.compactMap { rowOfSymptom[$0] }.map { rows[$0] }
        let severities = explained.compactMap { ($0.match.severity ?? $0.alert.severity)?.lowercased() }
        if severities.contains(where: ["critical", "page", "emergency"].contains) { points += 1 }
        if harmed.count(where: { !spared.contains($0.entity) }) >= 5 { points += 1 }
        return switch points {
        case ...0: .low
        case 1: .medium
        case 2...3: .high
        default: .critical
        }
    }

    /// What redundancy makes good: of those that need it, some have only lost their redundancy or are spared themselves,
    /// and none that matters as much is lost.
    private func spared(_ affected: [Diagnosis.Affected]) -> Set<EntityID> {
        var open = affected.filter { $0.effect == .reduced }.map(\.entity)
        guard !open.isEmpty else { return [] }
        let harmed = Set(affected.filter { $0.effect == .down || $0.effect == .degraded }.map(\.entity))
        func harmedNeeds(of entity: EntityID) -> Set<EntityID> {
            Set(topology.requirements(of: entity).flatMap(\.members)).intersection(harmed)
        }
        func matters(_ entity: EntityID, asMuchAs need: EntityID) -> Bool {
            harmed.contains(entity) && topology.criticality(of: entity) >= topology.criticality(of: need)
        }
        var losses: [EntityID: Int] = [:]
        for entity in harmed {
            for need in harmedNeeds(of: entity) where matters(entity, asMuchAs: need) { losses[need, default: 0] += 1 }
        }
        var spared: Set<EntityID> = []
        while let entity = open.popLast() {
            for need in harmedNeeds(of: entity) {
                if matters(entity, asMuchAs: need) { losses[need, default: 0] -= 1 }
                if losses[need, default: 0] == 0, spared.insert(need).inserted { open.append(need) }
            }
        }
        return spared
    }
}
