package import Graphs
package import Topology

/// A topology compiled into the one network that diagnosis and simulation both use: which effect on which entity brings
/// about which others.
///
/// Vertices are (entity, effect) pairs. For `a` that needs `b`:
///
/// | need | what it says |
/// |---|---|
/// | hard | down(b) ⇒ down(a); degraded(b) ⇒ degraded(a) |
/// | weak | down(b) ⇒ degraded(a), and nothing more |
/// | group, k of n must be up | n−k+1 members down ⇒ down(a); one member down ⇒ reduced(a); one degraded ⇒ degraded(a) |
/// | hard or group, against the arrow | down(a) ⇒ starved(b); starved(a) ⇒ starved(b) |
/// | hard or group on a broker of messages | starved(b) ⇒ starved(a), too: who reads from an empty queue idles |
///
/// `reduced` stays where it is: whoever depends on `a` is still served. The state under a set of faults is the least
/// fixed point (``ForwardRun``), so cycles are harmless.
package struct FailureGraph: Sendable {
    /// The vertices and gates; its least fixed point under a set of faults is the state of the platform.
    package let network: ThresholdNetwork
    /// Which vertex of the network stands for which effect on which entity.
    package let numbering: Numbering

    /// Where the vertex of each (entity, effect) is: the `down` of the entities in scope first, then `degraded`, then
    /// `starved` if it is included, then `reduced` for the entities that own a group.
    package struct Numbering: Sendable {
        /// The entities that have vertices.
        package let scope: FailureScope
        /// How many entities are in scope, and so how many vertices each effect but `reduced` has.
        package let entityCount: Int32
        /// Whether `starved` has vertices.
        package let includesStarvation: Bool
        /// The vertex of each entity's `reduced`, or -1, in the order of the scope.
        let reducedVertices: [Int32]
        /// The places in scope of those that have one.
        let reducedOwners: [Int32]

        /// The vertex, or nil when this effect cannot happen to this entity, or the entity is out of scope.
        package func vertex(_ entity: EntityID, _ effect: Effect) -> Int32? {
            let place = scope.place(of: entity.rawValue)
            guard place >= 0 else { return nil }
            switch effect {
            case .down: return place
            case .degraded: return entityCount + place
            case .starved: return includesStarvation ? 2 * entityCount + place : nil
            case .reduced: return reducedVertices[Int(place)] < 0 ? nil : reducedVertices[Int(place)]
            }
        }

        /// The vertex that is true when the entity, which is in scope, is gone.
        package func down(_ entity: EntityID) -> Int32 { scope.place(of: entity.rawValue) }
        /// The vertex that is true when the entity, which is in scope, serves badly.
        package func degraded(_ entity: EntityID) -> Int32 { entityCount + scope.place(of: entity.rawValue) }

        /// What a vertex stands for; nil for vertices that were added to the network after the topology's.
        package func meaning(of vertex: Int32) -> (entity: EntityID, effect: Effect)? {
            guard vertex < vertexCount else { return nil }
            let entity = EntityID(rawValue: scope.entity(at: vertex % entityCount))
            switch vertex / entityCount {
            case 0: return (entity, .down)
            case 1: return (entity, .degraded)
            case 2 where includesStarvation: return (entity, .starved)
            default:
                let owner = scope.entity(at: reducedOwners[Int(vertex - firstReduced)])
                return (EntityID(rawValue: owner), .reduced)
            }
        }

        var firstReduced: Int32 { entityCount * (includesStarvation ? 3 : 2) }

        /// How many vertices the topology has.
        package var vertexCount: Int32 { firstReduced + Int32(reducedOwners.count) }
    }

    /// Compiles the topology, or the part of it that is in scope.
    ///
    /// Starvation makes demand run against the arrows too. A simulation leaves it out, for it does not report
    /// starvation as loss; a diagnosis needs it only where an alert tells of missing demand.
    ///
    /// - Complexity: O(entities in scope + their needs).
    package init(_ topology: Topology, in scope: FailureScope? = nil, includesStarvation: Bool) {
        let scope = scope ?? FailureScope(all: topology)
        let numbering = Numbering(topology, in: scope, includesStarvation: includesStarvation)
        network = Self.builder(topology, numbering).build()
        self.numbering = numbering
    }

    /// The same network before it is laid out, for a caller that has vertices of its own to add.
    ///
    /// - Parameters:
    ///   - topology: the platform to compile.
    ///   - numbering: where its vertices are, made from the same topology.
    ///   - relays: vertices that stand in for others as causes: what would follow from a key follows from its value
    ///     instead. They must be vertices of the topology, or numbered from ``Numbering/vertexCount`` on without a gap.
    /// - Returns: a builder that holds the topology's vertices and the relays, with all arcs and gates between them.
    /// - Complexity: O(entities in scope + their needs).
    package static func builder(
        _ topology: Topology,
        _ numbering: Numbering,
        relays: [Int32: Int32] = [:]
    ) -> ThresholdNetworkBuilder {
        let extra = relays.values.count { $0 >= numbering.vertexCount }
        var builder = ThresholdNetworkBuilder(vertexCount: Int(numbering.vertexCount) + extra)
        let count = numbering.entityCount
        let scope = numbering.scope
        if scope.members == nil { builder.reserveArcs(topology.members.count * 2) }
        let isBroker = numbering.includesStarvation ? scope.entities.map(topology.isBroker) : []
        // Asked for each member of each need: a column, not a dictionary.
        var causes = Array(0..<numbering.vertexCount)
        for (vertex, relay) in relays where vertex < numbering.vertexCount { causes[Int(vertex)] = relay }
        let core = scope.surroundings?.core
        let names = topology.members
        var members: [Int32] = []
        var down: [Int32] = []
        for owner in 0..<count {
            let isClosed = core?.contains(scope.entity(at: owner)) ?? false
            for place in topology.requirementRange(of: EntityID(rawValue: scope.entity(at: owner))) {
                let need = topology.requirementRecords[place]
                members.removeAll(keepingCapacity: true)
                for index in need.memberRange {
                    // Nothing ever happens to who is out of scope, nor to the core from outside of it.
                    let member = scope.place(of: names[index])
                    guard member >= 0 else { continue }
                    if !isClosed || core?.contains(names[index]) ?? true { members.append(member) }
                }
                if need.isWeak {
                    for member in members { builder.addArc(from: causes[Int(member)], to: count + owner) }
                    continue
                }
                down.removeAll(keepingCapacity: true)
                for member in members {
                    down.append(causes[Int(member)])
                    builder.addArc(from: causes[Int(count + member)], to: count + owner)
                }
                builder.addGate(threshold: need.threshold, members: down, owner: owner)
                if need.memberCount > 1 {
                    let reduced = numbering.reducedVertices[Int(owner)]
                    builder.addGate(threshold: 1, members: down, owner: reduced)
                }
                guard numbering.includesStarvation else { continue }
                for member in members {
                    builder.addArc(from: causes[Int(owner)], to: 2 * count + member)
                    builder.addArc(from: 2 * count + owner, to: 2 * count + member)
                    if isBroker[Int(member)] { builder.addArc(from: 2 * count + member, to: 2 * count + owner) }
                }
            }
        }
        return builder
    }
}

extension FailureGraph.Numbering {
    /// Numbers the vertices of the entities in scope.
    ///
    /// - Complexity: O(entities in scope + their needs).
    package init(_ topology: Topology, in scope: FailureScope, includesStarvation: Bool) {
        let entityCount = Int32(scope.count)
        let first = entityCount * (includesStarvation ? 3 : 2)
        var vertices = [Int32](repeating: -1, count: scope.count)
        var owners: [Int32] = []
        for owner in 0..<entityCount {
            let entity = EntityID(rawValue: scope.entity(at: owner))
            let needs = topology.requirementRecords[topology.requirementRange(of: entity)]
            guard needs.contains(where: { $0.memberCount > 1 && !$0.isWeak }) else { continue }
            vertices[Int(owner)] = first + Int32(owners.count)
            owners.append(owner)
        }
        self.init(
            scope: scope,
            entityCount: entityCount,
            includesStarvation: includesStarvation,
            reducedVertices: vertices,
            reducedOwners: owners
        )
    }
}
