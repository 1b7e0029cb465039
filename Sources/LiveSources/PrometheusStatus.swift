internal import Diagnostics
internal import JSON
package import Time

/// What a Prometheus says of itself in `/api/v1/status/buildinfo`.
package struct PrometheusStatus: Sendable {
    package var version: String

    /// Nil when the document is no such answer.
    package init?(_ document: LiveSources.Document) {
        guard let root = try? JSONParser.parse(bytes: document.bytes, file: document.name).root,
            let version = root["data"]?["version"]?.string
        else { return nil }
        self.version = version
    }
}

/// How well the rules of a Prometheus are evaluated, from its `/api/v1/rules`.
package struct RuleHealth: Sendable {
    /// A group that is evaluated at once.
    package struct Group: Sendable {
        package var name: String
        package var interval: Span
        package var lastEvaluation: Timestamp?
    }

    /// A rule that cannot be evaluated.
    package struct Failure: Sendable {
        package var name: String
        package var error: String
    }

    package var groups: [Group] = []
    package var failures: [Failure] = []

    /// Nil when the document is no such answer.
    package init?(_ document: LiveSources.Document) {
        guard let root = try? JSONParser.parse(bytes: document.bytes, file: document.name).root,
            let groups = root["data"]?["groups"]?.elements
        else { return nil }
        for group in groups {
            self.groups.append(
                Group(
                    name: group["name"]?.string ?? "",
                    interval: Span(milliseconds: Int64((group["interval"]?.double ?? 60) * 1_000)),
                    lastEvaluation: group["lastEvaluation"]?.string.flatMap { Timestamp(rfc3339: $0) }
                )
            )
            for rule in group["rules"]?.elements.map(Array.init) ?? [] where rule["health"]?.string == "err" {
                failures.append(
                    Failure(name: rule["name"]?.string ?? "", error: rule["lastError"]?.string ?? "unknown")
                )
            }
        }
    }
}
