internal import Alerts
internal import Simulation
public import Topology

/// A platform prepared for many questions of what becomes of it.
public struct Forecaster: Sendable {
    private let platform: Platform
    private let incident: Analysis?
    private let model: SimulationModel
    private let inventory: AlertInventory
    private let placements: [Placement]
    private let capacity: [EntityID: Double]
    private let firing: Set<FiringAlert>

    private struct FiringAlert: Hashable {
        var name: String
        var entity: EntityID
    }

    /// Prepares a platform.
    ///
    /// - Parameters:
    ///   - platform: what may fail.
    ///   - incident: the incident that is going on; its root causes are the state to start from.
    ///   - monitoring: which alerts exist, beyond the topology's rules.
    /// - Complexity: O(entities + needs).
    public init(_ platform: Platform, during incident: Analysis? = nil, monitoring: Monitoring = Monitoring()) {
        self.platform = platform
        self.incident = incident
        model = SimulationModel(platform.topology)
        inventory = AlertInventory(platform, monitoring)
        (placements, capacity) = platform.topology.placements
        var firing: Set<FiringAlert> = []
        for row in incident?.ledger ?? [] {
            if let entity = row.match.entity { firing.insert(FiringAlert(name: row.alert.name, entity: entity)) }
        }
        self.firing = firing
    }

    /// Works out what becomes of the platform.
    ///
    /// - Parameters:
    ///   - losses: what fails.
    ///   - degradations: what keeps serving, but badly.
    ///   - restores: what works again, of the root causes of the incident.
    /// - Returns: The state before and after, and the alerts that would begin to fire.
    /// - Complexity: near-linear in the platform; see ``SimulationModel/answer(_:)``.
    public func forecast(
        losses: [EntityID] = [],
        degradations: [EntityID] = [],
        restores: [EntityID] = []
    ) -> Forecast {
        let question = WhatIf(
            losses: losses,
            degradations: degradations,
            restores: restores,
            during: incident?.rootCauses.map { WhatIf.Fault($0.entity, $0.effect) } ?? [],
            placements: placements,
            capacity: capacity,
            weights: platform.lossWeights
        )
        let answer = model.answer(question)
        let possible = inventory.alerts(about: answer.outcome.impacts.map(\.entity))
        return Forecast(
            platform: platform,
            question: question,
            answer: answer,
            incident: incident,
            predictedAlerts: answer.outcome.predictedAlerts(possible, in: platform.topology)
                .filter { !firing.contains(FiringAlert(name: $0.alert.alertname, entity: $0.alert.entity)) }
        )
    }
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
