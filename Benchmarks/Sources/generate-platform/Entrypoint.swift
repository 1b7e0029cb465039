import Foundation

/// `generate-platform ENTITIES FOLDER [--alerts N] [--seed N]`: a platform, and an incident on it.
///
/// Writes `topology.yaml`, the same as `topology.json`, `alerts.json` with about so many alerts (10,000 unless told
/// otherwise), and `graph.bin` and `alerts10k.bin` in the layout of `gen.py`. The same arguments, the same bytes.
@main
struct Entrypoint {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func option(_ name: String, _ standard: Int) -> Int {
            guard let place = arguments.firstIndex(of: name) else { return standard }
            guard place + 1 < arguments.count, let value = Int(arguments[place + 1]), value > 0 else { usage() }
            arguments.removeSubrange(place...(place + 1))
            return value
        }
        let target = option("--alerts", 10_000)
        var random = SeededGenerator(seed: UInt64(option("--seed", 1)))
        guard arguments.count == 2, let size = Double(arguments[0]), (100...1e7).contains(size) else { usage() }
        let folder = arguments[1]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let platform = Platform(size: Int(size), random: &random)
        let storm = Storm(in: platform, target: min(target, platform.count), random: &random)
        try platform.writeYAML(to: folder + "/topology.yaml")
        try platform.writeJSON(to: folder + "/topology.json")
        try platform.writeAlerts(storm, to: folder + "/alerts.json")
        try platform.writeGraph(to: folder + "/graph.bin")
        let some = random.sample(10_000, of: Array(0..<Int32(platform.count)))
        try Platform.write(some, to: folder + "/alerts10k.bin")
        print(
            "\(platform.count) entities, \(platform.dependencyCount) dependencies, \(storm.alerting.count) alerts of \(storm.roots.count) faults"
        )
        print("roots \(storm.roots.map { platform.name(Int($0)) }.joined(separator: " "))")
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(Data("usage: generate-platform ENTITIES FOLDER [--alerts N] [--seed N]\n".utf8))
        exit(64)
    }
}
