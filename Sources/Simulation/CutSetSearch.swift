import Graphs
import Topology

/// The search behind ``CutSets``: from the causes to the entity, the minimal sets of losses that bring each vertex of
/// the cone down, as the least fixed point.
///
/// A set of losses brings a vertex down exactly when it contains one of the vertex' sets, for the state under each set
/// of losses is itself the least fixed point. Cycles are therefore no special case: the vertices of a strong component
/// are gone through until none of their families changes.
struct CutSetSearch {
    /// The cut sets, by number of members, then in the order of the members.
    private(set) var found: [[EntityID]] = []
    /// The order up to which `found` is complete.
    private(set) var completeOrder = 0
    /// Whether no minimal cut set is larger than those found.
    private(set) var isExhaustive = false

    private let cone: UpstreamCone
    private let options: CutSetOptions
    /// The place of each node in the decision diagrams; neighbours in the network lie close.
    private let rank: [Int32]
    private let nodeOfRank: [Int32]
    private var isCandidate: [Bool]
    private var budget: Int

    init(_ cone: UpstreamCone, _ options: CutSetOptions) {
        self.cone = cone
        self.options = options
        isCandidate = cone.entities.map { options.candidates?.contains($0) ?? true }
        budget = options.budget
        nodeOfRank = Self.depthFirst(cone.network.dependencies, from: cone.target)
        var rank = [Int32](repeating: 0, count: cone.network.nodeCount)
        for (position, node) in nodeOfRank.enumerated() { rank[Int(node)] = Int32(position) }
        self.rank = rank
    }

    /// Finds the sets of one member, then those of two, and so on, until there can be none that is larger.
    ///
    /// A minimal set of several members holds none that suffices alone: single points of failure are found by walking
    /// through all losses, and taken out first, which shortens every chain upstream.
    mutating func run() {
        guard options.order > 0 else { return }
        let singles = LossForest.singleLosses(bringingDown: cone.target, in: LossNetwork(cone.network))
            .filter { isCandidate[Int($0)] }
        guard singles.count <= options.limit else { return }
        for vertex in singles { isCandidate[Int(vertex)] = false }
        let single = singles.map { [cone.entities[Int($0)]] }
        found = single
        completeOrder = 1
        for order in 1...options.order {
            var families = SetFamilies(budget: budget)
            guard let family = try? family(of: cone.target, order: order, &families) else { return }
            budget = families.budget
            guard families.count(family) <= options.limit - singles.count else { return }
            let sets = families.sets(family).map { set in set.map { cone.entities[Int(nodeOfRank[Int($0)])] }.sorted() }
            found =
                single + sets.sorted { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
            completeOrder = order
            if !families.isTruncated {
                isExhaustive = true
                completeOrder = options.order
                return
            }
        }
    }

    private func family(
        of target: Int32,
        order: Int,
        _ families: inout SetFamilies
    ) throws(SetFamilies.BudgetSpent) -> Int32 {
        let network = cone.network
        var familyOfNode = [Int32](repeating: SetFamilies.none, count: network.nodeCount)
        // Over the arcs from cause to effect, component 0 causes nothing else: causes have the greater numbers.
        let components = StrongComponents(of: network.dependents)
        let members = components.members
        for component in (0..<Int32(components.count)).reversed() {
            let nodes = members[component]
            var isSettled = false
            while !isSettled {
                isSettled = true
                for node in nodes {
                    let family = try combine(node, order, familyOfNode, &families)
                    if family != familyOfNode[Int(node)] {
                        familyOfNode[Int(node)] = family
                        isSettled = nodes.count == 1
                    }
                }
            }
        }
        return familyOfNode[Int(target)]
    }

    /// The family of one node from the families of what feeds it.
    private func combine(
        _ node: Int32,
        _ order: Int,
        _ familyOfNode: [Int32],
        _ families: inout SetFamilies
    ) throws(SetFamilies.BudgetSpent) -> Int32 {
        let sources = cone.network.dependencies[node].map { familyOfNode[Int($0)] }
        try families.spend(1 + sources.count)
        if cone.network.isGate(node) {
            return try families.atLeast(Int(cone.network.threshold(of: node)), of: sources, size: order)
        }
        var family = isCandidate[Int(node)] ? families.single(rank[Int(node)]) : SetFamilies.none
        for source in sources { family = try families.union(family, source) }
        return family
    }

    private static func depthFirst(_ rows: CompressedRows, from start: Int32) -> [Int32] {
        var seen = BitSet(capacity: rows.rowCount)
        var order: [Int32] = []
        var open = [start]
        while let node = open.popLast() {
            guard seen.insert(node) else { continue }
            order.append(node)
            open += rows[node].reversed()
        }
        return order
    }
}
