internal import Alerts
internal import Diagnostics
internal import Time
internal import Topology
internal import Yams

/// Reads the parts of topology.yaml that speak of alerts: `alerts` and `known_issues`.
struct RuleReader {
    private enum Priority: String, CaseIterable {
        case urgent = "URGENT"
        case high = "HIGH"
        case medium = "MEDIUM"
        case low = "LOW"
    }

    /// The effects that an alert can assert.
    private enum Observed: String, CaseIterable {
        case down
        case degraded
        case starved
    }

    private static let ruleKeys = [
        "match", "entity", "witness", "pending", "observes", "observer", "severity", "action", "priority",
    ]
    private static let issueKeys = [
        "id", "match", "reason", "settles_within", "review_by", "action", "priority",
    ]

    static func readRules(_ node: Node, _ document: inout YAMLDocument) -> [AlertRule] {
        document.items(node, of: "alerts").compactMap { item -> AlertRule? in
            var match: Matcher?
            var entity: Template?
            var isBroken = false
            var fields = Fields()
            for entry in document.entries(item, of: "an alert rule") {
                let what = "\(entry.key) of an alert rule"
                switch entry.key {
                case "match":
                    match = matcher(entry.value, of: what, &document)
                    isBroken = isBroken || match == nil
                case "entity":
                    entity = template(entry.value, of: what, &document)
                    isBroken = isBroken || entity == nil
                default:
                    guard !fields.read(entry, of: what, &document) else { continue }
                    document.reportUnknown(entry, in: "an alert rule", known: ruleKeys)
                }
            }
            guard let match, let entity else {
                if !isBroken {
                    document.report(
                        "incomplete-rule",
                        "an alert rule needs 'match' and 'entity'",
                        at: item,
                        fix: "for example: {match: '{alertname=\"HostDown\"}', entity: 'host/{instance}'}"
                    )
                }
                return nil
            }
            var rule = AlertRule(match: match, entity: entity, location: document.location(item))
            fields.fill(&rule)
            return rule
        }
    }

    /// What a rule may say beyond what it must.
    private struct Fields {
        var witness: Template?
        var observer: Template?
        var action: Template?
        var pending: Span?
        var observes: Observed?
        var severity: String?
        var priority: Priority?

        mutating func read(_ entry: YAMLDocument.Entry, of what: String, _ document: inout YAMLDocument) -> Bool {
            switch entry.key {
            case "witness": witness = RuleReader.template(entry.value, of: what, &document)
            case "observer": observer = RuleReader.template(entry.value, of: what, &document)
            case "action": action = RuleReader.template(entry.value, of: what, &document)
            case "pending": pending = document.duration(entry.value, of: what)
            case "observes": observes = document.word(entry.value, of: what, as: Observed.self)
            case "severity": severity = document.string(entry.value, of: what)
            case "priority": priority = document.word(entry.value, of: what, as: Priority.self)
            default: return false
            }
            return true
        }

        func fill(_ rule: inout AlertRule) {
            rule.witness = witness
            rule.observer = observer
            rule.action = action
            rule.pending = pending
            rule.observes = observes.flatMap { Effect(rawValue: $0.rawValue) } ?? .down
            rule.severity = severity
            rule.actionPriority = priority?.rawValue
        }
    }

    static func readKnownIssues(_ node: Node, _ document: inout YAMLDocument) -> [KnownIssue] {
        document.items(node, of: "known_issues").compactMap { item -> KnownIssue? in
            var id: String?
            var match: Matcher?
            var isBroken = false
            var reason: String?
            var settlesWithin: Span?
            var reviewBy: String?
            var action: Template?
            var priority: Priority?
            for entry in document.entries(item, of: "a known issue") {
                let what = "\(entry.key) of a known issue"
                switch entry.key {
                case "id": id = document.string(entry.value, of: what)
                case "match":
                    match = matcher(entry.value, of: what, &document)
                    isBroken = isBroken || match == nil
                case "reason": reason = document.string(entry.value, of: what)
                case "settles_within": settlesWithin = document.duration(entry.value, of: what)
                case "review_by": reviewBy = day(entry.value, of: what, &document)
                case "action": action = template(entry.value, of: what, &document)
                case "priority": priority = document.word(entry.value, of: what, as: Priority.self)
                default: document.reportUnknown(entry, in: "a known issue", known: issueKeys)
                }
            }
            guard let id, let match else {
                if !isBroken {
                    document.report(
                        "incomplete-known-issue",
                        "a known issue needs 'id' and 'match'",
                        at: item,
                        fix: "for example: {id: BUG-1, match: '{alertname=\"DiskFull\"}', reason: a quota is too low}"
                    )
                }
                return nil
            }
            var issue = KnownIssue(id: id, match: match, reason: reason, location: document.location(item))
            issue.settlesWithin = settlesWithin
            issue.reviewBy = reviewBy
            issue.action = action
            issue.actionPriority = priority?.rawValue
            return issue
        }
    }

    private static func day(_ node: Node, of what: String, _ document: inout YAMLDocument) -> String? {
        guard let text = document.string(node, of: what) else { return nil }
        if KnownIssue.isDay(text) { return text }
        document.report(
            "invalid-time",
            "\(what) must be a day, not '\(text.prefix(40))'",
            at: node,
            fix: "write it as 2026-12-31"
        )
        return nil
    }

    private static func matcher(_ node: Node, of what: String, _ document: inout YAMLDocument) -> Matcher? {
        guard let text = document.string(node, of: what) else { return nil }
        do throws(Diagnostic) {
            return try Matcher(text, at: document.textLocation(node))
        } catch {
            document.diagnostics.append(error)
            return nil
        }
    }

    private static func template(_ node: Node, of what: String, _ document: inout YAMLDocument) -> Template? {
        guard let text = document.string(node, of: what) else { return nil }
        do throws(Diagnostic) {
            return try Template(text, at: document.textLocation(node))
        } catch {
            document.diagnostics.append(error)
            return nil
        }
    }
}

extension YAMLDocument {
    /// Where the first character of a scalar's text is: behind the quote of a quoted one.
    fileprivate func textLocation(_ node: Node) -> SourceLocation {
        var place = location(node)
        if case .scalar(let scalar) = node, scalar.style == .singleQuoted || scalar.style == .doubleQuoted,
            let column = place.column
        {
            place.column = column + 1
        }
        return place
    }
}
