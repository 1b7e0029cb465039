internal import Alerts
package import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

extension Analysis.Verdict {
    /// What people call it.
    package var words: String { self == .knownIssue ? "known issue" : rawValue }
}

extension Alert {
    /// Its name, or what is the matter with it where it has none.
    var shownName: String { !name.isEmpty ? name : labels.isEmpty ? "(no labels)" : "(no alertname)" }
}

/// The one place where facts of an analysis become sentences, so that every view says the same thing.
struct Wording {
    let analysis: Analysis
    /// The firing alerts that no root cause explains, as rows of the ledger, by what they are about.
    let otherAlerts: [EntityID: [Int]]
    /// What the root causes do to each entity that they affect.
    let effects: [EntityID: Effect]
    /// What else the analysis speaks of: what alerts and observations are about, and the rivals of the root causes.
    private let mentioned: Set<EntityID>
    /// What each root cause affects, as indices into ``Analysis/affected``.
    let affectedBy: [[Int]]
    /// The first observation of each entity that failed, as an index into ``Analysis/observations``.
    let failures: [EntityID: Int]
    /// The root cause under which the text of an action is told, of those that have it; -1 where it is the first of any.
    let tellers: [String: Int]
    /// How much dearer than the chosen one the nearest explanation is in which an entity is a cause, of those that are told.
    let nearestGap: [EntityID: Cost]
    /// The first root cause that an alert is the likely reason of, by the alert's fingerprint.
    let reasonFor: [String: EntityID]
    /// What began together that the explanation does not take together.
    let bursts: [Burst]

    /// - Complexity: O(size of the analysis).
    init(analysis: Analysis) {
        self.analysis = analysis
        let fates: Set<Analysis.Verdict> = [.knownIssue, .chronic, .suppressed, .unexplained]
        var others: [EntityID: [Int]] = [:]
        for (index, row) in analysis.ledger.enumerated()
        where fates.contains(row.verdict) && row.alert.state != .resolved {
            if let entity = row.match.entity { others[entity, default: []].append(index) }
        }
        otherAlerts = others
        let rivals = analysis.rootCauses.flatMap(\.alternatives).flatMap { CollectionOfOne($0.entity) + $0.together }
        mentioned = Set(
            (rivals + analysis.ledger.map(\.match.entity)).compactMap(\.self) + analysis.observations.map(\.entity)
        )
        effects = Dictionary(analysis.affected.map { ($0.entity, $0.effect) }) { first, _ in first }
        var affectedBy = [[Int]](repeating: [], count: analysis.rootCauses.count)
        for (index, affected) in analysis.affected.enumerated() {
            for cause in affected.because { affectedBy[cause].append(index) }
        }
        self.affectedBy = affectedBy
        let failed = analysis.observations.indices.filter { analysis.observations[$0].observation.state != .healthy }
        failures = Dictionary(failed.map { (analysis.observations[$0].entity, $0) }) { first, _ in first }
        let told = analysis.rootCauses.enumerated().flatMap { index, root in root.actions.map { ($0.text, index) } }
        let firsts = analysis.rootCauses.compactMap(\.actions.first).map { ($0.text, -1) }
        tellers = Dictionary(firsts + told) { first, _ in first }
        nearestGap = Dictionary(
            analysis.diagnosis.rivals.lazy.flatMap { rival in rival.roots.lazy.map { ($0, rival.gap) } },
            uniquingKeysWith: min
        )
        reasonFor = Dictionary(
            analysis.rootCauses.flatMap { root in
                root.reasons.map { (analysis.ledger[$0].alert.fingerprint, root.entity) }
            },
            uniquingKeysWith: { first, _ in first }
        )
        bursts = analysis.bursts
    }

    var topology: Topology { analysis.topology }

    func name(_ entity: EntityID) -> String { topology.name(of: entity) }

    /// When the incident began: the first onset of the root causes and of what they explain, whatever noise began before;
    /// without a root cause the first event.
    var beginning: Timestamp? {
        let onsets = analysis.rootCauses.flatMap { root in
            [root.onset] + root.explains.map { analysis.ledger[$0].onset.estimate }
        }
        return onsets.compactMap(\.self).min() ?? analysis.timeline.first?.at
    }

    /// A time of day, with its day where that is not the day that the analysis speaks of.
    func moment(_ time: Timestamp) -> String { time.hourAndMinute(besides: analysis.now ?? time) }

    func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }

    /// "a", "a and b", "a, b and c"; beyond `limit` the rest is counted.
    static func list(_ items: [String], limit: Int = 4) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        if items.count > limit {
            return items.prefix(limit - 1).joined(separator: ", ") + " and \(items.count - limit + 1) more"
        }
        return items.dropLast().joined(separator: ", ") + " and " + (items.last ?? "")
    }

    /// Groups of things, each with its size: "3 pods, 2 services and 9 more"; beyond `limit` the things are counted, not
    /// the groups.
    static func list(_ groups: [(count: Int, text: String)], limit: Int = 4) -> String {
        guard groups.count > limit else { return list(groups.map(\.text), limit: limit) }
        let rest = groups.dropFirst(limit - 1).reduce(0) { $0 + $1.count }
        return groups.prefix(limit - 1).map(\.text).joined(separator: ", ") + " and \(rest) more"
    }

    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A likelihood from 0 to 1 as whole per cent, from 0 to 100.
    static func wholePercent(_ likelihood: Double) -> Int { Int((likelihood * 100).rounded()) }

    /// A likelihood from 0 to 1 in per cent, without the sign: "91", or ">99" and "<1", since nothing here is certain.
    static func percent(_ likelihood: Double) -> String { EntityStatus.percent(wholePercent(likelihood)) }

    /// The likeliest rival of a root cause, where nobody should overlook it: from ten per cent.
    func seriousRival(of root: Analysis.RootCause) -> Diagnosis.Alternative? {
        root.alternatives.first.flatMap { $0.confidence >= 0.1 ? $0 : nil }
    }

    // MARK: Conclusions

    /// The conclusion in one sentence.
    var title: String {
        let roots = analysis.rootCauses.count
        if roots == 0 {
            if analysis.ledger.isEmpty { return "No alerts." }
            let open = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }.count
            if open > 0 { return "No failure in the topology explains these alerts." }
            if analysis.ledger.allSatisfy({ $0.verdict == .resolved }) { return "All alerts have ended." }
            return "Nothing broke that is not known already."
        }
        return "\(whatBroke). \(roots == 1 ? "It explains" : "They explain") \(share)."
    }

    /// How many root causes there are, as the beginning of a sentence: "Three things broke".
    var whatBroke: String {
        let roots = analysis.rootCauses.count
        return roots == 1 ? "One thing broke" : "\(Self.words[roots] ?? String(roots)) things broke"
    }

    /// "18 of 37 alerts": what the root causes explain.
    var share: String {
        let explained = analysis.ledger.count { $0.verdict == .root || $0.verdict == .explained }
        return "\(explained) of \(Self.count(analysis.ledger.count, "alert"))"
    }

    private static let words: [Int: String] = [
        2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine",
    ]

    /// "Not all of context.yaml could be read.": what keeps the analysis from being whole; nil when nothing does.
    var incomplete: String? {
        guard !analysis.unread.isEmpty else { return nil }
        return "Not all of \(Self.list(analysis.unread)) could be read."
    }

    /// The counts on one line.
    ///
    /// "3 root causes explain 18 of 37 alerts · 19 known issues · 0 unexplained · 0 unmatched · proven minimal"
    var headline: String {
        let counts = analysis.counts
        var parts: [String] = []
        let roots = analysis.rootCauses.count
        parts.append(
            roots == 0
                ? "no root cause; \(Self.count(analysis.ledger.count, "alert"))"
                : "\(Self.count(roots, "root cause")) \(roots == 1 ? "explains" : "explain") \(share)"
        )
        parts.append(Self.count(counts[.knownIssue] ?? 0, "known issue"))
        if let chronic = counts[.chronic] { parts.append("\(chronic) chronic") }
        if let suppressed = counts[.suppressed] { parts.append("\(suppressed) suppressed") }
        if let resolved = counts[.resolved] { parts.append("\(resolved) resolved") }
        parts.append("\(counts[.unexplained] ?? 0) unexplained")
        parts.append("\(counts[.unmatched] ?? 0) unmatched")
        parts.append(optimality)
        return parts.joined(separator: " · ")
    }

    var optimality: String {
        let result = analysis.optimality
        if result.isProven { return "proven minimal" }
        let gap = result.cost - result.lowerBound
        return "not proven minimal: another may be up to \(Self.odds(gap)) times as likely"
    }

    /// How many times as likely as another an explanation is that is so much cheaper: "2.5", "40", "over 1,000,000".
    static func odds(_ gap: Cost) -> String {
        let odds = 1 / gap.odds
        if odds < 9.95 { return decimal(odds) }
        if odds >= 999_500 { return "over 1,000,000" }
        let number = Int(odds.rounded())
        return number < 1_000 ? "\(number)" : "\(number / 1_000)," + String(number % 1_000 + 1_000).dropFirst()
    }

    /// What speaks against an explanation that is so much dearer than the chosen one: "as likely", or "40 to 1 against it".
    static func oddsAgainst(_ gap: Cost) -> String {
        gap < Cost(nats: 0.05) ? "as likely" : "\(odds(gap)) to 1 against it"
    }

    /// One decimal place.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// Names as short as they can be told apart from all else that the analysis speaks of: "grafana", and "node/a" where
    /// there is a "host/a".
    ///
    /// - Complexity: O(log entities) each, and what has the same name.
    func shortNames(_ entities: [EntityID]) -> [String] { entities.map(shortName) }

    func shortName(_ entity: EntityID) -> String {
        guard let name = EntityName(name(entity)) else { return name(entity) }
        let namesakes = topology.entities(withLastPart: String(name.name)).filter { other in
            other != entity && (effects[other] != nil || mentioned.contains(other))
        }
        if namesakes.isEmpty { return String(name.name) }
        let kind = topology.kind(of: entity).name
        return namesakes.contains { topology.kind(of: $0).name == kind } ? self.name(entity) : "\(kind)/\(name.name)"
    }

    /// One or two names, or a count of each kind: "3 NixOS deploys".
    func census(_ entities: [EntityID]) -> String {
        entities.count <= 2 ? Self.list(names(entities)) : counts(entities)
    }

    /// How many of each kind, the most numerous first: "12 pods and 3 services".
    func counts(_ entities: [EntityID]) -> String {
        var counts: [String: Int] = [:]
        for entity in entities { counts[topology.kind(of: entity).label, default: 0] += 1 }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Self.list(sorted.map { ($0.value, Self.count($0.value, $0.key, $0.key.plural)) })
    }

    /// The first few names and how many more there are; of very many, a count of each kind.
    func shortList(_ entities: [EntityID], limit: Int = 6) -> String {
        if entities.count > 2 * limit { return counts(entities) }
        let shown = shortNames(Array(entities.prefix(limit))).map { LabelText.cutMiddle($0, to: 48) }
        return shown.joined(separator: ", ") + (entities.count > limit ? ", +\(entities.count - limit)" : "")
    }

    /// The entities that alerts are about, each once, in the order of their names.
    func entities(of rows: [Int]) -> [EntityID] {
        Set(rows.compactMap { analysis.ledger[$0].match.entity }).sorted()
    }
}
