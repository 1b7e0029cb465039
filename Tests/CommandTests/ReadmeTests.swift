import Foundation
import Testing

/// The README's commands do what it says: they run as written, from the top of the checkout.
@Suite("README.md")
struct ReadmeTests {
    /// The lines of its code blocks that call the command, continuations joined.
    static func commands() throws -> [String] {
        let text = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
        var commands: [String] = []
        var isCode = false
        var isContinued = false
        for line in text.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode, isContinued {
                commands[commands.count - 1] += " " + line.trimmingSuffix("\\")
                isContinued = line.hasSuffix("\\")
            } else if isCode, line.hasPrefix("blast-radius ") || line.contains("| blast-radius ") {
                commands.append(line.trimmingSuffix("\\"))
                isContinued = line.hasSuffix("\\")
            }
        }
        return commands
    }

    @Test func `every command succeeds, or ends as the line says`() throws {
        let commands = try Self.commands()
        #expect(commands.count >= 4)
        let workspace = try Workspace()
        try workspace.linkRepository()
        for command in commands {
            let step = try workspace.run(command)
            let stated = command.range(of: "exits? with ", options: .regularExpression)
                .flatMap { Int32(command[$0.upperBound...].prefix { $0.isNumber }) }
            #expect(step.exitCode == stated ?? 0, "\(command)\n\(step.errors.joined(separator: "\n"))")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)).trimmingCharacters(in: .whitespaces) : self
    }
}
