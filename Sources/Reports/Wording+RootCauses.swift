internal import Alerts
internal import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

// What broke, why that is said, what it brings about, and what else it may be.
extension Wording {
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
        /// The other root causes that it takes; none where this one does it alone.
        var partners: [EntityID] = []
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

        /// What the root cause does to these, alone or with its partners, as a sentence.
        func sentence(_ names: RichText, with partners: RichText) -> RichText {
            let who: RichText = partners.isEmpty ? "It" : "Together with \(partners) it"
            return effect == .reduced ? "\(who) leaves \(names) without redundancy." : "\(who) \(label) \(names)."
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
        let affected = affectedBy[index].map { analysis.affected[$0] }
            .filter { $0.entity != analysis.rootCauses[index].entity }
            .map { (nearness: nearness($0), affected: $0) }
            .sorted { $0.nearness < $1.nearness }
            .map(\.affected)
        return [Effect.down, .degraded, .reduced, .starved].flatMap { effect in
            let groups = Dictionary(grouping: affected.filter { $0.effect == effect }) { partners($0, of: index) }
            return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { partners, alike in
                Consequence(
                    effect: effect,
                    partners: partners.map { analysis.rootCauses[$0].entity },
                    seen: alike.filter(isSeen).map(\.entity),
                    expected: alike.filter { !isSeen($0) && otherAlerts[$0.entity] == nil }.map(\.entity),
                    unclear: alike.filter(isUnclear).map(\.entity)
                )
            }
        }
    }

    /// " (together with node/b)": what a root cause cannot do without, behind what it does; nothing where it does it alone.
    func tail(_ one: Consequence) -> String {
        one.partners.isEmpty ? "" : " (together with \(Self.list(names(one.partners))))"
    }

    /// The root causes without which this one would not do it.
    private func partners(_ affected: Analysis.Affected, of index: Int) -> [Int] {
        affected.isJoint ? affected.because.filter { $0 != index } : []
    }

    /// Whether it has alerts, but none that a root cause explains, and nobody observed it to fail.
    func isUnclear(_ affected: Analysis.Affected) -> Bool {
        !isSeen(affected) && otherAlerts[affected.entity] != nil
    }

    /// The actions for a root cause that reports tell under it: its first, and those that stand under no other already.
    func actions(_ index: Int) -> [Analysis.Action] {
        let own = analysis.rootCauses[index].actions
        return own.prefix(1) + own.dropFirst().filter { tellers[$0.text] == index }
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
        failures[entity].map { analysis.observations[$0].observation }
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
        let healthy = analysis.observations.filter { !$0.isAccountedFor && $0.observation.state == .healthy }
        guard !healthy.isEmpty else { return [] }
        let affected = Set(affectedBy[index].map { analysis.affected[$0].entity })
        return healthy.filter { affected.contains($0.entity) }.map(word)
    }

    /// Who said that something is well: "ping said host/a was healthy at 03:30Z".
    func word(of seen: Analysis.ObservationVerdict) -> String {
        let time = seen.observation.at.map { " at \(moment($0))" } ?? ""
        return "\(seen.observation.source ?? "somebody") said \(name(seen.entity)) was healthy\(time)"
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
    func members(of alternative: Diagnosis.Alternative) -> [EntityID] {
        (CollectionOfOne(alternative.entity).compactMap(\.self) + alternative.together).sorted()
    }

    /// What would tell a root and an alternative apart, as an instruction.
    ///
    /// An alternative of several entities falls with any of them, and stands only with all.
    func toTellApart(_ root: Analysis.RootCause, _ alternative: Diagnosis.Alternative) -> String? {
        guard let entity = alternative.entity else { return toTellFromNoise(root) }
        let (one, members) = (name(root.entity), members(of: alternative))
        let other = Self.list(names(members), limit: 3)
        func expectation(_ effect: Effect?) -> String { effect.map(state) ?? "well" }
        if let check = alternative.check, check.entity == root.entity, !members.contains(root.entity) {
            return "look at \(one) itself: if it is \(expectation(check.ifAlternative)), it is \(other)"
        }
        if topology.places(of: root.entity).contains(entity) {
            let place = topology.kind(of: entity).area == .network ? "in" : "on"
            return "does anything else \(place) \(name(entity)) answer? If so, it is \(one)"
        }
        guard let check = alternative.check else {
            return "nothing in the topology differs: look at \(Self.list([one] + names(members), limit: 4)) themselves"
        }
        if members.contains(check.entity) { return "look at \(name(check.entity)): if it is well, it is \(one)" }
        return
            "probe \(name(check.entity)): \(expectation(check.ifRoot)) if it is \(one), "
            + "\(expectation(check.ifAlternative)) if it is \(other)"
    }

    /// What would tell a root cause from a false alarm: itself where it alerts or was seen to fail, else what its alerts
    /// are about.
    private func toTellFromNoise(_ root: Analysis.RootCause) -> String {
        let one = name(root.entity)
        let rows = root.explains.map { analysis.ledger[$0] }
        let seen = root.observations.map { analysis.observations[$0].entity }
        if rows.contains(where: { $0.match.entity == root.entity }) || seen.contains(root.entity) {
            return "look at \(one) itself: if it is well, its alerts are false"
        }
        // What a broken witness tells of is well either way.
        let about = Set(rows.filter { witnessTrouble($0) == nil }.compactMap(\.match.entity) + seen).sorted()
        guard !about.isEmpty else { return "look at \(one) itself: if it is well, what it explains is false" }
        let others = Self.list(names(about))
        return about.count == 1
            ? "look at \(others): if it is well, its alerts are false"
            : "look at \(others): if these are all well, their alerts are false"
    }

    /// What may be why a root cause failed: "DiskFull on host/a since 02:55Z".
    func reasons(_ root: Analysis.RootCause) -> [RichText] {
        let groups = Dictionary(grouping: root.reasons) { row in
            [analysis.ledger[row].match.entity.map(name) ?? "", analysis.ledger[row].alert.shownName]
        }
        return groups.sorted { $0.value.lexicographicallyPrecedes($1.value) }.map { place, rows in
            let since = rows.compactMap { analysis.ledger[$0].onset.estimate }.min().map { " since \(moment($0))" }
            return "\(alerts(rows)) on \(code: place[0])\(since ?? "")"
        }
    }

    /// Why an action is recommended, what that is a mere effect of, and what people or rules said against being told: "WebDown on
    /// service/web, an effect of host/a; silenced: planned work (bob)".
    func why(_ action: Analysis.Action) -> String {
        let cause = action.effectOf.map { ", an effect of \(name($0))" } ?? ""
        return ([reason(action) + cause] + action.suppressions).joined(separator: "; ")
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
}
