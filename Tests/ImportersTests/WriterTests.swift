import Importers
import Testing
import Topology
import TopologyFormats

/// Whatever the texts in an input are, the written file says the same.
@Suite struct WriterTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    private static let alphabet = Array(
        " \t\n\r-:?#,[]{}&*!|>'\"%@`~\\/=.0123456789abnoxyENT_<é\u{85}\u{2028}\u{202E}\u{FEFF}\u{0}\u{1B}😀"
            .unicodeScalars
    )

    private func written(label: String) throws -> String {
        let escaped = label.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        let text = "{\"kind\":\"API\",\"metadata\":{\"name\":\"a\",\"title\":\"\(escaped.joined())\"}}"
        let (topology, _) = ImportedTopology.read([("in", Array(text.utf8))], as: .backstage)
        return try #require(topology).written()
    }

    private func expectSame(_ label: String) throws {
        let text = try written(label: label)
        let (document, diagnostics) = TopologyReader.read(Array(text.utf8), file: "t")
        #expect(diagnostics.isEmpty, "\(label.debugDescription)\n\(text)")
        // Scalars, for texts that are equal may differ in them.
        #expect(
            document.declaration.entities.first?.label.map { Array($0.unicodeScalars) } == Array(label.unicodeScalars)
        )
    }

    @Test(arguments: [
        "no", "null", "~", "", "1e3", "0x1F", "0o17", "2026-07-01", "12:30:00", "- a", "a: b", "a #b", "'", "\"",
        "it's",
        "{a}", "trailing ", " leading", "a\nb", "=", "<<", "...", "---", "100.64.0.11", "+1", ".5", "1_000",
    ])
    func textsThatYAMLWouldMisread(label: String) throws { try expectSame(label) }

    @Test func anyText() throws {
        var generator = Generator(state: 6)
        for _ in 0..<500 {
            let length = Int.random(in: 0...12, using: &generator)
            var label = String.UnicodeScalarView()
            for _ in 0..<length {
                if let scalar = Self.alphabet.randomElement(using: &generator) { label.append(scalar) }
            }
            // The YAML library takes a byte-order mark off the beginning of every scalar.
            try expectSame(String(String.UnicodeScalarView(label.drop { $0 == "\u{FEFF}" })))
        }
    }

    /// Other readers of YAML take these for numbers, dates or truths.
    @Test func whatLooksLikeAValueIsQuoted() throws {
        for label in ["no", "1e3", "0x1F", "2026-07-01", "12345", "1_000", "null", "Yes"] {
            #expect(try written(label: label).contains("label: '\(label)'"), "\(label)")
        }
        #expect(try written(label: "web-1.example/x_y").contains("label: web-1.example/x_y"))
        #expect(try written(label: "100.64.0.11").contains("label: 100.64.0.11"))
    }
}
