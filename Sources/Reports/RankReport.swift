public import BlastRadius
package import Diagram
internal import JSON
internal import Simulation
internal import Topology

/// What the loss of each entity costs, in every form.
public enum RankReport {
    /// For a terminal, ending in a line break, with ANSI colours if asked for.
    ///
    /// Lines are wrapped to fit `width` columns, 40 at least.
    public static func summary(
        _ ranking: RiskRanking,
        colours: Bool = false,
        width: Int = TerminalReport.usualWidth
    ) -> String {
        document(ranking).terminal(colours: colours, width: max(TerminalReport.leastWidth, width))
    }

    /// As Markdown (GFM) with a picture as large as one screen holds, ending in a line break.
    public static func markdown(_ ranking: RiskRanking) -> String {
        markdown(ranking, picture: Diagram(picture(ranking)))
    }

    /// The same with a picture that was drawn up before, within the limits of Mermaid.
    package static func markdown(_ ranking: RiskRanking, picture diagram: Diagram) -> String {
        document(ranking).markdown(mermaid: diagram.mermaid)
    }

    /// As one self-contained page, ending in a line break.
    ///
    /// `svg` is the picture, or nil when it could not be drawn.
    public static func html(_ ranking: RiskRanking, svg: [UInt8]?) -> String { document(ranking).html(svg: svg) }

    // MARK: Words

    private static func document(_ ranking: RiskRanking) -> ReportDocument {
        let topology = ranking.topology
        return ReportDocument(
            title: "What losses cost\(topology.name.map { " on \($0)" } ?? "")",
            summary: [summaryLine(ranking), coverage(ranking.pairs.coverage)],
            sections: [
                .init(heading: "Single losses", blocks: losses(ranking)),
                .init(heading: "Worse together than apart", blocks: pairs(ranking)),
                .init(heading: "Hanging on most single losses", blocks: dependents(ranking)),
                .init(heading: "No redundancy at all", blocks: withoutRedundancy(ranking)),
            ]
        )
    }

    private static func withoutRedundancy(_ ranking: RiskRanking) -> [ReportBlock] {
        let names = ranking.singles.withoutRedundancy.map(ranking.topology.name)
        guard !names.isEmpty else { return [] }
        let count = Wording.count(names.count, "entity needs", "entities need")
        return [.paragraph("\(count) others, and nothing upstream is doubled: \(names: names, limit: 12).")]
    }

    private static func summaryLine(_ ranking: RiskRanking) -> RichText {
        let (singles, pairs) = (ranking.singles, ranking.pairs)
        let listed =
            singles.losses.count < singles.lossCount
            ? ", the \(singles.losses.count == 1 ? "" : "\(singles.losses.count) ")costliest listed" : ""
        let counts = [
            Wording.count(singles.lossCount, "loss", "losses") + listed,
            "\(singles.singlePointCount) \(singles.singlePointCount == 1 ? "takes" : "take") others down",
            (pairs.coverage.isComplete ? "" : "at least ")
                + Wording.count(pairs.found, "pair is worse than its parts", "pairs are worse than their parts"),
            "\(singles.withoutRedundancy.count) without any redundancy",
        ]
        return "\(counts.joined(separator: " · "))"
    }

    private static func coverage(_ coverage: PairLosses.Coverage) -> RichText {
        if coverage.isComplete { return "Single losses and pairs are exact: all were worked out." }
        return
            "Single losses are exact. Pairs: \(coverage.groupsExamined) of \(coverage.groups) redundancy groups and \(coverage.pairsExamined) pairs were gone through, the costliest groups first; --pair-budget sets how far."
    }

    private static func losses(_ ranking: RiskRanking) -> [ReportBlock] {
        let topology = ranking.topology
        guard !ranking.singles.losses.isEmpty else { return [] }
        let takes = Dictionary(
            uniqueKeysWithValues: ranking.singles.singlePointsOfFailure.map { ($0.entity, $0.of) }
        )
        return [
            .table(
                ["cost", "down", "degraded", "entity", "takes down"],
                ranking.singles.losses.map { loss in
                    let others = takes[loss.entity].map { worst($0, topology) }
                    let unlisted: RichText = loss.down > 1 ? "\(Wording.count(loss.down - 1, "other"))" : ""
                    return [
                        "\(Wording.amount(loss.cost))", "\(loss.down)", "\(loss.degraded)",
                        .code(topology.name(of: loss.entity)), others.map { "\(names: $0, limit: 3)" } ?? unlisted,
                    ]
                }
            )
        ]
    }

    /// The most critical first.
    private static func worst(_ entities: [EntityID], _ topology: Topology) -> [String] {
        entities.sorted { (topology.criticality(of: $1), $0) < (topology.criticality(of: $0), $1) }.map(topology.name)
    }

    private static func pairs(_ ranking: RiskRanking) -> [ReportBlock] {
        let topology = ranking.topology
        guard !ranking.pairs.pairs.isEmpty else { return [] }
        return [
            .table(
                ["cost", "beyond the sum", "entities", "together they break"],
                ranking.pairs.pairs.map { pair in
                    let further = pair.onlyTogether.count - pair.brokenGroups.count
                    let rest: RichText = further > 0 ? ", and with it \(further) more" : ""
                    return [
                        "\(Wording.amount(pair.cost))", "\(Wording.amount(pair.beyondSum))",
                        "\(names: pair.entities.map(topology.name))",
                        "\(names: worst(pair.brokenGroups, topology), limit: 3)\(rest)",
                    ]
                }
            )
        ]
    }

    private static func dependents(_ ranking: RiskRanking) -> [ReportBlock] {
        let topology = ranking.topology
        guard !ranking.singles.dependents.isEmpty else { return [] }
        return [
            .table(
                ["losses", "entity", "each of which takes it down"],
                ranking.singles.dependents.map { entry in
                    [
                        "\(entry.on.count)", .code(topology.name(of: entry.entity)),
                        "\(names: entry.on.map(topology.name), limit: 6)",
                    ]
                }
            )
        ]
    }

    // MARK: JSON

    /// As JSON, `schemaVersion` 1: docs/schema/rank.schema.json.
    ///
    /// - Complexity: O(size of the ranking), which is the sum of what each listed loss takes down.
    public static func json(_ ranking: RiskRanking) -> [UInt8] {
        let topology = ranking.topology
        func names(_ entities: [EntityID]) -> [String] { entities.map(topology.name) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schemaVersion", 1)
            if let name = topology.name { writer.member("platform", name) }
            write(ranking.options.weights, to: &writer)
            writer.array("losses") { writer in
                for loss in ranking.singles.losses {
                    writer.object {
                        $0.member("entity", topology.name(of: loss.entity))
                        $0.member("cost", loss.cost)
                        $0.member("down", loss.down)
                        $0.member("degraded", loss.degraded)
                    }
                }
            }
            writer.member("lossCount", ranking.singles.lossCount)
            writer.array("pairs") { writer in
                for pair in ranking.pairs.pairs {
                    writer.object {
                        $0.member("entities", names(pair.entities))
                        $0.member("cost", pair.cost)
                        $0.member("beyondSum", pair.beyondSum)
                        $0.member("onlyTogether", names(pair.onlyTogether))
                        $0.member("brokenGroups", names(pair.brokenGroups))
                    }
                }
            }
            writer.object("pairCoverage") {
                let coverage = ranking.pairs.coverage
                $0.member("complete", coverage.isComplete)
                $0.member("groups", coverage.groups)
                $0.member("groupsExamined", coverage.groupsExamined)
                $0.member("pairsExamined", coverage.pairsExamined)
                $0.member("pairsFound", ranking.pairs.found)
            }
            writer.array("singlePointsOfFailure") { writer in
                for point in ranking.singles.singlePointsOfFailure {
                    writer.object {
                        $0.member("entity", topology.name(of: point.entity))
                        $0.member("of", names(point.of))
                    }
                }
            }
            writer.member("singlePointCount", ranking.singles.singlePointCount)
            writer.array("dependents") { writer in
                for entry in ranking.singles.dependents {
                    writer.object {
                        $0.member("entity", topology.name(of: entry.entity))
                        $0.member("on", names(entry.on))
                    }
                }
            }
            writer.member("dependentCount", ranking.singles.dependentCount)
            writer.member("withoutRedundancy", names(ranking.singles.withoutRedundancy))
        }
        return writer.takeFile()
    }

    private static func write(_ weights: LossWeights, to writer: inout JSONWriter) {
        writer.object("weights") { writer in
            for criticality in Criticality.allCases { writer.member(criticality.rawValue, weights[criticality]) }
            writer.member("degradedShare", weights.degradedShare)
        }
    }

    // MARK: Picture

    /// How many losses a picture shows unless the ranking lists fewer.
    private static let drawnLosses = 5

    /// What to draw: the costliest single losses and what each takes down.
    ///
    /// - Complexity: O(what they take down and the needs of it).
    package static func picture(_ ranking: RiskRanking) -> DiagramSource {
        let topology = ranking.topology
        let drawn = Array(ranking.singles.losses.prefix(drawnLosses))
        let takes = Dictionary(
            uniqueKeysWithValues: ranking.singles.singlePointsOfFailure.map { ($0.entity, $0.of) }
        )
        var statuses: [EntityID: EntityStatus] = [:]
        for loss in drawn {
            for entity in takes[loss.entity] ?? [] { statuses[entity] = EntityStatus(.affected(.down)) }
        }
        for (index, loss) in drawn.enumerated() {
            var status = EntityStatus(.root(rank: index + 1), facts: ["cost \(Wording.amount(loss.cost))"])
            status.facts.append("takes down \(loss.down - 1), degrades \(loss.degraded)")
            status.words = "LOSS \(index + 1)"
            statuses[loss.entity] = status
        }
        var arrows: [CauseArrow] = []
        for entity in statuses.keys.sorted() {
            for need in topology.requirements(of: entity) where need.strength == .hard {
                let drawnMembers = need.members.filter { statuses[$0] != nil }
                arrows += drawnMembers.map {
                    CauseArrow(from: $0, to: entity, kind: need.isGroup ? .possible : .carries)
                }
            }
        }
        var source = DiagramSource(
            topology: topology,
            statuses: statuses,
            causes: arrows,
            title: drawn.count == 1 ? "The costliest loss" : "The \(drawn.count) costliest losses, each by itself",
            facts: [summaryLine(ranking).plain],
            heading: topology.name
        )
        source.meanings = [.root: "lost by itself", .down: "goes down with one of them"]
        source.arrowMeanings = [.possible: "takes down together with others"]
        return source
    }
}
