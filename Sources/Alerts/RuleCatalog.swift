public import Diagnostics
package import Time

/// What Prometheus knows about alert rules: how long a condition must hold before an alert fires, and since when each
/// holds.
public struct RuleCatalog: Sendable {
    /// One alerting rule.
    package struct Rule: Hashable, Sendable {
        package var name: String
        package var group: String
        /// The rule file, on Prometheus' side.
        package var file: String
        /// The rule's `for`.
        package var pending: Span
        package var keepFiring: Span
        /// How often it is evaluated.
        package var interval: Span?
        package var query: String
        package var labels: LabelSet
        package var annotations: LabelSet
        /// `ok`, `err` or `unknown`.
        package var health: String
        package var location: SourceLocation
    }

    /// The rules in the order read.
    package private(set) var rules: [Rule] = []
    package private(set) var activations: [Activation] = []

    private var rulesByName: [String: [Int]] = [:]
    private var activationsByName: [String: [Int]] = [:]

    /// Knows nothing.
    public init() {}

    /// Whether nothing is known.
    public var isEmpty: Bool { rules.isEmpty && activations.isEmpty }

    /// Reads a file given as rules: `/api/v1/rules`, or `/api/v1/alerts`, or a query of `ALERTS_FOR_STATE`.
    ///
    /// - Parameters:
    ///   - bytes: The file's content, in UTF-8.
    ///   - file: The name to print in locations.
    ///   - maximumBytes: The largest input to read.
    /// - Returns: The rules, nil when the file holds none; and what is wrong or odd.
    public static func decode(
        _ bytes: [UInt8],
        file: String,
        maximumBytes: Int = AlertDecoder.defaultMaximumBytes
    ) -> (catalog: RuleCatalog?, diagnostics: [Diagnostic]) {
        let (batch, diagnostics) = AlertDecoder.decode(bytes, file: file, maximumBytes: maximumBytes)
        let advice =
            "give the answer of Prometheus' /api/v1/rules, for example from: "
            + "curl http://prometheus:9090/api/v1/rules"
        guard let batch else {
            return (
                nil,
                diagnostics.map { diagnostic in
                    guard diagnostic.code == "wrong-shape" else { return diagnostic }
                    var diagnostic = diagnostic
                    diagnostic.fix = advice
                    return diagnostic
                }
            )
        }
        var catalog = batch.rules
        for activation in batch.activations { catalog.add(activation) }
        if batch.format == .prometheusAlerts {
            for alert in batch.alerts {
                guard let activeAt = alert.activeAt else { continue }
                catalog.add(Activation(labels: alert.labels, activeAt: activeAt))
            }
        }
        switch batch.format {
        case .prometheusRules, .prometheusAlerts, .prometheusActivations: return (catalog, diagnostics)
        default:
            let wrong = Diagnostic(
                .error,
                "wrong-shape",
                "this is \(batch.format.rawValue), which says nothing about rules",
                at: SourceLocation(file: file, line: 1, column: 1),
                fix: advice
            )
            return (nil, diagnostics + [wrong])
        }
    }

    package mutating func add(_ rule: Rule) {
        rulesByName[rule.name, default: []].append(rules.count)
        rules.append(rule)
    }

    package mutating func add(_ activation: Activation) {
        activationsByName[activation.labels["alertname"] ?? "", default: []].append(activations.count)
        activations.append(activation)
    }

    package mutating func merge(_ other: RuleCatalog) {
        for rule in other.rules { add(rule) }
        for activation in other.activations { add(activation) }
    }

    /// The rules that may have raised the alert: those of its name whose fixed labels it has, or else all of its name.
    ///
    /// A label whose value is a template says nothing, and relabelling may have changed others.
    ///
    /// - Complexity: O(rules of that name).
    package func rules(for alert: Alert) -> [Rule] {
        let named = (rulesByName[alert.name] ?? []).map { rules[$0] }
        let fitting = named.filter { rule in
            rule.labels.allSatisfy { label in
                label.value.utf8.contains(UInt8(ascii: "{")) || alert.labels[label.name] == label.value
            }
        }
        return fitting.isEmpty ? named : fitting
    }

    /// Since when the alert's condition holds.
    ///
    /// Of the activations whose labels the alert contains, the one with most labels counts, and of those the earliest. One that began after the alert did belongs to a later firing and is no answer.
    ///
    /// - Complexity: O(activations of that name × labels).
    package func activation(of alert: Alert) -> Activation? {
        var best: Activation?
        for index in activationsByName[alert.name] ?? [] {
            let candidate = activations[index]
            if let startsAt = alert.startsAt, candidate.activeAt > startsAt { continue }
            guard candidate.labels.isContained(in: alert.labels) else { continue }
            if let current = best {
                let isBetter =
                    candidate.labels.count > current.labels.count
                    || (candidate.labels.count == current.labels.count && candidate.activeAt < current.activeAt)
                guard isBetter else { continue }
            }
            best = candidate
        }
        return best
    }
}
