import Inference
import Propagation
import TestSupport
import Testing
import Topology

/// Of large platforms only what is around the signs is laid out: where that is proven, it is the answer over all.
@Suite("Neighbourhood of the signs")
struct NeighbourhoodTests {
    /// A platform in tiers, each of which needs some of those above: alone, redundant, weakly; now and then in a circle.
    private static func platform(_ generator: inout SeededGenerator) -> String {
        let tiers = ["power", "switch", "host", "node", "store", "pod", "svc", "front"]
        let width = Int.random(in: 16...40, using: &generator)
        var lines = ["version: 1", "entities:"]
        for (tier, kind) in tiers.enumerated() {
            for number in 0..<width {
                var needs: [String] = []
                for _ in 0..<Int.random(in: 0...2, using: &generator) where tier > 0 {
                    let above =
                        Int.random(in: 0..<8, using: &generator) == 0
                        ? Int.random(in: 0..<tier, using: &generator) : tier - 1
                    // Things near one another share what they need, as in racks and sites.
                    func member() -> String {
                        let near = number / 4 * 4 + Int.random(in: 0..<4, using: &generator)
                        let far = Int.random(in: 0..<width, using: &generator)
                        let index = Int.random(in: 0..<5, using: &generator) == 0 ? far : min(near, width - 1)
                        return "\(tiers[above])/n\(index)"
                    }
                    switch Int.random(in: 0..<6, using: &generator) {
                    case 0: needs.append("{weak: \(member())}")
                    case 1:
                        let members = Set((0..<3).map { _ in member() }).sorted()
                        let enough = Int.random(in: 1...members.count, using: &generator)
                        needs.append("{at_least: \(enough), of: [\(members.joined(separator: ", "))]}")
                    default: needs.append(member())
                    }
                }
                if tier == 6, Int.random(in: 0..<6, using: &generator) == 0 {
                    needs.append("svc/n\((number + 1) % width)")
                }
                lines.append("  \(kind)/n\(number): {needs: [\(needs.joined(separator: ", "))]}")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// An incident about a few things that lean on one or two causes, with everything that evidence may hold.
    private static func incident(_ generator: inout SeededGenerator) throws -> Incident {
        var incident = try Incident(platform(&generator))
        let topology = incident.topology
        func anything() -> EntityID { EntityID(Int.random(in: 0..<topology.entityCount, using: &generator)) }
        func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }
        var users: [EntityID: [EntityID]] = [:]
        for user in topology.entities {
            for member in topology.requirements(of: user).flatMap(\.members) { users[member, default: []].append(user) }
        }
        var signs: Set<EntityID> = []
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            // Some of what leans on one thing, near first.
            var near = [anything()]
            while near.count < 12, let next = near.flatMap({ users[$0] ?? [] }).first(where: { !near.contains($0) }) {
                near.append(next)
            }
            signs.formUnion(near.filter { _ in chance(2) })
        }
        for sign in signs.sorted() {
            let minute: Int64 = chance(6) ? -600 : Int64.random(in: 0...4, using: &generator)
            incident.alert(
                topology.name(of: sign),
                chance(3) ? .degraded : .down,
                minute: minute,
                nats: Double.random(in: 6...12, using: &generator),
                witness: chance(8) ? topology.name(of: anything()) : nil
            )
            if chance(6) { incident.evidence.symptoms[incident.evidence.symptoms.count - 1].lifeWeight = Cost(nats: 2) }
        }
        if chance(3) { incident.healthy(topology.name(of: anything()), minute: chance(2) ? 1 : nil) }
        if chance(3) {
            incident.change(topology.name(of: anything()), minute: Int64.random(in: -9...3, using: &generator))
        }
        if chance(2) { incident.evidence.usualDelay = 1_800_000 }
        if chance(2) { incident.evidence.lateLoss = Cost(nats: 4) }
        return incident
    }

    @Test("a proven answer is that over the whole platform", arguments: 0..<16)
    func sameAnswer(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let incident = try Self.incident(&generator)
        let topology = incident.topology
        let watched = Set((0..<8).filter { _ in Int.random(in: 0..<4, using: &generator) > 0 })
        let unheard = Set((0..<8).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }).subtracting(watched)
        let relay = Double.random(in: 0...3, using: &generator)
        let heard = Set(incident.evidence.symptoms.map(\.entity)).union(incident.evidence.health.map(\.entity))
        let silences = topology.entities.filter { !heard.contains($0) }
        func completed(_ scope: FailureScope) -> Evidence {
            var incident = incident
            var quiet: [Int: [EntityID]] = [:]
            for entity in silences where scope.contains(entity) {
                let kind = Int(topology.kindIndices[entity.index])
                if watched.contains(kind) { incident.silent(topology.name(of: entity), down: 0.5, relay: relay) }
                if unheard.contains(kind) { quiet[kind, default: []].append(entity) }
            }
            for (kind, entities) in quiet.sorted(by: { $0.key < $1.key }) {
                incident.evidence.unheardKinds.append(
                    UnheardKind(entities: entities, weight: kind % 2 == 0 ? Cost(nats: 1.5) : nil)
                )
            }
            incident.evidence.unheardKindPrices = [Cost(nats: 1), Cost(nats: 0.6), Cost(nats: 0.4)]
            return incident.evidence
        }
        var diagnoser = Diagnoser(topology: topology, rivalLimit: 4)
        diagnoser.largeCount = 0
        let change = incident.evidence.changes.map(\.cost).min() ?? .max
        let least = topology.kinds.map { min(change, diagnoser.priors.cost(of: $0)) }
        let near = diagnoser.diagnose(incident.evidence, leastFaults: { least }, completed: completed)
        let all = FailureScope(topology, incident.evidence)
        let whole = diagnoser.diagnose(completed(all), in: all)
        try #require(whole.isProven)
        #expect(near.isProven && near.cost == whole.cost)
        #expect(
            Set(near.affected.map { "\($0)" }) == Set(whole.affected.map { "\($0)" })
                || incident.roots(near) != incident.roots(whole)
        )
    }

    @Test("a circle through the whole platform does not make one alert a matter of all of it")
    func circle() throws {
        let sites = (0..<60).map { site in
            """
              site/s\(site): {}
              host/h\(site): {on: site/s\(site)}
              svc/a\(site): {on: host/h\(site), needs: [{weak: svc/a\((site + 1) % 60)}]}
            """
        }
        var incident = try Incident("version: 1\nentities:\n" + sites.joined(separator: "\n"))
        incident.alert("host/h7", nats: 12)
        incident.alert("svc/a7")
        let topology = incident.topology
        let all = FailureScope(topology, incident.evidence)
        #expect(all.count == 3 * 60)
        var diagnoser = Diagnoser(topology: topology)
        diagnoser.largeCount = 0
        var sizes: [Int] = []
        func completed(_ scope: FailureScope) -> Evidence {
            sizes.append(scope.count)
            var incident = incident
            for entity in scope.entities where !["host/h7", "svc/a7"].contains(topology.name(of: entity)) {
                incident.silent(topology.name(of: entity), relay: 2)
            }
            return incident.evidence
        }
        let near = diagnoser.diagnose(
            incident.evidence,
            leastFaults: { topology.kinds.map(diagnoser.priors.cost) },
            completed: completed
        )
        // The site, the host, its service, and some of those that call it in turn.
        #expect(try #require(sizes.max()) < all.count / 2)
        #expect(incident.roots(near) == ["host/h7 down"])
        #expect(near.isProven && near.cost == diagnoser.diagnose(completed(all), in: all).cost)
    }
}
