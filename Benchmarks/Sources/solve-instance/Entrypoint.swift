import Foundation
import Inference

/// `solve-instance FILE… [--time-limit S]`: the product's solver on instances in the layout of ``SolverInstance``.
///
/// Prints one line for each: `OPT <cost> proven|bounded bound <bound> roots <entity …>`. With `--timing` a second line on
/// standard error says how long reading and solving took, and how much processor time solving took, which a busy machine
/// disturbs less. The time limit is for each instance.
@main
struct Entrypoint {
    static func main() {
        var paths = Array(CommandLine.arguments.dropFirst())
        var limit = 60.0
        if let place = paths.firstIndex(of: "--time-limit") {
            guard place + 1 < paths.count, let seconds = Double(paths[place + 1]) else { usage() }
            limit = seconds
            paths.removeSubrange(place...(place + 1))
        }
        let isTimed = paths.contains("--timing")
        paths.removeAll { $0 == "--timing" }
        guard !paths.isEmpty else { usage() }
        let clock = ContinuousClock()
        for path in paths {
            let start = clock.now
            guard let words = words(of: path), let instance = SolverInstance(words: words) else {
                complain("solve-instance: \(path) is not an instance\n")
                exit(2)
            }
            let loaded = clock.now
            let deadline = loaded + .seconds(limit)
            let busy = Foundation.clock()
            print(instance.solve { clock.now >= deadline })
            if isTimed {
                let processor = Duration.seconds(Double(Foundation.clock() - busy) / Double(CLOCKS_PER_SEC))
                complain("load \(loaded - start) solve \(clock.now - loaded) processor \(processor)\n")
            }
        }
    }

    private static func words(of path: String) -> [Int32]? {
        guard let data = FileManager.default.contents(atPath: path), data.count % 4 == 0 else { return nil }
        return data.withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int32.self).map { Int32(littleEndian: $0) }
        }
    }

    private static func usage() -> Never {
        complain("usage: solve-instance FILE… [--time-limit SECONDS] [--timing]\n")
        exit(64)
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
