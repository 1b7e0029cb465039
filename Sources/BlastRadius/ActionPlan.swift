internal import Alerts
internal import Topology

/// What to do, from the rules that matched, the rules that would match, and the known issues.
struct ActionPlan {
    let platform: Platform
    let rows: [Analysis.LedgerRow]

    private var topology: Topology { platform.topology }

    /// The actions for one root cause: those of the rules of the alerts that it alone explains, else those of rules that
    /// speak of such an entity, else to look at it.
    func actions(
        for entity: EntityID,
        _ index: Int,
        _ explains: [Int],
        _ severity: Analysis.Severity
    ) -> [Analysis.Action] {
        var found: [Analysis.Action] = []
        func add(_ text: String, _ priority: Analysis.Action.Priority?) {
            let action = Analysis.Action(priority: priority ?? severity.priority, text: text)
            if !found.contains(action) { found.append(action) }
        }
        for row in explains.map({ rows[$0] }) where row.because == [index] {
            guard let text = row.match.action else { continue }
            add(text, row.match.actionPriority.flatMap(Analysis.Action.Priority.init(rawValue:)))
        }
        if found.isEmpty {
            for rule in platform.rules {
                guard let text = rule.action(forEntity: topology.name(of: entity)) else { continue }
                add(text, rule.actionPriority.flatMap(Analysis.Action.Priority.init(rawValue:)))
            }
        }
        if found.isEmpty {
            let label = topology.kind(of: entity).label
            add("look at \(label) \(topology.shortName(of: entity))", nil)
        }
        return found.enumerated()
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }

    func knownIssueActions() -> [Analysis.Action] {
        rows.compactMap { row in
            guard let issue = row.knownIssue, let text = issue.action else { return nil }
            let priority = issue.actionPriority.flatMap(Analysis.Action.Priority.init(rawValue:))
            return Analysis.Action(priority: priority ?? .medium, text: text)
        }
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
