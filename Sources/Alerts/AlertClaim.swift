/// What a rule or a known issue takes of the alerts that come by: the first that claims one has it.
package struct AlertClaim: Sendable {
    package let match: Matcher
    /// The labels without which it lets an alert pass on.
    let labels: [String]

    package init(_ match: Matcher, needing labels: [String] = []) {
        self.match = match
        self.labels = labels
    }

    /// The claims of which earlier ones leave nothing, and those that take it, in order.
    ///
    /// - Complexity: as ``shares(of:)``.
    package static func takers(of claims: [AlertClaim]) -> [(claim: Int, takers: [Int])] {
        zip(claims, shares(of: claims)).enumerated().compactMap { index, entry in
            let (claim, shares) = entry
            let takers = shares.compactMap(\.taker)
            guard !takers.isEmpty, takers.count == shares.count, claim.match.contradiction == nil else { return nil }
            return (index, Set(takers).sorted())
        }
    }

    /// For each claim the alert names that it is about, nil for all, and the first earlier claim that takes all its alerts
    /// of that name.
    ///
    /// Of regular expressions only those that are equal, or stand for a few texts, are compared, so that what is returned is
    /// so for all alerts, and something may be missed.
    ///
    /// - Complexity: O(claims × alert names × earlier claims that may be about an alert of that name).
    package static func shares(of claims: [AlertClaim]) -> [[(name: String?, taker: Int?)]] {
        var ofName: [String: [Int]] = [:]
        var ofAll: [Int] = []
        return claims.enumerated().map { index, claim in
            let names = claim.match.alertNames
            let shares = (names.map { $0.map(Optional.some) } ?? [nil]).map { name in
                // Those that ask for no name may come before or after those that do.
                let earlier = (name.flatMap { ofName[$0] } ?? []) + ofAll
                return (name, earlier.filter { claims[$0].takesAll(of: claim, named: name) }.min())
            }
            if let names {
                for name in Set(names) { ofName[name, default: []].append(index) }
            } else {
                ofAll.append(index)
            }
            return shares
        }
    }

    /// Whether every alert that another claims is claimed by this.
    private func takesAll(of other: AlertClaim, named name: String?) -> Bool {
        match.conditions.allSatisfy { other.implies($0, named: name) }
            && labels.allSatisfy { label in
                other.implies(.init(label: label, comparison: .notEqual, value: ""), named: name)
            }
    }

    /// Whether a condition holds for every alert that is claimed.
    private func implies(_ condition: Matcher.Condition, named name: String?) -> Bool {
        if condition.label == "alertname", let name { return condition.holds(for: name) }
        let own = match.conditions.filter { $0.label == condition.label }
        if own.contains(where: { $0.isSame(as: condition) }) { return true }
        if let values = own.lazy.compactMap(\.allowed).first {
            return values.filter { value in own.allSatisfy { $0.holds(for: value) } }.allSatisfy(condition.holds)
        }
        let isThere = labels.contains(condition.label) || own.contains(where: \.forbidsEmpty)
        return switch condition.comparison {
        case .matches: condition.value == ".*" || isThere && condition.value == ".+"
        case .notEqual: isThere && condition.value.isEmpty
        case .equal, .doesNotMatch: false
        }
    }
}

extension AlertRule {
    /// The alerts that the rule takes.
    package var claim: AlertClaim { AlertClaim(match, needing: entity.labels) }
}

extension Matcher.Condition {
    /// The condition as it is written.
    package var text: String {
        let sign =
            switch comparison {
            case .equal: "="
            case .notEqual: "!="
            case .matches: "=~"
            case .doesNotMatch: "!~"
            }
        return "\(label)\(sign)\"\(value)\""
    }

    /// The few values that a label may have to satisfy it; nil when these are many.
    var allowed: [String]? {
        switch comparison {
        case .equal: [value]
        case .matches(let pattern): pattern.literals
        case .notEqual, .doesNotMatch: nil
        }
    }

    fileprivate var forbidsEmpty: Bool { !holds(for: "") }

    fileprivate func isSame(as other: Self) -> Bool { text == other.text }
}
