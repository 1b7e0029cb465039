internal import Alerts
internal import BlastRadius
internal import Time
internal import Topology

/// The timeline as people read it: what happened in the same minute to several things is one line, a condition's
/// beginning and its alert's firing are two, and a root cause's beginning is not told twice.
struct ReportTimeline {
    struct Row {
        var at: Timestamp
        /// `began`, `fired`, `changed` or `observed`.
        var event: String
        var what: RichText
        /// How many steps it is from a root cause: in one minute, topology decides the order, not the clock.
        var depth = 0
    }

    /// What alerts have in common that are told together.
    private struct Sort: Hashable {
        var minute: Int64
        var event: String
        var name: String
    }

    private(set) var rows: [Row] = []
    private let analysis: Analysis
    private let wording: Wording

    /// - Complexity: O(n log n) in the number of events.
    init(_ analysis: Analysis) {
        self.analysis = analysis
        wording = Wording(analysis: analysis)
        addEvents()
        addSetAside()
        rows = rows.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            return (one.at.minute, one.depth, one.at, left.offset) < (
                other.at.minute, other.depth, other.at, right.offset
            )
        }
        .map(\.element)
    }

    private mutating func addEvents() {
        var groups: [(at: Timestamp, event: String, ledger: [Int])] = []
        var places: [Sort: Int] = [:]
        let told = Set(analysis.rootCauses.filter { !wording.isOnsetInferred($0) }.compactMap(\.datedBy))
        for event in analysis.timeline {
            switch event.what {
            case .rootOnset(let index):
                let root = analysis.rootCauses[index]
                let source = wording.onsetSource(root).map { " (\($0))" } ?? ""
                let name = wording.name(root.entity)
                add(event, "\(code: name) \(wording.state(root.effect)): root cause \(index + 1)\(source)")
            case .onset(let all), .fired(let all):
                let ledger = all.filter { analysis.ledger[$0].verdict != .chronic }
                if ledger.isEmpty { continue }
                let sort = wording.sort(event)
                // The row of a root cause says already that the condition of its alerts began.
                if sort == "began", !told.isDisjoint(with: ledger) { continue }
                let name = analysis.ledger[ledger[0]].alert.shownName
                let key = Sort(minute: event.at.minute, event: sort, name: name)
                if let place = places[key] {
                    groups[place].ledger += ledger
                } else {
                    places[key] = groups.count
                    groups.append((event.at, sort, ledger))
                }
            case .changed(let index):
                let verdict = analysis.changes[index]
                let ruling =
                    switch verdict.ruling {
                    case .ruledOut: "ruled out as the cause"
                    case .candidate: "a candidate cause"
                    case .unrelated: "unrelated"
                    }
                add(event, "\(verdict.change.kind ?? "change") “\(verdict.change.id)”, \(ruling)")
            case .observed(let index): addObservation(event, index)
            }
        }
        for group in groups {
            let condition: RichText = group.event == "began" ? "condition of " : ""
            let what = condition + alerts(group.ledger)
            rows.append(Row(at: group.at, event: group.event, what: what, depth: depth(of: group.ledger)))
        }
    }

    private mutating func add(_ event: Analysis.Event, _ what: RichText) {
        rows.append(Row(at: event.at, event: wording.sort(event), what: what))
    }

    private mutating func addObservation(_ event: Analysis.Event, _ index: Int) {
        let seen = analysis.observations[index]
        let since = seen.observation.since.map { " since \(wording.moment($0))" } ?? ""
        let source = seen.observation.source.map { ": \($0)" } ?? ""
        let tail = " \(seen.observation.state.rawValue)\(since)\(source)"
        let last = rows.last
        if let last, last.at == event.at, last.event == "observed", last.what.pieces.last == .text(tail) {
            rows[rows.count - 1].what.pieces.removeLast()
            rows[rows.count - 1].what = rows[rows.count - 1].what + ", \(code: wording.name(seen.entity))\(tail)"
        } else {
            add(event, "\(code: wording.name(seen.entity))\(tail)")
        }
    }

    /// The fewest steps between a root cause and what one of these alerts is about; the unexplained come last.
    private func depth(of ledger: [Int]) -> Int {
        let steps = ledger.map { row -> Int in
            let row = analysis.ledger[row]
            return row.verdict == .root ? 0 : row.because.isEmpty ? .max : row.via.count + 1
        }
        return steps.min() ?? .max
    }

    /// Alerts that are set aside but fired while this went on: readers look for them.
    private mutating func addSetAside() {
        guard let first = wording.beginning else { return }
        var groups: [String: (ledger: [Int], times: [Timestamp])] = [:]
        for (index, row) in analysis.ledger.enumerated() where row.verdict == .knownIssue || row.verdict == .chronic {
            guard let fired = row.alert.startsAt, fired >= first else { continue }
            groups[row.alert.shownName, default: ([], [])].ledger.append(index)
            groups[row.alert.shownName]?.times.append(fired)
        }
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            guard let start = group.times.min(), let end = group.times.max() else { continue }
            let issue = group.ledger.first.flatMap { analysis.ledger[$0].knownIssue?.id }
            let reason = issue.map { "known issue \($0)" } ?? "chronic"
            let span = start.minute == end.minute ? "" : ", the last at \(wording.moment(end))"
            rows.append(Row(at: start, event: "fired", what: alerts(group.ledger) + " (\(reason)\(span))", depth: .max))
        }
    }

    private func alerts(_ ledger: [Int]) -> RichText {
        let name = ledger.first.map { analysis.ledger[$0].alert.shownName } ?? ""
        let count = ledger.count == 1 ? "" : "\(ledger.count) × "
        let entities = wording.entities(of: ledger).map { RichText("\(code: wording.name($0))") }
        let place: RichText = entities.isEmpty ? "" : " on \(entities.listed())"
        return "\(count)\(code: name)\(place)"
    }
}

extension Timestamp {
    /// The minute that it is in, counted from 1970.
    fileprivate var minute: Int64 { milliseconds / 60_000 }
}
