import Diagnostics
import Topology

extension AlertMapper {
    /// Entities that the alert may have meant: those whose names are close to what was looked up, and those whose names
    /// share words with it.
    ///
    /// - Parameters:
    ///   - match: What mapping the alert came to.
    ///   - limit: How many to return at most.
    /// - Returns: Full names, the likeliest first.
    /// - Complexity: O(attempts × entities × length); meant for people, not for every alert of a large file.
    package func nearMisses(for match: Match, limit: Int = 3) -> [String] {
        if case .ambiguous(let entities) = match.reason { return entities.prefix(limit).map(topology.name(of:)) }
        var misses: [String] = []
        func add(_ name: String) {
            if misses.count < limit, !misses.contains(name) { misses.append(name) }
        }
        for attempt in match.attempts.prefix(6) {
            if let near = nearestName(to: attempt, among: topology.names) { add(near) }
        }
        for attempt in match.attempts.prefix(6) {
            let wanted = Self.nameWords(attempt)
            guard !wanted.isEmpty else { continue }
            for entity in topology.entities where misses.count < limit {
                let words = Self.nameWords(topology.name(of: entity))
                guard !words.isEmpty else { continue }
                if words.isSubset(of: wanted) || wanted.isSubset(of: words) { add(topology.name(of: entity)) }
            }
        }
        return misses
    }

    /// The words of the last part of a name that tell it from others.
    private static func nameWords(_ name: String) -> Set<Substring> {
        let last = name.split(separator: "/").last ?? ""
        return Set(last.split { $0 == "-" || $0 == "_" || $0 == "." }.filter { $0.utf8.count > 2 })
    }

    /// How many names a report compares for the rules that it suggests: seconds of work.
    package static let suggestionBudget = 10_000_000

    /// A rule for topology.yaml that would map this alert, to paste under `alerts:` and to correct.
    ///
    /// - Parameters:
    ///   - alert: An alert without an entity.
    ///   - match: What mapping it came to.
    ///   - comparisons: How many names may still be compared; what was compared is taken off. Once it is spent, the labels
    ///     alone say what was meant.
    /// - Returns: YAML, two lines, indented as an item of a list.
    /// - Complexity: As ``nearMisses(for:limit:)``.
    package func suggestedRule(for alert: Alert, match: Match, comparisons: inout Int) -> String {
        let matcher = Matcher.text(for: [LabelSet.Label("alertname", alert.name)])
        let isAffordable = comparisons > 0
        if isAffordable { comparisons -= topology.entityCount * min(6, match.attempts.count) }
        let near = isAffordable ? nearMisses(for: match, limit: 1).first : nil
        let entity = near ?? suggestedTemplate(for: alert)
        return "  - match: \(Self.yaml(matcher))\n    entity: \(Self.yaml(entity))"
    }

    /// A template from the label that comes closest to naming the thing.
    private func suggestedTemplate(for alert: Alert) -> String {
        let clue = ClueFinder(alert, kindNames: kindNames).clues().first
        guard let clue, let candidate = clue.candidates.first, let label = clue.labels.first else { return "kind/name" }
        let isNamespaced = candidate.namespace != nil && clue.labels.count > 1
        return "\(candidate.kind)/" + (isNamespaced ? "{\(clue.labels[1])}/" : "") + "{\(label)}"
    }

    /// A plain YAML scalar in single quotes.
    ///
    /// Line breaks and controls, which such a scalar cannot hold, become U+FFFD.
    private static func yaml(_ text: String) -> String {
        var quoted = "'"
        for character in text.withVisibleControls { quoted += character == "'" ? "''" : String(character) }
        return quoted + "'"
    }
}
