internal import Alerts
internal import BlastRadius
internal import Diagram
internal import Inference
internal import Time
internal import Topology

/// The parts of which reports are made, in no language and under no heading: a template says which ones, in what order
/// and under which names.
struct ReportSections {
    let analysis: Analysis
    let wording: Wording

    init(_ analysis: Analysis) {
        self.analysis = analysis
        wording = Wording(analysis: analysis)
    }

    /// The sections by the names that templates use; one that has nothing to say is empty.
    var all: [String: () -> [ReportBlock]] {
        [
            "related": { related }, "summary": { summary }, "timeline": { timeline }, "incidents": { incidents },
            "noise": { noise }, "ended": { ended }, "rootCauses": { rootCauses }, "impact": { impact },
            "actions": { actions }, "actionItems": { actionItems }, "changes": { changes }, "detection": { detection },
            "open": { openAlerts }, "blindSpots": { blindSpots }, "notes": { notes }, "ledger": { ledger },
            "alerts": { alerts },
        ]
    }

    private func code(_ entity: EntityID) -> RichText { "\(code: wording.name(entity))" }

    private func codes(_ entities: [EntityID]) -> [RichText] { entities.map(code) }

    // MARK: Head

    /// The heading of a report: "Incident #79 2026-07-01T19:16Z — the title that people gave".
    var title: String {
        let context = analysis.context
        var words = ["Incident"]
        if let number = context.number { words.append("#\(number)") }
        if let first = wording.beginning { words.append("\(first.day)T\(first.hourAndMinute)") }
        return words.joined(separator: " ") + (context.title.map { " — \($0)" } ?? "")
    }

    var related: [ReportBlock] {
        let related = analysis.context.related
        return related.isEmpty ? [] : [.paragraph("Related: \(related.joined(separator: ", "))")]
    }

    /// Two sentences: what broke and what that explains; what is left, and how sure this is.
    var summary: [ReportBlock] {
        var named: Set<EntityID> = []
        let roots = analysis.rootCauses.map { root in
            code(root.entity) + RichText(" " + wording.shortSince(root)) + doubt(root, &named)
        }
        let counts = analysis.counts
        var rest = ["\(Wording.count(counts[.knownIssue] ?? 0, "alert is a known issue", "alerts are known issues"))"]
        if let chronic = counts[.chronic] { rest.append("\(chronic) chronic") }
        if let suppressed = counts[.suppressed] { rest.append("\(suppressed) suppressed") }
        if let resolved = counts[.resolved] { rest.append("\(resolved) resolved") }
        rest += ["\(counts[.unexplained] ?? 0) unexplained", "\(counts[.unmatched] ?? 0) unmatched"]
        let time = analysis.now.map { ", as of \($0.rfc3339)" } ?? ""
        let first: RichText =
            roots.isEmpty
            ? "\(wording.title)"
            : "\(wording.whatBroke): \(roots.listed(limit: 8)), which "
                + "\(roots.count == 1 ? "explains" : "explain") \(wording.share)."
        let text: RichText =
            "\(first) \(Wording.list(rest, limit: 8)); the explanation is \(wording.optimality)\(time)."
        return [.paragraph(text)] + wording.bursts.map { .paragraph("\(wording.what($0)).") }
            + (wording.incomplete.map { [.paragraph("\(strong: "Incomplete"): \($0)")] } ?? [])
    }

    /// How likely a root cause is, and its likeliest rival, where that is one to reckon with.
    ///
    /// One that would replace several root causes is named once.
    private func doubt(_ root: Analysis.RootCause, _ named: inout Set<EntityID>) -> RichText {
        guard let rival = wording.seriousRival(of: root) else { return "" }
        if let entity = rival.entity, !named.insert(entity).inserted { return "" }
        let (own, other) = (Wording.percent(root.confidence), Wording.percent(rival.confidence))
        return " (\(own) % likely, or \(wording.what(rival)), \(other) %)"
    }

    var timeline: [ReportBlock] {
        guard !analysis.timeline.isEmpty else { return [] }
        let rows = ReportTimeline(analysis).rows
        let days = Set(rows.map(\.at.day)).count
        return [
            .table(
                ReportTable(
                    columns: ["Time (UTC)", "Event", "What"],
                    rows: rows.map { row in
                        let time = days > 1 ? "\(row.at.day) \(row.at.hourAndMinute)" : row.at.hourAndMinute
                        return ["\(time)", "\(row.event)", row.what]
                    }
                )
            )
        ]
    }

    // MARK: Incidents

    var incidents: [ReportBlock] {
        analysis.rootCauses.enumerated().flatMap { index, root -> [ReportBlock] in
            [
                .heading("\(index + 1). \(code(root.entity)) \(wording.state(root.effect))"),
                .paragraph("\(strong: "Severity"): \(root.severity.rawValue.capitalizedFirst)"),
                .paragraph("\(strong: "Evidence"):"), .list(evidence(of: root, index), isOrdered: false),
                .paragraph("\(strong: "Assessment"): \(assessment(of: root, index))"),
            ]
        }
    }

    private func evidence(of root: Analysis.RootCause, _ index: Int) -> [ReportBlock.ListItem] {
        let groups = Dictionary(grouping: root.explains) { analysis.ledger[$0].alert.shownName }
        var items = groups.sorted { nearness($0.value, to: root) < nearness($1.value, to: root) }.map {
            name,
            rows -> RichText in
            let links = links(rows)
            let tail: RichText = links.isEmpty ? "" : " (\(links.joined(", ")))"
            let count = rows.count == 1 ? "" : "\(rows.count) × "
            return "\(count)\(code: name) on \(codes(wording.entities(of: rows)).listed())\(tail)"
        }
        if !root.witnesses.isEmpty { items.append("seen failing from \(codes(root.witnesses).listed(limit: 8))") }
        for seen in wording.observations(root) {
            items.append("\(codes(seen.entities).listed()) observed \(seen.state): \(seen.source)")
        }
        items += wording.contradictions(index).map { "but \($0)" }
        items += wording.suppressions(root).map { "\($0)" }
        items += wording.discounted(root).map { "discounted: \($0)" }
        items += wording.reasons(root).map { "before it: \($0), its likely reason" }
        items += wording.alsoFiring(root).map { "also firing: \($0)" }
        if root.isSilent { items.append("it has no alert of its own; what it explains points to it") }
        return items.map { ReportBlock.ListItem(text: $0) }
    }

    /// A root cause's own alerts before those of what it affects; then by the time of firing.
    private func nearness(_ rows: [Int], to root: Analysis.RootCause) -> (Int, Timestamp, String) {
        let alerts = rows.map { analysis.ledger[$0].alert }
        let isOwn = rows.contains { analysis.ledger[$0].match.entity == root.entity }
        return (isOwn ? 0 : 1, alerts.compactMap(\.startsAt).min() ?? .distantFuture, alerts.first?.name ?? "")
    }

    /// Where to read more about some alerts, each address once.
    private func links(_ rows: [Int]) -> [RichText] {
        var links: [RichText] = []
        // Thousands of alerts may share an address; it is looked at once.
        var seen: Set<String> = []
        for row in rows {
            for given in Wording.links(analysis.ledger[row].alert) {
                let isNew = seen.insert("\(given.kind.rawValue) \(given.address)").inserted
                guard isNew, let link = SafeLink(given.address) else { continue }
                let text: RichText = "\(link: given.kind.rawValue, to: link)"
                if !links.contains(text) { links.append(text) }
                if links.count == 6 { return links }
            }
        }
        return links
    }

    private func assessment(of root: Analysis.RootCause, _ index: Int) -> RichText {
        let consequences = wording.consequences(index)
        var text: RichText = "\(wording.since(root).capitalizedFirst), \(Wording.percent(root.confidence)) % likely."
        for one in consequences where !one.seen.isEmpty {
            text = text + " " + one.sentence(listed(one.seen), with: codes(one.partners).listed())
        }
        for one in consequences where !one.expected.isEmpty {
            text =
                text
                + " \(one.expectation.capitalizedFirst)\(wording.tail(one)), though no alert says so: \(listed(one.expected))."
        }
        for one in consequences where !one.unclear.isEmpty {
            text =
                text
                + " \(one.expectation.capitalizedFirst)\(wording.tail(one)): \(wording.withOtherAlerts(one.unclear))."
        }
        for change in root.changes.map({ analysis.changes[$0] }) where change.ruling == .ruledOut {
            text =
                text + " The \(change.change.kind ?? "change") “\(change.change.id)” is not the cause: it came later."
        }
        return text
    }

    /// All names; of many, a count of each kind.
    private func listed(_ entities: [EntityID]) -> RichText {
        entities.count > 8 ? RichText(wording.counts(entities)) : codes(entities).listed(limit: 8)
    }

    var noise: [ReportBlock] { groups([.knownIssue, .chronic, .suppressed]) }

    /// What was over before the alerts were read.
    var ended: [ReportBlock] { groups([.resolved]) }

    /// The alerts with one of these verdicts, those alike together with their reason.
    private func groups(_ verdicts: Set<Analysis.Verdict>) -> [ReportBlock] {
        var groups: [String: [Analysis.LedgerRow]] = [:]
        for row in analysis.ledger where verdicts.contains(row.verdict) {
            let sort = row.knownIssue?.id ?? "\(row.verdict.rawValue)\u{0}\(row.suppression ?? "")"
            groups["\(row.alert.shownName)\u{0}\(sort)", default: []].append(row)
        }
        let items = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value).map(noise)
        return items.isEmpty ? [] : [.list(items, isOrdered: true)]
    }

    private func noise(_ rows: [Analysis.LedgerRow]) -> ReportBlock.ListItem {
        guard let first = rows.first else { return ReportBlock.ListItem(text: "") }
        var reason = wording.reason(rows)
        if let issue = first.knownIssue, !first.alert.isMeta {
            reason = issue.id + (issue.reason.map { ": \($0)" } ?? "")
        }
        var item = ReportBlock.ListItem(text: "\(strong: first.alert.shownName) (\(rows.count)): \(reason)")
        for row in rows {
            guard let span = row.knownIssue?.outOfCharacterFor else { continue }
            let what = row.match.entity.map(code) ?? "\(code: row.alert.fingerprint)"
            item.details.append(
                "out of character: \(what) has been firing \(span.short) longer than it takes to settle"
            )
        }
        if first.knownIssue?.isReviewOverdue == true { item.details.append("its review is overdue") }
        return item
    }

    // MARK: Causes

    var rootCauses: [ReportBlock] {
        let ranks = ["Primary", "Secondary", "Tertiary"]
        return analysis.rootCauses.enumerated().flatMap { index, root -> [ReportBlock] in
            let rank = index < ranks.count ? ranks[index] : "Cause \(index + 1)"
            var rivals = root.alternatives.map { rival in
                let apart = wording.toTellApart(root, rival).map { ". To tell them apart: \($0)" } ?? ""
                return ReportBlock.ListItem(
                    text: "or \(wording.what(rival)), \(Wording.percent(rival.confidence)) % likely\(apart)"
                )
            }
            if root.omittedAlternatives > 0 {
                rivals.append(ReportBlock.ListItem(text: "or one of \(root.omittedAlternatives) more, none likelier"))
            }
            let text: RichText =
                "\(strong: rank): \(code(root.entity)) \(wording.shortSince(root)), "
                + "\(Wording.percent(root.confidence)) % likely."
            return [.paragraph(text)] + (rivals.isEmpty ? [] : [.list(rivals, isOrdered: false)])
        }
    }

    var impact: [ReportBlock] {
        var areas: [String: [Analysis.Affected]] = [:]
        for affected in analysis.affected {
            areas[analysis.topology.kind(of: affected.entity).area.rawValue, default: []].append(affected)
        }
        let items = areas.keys.sorted().map { area -> ReportBlock.ListItem in
            let found = areas[area] ?? []
            let roots = Set(analysis.rootCauses.map(\.entity))
            func part(_ label: String, _ isIn: (Analysis.Affected) -> Bool) -> RichText? {
                let entities = found.filter(isIn).map(\.entity)
                if entities.count <= 8 { return entities.isEmpty ? nil : "\(label): \(listed(entities))" }
                let causes = codes(entities.filter(roots.contains)).prefix(4)
                let rest = RichText(wording.counts(entities.filter { !roots.contains($0) }))
                return "\(label): \((causes + [rest]).joined(", "))"
            }
            func isSure(_ affected: Analysis.Affected) -> Bool {
                roots.contains(affected.entity) || wording.isSeen(affected)
            }
            let parts = [
                part("down") { $0.effect == .down && isSure($0) },
                part("degraded") { $0.effect == .degraded && isSure($0) },
                part("redundancy lost") { $0.effect == .reduced },
                part("expected, no alert") { $0.effect != .reduced && !isSure($0) && !wording.isUnclear($0) },
                unclear(found.filter { $0.effect != .reduced && !roots.contains($0.entity) && wording.isUnclear($0) }),
            ]
            return ReportBlock.ListItem(text: "\(strong: area): \(parts.compactMap(\.self).joined("; "))")
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    private func unclear(_ affected: [Analysis.Affected]) -> RichText? {
        affected.isEmpty ? nil : "expected: \(wording.withOtherAlerts(affected.map(\.entity)))"
    }

    var actions: [ReportBlock] {
        let items = analysis.actions.map { action in
            ReportBlock.ListItem(
                text: "\(strong: action.priority.rawValue): \(action.text) (\(wording.why(action)))"
            )
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: true)]
    }

    /// The actions as a table with room for what people decide.
    var actionItems: [ReportBlock] {
        guard !analysis.actions.isEmpty else { return [] }
        return [
            .table(
                ReportTable(
                    columns: ["Action item", "Priority", "Because", "Owner", "Bug"],
                    rows: analysis.actions.map {
                        ["\($0.text)", "\($0.priority.rawValue)", "\(wording.why($0))", "", ""]
                    }
                )
            )
        ]
    }

    var changes: [ReportBlock] {
        let items = analysis.changes.map { verdict in
            let ruling = verdict.ruling == .ruledOut ? "ruled out" : verdict.ruling.rawValue
            return ReportBlock.ListItem(
                text:
                    "\(verdict.change.kind ?? "change") “\(verdict.change.id)”: \(strong: ruling), \(wording.why(verdict))"
            )
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    /// How long each condition held before the first alert that it explains fired.
    var detection: [ReportBlock] {
        let items = analysis.rootCauses.compactMap { root -> ReportBlock.ListItem? in
            let fired = root.explains.compactMap { row in
                analysis.ledger[row].alert.startsAt.map { (at: $0, name: analysis.ledger[row].alert.shownName) }
            }
            guard let first = fired.min(by: { ($0.at, $0.name) < ($1.at, $1.name) }), let onset = root.onset else {
                return nil
            }
            let after = first.at > onset ? ", \((first.at - onset).short) after it began" : ""
            return ReportBlock.ListItem(
                text: "\(code(root.entity)): \(code: first.name) fired \(wording.moment(first.at))\(after)"
            )
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    // MARK: What is not known

    var openAlerts: [ReportBlock] {
        let items = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }.map { row in
            let place: RichText = row.match.entity.map { " on \(code($0))" } ?? ""
            return ReportBlock.ListItem(
                text: "\(code: row.alert.shownName)\(place) (\(row.verdict.words)): \(wording.reason(row))"
            )
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    var blindSpots: [ReportBlock] {
        var items = wording.blindSpots.map { group in
            var item = ReportBlock.ListItem(
                text:
                    "The \(group.observers.count == 1 ? "observer" : "observers") \(group.cause), so silence proves nothing:"
            )
            if !group.presumed.isEmpty { item.details.append("presumed to be affected: \(listed(group.presumed))") }
            if !group.unknown.isEmpty { item.details.append("not known: \(listed(group.unknown))") }
            return item
        }
        items += analysis.context.blind.map {
            ReportBlock.ListItem(text: "No answer from \($0.source)\($0.reason.map { ": \($0)" } ?? "")")
        }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    /// What people noted, but for what the blind spots say already.
    var notes: [ReportBlock] {
        let blind = analysis.context.blind.map(\.source)
        let items = analysis.context.notes
            .filter { note in !blind.contains { note.hasPrefix($0) } }
            .map { ReportBlock.ListItem(text: "\($0)") }
        return items.isEmpty ? [] : [.list(items, isOrdered: false)]
    }

    // MARK: Alerts

    /// What became of the alerts, in numbers that add up.
    var ledger: [ReportBlock] {
        let counts = analysis.counts
        let rows = Analysis.Verdict.allCases.compactMap { verdict in
            counts[verdict].map { [RichText(verdict.words), RichText("\($0)")] }
        }
        return [
            .table(
                ReportTable(
                    columns: ["Verdict", "Alerts"],
                    rows: rows + [["\(strong: "total")", "\(strong: String(analysis.ledger.count))"]]
                )
            )
        ]
    }

    var alerts: [ReportBlock] {
        let days = Set(analysis.ledger.compactMap { $0.alert.startsAt?.day }).count
        func time(_ time: Timestamp?) -> RichText {
            guard let time else { return "" }
            return days > 1 ? "\(time.day) \(time.hourAndMinute)" : "\(time.hourAndMinute)"
        }
        let sorted = analysis.ledger.indices.map { order(analysis.ledger[$0], $0) }.sorted(by: <)
        return [
            .table(
                ReportTable(
                    columns: ["Alert", "Entity", "Began", "Fired", "Verdict", "Why", "Links"],
                    rows: sorted.map { _, _, _, index in
                        let row = analysis.ledger[index]
                        return [
                            "\(code: row.alert.shownName)", row.match.entity.map(code) ?? "", time(row.onset.estimate),
                            time(row.alert.startsAt), "\(row.verdict.words)", "\(wording.reason(row))",
                            links([index]).joined(" · "),
                        ]
                    },
                    isLong: true
                )
            )
        ]
    }

    /// By verdict, as the ledger counts them; then by time.
    private func order(_ row: Analysis.LedgerRow, _ index: Int) -> (Int, Timestamp, String, Int) {
        let verdict = Analysis.Verdict.allCases.firstIndex(of: row.verdict) ?? 0
        return (verdict, row.alert.startsAt ?? .distantFuture, row.alert.shownName, index)
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
