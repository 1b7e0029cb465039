import BlastRadius
import Diagnostics
import Foundation
import Reports
import TestSupport
import Testing

/// Real payloads, damaged at random: every input ends in an analysis whose ledger adds up or in an error, never in a
/// trap or a hang.
@Suite("Damaged inputs", .timeLimit(.minutes(5)))
struct FuzzTests {
    static let samples = Repository.root.appending(path: "Tests/AlertsTests/Samples")
    static let topology = Repository.root.appending(path: "topology.yaml")
    static let context = Repository.root.appending(path: "examples/2026-07-01-sto1/context.yaml")
    static let alerts = Repository.root.appending(path: "examples/2026-07-01-sto1/alerts.json")

    static func platform() throws -> Platform {
        try #require(
            Platform.load([InputFile(path: "topology.yaml", bytes: Array(Data(contentsOf: topology)))]).platform
        )
    }

    @Test func `every sample ends in an analysis or an error`() throws {
        let platform = try Self.platform()
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.samples.path).sorted()
        #expect(names.count >= 28)
        for name in names {
            try analyze(Array(Data(contentsOf: Self.samples.appending(path: name))), name, on: platform)
        }
    }

    @Test(arguments: 0..<10)
    func `damaged alerts`(seed: Int) throws {
        let platform = try Self.platform()
        var generator = SeededGenerator(seed: seed)
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.samples.path).sorted()
        for _ in 0..<20 {
            let name = try #require(names.randomElement(using: &generator))
            let bytes = Array(try Data(contentsOf: Self.samples.appending(path: name)))
            try analyze(Damage.damaged(bytes, &generator), name, on: platform)
        }
    }

    @Test(arguments: 0..<10)
    func `damaged topologies and contexts`(seed: Int) throws {
        var generator = SeededGenerator(seed: 100 + seed)
        let topology = Array(try Data(contentsOf: Self.topology))
        let context = Array(try Data(contentsOf: Self.context))
        let alerts = try Self.someAlerts()
        for _ in 0..<10 {
            let file = InputFile(path: "topology.yaml", bytes: Damage.damaged(topology, &generator))
            let (platform, findings) = Platform.load([file])
            #expect((platform == nil) == findings.contains { $0.severity == .error })
            _ = platform?.check()
            var builder = IncidentBuilder()
            #expect(builder.addAlerts(alerts).isEmpty)
            _ = builder.addContext(InputFile(path: "context.yaml", bytes: Damage.damaged(context, &generator)))
            if let platform, let (incident, _) = builder.incident {
                try expectSound(incident.analyze(on: platform).analysis)
            }
        }
    }

    /// Eight of the example's alerts, so that a hundred analyses take seconds in a debug build too.
    static func someAlerts() throws -> InputFile {
        let all = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: Self.alerts)) as? [Any])
        let some = all.enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
        return InputFile(path: "alerts.json", bytes: Array(try JSONSerialization.data(withJSONObject: some)))
    }

    private func analyze(_ bytes: [UInt8], _ name: String, on platform: Platform) throws {
        var builder = IncidentBuilder()
        let file = InputFile(path: name, bytes: bytes)
        let findings = builder.addAlerts(file)
        for finding in findings { #expect(finding.location?.file == name) }
        guard let (incident, _) = builder.incident else {
            #expect(findings.contains { $0.severity == .error })
            return
        }
        try expectSound(incident.analyze(on: platform).analysis)
    }

    /// Every alert is in the ledger, the counts add up, and both reports can be written.
    private func expectSound(_ analysis: Analysis) throws {
        #expect(analysis.counts.values.reduce(0, +) == analysis.ledger.count)
        #expect(TerminalReport.render(analysis).hasSuffix("\n"))
        let json = try JSONSerialization.jsonObject(with: Data(JSONReport.render(analysis))) as? [String: Any]
        #expect((json?["ledger"] as? [Any])?.count == analysis.ledger.count)
    }
}

/// What storage, networks and people do to files.
enum Damage {
    static func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.removeSubrange(place...)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            case 3: swapTokens(&bytes, &generator)
            case 4: bytes.insert(contentsOf: bytes[place..<min(place + 200, bytes.count)], at: place)
            default: bytes.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &generator), bytes.count))
            }
        }
        return bytes
    }

    /// Two stretches between punctuation change places: a number stands where a text was, a name where a time was.
    private static func swapTokens(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let tokens = bytes.split(omittingEmptySubsequences: true) { ",:[]{}\n".utf8.contains($0) }.map(\.indices)
        guard let one = tokens.randomElement(using: &generator), let other = tokens.randomElement(using: &generator),
            one.upperBound <= other.lowerBound
        else { return }
        bytes =
            Array(bytes[..<one.lowerBound] + bytes[other]) + bytes[one.upperBound..<other.lowerBound] + bytes[one]
            + bytes[other.upperBound...]
    }
}
