import Diagnostics
import Topology

/// A platform in a few lines: `host/a on site/x needs tor/t, dns/c` and `site/sto1 = Stockholm`.
func platform(_ lines: [String]) throws -> Topology {
    var declaration = TopologyDeclaration()
    declaration.files = ["test"]
    let mark = TopologyDeclaration.Mark()
    for line in lines {
        let words = line.split(separator: " ").map(String.init)
        var entity = TopologyDeclaration.Entity(name: words[0], mark: mark)
        var keyword = ""
        for word in words.dropFirst() {
            let name = word.hasSuffix(",") ? String(word.dropLast()) : word
            if ["on", "needs", "="].contains(word) {
                keyword = word
            } else if keyword == "on" {
                entity.place = TopologyDeclaration.Reference(name, mark)
            } else if keyword == "needs" {
                entity.needs.append(.hard(.init(name, mark)))
            } else {
                entity.label = [entity.label, word].compactMap { $0 }.joined(separator: " ")
            }
        }
        declaration.entities.append(entity)
    }
    let (topology, diagnostics) = declaration.resolved()
    guard let topology else { throw BadPlatform(message: diagnostics.map(\.description).joined(separator: "\n")) }
    return topology
}

struct BadPlatform: Error {
    var message: String
}

extension Topology {
    /// The entity of that name, which the test has just declared.
    func id(_ name: String) throws -> EntityID {
        guard let entity = entity(named: name) else { throw BadPlatform(message: "no \(name)") }
        return entity
    }
}
