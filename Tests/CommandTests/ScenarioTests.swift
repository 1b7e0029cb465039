import Foundation
import Testing

@Suite("The command, as its users run it")
struct ScenarioTests {
    /// `RECORD=1 swift test --filter Scenario` writes what happens into the scenarios, for reading; that run fails.
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD"] != nil

    @Test(arguments: Scenario.names())
    func scenario(_ name: String) throws {
        let scenario = try Scenario.load(name)
        try #require(!scenario.steps.isEmpty)
        let workspace = try Workspace(scenario.files)
        let seen = try scenario.steps.map { try workspace.run($0.command) }
        if Self.isRecording, seen != scenario.steps {
            let lines = scenario.preamble + ["-- run --"] + seen.flatMap(\.transcript) + [""]
            let file = Scenario.folder.appending(path: "\(name).txt")
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            Issue.record("recorded \(name)")
            return
        }
        for (expected, actual) in zip(scenario.steps, seen) {
            #expect(actual.transcript.joined(separator: "\n") == expected.transcript.joined(separator: "\n"))
        }
    }

    @Test func `there are scenarios`() {
        #expect(Scenario.names().count > 30)
    }
}
