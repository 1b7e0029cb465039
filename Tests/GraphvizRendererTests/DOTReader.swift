import CGraphviz
import Synchronization

@testable import GraphvizRenderer

/// Graphviz's own reader of DOT, to check what we write with.
enum DOTReader {
    static func counts(_ dot: String) -> (nodes: Int, edges: Int)? {
        GraphvizRenderer.lock.withLock { _ in
            guard let graph = agmemread(dot) else { return nil }
            defer { agclose(graph) }
            return (Int(agnnodes(graph)), Int(agnedges(graph)))
        }
    }
}
