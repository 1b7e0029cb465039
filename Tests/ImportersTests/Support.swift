import Diagnostics
import Foundation
import Importers
import Testing
import Topology
import TopologyFormats

enum Sample {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// A file that a real program wrote, by its path below Tests/.
    static func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: tests.appending(path: path))) }
}

/// Imports a text that has no error in it.
func imported(
    _ text: String,
    as source: ImportSource = .kubernetes,
    deployOrder: Bool = false
) throws -> (entities: [String: TopologyDeclaration.Entity], notes: [String]) {
    let (topology, diagnostics) = ImportedTopology.read(
        [("in", Array(text.utf8))],
        as: source,
        deployOrder: deployOrder
    )
    let declaration = try #require(topology, "\(diagnostics)").declaration
    return (
        Dictionary(uniqueKeysWithValues: declaration.entities.map { ($0.name, $0) }),
        diagnostics.map(\.code).sorted()
    )
}

/// The codes and places of what is wrong with a text: `wrong-shape 1:25`.
func findings(_ text: String, as source: ImportSource = .kubernetes) -> [String] {
    let (topology, diagnostics) = ImportedTopology.read([("in", Array(text.utf8))], as: source)
    #expect(topology == nil)
    return diagnostics.map { "\($0.code) \($0.location?.line ?? 0):\($0.location?.column ?? 0)" }
}

extension ImportedTopology {
    /// The file that the import prints.
    func written() -> String {
        var file = ImportedFile()
        #expect(file.update(with: self).isEmpty)
        return file.text
    }
}

/// Reads a topology.yaml as every command does.
func resolved(_ texts: String...) throws -> Topology {
    var merged = TopologyDocument()
    for text in texts {
        let (document, diagnostics) = TopologyReader.read(Array(text.utf8), file: "topology.yaml")
        #expect(diagnostics.isEmpty)
        #expect(merged.merge(document).isEmpty)
    }
    let (topology, diagnostics) = merged.declaration.resolved()
    #expect(diagnostics.isEmpty)
    return try #require(topology)
}

extension TopologyDeclaration.Entity {
    /// The needs as they are written: `a`, `weak b`, `any c d`, `2 of e f g`.
    var writtenNeeds: [String] {
        needs.map { need in
            switch need {
            case .hard(let reference): reference.name
            case .weak(let reference): "weak \(reference.name)"
            case .group(nil, let members, _): "any " + members.map(\.name).joined(separator: " ")
            case .group(let minimum?, let members, _):
                "\(minimum) of " + members.map(\.name).joined(separator: " ")
            }
        }
    }
}
