package import Alerts
public import BlastRadius
internal import Diagnostics
internal import JSON
internal import Topology

/// Which entity and rule each alert maps to, and a rule to paste for each that maps to none.
public enum MatchReport {
    /// For a terminal, ending in a line break: what each alert maps to and why, how many do, and rules for the rest.
    ///
    /// Control characters of the inputs are replaced.
    public static func render(_ analysis: Analysis) -> String {
        let wording = Wording(analysis: analysis)
        let mapper = AlertMapper(topology: analysis.topology, rules: analysis.platform.rules)
        var lines: [String] = []
        for row in analysis.ledger {
            lines.append("\(row.alert.fingerprint)  \(row.alert.shownName.withVisibleControls)")
            if let entity = row.match.entity {
                lines.append(
                    "   → \(wording.name(entity)) \(row.match.observes.rawValue), \(origin(row.match, analysis.platform))"
                )
                if let witness = row.match.witness { lines.append("     seen by \(wording.name(witness))") }
                if let issue = row.knownIssue { lines.append("     known issue \(issue.id)") }
            } else {
                lines.append("   ✗ \(wording.unmatched(row.match))")
            }
            for skipped in row.match.skippedRules {
                let place = analysis.platform.rules[skipped.rule].location
                lines.append("     the rule at \(place) matches but needs the label '\(skipped.missingLabel)'")
            }
        }
        let unmatched = analysis.ledger.filter { $0.match.entity == nil && !$0.alert.isMeta }
        lines.append("")
        lines.append(
            "\(analysis.ledger.count - unmatched.count) of \(Wording.count(analysis.ledger.count, "alert")) matched"
        )
        lines += suggestions(mapper.suggestions(for: analysis.ledger.map { ($0.alert, $0.match) }), analysis.platform)
        return lines.map { line in
            line.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).withVisibleControls }.joined(
                separator: "\n"
            )
        }
        .joined(separator: "\n") + "\n"
    }

    /// The matches as JSON: `{"schemaVersion": 1, "matches": [{"fingerprint", "alertname", "entity", "witness", "observes",
    /// "rule", "inferred", "reason", "suggestion", "suggestionPlace"}]}`.
    public static func json(_ analysis: Analysis) -> [UInt8] {
        let wording = Wording(analysis: analysis)
        let mapper = AlertMapper(topology: analysis.topology, rules: analysis.platform.rules)
        let suggestions = mapper.suggestions(for: analysis.ledger.map { ($0.alert, $0.match) })
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schemaVersion", 1)
            writer.array("matches") { writer in
                for (row, suggestion) in zip(analysis.ledger, suggestions) {
                    writer.object { writer in
                        writer.member("fingerprint", row.alert.fingerprint)
                        writer.member("alertname", row.alert.name)
                        writer.member("entity", row.match.entity.map(wording.name))
                        writer.member("witness", row.match.witness.map(wording.name))
                        writer.member("observes", row.match.observes.rawValue)
                        writer.member("rule", row.match.rule == nil ? nil : origin(row.match, analysis.platform))
                        writer.member("inferred", row.match.isInferred)
                        let isOpen = row.match.entity == nil
                        writer.member("reason", isOpen ? wording.unmatched(row.match) : nil)
                        writer.member("suggestion", suggestion?.text)
                        writer.member("suggestionPlace", suggestion.map { place($0.place, analysis.platform) })
                    }
                }
            }
        }
        return writer.takeFile()
    }

    /// The suggestions, each once, under a heading for each place.
    private static func suggestions(_ given: [MappingSuggestion?], _ platform: Platform) -> [String] {
        var seen: Set<MappingSuggestion> = []
        let all = given.compactMap(\.self).filter { seen.insert($0).inserted }
        guard !all.isEmpty else { return [] }
        var lines = ["", "To match the rest, check what follows and paste it into topology.yaml:"]
        var places: [MappingSuggestion.Place] = []
        for suggestion in all where !places.contains(suggestion.place) { places.append(suggestion.place) }
        for place in places {
            lines += ["", "\(Self.place(place, platform)):"] + all.filter { $0.place == place }.map(\.text)
        }
        return lines
    }

    /// Where to paste a suggestion.
    package static func place(_ place: MappingSuggestion.Place, _ platform: Platform) -> String {
        switch place {
        case .lastRule: "at the end of alerts"
        case .beforeRule(let index): "before the rule at \(platform.rules[index].location)"
        case .entities: "under entities, or as an alias of one that is there"
        case .incompleteRule(let index?):
            "before the rule at \(platform.rules[index].location), with the entity that is meant for kind/name"
        case .incompleteRule(nil): "at the end of alerts, with the entity that is meant for kind/name"
        }
    }

    /// "by the rule at topology.yaml:12:5" or "by the labels namespace, pod (inferred)", and which rule these stand in for.
    static func origin(_ match: Match, _ platform: Platform) -> String {
        let inferred = match.isInferred ? " (inferred)" : ""
        switch match.rule {
        case .user(let index): return "by the rule at \(platform.rules[index].location)\(inferred)"
        case .builtIn(let labels):
            let read = "by the label\(labels.count == 1 ? "" : "s") \(labels.joined(separator: ", "))\(inferred)"
            guard let unknown = match.unknownName else { return read }
            let place = platform.rules[unknown.rule].location
            return "\(read), since the rule at \(place) names '\(unknown.name)', which the topology does not have"
        case nil: return "by no rule"
        }
    }
}
