public import Simulation
public import Topology

/// What becomes of a platform when some things fail, or work again, and which alerts would tell of it.
///
/// It holds facts; the `Reports` module turns them into words.
public struct Forecast: Sendable {
    /// The platform that was asked about.
    public let platform: Platform
    /// What was asked.
    public let question: WhatIf
    /// The state before and after.
    public let answer: WhatIfAnswer
    /// The incident that the question starts from.
    public let incident: Analysis?
    /// The alerts that would begin to fire, everything staying where it is; those that the incident shows firing are
    /// left out.
    public let predictedAlerts: [PredictedAlert]

    /// The entities of the platform.
    public var topology: Topology { platform.topology }
}

extension Platform {
    /// Works out what becomes of the platform.
    ///
    /// - Parameters:
    ///   - losses: what fails.
    ///   - degradations: what keeps serving, but badly.
    ///   - restores: what works again, of the root causes of `incident`.
    ///   - incident: the incident that is going on; its root causes are the state to start from.
    ///   - monitoring: which alerts exist, beyond the topology's rules.
    /// - Returns: The state before and after, and the alerts that would begin to fire.
    /// - Complexity: near-linear in the platform; see ``SimulationModel/answer(_:)``.
    public func forecast(
        losses: [EntityID] = [],
        degradations: [EntityID] = [],
        restores: [EntityID] = [],
        during incident: Analysis? = nil,
        monitoring: Monitoring = Monitoring()
    ) -> Forecast {
        Forecaster(self, during: incident, monitoring: monitoring)
            .forecast(losses: losses, degradations: degradations, restores: restores)
    }
}
