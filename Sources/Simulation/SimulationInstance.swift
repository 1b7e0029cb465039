import Graphs
import Topology

/// A platform read from the flat binary layout that benchmarks exchange, and the product's own simulation on it.
///
/// The layout is little-endian 32-bit integers: a magic number, the numbers of entities n, members m and groups g;
/// n + 1 offsets and m providers; n + 1 offsets and m groups that each entity is a member of; the owner and then the
/// threshold of each group, the number of members whose loss breaks it; and the type of each entity, 0 for a site.
public struct SimulationInstance: Sendable {
    /// How many entities there are.
    public let entityCount: Int
    /// How many of them are sites.
    public let siteCount: Int

    private let network: ThresholdNetwork
    private let types: [Int32]
    private let sites: [Int32]
    private let packed: LossNetwork
    private var run: LossRun

    /// Reads an instance; nothing when `words` is not one.
    ///
    /// - Complexity: O(words).
    public init?(words: [Int32]) {
        guard words.count >= 4, words[0] == 0x4252_4731, words[1...3].allSatisfy({ $0 >= 0 }) else { return nil }
        let (entities, members, groups) = (Int(words[1]), Int(words[2]), Int(words[3]))
        guard words.count >= 4 + 2 * (entities + 1 + members) + 2 * groups + entities else { return nil }
        var place = 4 + entities + 1 + members
        func take(_ count: Int) -> [Int32] {
            defer { place += count }
            return Array(words[place..<place + count])
        }
        let memberships = CompressedRows(offsets: take(entities + 1), targets: take(members))
        let owners = take(groups)
        let thresholds = take(groups)
        let types = take(entities)
        self.types = types
        guard memberships.targets.allSatisfy((0..<Int32(groups)).contains),
            owners.allSatisfy((0..<Int32(entities)).contains), thresholds.allSatisfy({ $0 >= 1 })
        else { return nil }
        let membersOfGroup = memberships.transposed(rowCount: groups)
        var builder = ThresholdNetworkBuilder(vertexCount: entities)
        for group in 0..<Int32(groups) {
            builder.addGate(
                threshold: thresholds[Int(group)],
                members: membersOfGroup[group],
                owner: owners[Int(group)]
            )
        }
        let network = builder.build()
        let packed = LossNetwork(network, classes: types.map { UInt8(truncatingIfNeeded: $0 & 3) })
        self.network = network
        self.packed = packed
        run = LossRun(packed)
        let sites = types.enumerated().filter { $0.element == 0 }.map { Int32($0.offset) }
        self.sites = sites
        entityCount = entities
        siteCount = sites.count
    }

    /// Loses the first `count` sites together and says how many entities go down.
    ///
    /// - Complexity: O(entities and needs reached).
    public mutating func loseSites(_ count: Int) -> Int {
        run.run(from: sites.prefix(count))
        return run.downCount
    }

    /// Loses one entity and says how many go down with it, itself included; none for a number that no entity has.
    ///
    /// - Complexity: O(entities and needs reached).
    public mutating func lose(_ entity: Int32) -> Int {
        guard (0..<Int32(entityCount)).contains(entity) else { return 0 }
        run.run(from: entity)
        return run.downCount
    }

    /// Loses each entity by itself, and says how many go down, over all losses and with the worst.
    ///
    /// - Complexity: O(sum of what each loss reaches).
    public func loseEach() -> (total: Int, greatest: Int) {
        let down = SingleLosses(packed, weights: LossWeights()).down
        return (down.reduce(0) { $0 + Int($1) }, Int(down.max() ?? 0))
    }

    /// The same platform as a model with names, whose entities are in another order.
    ///
    /// - Complexity: O(n log n) for n entities and needs.
    public func model() -> SimulationModel? {
        var declaration = TopologyDeclaration()
        let mark = TopologyDeclaration.Mark()
        func name(_ entity: Int32) -> String { (types[Int(entity)] == 0 ? "site/" : "service/") + String(entity) }
        for entity in 0..<Int32(entityCount) {
            var declared = TopologyDeclaration.Entity(name: name(entity), mark: mark)
            for source in network.dependencies[entity] {
                guard network.isGate(source) else {
                    declared.needs.append(.hard(.init(name(source), mark)))
                    continue
                }
                let members = network.dependencies[source].map { TopologyDeclaration.Reference(name($0), mark) }
                let minimum = members.count - Int(network.threshold(of: source)) + 1
                declared.needs.append(.group(minimum: minimum, of: members, mark: mark))
            }
            declaration.entities.append(declared)
        }
        return declaration.resolved().topology.map(SimulationModel.init)
    }
}
