import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func writesInTheOrderOfTheCalls() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("b", 1)
            writer.member("a", "x")
            writer.array("list") { writer in
                writer.value(true)
                writer.null()
                writer.array { _ in }
                writer.object { $0.member("c", 0.1) }
            }
            writer.object("none") { _ in }
            writer.member("names", ["p", "q"])
            writer.member("missing", nil as String?)
        }
        #expect(
            writer.text == """
                {
                  "b": 1,
                  "a": "x",
                  "list": [
                    true,
                    null,
                    [],
                    {
                      "c": 0.1
                    }
                  ],
                  "none": {},
                  "names": [
                    "p",
                    "q"
                  ],
                  "missing": null
                }
                """
        )
    }

    @Test func writesCompactly() {
        var writer = JSONWriter(style: .compact)
        writer.array { writer in
            writer.object { $0.member("a", 1) }
            writer.value(-2)
        }
        #expect(writer.text == #"[{"a":1},-2]"#)
    }

    @Test func escapesWhatWouldBreakALineOrATerminal() {
        var writer = JSONWriter(style: .compact)
        writer.value("\"\\\n\t\r\u{8}\u{c}\u{0}\u{1B}\u{7F}\u{9B}\u{2028}\u{2029}é<😀")
        #expect(
            writer.text
                == #""\"\\\n\t\r\b\f\u0000\u001b\u007f\u009b\u2028\u2029é<😀""#
        )
    }

    @Test func writesNumbersThatReadBackAsTheSame() throws {
        for number: Double in [0.1, 1e300, -.leastNonzeroMagnitude, 1.0 / 3, 5, 123_456_789_012_345_680] {
            var writer = JSONWriter(style: .compact)
            writer.value(number)
            let document = try JSONParser.parse(bytes: writer.utf8, file: "f")
            #expect(document.root.double == number)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func writesNullForWhatIsNoNumber(_ number: Double) {
        var writer = JSONWriter(style: .compact)
        writer.value(number)
        #expect(writer.text == "null")
    }

    @Test func readsBackWhatItWrites() throws {
        var random = SplitMix64(state: 7)
        for _ in 0..<500 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<random.next() % 20 {
                scalars.append(Unicode.Scalar(UInt32(random.next() % 0x3000)) ?? "x")
            }
            let text = String(scalars)
            var writer = JSONWriter()
            writer.object { $0.member(text, text) }
            let document = try JSONParser.parse(bytes: writer.utf8, file: "f")
            #expect(document.root[text]?.string == text)
        }
    }
}
