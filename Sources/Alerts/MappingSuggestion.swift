import Diagnostics
import Topology

/// What to paste into topology.yaml so that alerts find their entity.
package struct MappingSuggestion: Hashable, Sendable {
    /// Where it belongs.
    package enum Place: Hashable, Sendable {
        /// Behind the other rules.
        case lastRule
        /// Before the rule with this index, which would take the alerts otherwise.
        case beforeRule(Int)
        /// Among the entities: nothing has a name that is near.
        case entities
        /// Behind the other rules, or before the rule with this index, once somebody has written which entity is meant.
        case incompleteRule(before: Int?)
    }

    package let place: Place
    /// YAML, indented as an item of its section.
    package let text: String
}

extension AlertMapper {
    /// How many names a report compares for what it suggests: seconds of work.
    package static let suggestionBudget = 10_000_000

    /// What to paste so that each alert without an entity finds one.
    ///
    /// Where an entity has a name that is near, that is a rule about this alert name and the label that gave the name, and as
    /// many more labels as it takes to leave all other alerts to the rules and labels that decide about them now. A label
    /// that no rule reads but whose value an entity is called comes before such a name. Alerts that
    /// lead to the same entity by the same label share one. Where nothing is near, the entity is missing: with it the labels
    /// suffice. Of an alert whose labels name nothing only people know what it is about.
    ///
    /// - Parameters:
    ///   - alerts: All alerts that are known, with what mapping each came to.
    ///   - budget: How many names and alerts to compare; once that is spent no near names are found.
    /// - Returns: A suggestion for each alert in order; nil for those that have an entity.
    /// - Complexity: O(alerts × entities × length), within the budget.
    package func suggestions(
        for alerts: [(alert: Alert, match: Match)],
        budget: Int = suggestionBudget
    ) -> [MappingSuggestion?] {
        var suggester = Suggester(mapper: self, alerts: alerts, budget: budget)
        return suggester.suggestions()
    }

    /// The alert's labels that name what was looked up, the most telling first.
    fileprivate func labels(naming attempt: String?, in alert: Alert) -> [String] {
        let clues = ClueFinder(alert, kindNames: kindNames).clues()
        let clue = clues.first { clue in
            attempt.map { attempt in (clue.candidates + clue.anyKind).contains { $0.fullName == attempt } } ?? true
        }
        return (clue ?? clues.first)?.labels ?? []
    }

    /// The name of the entity that an alert's rule or labels speak of, which the topology does not have.
    fileprivate func missingEntity(of alert: Alert, _ match: Match) -> String? {
        var labels: [String]?
        if case .unknownEntity = match.reason {
            // The shortest name that the rule would be content with is the one that other ports and domains share.
            let names = match.attempts.prefix(2)
            if let name = names.last(where: { EntityName($0) != nil }) { return name }
            if case .user(let index) = match.rule { labels = rules[index].entity.labels }
        }
        let finder = ClueFinder(alert, kindNames: kindNames)
        for clue in finder.clues() where labels.map({ !Set($0).isDisjoint(with: clue.labels) }) ?? true {
            let own = clue.candidates.filter { !$0.isInferred }
            guard let candidate = own.first(where: { kindNames.contains($0.kind) }) ?? own.first,
                EntityName(candidate.fullName) != nil,
                !clue.mayNameScraper || !finder.labels.isScraper(candidate.fullName)
            else { continue }
            var named = candidate
            named.name = HostName.address(in: candidate.name)
            return named.fullName
        }
        return nil
    }

    /// Labels that name other things than what an alert is about, or none, whatever their value is called like.
    private static let besideTheSubject: Set<String> = [
        "alertname", "severity", "prometheus", "from", "team", "owner", "env", "environment", "datacenter", "dc",
        "stage",
    ]

    /// The entity that is called by the value of a label that no built-in rule reads, and that label: of `vendor="stripe"`
    /// `external/stripe`; or whose name has the value as a word, of `vendor="acme"` `external/acme-payments`.
    ///
    /// A value that several entities are called by tells nothing.
    ///
    /// - Complexity: O(labels) for whole names, O(labels × entities) for words.
    fileprivate func entity(calledByLabelOf alert: Alert, inPart: Bool) -> (entity: String, label: String)? {
        for label in alert.labels
        where label.value.utf8.count > 2 && !Self.besideTheSubject.contains(label.name)
            && !ClueFinder.notKinds.contains(label.name)
        {
            let found: [EntityID]
            if inPart {
                found = topology.entities.filter { Self.nameWords(topology.name(of: $0)).contains(label.value[...]) }
            } else {
                let named = topology.entities(withLastPart: label.value)
                found = named.isEmpty ? topology.entities(aliased: label.value) : Array(named)
            }
            if found.count == 1 { return (topology.name(of: found[0]), label.name) }
        }
        return nil
    }
}

private struct Suggester {
    let mapper: AlertMapper
    let alerts: [(alert: Alert, match: Match)]
    var budget: Int
    /// The alerts of each name.
    private let byName: [String: [Int]]

    /// Alerts for which one rule will do.
    private struct Group: Hashable {
        var name: String
        var entity: String
        var observes: Effect
        var place: MappingSuggestion.Place
        /// The label that named the thing, and others that did.
        var labels: [String]
    }

    init(mapper: AlertMapper, alerts: [(alert: Alert, match: Match)], budget: Int) {
        self.mapper = mapper
        self.alerts = alerts
        self.budget = budget
        byName = Dictionary(grouping: alerts.indices) { alerts[$0].alert.name }
    }

    mutating func suggestions() -> [MappingSuggestion?] {
        var result = [MappingSuggestion?](repeating: nil, count: alerts.count)
        var order: [Group] = []
        var members: [Group: [Int]] = [:]
        for (index, (alert, match)) in alerts.enumerated() where match.entity == nil && !alert.isMeta {
            guard let group = group(of: alert, match) else {
                result[index] = withoutNearName(alert, match)
                continue
            }
            if members[group] == nil { order.append(group) }
            members[group, default: []].append(index)
        }
        for group in order {
            let own = members[group] ?? []
            let suggestion = MappingSuggestion(
                place: group.place,
                text: rule(matching: conditions(of: group, own), entity: group.entity, observes: group.observes)
            )
            for index in own { result[index] = suggestion }
        }
        return result
    }

    private mutating func group(of alert: Alert, _ match: Match) -> Group? {
        guard budget > 0 else { return nil }
        guard let (entity, labels) = meant(by: alert, match) else { return nil }
        var place = MappingSuggestion.Place.lastRule
        var observes = mapper.effect(of: alert, about: mapper.topology.entity(named: entity))
        if case .user(let index) = match.rule {
            place = .beforeRule(index)
            observes = match.observes
        }
        return Group(name: alert.name, entity: entity, observes: observes, place: place, labels: labels)
    }

    /// The entity that an alert probably means, and the labels that say so.
    private mutating func meant(by alert: Alert, _ match: Match) -> (entity: String, labels: [String])? {
        var userLabels: [String]?
        if case .user(let index) = match.rule { userLabels = mapper.rules[index].entity.labels }
        if !isAmbiguous(match),
            let (entity, label) = mapper.entity(calledByLabelOf: alert, inPart: false)
        {
            return (entity, [label])
        }
        budget -= mapper.topology.entityCount * min(6, match.attempts.count)
        if let near = mapper.nearMissesWithAttempts(for: match, limit: 1).first {
            return (near.entity, userLabels ?? mapper.labels(naming: near.attempt, in: alert))
        }
        budget -= mapper.topology.entityCount * alert.labels.count
        guard budget > 0, let (entity, label) = mapper.entity(calledByLabelOf: alert, inPart: true) else { return nil }
        return (entity, [label])
    }

    private func isAmbiguous(_ match: Match) -> Bool {
        if case .ambiguous = match.reason { return true }
        return false
    }

    private func withoutNearName(_ alert: Alert, _ match: Match) -> MappingSuggestion {
        if let name = mapper.missingEntity(of: alert, match) {
            return MappingSuggestion(place: .entities, text: "  \(yaml(name)): {}")
        }
        var rule: Int?
        if case .user(let index) = match.rule { rule = index }
        let matcher = Matcher.text(for: [("alertname", [alert.name])])
        return MappingSuggestion(
            place: .incompleteRule(before: rule),
            text: self.rule(matching: matcher, entity: "kind/name", observes: match.observes)
        )
    }

    /// A rule as an item of a list; what its alerts say stays what their name says.
    private func rule(matching matcher: String, entity: String, observes: Effect) -> String {
        "  - match: \(yaml(matcher))\n    entity: \(yaml(entity))"
            + (observes == .down ? "" : "\n    observes: \(observes.rawValue)")
    }

    // MARK: What tells a group from other alerts

    /// A matcher for the alerts of a group and, of all that are known and would come to it, for no others.
    private mutating func conditions(of group: Group, _ own: [Int]) -> String {
        let labels = own.map { alerts[$0].alert.labels }
        var conditions: [(label: String, values: [String])] = [("alertname", [group.name])]
        func add(_ label: String) { conditions.append((label, Set(labels.map { $0[label] ?? "" }).sorted())) }
        if let first = group.labels.first { add(first) }
        var others = others(than: own, named: group.name, group.place).filter { index in
            conditions.allSatisfy { $0.values.contains(alerts[index].alert.labels[$0.label] ?? "") }
        }
        while budget > 0, let other = others.first {
            let names = Set(labels[0].map(\.name) + alerts[other].alert.labels.map(\.name)).sorted()
            budget -= others.count * names.count
            var best: (label: String, left: [Int])?
            for label in group.labels + names where !conditions.contains(where: { $0.label == label }) {
                let values = Set(labels.map { $0[label] ?? "" })
                // A label that only some of them have would ask for a pattern that nobody can read.
                guard values == [""] || !values.contains("") else { continue }
                let left = others.filter { values.contains(alerts[$0].alert.labels[label] ?? "") }
                if left.count < best?.left.count ?? others.count { best = (label, left) }
            }
            guard let best else { break }
            add(best.label)
            others = best.left
        }
        return Matcher.text(for: conditions)
    }

    /// The alerts of a name that are not in a group and that no rule before a place takes.
    private mutating func others(than own: [Int], named name: String, _ place: MappingSuggestion.Place) -> [Int] {
        let all = byName[name] ?? []
        guard budget > 0 else { return [] }
        budget -= all.count
        let own = Set(own)
        return all.filter { index in
            guard !own.contains(index) else { return false }
            guard case .user(let rule) = alerts[index].match.rule else { return true }
            if case .beforeRule(let next) = place { return rule >= next }
            return false
        }
    }

    /// A plain YAML scalar in single quotes.
    ///
    /// Line breaks and controls, which such a scalar cannot hold, become U+FFFD.
    private func yaml(_ text: String) -> String {
        var quoted = "'"
        for character in text.withVisibleControls { quoted += character == "'" ? "''" : String(character) }
        return quoted + "'"
    }
}
