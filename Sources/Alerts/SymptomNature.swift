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
        let name = alert.name.lowercased()
        let metric = alert.labels.nonEmpty("metric") ?? alert.labels.nonEmpty("metric_name") ?? ""
        let text = name + " " + metric.lowercased()
        isState = name.contains(anyOf: Self.stateWords) || name.hasSuffix("down")
        isAnomaly = name.contains(anyOf: ["anomal"])
        isOwn =
            (name.hasPrefix("log") || text.contains(anyOf: Self.ownWords))
            && !text.contains(anyOf: Self.planningWords)
        let measured = metric.isEmpty ? alert.labels.nonEmpty("template") ?? "" : metric
        sort = [alert.name, measured, alert.labels.nonEmpty("direction") ?? ""]
            .map(maskingDigits).joined(separator: "\u{1F}")
    }

    private static let stateWords = [
        "notready", "crashloop", "waiting", "stuck", "evict", "oom", "unschedul", "unavailable", "unreachable",
        "failedpods", "podfailed", "targetdown", "instancedown",
    ]

    private static let ownWords = [
        "cpu", "memory", "mem_", "_mem", "disk", "rss", "heap", "swap", "thread", "file_desc", "filedesc", "inode",
        "gc_", "saturat", "usage", "utilization", "utilisation", "load_", "iops", "throttl", "logtemplate", "logerror",
        "certificate", "cert_", "certexp", "certrenew", "license", "filesystem", "fillingup", "temperature", "hwmon",
        "smartctl", "smartd", "raid", "edac", "battery", "powersupply", "clockskew", "clock_skew", "ntp", "conntrack",
        "vacuum", "fragmentation",
    ]

    /// Consumption as people plan and pay for it says nothing about a fault.
    private static let planningWords = ["spend", "cost", "budget", "quota"]
}

extension String {
    fileprivate func contains(anyOf words: [String]) -> Bool {
        words.contains { utf8.containsSequence($0.utf8) }
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
