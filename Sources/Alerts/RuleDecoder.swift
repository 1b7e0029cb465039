import Diagnostics
import JSON
import Time

/// Reads Prometheus' `/api/v1/rules`.
enum RuleDecoder {
    static func decode(
        _ data: JSONValue,
        into batch: inout AlertBatch,
        _ problems: inout Problems
    ) throws(Diagnostic) {
        let groups = try data.require("groups")
        AlertDecoder.decodeEach(of: groups, &problems) { group, problems throws(Diagnostic) in
            let interval = group.optional("interval")?.span
            let name = try group.optionalString("name") ?? ""
            let file = try group.optionalString("file") ?? ""
            AlertDecoder.decodeEach(of: try group.require("rules"), &problems) { value, problems throws(Diagnostic) in
                guard try value.optionalString("type") != "recording", value["record"] == nil else { return }
                let rule = try rule(value, group: name, file: file, interval: interval, &problems)
                batch.rules.add(rule)
                guard let alerts = value.optional("alerts") else { return }
                AlertDecoder.decodeEach(of: alerts, &problems) { value, problems throws(Diagnostic) in
                    let alert = try AlertDecoder.prometheusAlert(value, &problems)
                    batch.alerts.append(alert)
                    guard let activeAt = alert.activeAt else { return }
                    batch.rules.add(Activation(labels: alert.labels, activeAt: activeAt, interval: interval))
                }
            }
        }
        if let token = data.optional("groupNextToken"), token.string != "" {
            problems.report(
                Diagnostic(
                    .warning,
                    "rules-truncated",
                    "this is one page of the rules: more groups follow groupNextToken",
                    at: token.location,
                    fix: "fetch all pages, or ask without group_limit"
                )
            )
        }
    }

    private static func rule(
        _ value: JSONValue,
        group: String,
        file: String,
        interval: Span?,
        _ problems: inout Problems
    ) throws(Diagnostic) -> RuleCatalog.Rule {
        let query = value.optional("query") ?? value.optional("expr")
        let name = try value.optional("name") == nil ? value.require("alert") : value.require("name")
        return RuleCatalog.Rule(
            name: try name.requireString(),
            group: group,
            file: file,
            pending: try span(value, "duration", orPrometheus: "for"),
            keepFiring: try span(value, "keepFiringFor", orPrometheus: "keep_firing_for"),
            interval: interval,
            query: query?.string ?? "",
            labels: value.optionalLabels("labels", &problems),
            annotations: value.optionalLabels("annotations", &problems),
            health: try value.optionalString("health") ?? "unknown",
            location: value.location
        )
    }

    /// A length in seconds, as the API gives it, or as text, as rule files give it.
    private static func span(
        _ rule: JSONValue,
        _ key: String,
        orPrometheus other: String
    ) throws(Diagnostic) -> Span {
        guard let value = rule.optional(key) ?? rule.optional(other) else { return .zero }
        guard let span = value.span else { throw value.mismatch(expected: "a length of time") }
        return span
    }
}

extension JSONValue {
    /// A length of time given in seconds or as Prometheus text such as `5m`; nil when it is neither, or negative.
    fileprivate var span: Span? {
        if let text = string { return Span(prometheus: text) }
        guard let seconds = double, seconds >= 0, seconds < 1e12 else { return nil }
        return Span(milliseconds: Int64((seconds * 1_000).rounded()))
    }
}
