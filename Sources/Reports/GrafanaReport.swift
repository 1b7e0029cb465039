public import BlastRadius
internal import Diagram
internal import JSON
internal import Topology

/// The picture as data for Grafana's node graph panel: `{"nodes": […], "edges": […]}`, one row for each.
///
/// The fields are those that Grafana's documentation names under "Node graph", data API, in lower case. The Infinity data
/// source reads the rows with `nodes` and `edges` as root selectors.
public enum GrafanaReport {
    /// The panel draws no more nodes than these.
    public static let nodeLimit = 1_500

    /// The JSON, ending in a line break.
    ///
    /// What does not fit is left out, the least important first, and counted in `omittedNodes`.
    ///
    /// - Complexity: O(n log n) in the number of affected entities.
    public static func render(_ analysis: Analysis, limit: Int = nodeLimit) -> [UInt8] {
        let source = DiagramReport.source(analysis)
        let ordered = source.statuses.sorted {
            ($0.value.role.importance, $0.value.role.rank ?? 0, $0.key)
                < ($1.value.role.importance, $1.value.role.rank ?? 0, $1.key)
        }
        let kept = Set(ordered.prefix(limit).map(\.key))
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("nodes") { writer in
                for (entity, status) in ordered.prefix(limit) {
                    writer.object { node(entity, status, source.topology, &$0) }
                }
            }
            writer.array("edges") { writer in
                var seen: Set<CauseArrow> = []
                for arrow in source.causes where kept.contains(arrow.from) && kept.contains(arrow.to) {
                    guard seen.insert(arrow).inserted else { continue }
                    writer.object { edge(arrow, source.topology, &$0) }
                }
            }
            writer.member("omittedNodes", ordered.count - kept.count)
        }
        return writer.takeFile()
    }

    private static func node(
        _ entity: EntityID,
        _ status: EntityStatus,
        _ topology: Topology,
        _ writer: inout JSONWriter
    ) {
        let style = status.role.style
        let isRoot = style == .root
        let site = topology.site(of: entity).map { " · \(topology.shortName(of: $0))" } ?? ""
        writer.member("id", topology.name(of: entity))
        writer.member("title", topology.shortName(of: entity))
        writer.member("subtitle", topology.kind(of: entity).label + site)
        writer.member("mainstat", style.words(rank: status.role.rank)?.lowercased() ?? "")
        writer.member("secondarystat", status.since.map { "since \($0)" } ?? "")
        writer.member("color", Palette.tones(of: style).line.light)
        writer.member("noderadius", isRoot ? 60 : 40)
        writer.member("highlighted", isRoot)
        writer.member("detail__alerts", status.alertCount)
        writer.member("detail__state", status.state ?? "")
        writer.member("detail__confidence", status.confidence.map { "\(EntityStatus.percent($0)) %" } ?? "")
        writer.member("detail__facts", status.facts.joined(separator: "; "))
    }

    private static func dashes(_ kind: CauseArrow.Kind) -> String {
        switch kind {
        case .carries, .harms, .needs: ""
        case .possible: "6 4"
        case .misreports, .observes, .blinds: "2 3"
        }
    }

    private static func edge(_ arrow: CauseArrow, _ topology: Topology, _ writer: inout JSONWriter) {
        let ends = (topology.name(of: arrow.from), topology.name(of: arrow.to))
        // A witness points at what it saw.
        let (from, to) = arrow.kind == .observes ? (ends.1, ends.0) : ends
        writer.member("id", "\(from) \(arrow.kind.word) \(to)")
        writer.member("source", from)
        writer.member("target", to)
        writer.member("mainstat", Diagram.LegendEntry.arrow(arrow.kind).meaning)
        writer.member(
            "secondarystat",
            arrow.skipped == 0 ? "" : Wording.count(arrow.skipped, "step left out", "steps left out")
        )
        writer.member("color", Palette.tone(of: arrow.kind).light)
        writer.member("thickness", arrow.kind == .carries ? 3 : 1)
        writer.member("strokedasharray", dashes(arrow.kind))
    }
}
