import Alerts
import Diagnostics
import Foundation
import Testing
import Time
import Topology

/// The content of a real payload.
func sample(_ name: String) throws -> [UInt8] {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Samples"))
    return Array(try Data(contentsOf: url))
}

/// Decodes a sample that has nothing wrong in it.
func cleanBatch(_ name: String) throws -> AlertBatch {
    let (batch, diagnostics) = AlertDecoder.decode(try sample(name), file: name)
    #expect(diagnostics.isEmpty)
    return try #require(batch)
}

func decode(_ text: String, file: String = "in.json") -> (batch: AlertBatch?, diagnostics: [Diagnostic]) {
    AlertDecoder.decode(Array(text.utf8), file: file)
}

func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

func alert(_ labels: LabelSet, startsAt: Timestamp? = nil, state: Alert.State = .active) -> Alert {
    Alert(labels: labels, state: state, startsAt: startsAt, location: SourceLocation(file: "test"))
}

/// A topology of entities without needs.
func topology(_ names: String..., aliases: [String: [String]] = [:]) -> Topology {
    topology(names, aliases: aliases)
}

func topology(_ names: [String], aliases: [String: [String]] = [:]) -> Topology {
    let sorted = names.sorted()
    let kindNames = Set(sorted.map { String($0.prefix { $0 != "/" }) }).sorted()
    let kinds = kindNames.map { name in Kind.builtIn.first { $0.name == name } ?? Kind(name: name) }
    var details: [Int32: EntityDetails] = [:]
    for (index, name) in sorted.enumerated() {
        if let own = aliases[name] {
            var detail = EntityDetails()
            detail.aliases = own
            details[Int32(index)] = detail
        }
    }
    return Topology(
        name: nil,
        kinds: kinds,
        names: TextTable(sorted),
        kindIndices: sorted.map { name in
            Int32(kindNames.firstIndex(of: String(name.prefix { $0 != "/" })) ?? 0)
        },
        places: sorted.map { _ in -1 },
        requirementOffsets: Array(repeating: 0, count: sorted.count + 1),
        requirementRecords: [],
        members: [],
        details: DetailTable(entityCount: sorted.count, details: details),
        aliases: AliasTable(details),
        files: ["topology.yaml"],
        marks: sorted.map { _ in TopologyDeclaration.Mark() }
    )
}

/// A small seeded generator (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension AlertBatch {
    func count(_ state: Alert.State) -> Int { alerts.filter { $0.state == state }.count }

    func first(_ name: String) -> Alert? { alerts.first { $0.name == name } }
}
