internal import Topology

/// Writes a declaration as topology.yaml, version 1: the same declaration, the same bytes.
struct TopologyWriter {
    typealias Entity = TopologyDeclaration.Entity

    /// Entities that fit a line of so many bytes stand on one.
    private static let lineLimit = 110

    /// The lines of `kinds:`, indented for it.
    static func kindLines(_ declaration: TopologyDeclaration) -> [String] {
        declaration.kinds.map { kind in
            let rate = kind.faultsPerYear.map { "faults_per_year: \(number($0))" }
            return "  \(scalar(kind.name)): {\(rate ?? "")}"
        }
    }

    /// The lines of one entity, indented for `entities:`.
    static func lines(of entity: Entity) -> [String] {
        let name = scalar(entity.name)
        let fields = self.fields(of: entity)
        let hasGroup = entity.needs.contains { if case .group = $0 { true } else { false } }
        if !hasGroup {
            let needs = entity.needs.map { need in self.need(need) }
            let all = fields + (needs.isEmpty ? [] : ["needs: [\(needs.joined(separator: ", "))]"])
            let line = "  \(name): {\(all.joined(separator: ", "))}"
            if line.utf8.count <= lineLimit { return [line] }
        }
        var lines = ["  \(name):"] + fields.map { "    \($0)" }
        if !entity.needs.isEmpty {
            lines.append("    needs:")
            for need in entity.needs { lines += blockLines(of: need) }
        }
        return lines
    }

    /// Everything but the needs, each as `key: value`.
    private static func fields(of entity: Entity) -> [String] {
        func list(_ key: String, _ texts: [String]) -> String? {
            texts.isEmpty ? nil : "\(key): [\(texts.map(scalar).joined(separator: ", "))]"
        }
        return [
            entity.label.map { "label: \(scalar($0))" }, entity.place.map { "on: \(scalar($0.name))" },
            list("tags", entity.tags), list("aliases", entity.aliases),
            entity.criticality.map { "criticality: \($0.rawValue)" }, entity.owner.map { "owner: \(scalar($0))" },
            list("observed_by", entity.observers.map(\.name)),
            list("can_run_on", entity.canRunOn.map(\.name)), entity.capacity.map { "capacity: \(number($0))" },
            entity.uses.map { "uses: \(number($0))" },
        ].compactMap { $0 }
    }

    /// A need within brackets.
    private static func need(_ need: TopologyDeclaration.Need) -> String {
        switch need {
        case .hard(let reference): scalar(reference.name)
        case .weak(let reference): "{weak: \(scalar(reference.name))}"
        case .group(let minimum, let members, _):
            (minimum.map { "{at_least: \($0), of: [" } ?? "{any: [")
                + members.map { scalar($0.name) }.joined(separator: ", ") + "]}"
        }
    }

    /// A need on lines of its own; a group that is too long for one has its members below each other.
    private static func blockLines(of need: TopologyDeclaration.Need) -> [String] {
        switch need {
        case .hard: return ["      - \(self.need(need))"]
        case .weak(let reference): return ["      - weak: \(scalar(reference.name))"]
        case .group(let minimum, let members, _):
            let head = minimum.map { ["      - at_least: \($0)", "        of:"] } ?? ["      - any:"]
            let names = members.map { scalar($0.name) }
            let line = (head.last ?? "") + " [\(names.joined(separator: ", "))]"
            if line.utf8.count <= lineLimit { return head.dropLast() + [line] }
            return head + names.map { "          - \($0)" }
        }
    }

    // MARK: Scalars

    private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }

    /// A text as a YAML scalar, plain where nothing can misread it, in any place: a key, a list, a mapping in braces.
    static func scalar(_ text: String) -> String {
        if isPlain(text) { return text }
        if !text.unicodeScalars.contains(where: needsEscape) {
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: if needsEscape(scalar) { result += escape(scalar) } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result + "\""
    }

    /// Letters, digits and the marks of names; neither a number nor one of YAML's words.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= 1_000 else { return false }
        guard text.utf8.allSatisfy({ isAlphanumeric($0) || "_./+=-".utf8.contains($0) }) else { return false }
        let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        guard !words.contains(text.lowercased()) else { return false }
        // Octal, hexadecimal, exponents, dates: whatever looks like a number to some reader has no letter beyond these.
        let looksLikeNumber =
            Double(text) != nil
            || (0x30...0x39).contains(first)
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) || "_-.+".utf8.contains($0) }
                && text.utf8.filter { $0 == UInt8(ascii: ".") }.count < 3
        return !looksLikeNumber
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let width = scalar.value > 0xFFFF ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }
}
