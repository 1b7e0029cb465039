internal import Alerts
public import Time
public import Topology

/// Alerts of one name about several things that began together, though nothing in the topology is said to have caused them
/// together.
public struct Burst: Sendable {
    /// The name of the alerts.
    public var alertName: String
    /// The alerts that nothing explains, and those that date root causes, as indices into ``Analysis/ledger``, by time.
    public var alerts: [Int]
    /// The root causes that are dated so, as indices into ``Analysis/rootCauses``, ascending.
    public var rootCauses: [Int]
    /// When the first began.
    public var start: Timestamp
    /// When the last began, a minute later at most.
    public var end: Timestamp
    /// The kind that all of what alerts has, by its name; nil where there are several.
    public var kind: String?
    /// The site that all of it stands in; nil where there are several, or none is known.
    public var site: EntityID?
    /// Who watches all of it, or saw all of it, by entity.
    public var observers: [EntityID]
}

extension Analysis {
    /// The bursts of the incident, by time: three or more things with an alert of one name that nothing explains, or three or
    /// more root causes of one kind that an alert of one name dates, within a minute.
    ///
    /// - Complexity: O(alerts × log alerts).
    public var bursts: [Burst] {
        var beginnings: [String: [Beginning]] = [:]
        for (index, row) in ledger.enumerated() where row.verdict == .unexplained {
            guard let at = row.onset.estimate, let entity = row.match.entity else { continue }
            beginnings[row.alert.name, default: []].append(Beginning(at: at, row: index, entity: entity))
        }
        for (index, root) in rootCauses.enumerated() {
            guard let row = root.datedBy, let at = root.onset, let entity = ledger[row].match.entity else { continue }
            beginnings[ledger[row].alert.name, default: []]
                .append(Beginning(at: at, row: row, entity: entity, root: index))
        }
        return beginnings.sorted { $0.key < $1.key }.flatMap { bursts(of: $0.key, $0.value) }
            .sorted { ($0.start, $0.alertName) < ($1.start, $1.alertName) }
    }

    /// When an alert began that nothing explains, or that dates a root cause.
    private struct Beginning {
        var at: Timestamp
        var row: Int
        var entity: EntityID
        var root: Int?
    }

    private func bursts(of name: String, _ beginnings: [Beginning]) -> [Burst] {
        let sorted = beginnings.sorted { ($0.at, $0.row, $0.root ?? -1) < ($1.at, $1.row, $1.root ?? -1) }
        var bursts: [Burst] = []
        var (first, end) = (0, 0)
        // How many beginnings of the minute are about each thing that nothing explains, and of root causes of each kind.
        var open: [EntityID: Int] = [:]
        var alike: [Int32: Int] = [:]
        func count(_ beginning: Beginning, _ change: Int) {
            if let root = beginning.root {
                alike[topology.kindIndices[rootCauses[root].entity.index], default: 0] += change
            } else {
                let left = open[beginning.entity, default: 0] + change
                open[beginning.entity] = left == 0 ? nil : left
            }
        }
        while first < sorted.count {
            while end < sorted.count, sorted[end].at - sorted[first].at <= .minutes(1) {
                count(sorted[end], 1)
                end += 1
            }
            if open.count >= 3 || alike.values.contains(where: { $0 >= 3 }) {
                bursts.append(burst(of: name, sorted[first..<end]))
                first = end
                (open, alike) = ([:], [:])
            } else {
                count(sorted[first], -1)
                first += 1
            }
        }
        return bursts
    }

    /// What began within a minute as a burst.
    private func burst(of name: String, _ beginnings: ArraySlice<Beginning>) -> Burst {
        let start = beginnings[beginnings.startIndex].at
        let end = beginnings[beginnings.endIndex - 1].at
        let roots = Set(beginnings.compactMap(\.root)).sorted()
        var told: Set<Int> = []
        let rows = beginnings.map(\.row).filter { told.insert($0).inserted }
        let entities = Set(beginnings.map(\.entity)).sorted()
        let kinds = Set(entities.map { topology.kind(of: $0).name })
        let sites = Set(entities.map(topology.site))
        return Burst(
            alertName: name,
            alerts: rows,
            rootCauses: roots,
            start: start,
            end: end,
            kind: kinds.count == 1 ? kinds.first : nil,
            site: sites.count == 1 ? sites.first ?? nil : nil,
            observers: observers(of: rows)
        )
    }

    /// Who watches what all of these alerts are about, or saw it.
    private func observers(of rows: [Int]) -> [EntityID] {
        let each = rows.map { row in
            let watching = ledger[row].match.entity.map { topology.details(of: $0).observers } ?? []
            return Set(watching + [ledger[row].match.witness].compactMap(\.self))
        }
        return each.dropFirst().reduce(each.first ?? []) { $0.intersection($1) }.sorted()
    }
}
