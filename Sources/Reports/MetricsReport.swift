internal import Alerts
public import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

/// The analysis as Prometheus metrics, for the node exporter's textfile collector.
///
/// Source: "Text-based format", version 0.0.4.
public enum MetricsReport {
    /// The metrics, ending in a line break.
    ///
    /// - Complexity: O(alerts + affected entities).
    public static func render(_ analysis: Analysis) -> String {
        let wording = Wording(analysis: analysis)
        var writer = MetricsWriter()
        let counts = analysis.counts
        writer.family("blast_radius_alerts", "Alerts by what became of them.")
        for verdict in Analysis.Verdict.allCases {
            writer.sample([("verdict", verdict.rawValue)], Double(counts[verdict] ?? 0))
        }
        writer.family("blast_radius_root_cause_confidence_ratio", "How sure each root cause is, from 0 to 1.")
        for root in analysis.rootCauses {
            writer.sample(
                [
                    ("entity", wording.name(root.entity)), ("effect", root.effect.rawValue),
                    ("severity", root.severity.rawValue), ("silent", String(root.isSilent)),
                ],
                root.confidence
            )
        }
        writer.family("blast_radius_root_cause_onset_timestamp_seconds", "When each root cause began.")
        for root in analysis.rootCauses {
            guard let onset = root.onset else { continue }
            writer.sample([("entity", wording.name(root.entity))], Double(onset.milliseconds) / 1_000)
        }
        writer.family("blast_radius_root_cause_alerts", "Alerts that each root cause explains.")
        for root in analysis.rootCauses {
            writer.sample([("entity", wording.name(root.entity))], Double(root.explains.count))
        }
        writer.family(
            "blast_radius_affected_entities",
            "Entities that the root causes affect, by effect and by whether an alert or an observation says so."
        )
        for effect in [Effect.down, .degraded, .reduced] {
            for isSeen in [true, false] {
                let count = analysis.affected.count { $0.effect == effect && wording.isSeen($0) == isSeen }
                writer.sample([("effect", effect.rawValue), ("seen", String(isSeen))], Double(count))
            }
        }
        writer.family("blast_radius_explanation_proven", "Whether the explanation is proven to be minimal.")
        writer.sample([], analysis.optimality.isProven ? 1 : 0)
        if let now = analysis.now {
            writer.family("blast_radius_analysis_timestamp_seconds", "The moment that the analysis speaks of.")
            writer.sample([], Double(now.milliseconds) / 1_000)
        }
        return writer.text
    }
}

/// Writes gauges; the one owner of escaping in label values.
struct MetricsWriter {
    private(set) var text = ""
    private var name = ""

    mutating func family(_ name: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
    }

    mutating func sample(_ labels: [(name: String, value: String)], _ value: Double) {
        let list = labels.map { "\($0.name)=\"\(Self.escape($0.value))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        text += list.isEmpty ? "\(name) \(number)\n" : "\(name){\(list)} \(number)\n"
    }

    static func escape(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: nil
            }
        }
    }
}
