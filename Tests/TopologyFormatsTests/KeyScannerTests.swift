import Testing

@testable import TopologyFormats

@Suite("Keys that are no texts")
struct KeyScannerTests {
    @Test(arguments: [
        ("a: &a [x]\n*a : y", 2, 1),
        ("a: &a [x]\nb: {*a : y}", 2, 5),
        ("a: &a x\n- *a: y", 2, 3),
        ("a: &a [x]\n? *a\n: y", 2, 1),
        ("a: &a [x]\nb: [? *a : y]", 2, 5),
        ("a: &a [x]\n{b: *a}: y", 2, 7),
        ("a: &a [x]\nb: \"two\nlines\"\n[*a] : y", 4, 4),
    ])
    func `is found`(_ text: String, _ line: Int, _ column: Int) throws {
        let place = try #require(KeyScanner.complexKey(in: text))
        #expect(place == (line, column))
    }

    @Test(arguments: [
        "a: &a [x]\nb: *a\nc: [*a, *a]\nd: {e: *a}",
        "? [a]\n: no alias",
        "a: &a x\nb: *a\nc: 'quoted ]: and ? *a : it''s'",
        "a: &a x\nb: *a\nc: \"quoted \\\" }: *a :\"",
        "a: &a x\nb: *a # a comment: *a : ]:",
        "a: &a x\nb: *a\nc: what? yes, 2 * 3 : 6",
        "a: &a x\nb: *a\nc: '{alertname=\"X\"}'\nd: {e: [f], g: {h: i}}",
    ])
    func `is not imagined`(_ text: String) {
        #expect(KeyScanner.complexKey(in: text) == nil)
    }
}
