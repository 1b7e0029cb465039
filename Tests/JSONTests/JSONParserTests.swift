import Diagnostics
import JSON
import Testing

@Suite struct JSONParserTests {
    private func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws -> JSONValue {
        try JSONParser.parse(bytes: Array(text.utf8), file: "in.json", limits: limits).root
    }

    private func failure(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> Diagnostic? {
        do throws(Diagnostic) {
            _ = try JSONParser.parse(bytes: bytes, file: "in.json", limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func readsEveryKindOfValue() throws {
        let root = try parse(#" {"a": [1, -2.5e1, "x", true, false, null, {}], "b": ""} "#)
        #expect(root.kind == .object)
        #expect(root.count == 2)
        let elements = try #require(root["a"]?.elements).map { $0 }
        #expect(elements.map(\.kind) == [.number, .number, .string, .bool, .bool, .null, .object])
        #expect(elements[0].integer == 1)
        #expect(elements[1].double == -25)
        #expect(elements[1].numberText == "-2.5e1")
        #expect(elements[2].string == "x")
        #expect(elements[3].bool == true)
        #expect(elements[4].bool == false)
        #expect(elements[5].isNull)
        #expect(elements[6].count == 0)
        #expect(root["b"]?.string == "")
        #expect(root["c"] == nil)
        #expect(root.members?.map(\.key) == ["a", "b"])
    }

    @Test(arguments: ["0", "7", #""x""#, "null", "[]", "{}"])
    func acceptsAnyValueAtTheTop(_ text: String) throws {
        #expect(try parse(text).path == "")
    }

    @Test func knowsWhatFitsANumber() throws {
        let numbers = try #require(try parse("[1e999, 12345678901234567890, 3.0, 1.5]").elements).map { $0 }
        #expect(numbers[0].double == nil)
        #expect(numbers[1].integer == nil)
        #expect(numbers[1].double == 12_345_678_901_234_567_168)
        #expect(numbers[2].integer == 3)
        #expect(numbers[3].integer == nil)
    }

    @Test func decodesEscapes() throws {
        let text = #"["\"\\\/\b\f\n\r\t", "\u00e9\u0041", "\ud83d\ude00", "\ud83d", "\ude00x", "\ud83d\u0041"]"#
        let strings = try parse(text).requireStrings()
        #expect(
            strings == [
                "\"\\/\u{8}\u{c}\n\r\t", "éA", "😀", "\u{FFFD}", "\u{FFFD}x", "\u{FFFD}A",
            ]
        )
    }

    @Test func keepsTextAsItIs() throws {
        #expect(try parse("\"h\u{e9}llo \u{1F600} \u{202E}\"").string == "h\u{e9}llo \u{1F600} \u{202E}")
    }

    @Test func letsTheLastOfRepeatedKeysCountAndSaysSo() throws {
        let document = try JSONParser.parse(bytes: Array("{\"a\": 1,\n \"b\": 2, \"\\u0061\": 3}".utf8), file: "f")
        #expect(document.root["a"]?.integer == 3)
        let warning = try #require(document.warnings.first)
        #expect(document.warnings.count == 1)
        #expect(warning.code == "duplicate-key")
        #expect(warning.location == SourceLocation(file: "f", line: 2, column: 10))
        #expect(warning.notes.first?.location == SourceLocation(file: "f", line: 1, column: 2))
    }

    @Test func findsRepeatedKeysOfALargeObject() throws {
        let members = (0..<100).map { "\"k\($0)\": \($0)" }.joined(separator: ",")
        let document = try JSONParser.parse(bytes: Array("{\(members), \"k42\": 0}".utf8), file: "f")
        #expect(document.warnings.map(\.code) == ["duplicate-key"])
        #expect(document.root["k42"]?.integer == 0)
    }

    @Test func acceptsAByteOrderMarkAndCountsColumnsAfterIt() throws {
        let root = try JSONParser.parse(bytes: [0xEF, 0xBB, 0xBF] + Array("[true]".utf8), file: "f").root
        let first = try #require(root.elements?.first { _ in true })
        #expect(first.location == SourceLocation(file: "f", line: 1, column: 2))
    }

    @Test func givesEveryValueAPlaceAndAPath() throws {
        let root = try parse("[\n  {\"a\": {\"b c\": [0,\n\"x\"]}},\n  1]")
        let deep = try #require(root.elements?.first { _ in true }?["a"]?["b c"]?.elements).map { $0 }
        #expect(deep[1].path == #"[0].a["b c"][1]"#)
        #expect(deep[1].location == SourceLocation(file: "in.json", line: 3, column: 1))
        #expect(deep[0].location == SourceLocation(file: "in.json", line: 2, column: 18))
        #expect(try parse(#"{"status": {"x": 1}}"#)["status"]?["x"]?.path == "status.x")
    }

    @Test(
        arguments: [
            ("", "1:1", "the input is empty"),
            ("  \n ", "2:2", "the input is empty"),
            ("[1, 2", "1:6", "the input ends inside an array"),
            ("{\"a\": 1", "1:8", "the input ends inside an object"),
            ("{\"a\"", "1:5", "the input ends inside an object"),
            ("[1 2]", "1:4", "unexpected '2', expected ',' or ']'"),
            ("[1,]", "1:4", "unexpected ']', expected a value"),
            ("{\"a\":1,}", "1:8", "unexpected '}', expected a key in double quotes"),
            ("{a: 1}", "1:2", "unexpected 'a', expected a key in double quotes"),
            ("{\"a\" 1}", "1:6", "unexpected '1', expected ':' after the key"),
            ("[]\n[]", "2:1", "unexpected '[' after the end of the value"),
            ("\"abc", "1:1", "the string is never closed"),
            ("\"a\u{1}b\"", "1:3", "the control character 0x01 must be escaped within a string"),
            ("\"\\x\"", "1:2", "\\'x' is no escape"),
            ("\"\\u12g4\"", "1:2", "\\u needs four hexadecimal digits"),
            ("01", "1:1", "a number has no leading zero"),
            ("-", "1:1", "the number is incomplete"),
            ("1.", "1:1", "the number is incomplete"),
            ("1e+", "1:1", "the number is incomplete"),
            ("tru", "1:1", "unexpected 't', expected a value"),
            ("NaN", "1:1", "unexpected 'N', expected a value"),
            ("[\u{e9}]", "1:2", "unexpected U+00E9, expected a value"),
            ("\u{1B}[31m", "1:1", "unexpected 0x1B, expected a value"),
        ]
    )
    func saysWhereAndWhatIsWrong(_ text: String, _ place: String, _ summary: String) throws {
        let error = try #require(failure(Array(text.utf8)))
        #expect(error.code == "invalid-json")
        #expect(error.summary == summary)
        #expect(error.location?.description == "in.json:\(place)")
    }

    @Test func boundsDepth() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(failure(deep)?.summary == "values are nested more than 512 deep")
        let allowed = Array(repeating: UInt8(ascii: "["), count: 512) + Array(repeating: UInt8(ascii: "]"), count: 512)
        #expect(failure(allowed) == nil)
    }

    @Test func boundsSize() {
        #expect(failure(Array("[1,2]".utf8), limits: JSONLimits(maximumBytes: 4))?.code == "input-too-large")
        #expect(failure(Array("[1,2]".utf8), limits: JSONLimits(maximumValues: 2))?.code == "input-too-large")
        #expect(failure(Array("[1,2]".utf8), limits: JSONLimits(maximumBytes: 5, maximumValues: 3)) == nil)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], "1:2"),
            ([0x22, 0xC0, 0x80, 0x22], "1:2"),
            ([0x0A, 0x22, 0xED, 0xA0, 0x80, 0x22], "2:2"),
            ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], "1:2"),
            ([0x22, 0x61, 0xE2, 0x82], "1:3"),
        ] as [([UInt8], String)]
    )
    func refusesWhatIsNotUTF8(_ bytes: [UInt8], _ place: String) throws {
        let error = try #require(failure(bytes))
        #expect(error.code == "invalid-utf8")
        #expect(error.location?.description == "in.json:\(place)")
    }

    @Test func namesUTF16() throws {
        let little = "[1]".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = "[1]".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(failure(little)?.summary == "the input is UTF-16LE, but JSON is UTF-8")
        #expect(failure([0xFF, 0xFE] + little)?.summary == "the input is UTF-16LE, but JSON is UTF-8")
        #expect(failure(big)?.summary == "the input is UTF-16BE, but JSON is UTF-8")
        #expect(failure([0xFE, 0xFF] + big)?.summary == "the input is UTF-16BE, but JSON is UTF-8")
    }

    @Test func saysWhatShapeWasExpected() throws {
        let root = try parse(#"[0, {"status": {"silencedBy": ["a", 1], "note": null}}]"#)
        let second = try #require(root.elements?.dropFirst().first { _ in true })
        let status = try second.require("status")
        #expect(try status.optionalString("note") == nil)
        #expect(try status.optionalStrings("absent") == [])
        #expect {
            _ = try status.optionalStrings("silencedBy")
        } throws: {
            let error = $0 as? Diagnostic
            return error?.code == "wrong-shape"
                && error?.summary == "expected a string at [1].status.silencedBy[1], found a number"
        }
        #expect {
            _ = try second.require("labels")
        } throws: {
            ($0 as? Diagnostic)?.summary == #"the object at [1] lacks "labels""#
        }
        #expect(root.mismatch(expected: "an object").summary == "expected an object, found an array")
    }

    @Test func answersRandomBytesWithADocumentOrAnError() {
        var random = SplitMix64(state: 20_260_701)
        let alphabet = Array("{}[]\",:\\u0019eE+-.tfn \n\u{e9}alerts".utf8) + [0xFF, 0xC3, 0x00]
        for _ in 0..<20_000 {
            let length = Int(random.next() % 40)
            let bytes = (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            do throws(Diagnostic) {
                let document = try JSONParser.parse(bytes: bytes, file: "f")
                visit(document.root)
            } catch {
                #expect(error.severity == .error)
                #expect(error.location != nil)
            }
        }
    }

    /// Reads every value, and checks that what it says about itself agrees.
    private func visit(_ value: JSONValue) {
        #expect((value.string != nil) == (value.kind == .string))
        var count = 0
        if let elements = value.elements {
            for element in elements {
                visit(element)
                count += 1
            }
        } else if let members = value.members {
            for member in members {
                visit(member.value)
                count += 1
            }
        }
        #expect(count == value.count)
    }
}

/// A small seeded generator (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
