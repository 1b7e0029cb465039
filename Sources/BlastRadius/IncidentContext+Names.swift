internal import Alerts
internal import Diagnostics
internal import Topology

extension IncidentContext {
    /// The context with the full names of the entities that it means, and a finding for each name that does not stand for
    /// one.
    ///
    /// A blind source that is no entity needs none: a name without a slash is looked up, and left as it is where that fails.
    /// The rest of the context is used whatever is found.
    ///
    /// - Complexity: O(names × log entities), and for as long as nearest names are looked for O(entities) for each that
    ///   none has.
    func resolved(on platform: Platform) -> (context: IncidentContext, findings: [Diagnostic]) {
        var nearestNames = NearestNames()
        var findings: [Diagnostic] = []
        func resolve(_ named: Named) -> Named {
            let found = platform.topology.entities(called: named.name)
            if let entity = found.entity { return Named(platform.topology.name(of: entity), at: named.location) }
            findings.append(platform.topology.finding(of: found, called: named.name, at: named.location, &nearestNames))
            return named
        }
        var context = self
        context.observations = observations.map { observation in
            var observation = observation
            observation.entity = resolve(observation.entity)
            observation.witness = observation.witness.map(resolve)
            return observation
        }
        context.changes = changes.map { change in
            var change = change
            change.touches = change.touches.map(resolve)
            return change
        }
        context.blind = blind.map { source in
            var source = source
            source.entity =
                source.entity.map(resolve)
                ?? platform.topology.entities(called: source.source).entity.map {
                    Named(platform.topology.name(of: $0), at: SourceLocation(file: ""))
                }
            return source
        }
        return (context, findings)
    }
}
