import TestSupport
import Testing
import Topology

/// A topology written in a few lines, by names alone.
struct Sketch {
    enum Need {
        case hard(String)
        case weak(String)
        case any([String])
        case atLeast(Int, [String])
    }

    private var declaration = TopologyDeclaration()

    mutating func add(
        _ name: String,
        on place: String? = nil,
        needs: [Need] = [],
        criticality: Criticality? = nil,
        observedBy observers: [String] = []
    ) {
        let mark = TopologyDeclaration.Mark(line: declaration.entities.count + 1, column: 1)
        var entity = TopologyDeclaration.Entity(name: name, mark: mark)
        entity.place = place.map { .init($0, mark) }
        entity.criticality = criticality
        entity.observers = observers.map { .init($0, mark) }
        entity.needs = needs.map { need in
            switch need {
            case .hard(let name): .hard(.init(name, mark))
            case .weak(let name): .weak(.init(name, mark))
            case .any(let names): .group(minimum: nil, of: names.map { .init($0, mark) }, mark: mark)
            case .atLeast(let minimum, let names):
                .group(minimum: minimum, of: names.map { .init($0, mark) }, mark: mark)
            }
        }
        declaration.entities.append(entity)
    }

    mutating func setRate(_ kind: String, _ faultsPerYear: Double) {
        var settings = TopologyDeclaration.KindSettings(name: kind, mark: .init())
        settings.faultsPerYear = faultsPerYear
        declaration.kinds.append(settings)
    }

    func topology() throws -> Topology {
        let (topology, diagnostics) = declaration.resolved()
        return try #require(topology, "\(diagnostics)")
    }

    /// Random entities `service/e0`, `service/e1`, … of random criticality, with needs of every sort.
    ///
    /// With `isAcyclic`, entities need only those with a lesser number; `weak` is the share of weak needs, in percent.
    static func random(
        _ generator: inout SeededGenerator,
        count: ClosedRange<Int>,
        isAcyclic: Bool = false,
        weak: Int = 15
    ) throws -> Topology {
        var sketch = Sketch()
        let count = Int.random(in: count, using: &generator)
        // Names sort like numbers, so that an entity's number is its place.
        func name(_ index: Int) -> String { "service/e\(String(repeating: "0", count: index < 10 ? 1 : 0))\(index)" }
        for index in 0..<count {
            let others = Array(0..<(isAcyclic ? index : count)).filter { $0 != index }.map(name)
            var needs: [Need] = []
            for _ in 0..<Int.random(in: 0...2, using: &generator) where !others.isEmpty {
                let one = others[Int.random(in: 0..<others.count, using: &generator)]
                if Int.random(in: 0..<100, using: &generator) < weak {
                    needs.append(.weak(one))
                } else if others.count < 2 || Int.random(in: 0..<5, using: &generator) < 2 {
                    needs.append(.hard(one))
                } else {
                    let size = Int.random(in: 2...min(4, others.count), using: &generator)
                    let group = Array(others.shuffled(using: &generator).prefix(size))
                    needs.append(.atLeast(Int.random(in: 1...size, using: &generator), group))
                }
            }
            let criticality = Criticality.allCases[Int.random(in: 0..<4, using: &generator)]
            sketch.add(name(index), needs: needs, criticality: criticality)
        }
        return try sketch.topology()
    }
}

extension Topology {
    /// The entity of this name, which must be there.
    func id(_ name: String) throws -> EntityID { try #require(entity(named: name)) }

    func ids(_ names: String...) throws -> [EntityID] { try names.map(id) }

    func names(_ entities: some Sequence<EntityID>) -> [String] { entities.map(name) }
}

/// The semantics of docs/model.md, once more and naively: requirements are gone through until nothing changes.
struct NaiveState: Equatable {
    var down: Set<EntityID>
    var degraded: Set<EntityID>
    var reduced: Set<EntityID> = []

    init(_ topology: Topology, down: Set<EntityID>, degraded: Set<EntityID> = []) {
        self.down = down
        self.degraded = degraded
        var before = -1
        while before != self.down.count + self.degraded.count + self.reduced.count {
            before = self.down.count + self.degraded.count + self.reduced.count
            for entity in topology.entities {
                for need in topology.requirements(of: entity) { add(need, of: entity) }
            }
        }
    }

    private mutating func add(_ need: Requirement, of entity: EntityID) {
        let lost = need.members.count { down.contains($0) }
        switch need.strength {
        case .weak:
            if lost > 0 { degraded.insert(entity) }
        case .hard:
            if need.members.count - lost < need.minimum { down.insert(entity) }
            if need.members.contains(where: degraded.contains) { degraded.insert(entity) }
            if need.isGroup && lost > 0 { reduced.insert(entity) }
        }
    }

    /// The cost with the default weights.
    func cost(_ topology: Topology) -> Double {
        let weights: [Criticality: Double] = [.low: 1, .medium: 3, .high: 10, .critical: 30]
        func sum(_ entities: Set<EntityID>) -> Double {
            entities.reduce(0) { $0 + (weights[topology.criticality(of: $1)] ?? 0) }
        }
        return sum(down) + sum(degraded.subtracting(down)) / 4
    }
}
