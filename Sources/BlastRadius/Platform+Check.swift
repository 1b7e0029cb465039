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
    /// Cycles are legal: real systems have them, and a failure in one takes all of it. They are worth knowing.
    private func cycles() -> [Diagnostic] {
        let graph = FailureGraph(topology, includesStarvation: false)
        let components = StrongComponents(of: graph.network.dependencies)
        var members: [Int32: [EntityID]] = [:]
        for entity in topology.entities {
            members[components.componentOfNode[Int(graph.numbering.down(entity))], default: []].append(entity)
        }
        return members.values
            .filter { $0.count > 1 }
            .sorted { ($0.first ?? EntityID(0)) < ($1.first ?? EntityID(0)) }
            .map { cycle in
                let names = cycle.prefix(6).map(topology.name).joined(separator: ", ")
                let rest = cycle.count > 6 ? " and \(cycle.count - 6) more" : ""
                return Diagnostic(
                    .note,
                    "cycle",
                    "these need one another, so one takes all down: \(names)\(rest)",
                    at: topology.location(of: cycle[0])
                )
            }
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
