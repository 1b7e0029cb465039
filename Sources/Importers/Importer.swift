package import Diagnostics
package import Topology

/// Where a topology can be taken from.
package enum ImportSource: String, CaseIterable, Sendable {
    case kubernetes
    case flux
    case otel
    case backstage
    case compose
    case prometheus
    case hubble
    case netbox
}

/// What every importer makes of its documents.
enum Importer {
    typealias Result = (table: EntityTable, tally: Tally, diagnostics: [Diagnostic])
}

/// What an import made: the entities, and how to write them.
package struct ImportedTopology: Sendable {
    /// Where it was taken from.
    package let source: ImportSource
    /// The entities by name.
    ///
    /// Their marks are places in the inputs.
    package let declaration: TopologyDeclaration

    package var entityCount: Int { declaration.entities.count }

    /// Takes the topology from files of a source's own format.
    ///
    /// What the inputs hold and the topology cannot is counted in notes; nothing is left out silently.
    ///
    /// - Parameters:
    ///   - files: The inputs, each with the name to print in locations.
    ///   - source: The format that they are of.
    ///   - deployOrder: Whether the order in which things are deployed counts as a need.
    /// - Returns: The topology, unless a finding is an error; and every finding.
    /// - Complexity: O(n log n) in the size of the inputs.
    package static func read(
        _ files: [(path: String, bytes: [UInt8])],
        as source: ImportSource,
        deployOrder: Bool = false
    ) -> (topology: ImportedTopology?, diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var documents: [ImportValue] = []
        for file in files {
            let (values, findings) =
                source == .hubble
                ? ImportValue.lines(in: file.bytes, file: file.path)
                : ImportValue.documents(in: file.bytes, file: file.path)
            documents += values
            diagnostics += findings
        }
        let result: Importer.Result =
            switch source {
            case .kubernetes: KubernetesImporter.run(documents, deployOrder: deployOrder)
            case .flux: FluxMapping.run(documents, deployOrder: deployOrder)
            case .otel: ServiceGraph.run(documents)
            case .backstage: BackstageCatalog.run(documents)
            case .compose: ComposeProject.run(documents)
            case .prometheus: KubernetesSeries.run(documents)
            case .hubble: ObservedFlows.run(documents)
            case .netbox: NetBoxImporter.run(documents)
            }
        diagnostics += result.diagnostics
        guard !diagnostics.containsError else { return (nil, diagnostics.sortedByPlace()) }
        let (declaration, findings) = result.table.declaration()
        diagnostics += findings + result.tally.diagnostics
        // The readers of the file will check it again; a finding here still has its place in the inputs.
        diagnostics += declaration.resolved().diagnostics
        if declaration.entities.isEmpty {
            diagnostics.append(Diagnostic(.warning, "nothing-imported", "the input holds nothing to import"))
        }
        guard !diagnostics.containsError else { return (nil, diagnostics.sortedByPlace()) }
        return (ImportedTopology(source: source, declaration: declaration), diagnostics)
    }
}
