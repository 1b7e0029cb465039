package import Graphs

/// A threshold network packed for very many small forward runs.
///
/// An arc is one word that holds its target and the class of the target, so that a run counts what it reaches by class
/// without another look into memory. Classes are 0 to 3; what they mean is the caller's business.
package struct LossNetwork: Sendable {
    /// The number of vertices, which are the nodes `0..<vertexCount`; gates follow.
    package let vertexCount: Int
    /// For each gate how many of its members make it fire.
    package let thresholds: [Int32]
    /// The class of each vertex.
    package let classes: [UInt8]

    /// Where the arcs of each node begin in `arcs`; one longer than the number of nodes.
    let starts: [Int32]
    /// Arcs in the order of their sources.
    ///
    /// Bits 28 to 30 hold the class of the target, or ``gateClass``; the lower bits
    /// the vertex, or the gate counted from 0.
    let arcs: [UInt32]

    static let classShift: UInt32 = 28
    static let indexMask: UInt32 = (1 << classShift) - 1
    static let gateClass: UInt32 = 4
    /// Every arc to a gate is at least this, and every arc to a vertex less.
    static let firstGateArc = gateClass << classShift

    /// The number of gates.
    ///
    /// - Complexity: O(1).
    package var gateCount: Int { thresholds.count }

    /// Packs the gates and the first vertices of `network`, and the arcs among them.
    ///
    /// - Parameters:
    ///   - network: what to pack.
    ///   - kept: how many vertices to keep; nil keeps all. What is left out must not feed what is kept.
    ///   - classes: the class of each vertex, 0 to 3; all are 0 when it is empty.
    /// - Complexity: O(nodes + arcs).
    package init(_ network: ThresholdNetwork, keeping kept: Int? = nil, classes: [UInt8] = []) {
        let vertexCount = kept ?? network.vertexCount
        precondition(network.nodeCount <= Int(Self.indexMask), "too many nodes to pack")
        self.vertexCount = vertexCount
        self.classes = classes.isEmpty ? [UInt8](repeating: 0, count: vertexCount) : classes
        thresholds = network.gateThresholds
        let firstGate = network.vertexCount
        var starts: [Int32] = [0]
        starts.reserveCapacity(vertexCount + network.gateCount + 1)
        var arcs: [UInt32] = []
        arcs.reserveCapacity(network.dependents.targets.count)
        for node in 0..<Int32(network.nodeCount) where Int(node) < vertexCount || Int(node) >= firstGate {
            for place in network.dependents.range(of: node) {
                let target = network.dependents.targets[place]
                if Int(target) >= firstGate {
                    arcs.append(Self.gateClass << Self.classShift | UInt32(Int(target) - firstGate))
                } else if Int(target) < vertexCount {
                    arcs.append(UInt32(self.classes[Int(target)]) << Self.classShift | UInt32(target))
                }
            }
            starts.append(Int32(arcs.count))
        }
        self.starts = starts
        self.arcs = arcs
    }
}

extension LossNetwork {
    /// The vertices that go down when `gate` fires, ascending.
    ///
    /// - Complexity: O(1); O(owners) to go through them.
    func owners(of gate: Int32) -> some RandomAccessCollection<Int32> {
        let node = vertexCount + Int(gate)
        return arcs[Int(starts[node])..<Int(starts[node + 1])].lazy.map { Int32($0 & Self.indexMask) }
    }
}
