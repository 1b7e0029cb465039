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
    private let otherAlerts: [EntityID: [Int]]

    /// - Complexity: O(alerts).
    init(analysis: Analysis) {
        self.analysis = analysis
        let fates: Set<Analysis.Verdict> = [.knownIssue, .chronic, .suppressed, .unexplained]
        var others: [EntityID: [Int]] = [:]
        for (index, row) in analysis.ledger.enumerated()
        where fates.contains(row.verdict) && row.alert.state != .resolved {
            if let entity = row.match.entity { others[entity, default: []].append(index) }
        }
        otherAlerts = others
    }

    private var topology: Topology { analysis.topology }

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
        return "not proven minimal: at most \(Self.decimal(gap.nats)) nats from it"
    }

    /// One decimal place.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    // MARK: Root causes

    func state(_ effect: Effect) -> String {
        switch effect {
        case .down: "down"
        case .degraded: "degraded"
        case .reduced: "redundancy lost"
        case .starved: "starved"
        }
    }

    /// "down since 19:22Z (CiliumCanaryProbeFailing fired 19:26Z after 4m)", or "down by 19:30Z (first effect: …)" where
    /// only its effects tell, so that it is the latest possible time.
    func since(_ root: Analysis.RootCause) -> String {
        guard let onset = root.onset else { return "\(state(root.effect)), onset unknown" }
        let source = onsetSource(root).map { " (\($0))" } ?? ""
        return "\(state(root.effect)) \(isOnsetInferred(root) ? "by" : "since") \(moment(onset))\(source)"
    }

    /// "down since 19:22Z", or "down by 19:30Z" where only its effects tell; without an onset, what it is.
    func shortSince(_ root: Analysis.RootCause) -> String {
        guard let onset = root.onset else { return state(root.effect) }
        return "\(state(root.effect)) \(isOnsetInferred(root) ? "by" : "since") \(moment(onset))"
    }

    /// Whether its onset is not seen on itself but is that of its first effect.
    func isOnsetInferred(_ root: Analysis.RootCause) -> Bool {
        if let dating = root.datedBy { return analysis.ledger[dating].match.entity != root.entity }
        return root.onset != nil && !root.observations.contains { analysis.observations[$0].entity == root.entity }
    }

    /// Where the onset is known from: "CiliumCanaryProbeFailing fired 19:26Z after 4m".
    func onsetSource(_ root: Analysis.RootCause) -> String? {
        guard let dating = root.datedBy else { return root.onsetSource == nil ? nil : "as observed" }
        let row = analysis.ledger[dating]
        guard let fired = row.alert.startsAt else { return "\(row.alert.shownName) became active" }
        let after = row.onset.estimate.map { fired - $0 } ?? .zero
        let isInferred = isOnsetInferred(root)
        let effect = isInferred ? "first effect: \(row.alert.shownName)" : row.alert.shownName
        if after > .zero { return "\(effect) fired \(moment(fired)) after \(after.short)" }
        return isInferred ? effect : "\(effect) fired then"
    }

    /// What a root cause does to others in one way, nearest first: what alerts or people say is affected, and what
    /// follows without a sign of that.
    struct Consequence {
        var effect: Effect
        var seen: [EntityID] = []
        /// What has no alert at all.
        var expected: [EntityID] = []
        /// What has alerts, but none that a root cause explains.
        var unclear: [EntityID] = []

        /// What the root cause does, in a word or two before the names.
        var label: String {
            switch effect {
            case .down: "takes down"
            case .degraded: "degrades"
            case .reduced: "no spare"
            case .starved: "starves"
            }
        }

        /// What the root cause does to these, as a sentence.
        func sentence(_ names: RichText) -> RichText {
            effect == .reduced ? "It leaves \(names) without redundancy." : "It \(label) \(names)."
        }

        /// What is to be expected of those without a sign.
        var expectation: String {
            switch effect {
            case .down: "expected to be down too"
            case .degraded: "expected to be degraded"
            case .reduced: "expected to have lost redundancy"
            case .starved: "expected to have nothing to do"
            }
        }
    }

    /// What a root cause does to others, the worst first.
    func consequences(_ index: Int) -> [Consequence] {
        let affected = analysis.affected
            .filter { $0.because.contains(index) && $0.entity != analysis.rootCauses[index].entity }
            .sorted { nearness($0) < nearness($1) }
        return [Effect.down, .degraded, .reduced, .starved].compactMap { effect in
            let alike = affected.filter { $0.effect == effect }
            guard !alike.isEmpty else { return nil }
            return Consequence(
                effect: effect,
                seen: alike.filter(isSeen).map(\.entity),
                expected: alike.filter { !isSeen($0) && otherAlerts[$0.entity] == nil }.map(\.entity),
                unclear: alike.filter(isUnclear).map(\.entity)
            )
        }
    }

    /// Whether it has alerts, but none that a root cause explains, and nobody observed it to fail.
    func isUnclear(_ affected: Analysis.Affected) -> Bool {
        !isSeen(affected) && otherAlerts[affected.entity] != nil
    }

    /// The actions for a root cause that reports tell under it: its first, and those that stand under no other already.
    func actions(_ index: Int) -> [Analysis.Action] {
        let firsts = Set(analysis.rootCauses.compactMap(\.actions.first?.text))
        let earlier = Set(analysis.rootCauses[..<index].flatMap(\.actions).map(\.text))
        let own = analysis.rootCauses[index].actions
        return own.prefix(1) + own.dropFirst().filter { !firsts.contains($0.text) && !earlier.contains($0.text) }
    }

    // MARK: Alerts beside the explanation

    /// What became of the firing alerts about something that no root cause explains: "1 alert, not explained"; nil
    /// where there are none.
    func otherAlerts(about entity: EntityID) -> String? {
        guard let rows = otherAlerts[entity] else { return nil }
        let fates = Dictionary(grouping: rows) { fate(analysis.ledger[$0]) }.sorted { $0.key < $1.key }
        return fates.map { "\(Self.count($0.value.count, "alert")), \($0.key)" }.joined(separator: "; ")
    }

    /// Things with such alerts and what became of those; of many, a count of each kind.
    func withOtherAlerts(_ entities: [EntityID]) -> RichText {
        if entities.count > 8 { return "\(counts(entities)), with alerts that it does not explain" }
        let items = entities.map { entity -> RichText in
            "\(code: name(entity))\(otherAlerts(about: entity).map { " (\($0))" } ?? "")"
        }
        return items.listed(limit: 8)
    }

    /// The firing alerts about a root cause and about its likely rivals that no root cause explains: "DiskFilling on
    /// host/a since 14 Aug 10:00Z, set aside as chronic".
    func alsoFiring(_ root: Analysis.RootCause) -> [RichText] {
        let rivals = root.alternatives.prefix(3).filter { $0.confidence >= 0.02 }.compactMap(\.entity)
        return ([root.entity] + rivals).flatMap { entity -> [RichText] in
            let groups = Dictionary(grouping: otherAlerts[entity] ?? []) { row in
                "\(analysis.ledger[row].alert.shownName)\u{0}\(fate(analysis.ledger[row]))"
            }
            return groups.sorted { $0.key < $1.key }.map { _, rows in
                let since = rows.compactMap { analysis.ledger[$0].onset.estimate }.min().map { " since \(moment($0))" }
                let rival = entity == root.entity ? "" : ", its rival,"
                let became = rows.first.map { fate(analysis.ledger[$0]) } ?? ""
                return "\(alerts(rows)) on \(code: name(entity))\(rival)\(since ?? ""), \(became)"
            }
        }
    }

    /// What became of an alert that no root cause explains, in a few words.
    private func fate(_ row: Analysis.LedgerRow) -> String {
        switch row.verdict {
        case .knownIssue where row.alert.isMeta: "set aside since it fires by design"
        case .knownIssue: "set aside as \(row.knownIssue?.id ?? "known")"
        case .chronic: "set aside as chronic"
        case .suppressed: "set aside as suppressed"
        default: "not explained"
        }
    }

    /// By distance, then by how much it matters, then by alerts.
    private func nearness(_ affected: Analysis.Affected) -> (Int, Int, Int, EntityID) {
        (affected.via.count, -topology.criticality(of: affected.entity).rank, -affected.alerts.count, affected.entity)
    }

    /// Whether an alert or an observation says that it is affected.
    func isSeen(_ affected: Analysis.Affected) -> Bool {
        !affected.alerts.isEmpty || failure(of: affected.entity) != nil
    }

    /// What people observed of an entity that failed.
    func failure(of entity: EntityID) -> IncidentContext.Observation? {
        analysis.observations.first { $0.entity == entity && $0.observation.state != .healthy }?.observation
    }

    /// Names as short as they can be told apart: "grafana", and "node/a" beside "host/a".
    func shortNames(_ entities: [EntityID], beside others: [EntityID] = []) -> [String] {
        func bare(_ entity: EntityID) -> String {
            EntityName(name(entity)).map { String($0.name) } ?? name(entity)
        }
        func kinded(_ entity: EntityID) -> String { "\(topology.kind(of: entity).name)/\(bare(entity))" }
        var counts: [String: Int] = [:]
        for entity in entities + others {
            counts[bare(entity), default: 0] += 1
            counts[kinded(entity), default: 0] += 1
        }
        return entities.map { entity in
            [bare(entity), kinded(entity)].first { counts[$0] == 1 } ?? name(entity)
        }
    }

    func evidence(_ root: Analysis.RootCause) -> String {
        var parts: [String] = []
        if !root.witnesses.isEmpty {
            parts.append("seen failing from \(Self.list(sites(of: root.witnesses), limit: 6))")
        }
        var explains: [String] = []
        if !root.explains.isEmpty { explains.append(Self.count(root.explains.count, "alert")) }
        if !root.observations.isEmpty { explains.append(Self.count(root.observations.count, "observation")) }
        if !explains.isEmpty { parts.append("explains \(explains.joined(separator: " and "))") }
        return parts.joined(separator: "; ")
    }

    /// The sites that witnesses stand in, or the witnesses themselves where no site is known.
    func sites(of witnesses: [EntityID]) -> [String] {
        let sites = Set(witnesses.compactMap { topology.site(of: $0) }).sorted()
        return (sites.isEmpty ? witnesses : sites).map(topology.shortName)
    }

    /// What people observed and a root cause explains, each source once with the entities that it is about.
    func observations(_ root: Analysis.RootCause) -> [(source: String, state: String, entities: [EntityID])] {
        var found: [(source: String, state: String, entities: [EntityID])] = []
        for seen in root.observations.map({ analysis.observations[$0] }) {
            let (source, state) = (seen.observation.source ?? "observed", seen.observation.state.rawValue)
            if let index = found.firstIndex(where: { $0.source == source && $0.state == state }) {
                if !found[index].entities.contains(seen.entity) { found[index].entities.append(seen.entity) }
            } else {
                found.append((source, state, [seen.entity]))
            }
        }
        return found
    }

    /// What people saw to be well, though by the explanation the root cause affects it: "ping said host/a was healthy at
    /// 03:30Z".
    func contradictions(_ index: Int) -> [String] {
        let affected = Set(analysis.affected.filter { $0.because.contains(index) }.map(\.entity))
        return analysis.observations.compactMap { seen in
            guard !seen.isAccountedFor, seen.observation.state == .healthy, affected.contains(seen.entity) else {
                return nil
            }
            let time = seen.observation.at.map { " at \(moment($0))" } ?? ""
            return "\(seen.observation.source ?? "somebody") said \(name(seen.entity)) was healthy\(time)"
        }
    }

    /// The alerts about a root cause that are silenced or inhibited: "HostDown is silenced: planned work (bob)".
    func suppressions(_ root: Analysis.RootCause) -> [String] {
        let own = root.explains.filter { analysis.ledger[$0].match.entity == root.entity }
        let groups = Dictionary(grouping: own) { analysis.ledger[$0].suppression ?? "" }
        return groups.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map { suppression, rows in
            "\(alerts(rows)) \(rows.count == 1 ? "is" : "are") \(suppression)"
        }
    }

    /// An alternative in words: "host/a", "host/a + host/b together" or "a false alarm".
    func what(_ alternative: Diagnosis.Alternative) -> RichText {
        let all: [RichText] = members(of: alternative).map { "\(code: name($0))" }
        if all.isEmpty { return "a false alarm" }
        return all.count == 1
            ? all[0]
            : "\(Array(all.prefix(3)).joined(" + "))\(all.count > 3 ? " + \(all.count - 3) more" : "") together"
    }

    /// All that fails if an alternative is so, in order; nothing for a false alarm.
    private func members(of alternative: Diagnosis.Alternative) -> [EntityID] {
        (CollectionOfOne(alternative.entity).compactMap(\.self) + alternative.together).sorted()
    }

    /// What would tell a root and an alternative apart, as an instruction.
    ///
    /// An alternative of several entities falls with any of them, and stands only with all.
    func toTellApart(_ root: Analysis.RootCause, _ alternative: Diagnosis.Alternative) -> String? {
        guard let entity = alternative.entity else {
            return "look at \(name(root.entity)) itself: if it is well, its alerts are false"
        }
        let (one, members) = (name(root.entity), members(of: alternative))
        if isInside(root.entity, entity) {
            let place = topology.kind(of: entity).area == .network ? "in" : "on"
            return "does anything else \(place) \(name(entity)) answer? If so, it is \(one)"
        }
        let other = Self.list(names(members), limit: 3)
        guard let check = alternative.check else {
            return "nothing in the topology differs: look at \(Self.list([one] + names(members), limit: 4)) themselves"
        }
        if members.contains(check.entity) { return "look at \(name(check.entity)): if it is well, it is \(one)" }
        if check.entity == root.entity { return "look at \(one): if it is well, it is \(other)" }
        func expectation(_ effect: Effect?) -> String { effect.map(state) ?? "well" }
        return
            "probe \(name(check.entity)): \(expectation(check.ifRoot)) if it is \(one), "
            + "\(expectation(check.ifAlternative)) if it is \(other)"
    }

    /// Whether an entity is placed on or in another, directly or not.
    private func isInside(_ entity: EntityID, _ container: EntityID) -> Bool {
        var place = topology.place(of: entity)
        for _ in 0..<64 {
            guard let here = place else { return false }
            if here == container { return true }
            place = topology.place(of: here)
        }
        return false
    }

    /// Why an action is recommended, and what people or rules said against being told: "HostDown on host/a; silenced:
    /// planned work (bob)".
    func why(_ action: Analysis.Action) -> String {
        ([reason(action)] + action.suppressions).joined(separator: "; ")
    }

    private func reason(_ action: Analysis.Action) -> String {
        switch action.reason {
        case .alerts(let rows): return alerts(rows) + " on " + census(entities(of: rows))
        case .observed(let entities):
            let state = entities.first.flatMap(failure)?.state.rawValue ?? "failed"
            return "\(census(entities)) observed \(state)"
        case .rule: return "its own alert rule says so, though no alert of it fires"
        case .knownIssue(let id): return "known issue \(id)"
        case .nothingSaid: return "no alert rule says what to do about it"
        }
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
    func shortList(_ entities: [EntityID], beside root: EntityID, limit: Int = 6) -> String {
        if entities.count > 2 * limit { return counts(entities) }
        let shown = shortNames(Array(entities.prefix(limit)), beside: [root]).map { LabelText.cutMiddle($0, to: 48) }
        return shown.joined(separator: ", ") + (entities.count > limit ? ", +\(entities.count - limit)" : "")
    }

    /// The entities that alerts are about, each once, in the order of their names.
    func entities(of rows: [Int]) -> [EntityID] {
        Set(rows.compactMap { analysis.ledger[$0].match.entity }).sorted()
    }

    // MARK: Ledger

    func reason(_ row: Analysis.LedgerRow) -> String {
        let causes = Self.list(row.because.map { name(analysis.rootCauses[$0].entity) })
        let via = row.via.isEmpty ? "" : " via " + row.via.map(topology.name).joined(separator: ", ")
        let suppression = row.suppression.map { "; \($0)" } ?? ""
        switch row.verdict {
        case .root: return "its entity is a root cause\(suppression)"
        case .explained: return "follows from \(causes)\(via)\(suppression)"
        case .knownIssue:
            if row.alert.isMeta { return "fires by design" }
            guard let issue = row.knownIssue else { return "known issue" }
            var text = issue.id + (issue.reason.map { ": \($0)" } ?? "")
            if let span = issue.outOfCharacterFor {
                text += "; out of character: firing \(span.short) longer than it takes to settle"
            }
            if issue.isReviewOverdue { text += "; review overdue" }
            return text + suppression
        case .chronic:
            if let age = row.age, let onset = row.onset.estimate {
                return "has been firing since \(onset.day), \(age.short) before the rest" + suppression
            }
            guard let history = row.history else { return "fires without incident" }
            return "fires without incident: seen in \(history.seen) of \(history.looks) earlier looks\(suppression)"
        case .suppressed: return row.suppression ?? "suppressed, and nothing explains it"
        case .unexplained:
            if let reason = otherTime(row) { return reason }
            return "no cheap enough failure upstream of \(row.match.entity.map(name) ?? "it") explains it"
        case .unmatched: return unmatched(row.match) + suppression
        case .resolved:
            let end = row.alert.endsAt.map { " at \(moment($0))" } ?? ""
            return "it ended\(end), so it is no evidence of what is broken now"
        }
    }

    /// The known issues that alerts of the incident have and that should have been reviewed before it: "review overdue:
    /// OPS-17 (2026-03-01)".
    var overdueReviews: String? {
        let issues = Set(
            analysis.ledger.compactMap { row -> String? in
                guard let verdict = row.knownIssue, verdict.isReviewOverdue else { return nil }
                let day = verdict.issue.flatMap { analysis.platform.knownIssues[$0].reviewBy }
                return verdict.id + (day.map { " (\($0))" } ?? "")
            }
        )
        return issues.isEmpty ? nil : "review overdue: \(Self.list(issues.sorted()))"
    }

    /// Why some alerts of one name are set aside: the reason that they share, and for the chronic how often the most
    /// frequent is seen.
    func reason(_ rows: [Analysis.LedgerRow]) -> String {
        let frequencies = rows.filter { $0.verdict == .chronic }.compactMap { row in row.history.map { (row, $0) } }
        let most = frequencies.max { $0.1.seen < $1.1.seen }
        let reasons = Set(rows.map(reason))
        if let most, reasons.count > 1 { return reason(most.0) + " at most" }
        return Self.list(reasons.sorted(), limit: 3)
    }

    /// That an alert began at another time than what would explain it: "it began 17d 9h before carrier/telia failed".
    private func otherTime(_ row: Analysis.LedgerRow) -> String? {
        guard let root = row.outOfTime.first.map({ analysis.rootCauses[$0] }), let failed = root.onset,
            let began = row.onset.estimate, began != failed
        else { return nil }
        let (span, side) = began < failed ? (failed - began, "before") : (began - failed, "after")
        return "it began \(span.short) \(side) \(name(root.entity)) failed"
    }

    func unmatched(_ match: Match) -> String {
        switch match.reason {
        case .unknownEntity(let name): "it names '\(name)', which the topology does not have"
        case .ambiguous(let entities): "its labels fit several entities: \(Self.list(names(entities)))"
        case .notInTopology: "its labels name nothing that the topology has"
        case .noUsefulLabel, nil: "no rule matches it and no label of it names a thing"
        }
    }

    func why(_ verdict: Analysis.ChangeVerdict) -> String {
        let at = moment(verdict.change.at)
        let rival = touchedRival(verdict).flatMap { $0.confidence >= 0.005 ? "; it touches \(what($0))" : nil } ?? ""
        switch verdict.ruling {
        case .ruledOut:
            guard let sign = verdict.firstSign else { return "it came after the first sign" }
            return "at \(at), \((verdict.change.at - sign).short) after the first sign at \(moment(sign)): "
                + "it cannot be the cause\(rival)"
        case .candidate:
            guard let sign = verdict.firstSign else { return "at \(at), it touches what failed" }
            return "at \(at), \((sign - verdict.change.at).short) before the first sign at \(moment(sign))\(rival)"
        case .unrelated:
            guard verdict.root == nil else { return "nothing tells when what it touches failed\(rival)" }
            return whyUnrelated(verdict)
        }
    }

    private func whyUnrelated(_ verdict: Analysis.ChangeVerdict) -> String {
        if let rival = touchedRival(verdict) { return "it touches only \(what(rival))" }
        let unknown = verdict.change.touches.map(\.name).filter { topology.entity(named: $0) == nil }
        if !unknown.isEmpty { return "it touches \(Self.list(unknown)), which the topology does not have" }
        return verdict.entities.isEmpty ? "it does not say what it touches" : "it touches nothing that failed"
    }

    /// The likeliest of what a change touches that may be a cause instead of the root causes; nil where it touches one
    /// of those.
    private func touchedRival(_ verdict: Analysis.ChangeVerdict) -> (entity: EntityID, confidence: Double)? {
        let touched = Set(verdict.entities)
        guard touched.isDisjoint(with: analysis.rootCauses.map(\.entity)) else { return nil }
        let listed = analysis.rootCauses.flatMap(\.alternatives).compactMap { rival in
            rival.entity.flatMap { touched.contains($0) ? (entity: $0, confidence: rival.confidence) : nil }
        }
        return listed.max { ($0.confidence, $1.entity) < ($1.confidence, $0.entity) }
            ?? analysis.ranking.first { touched.contains($0.entity) }
    }

    private func what(_ rival: (entity: EntityID, confidence: Double)) -> String {
        "\(name(rival.entity)), a rival of what broke (\(Self.percent(rival.confidence)) %)"
    }

    /// Where to read more about an alert, of what it names.
    static func links(_ alert: Alert) -> [EvidenceLink] {
        [
            alert.generatorURL.map { EvidenceLink(.source, $0) }, alert.runbookURL.map { EvidenceLink(.runbook, $0) },
            alert.dashboardURL.map { EvidenceLink(.dashboard, $0) },
        ].compactMap(\.self)
    }

    // MARK: Blind spots

    /// "monitor/prometheus is down".
    func observerState(_ spot: Analysis.BlindSpot) -> String { "\(name(spot.observer)) \(state(ofObserverAt: spot))" }

    /// "is down", "is degraded" or "gave no answer".
    func state(ofObserverAt spot: Analysis.BlindSpot) -> String {
        spot.observerEffect.map { "is \(state($0))" } ?? "gave no answer"
    }

    /// The blind spots by their observer: those that the explanation affects, and those of which nothing is known.
    var blindSpots: [(observer: String, presumed: [EntityID], unknown: [EntityID])] {
        let affected = Set(analysis.affected.filter { $0.effect != .reduced }.map(\.entity))
        return Dictionary(grouping: analysis.blindSpots, by: observerState).sorted { $0.key < $1.key }.map {
            key,
            spots in
            let entities = spots.map(\.entity)
            return (key, entities.filter(affected.contains), entities.filter { !affected.contains($0) })
        }
    }

    // MARK: Timeline

    /// What sort of event it is, in one word: a condition's beginning and its alert's firing are not the same.
    func sort(_ event: Analysis.Event) -> String {
        switch event.what {
        case .rootOnset, .onset: "began"
        case .fired: "fired"
        case .changed: "changed"
        case .observed: "observed"
        }
    }

    func what(_ event: Analysis.Event) -> String {
        switch event.what {
        case .rootOnset(let index):
            let root = analysis.rootCauses[index]
            let source = onsetSource(root).map { " (\($0))" } ?? ""
            return "\(name(root.entity)) \(state(root.effect)): root cause \(index + 1)\(source)"
        case .onset(let rows): return "\(alerts(rows)): condition began"
        case .fired(let rows): return "\(alerts(rows)) fired"
        case .changed(let index):
            let change = analysis.changes[index].change
            return "\(change.kind ?? "change") \"\(change.id)\""
        case .observed(let index):
            let observation = analysis.observations[index].observation
            let since = observation.since.map { " since \(moment($0))" } ?? ""
            return "observed \(observation.state.rawValue)\(since)\(observation.source.map { ": \($0)" } ?? "")"
        }
    }

    /// "4 × CiliumCanaryProbeFailing"; of several names, each once.
    func alerts(_ rows: [Int]) -> String {
        var counts: [(name: String, count: Int)] = []
        for name in rows.map({ analysis.ledger[$0].alert.shownName }) {
            if let index = counts.firstIndex(where: { $0.name == name }) {
                counts[index].count += 1
            } else {
                counts.append((name, 1))
            }
        }
        return Self.list(counts.map { ($0.count, $0.count == 1 ? $0.name : "\($0.count) × \($0.name)") })
    }
}
