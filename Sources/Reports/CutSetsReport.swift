public import BlastRadius
package import Diagram
internal import JSON
public import Simulation
internal import Time
internal import Topology

/// The minimal sets of losses that bring an entity down, in every form.
public enum CutSetsReport {
    /// For a terminal, ending in a line break, with ANSI colours if asked for.
    ///
    /// Lines are wrapped to fit `width` columns, 40 at least.
    public static func summary(
        _ sets: CutSets,
        _ platform: Platform,
        colours: Bool = false,
        width: Int = TerminalReport.usualWidth
    ) -> String {
        document(sets, platform.topology).terminal(
            colours: colours,
            width: max(TerminalReport.leastWidth, width),
            limit: 20
        )
    }

    /// As Markdown (GFM) with a picture as large as one screen holds, ending in a line break.
    public static func markdown(_ sets: CutSets, _ platform: Platform) -> String {
        markdown(sets, platform, picture: Diagram(picture(sets, platform)))
    }

    /// The same with a picture that was drawn up before, within the limits of Mermaid.
    package static func markdown(_ sets: CutSets, _ platform: Platform, picture diagram: Diagram) -> String {
        document(sets, platform.topology).markdown(mermaid: diagram.mermaid)
    }

    /// As one self-contained page, ending in a line break.
    ///
    /// `svg` is the picture, or nil when it could not be drawn.
    public static func html(_ sets: CutSets, _ platform: Platform, svg: [UInt8]?) -> String {
        document(sets, platform.topology).html(svg: svg)
    }

    // MARK: Words

    private static func document(_ sets: CutSets, _ topology: Topology) -> ReportDocument {
        let orders = Set(sets.cutSets.map(\.members.count)).sorted()
        let found = orders.map { order -> ReportDocument.Section in
            let members = sets.cutSets.filter { $0.members.count == order }.sorted {
                $0.probability != $1.probability
                    ? $0.probability > $1.probability : $0.members.lexicographicallyPrecedes($1.members)
            }
            let rows = members.map { set -> [RichText] in
                ["\(yearly(set.probability))", "\(names: set.members.map(topology.name), limit: 20)"]
            }
            let heading = order == 1 ? "Any one of these" : "Any \(order) of these together"
            return .init(heading: heading, blocks: [.table(["down a year", order == 1 ? "loss" : "losses"], rows)])
        }
        return ReportDocument(
            title: "What brings \(code: topology.name(of: sets.entity)) down",
            summary: [counts(sets), availability(sets), completeness(sets)].compactMap(\.self),
            sections: found + [.init(heading: "Assumptions", blocks: [.list(assumptions(sets.availability))])]
        )
    }

    private static func counts(_ sets: CutSets) -> RichText {
        let greatest = sets.isExhaustive ? sets.cutSets.map(\.members.count).max() ?? 1 : sets.completeOrder
        let parts = (1...max(1, greatest)).map { order in
            let count = sets.cutSets.count { $0.members.count == order }
            return switch order {
            case 1: Wording.count(count, "single loss", "single losses")
            case 2: Wording.count(count, "pair")
            case 3: Wording.count(count, "triple")
            default: "\(Wording.count(count, "set")) of \(order)"
            }
        }
        return "\((parts + (sets.isExhaustive ? ["no larger set"] : [])).joined(separator: " · "))"
    }

    private static func availability(_ sets: CutSets) -> RichText? {
        guard sets.completeOrder > 0 else { return nil }
        let estimate = sets.availability
        return
            "Expected: down \(yearly(estimate.unavailability)) a year, \(percent(estimate.availability)) % available."
    }

    private static func completeness(_ sets: CutSets) -> RichText? {
        if sets.isComplete { return nil }
        return sets.completeOrder == 0
            ? "The search went past its budget: not even the single losses are complete."
            : "Complete up to \(sets.completeOrder) losses, not \(sets.order): the search went past its budget."
    }

    private static func assumptions(_ estimate: AvailabilityEstimate) -> [RichText] {
        estimate.assumptions.map { assumption in
            switch assumption {
            case .independentFaults: "entities fail independently of one another, beyond what the topology says"
            case .steadyState(let hours):
                "each fails as often as its kind does (check --kinds) and is down for \(duration(hours: hours)) on average"
            case .cutSetsUpTo(let order): "only sets of at most \(Wording.count(order, "loss", "losses")) count"
            case .noRescheduling: "what could run elsewhere stays where it is"
            }
        }
    }

    /// A chance as the time that it comes to in a year.
    private static func yearly(_ chance: Double) -> String {
        duration(hours: chance * AvailabilityEstimate.hoursPerYear)
    }

    private static func duration(hours: Double) -> String {
        let span = Span(milliseconds: Int64((min(max(hours, 0), 1e9) * 3_600_000).rounded()))
        return span < .seconds(1) && hours > 0 ? "under 1s" : span.short
    }

    /// Per cent with as many nines as it has, and one digit more.
    private static func percent(_ share: Double) -> String {
        var scale = 100.0
        while scale < 1e9, (1 - share) * scale < 1 { scale *= 10 }
        let digits = Int((share * scale).rounded(.down))
        let unit = Int(scale) / 100
        let fraction = String(digits % unit)
        let padding = String(repeating: "0", count: max(0, String(unit).count - 1 - fraction.count))
        return unit == 1 ? "\(digits)" : "\(digits / unit).\(padding)\(fraction)"
    }

    // MARK: JSON

    /// As JSON, `schemaVersion` 1: docs/schema/cut-sets.schema.json.
    ///
    /// - Complexity: O(members of all sets).
    public static func json(_ sets: CutSets, _ platform: Platform) -> [UInt8] {
        let topology = platform.topology
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schemaVersion", 1)
            if let name = topology.name { writer.member("platform", name) }
            writer.member("entity", topology.name(of: sets.entity))
            writer.member("order", sets.order)
            writer.array("cutSets") { writer in
                for set in sets.cutSets {
                    writer.array { writer in
                        for member in set.members { writer.value(topology.name(of: member)) }
                    }
                }
            }
            writer.member("complete", sets.isComplete)
            writer.member("completeOrder", sets.completeOrder)
            writer.member("exhaustive", sets.isExhaustive)
            writer.array("probabilities") { writer in
                for set in sets.cutSets { writer.value(set.probability) }
            }
            writer.object("availability") {
                $0.member("availability", sets.availability.availability)
                $0.member("unavailability", sets.availability.unavailability)
                $0.member("rareEventUnavailability", sets.availability.rareEventUnavailability)
                $0.member("hoursDownPerYear", sets.availability.hoursDownPerYear)
                $0.member("assumptions", assumptions(sets.availability).map(\.plain))
            }
        }
        return writer.takeFile()
    }

    // MARK: Picture

    /// What to draw: the entity, and the members of its cut sets on the way to it.
    ///
    /// - Complexity: O(members and their needs).
    package static func picture(_ sets: CutSets, _ platform: Platform) -> DiagramSource {
        let topology = platform.topology
        var least: [EntityID: Int] = [:]
        for set in sets.cutSets.reversed() { for member in set.members { least[member] = set.members.count } }
        var statuses: [EntityID: EntityStatus] = [:]
        var rank = 0
        for entity in least.keys.sorted() where entity != sets.entity {
            if least[entity] == 1 { rank += 1 }
            let order = least[entity] ?? 1
            var status = EntityStatus(order == 1 ? .root(rank: rank) : .reduced)
            status.words = order == 1 ? "ENDS IT ALONE" : "ENDS IT WITH \(order - 1) MORE"
            statuses[entity] = status
        }
        statuses[sets.entity] = EntityStatus(.affected(.down))
        statuses[sets.entity]?.words = "GOES DOWN"
        var arrows: [CauseArrow] = []
        for entity in statuses.keys.sorted() {
            for need in topology.requirements(of: entity) where need.strength == .hard {
                let kind: CauseArrow.Kind = need.members.count == need.minimum ? .carries : .possible
                arrows += need.members.map { CauseArrow(from: $0, to: entity, kind: kind) }
            }
        }
        var source = DiagramSource(
            topology: topology,
            statuses: statuses,
            causes: arrows,
            title: "What brings \(topology.name(of: sets.entity)) down",
            facts: [counts(sets), availability(sets), completeness(sets)].compactMap { $0?.plain },
            heading: topology.name
        )
        source.meanings = [
            .root: "its loss alone is enough", .reduced: "its loss is enough with others", .down: "goes down",
        ]
        source.arrowMeanings = [.possible: "takes down together with others"]
        return source
    }
}
