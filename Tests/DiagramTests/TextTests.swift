import Diagram
import Testing

@Suite struct LabelTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("two\nlines\tand tab", "two lines and tab"), ("\u{1B}[31mred\u{7}", "[31mred"),
        ("a\u{202E}b\u{202C}c\u{200F}\u{2066}d", "abcd"), ("\u{FFFE}x\u{FFFF}\u{200B}", "x"), ("👩‍👩‍👧", "👩‍👩‍👧"), ("", ""),
    ])
    func `what a reader cannot see is gone`(_ text: String, _ expected: String) {
        #expect(LabelText.visible(text) == expected)
    }

    @Test(arguments: [
        ("short", 10, "short"), ("exactly-ten", 11, "exactly-ten"), ("exactly-ten", 10, "exactly-t…"),
        ("数据库主节点", 6, "数据…"), ("数据库主节点", 7, "数据库…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func `a long text ends in an ellipsis`(_ text: String, _ columns: Int, _ expected: String) {
        #expect(LabelText.cut(text, to: columns) == expected)
    }

    @Test func `a long name keeps both ends`() {
        #expect(LabelText.cutMiddle("cc-se-sto-core-01.example.internal", to: 15) == "cc-se-s…nternal")
        #expect(LabelText.cutMiddle("short…", to: 15) == "short…")
        #expect(
            LabelText.cutMiddle(String(repeating: "x", count: 14) + "…", to: 15) == String(repeating: "x", count: 14)
                + "…"
        )
    }

    @Test func `ten megabytes are cut as fast as ten letters`() {
        let text = String(repeating: "log line \u{301}\u{301}", count: 700_000)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(LabelText.cut(text).columns <= 200)
            #expect(LabelText.cutMiddle(text, to: 40).columns <= 40)
            #expect(LabelText.wrap(text, columns: 20, lines: 2).count == 2)
        }
        #expect(time < .seconds(1))
    }

    @Test func `a pile of marks is cut`() {
        let pile = "a" + String(repeating: "\u{301}", count: 1_000) + "b"
        #expect(LabelText.cut(pile).unicodeScalars.count == 6)
        // Neither is a pile: a family of four, and a letter with its vowel and tone.
        for whole in ["👩‍👩‍👧‍👦", "ที่", "e\u{323}\u{302}"] {
            #expect(LabelText.cut(whole).unicodeScalars.elementsEqual(whole.unicodeScalars))
        }
    }

    /// In thousandths of the size: Helvetica's widths, and what common fonts of other scripts need at most.
    @Test(arguments: [
        ("down", 2_390), ("α", 578), ("Щ", 938), ("数据", 2_040), ("ＡＢ", 2_040), ("🔥", 1_380), ("⛔", 1_380), ("1️⃣", 1_550),
        ("שלום", 4 * 720), ("ที่", 1_000), ("\u{200D}", 0),
    ])
    func `a box is wide enough for its text`(_ text: String, _ width: Int) {
        #expect(Int((TextMetrics.width(of: text, size: 1_000, isBold: false)).rounded()) == width)
    }

    @Test func `text of known width is fitted, other text has room for a wider font`() {
        #expect(TextMetrics.isExact("grafana · 19:40Z — Ωμέγα, Дом") && !TextMetrics.isExact("grafana 数据"))
        let known = TextMetrics.width(of: "grafana", size: 10, isBold: false)
        let mixed = TextMetrics.width(of: "grafana数", size: 10, isBold: false)
        #expect(mixed >= known * 1.15 + 10)
    }

    @Test func `items break between items`() {
        #expect(LabelText.join(["one", "two", "three"], " · ", columns: 9, lines: 3) == ["one · two", "three"])
        #expect(LabelText.join(["one", "two", "three"], " · ", columns: 9, lines: 1) == ["one · tw…"])
        #expect(LabelText.wrap("a bb ccc", columns: 4, lines: 2) == ["a bb", "ccc"])
        #expect(LabelText.wrap("", columns: 4, lines: 2) == [])
    }
}

@Suite struct SafeLinkTests {
    @Test(
        arguments: [
            ("https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f"),
            ("HTTP://[::1]:9093/#/alerts?filter={a=\"b\"}", "http://[::1]:9093/#/alerts?filter=%7Ba=%22b%22%7D"),
            ("https://x.example/\"><script>", "https://x.example/%22%3E%3Cscript%3E"), ("https://ü.example/", nil),
            ("http://x/ü", "http://x/%C3%BC"), ("javascript:alert(1)", nil), (" https://a.example", nil),
            ("https://a\n.example", nil), ("data:text/html,x", nil), ("https://", nil), ("https:///x", nil),
            ("//x", nil), ("", nil),
            ("https://x/" + String(repeating: "a", count: 2_000), nil),
        ] as [(String, String?)]
    )
    func `only web addresses become links`(_ text: String, _ expected: String?) {
        #expect(SafeLink(text)?.address == expected)
    }
}

@Suite struct EscapingTests {
    @Test func `XML text reads back as it was`() {
        for text in HostileText.samples {
            let escaped = XMLText.escape(text)
            #expect(!escaped.contains { "<>\"'".contains($0) })
            #expect(HostileText.decodeXML(escaped) == text)
        }
    }

    @Test func `a label's text survives all three readings`() {
        for text in HostileText.samples where !text.isEmpty {
            // As XML, then as an escString. Graphviz's third reading is tested on what it draws.
            let read = HostileText.decodeXML(HTMLLabelText.escape(text))
            #expect(HostileText.decodeBackslashes(read) == text)
        }
        #expect(HTMLLabelText.escape("") == "&#160;")
    }

    @Test func `a DOT string reads back as it was`() {
        for text in HostileText.samples {
            let quoted = DOTText.quoted(DOTText.escString([text]))
            #expect(quoted.hasPrefix("\"") && quoted.hasSuffix("\""))
            let lexed = HostileText.lexDOT(quoted)
            #expect(lexed.map { HostileText.decodeXML(HostileText.decodeBackslashes($0)) } == text)
        }
    }

    @Test func `Mermaid text reads back as it was and holds nothing that Mermaid acts on`() {
        for text in HostileText.samples {
            let escaped = MermaidText.escape(text)
            #expect(!escaped.contains { "\"<>&`\\%{}[]()|*".contains($0) })
            #expect(!escaped.contains("style") && !escaped.contains("classDef"))
            #expect(HostileText.decodeMermaid(escaped) == text)
        }
    }
}

/// Texts that have broken something somewhere, and seeded random ones; and readers of each language, written from its
/// description rather than from our writers.
enum HostileText {
    static let samples: [String] = {
        var samples = [
            "", "plain", "<script>alert(1)</script>", "a & b &amp; &lt;b&gt; &#65;", "\"'`", "\\N\\G\\\\", "\\", "end",
            "style x:y#z;", "classDef a:b#c;", "#quot;", "#35;", "]]>", "-->", "{a|b}", "%%{init}%%", "a;b", "שלום",
            "数据库", "👩‍👩‍👧", "${x}", "@mention #79", "a\\\"b", "style", "stylestyle", "<<b>>",
        ]
        var random = SplitMix(seed: 7)
        let alphabet = Array("ab\"\\&#;<>{}[]()|%`'*_~:/$@!-=+.,N012 é数👩\u{301}")
        for _ in 0..<400 {
            let count = Int.random(in: 0...24, using: &random)
            samples.append(String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? "x" }))
        }
        return samples
    }()

    static func decodeXML(_ text: String) -> String {
        replaceReferences(text, start: "&") { name in
            ["amp": "&", "lt": "<", "gt": ">", "quot": "\""][name]
                ?? scalar(name.hasPrefix("#") ? String(name.dropFirst()) : "")
        }
    }

    static func decodeMermaid(_ text: String) -> String {
        replaceReferences(text, start: "#") { name in
            ["amp": "&", "lt": "<", "gt": ">", "quot": "\""][name] ?? scalar(name)
        }
    }

    private static func scalar(_ digits: String) -> String? {
        UInt32(digits).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }

    private static func replaceReferences(_ text: String, start: Unicode.Scalar, _ value: (String) -> String?) -> String
    {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            rest = rest.dropFirst()
            if scalar == start, let end = rest.firstIndex(of: ";"), let known = value(String(rest[..<end])) {
                result.append(contentsOf: known.unicodeScalars)
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    static func decodeBackslashes(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if !isEscaped, scalar == "\\" {
                isEscaped = true
            } else {
                if isEscaped, scalar != "\\" { return "an escape: \(scalar)" }
                result.append(scalar)
                isEscaped = false
            }
        }
        return String(result)
    }

    /// The content of a quoted string, or nil when it ends early or not at all.
    static func lexDOT(_ quoted: String) -> String? {
        var result = String.UnicodeScalarView()
        var rest = quoted.unicodeScalars.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return rest.isEmpty ? String(result) : nil }
            if scalar == "\\", let next = rest.first, next == "\"" || next == "\\" {
                rest = rest.dropFirst()
                if next == "\\" { result.append("\\") }
                result.append(next)
            } else {
                result.append(scalar)
            }
        }
        return nil
    }
}

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
