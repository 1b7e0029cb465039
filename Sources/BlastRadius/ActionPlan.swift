internal import Alerts
internal import Topology

/// What to do, from the rules that matched, the rules that would match, and the known issues.
struct ActionPlan {
    let platform: Platform
    let rows: [Analysis.LedgerRow]

    private var topology: Topology { platform.topology }

    /// The actions for one root cause: about itself, then about what it affects, each most urgent first.
    ///
    /// The first come from the rules of its own alerts, and of those that may be its reason; where those say nothing, from the rules about it, and then from
    /// those of its effects that name it; and where none says anything, somebody has to look at it, as soon as anything is to be done about its effects. The others
    /// come from the rules of the alerts that it alone explains, or of those that it shares with others when there are
    /// none, and from the rules about what people observed. None is more urgent than the most urgent of
    /// the first.
    func actions(
        for entity: EntityID,
        _ index: Int,
        explains: [Int],
        reasons: [Int],
        observed: [EntityID],
        _ severity: Analysis.Severity
    ) -> [Analysis.Action] {
        let aboutRoot = explains.filter { rows[$0].match.entity == entity }
        let alone = explains.filter { rows[$0].because == [index] && rows[$0].match.entity != entity }
        var effects = byAlerts(alone, severity)
        if effects.isEmpty { effects = byAlerts(explains.filter { rows[$0].match.entity != entity }, severity) }
        effects += byRules(about: observed.filter { $0 != entity }, severity)
        var own = byAlerts(aboutRoot, severity)
        if own.isEmpty {
            let isObserved = observed.contains(entity)
            own = byRules(about: [entity], severity).map { action in
                Analysis.Action(
                    priority: action.priority,
                    text: action.text,
                    reason: isObserved ? action.reason : .rule
                )
            }
        }
        own = byAlerts(reasons, severity) + own
        if own.isEmpty { own = effects.filter { names(entity, in: $0.text) } }
        if own.isEmpty {
            let text = "look at \(topology.kind(of: entity).label) \(topology.shortName(of: entity))"
            let soonest = effects.map(\.priority).min() ?? severity.priority
            own = [Analysis.Action(priority: min(severity.priority, soonest), text: text, reason: .nothingSaid)]
        }
        let soonest = own.map(\.priority).min() ?? severity.priority
        effects = effects.map { action in
            var action = action
            action.priority = max(action.priority, soonest)
            action.effectOf = entity
            return action
        }
        var told: Set<String> = []
        return (byUrgency(own) + byUrgency(effects)).filter { told.insert($0.text).inserted }.map { action in
            var action = action
            var alerts = aboutRoot
            if case .alerts(let rows) = action.reason { alerts += rows }
            action.suppressions = suppressions(of: alerts)
            return action
        }
    }

    /// Whether a text has the entity's own name as one of its words.
    private func names(_ entity: EntityID, in text: String) -> Bool {
        let words = text.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return topology.shortName(of: entity).split(separator: "/").last.map(words.contains) ?? false
    }

    private func byUrgency(_ actions: [Analysis.Action]) -> [Analysis.Action] {
        actions.enumerated()
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }

    /// What silenced or inhibited some alerts, each once.
    private func suppressions(of alerts: [Int]) -> [String] {
        alerts.compactMap { rows[$0].suppression }.reduce(into: []) { texts, text in
            if !texts.contains(text) { texts.append(text) }
        }
    }

    /// Each text once, with all the alerts whose rules say it.
    private func byAlerts(_ explained: [Int], _ severity: Analysis.Severity) -> [Analysis.Action] {
        var texts: [String] = []
        var alerts: [String: [Int]] = [:]
        for row in explained {
            guard let text = rows[row].match.action else { continue }
            if alerts[text] == nil { texts.append(text) }
            alerts[text, default: []].append(row)
        }
        return texts.map { text in
            let rows = alerts[text] ?? []
            let priority = rows.compactMap { Analysis.Action.Priority(rule: self.rows[$0].match.actionPriority) }.min()
            return Analysis.Action(priority: priority ?? severity.priority, text: text, reason: .alerts(rows))
        }
    }

    /// Each rule once, worded for the first entity that it could be about.
    private func byRules(about entities: [EntityID], _ severity: Analysis.Severity) -> [Analysis.Action] {
        platform.rules.compactMap { rule in
            var text: String?
            let spoken = entities.filter { entity in
                guard let action = rule.action(forEntity: topology.name(of: entity)) else { return false }
                text = text ?? action
                return true
            }
            guard let text else { return nil }
            return Analysis.Action(
                priority: Analysis.Action.Priority(rule: rule.actionPriority) ?? severity.priority,
                text: text,
                reason: .observed(spoken)
            )
        }
    }

    func knownIssueActions() -> [Analysis.Action] {
        rows.compactMap { row in
            guard let issue = row.knownIssue, let text = issue.action else { return nil }
            return Analysis.Action(
                priority: Analysis.Action.Priority(rule: issue.actionPriority) ?? .medium,
                text: text,
                reason: .knownIssue(issue.id)
            )
        }
    }
}

extension Analysis.Action.Priority {
    /// As a rule or a known issue writes it.
    fileprivate init?(rule text: String?) {
        guard let text else { return nil }
        self.init(rawValue: text)
    }
}

extension Analysis.Severity {
    /// How urgent it is to act on a root cause of this severity, where no rule says it.
    fileprivate var priority: Analysis.Action.Priority {
        switch self {
        case .critical: .urgent
        case .high: .high
        case .medium: .medium
        case .low: .low
        }
    }
}
