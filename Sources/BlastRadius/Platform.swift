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
}
