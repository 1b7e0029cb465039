internal import Alerts
internal import BlastRadius
internal import Inference
internal import Topology

// Why something was not chosen as a cause.
extension Wording {
    /// Whether an explanation does without one of the root causes, rather than only having a fault besides.
    func replacesRoots(_ rival: Diagnosis.Rival) -> Bool {
        !Set(analysis.rootCauses.map(\.entity)).isSubset(of: rival.roots)
    }

    /// What speaks for and against an entity as a cause, a sentence each.
    func judgement(of suspicion: Suspicion, _ entity: EntityID) -> [String] {
        [
            coverage(of: suspicion), silence(of: suspicion, besides: entity), ownSilence(of: suspicion, entity),
        ].compactMap(\.self)
            + suspicion.contradictions.map { word(of: analysis.observations[$0]) }
            + suspicion.messengers.map { "\(name($0)) would be affected, but \(reports(of: $0)): its alerts arrive" }
            + rarity(of: entity, suspicion.rivals)
    }

    /// What an only observer reports: "HostDown on host/a fires".
    func reports(of observer: EntityID) -> String {
        let rows = analysis.ledger.indices.filter { index in
            let row = analysis.ledger[index]
            guard row.symptom != nil, let entity = row.match.entity else { return false }
            return topology.details(of: entity).observers == [observer]
        }
        return "\(alerts(rows)) on \(census(entities(of: rows))) \(rows.count == 1 ? "fires" : "fire")"
    }

    /// What it would explain of what the root causes explain that it competes with.
    private func coverage(of suspicion: Suspicion) -> String {
        let explained = Self.count(suspicion.explains.count, "alert")
        guard !suspicion.misses.isEmpty else { return "it would explain \(explained)" }
        let missed = Dictionary(grouping: suspicion.misses) { analysis.ledger[$0].match.entity }.map { entity, rows in
            alerts(rows) + (entity.map { " on \(name($0))" } ?? "")
        }
        return "it would explain \(explained), but not \(Self.list(missed.sorted()))"
    }

    private func silence(of suspicion: Suspicion, besides entity: EntityID) -> String? {
        let others = suspicion.silent.filter { $0 != entity }
        guard !others.isEmpty else { return nil }
        return "\(Self.list(names(others))) would be affected too, but no alert says so"
    }

    private func ownSilence(of suspicion: Suspicion, _ entity: EntityID) -> String? {
        suspicion.silent.contains(entity) ? "it has no alert of its own, though it is watched" : nil
    }

    /// That its kind fails seldom beside what was chosen instead.
    private func rarity(of entity: EntityID, _ rivals: [Int]) -> [String] {
        let kind = topology.kind(of: entity)
        let others = rivals.map { topology.kind(of: analysis.rootCauses[$0].entity) }
        guard let other = others.max(by: { $0.faultsPerYear < $1.faultsPerYear }), kind.faultsPerYear > 0,
            other.faultsPerYear >= 2 * kind.faultsPerYear
        else { return [] }
        let (rates, kinds) = ([kind, other].map { Self.amount($0.faultsPerYear) }, [kind, other].map(\.label))
        return ["expected faults a year: \(rates[0]) (\(kinds[0])) against \(rates[1]) (\(kinds[1]))"]
    }
}
