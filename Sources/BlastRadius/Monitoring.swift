package import Alerts

/// What is known of the alerts that could fire, beyond the topology's own rules.
public struct Monitoring: Sendable {
    /// The rules of Prometheus.
    package var rules: RuleCatalog
    /// What fired before.
    package var history: AlertHistory

    /// Knows nothing.
    public init() {
        rules = RuleCatalog()
        history = AlertHistory()
    }

    package init(rules: RuleCatalog, history: AlertHistory) {
        self.rules = rules
        self.history = history
    }
}

extension Incident {
    /// What the incident's files tell of the alerts that could fire.
    public var monitoring: Monitoring { Monitoring(rules: rules, history: history) }
}
