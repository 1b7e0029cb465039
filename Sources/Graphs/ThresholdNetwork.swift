/// A monotone threshold network: who goes down when whom it leans on goes down.
///
/// Nodes `0..<vertexCount` are *vertices*: a vertex is true when it is faulted itself or when any node that feeds it
/// is true. Nodes `vertexCount..<nodeCount` are *gates*: gate `g` is true when at least its threshold of the vertices
/// that feed it are true. Gates are never faulted and never feed gates. The state of the network is its least fixed
/// point, which ``ForwardRun`` computes, so a cycle never supports itself.
///
/// Equal gates are held once, whatever the number of vertices that depend on them.
package struct ThresholdNetwork: Sendable {
    /// The number of vertices, which are the nodes `0..<vertexCount`.
    package let vertexCount: Int
    /// For each gate, in the order of its node, how many of its members make it fire; at least 2.
    package let gateThresholds: [Int32]
    /// For each node, the nodes that it feeds, ascending.
    package let dependents: CompressedRows
    /// For each node, the nodes that feed it, ascending and without repetition.
    package let dependencies: CompressedRows

    /// The number of gates.
    ///
    /// - Complexity: O(1).
    package var gateCount: Int { gateThresholds.count }

    /// The number of nodes: vertices and gates.
    ///
    /// - Complexity: O(1).
    package var nodeCount: Int { vertexCount + gateThresholds.count }

    /// Whether `node` is a gate.
    ///
    /// - Complexity: O(1).
    @inlinable
    @inline(__always)
    package func isGate(_ node: Int32) -> Bool { Int(node) >= vertexCount }

    /// How many of the nodes that feed `node` must be true to make it true: 1 for a vertex.
    ///
    /// - Complexity: O(1).
    @inlinable
    @inline(__always)
    package func threshold(of node: Int32) -> Int32 {
        Int(node) < vertexCount ? 1 : gateThresholds[Int(node) - vertexCount]
    }

    init(
        vertexCount: Int,
        gateThresholds: [Int32],
        dependents: CompressedRows,
        dependencies: CompressedRows
    ) {
        self.vertexCount = vertexCount
        self.gateThresholds = gateThresholds
        self.dependents = dependents
        self.dependencies = dependencies
    }
}
