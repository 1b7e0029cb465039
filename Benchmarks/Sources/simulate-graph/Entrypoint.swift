import Foundation
import Simulation
import Topology

/// `simulate-graph FILE [--repeat N] [--model] [--losses FILE [--count N]]`: the product's simulation on a graph in the
/// layout of `gen.py`.
///
/// Prints one line for each measurement: what, the median and least CPU time in milliseconds, and what came out.
/// With `--model` the whole answers of the library are measured too: paths, totals and next losses included. With
/// `--losses` nothing is measured but getting ready and losing each of the entities whose numbers a file holds, the first
/// N of them, by itself.
@main
struct Entrypoint {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func option(_ name: String) -> String? {
            guard let place = arguments.firstIndex(of: name) else { return nil }
            guard place + 1 < arguments.count else { usage() }
            defer { arguments.removeSubrange(place...(place + 1)) }
            return arguments[place + 1]
        }
        func number(_ name: String, _ standard: Int) -> Int {
            guard let text = option(name) else { return standard }
            guard let value = Int(text), value > 0 else { usage() }
            return value
        }
        let repeats = number("--repeat", 5)
        let count = number("--count", .max)
        let losses = option("--losses")
        let isModelMeasured = arguments.contains("--model")
        arguments.removeAll { $0 == "--model" }
        guard arguments.count == 1, let words = words(of: arguments[0]) else { usage() }
        let start = cpuTime
        guard var instance = SimulationInstance(words: words) else { usage() }
        let compiling = cpuTime - start
        if let losses {
            guard let entities = Self.words(of: losses)?.prefix(count) else { usage() }
            print("compile: \(String(format: "%.3f", compiling * 1000)) ms")
            return measure("each of \(entities.count)", repeats) {
                "sum \(entities.reduce(0) { $0 + instance.lose($1) })"
            }
        }
        measure("one site", repeats) { "down \(instance.loseSites(1))" }
        measure("all sites", repeats) { "down \(instance.loseSites(instance.siteCount))" }
        measure("N-1", repeats) {
            let (total, greatest) = instance.loseEach()
            return "sum \(total) max \(greatest)"
        }
        if isModelMeasured { measureModel(instance, repeats) }
    }

    private static func measureModel(_ instance: SimulationInstance, _ repeats: Int) {
        guard let model = instance.model() else { return complain("the graph makes no topology\n") }
        let sites = model.topology.entities.filter { model.topology.kind(of: $0).name == "site" }
        measure("answer, one site", repeats) {
            "down \(model.answer(WhatIf(losses: Array(sites.prefix(1)))).outcome.down.count)"
        }
        measure("answer, all sites", repeats) { "down \(model.answer(WhatIf(losses: sites)).outcome.down.count)" }
        measure("ranking", repeats) { "worst \(model.ranking(RankingOptions(top: 10)).losses.first?.down ?? 0)" }
        measure("pairs", 1) {
            let pairs = model.pairLosses(RankingOptions(top: 10))
            return "found \(pairs.found) complete \(pairs.coverage.isComplete)"
        }
    }

    /// In CPU time of the process, so that what else the machine does counts less.
    private static func measure(_ name: String, _ repeats: Int, _ body: () -> String) {
        var times: [Double] = []
        var result = ""
        for _ in 0..<repeats {
            let start = cpuTime
            result = body()
            times.append((cpuTime - start) * 1000)
        }
        times.sort()
        func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
        print("\(name): median \(decimal(times[times.count / 2])) ms, min \(decimal(times[0])) ms, \(result)")
    }

    /// Seconds.
    private static var cpuTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    private static func words(of path: String) -> [Int32]? {
        guard let data = FileManager.default.contents(atPath: path), data.count % 4 == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int32.self).map { Int32(littleEndian: $0) }
        }
    }

    private static func usage() -> Never {
        complain("usage: simulate-graph FILE [--repeat N] [--model] [--losses FILE [--count N]]\n")
        exit(64)
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
