import Graphs
import Propagation
import Topology

/// Moves what has lost its place, and can run elsewhere, until nothing more can move.
///
/// In each round the displaced are taken by how much they use, the largest first, and each goes to the first of its
/// candidates that is up and has room (first-fit decreasing; Johnson, "Near-optimal bin packing algorithms", 1973). A
/// round can bring up places for the next: a virtual machine that moves is a place again.
struct Rescheduler {
    private(set) var moves: [Int32: Rescheduling.Move] = [:]
    private(set) var stranded: [Rescheduling.Stranded] = []
    /// The network in which all that moved depends on its new place.
    private(set) var network: ThresholdNetwork

    private let graph: FailureGraph
    private let placements: [Placement]
    private let places: [Int32: EntityID]
    private var room: [Int32: Double]

    /// - Complexity: O(rounds × network), and at most one round for each entity that moves.
    init(_ model: SimulationModel, _ question: WhatIf, faults: [Int32]) {
        graph = model.graph
        network = graph.network
        let topology = model.topology
        var places: [Int32: EntityID] = [:]
        var room: [Int32: Double] = [:]
        for (entity, capacity) in question.capacity { room[entity.rawValue] = capacity }
        for placement in question.placements {
            guard let place = topology.place(of: placement.entity), places[placement.entity.rawValue] == nil else {
                continue
            }
            places[placement.entity.rawValue] = place
            if let uses = placement.uses { room[place.rawValue]? -= uses }
        }
        self.places = places
        self.room = room
        var known: Set<EntityID> = []
        placements = question.placements.filter { known.insert($0.entity).inserted }.sorted {
            let (one, other) = ($0.uses ?? 0, $1.uses ?? 0)
            return one != other ? one > other : $0.entity < $1.entity
        }
        run(faults)
    }

    private mutating func run(_ faults: [Int32]) {
        while true {
            var state = ForwardRun(network)
            state.run(from: faults)
            var hasMoved = false
            stranded.removeAll()
            for placement in placements {
                let entity = placement.entity.rawValue
                guard moves[entity] == nil, !state.isRoot(entity), let place = places[entity],
                    state.isReached(place.rawValue)
                else { continue }
                let open = placement.candidates.filter { $0 != place && !state.isReached($0.rawValue) }
                let uses = placement.uses ?? 0
                guard let target = open.first(where: { room[$0.rawValue].map { $0 >= uses } ?? true }) else {
                    stranded.append(.init(entity: placement.entity, reason: open.isEmpty ? .noPlaceUp : .noRoom))
                    continue
                }
                room[target.rawValue]? -= uses
                moves[entity] = Rescheduling.Move(entity: placement.entity, from: place, to: target)
                hasMoved = true
            }
            guard hasMoved else { break }
            network = moved
        }
        stranded.sort { $0.entity < $1.entity }
    }

    /// The topology's network with the arcs from old places replaced by arcs from new ones.
    private var moved: ThresholdNetwork {
        let whole = graph.network
        let count = graph.numbering.entityCount
        var builder = ThresholdNetworkBuilder(vertexCount: whole.vertexCount)
        for vertex in 0..<Int32(whole.vertexCount) {
            let plane = vertex / count
            let move = plane < 2 ? moves[vertex % count] : nil
            for source in whole.dependencies[vertex] {
                if whole.isGate(source) {
                    builder.addGate(
                        threshold: whole.threshold(of: source),
                        members: whole.dependencies[source],
                        owner: vertex
                    )
                } else if let move, source == plane * count + move.from.rawValue {
                    builder.addArc(from: plane * count + move.to.rawValue, to: vertex)
                } else {
                    builder.addArc(from: source, to: vertex)
                }
            }
        }
        return builder.build()
    }
}
