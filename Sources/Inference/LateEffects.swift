internal import Graphs

/// The part of a network that faults bring about which show at no other time: what explains a symptom outside the main
/// episode without being a late effect.
///
/// A fault that could by itself bring about a symptom of the main episode began with that. One that does so only together
/// with others may be older: the half of a pair that fails first is not missed before the other fails. All these are
/// shared with the network, as are assumptions; what they could bring about upstream of the symptoms is copied.
struct LateEffects {
    /// The copy of each vertex.
    private(set) var copies: [Int32: Int32] = [:]
    /// Faults that show at no other time.
    private let fresh: Set<Int32>

    /// - Parameters:
    ///   - network: everything but the symptoms.
    ///   - builder: takes the copies.
    ///   - candidates: the faults.
    ///   - unknown: what may be faulted in the place of anything not laid out, at any time.
    ///   - isAssumption: tells which vertices are shared though they may be faulted.
    ///   - main: what explains the symptoms of the main episode.
    ///   - others: what explains the symptoms of the others.
    /// - Complexity: O(network).
    init(
        copying network: ThresholdNetwork,
        into builder: inout ThresholdNetworkBuilder,
        candidates: some Collection<Int32>,
        unknown: Set<Int32>,
        isAssumption: (Int32) -> Bool,
        main: [Int32],
        others: [Int32]
    ) {
        let early = SoleCauses(of: main, in: network, without: unknown, isAssumption: isAssumption).members
        fresh = unknown.union(candidates.filter { !early.contains($0) })
        let touched = Self.closure(of: fresh.sorted(), along: network.dependents)
            .intersection(Self.closure(of: others, along: network.dependencies))
        for vertex in touched.sorted() where !network.isGate(vertex) && !fresh.contains(vertex) {
            copies[vertex] = builder.addVertex()
        }
        for (vertex, copy) in copies.sorted(by: { $0.key < $1.key }) {
            for source in network.dependencies[vertex] {
                guard network.isGate(source) else {
                    if let source = self[source] { builder.addArc(from: source, to: copy) }
                    continue
                }
                let members = network.dependencies[source].compactMap { isAssumption($0) ? $0 : self[$0] }
                let threshold = network.threshold(of: source)
                if members.count >= Int(threshold) {
                    builder.addGate(threshold: threshold, members: members, owner: copy)
                }
            }
        }
    }

    /// What stands for a vertex here: its copy, or a fault that shows at no other time itself.
    subscript(vertex: Int32) -> Int32? { copies[vertex] ?? (fresh.contains(vertex) ? vertex : nil) }

    private static func closure(of start: [Int32], along rows: CompressedRows) -> Set<Int32> {
        var queue = start
        var seen = Set(start)
        var head = 0
        while head < queue.count {
            for next in rows[queue[head]] where seen.insert(next).inserted { queue.append(next) }
            head += 1
        }
        return seen
    }
}
