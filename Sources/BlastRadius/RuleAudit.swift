internal import Alerts
internal import Diagnostics
internal import Topology

/// Finds what is wrong with alert rules, given the topology that they are about.
struct RuleAudit {
    private let rules: [AlertRule]
    private let mapper: AlertMapper
    private let kinds: [String]

    init(_ rules: [AlertRule], _ topology: Topology) {
        self.rules = rules
        mapper = AlertMapper(topology: topology, rules: [])
        kinds = topology.kinds.map(\.name)
    }

    /// Rules that can never match, and names in rules that no entity has.
    ///
    /// A name that is written out and that nothing has is an error; a kind that nothing is of will not match as things are:
    /// a warning, as is a rule of which earlier ones leave nothing.
    ///
    /// - Complexity: O(rules × earlier rules that may be about an alert of their names).
    func findings() -> [Diagnostic] {
        var nearestNames = NearestNames()
        var findings: [Diagnostic] = []
        for rule in rules {
            let parts = [("", rule.entity), ("witness", rule.witness), ("observer", rule.observer)]
            for (key, template) in parts {
                guard let template else { continue }
                findings += finding(about: template, key: key, of: rule, &nearestNames).map { [$0] } ?? []
            }
        }
        return findings + findingsOfClaims(rules.map(\.claim), called: "rule", at: rules.map(\.location))
            + findingsOfRareRules() + findingsOfSharedRules()
    }

    /// Labels that Prometheus gives to all that it scrapes, so that an earlier rule which needs only these takes nearly all.
    private static let given: Set = ["instance", "job"]

    /// The rules as if every alert had the labels that Prometheus gives.
    private var nearClaims: [AlertClaim] {
        rules.map { AlertClaim($0.match, needing: $0.entity.labels.filter { !Self.given.contains($0) }) }
    }

    /// Rules of which earlier ones leave only alerts without a given label: pasted behind a rule that names `{instance}`, one
    /// about the same alerts is in vain.
    private func findingsOfRareRules() -> [Diagnostic] {
        let never = Set(AlertClaim.takers(of: rules.map(\.claim)).map(\.claim))
        return AlertClaim.takers(of: nearClaims).filter { !never.contains($0.claim) }.map { index, takers in
            Diagnostic(
                .warning,
                "rule-rarely-matches",
                "this rule gets only alerts without the label \(missing(takers)): earlier ones take all others",
                at: rules[index].location,
                notes: notes(on: takers),
                fix: "move it before \(takers.count == 1 ? "that one" : "those"), or remove it"
            )
        }
    }

    /// Rules about several alert names, of which earlier ones take all alerts of some.
    private func findingsOfSharedRules() -> [Diagnostic] {
        let whole = AlertClaim.shares(of: rules.map(\.claim))
        return AlertClaim.shares(of: nearClaims).enumerated().compactMap { index, shares in
            let taken = shares.indices.filter { shares[$0].taker != nil }
            guard !taken.isEmpty, taken.count < shares.count, rules[index].match.contradiction == nil else {
                return nil
            }
            let takers = Set(taken.compactMap { shares[$0].taker }).sorted()
            let names = taken.compactMap { shares[$0].name }.joined(separator: ", ")
            let isWhole = taken.allSatisfy { whole[index][$0].taker != nil }
            return Diagnostic(
                .warning,
                "rule-partly-matches",
                isWhole
                    ? "this rule gets no alert called \(names): earlier ones take all of these"
                    : "this rule gets alerts called \(names) only without the label \(missing(takers)): "
                        + "earlier ones take all others",
                at: rules[index].location,
                notes: notes(on: takers),
                fix: "move it before \(takers.count == 1 ? "that one" : "those"), or leave \(names) out"
            )
        }
    }

    /// The given labels without which an alert gets past some rules.
    private func missing(_ takers: [Int]) -> String {
        Set(takers.flatMap { rules[$0].entity.labels }).intersection(Self.given).sorted().joined(separator: " or ")
    }

    private func notes(on takers: [Int]) -> [Diagnostic.Note] {
        takers.map { .init("this rule comes first", at: rules[$0].location) }
    }

    /// A name or kind in a rule that no entity has; the key is empty for the entity, without which the rule cannot match.
    private func finding(
        about template: Template,
        key: String,
        of rule: AlertRule,
        _ nearestNames: inout NearestNames
    ) -> Diagnostic? {
        let topology = mapper.topology
        if let name = template.constant {
            guard key.isEmpty ? !mapper.knows(name) : !mapper.knows(witness: name) else { return nil }
            let nearest = nearestNames.nearest(to: name, among: topology.entities.lazy.map(topology.name))
            return Diagnostic(
                .error,
                "unknown-entity",
                key.isEmpty
                    ? "this rule can never match: there is no entity '\(name)'"
                    : "the \(key) of this rule does not exist: there is no entity '\(name)'",
                at: rule.location,
                fix: nearest.map { "did you mean '\($0)'?" } ?? "declare it under entities:"
            )
        }
        guard let kind = template.literalKind, !mapper.knows(kind: kind) else { return nil }
        return Diagnostic(
            .warning,
            key.isEmpty ? "rule-never-matches" : "unknown-\(key)",
            key.isEmpty
                ? "this rule can never match: there is no entity of kind '\(kind)'"
                : "the \(key) of this rule is never found: there is no entity of kind '\(kind)'",
            at: rule.location,
            fix: nearestNames.nearest(to: kind, among: kinds).map { "did you mean '\($0)'?" }
                ?? "declare an entity of this kind, or remove the \(key.isEmpty ? "rule" : key)"
        )
    }
}

extension KnownIssue {
    /// Known issues that are given twice, or that can never match.
    ///
    /// - Complexity: O(issues × earlier issues that may be about an alert of their names).
    static func findings(_ issues: [KnownIssue]) -> [Diagnostic] {
        var first: [String: KnownIssue] = [:]
        var findings: [Diagnostic] = []
        for issue in issues {
            guard let earlier = first[issue.id] else {
                first[issue.id] = issue
                continue
            }
            findings.append(
                Diagnostic(
                    .warning,
                    "duplicate-known-issue",
                    "known issue '\(issue.id)' is given twice",
                    at: issue.location,
                    notes: [.init("first given here", at: earlier.location)],
                    fix: "give each an id of its own, or let one match what both are about"
                )
            )
        }
        let claims = issues.map { AlertClaim($0.match) }
        return findings + findingsOfClaims(claims, called: "known issue", at: issues.map(\.location))
    }
}

/// Which of the claims to alerts can never be met: for what they ask, or since earlier ones leave nothing for them.
private func findingsOfClaims(
    _ claims: [AlertClaim],
    called name: String,
    at places: [SourceLocation]
) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for (claim, place) in zip(claims, places) {
        guard let (one, other) = claim.match.contradiction else { continue }
        findings.append(
            Diagnostic(
                .warning,
                "rule-never-matches",
                "this \(name) can never match: no alert has both \(one.text) and \(other.text)",
                at: place,
                fix: "remove one of the two, or write one part with both values: label=~\"a|b\""
            )
        )
    }
    for (index, takers) in AlertClaim.takers(of: claims) {
        findings.append(
            Diagnostic(
                .warning,
                "rule-never-matches",
                "this \(name) can never match: earlier ones take all its alerts",
                at: places[index],
                notes: takers.map { .init("this \(name) comes first", at: places[$0]) },
                fix: "move it before \(takers.count == 1 ? "that one" : "those"), or remove it"
            )
        )
    }
    return findings
}
