public import Diagnostics
package import Topology
internal import Yams

/// What one topology.yaml says: the declared platform, and the rules that tie alerts to it.
public struct TopologyDocument: Sendable {
    package var declaration = TopologyDeclaration()
}

/// Reads topology.yaml, version 1. The format is documented in docs/topology.md.
public enum TopologyReader {
    static let keys = ["version", "name", "kinds", "entities", "for_each", "alerts", "known_issues"]

    /// Reads one file. All findings are returned; the document holds what could be read.
    ///
    /// - Complexity: O(length).
    public static func read(
        _ bytes: [UInt8], file: String
    ) -> (document: TopologyDocument, diagnostics: [Diagnostic]) {
        var (yaml, root) = YAMLDocument.compose(bytes, file: file)
        var result = TopologyDocument()
        result.declaration.files = [file]
        guard let root else { return (result, yaml.diagnostics) }
        var hasEntities = false
        for entry in yaml.entries(root, of: "the topology") {
            switch entry.key {
            case "version": yaml.checkVersion(entry.value)
            case "name": result.declaration.name = yaml.string(entry.value, of: "name")
            case "kinds": result.declaration.kinds = EntityReader.readKinds(entry.value, &yaml)
            case "entities":
                hasEntities = true
                result.declaration.entities = EntityReader.readEntities(entry.value, &yaml)
            case "for_each": result.declaration.expansions = EntityReader.readExpansions(entry.value, &yaml)
            case "alerts", "known_issues": break
            default: yaml.reportUnknown(entry, in: "the topology", known: keys)
            }
        }
        if !hasEntities, !yaml.diagnostics.containsError {
            yaml.warn("no-entities", "no entities are declared", at: root, fix: "add entities:")
        }
        return (result, yaml.diagnostics)
    }
}
