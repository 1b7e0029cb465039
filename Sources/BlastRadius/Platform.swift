public import Alerts
public import Diagnostics
public import Topology
internal import TopologyFormats

/// A platform as its owners describe it: what can fail, and how alerts map to it.
public struct Platform: Sendable {
    public var topology: Topology
    /// The user's rules, first match first.
    public var rules: [AlertRule]
    public var knownIssues: [KnownIssue]
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
        diagnostics += Self.rulesThatNeverMatch(merged.rules, topology)
        let platform = Platform(
            topology: topology, rules: merged.rules, knownIssues: merged.knownIssues, files: files.map(\.path))
        return (platform, diagnostics.sortedByPlace())
    }
}
