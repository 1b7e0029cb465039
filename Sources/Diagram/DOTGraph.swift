/// A graph in Graphviz's terms, for whoever writes it as text or builds it through the library.
package struct DOTGraph: Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        /// An HTML-like label, without the outer angle brackets.
        case html(String)
    }

    package struct Attribute: Hashable, Sendable {
        package var name: String
        package var value: Value

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = .text(value)
        }

        init(_ name: String, html: String) {
            self.name = name
            value = .html(html)
        }
    }

    package struct Node: Hashable, Sendable {
        package var name: String
        package var attributes: [Attribute]
    }

    package struct Edge: Hashable, Sendable {
        package var from: String
        package var to: String
        package var attributes: [Attribute]
    }

    package struct Subgraph: Sendable {
        package var name: String
        package var attributes: [Attribute]
        package var nodes: [Node]
        package var subgraphs: [Subgraph]
    }

    package var name: String
    package var attributes: [Attribute]
    package var nodeDefaults: [Attribute]
    package var edgeDefaults: [Attribute]
    package var nodes: [Node]
    package var subgraphs: [Subgraph]
    package var edges: [Edge]
}

extension DOTGraph {
    /// The graph in the DOT language, for `dot` and its relatives.
    package var text: String {
        var writer = Writer()
        writer.line("digraph \(name) {")
        writer.depth += 1
        writer.attributes("graph", attributes)
        writer.attributes("node", nodeDefaults)
        writer.attributes("edge", edgeDefaults)
        for subgraph in subgraphs { writer.subgraph(subgraph) }
        for node in nodes { writer.attributes(node.name, node.attributes) }
        for edge in edges { writer.attributes("\(edge.from) -> \(edge.to)", edge.attributes) }
        writer.depth -= 1
        writer.line("}")
        return writer.text
    }

    private struct Writer {
        var text = ""
        var depth = 0

        mutating func line(_ content: String) {
            text += String(repeating: "    ", count: depth) + content + "\n"
        }

        mutating func attributes(_ subject: String, _ attributes: [Attribute]) {
            line(attributes.isEmpty ? "\(subject)" : "\(subject) [\(attributes.map(\.text).joined(separator: ", "))]")
        }

        mutating func subgraph(_ subgraph: Subgraph) {
            line("subgraph \(subgraph.name) {")
            depth += 1
            attributes("graph", subgraph.attributes)
            for child in subgraph.subgraphs { self.subgraph(child) }
            for node in subgraph.nodes { attributes(node.name, node.attributes) }
            depth -= 1
            line("}")
        }
    }
}

extension DOTGraph.Attribute {
    fileprivate var text: String {
        switch value {
        case .text(let text): "\(name)=\(text.isDOTWord ? text : DOTText.quoted(text))"
        case .html(let html): "\(name)=<\(html)>"
        }
    }
}

extension String {
    /// Whether it needs no quotes in DOT: letters, digits and underscores that do not begin with a digit, or a number.
    fileprivate var isDOTWord: Bool {
        guard let first = utf8.first, !isDOTKeyword else { return false }
        let isNumber = utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        let isWord = utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F
        }
        return isNumber || (isWord && !(first >= 0x30 && first <= 0x39))
    }

    private var isDOTKeyword: Bool {
        ["node", "edge", "graph", "digraph", "subgraph", "strict"].contains(lowercased())
    }
}
