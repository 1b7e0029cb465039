internal import ArgumentParser
internal import Diagnostics

/// The command line.
///
/// Commands load, call the library, and write; they decide nothing about incidents.
struct BlastRadiusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blast-radius",
        abstract: "Finds the few failures that explain the alerts that are firing.",
        usage: """
            blast-radius alerts.json -o incident.svg
            blast-radius --alertmanager http://am:9093 --prometheus http://prom:9090
            curl -s http://alertmanager:9093/api/v2/alerts | blast-radius -
            """,
        discussion: """
            Reads a dependency topology and the alerts of an Alertmanager, and works out the minimal set of failures \
            that explains them, with proof, alternatives and evidence. The options of this main job: \
            blast-radius help analyze

            Exit codes: 0 analysed; 1 an input or run-time fault; 2 root causes found, with --detailed-exitcode; \
            64 wrong usage.
            """,
        version: "0.1.0",
        subcommands: [
            AnalyzeCommand.self, WatchCommand.self, ExplainCommand.self, MatchCommand.self, CheckCommand.self,
            TestCommand.self, WhatIfCommand.self, RankCommand.self, CutSetsCommand.self, ImportCommand.self,
            CompileCommand.self, DoctorCommand.self,
        ],
        defaultSubcommand: AnalyzeCommand.self
    )

    /// Wrong usage where the first argument is no file but nearly a command: as a file it would only be said to be missing.
    static func misspelling(in arguments: [String]) -> ValidationError? {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let first = arguments.first, !first.hasPrefix("-"), !names.contains(first),
            let command = nearestName(to: first, among: names), !Files.exists(first)
        else { return nil }
        return ValidationError("'\(first)' is neither a command nor a file. Did you mean '\(command)'?")
    }
}

/// Runs the command line of this process, and ends the process with its exit code.
public func runBlastRadius() {
    Files.prepareStreams()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let misspelling = BlastRadiusCommand.misspelling(in: arguments) {
        BlastRadiusCommand.exit(withError: misspelling)
    }
    BlastRadiusCommand.main(arguments)
}
