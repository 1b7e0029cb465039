import Foundation
import Testing

@Suite("docs/schema")
struct SchemaTests {
    static let folder = Repository.root.appending(path: "docs/schema")

    @Test(arguments: [
        "examples/2026-07-01-sto1/alerts.json -t topology.yaml",
        "examples/2026-07-01-sto1/alerts.json -t topology.yaml --context examples/2026-07-01-sto1/context.yaml",
        "examples/incidents/starvation/alerts.json -t examples/incidents/starvation/topology.yaml",
        "/dev/stdin -t topology.yaml <<< []",
    ])
    func `an analysis keeps to its schema`(_ arguments: String) throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let step = try workspace.run("blast-radius -q --format json \(arguments)")
        #expect(step.exitCode == 0)
        let schema = try JSONSchema(Data(contentsOf: Self.folder.appending(path: "analysis.schema.json")))
        #expect(try schema.problems(in: Data(step.output.joined(separator: "\n").utf8)) == [])
    }

    @Test(arguments: [
        ("what-if", "what-if site/sto1"),
        ("what-if", "what-if --during examples/2026-07-01-sto1/alerts.json --restore dns/ns-master --degrade hel1"),
        ("rank", "rank --top 5"),
        ("cut-sets", "cut-sets deployment/flakecache/flakecache --order 2"),
        ("doctor", "doctor"),
    ])
    func `another command's output keeps to its schema`(_ name: String, _ arguments: String) throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let step = try workspace.run("blast-radius \(arguments) -q --format json -t topology.yaml")
        #expect(step.exitCode == 0)
        let schema = try JSONSchema(Data(contentsOf: Self.folder.appending(path: "\(name).schema.json")))
        #expect(try schema.problems(in: Data(step.output.joined(separator: "\n").utf8)) == [])
    }

    /// The checker itself: what is wrong is found.
    @Test(arguments: [
        (#"{"a": 1, "b": ["x"], "c": null}"#, []),
        (#"{"a": 1}"#, ["$: lacks b"]),
        (#"{"a": 1.5, "b": []}"#, [#"$.a: is not ["integer"]"#]),
        (#"{"a": true, "b": []}"#, [#"$.a: is not ["integer"]"#]),
        (#"{"a": -1, "b": []}"#, ["$.a: -1.0 is too small"]),
        (#"{"a": 1, "b": ["y"]}"#, ["$.b[0]: 'y' does not match ^x"]),
        (#"{"a": 1, "b": [], "c": "q"}"#, ["$.c: fits 0 of 2 choices"]),
        (#"{"a": 1, "b": [], "c": "p"}"#, []),
        (#"{"a": 1, "b": [], "d": 0}"#, ["$: has d"]),
    ])
    func `the checker finds what is wrong`(_ document: String, _ problems: [String]) throws {
        let schema = try JSONSchema(
            Data(
                #"""
                {"type": "object", "required": ["a", "b"], "additionalProperties": false, "properties": {
                 "a": {"type": "integer", "minimum": 0}, "b": {"type": "array", "items": {"$ref": "#/$defs/x"}},
                 "c": {"oneOf": [{"enum": ["p"]}, {"type": "null"}]}},
                 "$defs": {"x": {"type": "string", "pattern": "^x"}}}
                """#.utf8
            )
        )
        #expect(try schema.problems(in: Data(document.utf8)) == problems)
    }

    @Test func `a keyword that the checker does not know is a problem`() throws {
        let schema = try JSONSchema(Data(#"{"maxItems": 3}"#.utf8))
        #expect(try schema.problems(in: Data("[]".utf8)) == ["$: the keyword maxItems is not known here"])
    }
}
