internal import Diagnostics
internal import Topology

extension Diagnostic {
    /// The finding that the command line names an entity which the topology does not have.
    ///
    /// `place` is the argument, for example `--focus`.
    static func unknownEntity(_ name: String, in place: String, _ topology: Topology) -> Diagnostic {
        let nearest = nearestName(to: name, among: topology.entities.lazy.map(topology.name))
        return Diagnostic(
            .error,
            "unknown-entity",
            "unknown entity '\(name)' in \(place)",
            fix: nearest.map { "did you mean '\($0)'?" }
        )
    }
}
