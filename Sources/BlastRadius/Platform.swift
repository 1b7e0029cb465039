public import Alerts
public import Diagnostics
public import Inference
public import Simulation
public import Topology
internal import TopologyFormats

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
        var merged = TopologyDocument()
        var diagnostics: [Diagnostic] = []
        for file in files {
            let (document, findings) = TopologyReader.read(file.bytes, file: file.path)
            diagnostics += findings
            diagnostics += merged.merge(document)
        }
        guard !diagnostics.containsError else { return (nil, diagnostics.sortedByPlace()) }
        let (topology, findings) = merged.declaration.resolved()
        diagnostics += findings
        guard let topology else { return (nil, diagnostics.sortedByPlace()) }
        let (weights, lossWeights, weightFindings) = Self.weights(of: merged)
        diagnostics += weightFindings
        diagnostics += Self.rulesThatNeverMatch(merged.rules, topology)
        guard !diagnostics.containsError else { return (nil, diagnostics.sortedByPlace()) }
        let platform = Platform(
            topology: topology,
            rules: merged.rules,
            knownIssues: merged.knownIssues,
            weights: weights,
            lossWeights: lossWeights,
            files: files.map(\.path)
        )
        return (platform, diagnostics.sortedByPlace())
    }

    private static func weights(of document: TopologyDocument) -> (Weights, LossWeights, [Diagnostic]) {
        var weights = Weights()
        var lossWeights = LossWeights()
        var diagnostics: [Diagnostic] = []
        let names = Weights.allNames + LossWeights.allNames
        for (name, value) in document.weights
        where !weights.set(name.name, to: value) && !lossWeights.set(name.name, to: value) {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "unknown-weight",
                    "unknown weight '\(name.name)'",
                    at: document.declaration.location(name.mark),
                    fix: nearestName(to: name.name, among: names).map { "did you mean '\($0)'?" }
                        ?? "known weights: \(names.joined(separator: ", "))"
                )
            )
        }
        return (weights, lossWeights, diagnostics)
    }

    /// Rules that no alert can satisfy, whatever its labels.
    ///
    /// A rule whose entity has no hole and does not exist can never match: an error. A rule whose kind has no entity
    /// will not either, as things are: a warning.
    private static func rulesThatNeverMatch(_ rules: [AlertRule], _ topology: Topology) -> [Diagnostic] {
        let kinds = Set(topology.kinds.map(\.name))
        return rules.compactMap { rule in
            if let name = rule.entity.constant {
                guard topology.entity(named: name) == nil, topology.entities(aliased: name).isEmpty else { return nil }
                let nearest = nearestName(to: name, among: topology.entities.lazy.map(topology.name))
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
                fix: nearestName(to: kind, among: kinds.sorted()).map { "did you mean '\($0)'?" }
            )
        }
    }
}
