import Diagnostics
import JSON

extension AlertDecoder {
    /// Reads an alert of Alertmanager's API v1 or v2, or of what amtool and Prometheus post: only `labels` must be there,
    /// and what else cannot be read is left out with a warning.
    static func alertmanagerAlert(_ value: JSONValue, _ problems: inout Problems) throws(Diagnostic) -> Alert {
        var alert = try commonAlert(value, &problems)
        alert.updatedAt = problems.salvage(try value.optionalTimestamp("updatedAt"))
        if let receivers = value.optional("receivers") {
            alert.receivers = problems.salvage(try receiverNames(receivers)) ?? []
        }
        guard let status = value.optional("status") else { return alert }
        guard status.kind == .object else {
            alert.state = state(of: status, &problems)
            return alert
        }
        if let text = status.optional("state") { alert.state = state(of: text, &problems) }
        alert.silencedBy = problems.salvage(try status.optionalStrings("silencedBy")) ?? []
        alert.inhibitedBy = problems.salvage(try status.optionalStrings("inhibitedBy")) ?? []
        alert.mutedBy = problems.salvage(try status.optionalStrings("mutedBy")) ?? []
        return alert
    }

    /// Reads `/alerts/groups`, where an alert occurs once for each receiver.
    static func groups(
        _ list: JSONValue,
        _ problems: inout Problems,
        _ file: String
    ) throws(Diagnostic) -> AlertBatch {
        var batch = AlertBatch(file: file, format: .alertmanagerGroups)
        var indices: [String: Int] = [:]
        decodeEach(of: list, &problems) { group, problems throws(Diagnostic) in
            let alerts = try group.require("alerts")
            decodeEach(of: alerts, &problems) { value, problems throws(Diagnostic) in
                let alert = try alertmanagerAlert(value, &problems)
                if let index = indices[alert.fingerprint] {
                    batch.alerts[index].merge(alert)
                } else {
                    indices[alert.fingerprint] = batch.alerts.count
                    batch.alerts.append(alert)
                }
            }
        }
        return batch
    }

    /// Reads a notification of version 4, from Alertmanager or Grafana.
    static func webhook(
        _ root: JSONValue,
        _ problems: inout Problems,
        _ file: String
    ) throws(Diagnostic) -> AlertBatch {
        let isGrafana = root["orgId"] != nil
        var batch = AlertBatch(file: file, format: isGrafana ? .grafanaWebhook : .webhook)
        let receiver = problems.salvage(try root.optionalString("receiver"))
        decodeEach(of: try root.require("alerts"), &problems) { value, problems throws(Diagnostic) in
            var alert = try commonAlert(value, &problems)
            if let status = value.optional("status") { alert.state = state(of: status, &problems) }
            alert.givenDashboardURL = nonEmpty("dashboardURL", of: value, &problems)
            if let receiver { alert.receivers = [receiver] }
            batch.alerts.append(alert)
        }
        if let truncated = root.optional("truncatedAlerts"), let count = truncated.integer, count > 0 {
            batch.truncatedCount = count
            problems.report(
                Diagnostic(
                    .warning,
                    "alerts-truncated",
                    "the notification leaves out \(count) \(count == 1 ? "alert" : "alerts") (max_alerts)",
                    at: truncated.location,
                    fix: "give the answer of Alertmanager's /api/v2/alerts, which has all"
                )
            )
        }
        return batch
    }

    /// The members that Alertmanager's API and its webhook share.
    private static func commonAlert(_ value: JSONValue, _ problems: inout Problems) throws(Diagnostic) -> Alert {
        let labels = try value.require("labels").requireLabels(&problems)
        var alert = Alert(
            fingerprint: nonEmpty("fingerprint", of: value, &problems),
            labels: labels,
            annotations: value.optionalLabels("annotations", &problems),
            startsAt: problems.salvage(try value.optionalTimestamp("startsAt")),
            location: value.location
        )
        alert.endsAt = problems.salvage(try value.optionalTimestamp("endsAt"))
        alert.generatorURL = nonEmpty("generatorURL", of: value, &problems)
        return alert
    }

    private static func nonEmpty(_ key: String, of value: JSONValue, _ problems: inout Problems) -> String? {
        problems.salvage(try value.optionalString(key)).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Names as strings (v1) or as objects with a name (v2).
    private static func receiverNames(_ value: JSONValue) throws(Diagnostic) -> [String] {
        guard let elements = value.elements else { throw value.mismatch(expected: "an array of receivers") }
        var names: [String] = []
        for element in elements {
            names.append(
                try element.kind == .object ? element.require("name").requireString() : element.requireString()
            )
        }
        return names
    }

    private static func state(of value: JSONValue, _ problems: inout Problems) -> Alert.State {
        guard let text = problems.salvage(try value.requireString()) else { return .active }
        switch text {
        case "active", "firing": return .active
        case "suppressed": return .suppressed
        case "unprocessed": return .unprocessed
        case "resolved": return .resolved
        case "pending": return .pending
        default:
            problems.report(
                Diagnostic(
                    .warning,
                    "unknown-alert-state",
                    "'\(text.prefix(64))' at \(value.path) is no known state; the alert is taken as active",
                    at: value.location
                )
            )
            return .active
        }
    }
}
