internal import Alerts
public import Diagnostics
internal import Inference
internal import Topology
public import TopologyFormats

extension IncidentTest {
    /// Reads a test from its file.
    public static func load(_ file: InputFile) -> (test: IncidentTest?, diagnostics: [Diagnostic]) {
        IncidentTestReader.read(
            file.bytes,
            file: file.path,
            verdicts: Analysis.Verdict.allCases.map(\.rawValue)
        )
    }

    /// Where an analysis falls short of what the test expects, at the line that says so; empty when it passes.
    ///
    /// - Complexity: O(expectations × log entities + alerts).
    public func differences(from analysis: Analysis) -> [Diagnostic] {
        var differences: [Diagnostic] = []
        func differ(_ code: String, _ summary: String, at place: SourceLocation?, fix: String? = nil) {
            differences.append(Diagnostic(.error, code, summary, at: place ?? SourceLocation(file: ""), fix: fix))
        }
        let topology = analysis.platform.topology
        var nearestNames = NearestNames()
        let found = Set(analysis.rootCauses.map(\.entity))
        func entity(_ named: IncidentContext.Named) -> EntityID? {
            let found = analysis.platform.topology.entities(called: named.name)
            if found.entity == nil {
                differences.append(
                    analysis.platform.topology.finding(of: found, called: named.name, at: named.location, &nearestNames)
                )
            }
            return found.entity
        }
        if let expected = expect.rootCauses {
            var wanted: Set<EntityID> = []
            for named in expected {
                guard let entity = entity(named) else { continue }
                wanted.insert(entity)
                guard !found.contains(entity) else { continue }
                differ(
                    "not-found",
                    "\(named.name) is no root cause; \(analysis.standing(of: entity))",
                    at: named.location
                )
            }
            for root in analysis.rootCauses where !wanted.contains(root.entity) {
                let share = Int((root.confidence * 100).rounded())
                differ(
                    "unexpected-root-cause",
                    "\(topology.name(of: root.entity)) is a root cause (\(share) %), which the test does not list",
                    at: expected.first?.location
                )
            }
        }
        for named in expect.notBlamed {
            if let entity = entity(named), found.contains(entity) {
                differ("blamed", "\(named.name) is a root cause, and must not be", at: named.location)
            }
        }
        let affected = found.union(analysis.affected.map(\.entity))
        for named in expect.affected {
            if let entity = entity(named), !affected.contains(entity) {
                differ("not-affected", "\(named.name) is not affected", at: named.location)
            }
        }
        for rule in expect.verdicts {
            let rows = analysis.ledger.filter { $0.alert.name == rule.alertName }
            let others = rows.filter { !rule.verdicts.contains($0.verdict.rawValue) }
            if rows.isEmpty {
                let nearest = nearestNames.nearest(
                    to: rule.alertName,
                    among: Set(analysis.ledger.map(\.alert.name)).sorted()
                )
                differ(
                    "no-such-alert",
                    "no alert is named '\(rule.alertName)'",
                    at: rule.location,
                    fix: nearest.map { "did you mean '\($0)'?" }
                )
            } else if let first = others.first {
                let about = first.match.entity.map { " (\(topology.name(of: $0)))" } ?? ""
                differ(
                    "other-verdict",
                    "\(others.count) of \(rows.count) \(rule.alertName) are not \(rule.verdicts.joined(separator: " or ")): "
                        + "the first\(about) is \(first.verdict.rawValue)",
                    at: rule.location
                )
            }
        }
        if let proven = expect.proven, proven != analysis.optimality.isProven {
            differ("other-proof", "the answer is \(proven ? "not proven" : "proven")", at: nil)
        }
        return differences
    }
}

extension Analysis {
    /// How far an entity that is no root cause came.
    fileprivate func standing(of entity: EntityID) -> String {
        for root in rootCauses {
            guard let rival = root.alternatives.first(where: { $0.entity == entity }) else { continue }
            return
                "it is the alternative to \(platform.topology.name(of: root.entity)), with \(Int((rival.confidence * 100).rounded())) %"
        }
        guard let place = ranking.firstIndex(where: { $0.entity == entity }) else { return "nothing speaks for it" }
        return "it is number \(place + 1) of \(ranking.count) in the ranking"
    }
}
