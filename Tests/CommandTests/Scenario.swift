import Foundation

/// What a user types and sees, written down in one file: words, input files, and a transcript of commands.
///
///     Why this matters, in words.
///     -- topology.yaml --
///     entities: {host/a: {}}
///     -- run --
///     $ blast-radius check topology.yaml
///     > platform: 1 entity, 0 needs, 0 alert rules, 0 known issues
///     2> a line of standard error
///     exit 1
///
/// A command is a line of the shell. `>` and `2>` give every line of its output, `exit` its code unless that is 0.
struct Scenario: Sendable {
    var name: String
    /// Everything before the transcript, as written.
    var preamble: [String]
    var files: [(name: String, content: String)]
    var steps: [Step]

    struct Step: Sendable, Equatable {
        var command: String
        var output: [String] = []
        var errors: [String] = []
        var exitCode: Int32 = 0
    }

    init(name: String, text: String) throws {
        self.name = name
        files = []
        steps = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let run = lines.firstIndex(of: "-- run --") else { throw Malformed(name: name, line: "-- run --") }
        preamble = Array(lines[..<run])
        for line in preamble {
            if line.hasPrefix("-- "), line.hasSuffix(" --") {
                files.append((String(line.dropFirst(3).dropLast(3)), ""))
            } else if !files.isEmpty {
                files[files.count - 1].content += line + "\n"
            }
        }
        lines.removeFirst(run + 1)
        for line in lines where !line.isEmpty { try read(line) }
    }

    private mutating func read(_ line: String) throws {
        if line.hasPrefix("$ ") {
            steps.append(Step(command: String(line.dropFirst(2))))
            return
        }
        guard let last = steps.indices.last else { throw Malformed(name: name, line: line) }
        if line == ">" || line.hasPrefix("> ") {
            steps[last].output.append(String(line.dropFirst(2)))
        } else if line == "2>" || line.hasPrefix("2> ") {
            steps[last].errors.append(String(line.dropFirst(3)))
        } else if line.hasPrefix("exit "), let code = Int32(line.dropFirst(5)) {
            steps[last].exitCode = code
        } else {
            throw Malformed(name: name, line: line)
        }
    }

    struct Malformed: Error {
        var name: String
        var line: String
    }

    static let folder = Repository.root.appending(path: "Tests/CommandTests/Scenarios")

    /// Every scenario, by name.
    static func names() -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }

    static func load(_ name: String) throws -> Scenario {
        let file = folder.appending(path: "\(name).txt")
        return try Scenario(name: name, text: String(contentsOf: file, encoding: .utf8))
    }
}

extension Scenario.Step {
    /// The step as a scenario file has it.
    var transcript: [String] {
        ["$ \(command)"] + output.map { $0.isEmpty ? ">" : "> \($0)" } + errors.map { $0.isEmpty ? "2>" : "2> \($0)" }
            + (exitCode == 0 ? [] : ["exit \(exitCode)"])
    }
}
