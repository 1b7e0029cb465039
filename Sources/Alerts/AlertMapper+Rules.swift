import Topology

extension AlertMapper {
    /// The kind of thing that the alerts of a rule are about, judged by the labels that its annotations fill in: the
    /// rule's text does not tell which others its alerts will have.
    ///
    /// - Returns: A kind of the topology, or nil when those labels name nothing that it has.
    package func kind(namedBy rule: RuleCatalog.Rule) -> String? {
        var labels = rule.labels.filter { !$0.value.utf8.contains(UInt8(ascii: "{")) }
        for annotation in rule.annotations {
            for name in Self.labelNames(in: annotation.value) where !labels.contains(where: { $0.name == name }) {
                labels.append(LabelSet.Label(name, "x"))
            }
        }
        let alert = Alert(labels: LabelSet(labels + [.init("alertname", rule.name)]), location: rule.location)
        for clue in ClueFinder(alert, kindNames: kindNames).clues() {
            if let kind = clue.candidates.lazy.map(\.kind).first(where: kindNames.contains) { return kind }
        }
        return nil
    }

    /// The labels that a template names: `node` of `Node {{ $labels.node }} is down`.
    private static func labelNames(in template: String) -> [String] {
        var names: [String] = []
        for part in template.components(after: "$labels.") {
            let name = part.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
            if !name.isEmpty { names.append(String(name)) }
        }
        return names
    }
}

extension String {
    /// The pieces of the text that follow each occurrence of a mark.
    fileprivate func components(after mark: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = self[...]
        while let start = rest.firstRange(of: mark) {
            rest = rest[start.upperBound...]
            pieces.append(rest)
        }
        return pieces
    }
}
