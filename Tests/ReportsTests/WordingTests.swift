import BlastRadius
import Testing

@testable import Reports

/// Sentences that must not mislead.
@Suite struct WordingTests {
    @Test func `what is not named is counted by things, not by kinds`() throws {
        let kinds = ["pod": 5, "service": 4, "host": 3, "database": 2, "volume": 2]
        let names = kinds.sorted { $0.key < $1.key }.flatMap { kind, count in (1...count).map { "\(kind)/x\($0)" } }
        let analysis = try ReportsTests.analysis(
            topology: "entities: {\(names.map { "\($0): {}" }.joined(separator: ", "))}",
            alerts: "[]"
        )
        let wording = Wording(analysis: analysis)
        let entities = names.compactMap { analysis.topology.entity(named: $0) }
        #expect(wording.counts(entities) == "5 pods, 4 services, 3 hosts and 4 more")
        #expect(wording.counts(entities.filter { wording.name($0) < "s" }) == "5 pods, 3 hosts and 2 databases")
    }
}
