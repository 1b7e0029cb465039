internal import Alerts
internal import Diagnostics
internal import Simulation
internal import Time
internal import Topology

/// Which alerts can fire about which entities, as far as anything tells: the topology's alert rules read backward, the
/// rules of Prometheus, and what has fired before.
struct AlertInventory {
    private let topology: Topology
    private let rules: [AlertRule]
    private let catalog: RuleCatalog
    /// The names that each of `rules` stands for.
    let names: [[(name: String, isPattern: Bool)]]
    /// The rules about one entity, by that entity.
    private var rulesByEntity: [EntityID: [Int]] = [:]
    /// The rules whose entity has a hole, by its kind.
    private var rulesByKind: [String: [Int]] = [:]
    /// The rules whose entity may be of any kind.
    private var rulesForAll: [Int] = []
    /// The kinds of which alerts of each of these rules were seen.
    private var seenKinds: [Int: Set<String>] = [:]
    /// What the labels of Prometheus' rules and of earlier alerts say.
    private var known: [EntityID: [PossibleAlert]] = [:]

    /// - Complexity: O(rules × names + earlier alerts).
    init(_ platform: Platform, _ monitoring: Monitoring) {
        topology = platform.topology
        rules = platform.rules
        catalog = monitoring.rules
        let knownNames = Set(
            catalog.rules.map(\.name) + monitoring.history.episodes.compactMap { $0.labels["alertname"] }
        )
        .sorted()
        names = rules.map { $0.alertNames(knownNames) }
        for (index, rule) in rules.enumerated() {
            if let name = rule.entity.constant {
                let found = topology.entity(named: name).map { [$0] } ?? topology.entities(aliased: name)
                if let entity = found.first, found.count == 1 { rulesByEntity[entity, default: []].append(index) }
            } else if let kind = rule.entity.literalKind {
                rulesByKind[kind, default: []].append(index)
            } else {
                rulesForAll.append(index)
            }
        }
        addKnown(platform, monitoring)
    }

    /// The alerts that can fire about `entities`, each once.
    ///
    /// - Parameters:
    ///   - entities: What they are about.
    ///   - onlySeenKinds: Whether rules that may be about any kind, as with `entity: '{instance}'`, count only for those of
    ///     which an alert of theirs is known.
    /// - Returns: The alerts, by entity.
    /// - Complexity: O(entities × rules about each).
    func alerts(about entities: some Sequence<EntityID>, onlySeenKinds: Bool = false) -> [PossibleAlert] {
        entities.flatMap { entity in
            let name = topology.name(of: entity)
            let kind = topology.kind(of: entity).name
            let general = rulesForAll.filter { !onlySeenKinds || seenKinds[$0]?.contains(kind) == true }
            let candidates = (rulesByEntity[entity] ?? []) + (rulesByKind[kind] ?? []) + general
            var found: [PossibleAlert] = []
            for index in candidates.sorted() { found += alerts(of: index, about: entity, named: name) }
            var seen: Set<[String]> = []
            return (found + (known[entity] ?? [])).filter {
                seen.insert([$0.alertname, $0.observes.rawValue]).inserted
            }
        }
    }

    /// The alerts that a rule stands for and that no earlier rule claims.
    private func alerts(of index: Int, about entity: EntityID, named name: String) -> [PossibleAlert] {
        let rule = rules[index]
        guard let given = rule.entity.labels(giving: name) else { return [] }
        return names[index].compactMap { alertname, isPattern in
            let labels = LabelSet(rule.match.fixedLabels + given + [.init("alertname", alertname)])
            guard rule.match.allows(labels, skipping: isPattern ? "alertname" : nil) else { return nil }
            if !isPattern, rules[..<index].contains(where: { $0.surelyMatches(labels) }) { return nil }
            let alert = Alert(labels: labels, location: rule.location)
            return PossibleAlert(
                alertname: alertname,
                isPattern: isPattern,
                entity: entity,
                observes: rule.observes,
                tellsOfRedundancy: SymptomWords.tellsOfRedundancy(alertNamed: alertname),
                delay: delay(of: alert) ?? rule.pending?.milliseconds,
                observer: rule.observer.flatMap { try? $0.expanded(with: labels) }.flatMap(topology.entity(named:))
            )
        }
    }

    /// Alerts whose labels alone tell the entity: Prometheus' rules with fixed labels, and what fired before.
    private mutating func addKnown(_ platform: Platform, _ monitoring: Monitoring) {
        let mapper = AlertMapper(topology: topology, rules: rules)
        let fixed = catalog.rules.map { rule in
            let labels = rule.labels.filter { !$0.value.utf8.contains(UInt8(ascii: "{")) }
            return (LabelSet(labels + [.init("alertname", rule.name)]), rule.location)
        }
        let earlier = monitoring.history.episodes.map { ($0.labels, SourceLocation(file: "history")) }
        // What fires now tells what a rule is about, though not that it fired before.
        for labels in Set(catalog.activations.map(\.labels)) {
            let match = mapper.match(Alert(labels: labels, location: SourceLocation(file: "rules")))
            if let entity = match.entity { noteKind(of: entity, match) }
        }
        for (labels, location) in fixed + earlier {
            let alert = Alert(labels: labels, location: location)
            let match = mapper.match(alert)
            guard let entity = match.entity else { continue }
            noteKind(of: entity, match)
            known[entity, default: []].append(
                PossibleAlert(
                    alertname: alert.name,
                    entity: entity,
                    observes: match.observes,
                    tellsOfRedundancy: match.isInferred || SymptomWords.tellsOfRedundancy(alertNamed: alert.name),
                    delay: delay(of: alert) ?? match.pending?.milliseconds,
                    observer: match.observer
                )
            )
        }
    }

    /// The rules that may be about any kind and of which no alert is known, as indices.
    var unseenRulesForAll: [Int] { rulesForAll.filter { seenKinds[$0] == nil } }

    private mutating func noteKind(of entity: EntityID, _ match: Match) {
        guard case .user(let rule) = match.rule else { return }
        seenKinds[rule, default: []].insert(topology.kind(of: entity).name)
    }

    /// The `for` of Prometheus' rule; of several that fit, the shortest.
    private func delay(of alert: Alert) -> Int64? { catalog.rules(for: alert).map(\.pending.milliseconds).min() }
}

extension AlertRule {
    /// The names of the alerts that the rule is about: those that it spells out, else those of `known` that fit, else
    /// the pattern itself; none when it says nothing about names and none are known.
    fileprivate func alertNames(_ known: [String]) -> [(name: String, isPattern: Bool)] {
        let conditions = match.conditions.filter { $0.label == "alertname" }
        func fitting(_ names: [String]) -> [(String, Bool)] {
            names.filter { name in conditions.allSatisfy { $0.holds(for: name) } }.map { ($0, false) }
        }
        if let names = match.alertNames { return fitting(names) }
        let found = conditions.isEmpty ? [] : fitting(known)
        if !found.isEmpty { return found }
        for condition in conditions {
            if case .matches = condition.comparison { return [(condition.value, true)] }
        }
        return []
    }

    /// Whether an alert with at least these labels is this rule's, whatever other labels it has.
    fileprivate func surelyMatches(_ labels: LabelSet) -> Bool {
        match.conditions.allSatisfy { condition in labels[condition.label].map(condition.holds) ?? false }
            && entity.labels.allSatisfy { labels.nonEmpty($0) != nil }
    }
}

extension Matcher {
    /// The labels whose values the matcher states.
    fileprivate var fixedLabels: [LabelSet.Label] {
        conditions.compactMap { condition in
            if case .equal = condition.comparison, condition.label != "alertname" {
                return LabelSet.Label(condition.label, condition.value)
            }
            return nil
        }
    }

    /// Whether some alert with these labels matches: a label that is not given may have any value.
    fileprivate func allows(_ labels: LabelSet, skipping skipped: String?) -> Bool {
        conditions.allSatisfy { condition in
            condition.label == skipped || (labels[condition.label].map(condition.holds) ?? true)
        }
    }
}
