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

/// docs/what-if.md quotes the command's output: it is what the command prints today, from its first line on.
@Suite("docs/what-if.md")
struct WhatIfPageTests {
    /// The code blocks that begin with a `$` line: the command, and the lines below it.
    static func quotations() throws -> [(command: String, output: [String])] {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/what-if.md"), encoding: .utf8)
        let blocks = text.components(separatedBy: "\n```\n").filter { $0.hasPrefix("$ ") }
        return blocks.map { block in
            let lines = block.components(separatedBy: "\n")
            return (String(lines[0].dropFirst(2)), Array(lines.dropFirst()))
        }
    }

    @Test func `what it quotes is what the command prints`() throws {
        let quotations = try Self.quotations()
        #expect(quotations.count == 2)
        let workspace = try Workspace()
        try workspace.linkRepository()
        for (command, output) in quotations {
            let step = try workspace.run(command)
            #expect(Array(step.output.prefix(output.count)) == output)
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)).trimmingCharacters(in: .whitespaces) : self
    }
}
