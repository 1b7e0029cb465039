internal import Topology

/// What an alert's name and metric say about the worth of its word, where no rule and no severity does.
///
/// An alert's weight is ln(d/f) with d the chance that it shows when its entity is hurt, and f the chance that it shows
/// anyway. States that a controller reports hardly occur by themselves; what an anomaly detector finds often does.
package struct SymptomNature: Sendable {
    /// The alert reports a state that a controller or a scrape has found (a pod not ready, a target down), not a measure
    /// past a threshold.
    package let isState: Bool
    /// A detector found a measure unlike its past.
    package let isAnomaly: Bool
    /// The alert is about what the entity has for itself (processor, memory, disk, clock, certificate, its own log), which trouble
    /// elsewhere seldom moves: it speaks for a fault of this entity rather than for one that reached it.
    package let isOwn: Bool
    /// What tells this sort of alert from others about the same entity.
    ///
    /// That is the name, and what was measured in which direction. Runs of digits count as one, so that the cores of a
    /// processor are one sort.
    package let sort: String

    /// Reads the alert's name and its labels `metric`, `template` and `direction`.
    ///
    /// - Complexity: O(length × words).
    package init(of alert: Alert) {
        let metric = alert.labels.nonEmpty("metric") ?? alert.labels.nonEmpty("metric_name") ?? ""
        let name = NameWords(alert.name)
        let text = NameWords(alert.name + " " + metric)
        isState =
            name.contains(part: Self.stateParts) || name.contains(word: ["oom"]) || name.words.last == "down"
            || name.isUndivided && name.text.hasSuffix("down")
        isAnomaly = name.contains(part: ["anomal"])
        isOwn =
            (text.contains(part: Self.ownParts) || text.contains(word: Self.ownWords)
                || name.words.first.map(Self.logWords.contains) == true)
            && !text.contains(word: Self.planningWords)
        let measured = metric.isEmpty ? alert.labels.nonEmpty("template") ?? "" : metric
        sort = [alert.name, measured, alert.labels.nonEmpty("direction") ?? ""]
            .map(maskingDigits).joined(separator: "\u{1F}")
    }

    // Short words are parts of others ("catalog errors", "payment processor"), so they count only where they stand alone.
    private static let stateParts = [
        "notready", "crashloop", "waiting", "stuck", "evict", "unschedul", "unavailable", "unreachable", "failedpods",
        "podfailed", "targetdown", "instancedown",
    ]

    private static let ownParts = [
        "memory", "thread", "file_desc", "filedesc", "saturat", "usage", "utilization", "utilisation", "load_",
        "throttl", "certificate", "cert_", "certexp", "certrenew", "filesystem", "fillingup", "temperature", "smartctl",
        "powersupply", "clockskew", "clock_skew", "conntrack", "vacuum", "fragmentation",
    ]
    private static let ownWords: Set<String> = [
        "cpu", "mem", "disk", "disks", "rss", "heap", "swap", "inode", "inodes", "gc", "iops", "license", "hwmon",
        "smartd", "raid", "edac", "battery", "batteries", "ntp",
    ]
    private static let logWords: Set<String> = ["log", "logs", "logging"]

    /// Consumption as people plan and pay for it says nothing about a fault.
    private static let planningWords: Set<String> = ["spend", "spending", "cost", "costs", "budget", "quota", "quotas"]
}

/// The words of a name that is written in camel case, or with anything between that is no letter.
private struct NameWords {
    /// All of it in lower case.
    let text: String
    /// In lower case, in order.
    let words: [String]
    /// Whether nothing shows where one word ends: then short words count wherever they are.
    let isUndivided: Bool

    init(_ name: String) {
        let bytes = Array(name.utf8)
        var words: [String] = []
        var word: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            let begins = isUpper && (Self.isLower(bytes, index - 1) || Self.isLower(bytes, index + 1))
            let isLetter = isUpper || Self.isLower(bytes, index)
            if !isLetter || begins, !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            }
            if isLetter { word.append(isUpper ? byte | 0x20 : byte) }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        text = name.lowercased()
        self.words = words
        isUndivided = words.count == 1
    }

    /// Whether there is a letter that is not a capital; letters beyond ASCII count as such.
    private static func isLower(_ bytes: [UInt8], _ index: Int) -> Bool {
        bytes.indices.contains(index)
            && (bytes[index] >= UInt8(ascii: "a") && bytes[index] <= UInt8(ascii: "z") || bytes[index] >= 0x80)
    }

    func contains(part: [String]) -> Bool { part.contains { text.utf8.containsSequence($0.utf8) } }

    func contains(word: Set<String>) -> Bool {
        isUndivided ? word.contains { text.utf8.containsSequence($0.utf8) } : words.contains(where: word.contains)
    }
}

private func maskingDigits(_ text: String) -> String {
    var masked = ""
    for character in text {
        guard character.isASCII, character.isNumber else {
            masked.append(character)
            continue
        }
        if masked.last != "#" { masked.append("#") }
    }
    return masked
}
