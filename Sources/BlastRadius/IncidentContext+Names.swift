internal import Alerts
internal import Diagnostics
internal import Topology

extension IncidentContext {
    /// A finding for each name that the topology does not have.
    ///
    /// The rest of the context is used.
    func unknownNames(in topology: Topology) -> [Diagnostic] {
        var named: [Named?] = observations.flatMap { [$0.entity, $0.witness] } + blind.map(\.entity)
        named += changes.flatMap(\.touches)
        var nearestNames = NearestNames()
        return named.compactMap { entry in
            guard let entry, topology.entity(named: entry.name) == nil else { return nil }
            let nearest = nearestNames.nearest(to: entry.name, among: topology.entities.lazy.map(topology.name))
            return Diagnostic(
                .error,
                "unknown-entity",
                "unknown entity '\(entry.name)'",
                at: entry.location,
                fix: nearest.map { "did you mean '\($0)'?" } ?? "declare it in the topology, or remove it here"
            )
        }
    }
}
