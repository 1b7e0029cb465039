public import BlastRadius
internal import Diagnostics
internal import Topology

/// What `check` prints besides its findings.
public enum CheckReport {
    /// A summary of the platform in one line for each kind.
    public static func render(_ platform: Platform) -> String {
        let topology = platform.topology
        var counts: [String: Int] = [:]
        var needs = 0
        for entity in topology.entities {
            counts[topology.kind(of: entity).name, default: 0] += 1
            needs += topology.requirements(of: entity).count
        }
        var lines = [
            "\(topology.name ?? "platform"): \(Wording.count(topology.entityCount, "entity", "entities")), "
                + "\(Wording.count(needs, "need")), \(Wording.count(platform.rules.count, "alert rule")), "
                + Wording.count(platform.knownIssues.count, "known issue")
        ]
        for kind in topology.kinds {
            lines.append("   \(counts[kind.name] ?? 0) × \(kind.name)")
        }
        return lines.map(\.withVisibleControls).joined(separator: "\n") + "\n"
    }

    /// The kinds with their settings: the built-in ones, or those of a platform.
    public static func kinds(_ platform: Platform?) -> String {
        let kinds = platform?.topology.kinds ?? Kind.builtIn
        let width = kinds.map(\.name.count).max() ?? 0
        let lines = kinds.map { kind in
            let name = kind.name + String(repeating: " ", count: width - kind.name.count)
            return "\(name)  \(kind.faultsPerYear) faults a year, \(kind.criticality.rawValue), \(kind.area.rawValue)"
        }
        return lines.map(\.withVisibleControls).joined(separator: "\n") + "\n"
    }
}
