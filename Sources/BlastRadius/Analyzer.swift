internal import Alerts
public import Diagnostics
public import Inference
internal import Time
internal import Topology

extension Incident {
    /// Works out what broke.
    ///
    /// - Returns: The analysis, and what is wrong with the context: names that the topology does not know.
    /// - Complexity: near-linear in the part of the topology around the alerts, for incidents as they occur.
    public func analyze(
        on platform: Platform,
        budget: Int = Diagnoser.defaultBudget
    ) -> (analysis: Analysis, diagnostics: [Diagnostic]) {
        let (context, unknown) = context.resolved(on: platform)
        var incident = self
        incident.context = context
        var builder = EvidenceBuilder(platform: platform, incident: incident, weights: platform.weights)
        builder.build()
        let diagnoser = Diagnoser(
            topology: platform.topology,
            priors: builder.priors,
            budget: budget
        )
        let diagnosis = diagnoser.diagnose(
            builder.evidence,
            leastFaults: builder.leastFaults,
            completed: builder.evidence(in:)
        )
        var analyzer = Analyzer(platform: platform, incident: incident, builder: builder, diagnosis: diagnosis)
        var analysis = analyzer.analysis()
        for file in unknown.compactMap(\.location?.file) where !analysis.unread.contains(file) {
            analysis.unread.append(file)
        }
        return (analysis, unknown)
    }
}

/// Puts a diagnosis back into the terms of the incident.
struct Analyzer {
    let platform: Platform
    let incident: Incident
    let builder: EvidenceBuilder
    /// As the diagnoser gave it; `analysis()` ranks its roots.
    let diagnosis: Diagnosis
    var rows: [Analysis.LedgerRow]
    /// The ledger row of each symptom; nil for symptoms that are observations.
    let rowOfSymptom: [Int: Int]

    var topology: Topology { platform.topology }

    init(platform: Platform, incident: Incident, builder: EvidenceBuilder, diagnosis: Diagnosis) {
        self.platform = platform
        self.incident = incident
        self.builder = builder
        self.diagnosis = diagnosis
        rows = builder.rows
        var rowOfSymptom: [Int: Int] = [:]
        for (index, row) in rows.enumerated() {
            if let symptom = row.symptom { rowOfSymptom[symptom] = index }
        }
        self.rowOfSymptom = rowOfSymptom
    }

    mutating func analysis() -> Analysis {
        let severities = diagnosis.roots.indices.map(severity)
        let order = diagnosis.roots.indices.sorted { left, right in
            let (one, other) = (diagnosis.roots[left], diagnosis.roots[right])
            return (severities[right], alertCount(other), one.entity) < (
                severities[left], alertCount(one), other.entity
            )
        }
        var rank = Array(repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { rank[old] = new }
        fillLedger(rank)
        let changes = judgeChanges(order)
        let findings = Findings(rows, rootCount: order.count)
        var roots: [Analysis.RootCause] = []
        for (new, old) in order.enumerated() {
            roots.append(rootCause(diagnosis.roots[old], new, severities[old], changes, findings))
        }
        let rowsOfEntity = Dictionary(grouping: rows.indices.filter { !rows[$0].because.isEmpty }) {
            rows[$0].match.entity
        }
        let affected = diagnosis.affected.map { found in
            Analysis.Affected(
                entity: found.entity,
                effect: found.effect,
                because: found.because.map { rank[$0] }.sorted(),
                isJoint: found.isJoint,
                via: found.via,
                alerts: rowsOfEntity[found.entity] ?? []
            )
        }
        let observations = builder.observations.map { seen in
            let account = seen.symptom.map { diagnosis.accounts[$0] }
            return Analysis.ObservationVerdict(
                observation: seen.observation,
                entity: seen.entity,
                because: (account?.because ?? []).map { rank[$0] }.sorted(),
                isAccountedFor: account?.isExplained ?? !contradicts(seen.observation, of: seen.entity)
            )
        }
        return Analysis(
            platform: platform,
            context: incident.context,
            ledger: rows,
            rootCauses: roots,
            ranking: diagnosis.ranking,
            affected: affected,
            blindSpots: blindSpots(),
            timeline: timeline(roots, changes, observations),
            changes: changes,
            actions: allActions(roots),
            optimality: .init(
                isProven: diagnosis.isProven,
                cost: diagnosis.cost,
                lowerBound: diagnosis.lowerBound
            ),
            now: incident.now,
            observations: observations,
            unread: incident.unread,
            builder: builder,
            diagnosis: diagnosis
        )
    }

    /// Whether an entity was seen healthy that is down or degraded by the explanation, and was not healthy just before
    /// that began.
    private func contradicts(_ health: IncidentContext.Observation, of entity: EntityID) -> Bool {
        let found = diagnosis.affected.first { $0.entity == entity && ($0.effect == .down || $0.effect == .degraded) }
        guard let found else { return false }
        guard let seen = health.at else { return true }
        return found.because.contains { root in onset(of: diagnosis.roots[root]).0.map { $0 <= seen } ?? true }
    }

    // MARK: Ledger

    private mutating func fillLedger(_ rank: [Int]) {
        let roots = Set(diagnosis.roots.map(\.entity))
        for index in rows.indices {
            guard let symptom = rows[index].symptom else {
                // What nobody has mapped and has long been firing is no news either.
                if rows[index].verdict == .unmatched, isOld(rows[index]) { rows[index].verdict = .chronic }
                continue
            }
            let account = diagnosis.accounts[symptom]
            rows[index].because = account.because.map { rank[$0] }.sorted()
            rows[index].isJoint = account.isJoint
            rows[index].via = account.via.filter { $0 != rows[index].match.entity }
            if account.isExplained {
                let isRoot = rows[index].match.entity.map(roots.contains) ?? false
                rows[index].verdict = isRoot ? .root : .explained
            } else if rows[index].alert.state == .suppressed {
                rows[index].verdict = .suppressed
            } else if isChronic(rows[index]) {
                rows[index].verdict = .chronic
            }
            rows[index].outOfTime = account.outOfTime.map { rank[$0] }.sorted()
        }
    }

    private func isChronic(_ row: Analysis.LedgerRow) -> Bool {
        isOld(row) || (row.history.map { 5 * $0.seen >= $0.looks } ?? false)
    }

    /// Whether an alert began a day or more before the incident.
    private func isOld(_ row: Analysis.LedgerRow) -> Bool { row.age.map { $0 >= .hours(24) } ?? false }

    // MARK: Root causes

    private func alertCount(_ root: Diagnosis.Root) -> Int { root.symptoms.count { rowOfSymptom[$0] != nil } }

    private func rootCause(
        _ root: Diagnosis.Root,
        _ index: Int,
        _ severity: Analysis.Severity,
        _ changes: [Analysis.ChangeVerdict],
        _ findings: Findings
    ) -> Analysis.RootCause {
        let explains = findings.explainedBy[index]
        let own = explains.filter { rows[$0].match.entity == root.entity }
        let (onset, source) = onset(of: root)
        let observations = builder.observations.indices.filter { number in
            builder.observations[number].symptom.map(root.symptoms.contains) ?? false
        }
        let reasons = reasons(of: root.entity, onset, among: findings.ownTrouble)
        let dated = changes.indices.filter { changes[$0].root == index && changes[$0].ruling != .unrelated }
        return Analysis.RootCause(
            entity: root.entity,
            effect: root.effect,
            severity: severity,
            onset: onset,
            onsetSource: source,
            datedBy: root.datedBy.flatMap { rowOfSymptom[$0] },
            confidence: root.confidence,
            margin: root.margin,
            isSilent: !findings.alerting.contains(root.entity),
            explains: explains,
            reasons: reasons,
            witnesses: Set(own.compactMap { rows[$0].match.witness }).sorted(),
            alternatives: root.alternatives,
            omittedAlternatives: root.omittedAlternatives,
            changes: dated,
            actions: ActionPlan(platform: platform, rows: rows).actions(
                for: root.entity,
                index,
                explains: explains,
                reasons: reasons,
                observed: Set(observations.map { builder.observations[$0].entity }).sorted(),
                severity
            ),
            observations: observations
        )
    }

    /// The unexplained alerts about trouble that an entity or what it is on has by itself, such as a full disk, and that began
    /// before it failed.
    private func reasons(of entity: EntityID, _ onset: Timestamp?, among signs: [Int]) -> [Int] {
        guard let onset, !signs.isEmpty else { return [] }
        let places = topology.places(of: entity)
        return signs.filter { index in
            guard let began = rows[index].onset.estimate, let here = rows[index].match.entity else { return false }
            return began < onset && (here == entity || places.contains(here))
        }
    }

    /// The ledger, looked through once for all root causes.
    private struct Findings {
        /// The alerts that each root cause explains.
        var explainedBy: [[Int]]
        /// What has an alert that has not ended.
        var alerting: Set<EntityID> = []
        /// The unexplained alerts about trouble that something has by itself.
        var ownTrouble: [Int] = []

        init(_ rows: [Analysis.LedgerRow], rootCount: Int) {
            explainedBy = Array(repeating: [], count: rootCount)
            for (index, row) in rows.enumerated() {
                for cause in row.because { explainedBy[cause].append(index) }
                if row.verdict != .resolved, let entity = row.match.entity { alerting.insert(entity) }
                if row.verdict == .unexplained, SymptomNature(of: row.alert).isOwn { ownTrouble.append(index) }
            }
        }
    }

    private func onset(of root: Diagnosis.Root) -> (Timestamp?, String?) {
        guard let symptom = root.datedBy else { return (nil, nil) }
        if let row = rowOfSymptom[symptom] {
            let onset = rows[row].onset
            return (onset.estimate, "\(onset.source.rawValue) of \(rows[row].alert.name)")
        }
        guard let seen = builder.observations.first(where: { $0.symptom == symptom })?.observation,
            let time = seen.since ?? seen.at
        else { return (nil, nil) }
        return (time, "observation" + (seen.source.map { ": \($0)" } ?? ""))
    }

    // MARK: Blind spots

    /// What shows nothing and is watched by something that is affected or, by the context, gave no answer.
    private func blindSpots() -> [Analysis.BlindSpot] {
        var effects: [EntityID: Effect] = [:]
        for affected in diagnosis.affected where affected.effect == .down || affected.effect == .degraded {
            effects[affected.entity] = affected.effect
        }
        let unanswering = incident.context.blind.compactMap { $0.entity.flatMap { topology.entity(named: $0.name) } }
        let isBlind = Set(unanswering).union(effects.keys)
        guard !isBlind.isEmpty else { return [] }
        let heard = Set(rows.compactMap(\.match.entity) + builder.observations.map(\.entity))
        return topology.entities.compactMap { entity in
            let observer = topology.details(of: entity).observers.first(where: isBlind.contains)
            guard let observer, !heard.contains(entity) else { return nil }
            return Analysis.BlindSpot(entity: entity, observer: observer, observerEffect: effects[observer])
        }
    }

    // MARK: Changes

    private func judgeChanges(_ order: [Int]) -> [Analysis.ChangeVerdict] {
        builder.changes.map { change, entities in
            var verdict = Analysis.ChangeVerdict(change: change, entities: entities, ruling: .unrelated)
            for (new, old) in order.enumerated() {
                let root = diagnosis.roots[old]
                let rivals = root.alternatives.flatMap { CollectionOfOne($0.entity).compactMap(\.self) + $0.together }
                let bears =
                    entities.contains(root.entity)
                    || entities.contains { touched in
                        rivals.contains(touched)
                            || diagnosis.affected.contains { $0.entity == touched && $0.because.contains(old) }
                    }
                guard bears else { continue }
                guard let sign = onset(of: root).0 else {
                    verdict.root = verdict.root ?? new
                    continue
                }
                verdict.root = new
                verdict.firstSign = sign
                verdict.ruling = change.at > sign ? .ruledOut : .candidate
                if entities.contains(root.entity) { break }
            }
            return verdict
        }
    }

    // MARK: Timeline

    private func timeline(
        _ roots: [Analysis.RootCause],
        _ changes: [Analysis.ChangeVerdict],
        _ observations: [Analysis.ObservationVerdict]
    ) -> [Analysis.Event] {
        var events: [Analysis.Event] = []
        for (index, root) in roots.enumerated() {
            if let onset = root.onset { events.append(.init(at: onset, entity: root.entity, what: .rootOnset(index))) }
        }
        var onsets: [EventKey: [Int]] = [:]
        var firings: [EventKey: [Int]] = [:]
        for (index, row) in rows.enumerated() where row.verdict != .knownIssue {
            // What is old and about nothing known would open every timeline.
            if row.match.entity == nil, row.verdict == .chronic { continue }
            if let fired = row.alert.startsAt {
                firings[EventKey(minute: fired, name: row.alert.name, entity: row.match.entity), default: []]
                    .append(index)
            }
            if let began = row.onset.estimate, began != row.alert.startsAt {
                onsets[EventKey(minute: began, name: row.alert.name, entity: row.match.entity), default: []]
                    .append(index)
            }
        }
        for (key, group) in onsets {
            let first = group.compactMap { rows[$0].onset.estimate }.min() ?? key.minute
            events.append(.init(at: first, entity: key.entity, what: .onset(ledger: group)))
        }
        for (key, group) in firings {
            let first = group.compactMap { rows[$0].alert.startsAt }.min() ?? key.minute
            events.append(.init(at: first, entity: key.entity, what: .fired(ledger: group)))
        }
        for (index, change) in changes.enumerated() {
            events.append(.init(at: change.change.at, entity: change.entities.first, what: .changed(index)))
        }
        for (index, seen) in observations.enumerated() {
            guard let time = seen.observation.at ?? seen.observation.since else { continue }
            events.append(.init(at: time, entity: seen.entity, what: .observed(index)))
        }
        return events.sorted { $0.order < $1.order }
    }

    private struct EventKey: Hashable {
        var minute: Timestamp
        var name: String
        var entity: EntityID?

        init(minute: Timestamp, name: String, entity: EntityID?) {
            self.minute = Timestamp(milliseconds: minute.milliseconds / 60_000 * 60_000)
            self.name = name
            self.entity = entity
        }
    }

    // MARK: Actions

    /// What is about root causes before what is about their effects, where both are as urgent.
    private func allActions(_ roots: [Analysis.RootCause]) -> [Analysis.Action] {
        var seen: Set<String> = []
        let issues = ActionPlan(platform: platform, rows: rows).knownIssueActions()
        let all = roots.flatMap(\.actions)
        return (all.filter { $0.effectOf == nil } + all.filter { $0.effectOf != nil } + issues)
            .filter { seen.insert($0.text).inserted }
            .enumerated()
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }
}

extension Analysis.Event {
    /// By time; at one time causes before alerts; then as the ledger goes.
    fileprivate var order: (Timestamp, Int, Int) {
        switch what {
        case .changed(let index): (at, 0, index)
        case .rootOnset(let index): (at, 1, index)
        case .onset(let rows): (at, 2, rows.first ?? 0)
        case .fired(let rows): (at, 3, rows.first ?? 0)
        case .observed(let index): (at, 4, index)
        }
    }
}
