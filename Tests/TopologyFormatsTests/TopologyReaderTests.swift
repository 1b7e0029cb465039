import Diagnostics
import Testing
import Topology

@testable import TopologyFormats

@Suite("Reading topology.yaml")
struct TopologyReaderTests {
    static func read(_ text: String) -> (topology: Topology?, diagnostics: [Diagnostic]) {
        let (document, findings) = TopologyReader.read(Array(text.utf8), file: "topology.yaml")
        if findings.containsError { return (nil, findings) }
        let (topology, more) = document.declaration.resolved()
        return (topology, findings + more)
    }

    @Test("an entity has its place, needs, groups and details")
    func wholeEntity() throws {
        let (topology, diagnostics) = Self.read(
            """
            version: 1
            name: test
            entities:
              site/a: {label: Aachen}
              host/a: {on: site/a, tags: [nixos], aliases: [10.0.0.1], criticality: high, owner: ops}
              service/x/web:
                needs:
                  - host/a
                  - any: [pod/x/a, pod/x/b]
                  - at_least: 2
                    of: [node/a, node/b, node/c]
                  - weak: service/metrics
              pod/x/a: {}
              pod/x/b:
              node/a: {on: host/a}
              node/b: {}
              node/c: {}
              service/metrics: {}
            """
        )
        #expect(diagnostics.isEmpty)
        let found = try #require(topology)
        let web = try #require(found.entity(named: "service/x/web"))
        let requirements = found.requirements(of: web).map { requirement in
            "\(requirement.strength) \(requirement.minimum) of "
                + requirement.members.map(found.name).joined(separator: " ")
        }
        #expect(
            requirements == [
                "hard 1 of host/a", "hard 1 of pod/x/a pod/x/b", "hard 2 of node/a node/b node/c",
                "weak 1 of service/metrics",
            ]
        )
        let node = try #require(found.entity(named: "node/a"))
        #expect(found.site(of: node).map(found.name) == "site/a")
        let host = try #require(found.entity(named: "host/a"))
        #expect(found.entities(aliased: "10.0.0.1") == [host])
        #expect(found.criticality(of: host) == .high)
        #expect(found.details(of: host).owner == "ops")
        #expect(found.shortName(of: web) == "x/web")
    }

    @Test("for_each adds one entity for each that matches")
    func forEach() throws {
        let (topology, diagnostics) = Self.read(
            """
            entities:
              host/a: {tags: [nixos]}
              host/b: {}
              operator/deploy: {}
            kinds: {nixos-deploy: {label: NixOS deploy, faults_per_year: 12}}
            for_each:
              - match: host[nixos]
                add: nixos-deploy/{name}
                needs: ['{id}', operator/deploy]
            """
        )
        #expect(diagnostics.isEmpty)
        let found = try #require(topology)
        let deploy = try #require(found.entity(named: "nixos-deploy/a"))
        #expect(found.entity(named: "nixos-deploy/b") == nil)
        #expect(found.requirements(of: deploy).flatMap(\.members).map(found.name) == ["host/a", "operator/deploy"])
        #expect(found.kind(of: deploy).faultsPerYear == 12)
    }

    @Test(
        "each mistake is found where it stands",
        arguments: [
            ("entities:\n  host/a: {needs: [⟦1⟧host/b]}", ["unknown-entity"]),
            ("entities:\n  host/a: {on: ⟦1⟧host/b}", ["unknown-entity"]),
            ("entities:\n  host/a: {}\n  ⟦1⟧host/a: {}", ["duplicate-entity"]),
            ("entities:\n  ⟦1⟧hots/a: {}", ["unknown-kind"]),
            ("entities:\n  ⟦1⟧host: {}", ["invalid-entity-name"]),
            ("entities:\n  ⟦1⟧'host/a b': {}", ["invalid-entity-name"]),
            ("entities:\n  host/a: {⟦1⟧need: [host/b]}\n  host/b: {}", ["unknown-key"]),
            ("⟦1⟧entites: {}", ["unknown-key"]),
            ("version: ⟦1⟧2\nentities: {}", ["unknown-version"]),
            ("entities:\n  host/a: {needs: [⟦1⟧host/a]}", ["self-dependency"]),
            ("entities:\n  host/a: {needs: [⟦1⟧{any: []}]}", ["empty-group"]),
            ("entities:\n  host/a: {needs: [⟦1⟧{at_least: 3, of: [host/b]}]}\n  host/b: {}", ["impossible-group"]),
            ("entities:\n  host/a: {needs: [⟦1⟧{at_least: 3}]}", ["incomplete-group"]),
            ("entities:\n  host/a: {criticality: ⟦1⟧hihg}", ["unknown-word"]),
            ("entities: ⟦1⟧[host/a]", ["wrong-shape"]),
            ("entities:\n  host/a: ⟦1⟧3", ["wrong-shape"]),
            ("kinds:\n  x: {faults_per_year: ⟦1⟧often}\nentities: {}", ["wrong-shape"]),
            ("entities: {}\nfor_each:\n  - ⟦1⟧match: host", ["incomplete-for-each"]),
            ("entities: {}\nfor_each:\n  - match: host\n    add: ⟦1⟧x/{name}", ["for-each-matches-nothing"]),
            ("entities:\n  host/a: ⟦1⟧{", ["invalid-yaml"]),
        ]
    )
    func mistakes(_ marked: String, _ codes: [String]) {
        let input = Marked(marked)
        let diagnostics = Self.read(input.text).diagnostics
        if codes == ["invalid-yaml"] {
            // libyaml points at the end of the text, one line below.
            #expect(diagnostics.map(\.code) == codes)
        } else {
            #expect(Marked.describe(diagnostics) == codes.map { input.at(1, $0) })
        }
    }

    /// A pass over all lines for each key took two seconds for a thousand.
    @Test("each of many keys that stand again is found, however it is quoted", .timeLimit(.minutes(10)))
    func manyRepetitions() {
        let names = (0..<2_000).map { "host/h:\($0)" }
        let text = "entities:\n" + (names.map { "  \($0): {}\n" } + names.map { "  '\($0)': {}\n" }).joined()
        let findings = Self.read(text).diagnostics.filter { $0.code == "duplicate-entity" }.sorted { one, other in
            one.location?.line ?? 0 < other.location?.line ?? 0
        }
        #expect(findings.count == names.count)
        #expect(findings.first?.location == SourceLocation(file: "topology.yaml", line: 2_002, column: 3))
        #expect(findings.first?.notes.map(\.location?.line) == [2])
    }

    @Test("a slip of the finger is answered with the nearest name")
    func nearestNames() {
        let unknown = Self.read("entities:\n  host/web-1: {needs: [host/wbe-2]}\n  host/web-2: {}").diagnostics
        #expect(unknown.first?.fix == "did you mean 'host/web-2'?")
        let key = Self.read("entities:\n  host/a: {neds: []}").diagnostics
        #expect(key.first?.fix == "did you mean 'needs'?")
        let kind = Self.read("entities:\n  deploymnt/a: {}").diagnostics
        #expect(kind.first?.fix?.hasPrefix("did you mean 'deployment'?") == true)
    }

    @Test("the nearest name is the one that takes the fewest edits")
    func nearestNameByBruteForce() {
        var generator = SeededGenerator(seed: 11)
        func name() -> String {
            let length = Int.random(in: 1...12, using: &generator)
            return String((0..<length).map { _ in Bool.random(using: &generator) ? "a" : "b" })
        }
        for _ in 0..<500 {
            let wanted = name()
            let candidates = (0..<4).map { _ in name() }.filter { $0 != wanted }
            let best = candidates.map { (Self.edits(Array(wanted), Array($0)), $0) }.min { $0 < $1 }
            let expected = best.flatMap { $0.0 <= min(3, max(1, wanted.count / 3)) ? $0.1 : nil }
            #expect(nearestName(to: wanted, among: candidates) == expected, "\(wanted) among \(candidates)")
        }
    }

    /// How many insertions, deletions, substitutions and transpositions of neighbours make one name the other, where nothing
    /// is edited twice.
    private static func edits(_ one: [Character], _ other: [Character]) -> Int {
        var table = (0...one.count).map { row in (0...other.count).map { row == 0 ? $0 : row } }
        for row in one.indices {
            for column in other.indices {
                let cost = one[row] == other[column] ? 0 : 1
                var least = min(table[row][column] + cost, table[row][column + 1] + 1, table[row + 1][column] + 1)
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    least = min(least, table[row - 1][column - 1] + 1)
                }
                table[row + 1][column + 1] = least
            }
        }
        return table[one.count][other.count]
    }

    @Test("nearest names are looked for until that has cost seconds")
    func manyNearestNames() {
        var names = NearestNames()
        let candidates = ["host/web"] + Array(repeating: "x", count: 999_999)
        let found = (0..<6).map { _ in names.nearest(to: "host/wbe", among: candidates) }
        #expect(found == Array(repeating: "host/web", count: 5) + [nil])
    }

    @Test("what for_each makes ends where it would fill the memory", .timeLimit(.minutes(10)))
    func largeExpansion() {
        let hosts = (0..<3_000).map { "host/\($0)" }
        let (topology, diagnostics) = Self.read(
            "entities: {" + hosts.map { "\($0): {}" }.joined(separator: ", ")
                + "}\nfor_each:\n  - {match: host, add: 'service/{name}', needs: [{any: ["
                + hosts.joined(separator: ", ") + "]}]}\n"
        )
        #expect(topology == nil)
        #expect(diagnostics.filter { $0.severity == .error }.map(\.code) == ["large-expansion"])
    }

    @Test("a kind that resembles none is accepted with a warning")
    func ownKind() throws {
        let (topology, diagnostics) = Self.read("entities:\n  spaceship/a: {}")
        #expect(diagnostics.map(\.severity) == [.warning])
        #expect(topology?.kinds.map(\.name) == ["spaceship"])
    }

    @Test("both ends of a duplicate have a place")
    func duplicatePlaces() throws {
        let diagnostics = Self.read("entities:\n  host/a: {}\n  host/b: {}\n  host/a: {on: host/b}").diagnostics
        let first = try #require(diagnostics.first)
        #expect(first.location == SourceLocation(file: "topology.yaml", line: 4, column: 3))
        #expect(first.notes.map(\.location) == [SourceLocation(file: "topology.yaml", line: 2, column: 3)])
    }

    @Test("words that YAML 1.1 takes for other things stay words")
    func noBecomesNo() throws {
        let (topology, _) = Self.read("entities:\n  host/no: {on: site/1.10, label: yes}\n  site/1.10: {}")
        let found = try #require(topology)
        let host = try #require(found.entity(named: "host/no"))
        #expect(found.place(of: host).map(found.name) == "site/1.10")
        #expect(found.details(of: host).label == "yes")
    }

    @Test("an alias bomb is an error, at once: aliases are not expanded")
    func aliasBomb() {
        var text = "entities:\n  host/a0: {tags: &a0 [x, x, x, x, x, x, x, x, x]}\n"
        for level in 1...12 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "  host/a\(level): {tags: &a\(level) [\(items)]}\n"
        }
        let diagnostics = Self.read(text).diagnostics
        #expect(Set(diagnostics.map(\.code)) == ["wrong-shape"])
        #expect(diagnostics.count == 12 * 9)
    }

    @Test("a list that aliases make longer than its file is an error")
    func aliasExpansion() {
        let long = Array(repeating: "x", count: 300).joined(separator: ", ")
        var text = "entities:\n  host/a: {tags: &a [\(long)]}\n"
        for index in 0..<200 { text += "  host/a\(index): {tags: *a}\n" }
        #expect(Self.read(text).diagnostics.map(\.code) == ["too-many-nodes"])
    }

    @Test("text that is not UTF-8 is located")
    func invalidUTF8() {
        let bytes = Array("entities:\n  host/".utf8) + [0xFF, 0xFE] + Array(": {}".utf8)
        let (_, diagnostics) = TopologyReader.read(bytes, file: "topology.yaml")
        #expect(Marked.describe(diagnostics) == ["2:8 invalid-utf8"])
    }

    @Test("random bytes give a topology or findings, never a trap")
    func randomBytes() {
        var generator = SeededGenerator(seed: 7)
        let alphabet = Array("entities: {host/a:[],\n -needs&*!|>'\"#@%?~\u{0}\u{FF}é".utf8)
        for _ in 0..<2_000 {
            let count = Int(generator.next() % 60)
            let bytes = (0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
            let (document, diagnostics) = TopologyReader.read(bytes, file: "x")
            let (topology, more) = document.declaration.resolved()
            #expect(topology != nil || (diagnostics + more).containsError)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
