import Alerts
import Diagnostics
import Testing
import Topology

@testable import TopologyFormats

/// The fast reader may give up; when it does not, it must say what the YAML library says, to the column.
@Suite("Reading entities in the plain style")
struct PlainReaderTests {
    /// Texts in the styles that people, `blast-radius import` and JSON libraries write.
    static let texts = [
        """
        version: 1
        name: test   # of everything

        entities:
          # a comment
          site/a: {label: Åre by the lake, tags: [one, "two, three"], criticality: high}
          host/a: {on: site/a, aliases: [10.0.0.1, '::1'], owner: ops}   # behind

          node/a:
          dns/b: {}
          service/x/web:
            on: host/a
            label: it's a, "b" & [c]
            needs:
              - host/a
              - {any: [pod/x/a, pod/x/b]}
              - any: [pod/x/a, pod/x/b]
              - at_least: 2
                of: [node/a, node/b, node/c]
              - any:
                  - node/a
                  - node/b
              - weak: service/metrics
              - weak: [dns/b, node/a]
            observed_by: dns/b
            can_run_on: [node, 'node[ssd]']
            uses: 0.5
          pod/x/a:
            needs:
            - host/a
            - node/a
            capacity: 4
        for_each:
          - {match: node, add: 'nixos/{name}'}
        alerts:
          - match: '{alertname=~"Host.*"}'
            entity: host/{instance}
        """,
        """
        entities:
            host/a: {on: "site/a", needs: [], tags: []}
            host/b: {needs: [{weak: host/a}, host/c:80,
              {at_least: 1, of: [host/a]}]}
            "host/c": {label: "with \\"escapes\\" \\u00e9 and a \\\\"}
        weights: {critical_alert: 3}
        """,
        #"""
        {"version": 1, "alerts": [{"match": "{alertname=\"Down\"}", "entity": "host/{instance}"}],
         "entities": {
           "site/a": {"label": "S\u00f6der", "capacity": 12.5},
           "host/a": {"on": "site/a", "needs": ["site/a", {"any": ["host/b", "host/c"]}], "tags": ["x"]},
           "host/b": {}, "host/c": {"criticality": "low"}
         }, "known_issues": [{"id": "A-1", "match": "{alertname=\"B\"}"}], "weights": {"healthy": 2}}
        """#,
        #"{"entities":{"host/a":{"needs":["host/b"]},"host/b":{}},"alerts":[{"match":"{a=\"b\"}","entity":"host/a"}]}"#,
    ]

    @Test("each style is read without the library, and as the library reads it", arguments: texts)
    func styles(_ text: String) throws {
        let plain = try #require(TopologyReader.readPlain(Array(text.utf8), file: "t"))
        let any = TopologyReader.readAny(Array(text.utf8), file: "t")
        #expect(any.diagnostics.isEmpty)
        #expect(Self.lines(plain.document) == Self.lines(any.document))
        #expect(plain.document.declaration.entities.count > 1)
    }

    @Test("texts with mistakes and oddities are read as the library reads them, or left to it")
    func damagedTexts() {
        var generator = SeededGenerator(seed: 11)
        let pieces =
            Array(" \n:#-,[]{}'\"\\&*!|>?%@`~é\t0aN/").map(String.init) + [
                ": ", "- ", " #", "\n  ", "\n    ", "null", "<<", "on: x", "needs:", "entities:", "---\n", "\u{FEFF}",
                "''",
                "\\n", "any: []", "\n      - ", "\r\n", "\u{85}", "? ", "{}",
            ]
        var plainCount = 0
        for _ in 0..<6_000 {
            var scalars = Array(Self.texts[Int(generator.next() % UInt64(Self.texts.count))].unicodeScalars)
            for _ in 0..<(generator.next() % 3 + 1) {
                let place = Int(generator.next() % UInt64(scalars.count))
                let length = min(Int(generator.next() % 4), scalars.count - place)
                let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
                scalars.replaceSubrange(
                    place..<place + length,
                    with: generator.next() % 3 == 0 ? [] : Array(piece.unicodeScalars)
                )
                if scalars.isEmpty { scalars = ["a"] }
            }
            let bytes = Array(String(String.UnicodeScalarView(scalars)).utf8)
            guard let plain = TopologyReader.readPlain(bytes, file: "t") else { continue }
            plainCount += 1
            let any = TopologyReader.readAny(bytes, file: "t")
            let isSame = any.diagnostics.isEmpty && Self.lines(plain.document) == Self.lines(any.document)
            #expect(isSame, "\(String(decoding: bytes, as: UTF8.self))\n\(any.diagnostics)")
        }
        #expect(plainCount > 500)
    }

    @Test("a key that repeats, and a mistake, are found where the library finds them")
    func findings() {
        for text in [
            "entities:\n  host/a: {}\n  host/a: {}\n", "entities:\n  host/a: {no: 1}\n",
            "entities:\n  host/a: {}\nalerts: [{match: x}]\n",
        ] {
            let found = TopologyReader.read(Array(text.utf8), file: "t").diagnostics
            #expect(!found.isEmpty && found == TopologyReader.readAny(Array(text.utf8), file: "t").diagnostics)
        }
    }

    /// Names are looked up 64 at a time, in a table that grows from 1,024 slots: neither shows.
    @Test("thousands of names, new, known and repeated at every distance, are read as the library reads them")
    func manyNames() throws {
        let count = 3_000
        func lines(_ indices: Range<Int>) -> String {
            indices.map { "  svc/s\($0): {on: svc/s\($0 * 7 % count), needs: [svc/s\($0 + 1), svc/s\($0 / 2)]}\n" }
                .joined()
        }
        let text = Array("entities:\n\(lines(0..<count))".utf8)
        let plain = try #require(TopologyReader.readPlain(text, file: "t")).document
        #expect(Self.lines(plain) == Self.lines(TopologyReader.readAny(text, file: "t").document))
        // The same number for the same name, and for no other.
        let symbols = try #require(plain.declaration.symbols.first)
        var names: [Int32: Set<String>] = [:]
        for entity in plain.declaration.entities {
            names[symbols[Int(entity.mention)], default: []].insert(entity.name)
            for reference in entity.needs.compactMap(\.reference) + [entity.place].compactMap(\.self) {
                names[symbols[Int(reference.mention)], default: []].insert(reference.name)
            }
        }
        #expect(names.count == count + 1 && names.values.allSatisfy { $0.count == 1 })
        for again in [0, 1, 62, 63, 64, count - 1] {
            let repeated = Array("entities:\n\(lines(0..<count))\(lines(again..<again + 1))".utf8)
            #expect(TopologyReader.readPlain(repeated, file: "t")?.document.declaration.entities.count == nil)
        }
    }

    /// Everything that a document says, with places.
    static func lines(_ document: TopologyDocument) -> [String] {
        let declaration = document.declaration
        func text(_ reference: TopologyDeclaration.Reference) -> String {
            "\(reference.name)@\(declaration.location(reference.mark))"
        }
        func text(_ need: TopologyDeclaration.Need) -> String {
            switch need {
            case .hard(let reference): text(reference)
            case .weak(let reference): "weak \(text(reference))"
            case .group(let minimum, let members, let mark):
                "\(minimum.map(String.init) ?? "any")@\(declaration.location(mark)) of \(members.map(text))"
            }
        }
        let entities = declaration.entities.map { entity in
            [
                "\(entity.name)@\(declaration.location(entity.mark))", "on \(entity.place.map(text) ?? "")",
                "\(entity.needs.map(text))", "\(entity.label ?? "-") \(entity.tags) \(entity.aliases)",
                "\(entity.criticality.map(\.rawValue) ?? "") \(entity.owner ?? "-")",
                "\(entity.observers.map(text)) \(entity.canRunOn.map(text))",
                "\(entity.capacity ?? -1) \(entity.uses ?? -1)",
            ]
            .joined(separator: "|")
        }
        let rest =
            document.rules.map { "\($0.match.text) \($0.entity.text) \($0.location)" }
            + document.knownIssues.map { "\($0.id) \($0.location)" }
            + document.weights.map { "\($0.name.name)=\($0.value)@\(declaration.location($0.name.mark))" }
            + declaration.expansions.map { "\($0.kind) \($0.template.name) \(declaration.location($0.template.mark))" }
            + declaration.kinds.map { "\($0.name)@\(declaration.location($0.mark))" }
        return [declaration.name ?? "-"] + entities + rest
    }
}

extension TopologyDeclaration.Need {
    /// What a plain need names.
    fileprivate var reference: TopologyDeclaration.Reference? {
        if case .hard(let reference) = self { reference } else { nil }
    }
}
