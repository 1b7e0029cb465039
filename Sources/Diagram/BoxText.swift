import Topology

/// The words of a box that stands for one entity or several alike.
struct BoxText {
    let topology: Topology
    let members: [EntityID]
    let statuses: [EntityStatus]
    let style: Diagram.BoxStyle
    /// Where the members are, when the box does not stand there: `in 3 sites`.
    let spread: String?

    /// How wide lines are: those of what broke are short and many, those of its effects long and few.
    static let columns = 42
    static let effectColumns = 58
    static let nameColumns = 32

    private var first: EntityStatus? { statuses.first }

    var caption: String {
        let kind = topology.kind(of: members[0]).label
        var parts: [String] = []
        let label = LabelText.cut(kind, to: 28).uppercased()
        parts.append(members.count == 1 ? label : "\(members.count) \(LabelText.cut(kind.plural, to: 28).uppercased())")
        let namespaces = Set(members.map { namespace(of: $0) })
        if namespaces.count == 1, let namespace = namespaces.first, let namespace {
            parts.append(LabelText.cutMiddle(namespace, to: 24))
        }
        let own = shared(\.words).flatMap { $0 }.map { LabelText.cut($0, to: 40) }
        if let words = own ?? style.words(rank: first?.role.rank) { parts.append(words) }
        if style == .root || style == .unexplained, let severity = shared(\.severity), let severity, !severity.isEmpty {
            parts.append(LabelText.cut(severity, to: 16).uppercased())
        }
        if statuses.allSatisfy(\.isSilent) { parts.append("SILENT") }
        return parts.joined(separator: " · ")
    }

    /// The names in bold, and how many more there are.
    var names: (lines: [String], more: String?) {
        if members.count == 1 { return ([bareName(of: members[0])], nil) }
        var shown: [String] = []
        var width = 0
        let counts = Dictionary(members.map { (bareName(of: $0), 1) }, uniquingKeysWith: +)
        for member in members.prefix(6) {
            let bare = bareName(of: member)
            let name = counts[bare] == 1 ? bare : longName(of: member)
            let limit = members.count <= 3 ? Self.nameColumns * 3 : Self.nameColumns - 6
            if !shown.isEmpty, width + name.columns + 2 > limit { break }
            shown.append(name)
            width += name.columns + 2
        }
        let more = rest(after: shown.count)
        // A name from right to left would take the others of its line with it.
        if shown.contains(where: \.isRightToLeft) { return (Array(shown.prefix(3)), rest(after: min(shown.count, 3))) }
        let texts = shown.enumerated().map {
            $0.offset < shown.count - 1 || more != nil ? "\($0.element)," : $0.element
        }
        return (LabelText.join(texts, " ", columns: Self.nameColumns, lines: 3), more)
    }

    private func rest(after shown: Int) -> String? { members.count > shown ? "+\(members.count - shown) more" : nil }

    var lines: [String] {
        let facts = sharedFacts.map { LabelText.cut($0) }
        var alerts: [String] = []
        let count = statuses.reduce(0) { $0 + $1.alertCount }
        let own = style == .root ? " of its own" : ""
        if count > 0 { alerts.append((count == 1 ? "1 alert" : "\(count) alerts") + own) }
        let spread = [spread].compactMap { $0 }
        switch style {
        case .root, .rival:
            let opening = [stateAndTime, confidence].compactMap { $0 }
            var lines = opening.isEmpty ? [] : [opening.joined(separator: " · ")]
            lines += joined(facts.prefix(4) + alerts + spread, Self.columns, lines: 4)
            return lines
        default:
            let opening = [change, time].compactMap { $0 }
            return joined(opening + alerts + spread + facts.prefix(3), Self.effectColumns, lines: 3)
        }
    }

    private func joined(_ items: [String], _ columns: Int, lines limit: Int) -> [String] {
        LabelText.join(items, " · ", columns: columns, lines: limit)
            .flatMap { LabelText.wrap($0, columns: columns, lines: 2) }
    }

    var tooltip: [String] {
        var lines: [String] = []
        for member in members.prefix(12) {
            let label = topology.details(of: member).label.map { " (\(LabelText.cut($0, to: 60)))" } ?? ""
            lines.append(LabelText.cutMiddle(topology.name(of: member), to: 120) + label)
        }
        if members.count > 12 { lines.append("+\(members.count - 12) more") }
        var (texts, seen): (Set<String>, Set<String>) = ([], [""])
        for text in statuses.lazy.flatMap({ $0.facts + $0.evidence }) where texts.insert(text).inserted {
            guard seen.count <= 16 else { break }
            let line = LabelText.cut(text)
            if seen.insert(line).inserted { lines.append(line) }
        }
        return lines
    }

    /// The first usable address of each kind.
    var links: [Diagram.Link] {
        EvidenceLink.Kind.allCases.compactMap { kind in
            let addresses = statuses.lazy.flatMap(\.links).filter { $0.kind == kind }.map(\.address)
            return addresses.lazy.compactMap(SafeLink.init).first.map { Diagram.Link(kind: kind, target: $0) }
        }
    }

    // MARK: Parts

    private var stateAndTime: String? {
        let state = shared(\.state).flatMap { $0 }.map { LabelText.cut($0, to: 40) }
        let words = [change ?? state, time.map { "\(isSinceLatest ? "by" : "since") \($0)" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private var isSinceLatest: Bool { statuses.contains(where: \.isSinceLatest) }

    private var change: String? {
        guard let before = shared(\.stateBefore).flatMap({ $0 }) else { return nil }
        let after = shared(\.state).flatMap { $0 } ?? style.stateWord
        return "\(LabelText.cut(before, to: 30)) → \(LabelText.cut(after, to: 30))"
    }

    private var time: String? {
        let times = statuses.compactMap(\.since).map { LabelText.cut($0, to: 30) }
        guard let earliest = times.min(), let latest = times.max() else { return nil }
        return earliest == latest ? earliest : "\(earliest) – \(latest)"
    }

    private var confidence: String? {
        guard let confidence = shared(\.confidence), let confidence else { return nil }
        return "\(EntityStatus.percent(confidence)) % likely"
    }

    private var sharedFacts: [String] {
        guard let first else { return [] }
        let others = statuses.dropFirst().map { Set($0.facts) }
        return first.facts.filter { fact in !fact.isEmpty && others.allSatisfy { $0.contains(fact) } }
    }

    /// What all members have in common, or nil.
    private func shared<Value: Hashable>(_ property: (EntityStatus) -> Value) -> Value? {
        guard let value = first.map(property) else { return nil }
        return statuses.allSatisfy { property($0) == value } ? value : nil
    }

    private func namespace(of entity: EntityID) -> String? {
        guard let name = EntityName(topology.name(of: entity)), let namespace = name.namespace else { return nil }
        return String(namespace)
    }

    /// The name with its namespace, for members of several namespaces that have the same.
    private func longName(of entity: EntityID) -> String {
        LabelText.cutMiddle(
            [namespace(of: entity), bareName(of: entity)].compactMap(\.self).joined(separator: "/"),
            to: Self.nameColumns - 1
        )
    }

    private func bareName(of entity: EntityID) -> String {
        let full = topology.name(of: entity)
        let name = EntityName(full).map { String($0.name) } ?? full
        // A comma may follow.
        let shown = LabelText.cutMiddle(name, to: Self.nameColumns - (members.count > 1 ? 1 : 0))
        return shown.isEmpty ? "(no visible name)" : shown
    }
}

extension EntityStatus.Role {
    /// The number of the root cause that it is, or rivals.
    package var rank: Int? {
        switch self {
        case .root(let rank), .rival(let rank): rank
        default: nil
        }
    }

    /// What is cut last: 0 is never cut.
    package var importance: Int { self == .unknown ? 6 : style.importance }

    /// How it is drawn.
    package var style: Diagram.BoxStyle {
        switch self {
        case .root: .root
        case .rival: .rival
        case .affected(.down): .down
        case .affected(.degraded): .degraded
        case .expected: .expected
        case .reduced: .reduced
        case .witness: .witness
        case .blindSpot, .unknown: .blindSpot
        case .unexplained: .unexplained
        case .context: .context
        }
    }
}

extension Diagram.BoxStyle {
    fileprivate var stateWord: String {
        switch self {
        case .root, .down: "down"
        case .degraded: "degraded"
        case .reduced: "redundancy lost"
        default: "unchanged"
        }
    }

    /// What is cut last: 0 is never cut.
    package var importance: Int {
        switch self {
        case .root, .rival: 0
        case .unexplained: 1
        case .down: 2
        case .degraded, .expected, .blindSpot: 3
        case .reduced: 4
        case .witness: 5
        case .context: 7
        }
    }
}

extension String {
    /// The plural of an English noun phrase: `pod`, `DNS server`, `API gateway`, `replica set`, `proxy`.
    package var plural: String {
        let lowered = lowercased()
        if ["s", "x", "ch", "sh"].contains(where: lowered.hasSuffix) { return self + "es" }
        let beforeY = lowered.dropLast().last
        if lowered.hasSuffix("y"), let beforeY, !"aeiou".contains(beforeY) { return dropLast() + "ies" }
        return self + "s"
    }
}
