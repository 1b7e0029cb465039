import Alerts
import BlastRadius
import Foundation
import Reports
import Simulation
import TopologyFormats

/// `stages FOLDER [--alerts|--analysis] [--repeat N]`: what each stage of the work takes on a platform that
/// `generate-platform` wrote.
///
/// Prints a line for each stage: its name, the CPU time in seconds (of N runs the median) and the peak of the memory in MiB
/// while it ran. With `--alerts` the stages that alerts go through, with `--analysis` those that infer and write, both from
/// the compiled topology; without either all that is done with the topology itself.
@main
struct Entrypoint {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func has(_ flag: String) -> Bool {
            defer { arguments.removeAll { $0 == flag } }
            return arguments.contains(flag)
        }
        let (isAlerts, isAnalysis) = (has("--alerts"), has("--analysis"))
        var repeats = 1
        if let place = arguments.firstIndex(of: "--repeat"), place + 1 < arguments.count {
            repeats = max(1, Int(arguments[place + 1]) ?? 1)
            arguments.removeSubrange(place...(place + 1))
        }
        guard arguments.count == 1 else {
            complain("usage: stages FOLDER [--alerts|--analysis] [--repeat N]")
            exit(64)
        }
        let folder = arguments[0]
        if isAlerts {
            readAlerts(folder, repeats)
        } else if isAnalysis {
            analyze(folder)
        } else {
            prepare(folder)
        }
    }

    private static func prepare(_ folder: String) {
        let compiledPath = folder + "/topology.brt"
        var bytes: [UInt8] = []
        measure("read bytes of compiled") { bytes = contents(compiledPath) }
        let compiled = InputFile(path: compiledPath, bytes: bytes)
        measure("load compiled") { _ = try? Platform(compiled: compiled) }
        for format in ["json", "yaml"] {
            let file = InputFile(path: "topology.\(format)", bytes: contents(folder + "/topology.\(format)"))
            let reading = measure("read \(format)") { _ = TopologyReader.read(file.bytes, file: file.path) }
            guard format == "yaml" else { continue }
            var platform: Platform?
            let loading = measure("read and validate yaml") { platform = Platform.load([file]).platform }
            report("validate", loading - reading, nil)
            guard let platform else { return complain("the topology cannot be loaded") }
            var model: SimulationModel?
            measure("compile failure graph") { model = SimulationModel(platform.topology) }
            guard let model else { return }
            let sites = platform.topology.entities.filter { platform.topology.kind(of: $0).name == "site" }
            measure("simulate one site") { _ = model.answer(WhatIf(losses: Array(sites.prefix(1)))) }
        }
    }

    private static func readAlerts(_ folder: String, _ repeats: Int) {
        let alerts = contents(folder + "/alerts.json")
        var decoded: [Alert] = []
        measure("decode alerts", repeats) {
            decoded = AlertDecoder.decode(alerts, file: "alerts.json").batch?.alerts ?? []
        }
        guard let platform = compiledPlatform(folder) else { return }
        var unmatched = 0
        measure("match alerts", repeats) {
            let mapper = AlertMapper(topology: platform.topology, rules: platform.rules)
            unmatched = decoded.count { !mapper.match($0).isMatched }
        }
        if unmatched > 0 { complain("\(unmatched) alerts match nothing") }
    }

    private static func analyze(_ folder: String) {
        guard let platform = compiledPlatform(folder) else { return }
        var builder = IncidentBuilder()
        _ = builder.addAlerts(InputFile(path: "alerts.json", bytes: contents(folder + "/alerts.json")))
        guard let incident = builder.incident?.incident else { return complain("the alerts cannot be read") }
        var analysis: Analysis?
        measure("infer") { analysis = incident.analyze(on: platform).analysis }
        guard let analysis else { return complain("the incident cannot be analysed") }
        measure("write JSON") { _ = JSONReport.render(analysis) }
        measure("write Markdown") { _ = MarkdownReport.render(analysis) }
    }

    private static func compiledPlatform(_ folder: String) -> Platform? {
        let path = folder + "/topology.brt"
        let platform = try? Platform(compiled: InputFile(path: path, bytes: contents(path)))
        if platform == nil { complain("\(path) cannot be loaded") }
        return platform
    }

    @discardableResult
    private static func measure(_ name: String, _ repeats: Int = 1, _ body: () -> Void) -> Double {
        // Makes the peak of the memory begin anew.
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        var times: [Double] = []
        for _ in 0..<repeats {
            let start = cpuTime
            body()
            times.append(cpuTime - start)
        }
        let time = times.sorted()[repeats / 2]
        report(name, time, peakMemory)
        return time
    }

    private static func report(_ name: String, _ time: Double, _ memory: Int?) {
        let line = "\(name)\t\(String(format: "%.4f", time))\t\(memory.map(String.init) ?? "")\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    /// Seconds.
    private static var cpuTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    /// In MiB, since the peak was last forgotten.
    private static var peakMemory: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map { $0 / 1024 }
    }

    private static func contents(_ path: String) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            complain("cannot read \(path)")
            exit(1)
        }
        return [UInt8](data)
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("stages: \(text)\n".utf8))
    }
}
