internal import Alerts
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
        let (placements, capacity) = topology.placements
        let question = WhatIf(
            losses: losses,
            degradations: degradations,
            restores: restores,
            during: incident?.rootCauses.map { WhatIf.Fault($0.entity, $0.effect) } ?? [],
            placements: placements,
            capacity: capacity,
            weights: lossWeights
        )
        let answer = SimulationModel(topology).answer(question)
        let affected = answer.outcome.impacts.map(\.entity)
        let possible = AlertInventory(self, monitoring).alerts(about: affected)
        var firing: Set<FiringAlert> = []
        for row in incident?.ledger ?? [] {
            if let entity = row.match.entity { firing.insert(FiringAlert(name: row.alert.name, entity: entity)) }
        }
        return Forecast(
            platform: self,
            question: question,
            answer: answer,
            incident: incident,
            predictedAlerts: answer.outcome.predictedAlerts(possible, in: topology)
                .filter { !firing.contains(FiringAlert(name: $0.alert.alertname, entity: $0.alert.entity)) }
        )
    }
}

private struct FiringAlert: Hashable {
    var name: String
    var entity: EntityID
}

extension Topology {
    /// Who can run elsewhere, and how much room each place has for them: its capacity less what stays there uses.
    ///
    /// - Complexity: O(entities).
    fileprivate var placements: (placements: [Placement], room: [EntityID: Double]) {
        var placements: [Placement] = []
        var room: [EntityID: Double] = [:]
        for entity in entities {
            if let capacity = details(of: entity).capacity { room[entity] = capacity }
        }
        for entity in entities {
            let own = details(of: entity)
            guard let place = place(of: entity) else { continue }
            if !own.canRunOn.isEmpty {
                placements.append(Placement(entity: entity, candidates: own.canRunOn, uses: own.uses))
            } else if let uses = own.uses {
                room[place]? -= uses
            }
        }
        return (placements, room)
    }
}
