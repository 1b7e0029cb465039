internal import Diagnostics
internal import Time
internal import Topology
internal import Yams

extension YAMLDocument {
    /// One entry of a mapping: the key as text, and both nodes.
    struct Entry {
        var key: String
        var keyNode: Node
        var value: Node
    }

    /// The entries of a mapping; reports anything else.
    ///
    /// An empty value stands for an empty mapping.
    mutating func entries(_ node: Node, of what: String) -> [Entry] {
        guard visit(node), !isNull(node) else { return [] }
        guard case .mapping(let mapping) = node else {
            report("wrong-shape", "\(what) must be a mapping", at: node, fix: "write it as key: value, a line for each")
            return []
        }
        var entries: [Entry] = []
        entries.reserveCapacity(mapping.count)
        for (keyNode, value) in mapping {
            guard visit(keyNode) else { return entries }
            guard case .scalar(let scalar) = keyNode else {
                report(
                    "wrong-shape",
                    "a key of \(what) must be a plain text",
                    at: keyNode,
                    fix: "write it as key: value"
                )
                continue
            }
            entries.append(Entry(key: scalar.string, keyNode: keyNode, value: value))
        }
        return entries
    }

    /// The items of a sequence; reports anything else.
    ///
    /// An empty value stands for an empty sequence.
    mutating func items(_ node: Node, of what: String) -> [Node] {
        guard visit(node), !isNull(node) else { return [] }
        guard case .sequence(let sequence) = node else {
            report(
                "wrong-shape",
                "\(what) must be a list",
                at: node,
                fix: "write it as [a, b], or a line with - for each"
            )
            return []
        }
        return Array(sequence)
    }

    /// A text; reports anything else.
    mutating func string(_ node: Node, of what: String) -> String? {
        guard visit(node) else { return nil }
        guard case .scalar(let scalar) = node, !isNull(node) else {
            report("wrong-shape", "\(what) must be a text", at: node, fix: "write one word, or a text in quotes")
            return nil
        }
        return scalar.string
    }

    /// A list of texts, or a single one.
    mutating func strings(_ node: Node, of what: String) -> [String] {
        if case .scalar = node, !isNull(node) { return string(node, of: what).map { [$0] } ?? [] }
        return items(node, of: what).compactMap { string($0, of: "an item of \(what)") }
    }

    mutating func integer(_ node: Node, of what: String) -> Int? {
        guard let text = string(node, of: what) else { return nil }
        if let value = Int(text) { return value }
        report(
            "wrong-shape",
            "\(what) must be a whole number, not '\(text.prefix(40))'",
            at: node,
            fix: "write digits only, as in 2"
        )
        return nil
    }

    /// A finite number that is not negative.
    mutating func number(_ node: Node, of what: String) -> Double? {
        guard let text = string(node, of: what) else { return nil }
        if let value = Double(text), value.isFinite, value >= 0 { return value }
        report(
            "wrong-shape",
            "\(what) must be a number of at least 0, not '\(text.prefix(40))'",
            at: node,
            fix: "write it as 12 or 0.5"
        )
        return nil
    }

    mutating func duration(_ node: Node, of what: String) -> Span? {
        guard let text = string(node, of: what) else { return nil }
        if let span = Span(prometheus: text) { return span }
        report(
            "invalid-duration",
            "\(what) must be a duration, not '\(text.prefix(40))'",
            at: node,
            fix: "write it as Prometheus does: 90s, 15m, 1h30m, 2d"
        )
        return nil
    }

    /// An RFC 3339 instant, or a bare day, which means its first moment in UTC.
    mutating func timestamp(_ node: Node, of what: String) -> Timestamp? {
        guard let text = string(node, of: what) else { return nil }
        if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") { return time }
        report(
            "invalid-time",
            "\(what) must be a time, not '\(text.prefix(40))'",
            at: node,
            fix: "write it as RFC 3339: 2026-07-01T19:22:00Z"
        )
        return nil
    }

    /// One of a closed set of words.
    mutating func word<Value: RawRepresentable & CaseIterable>(
        _ node: Node,
        of what: String,
        as type: Value.Type
    ) -> Value? where Value.RawValue == String {
        guard let text = string(node, of: what) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let words = Value.allCases.map(\.rawValue)
        report(
            "unknown-word",
            "\(what) cannot be '\(text.prefix(40))'",
            at: node,
            fix: nearestName(to: text, among: words).map { "did you mean '\($0)'?" }
                ?? "write one of: \(words.joined(separator: ", "))"
        )
        return nil
    }

    /// Reports a key that means nothing here, with the nearest that does.
    mutating func reportUnknown(_ entry: Entry, in what: String, known: [String]) {
        report(
            "unknown-key",
            "unknown key '\(entry.key)' in \(what)",
            at: entry.keyNode,
            fix: nearestName(to: entry.key, among: known).map { "did you mean '\($0)'?" }
                ?? "known keys: \(known.joined(separator: ", "))"
        )
    }

    /// Checks `version: 1`.
    mutating func checkVersion(_ node: Node) {
        guard let text = string(node, of: "version"), text != "1" else { return }
        report("unknown-version", "version '\(text.prefix(40))' is not known", at: node, fix: "write version: 1")
    }

    func isNull(_ node: Node) -> Bool { node.isNull }

    /// The node's place in the compact form that declarations keep.
    func mark(_ node: Node) -> TopologyDeclaration.Mark {
        let mark = TopologyDeclaration.Mark(line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
        return gap.map { $0.place(mark) } ?? mark
    }
}
