import Alerts
import Diagnostics
import Testing
import Time
import Topology

@testable import TopologyFormats

@Suite("Compiled topologies")
struct CompiledTopologyTests {
    static let text = """
        version: 1
        name: test
        kinds:
          gadget: {label: A gadget, faults_per_year: 3.5, area: Gadgets, criticality: high}
        entities:
          site/a: {label: Åre, tags: [one, two], criticality: critical}
          host/ab: {on: site/a, aliases: [10.0.0.1, shared], owner: ops, capacity: 4}
          host/ab-c: {aliases: [shared]}
          gadget/x: {on: host/ab, can_run_on: [host], uses: 1.5, observed_by: host/ab-c}
          service/n/web:
            needs: [gadget/x, {any: [host/ab, host/ab-c]}, {weak: site/a}]
        alerts:
          - match: '{alertname=~"Host.*"}'
            entity: host/{instance}
            witness: host/{source}
            pending: 4m
            observes: degraded
            action: look at {instance}
            priority: HIGH
        known_issues:
          - {id: A-1, match: '{alertname="B"}', reason: known, settles_within: 40m, review_by: 2026-12-31}
        """

    static func compiled(_ text: String = text) throws -> CompiledTopology {
        let (document, findings) = TopologyReader.read(Array(text.utf8), file: "topology.yaml")
        #expect(findings.isEmpty)
        let (topology, more) = document.declaration.resolved()
        let source = CompiledTopology.Source(
            path: "topology.yaml",
            absolutePath: "/x/topology.yaml",
            size: -1,
            modified: .min,
            hash: .max
        )
        return CompiledTopology(
            topology: try #require(topology),
            rules: document.rules,
            knownIssues: document.knownIssues,
            weights: [("healthy", 2.5)],
            diagnostics: more + [
                Diagnostic(.warning, "a-code", "what", at: .init(file: "f", line: 2), notes: [.init("n")], fix: "x")
            ],
            sources: [source]
        )
    }

    static func decode(_ bytes: [UInt8]) throws(Diagnostic) -> CompiledTopology {
        try bytes.withUnsafeBufferPointer { bytes throws(Diagnostic) in
            try CompiledTopology(UnsafeRawBufferPointer(bytes), file: "t.brt")
        }
    }

    /// Everything that a topology answers.
    static func answers(_ topology: Topology) -> [String] {
        topology.entities.map { entity in
            [
                topology.name(of: entity), topology.kind(of: entity).label, "\(topology.location(of: entity))",
                "\(topology.place(of: entity)?.rawValue ?? -1)", "\(topology.criticality(of: entity))",
                "\(topology.details(of: entity))",
                topology.requirements(of: entity).map { "\($0.strength) \($0.minimum) \($0.members)" }.joined(),
                "\(topology.entities(withLastPart: topology.shortName(of: entity)))",
                "\(topology.entity(named: topology.name(of: entity)) == entity)",
            ]
            .joined(separator: "|")
        } + ["10.0.0.1", "shared", "none"].map { "\(topology.entities(aliased: $0))" }
    }

    @Test("what is written is read back whole")
    func roundTrip() throws {
        let written = try Self.compiled()
        let bytes = written.encoded()
        let read = try Self.decode(bytes)
        #expect(Self.answers(read.topology) == Self.answers(written.topology))
        #expect(read.topology.name == "test" && read.topology.kinds == written.topology.kinds)
        #expect(read.sources == written.sources && read.diagnostics == written.diagnostics)
        #expect(read.weights.map(\.name) == ["healthy"] && read.weights.map(\.value) == [2.5])
        let (rule, issue) = (try #require(read.rules.first), try #require(read.knownIssues.first))
        #expect(rule.match.text == "{alertname=~\"Host.*\"}" && rule.entity.text == "host/{instance}")
        #expect(rule.witness?.text == "host/{source}" && rule.pending?.milliseconds == 240_000)
        #expect(rule.observes == .degraded && rule.action?.text == "look at {instance}")
        #expect(rule.actionPriority == "HIGH" && rule.location == written.rules.first?.location)
        #expect(issue.id == "A-1" && issue.reason == "known" && issue.settlesWithin?.milliseconds == 2_400_000)
        #expect(issue.reviewBy == "2026-12-31" && issue.location == written.knownIssues.first?.location)
        #expect(read.encoded() == bytes)
    }

    @Test("an answer is what the file says")
    func literalAnswers() throws {
        let topology = try Self.decode(try Self.compiled().encoded()).topology
        // Sorted by name: gadget/x, host/ab, host/ab-c, service/n/web, site/a.
        #expect(topology.entities(aliased: "shared").map(topology.name) == ["host/ab", "host/ab-c"])
        #expect(topology.entities(withLastPart: "web").map(topology.name) == ["service/n/web"])
        let gadget = topology.details(of: EntityID(0))
        #expect(gadget.uses == 1.5 && gadget.canRunOn.map(topology.name) == ["host/ab", "host/ab-c"])
        #expect(gadget.observers.map(topology.name) == ["host/ab-c"])
        #expect(topology.requirements(of: EntityID(3)).map(\.strength) == [.hard, .hard, .weak])
    }

    @Test("a file with any byte changed or missing is refused")
    func damage() throws {
        let bytes = try Self.compiled().encoded()
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            let error = #expect(throws: Diagnostic.self) { try Self.decode(damaged) }
            let isVersion = (8..<12).contains(place) || (16..<24).contains(place)
            #expect(error?.code == (isVersion ? "other-version" : "damaged-topology"))
        }
        for length in 0..<bytes.count {
            let error = #expect(throws: Diagnostic.self) { try Self.decode(Array(bytes.prefix(length))) }
            #expect(error?.code == "damaged-topology")
        }
    }

    @Test("a file that lies under a right checksum is refused, or answers without a trap")
    func lies() throws {
        let bytes = try Self.compiled().encoded()
        var generator = SeededGenerator(seed: 5)
        var accepted = 0
        for _ in 0..<20_000 {
            var lying = bytes
            for _ in 0..<(1 + generator.next() % 3) {
                let place = 40 + Int(generator.next() % UInt64(bytes.count - 40))
                lying[place] = generator.next() % 2 == 0 ? UInt8(truncatingIfNeeded: generator.next()) : 0xFF
            }
            let checksum = lying[40...].withUnsafeBytes(XXH64.hash)
            for index in 0..<8 { lying[32 + index] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * index)) }
            guard let read = try? Self.decode(lying) else { continue }
            accepted += 1
            #expect(Self.answers(read.topology).count == read.topology.entityCount + 3)
        }
        #expect(accepted > 100 && accepted < 20_000)
    }

    /// Of the specification's and python-xxhash's documentation.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)]
    )
    func `the hash is XXH64`(_ text: String, _ hash: UInt64) {
        #expect(Array(text.utf8).withUnsafeBytes(XXH64.hash) == hash)
    }

    @Test("pieces of a buffer are sorted as texts are")
    func byteOrder() {
        var generator = SeededGenerator(seed: 3)
        for count in [0, 1, 2, 17, 400] {
            let texts = (0..<count).map { _ in
                String((0..<(generator.next() % 30)).map { _ in "ab/-0".randomElement(using: &generator) ?? "a" })
            }
            let table = TextTable(texts)
            let order = ByteOrder.sorted(
                table.bytes,
                starts: Array(table.offsets.dropLast()),
                ends: Array(table.offsets.dropFirst())
            )
            #expect(order.map { texts[Int($0)] } == texts.sorted())
            #expect(zip(order, order.dropFirst()).allSatisfy { texts[Int($0)] != texts[Int($1)] || $0 < $1 })
        }
    }
}
