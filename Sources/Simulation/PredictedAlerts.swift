public import Topology

/// An alert that fires when something is the matter with an entity.
public struct PossibleAlert: Sendable, Hashable {
    /// The alert's name, or a regular expression for it.
    public let alertname: String
    /// Whether ``alertname`` is a regular expression, since nothing tells which names it stands for.
    public let isPattern: Bool
    /// The entity that it is about.
    public let entity: EntityID
    /// What it asserts: `down`, `degraded` or `starved`.
    public let observes: Effect
    /// Whether it also fires when the entity serves and has lost redundancy, as an alert about missing replicas does.
    public let tellsOfRedundancy: Bool
    /// How long after the effect it fires, in milliseconds; nil when nothing tells.
    public let delay: Int64?
    /// Who raises it, besides those that watch the entity whatever the alert.
    public let observer: EntityID?

    /// States that an alert fires `delay` milliseconds after `entity` is as it `observes`.
    public init(
        alertname: String,
        isPattern: Bool = false,
        entity: EntityID,
        observes: Effect = .down,
        tellsOfRedundancy: Bool = false,
        delay: Int64? = nil,
        observer: EntityID? = nil
    ) {
        self.alertname = alertname
        self.isPattern = isPattern
        self.entity = entity
        self.observes = observes
        self.tellsOfRedundancy = tellsOfRedundancy
        self.delay = delay
        self.observer = observer
    }
}

/// An alert that would fire.
public struct PredictedAlert: Sendable, Hashable {
    /// The alert.
    public let alert: PossibleAlert
    /// Those that watch its entity and are down or degraded themselves, in order: it may then stay silent.
    public let blindedBy: [EntityID]
}

extension Outcome {
    /// Of `alerts`, those that would fire and did not before: the soonest first, those of unknown delay last, then by
    /// name, then by entity.
    ///
    /// - Complexity: O(a log a + i) for a alerts and i impacts.
    public func predictedAlerts(_ alerts: [PossibleAlert], in topology: Topology) -> [PredictedAlert] {
        var affected: [EntityID: Impact] = [:]
        for impact in impacts { affected[impact.entity] = impact }
        let firing = alerts.filter { alert in
            guard let impact = affected[alert.entity] else { return false }
            return alert.fires(impact.after) && !alert.fires(impact.before)
        }
        return firing.sorted { $0.order < $1.order }.map { alert in
            let watchers = Set(topology.details(of: alert.entity).observers + [alert.observer].compactMap(\.self))
            let blind = watchers.filter { watcher in
                affected[watcher].map { $0.after.isDown || $0.after.isDegraded } ?? false
            }
            return PredictedAlert(alert: alert, blindedBy: blind.sorted())
        }
    }
}

extension PossibleAlert {
    /// Whether it fires in a state of its entity.
    ///
    /// Starvation is no part of a simulation: an alert about missing demand is predicted where nobody can answer. A degraded alert
    /// is explained by lost redundancy, but only one about redundancy follows from it: whoever has some left serves well.
    fileprivate func fires(_ condition: Condition) -> Bool {
        switch observes {
        case .down, .starved: condition.isDown
        case .degraded, .reduced:
            condition.isDown || condition.isDegraded && observes == .degraded
                || condition.isReduced && (tellsOfRedundancy || observes == .reduced)
        }
    }

    fileprivate var order: (Int64, String, EntityID, String) { (delay ?? .max, alertname, entity, observes.rawValue) }
}
