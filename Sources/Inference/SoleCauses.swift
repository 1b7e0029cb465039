internal import Graphs

/// What could bring about any of some vertices without the help of another fault.
///
/// Ways through a gate count for what reaches enough of its members by ways of its own. Where that takes too long, they
/// count for whatever reaches a member, as if there were no redundancy.
struct SoleCauses {
    /// The vertices and gates found, the given ones included.
    private(set) var members: BitSet
    private let network: ThresholdNetwork
    /// What is not known well enough to be a way.
    private let unknown: Set<Int32>
    /// The redundant gates that feed a member and have not been looked at.
    private var gates: [Int32] = []
    /// How many nodes more may be visited for the sake of gates.
    private var allowance: Int

    /// The causes of `vertices`; the members of gates that `isAssumption` tells of are taken to hold, and no way leads
    /// through what is `unknown`.
    ///
    /// - Complexity: O(network).
    init(
        of vertices: [Int32],
        in network: ThresholdNetwork,
        without unknown: Set<Int32> = [],
        isAssumption: (Int32) -> Bool
    ) {
        self.network = network
        self.unknown = unknown
        members = BitSet(capacity: network.nodeCount)
        allowance = 2 * network.nodeCount
        add(vertices, isAssumption)
        while let gate = gates.popLast() {
            var count: [Int32: Int32] = [:]
            for member in network.dependencies[gate] where allowance > 0 {
                for node in ways(to: member, isAssumption) { count[node, default: 0] += 1 }
            }
            let threshold = network.threshold(of: gate)
            let sole = allowance > 0 ? count.filter { $0.value >= threshold }.keys.sorted() : nil
            add(sole ?? Array(network.dependencies[gate]), isAssumption)
        }
    }

    /// Whether a node passes on what any one of its sources brings about.
    private func passes(_ node: Int32, _ isAssumption: (Int32) -> Bool) -> Bool {
        let threshold = Int(network.threshold(of: node))
        return threshold == 1 || network.dependencies[node].count(where: isAssumption) >= threshold - 1
    }

    private mutating func add(_ nodes: [Int32], _ isAssumption: (Int32) -> Bool) {
        var queue = nodes.filter { members.insert($0) }
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            guard unknown.isDisjoint(with: network.dependencies[node]) else { continue }
            guard passes(node, isAssumption) else {
                gates.append(node)
                continue
            }
            for source in network.dependencies[node] where members.insert(source) { queue.append(source) }
        }
    }

    /// Whatever reaches a node without a redundant gate on the way.
    private mutating func ways(to node: Int32, _ isAssumption: (Int32) -> Bool) -> [Int32] {
        var seen: Set<Int32> = [node]
        var queue = [node]
        var head = 0
        while head < queue.count, allowance > 0 {
            let node = queue[head]
            head += 1
            allowance -= 1
            guard passes(node, isAssumption), unknown.isDisjoint(with: network.dependencies[node]) else { continue }
            for source in network.dependencies[node] where seen.insert(source).inserted { queue.append(source) }
        }
        return queue
    }
}
