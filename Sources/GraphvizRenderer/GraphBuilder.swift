import CGraphviz
import Diagram

/// Builds Graphviz's graph through its API: no text of ours meets the DOT parser.
struct GraphBuilder {
    typealias GraphPointer = UnsafeMutablePointer<Agraph_t>
    typealias NodePointer = UnsafeMutablePointer<Agnode_t>

    private let root: GraphPointer
    private var nodes: [String: NodePointer] = [:]

    /// Nil when Graphviz is out of memory.
    ///
    /// The caller closes the graph.
    static func build(_ graph: DOTGraph) -> GraphPointer? {
        guard let root = br_open(graph.name) else { return nil }
        var builder = GraphBuilder(root: root)
        builder.declare(graph)
        for subgraph in graph.subgraphs { builder.add(subgraph, to: root) }
        for node in graph.nodes { builder.add(node, to: root) }
        for edge in graph.edges {
            guard let from = builder.nodes[edge.from], let to = builder.nodes[edge.to] else { continue }
            guard let pointer = br_edge(root, from, to) else { continue }
            set(edge.attributes, of: pointer)
        }
        // The root's own values last: subgraphs inherit what the root has when they are made.
        set(graph.attributes, of: root)
        return root
    }

    private init(root: GraphPointer) { self.root = root }

    /// Declares every attribute with an empty default, so that nothing is inherited by accident.
    private func declare(_ graph: DOTGraph) {
        for attribute in graph.nodeDefaults { declare(1, attribute) }
        for attribute in graph.edgeDefaults { declare(2, attribute) }
        var names: Set<String> = []
        func collect(_ subgraph: DOTGraph.Subgraph) {
            names.formUnion(subgraph.attributes.map(\.name))
            for child in subgraph.subgraphs { collect(child) }
        }
        names.formUnion(graph.attributes.map(\.name))
        for subgraph in graph.subgraphs { collect(subgraph) }
        for name in names.sorted() where !Self.isOurs(name) { br_declare(root, 0, name, "") }
    }

    private func declare(_ kind: Int32, _ attribute: DOTGraph.Attribute) {
        guard case .text(let value) = attribute.value else { return }
        br_declare(root, kind, attribute.name, value)
    }

    private mutating func add(_ subgraph: DOTGraph.Subgraph, to parent: GraphPointer) {
        guard let pointer = br_subgraph(parent, subgraph.name) else { return }
        Self.set(subgraph.attributes, of: pointer)
        for child in subgraph.subgraphs { add(child, to: pointer) }
        for node in subgraph.nodes { add(node, to: pointer) }
    }

    private mutating func add(_ node: DOTGraph.Node, to parent: GraphPointer) {
        guard let pointer = br_node(parent, node.name) else { return }
        Self.set(node.attributes, of: pointer)
        nodes[node.name] = pointer
    }

    private static func set(_ attributes: [DOTGraph.Attribute], of object: UnsafeMutableRawPointer) {
        for attribute in attributes where !isOurs(attribute.name) {
            switch attribute.value {
            case .text(let text): br_set(object, attribute.name, text)
            case .html(let html): br_set_html(object, attribute.name, html)
            }
        }
    }

    /// Tooltips and links are written into the SVG by ``SVGDocument``, which has one rule of escaping for them.
    private static func isOurs(_ name: String) -> Bool { ["tooltip", "URL", "target"].contains(name) }
}
