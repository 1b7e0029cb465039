package import Alerts
public import Diagnostics
package import Topology
internal import Yams

/// What one topology.yaml says: the declared platform, and the rules that tie alerts to it.
public struct TopologyDocument: Sendable {
    package var declaration = TopologyDeclaration()
    /// In the order written; the first that matches an alert decides.
    package var rules: [AlertRule] = []
    package var knownIssues: [KnownIssue] = []
    /// Weights of evidence by name, as written.
    package var weights: [(name: TopologyDeclaration.Reference, value: Double)] = []
    /// Whether every entity that the files declare is here; otherwise names that are unknown need not be wrong.
    package var hasAllEntities = true

    package init() {}

    /// Adds what a later file says: entities as ``TopologyDeclaration/merge(_:)`` does, rules and known issues behind the
    /// earlier ones, weights in their place.
    package mutating func merge(_ later: TopologyDocument) -> [Diagnostic] {
        let shift = Int32(declaration.files.count)
        let diagnostics = declaration.merge(later.declaration)
        rules += later.rules
        knownIssues += later.knownIssues
        hasAllEntities = hasAllEntities && later.hasAllEntities
        weights += later.weights.map { entry in
            var entry = entry
            entry.name.mark.file += shift
            return entry
        }
        return diagnostics
    }
}

/// Reads topology.yaml, version 1.
///
/// The format is documented in docs/topology.md.
public enum TopologyReader {
    static let keys = ["version", "name", "kinds", "entities", "for_each", "alerts", "known_issues", "weights"]

    /// Reads one file.
    ///
    /// All findings are returned; the document holds what could be read. Names are not looked up, nor groups checked:
    /// that takes all files.
    ///
    /// - Complexity: O(length).
    public static func read(
        _ bytes: [UInt8],
        file: String
    ) -> (document: TopologyDocument, diagnostics: [Diagnostic]) {
        readPlain(bytes, file: file) ?? readAny(bytes, file: file)
    }

    /// Reads a file whose entities are in the plain style: these by themselves, and all else through the YAML library.
    ///
    /// Returns nil when the entities are not plain, or anything at all is wrong with the file.
    package static func readPlain(
        _ bytes: [UInt8],
        file: String
    ) -> (document: TopologyDocument, diagnostics: [Diagnostic])? {
        guard let section = PlainEntityReader.read(bytes) else { return nil }
        // In brackets there must be a value; between lines there need not be one.
        let isInBrackets = !section.value.isEmpty && bytes[section.value.lowerBound] == UInt8(ascii: "{")
        let stopgap = isInBrackets ? Array("null".utf8) : []
        let rest = bytes[..<section.value.lowerBound] + stopgap + bytes[section.value.upperBound...]
        let gap = YAMLDocument.Gap(from: section.start, width: stopgap.count, to: section.end)
        let result = readAny(Array(rest), file: file, without: section, gap: gap)
        return result.diagnostics.isEmpty ? result : nil
    }

    /// Reads a file through the YAML library, as a check on ``readPlain(_:file:)``.
    ///
    /// - Complexity: O(length).
    package static func readAny(
        _ bytes: [UInt8],
        file: String
    ) -> (document: TopologyDocument, diagnostics: [Diagnostic]) {
        readAny(bytes, file: file, without: nil, gap: nil)
    }

    /// Reads a file through the YAML library.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - file: the name that locations carry.
    ///   - section: the entities, when they were taken out of the text.
    ///   - gap: where that was.
    /// - Returns: the document, and every finding.
    private static func readAny(
        _ bytes: [UInt8],
        file: String,
        without section: PlainEntityReader.Section?,
        gap: YAMLDocument.Gap?
    ) -> (document: TopologyDocument, diagnostics: [Diagnostic]) {
        var (yaml, root) = YAMLDocument.compose(bytes, file: file)
        yaml.gap = gap
        var result = TopologyDocument()
        result.declaration.files = [file]
        guard let root else {
            result.hasAllEntities = false
            return (result, yaml.diagnostics)
        }
        var hasEntities = false
        for entry in yaml.entries(root, of: "the topology") {
            switch entry.key {
            case "version": yaml.checkVersion(entry.value)
            case "name": result.declaration.name = yaml.string(entry.value, of: "name")
            case "kinds": result.declaration.kinds = EntityReader.readKinds(entry.value, &yaml)
            case "entities":
                hasEntities = true
                guard let section else {
                    result.declaration.entities = EntityReader.readEntities(entry.value, &yaml)
                    continue
                }
                result.declaration.entities = section.entities
                result.declaration.symbols = [section.symbols]
                if yaml.mark(entry.keyNode) != section.key || !yaml.isNull(entry.value) {
                    yaml.report("not-plain", "the entities stand elsewhere", at: entry.keyNode)
                }
            case "for_each": result.declaration.expansions = EntityReader.readExpansions(entry.value, &yaml)
            case "alerts": result.rules = RuleReader.readRules(entry.value, &yaml)
            case "known_issues": result.knownIssues = RuleReader.readKnownIssues(entry.value, &yaml)
            case "weights":
                for weight in yaml.entries(entry.value, of: "weights") {
                    guard let value = yaml.number(weight.value, of: "weight '\(weight.key)'") else { continue }
                    result.weights.append((.init(weight.key, yaml.mark(weight.keyNode)), value))
                }
            default: yaml.reportUnknown(entry, in: "the topology", known: keys)
            }
        }
        if !hasEntities, !yaml.diagnostics.containsError {
            yaml.warn("no-entities", "no entities are declared", at: root, fix: "add entities:")
        }
        // A key that is misspelt, or holds something else, may be the one that declares them.
        result.hasAllEntities = !yaml.diagnostics.containsError || !result.declaration.entities.isEmpty
        return (result, yaml.diagnostics)
    }
}
