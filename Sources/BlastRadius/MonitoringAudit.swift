package import Alerts
public import Diagnostics
internal import Simulation
public import Topology

/// How well what is monitored and what there is fit together.
public struct MonitoringAudit: Sendable {
    /// How much of a kind some alert rule is about.
    public struct KindCoverage: Sendable {
        /// Its name.
        public var kind: String
        /// Whether such things usually have alerts of their own.
        public var isUsuallyWatched: Bool
        /// How many there are.
        public var count: Int
        /// Those that no rule is about, in order.
        public var uncovered: [EntityID]
    }

    /// A rule of Prometheus whose alerts lead to no entity.
    public struct OpenRule: Sendable {
        /// What its alerts are called.
        public var alertname: String
        /// How many alerts it has raised that led nowhere, as far as is known.
        public var unmatchedAlerts: Int
        /// Where it was read.
        public var location: SourceLocation
        /// What to paste into topology.yaml so that the first of them has an entity.
        package var suggestion: MappingSuggestion?
    }

    /// A rule of the topology about alerts that Prometheus has no rule for.
    public struct IdleRule: Sendable {
        /// What the alerts would be called.
        public var alertname: String
        /// Where the rule is written.
        public var location: SourceLocation
        /// The rule of Prometheus that may be meant.
        public var nearest: String?
    }

    /// The kinds, those with most uncovered entities first.
    public var kinds: [KindCoverage] = []
    /// By name.
    public var openRules: [OpenRule] = []
    /// In the order of the topology.
    public var idleRules: [IdleRule] = []
    /// Where rules of the topology are that name whatever a label holds, while no alert of them tells of which kind that is.
    public var rulesOfAnyKind: [SourceLocation] = []
    /// How many alert rules Prometheus has, by name.
    public var ruleCount = 0
}

extension Platform {
    /// Compares the topology with the alert rules of Prometheus and with what has fired.
    ///
    /// A rule is about an entity if the topology's own alert rules say so, if an alert of it was, if its fixed labels name
    /// it, or if the labels that its annotations fill in name the entity's kind. A rule of the topology that names whatever a
    /// label holds is about the kinds of which an alert of it is known. Without any rule of Prometheus the topology's own
    /// count.
    ///
    /// - Complexity: O(entities × rules about each + rules × alerts of each).
    public func audit(_ monitoring: Monitoring) -> MonitoringAudit { Auditor(self, monitoring).audit() }
}

private struct Auditor {
    private let platform: Platform
    private let inventory: AlertInventory
    private let mapper: AlertMapper
    private let rules: [String: [RuleCatalog.Rule]]
    /// What has fired or fires, by name.
    private let alerts: [String: [Alert]]

    init(_ platform: Platform, _ monitoring: Monitoring) {
        self.platform = platform
        inventory = AlertInventory(platform, monitoring)
        mapper = AlertMapper(topology: platform.topology, rules: platform.rules)
        rules = Dictionary(grouping: monitoring.rules.rules, by: \.name)
        let labels = monitoring.rules.activations.map(\.labels) + monitoring.history.episodes.map(\.labels)
        alerts = Dictionary(
            grouping: Set(labels).map { Alert(labels: $0, location: SourceLocation(file: "")) },
            by: \.name
        )
    }

    func audit() -> MonitoringAudit {
        var audit = MonitoringAudit()
        var covered: Set<String> = []
        for name in rules.keys.sorted() {
            guard let rule = rules[name]?.first, !Alert(labels: ["alertname": name], location: rule.location).isMeta
            else { continue }
            audit.ruleCount += 1
            let kinds = Set((rules[name] ?? []).compactMap(mapper.kind))
            covered.formUnion(kinds)
            if let open = openRule(rule, kinds) { audit.openRules.append(open) }
        }
        audit.kinds = coverage(covered)
        audit.rulesOfAnyKind = inventory.unseenRulesForAll.map { platform.rules[$0].location }
        audit.idleRules = rules.isEmpty ? [] : idleRules()
        return audit
    }

    /// The rule, if its alerts lead to no entity.
    private func openRule(_ rule: RuleCatalog.Rule, _ kinds: Set<String>) -> MonitoringAudit.OpenRule? {
        let known = alerts[rule.name] ?? []
        let unmatched = known.filter { alert in
            mapper.match(alert).entity == nil && !platform.knownIssues.contains { $0.match.matches(alert.labels) }
        }
        let fixed = rule.labels.filter { !$0.value.utf8.contains(UInt8(ascii: "{")) }
        let typical = Alert(labels: LabelSet(fixed + [.init("alertname", rule.name)]), location: rule.location)
        if known.isEmpty {
            let isKnown =
                !kinds.isEmpty || mapper.match(typical).entity != nil || isForeseen(rule.name)
                || platform.knownIssues.contains { $0.match.matches(typical.labels) }
            if isKnown { return nil }
        } else if unmatched.isEmpty {
            return nil
        }
        let examples = known.isEmpty ? [typical] : known.sorted { $0.fingerprint < $1.fingerprint }
        let suggestions = mapper.suggestions(for: examples.map { ($0, mapper.match($0)) })
        return MonitoringAudit.OpenRule(
            alertname: rule.name,
            unmatchedAlerts: unmatched.count,
            location: rule.location,
            suggestion: zip(examples, suggestions).first { alert, suggestion in
                suggestion != nil && !platform.knownIssues.contains { $0.match.matches(alert.labels) }
            }?.1
        )
    }

    /// Whether a rule of the topology is about alerts of this name.
    private func isForeseen(_ name: String) -> Bool {
        inventory.names.contains { names in names.contains { !$0.isPattern && $0.name == name } }
    }

    private func coverage(_ coveredKinds: Set<String>) -> [MonitoringAudit.KindCoverage] {
        let topology = platform.topology
        var members: [String: [EntityID]] = [:]
        for entity in topology.entities { members[topology.kind(of: entity).name, default: []].append(entity) }
        return topology.kinds.compactMap { kind -> MonitoringAudit.KindCoverage? in
            guard let entities = members[kind.name] else { return nil }
            let uncovered = coveredKinds.contains(kind.name) ? [] : entities.filter { !isCovered($0) }
            return MonitoringAudit.KindCoverage(
                kind: kind.name,
                isUsuallyWatched: kind.isUsuallyWatched,
                count: entities.count,
                uncovered: uncovered
            )
        }
        .sorted { ($1.uncovered.count, $0.kind) < ($0.uncovered.count, $1.kind) }
    }

    private func isCovered(_ entity: EntityID) -> Bool {
        inventory.alerts(about: [entity], onlySeenKinds: true).contains {
            rules.isEmpty || $0.isPattern || rules[$0.alertname] != nil
        }
    }

    private func idleRules() -> [MonitoringAudit.IdleRule] {
        zip(platform.rules, inventory.names).flatMap { rule, names in
            names.filter { !$0.isPattern && rules[$0.name] == nil }.map { name, _ in
                MonitoringAudit.IdleRule(
                    alertname: name,
                    location: rule.location,
                    nearest: nearestName(to: name, among: rules.keys.sorted())
                )
            }
        }
    }
}
