public import Alerts
public import Diagnostics
public import Inference
public import Simulation
public import Topology

/// A platform as its owners describe it: what can fail, and how alerts map to it.
public struct Platform: Sendable {
    /// What can fail and what each thing needs, validated.
    public var topology: Topology
    /// The user's rules, first match first.
    public var rules: [AlertRule]
    /// What people have judged already; the first that matches an alert decides.
    public var knownIssues: [KnownIssue]
    /// What evidence is worth, in nats: the standard values, with those of the files in their place.
    public var weights: Weights
    /// What things cost when they are lost.
    public var lossWeights: LossWeights
    /// Where it was read from.
    public var files: [String]

    /// Reads and merges topology files, the earliest first.
    ///
    /// - Returns: The platform, unless a finding is an error; and every finding, by place.
    /// - Complexity: O(n log n) in the size of the files.
    public static func load(_ files: [InputFile]) -> (platform: Platform?, diagnostics: [Diagnostic]) {
        let (compiled, diagnostics) = compile(files)
        return (compiled.map { Platform($0, files: files.map(\.path)) }, diagnostics)
    }

    /// Rules that no alert can satisfy, whatever its labels.
    ///
    /// A rule whose entity has no hole and does not exist can never match: an error. A rule whose kind has no entity
    /// will not either, as things are: a warning.
    static func rulesThatNeverMatch(_ rules: [AlertRule], _ topology: Topology) -> [Diagnostic] {
        let kinds = Set(topology.kinds.map(\.name))
        let sortedKinds = kinds.sorted()
        var nearestNames = NearestNames()
        return rules.compactMap { rule in
            if let name = rule.entity.constant {
                guard topology.entity(named: name) == nil, topology.entities(aliased: name).isEmpty else { return nil }
                let nearest = nearestNames.nearest(to: name, among: topology.entities.lazy.map(topology.name))
                return Diagnostic(
                    .error,
                    "unknown-entity",
                    "this rule can never match: there is no entity '\(name)'",
                    at: rule.location,
                    fix: nearest.map { "did you mean '\($0)'?" } ?? "declare it under entities:"
                )
            }
            guard let kind = rule.entity.literalKind, !kinds.contains(kind) else { return nil }
            return Diagnostic(
                .warning,
                "rule-never-matches",
                "this rule can never match: there is no entity of kind '\(kind)'",
                at: rule.location,
                fix: nearestNames.nearest(to: kind, among: sortedKinds).map { "did you mean '\($0)'?" }
            )
        }
    }
}
