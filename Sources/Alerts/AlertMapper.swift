public import Topology

/// Finds the entity that an alert is about: by the user's rules first, then by the label `entity`, then by the built-in
/// rules for usual labels.
public struct AlertMapper: Sendable {
    /// Where entities are looked up.
    public let topology: Topology
    /// The user's rules; the first that matches decides.
    public let rules: [AlertRule]

    let directory: EntityDirectory
    let kindNames: [String]
    /// For each alert name that rules ask for, these rules, in order.
    private let rulesByAlertName: [String: [Int]]
    /// The rules that may match an alert of any name, in order.
    private let rulesForAll: [Int]

    /// Prepares to map alerts to a topology.
    ///
    /// - Complexity: O(rules × alert names that they ask for).
    public init(topology: Topology, rules: [AlertRule]) {
        self.topology = topology
        self.rules = rules
        directory = EntityDirectory(topology)
        kindNames = topology.kinds.map(\.name)
        var rulesByAlertName: [String: [Int]] = [:]
        var rulesForAll: [Int] = []
        for (index, rule) in rules.enumerated() {
            guard let names = rule.match.alertNames else {
                rulesForAll.append(index)
                continue
            }
            for name in Set(names) { rulesByAlertName[name, default: []].append(index) }
        }
        self.rulesByAlertName = rulesByAlertName
        self.rulesForAll = rulesForAll
    }

    /// What the alert is about.
    ///
    /// A user's rule that matches decides. What it names is looked up as it stands, then as labels are: without port and
    /// domain. If the topology has none of these, the alert's own labels decide; if they lead nowhere either, the alert is
    /// unmatched. A rule whose template needs a label that the alert lacks does not apply. The result says each.
    ///
    /// - Complexity: O(rules that may match an alert of its name + labels × entities of one name).
    public func match(_ alert: Alert) -> Match {
        var match = Match()
        for index in candidates(alert.name) where rules[index].match.matches(alert.labels) {
            do throws(Template.MissingLabel) {
                try apply(index, alert, to: &match)
                return match
            } catch {
                match.skippedRules.append(Match.SkippedRule(rule: index, missingLabel: error.name))
            }
        }
        matchByLabels(alert, &match)
        return match
    }

    /// What the alert is about by its own labels.
    private func matchByLabels(_ alert: Alert, _ match: inout Match) {
        if let name = alert.labels.nonEmpty("entity"), name.contains("/") {
            settle(resolve(name: name), name: name, as: .builtIn(["entity"]), in: &match)
            match.observes = effect(of: alert, about: match.entity)
            match.witness = alert.labels.nonEmpty("witness").flatMap { witness(named: $0, besides: match.entity) }
            return
        }
        match.observes = effect(of: alert, about: nil)
        follow(ClueFinder(alert, kindNames: kindNames), in: &match)
    }

    /// The rules that may match alerts of a name, in order.
    private func candidates(_ name: String) -> [Int] {
        guard let own = rulesByAlertName[name] else { return rulesForAll }
        return rulesForAll.isEmpty ? own : (own + rulesForAll).sorted()
    }

    private func apply(_ index: Int, _ alert: Alert, to match: inout Match) throws(Template.MissingLabel) {
        let rule = rules[index]
        let (lookup, names) = try resolve(rule.entity, alert.labels)
        match.observes = rule.observes
        match.pending = rule.pending
        match.severity = rule.severity
        match.action = rule.action.flatMap { try? $0.expanded(with: alert.labels) } ?? rule.action?.text
        match.actionPriority = rule.actionPriority
        settle(lookup, name: names[0], as: .user(index), in: &match)
        if case .nothing = lookup {
            match.attempts = names
            fallBack(to: alert, from: index, names[0], &match)
        }
        func entity(_ template: Template?) -> EntityID? {
            guard let template, let name = try? template.expanded(with: alert.labels) else { return nil }
            return witness(named: name, besides: match.entity)
        }
        match.witness = entity(rule.witness) ?? match.witness
        match.observer = entity(rule.observer)
    }

    /// Takes the entity that the labels lead to, if any, in place of a name that the topology lacks.
    ///
    /// What the rule says of the alert stands; that something is down, which rules say by default, was said of another thing.
    private func fallBack(to alert: Alert, from rule: Int, _ name: String, _ match: inout Match) {
        var found = Match()
        matchByLabels(alert, &found)
        guard let entity = found.entity else { return }
        match.entity = entity
        match.isInferred = found.isInferred
        match.rule = found.rule
        match.witness = found.witness
        match.reason = nil
        match.unknownName = Match.UnknownName(rule: rule, name: name)
        if rules[rule].observes == .down { match.observes = found.observes }
    }

    private func settle(_ lookup: Lookup, name: String, as rule: Match.Rule, in match: inout Match) {
        match.rule = rule
        switch lookup {
        case .found(let entity, let isInferred):
            match.entity = entity
            match.isInferred = isInferred
        case .ambiguous(let entities): match.reason = .ambiguous(entities)
        case .nothing:
            match.reason = .unknownEntity(name)
            match.attempts = [name]
        }
    }

    /// Takes the first clue that leads to an entity.
    ///
    /// One that leads to several stands unless a later clue leads to one
    /// of them.
    private func follow(_ finder: ClueFinder, in match: inout Match) {
        let clues = finder.clues()
        var doubt: (entities: [EntityID], clue: Clue)?
        for clue in clues {
            switch resolve(clue) {
            case .found(let entity, _) where clue.mayNameScraper && isScraper(entity, finder):
                continue
            case .found(let entity, let isInferred):
                if let doubt, !doubt.entities.contains(entity) { continue }
                match.entity = entity
                match.isInferred = isInferred
                match.rule = .builtIn(clue.labels)
                match.observes = effect(of: finder.alert, about: entity)
                if isInferred, clue.isOnePartOfMany, match.observes == .down, !isScheduled(entity) {
                    match.observes = .degraded
                }
                match.witness = clue.witness.flatMap { witness(named: $0, besides: entity) }
                return
            case .ambiguous(let entities): if doubt == nil { doubt = (entities, clue) }
            case .nothing: note(clue, in: &match)
            }
        }
        if let doubt {
            match.rule = .builtIn(doubt.clue.labels)
            match.reason = .ambiguous(doubt.entities)
        } else {
            match.reason = clues.isEmpty ? .noUsefulLabel : .notInTopology
        }
    }

    /// What the alert's name asserts about what it is about.
    func effect(of alert: Alert, about entity: EntityID?) -> Effect {
        SymptomWords.effect(ofAlertNamed: alert.name, about: entity.map { topology.kind(of: $0).name })
    }

    /// Whether a thing only observes what the alert is about.
    ///
    /// A machine is not one, whatever it is called.
    private func isScraper(_ entity: EntityID, _ finder: ClueFinder) -> Bool {
        !KindNames.machines.contains(topology.kind(of: entity).name)
            && finder.labels.isScraper(topology.name(of: entity))
    }

    /// Keeps the names that were looked up, for near misses.
    private func note(_ clue: Clue, in match: inout Match) {
        for candidate in clue.candidates where match.attempts.count < 12 {
            let name = candidate.fullName
            if !match.attempts.contains(name) { match.attempts.append(name) }
        }
    }

    /// Whether one failed run of it is all there is to fail.
    private func isScheduled(_ entity: EntityID) -> Bool {
        ["job", "cronjob"].contains(topology.kind(of: entity).name)
    }
}

/// What looking up a name or a clue came to.
enum Lookup {
    case found(EntityID, isInferred: Bool)
    case ambiguous([EntityID])
    case nothing
}

extension AlertMapper {
    /// Looks up what a rule's template names for an alert: as it stands; with the values of labels without scheme and port;
    /// without the domain; and a name without a kind as the built-in rules look up a machine's.
    ///
    /// - Returns: What was found, and the names tried, the first as the template gives it.
    private func resolve(
        _ template: Template,
        _ labels: LabelSet
    ) throws(Template.MissingLabel) -> (lookup: Lookup, names: [String]) {
        let name = try template.expanded(with: labels)
        var names = [name]
        let given = resolve(name: name)
        guard case .nothing = given else { return (given, names) }
        let simpler: [(String) -> String] = [
            HostName.address, { HostName.firstLabel(of: HostName.address(in: $0)) ?? $0 },
        ]
        for (index, simplify) in simpler.enumerated() {
            let other = try template.expanded(with: labels, simplify)
            guard !names.contains(other) else { continue }
            names.append(other)
            switch resolve(name: other) {
            case .found(let entity, let isInferred): return (.found(entity, isInferred: isInferred || index > 0), names)
            case .ambiguous(let entities): return (.ambiguous(entities), names)
            case .nothing: continue
            }
        }
        guard !name.contains("/") || name.contains("://") else { return (.nothing, names) }
        var clue = Clue([])
        clue.add(machine: name, kinds: KindNames.machines + KindNames.services)
        return (resolve(clue), names)
    }

    /// Looks up a full name as a rule or a label gives it: as it stands, by alias, in the only namespace that has it, under
    /// the kind's other names, and for a pod by its owner.
    func resolve(name: String) -> Lookup {
        if let entity = topology.entity(named: name) { return .found(entity, isInferred: false) }
        if case .found(let entity) = directory.find(alias: name) { return .found(entity, isInferred: false) }
        guard let parts = EntityName(name) else { return .nothing }
        let shortName = name.dropFirst(parts.kind.utf8.count + 1)
        let namespace = parts.namespace.map(String.init)
        for kind in KindNames.synonyms(of: String(parts.kind)) {
            switch directory.find(alias: String(shortName), kind: kind) {
            case .found(let entity): return .found(entity, isInferred: false)
            case .ambiguous(let entities): return .ambiguous(entities)
            case .nothing: break
            }
            switch directory.find(kind: kind, namespace: namespace, name: String(parts.name)) {
            case .found(let entity): return .found(entity, isInferred: false)
            case .ambiguous(let entities): return .ambiguous(entities)
            case .nothing: break
            }
        }
        guard parts.kind == "pod" else { return .nothing }
        var clue = Clue([])
        clue.candidates = WorkloadNames.owners(ofPod: String(parts.name), namespace: namespace)
        return resolve(clue)
    }

    /// Whether a rule may call an entity by this name.
    package func knows(_ name: String) -> Bool {
        if case .nothing = resolve(name: name) { return false }
        return true
    }

    /// Whether a rule may call an observer by this name.
    package func knows(witness name: String) -> Bool { witness(named: name, besides: nil) != nil }

    /// Whether an entity may be found under this kind: its own, one that means the same, or for a pod that of its owner.
    package func knows(kind: String) -> Bool {
        kind == "pod" || KindNames.synonyms(of: kind).contains(where: kindNames.contains)
    }

    /// Looks up a clue's names, the best first.
    func resolve(_ clue: Clue) -> Lookup {
        for candidate in clue.candidates {
            let found = directory.find(kind: candidate.kind, namespace: candidate.namespace, name: candidate.name)
            if let lookup = lookup(found, isInferred: candidate.isInferred) { return lookup }
        }
        for alias in clue.aliases {
            if let lookup = lookup(directory.find(alias: alias), isInferred: false) { return lookup }
        }
        for candidate in clue.anyKind {
            let found = directory.findAnyKind(namespace: candidate.namespace, name: candidate.name)
            if let lookup = lookup(found, isInferred: candidate.isInferred) { return lookup }
        }
        return .nothing
    }

    private func lookup(_ result: EntityDirectory.Result, isInferred: Bool) -> Lookup? {
        switch result {
        case .found(let entity): .found(entity, isInferred: isInferred)
        case .ambiguous(let entities): .ambiguous(entities)
        case .nothing: nil
        }
    }

    /// Who a rule or a label calls the observer: a full name, or that of a machine.
    private func witness(named name: String, besides entity: EntityID?) -> EntityID? {
        var found: EntityID?
        if name.contains("/"), case .found(let entity, _) = resolve(name: name) { found = entity }
        if found == nil {
            var clue = Clue([])
            clue.add(KindNames.machines + ["site", "cluster", "monitor"], nil, name)
            clue.aliases = [name]
            clue.addAnyKind(nil, name)
            if case .found(let entity, _) = resolve(clue) { found = entity }
        }
        return found == entity ? nil : found
    }
}
