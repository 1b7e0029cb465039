import Foundation
import Testing

@Suite("One incident or question a line")
struct LineFilterTests {
    static let alerts = "examples/2026-07-01-sto1/alerts.json"

    private func parse(_ line: String) throws -> NSDictionary {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }

    @Test func `each line of alerts gets the analysis that it gets as a file`() throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let single = try workspace.run("blast-radius -q -t topology.yaml --format json \(Self.alerts)")
        let lines = try workspace.run(
            """
            (cat \(Self.alerts); echo; echo 'no JSON'; echo '{"a": 1}'; echo; echo '[]'; cat \(Self.alerts)) \
              | blast-radius analyze --ndjson -q -t topology.yaml -
            """
        )
        #expect(lines.exitCode == 0 && lines.errors == [])
        try #require(lines.output.count == 5)
        let whole = try parse(single.output.joined(separator: "\n"))
        #expect(try parse(lines.output[0]) == whole)
        #expect(lines.output[4] == lines.output[0])
        #expect(try parse(lines.output[1])["code"] as? String == "invalid-json")
        #expect(try parse(lines.output[2])["code"] as? String == "wrong-shape")
        let none = try #require(parse(lines.output[3])["alerts"] as? NSDictionary)
        #expect(none["total"] as? Int == 0)
    }

    @Test func `each question gets the answer that it gets alone`() throws {
        let workspace = try Workspace([
            (
                "one",
                """
                {"lost": ["site/sto1"]}
                {"lost": ["host/nowhere"]}
                {"lst": []}
                {"lost": "site/sto1"}

                """
            ), ("two", "{\"lost\": [], \"degraded\": [\"site/hel1\"]}"),
        ])
        try workspace.linkRepository()
        let lines = try workspace.run("blast-radius what-if --ndjson -q -t topology.yaml one missing two")
        #expect(lines.exitCode == 1 && lines.errors.first?.hasPrefix("missing: error: cannot be read") == true)
        try #require(lines.output.count == 5)
        for (line, question) in [(0, "site/sto1"), (4, "--degrade site/hel1")] {
            let single = try workspace.run("blast-radius what-if -q -t topology.yaml --format json \(question)")
            #expect(try parse(lines.output[line]) == parse(single.output.joined(separator: "\n")))
        }
        #expect(try parse(lines.output[1])["error"] as? String == "unknown entity 'host/nowhere'")
        #expect(try parse(lines.output[2])["code"] as? String == "unknown-key")
        #expect(try parse(lines.output[3])["code"] as? String == "wrong-shape")
    }

    @Test func `a question on top of an incident knows it`() throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let during = "--during \(Self.alerts) -q -t topology.yaml"
        let lines = try workspace.run(
            "echo '{\"restored\": [\"host/cc-se-sto-core-01\"]}' | blast-radius what-if --ndjson \(during)"
        )
        let single = try workspace.run("blast-radius what-if --restore host/cc-se-sto-core-01 --format json \(during)")
        try #require(lines.output.count == 1)
        #expect(try parse(lines.output[0]) == parse(single.output.joined(separator: "\n")))
    }

    @Test func `an answer is there before the next question is asked`() throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let step = try workspace.run(
            """
            coproc blast-radius what-if --ndjson -q -t topology.yaml
            for site in sto1 hel1; do
              echo "{\\"lost\\": [\\"site/$site\\"]}" >&${COPROC[1]}
              read -r -t 20 answer <&${COPROC[0]} && echo "${answer:0:40}"
            done
            """
        )
        #expect(step.output.count == 2 && step.output.allSatisfy { $0.hasPrefix("{\"schemaVersion\":1,") })
    }
}
