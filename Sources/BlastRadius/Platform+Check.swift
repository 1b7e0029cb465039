internal import Alerts
public import Diagnostics
internal import Graphs
internal import Propagation
internal import Topology
internal import TopologyFormats

extension Platform {
    /// Reads and merges topology files, and finds all that is wrong or odd about them at once.
    ///
    /// - Returns: The platform, unless a finding is an error; and every finding, by place.
    /// - Complexity: As ``load(_:)``.
    public static func check(_ files: [InputFile]) -> (platform: Platform?, diagnostics: [Diagnostic]) {
        let (draft, findings) = examine(files)
        guard let (document, topology) = draft else { return (nil, findings) }
        let platform = Platform(
            CompiledTopology(
                topology: topology,
                rules: document.rules,
                knownIssues: document.knownIssues,
                weights: document.weights.map { ($0.name.name, $0.value) },
                diagnostics: [],
                sources: []
            ),
            files: files.map(\.path)
        )
        return (findings.containsError ? nil : platform, (findings + platform.check()).sortedByPlace())
    }

    /// What is odd about the platform without being wrong: cycles, and known issues without an end.
    ///
    /// - Complexity: O(entities + needs).
    public func check() -> [Diagnostic] {
        cycles() + unboundedIssues()
    }

    /// A note for each cycle of needs.
    ///
    /// Cycles are legal: real systems have them, and a failure in one takes all of it where nothing in it is redundant. They are
    /// worth knowing.
    private func cycles() -> [Diagnostic] {
        let graph = FailureGraph(topology, includesStarvation: false)
        let all = cycles(StrongComponents(of: graph.network.dependencies)) { graph.numbering.down($0) }
        let hard = cycles(StrongComponents(of: plainNeeds)) { $0.rawValue }
        let told = Set(hard)
        return hard.map { note(of: $0, "so one takes all down") }
            + all.filter { !told.contains($0) }.map { note(of: $0, "with redundancy in between") }
    }

    /// What each entity is down without, whatever else there is.
    private var plainNeeds: CompressedRows {
        var (owners, members): ([Int32], [Int32]) = ([], [])
        for entity in topology.entities {
            for need in topology.requirements(of: entity) where need.strength == .hard && need.threshold == 1 {
                owners += need.memberIndices.map { _ in entity.rawValue }
                members += need.memberIndices
            }
        }
        return CompressedRows(rowCount: topology.entityCount, rows: owners, targets: members)
    }

    /// The components of more than one entity, by their first.
    private func cycles(_ components: StrongComponents, _ node: (EntityID) -> Int32) -> [[EntityID]] {
        Dictionary(grouping: topology.entities) { components.componentOfNode[Int(node($0))] }.values
            .filter { $0.count > 1 }
            .sorted { $0[0] < $1[0] }
    }

    private func note(of cycle: [EntityID], _ consequence: String) -> Diagnostic {
        let names = cycle.prefix(6).map(topology.name).joined(separator: ", ")
        let rest = cycle.count > 6 ? " and \(cycle.count - 6) more" : ""
        return Diagnostic(
            .note,
            "cycle",
            "these need one another, \(consequence): \(names)\(rest)",
            at: topology.location(of: cycle[0])
        )
    }

    private func unboundedIssues() -> [Diagnostic] {
        knownIssues.filter { $0.reviewBy == nil }.map { issue in
            Diagnostic(
                .note,
                "no-review",
                "known issue '\(issue.id)' is never reviewed",
                at: issue.location,
                fix: "add review_by: with a day"
            )
        }
    }
}
