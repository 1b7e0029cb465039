import Topology

/// The entities that are candidates for boxes, and how near each is to what broke.
struct DiagramSelection {
    /// In the order of their names.
    private(set) var entities: [EntityID]
    private(set) var statuses: [EntityStatus]
    /// Between positions in `entities`; sorted, each pair and kind once.
    private(set) var arrows: [ElidedWays.Arrow]
    /// Arrows to the nearest root, along or against them; `Int.max` where there is no way.
    private(set) var distances: [Int]
    /// The rank of the root that reaches it first; roots of no rank come last.
    private(set) var ranks: [Int]
    /// Entities with a status that the radius or the focus left out.
    private(set) var outside: [EntityID] = []
    /// Root causes that lead to nothing in focus, the first first; they are not `outside`.
    private(set) var unrelated: [EntityID] = []

    init(_ source: DiagramSource, _ options: DiagramOptions) {
        var statuses = source.statuses.filter { $0.key.index >= 0 && $0.key.index < source.topology.entityCount }
        var near: [EntityID: Int]?
        if let focus = options.focus, focus.index >= 0, focus.index < source.topology.entityCount, !options.all {
            let found = Self.neighbourhood(of: focus, source, within: max(0, options.radius ?? 2))
            for entity in found.keys where statuses[entity] == nil { statuses[entity] = EntityStatus(.context) }
            near = found
        }
        entities = statuses.keys.sorted()
        self.statuses = entities.compactMap { statuses[$0] }
        arrows = []
        distances = []
        ranks = []
        connect(source)
        measure()

        let radius = options.all || options.focus != nil ? nil : options.radius
        guard near != nil || radius != nil else { return }
        let causes = entities.indices.filter { self.statuses[$0].role.importance == 0 }
        var isNear = entities.indices.map { index in
            if let near { return near[entities[index]] != nil }
            return distances[index] == .max || distances[index] <= max(0, radius ?? .max)
        }
        if near == nil { for cause in causes { isNear[cause] = true } }
        keep(ElidedWays(arrows, isNear: isNear, causes: causes))
        measure()
    }

    /// Leaves out what is not drawn.
    private mutating func keep(_ ways: ElidedWays) {
        let left = entities.indices.filter { !ways.isDrawn[$0] }
        let roots = left.filter { distances[$0] == 0 }
        unrelated = roots.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { entities[$0] }
        outside = left.filter { distances[$0] != 0 }.map { entities[$0] }
        let kept = entities.indices.filter { ways.isDrawn[$0] }
        var positions = [Int](repeating: -1, count: entities.count)
        for (position, index) in kept.enumerated() { positions[index] = position }
        arrows = (arrows + ways.arrows).filter { positions[$0.from] >= 0 && positions[$0.to] >= 0 }
            .map { (positions[$0.from], positions[$0.to], $0.kind, $0.skipped) }
            .sorted { ($0.from, $0.to, $0.kind, $0.skipped) < ($1.from, $1.to, $1.kind, $1.skipped) }
        entities = kept.map { entities[$0] }
        statuses = kept.map { statuses[$0] }
    }

    private mutating func connect(_ source: DiagramSource) {
        var positions: [EntityID: Int] = [:]
        for (index, entity) in entities.enumerated() { positions[entity] = index }
        var found: [ElidedWays.Arrow] = []
        var joined: Set<[Int]> = []
        for cause in source.causes {
            guard let from = positions[cause.from], let to = positions[cause.to], from != to else { continue }
            found.append((from, to, cause.kind, cause.skipped))
            joined.insert([from, to])
        }
        for (index, status) in statuses.enumerated() {
            for requirement in source.topology.requirements(of: entities[index]) {
                for member in requirement.members {
                    guard let from = positions[member], from != index else { continue }
                    guard status.role == .context || statuses[from].role == .context else { continue }
                    guard !joined.contains([from, index]), !joined.contains([index, from]) else { continue }
                    found.append((from, index, .needs, 0))
                }
            }
        }
        arrows = found.sorted { ($0.from, $0.to, $0.kind, $0.skipped) < ($1.from, $1.to, $1.kind, $1.skipped) }
    }

    /// Breadth first from the roots, in the order of their ranks.
    private mutating func measure() {
        distances = [Int](repeating: .max, count: entities.count)
        ranks = [Int](repeating: .max, count: entities.count)
        var neighbours = [[Int]](repeating: [], count: entities.count)
        for arrow in arrows {
            neighbours[arrow.from].append(arrow.to)
            neighbours[arrow.to].append(arrow.from)
        }
        var queue: [Int] = []
        for index in entities.indices {
            guard case .root(let rank) = statuses[index].role else { continue }
            distances[index] = 0
            ranks[index] = rank
            queue.append(index)
        }
        queue.sort { (ranks[$0], $0) < (ranks[$1], $1) }
        for index in entities.indices {
            if case .rival(let rank) = statuses[index].role { ranks[index] = rank }
        }
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            for neighbour in neighbours[here] where distances[neighbour] == .max {
                distances[neighbour] = distances[here] + 1
                ranks[neighbour] = min(ranks[neighbour], ranks[here])
                queue.append(neighbour)
            }
        }
    }

    /// The entities within so many steps of one, along causes and needs, either way.
    private static func neighbourhood(
        of focus: EntityID,
        _ source: DiagramSource,
        within radius: Int
    ) -> [EntityID: Int] {
        var neighbours: [EntityID: [EntityID]] = [:]
        for cause in source.causes {
            neighbours[cause.from, default: []].append(cause.to)
            neighbours[cause.to, default: []].append(cause.from)
        }
        for entity in source.topology.entities {
            for needed in source.topology.requirements(of: entity).flatMap(\.members) {
                neighbours[entity, default: []].append(needed)
                neighbours[needed, default: []].append(entity)
            }
        }
        var found = [focus: 0]
        var queue = [focus]
        var next = 0
        while next < queue.count {
            let here = queue[next]
            next += 1
            guard let steps = found[here], steps < radius else { continue }
            for neighbour in neighbours[here] ?? [] where found[neighbour] == nil {
                found[neighbour] = steps + 1
                queue.append(neighbour)
            }
        }
        return found
    }
}
