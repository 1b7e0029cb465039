internal import Alerts
public import Diagnostics
internal import Inference
internal import Simulation
internal import Topology
package import TopologyFormats

extension Platform {
    /// Reads, merges and checks topology files into the form that a compiled topology has.
    ///
    /// - Parameters:
    ///   - files: the files, the earliest first.
    ///   - sources: what the result says about where it comes from.
    /// - Returns: what the files come to, unless a finding is an error; and every finding, by place.
    /// - Complexity: O(n log n) in the size of the files.
    package static func compile(
        _ files: [InputFile],
        sources: [CompiledTopology.Source] = []
    ) -> (compiled: CompiledTopology?, diagnostics: [Diagnostic]) {
        let (draft, diagnostics) = examine(files)
        guard let (document, topology) = draft, !diagnostics.containsError else { return (nil, diagnostics) }
        let compiled = CompiledTopology(
            topology: topology,
            rules: document.rules,
            knownIssues: document.knownIssues,
            weights: document.weights.map { ($0.name.name, $0.value) },
            diagnostics: diagnostics,
            sources: sources
        )
        return (compiled, diagnostics)
    }

    /// Reads and merges files, and finds all that is wrong with them.
    ///
    /// - Returns: what they come to, less what is wrong, or nil when too little can be read to judge the rest; and every
    ///   finding, by place.
    static func examine(
        _ files: [InputFile]
    ) -> (draft: (document: TopologyDocument, topology: Topology)?, diagnostics: [Diagnostic]) {
        var merged = TopologyDocument()
        var diagnostics: [Diagnostic] = []
        for file in files {
            let (document, findings) = TopologyReader.read(file.bytes, file: file.path)
            diagnostics += findings
            diagnostics += merged.merge(document)
        }
        guard merged.hasAllEntities else { return (nil, diagnostics.sortedByPlace()) }
        diagnostics += unknownWeights(of: merged) + emptySpans(of: merged)
        // Handed on rather than shared: the declaration of a large platform is not copied.
        let declaration = merged.declaration
        merged.declaration = .init()
        let (topology, findings) = (consume declaration).examined()
        diagnostics += findings
        diagnostics += RuleAudit(merged.rules, topology).findings() + KnownIssue.findings(merged.knownIssues)
        return ((merged, topology), diagnostics.sortedByPlace())
    }

    /// A platform from what its files come to.
    ///
    /// - Parameters:
    ///   - compiled: what they come to.
    ///   - files: the paths to tell people.
    /// - Complexity: O(1) but for the rules and weights.
    package init(_ compiled: CompiledTopology, files: [String]) {
        var weights = Weights()
        var lossWeights = LossWeights()
        for (name, value) in compiled.weights where !weights.set(name, to: value) {
            _ = lossWeights.set(name, to: value)
        }
        self.init(
            topology: compiled.topology,
            rules: compiled.rules,
            knownIssues: compiled.knownIssues,
            weights: weights,
            lossWeights: lossWeights,
            files: files
        )
    }

    /// Reads a compiled topology, as `blast-radius compile` writes it.
    ///
    /// Whether its sources have changed since is not looked at.
    ///
    /// - Throws: an `other-version` or `damaged-topology` error.
    /// - Complexity: O(length), at the speed of memory.
    public init(compiled file: InputFile) throws(Diagnostic) {
        let compiled = try file.bytes.withUnsafeBufferPointer { bytes throws(Diagnostic) in
            try CompiledTopology(UnsafeRawBufferPointer(bytes), file: file.path)
        }
        self.init(compiled, files: compiled.sources.map(\.path))
    }

    private static func emptySpans(of document: TopologyDocument) -> [Diagnostic] {
        document.weights.filter { Weights.spans.contains($0.name.name) && $0.value <= 0 }.map { name, _ in
            Diagnostic(
                .error,
                "wrong-shape",
                "'\(name.name)' must be positive",
                at: document.declaration.location(name.mark),
                fix: "give hours above 0, or leave it out"
            )
        }
    }

    private static func unknownWeights(of document: TopologyDocument) -> [Diagnostic] {
        let names = Weights.allNames + LossWeights.allNames
        return document.weights.filter { !names.contains($0.name.name) }.map { name, _ in
            Diagnostic(
                .error,
                "unknown-weight",
                "unknown weight '\(name.name)'",
                at: document.declaration.location(name.mark),
                fix: nearestName(to: name.name, among: names).map { "did you mean '\($0)'?" }
                    ?? "known weights: \(names.joined(separator: ", "))"
            )
        }
    }
}
