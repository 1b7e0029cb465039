import BlastRadius
import Diagnostics
import Foundation
import Testing
import Topology

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func packageFile(_ path: String) throws -> InputFile {
    InputFile(path: path, bytes: Array(try Data(contentsOf: packageFolder.appendingPathComponent(path))))
}

/// A platform from the text of a topology.yaml, which must be free of errors.
func platform(_ yaml: String) throws -> Platform {
    let (platform, diagnostics) = Platform.load([InputFile(path: "topology.yaml", bytes: Array(yaml.utf8))])
    return try #require(platform, "\(diagnostics)")
}

/// The codes of what is wrong with the text of a topology.yaml.
func findings(_ yaml: String) -> [String] {
    Platform.load([InputFile(path: "topology.yaml", bytes: Array(yaml.utf8))]).diagnostics.map(\.code)
}

extension Topology {
    func id(_ name: String) throws -> EntityID { try #require(entity(named: name), "no \(name)") }

    func ids(_ names: String...) throws -> [EntityID] { try names.map(id) }

    func names(_ entities: some Sequence<EntityID>) -> [String] { entities.map(name) }
}
