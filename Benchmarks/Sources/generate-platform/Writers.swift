import Foundation

/// Text that goes to a file, a megabyte at a time.
struct TextFile {
    private let handle: FileHandle
    private var buffer: [UInt8] = []

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        self.handle = handle
    }

    mutating func write(_ text: String) throws {
        buffer += text.utf8
        if buffer.count > 1 << 20 { try flush() }
    }

    mutating func flush() throws {
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

extension Platform {
    /// The alert rules of the platform: one for each kind, by the labels that ``writeAlerts(_:to:)`` writes.
    private var rules: [(match: String, entity: String)] {
        Kind.allCases.map { ("{alertname=\"\($0.alertName)\"}", "\($0.rawValue)/{namespace}/{instance}") }
    }

    /// topology.yaml in the style of `blast-radius import`.
    func writeYAML(to path: String) throws {
        var file = try TextFile(path)
        try file.write("version: 1\nname: generated\n\nalerts:\n")
        for rule in rules { try file.write("  - {match: '\(rule.match)', entity: '\(rule.entity)'}\n") }
        try file.write("\nentities:\n")
        for entity in 0..<count { try file.write(yaml(entity)) }
        try file.flush()
    }

    private func yaml(_ entity: Int) -> String {
        let place = places[entity] >= 0 ? "on: \(name(Int(places[entity])))" : nil
        let needs = self.needs[entity].dropFirst(place == nil ? 0 : 1)
        if needs.allSatisfy({ $0.members.count == 1 }) {
            let all = needs.map { name(Int($0.members[0])) }.joined(separator: ", ")
            let fields = [place, needs.isEmpty ? nil : "needs: [\(all)]"].compactMap { $0 }.joined(separator: ", ")
            let line = "  \(name(entity)): {\(fields)}\n"
            if line.utf8.count <= 111 { return line }
        }
        var lines = "  \(name(entity)):\n"
        if let place { lines += "    \(place)\n" }
        lines += "    needs:\n"
        for need in needs {
            let members = need.members.map { name(Int($0)) }.joined(separator: ", ")
            if need.members.count == 1 {
                lines += "      - \(members)\n"
            } else if need.minimum == 1 {
                lines += "      - any: [\(members)]\n"
            } else {
                lines += "      - at_least: \(need.minimum)\n        of: [\(members)]\n"
            }
        }
        return lines
    }

    /// The same as JSON.
    func writeJSON(to path: String) throws {
        var file = try TextFile(path)
        let rules = self.rules.map { rule in
            "{\"match\":\"\(rule.match.replacingOccurrences(of: "\"", with: "\\\""))\",\"entity\":\"\(rule.entity)\"}"
        }
        try file.write(
            "{\"version\":1,\"name\":\"generated\",\"alerts\":[\(rules.joined(separator: ","))],\n\"entities\":{\n"
        )
        for entity in 0..<count { try file.write(json(entity) + (entity + 1 < count ? ",\n" : "\n")) }
        try file.write("}}\n")
        try file.flush()
    }

    private func json(_ entity: Int) -> String {
        func quoted(_ member: Int32) -> String { "\"\(name(Int(member)))\"" }
        var fields: [String] = []
        if places[entity] >= 0 { fields.append("\"on\":\(quoted(places[entity]))") }
        let needs = self.needs[entity].dropFirst(fields.count).map { need in
            let members = need.members.map(quoted).joined(separator: ",")
            if need.members.count == 1 { return members }
            return need.minimum == 1 ? "{\"any\":[\(members)]}" : "{\"at_least\":\(need.minimum),\"of\":[\(members)]}"
        }
        if !needs.isEmpty { fields.append("\"needs\":[\(needs.joined(separator: ","))]") }
        return "\(quoted(Int32(entity))):{\(fields.joined(separator: ","))}"
    }

    /// As Alertmanager's `/api/v2/alerts` answers.
    func writeAlerts(_ storm: Storm, to path: String) throws {
        var file = try TextFile(path)
        try file.write("[")
        for (index, entity) in storm.alerting.enumerated() {
            let (kind, name) = (kinds[Int(entity)], name(Int(entity)))
            let second = index % 600
            let time = "2023-11-14T22:\(Self.padded(13 + second / 60)):\(Self.padded(second % 60)).000Z"
            let fingerprint = String(UInt64(entity + 1) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
            try file.write(
                """
                \(index == 0 ? "" : ",\n"){"annotations":{"description":"\(name) has not answered for five minutes. \
                Its dependents may be affected; see the runbook for the steps.","runbook_url":"https://runbooks.example/\
                \(kind.rawValue)","summary":"\(kind.rawValue) \(name) is down"},"endsAt":"2023-11-14T23:13:20.000Z",\
                "fingerprint":"\(String(repeating: "0", count: 16 - fingerprint.count))\(fingerprint)",\
                "receivers":[{"name":"default"}],"startsAt":"\(time)","status":{"inhibitedBy":[],"silencedBy":[],\
                "state":"active"},"updatedAt":"2023-11-14T22:33:20.000Z",\
                "generatorURL":"http://prometheus.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1",\
                "labels":{"alertname":"\(kind.alertName)","instance":"\(shortName(Int(entity)))",\
                "job":"\(kind.rawValue)","namespace":"s\(sites[Int(entity)])","prometheus":"monitoring/k8s",\
                "severity":"critical"}}
                """
            )
        }
        try file.write("]\n")
        try file.flush()
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The layout of `gen.py`, for programs that know nothing of names: `magic n m groups`, the dependencies and the
    /// groups of each entity in compressed rows, the owner and threshold of each group, the kind of each entity.
    func writeGraph(to path: String) throws {
        let groups = needs.enumerated().flatMap { owner, needs in needs.map { (owner: Int32(owner), need: $0) } }
        var memberOffsets: [Int32] = [0]
        var members: [Int32] = []
        var groupOffsets = [Int32](repeating: 0, count: count + 1)
        for owner in 0..<count {
            for need in needs[owner] { members += need.members }
            memberOffsets.append(Int32(members.count))
        }
        for member in members { groupOffsets[Int(member) + 1] += 1 }
        for entity in 0..<count { groupOffsets[entity + 1] += groupOffsets[entity] }
        var next = groupOffsets
        var groupRows = [Int32](repeating: 0, count: members.count)
        for (index, group) in groups.enumerated() {
            for member in group.need.members {
                groupRows[Int(next[Int(member)])] = Int32(index)
                next[Int(member)] += 1
            }
        }
        let kinds = self.kinds.map { Int32(Kind.allCases.firstIndex(of: $0) ?? 0) }
        let words =
            [0x4252_4731, Int32(count), Int32(members.count), Int32(groups.count)] + memberOffsets + members
            + groupOffsets + groupRows + groups.map(\.owner) + groups.map { Int32($0.need.threshold) } + kinds
        try Self.write(words, to: path)
    }

    static func write(_ words: [Int32], to path: String) throws {
        try words.map(\.littleEndian).withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
    }
}
