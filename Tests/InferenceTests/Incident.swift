import Inference
import Testing
import Topology
import TopologyFormats

/// A small incident written down in a test: a topology as YAML, and evidence as short calls.
struct Incident {
    let topology: Topology
    var evidence = Evidence()

    init(_ yaml: String) throws {
        let (document, diagnostics) = TopologyReader.read(Array(yaml.utf8), file: "test.yaml")
        let (topology, more) = document.declaration.resolved()
        self.topology = try #require(topology, "\(diagnostics + more)")
    }

    func entity(_ name: String) -> EntityID {
        guard let entity = topology.entity(named: name) else {
            Issue.record("no entity \(name)")
            return EntityID(rawValue: 0)
        }
        return entity
    }

    /// A symptom that began at the given minute, known to the minute.
    mutating func alert(
        _ name: String,
        _ effect: Effect = .down,
        minute: Int64 = 0,
        nats: Double = 10,
        witness: String? = nil
    ) {
        let time = minute * 60_000
        evidence.symptoms.append(
            Symptom(
                entity: entity(name),
                effect: effect,
                weight: Cost(nats: nats),
                onset: time - 60_000...time,
                witness: witness.map(entity)
            )
        )
    }

    mutating func healthy(_ name: String, minute: Int64? = nil, nats: Double = 6) {
        evidence.health.append(
            HealthyObservation(entity: entity(name), at: minute.map { $0 * 60_000 }, weight: Cost(nats: nats))
        )
    }

    mutating func silent(
        _ name: String,
        own: Double = 3,
        downstream: Double = 0.3,
        down: Double = 0,
        relay: Double = 0,
        observers: [String] = []
    ) {
        evidence.silences.append(
            Silence(
                entity: entity(name),
                ownWeight: Cost(nats: own),
                downstreamWeight: Cost(nats: downstream),
                downWeight: Cost(nats: down),
                relayWeight: Cost(nats: relay),
                observers: observers.map(entity)
            )
        )
    }

    mutating func change(_ name: String, minute: Int64, nats: Double = 2) {
        evidence.changes.append(Change(entity: entity(name), at: minute * 60_000, cost: Cost(nats: nats)))
    }

    func diagnose() -> Diagnosis { Diagnoser(topology: topology).diagnose(evidence) }

    func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }

    func roots(_ diagnosis: Diagnosis) -> [String] {
        diagnosis.roots.map { "\(topology.name(of: $0.entity)) \($0.effect)" }.sorted()
    }
}
