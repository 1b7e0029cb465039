import Alerts
import BlastRadius
import Diagnostics
import Testing
import Topology

/// Incidents written down in a test, and their analysis.
enum Analyses {
    static func file(_ text: String) -> InputFile { InputFile(path: "f", bytes: Array(text.utf8)) }

    /// An alert that began so many minutes after (or before) 03:00 on 2026-01-20.
    static func alert(_ name: String, minute: Int = 0, severity: String, _ labels: [String: String]) -> String {
        let minutes = 3 * 60 + minute
        let day = 20 + Int((Double(minutes) / 1_440).rounded(.down))
        let rest = minutes - (day - 20) * 1_440
        let pairs = (labels.map { ($0, $1) } + [("alertname", name), ("severity", severity)]).sorted { $0 < $1 }
        let text = pairs.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "{\"labels\": {\(text)}, \"startsAt\": \"2026-01-\(two(day))T\(two(rest / 60)):\(two(rest % 60)):00Z\"}"
    }

    static func analyze(_ topology: String, _ alerts: [String], history: [[String]] = []) throws -> Analysis {
        let platform = try #require(Platform.load([file(topology)]).platform)
        var builder = IncidentBuilder()
        _ = builder.addAlerts(file("[\(alerts.joined(separator: ","))]"))
        for look in history { _ = builder.addHistory(file("[\(look.joined(separator: ","))]")) }
        let (incident, _) = try #require(builder.incident)
        return incident.analyze(on: platform).analysis
    }

    static func roots(_ analysis: Analysis) -> [String] {
        analysis.rootCauses.map { analysis.topology.name(of: $0.entity) }.sorted()
    }

    static func row(_ alert: String, in analysis: Analysis) throws -> Analysis.LedgerRow {
        try #require(analysis.ledger.first { $0.alert.name == alert })
    }
}
