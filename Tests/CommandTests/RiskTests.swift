import Foundation
import Testing

/// The risks that docs/risks.md lists, where no other suite shows them harmless: against the built command.
@Suite("Risks", .timeLimit(.minutes(5)))
struct RiskTests {
    /// Two hosts and a service, and an alert whose every text attacks a terminal.
    static let files: [(name: String, content: String)] = [
        (
            "topology.yaml",
            """
            entities:
              site/a: {}
              host/h1: {on: site/a}
              host/h2: {on: site/a}
              service/web: {on: host/h1, needs: [host/h2]}
            """
        ),
        (
            "alerts.json",
            #"""
            [{"labels": {"alertname": "Down\u001b]0;x\u0007", "host": "h2", "note": "\u001b[2J\u009b1m\r\u0008\u202e"},
              "annotations": {"summary": "\u001b[31mred\u0000"}, "startsAt": "2026-03-01T10:05:00Z"},
             {"labels": {"alertname": "\u001bc", "instance": "\u001b[31m\r\nFAKE"}, "startsAt": "2026-03-01T10:05:00Z"}]
            """#
        ),
    ]

    @Test func `fifty runs at once draw the same picture`() throws {
        let workspace = try Workspace(Self.files)
        let step = try workspace.run(
            """
            for i in $(seq 50); do blast-radius -q alerts.json -o $i.svg & done; wait
            cksum *.svg | cut -d' ' -f1,2 | sort -u | wc -l; ls | wc -l
            """
        )
        #expect(step.output == ["1", "52"])
        #expect(step.errors == [])
    }

    /// On a terminal, where our own colours are the only escape sequences, and where there are none with NO_COLOR.
    @Test(arguments: ["alerts.json", "match alerts.json", "explain host/h2 alerts.json", "what-if host/h2"])
    func `a terminal is sent nothing but text and colours`(_ arguments: String) throws {
        let workspace = try Workspace(Self.files)
        let log = workspace.folder.appending(path: "log")
        for (environment, allowed) in [("TERM=xterm", #"\x1b\[[0-9;]*m"#), ("NO_COLOR=1", "(?!)")] {
            _ = try workspace.run("\(environment) script -qec 'blast-radius \(arguments)' log >/dev/null")
            // The first and last lines are of script(1) itself, and the terminal makes every line end CR LF.
            let lines = try Data(contentsOf: log).split(separator: 10).dropFirst()
                .map { String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self) }
                .filter { !$0.hasPrefix("Script done") }
            let shown = lines.joined(separator: "\n").replacing(try Regex(allowed), with: "")
            #expect(shown.contains("h2"))
            let controls = shown.unicodeScalars.filter {
                ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
            }
            #expect(controls.isEmpty, "\(environment): \(controls.map(\.value))")
        }
    }

    /// In 70 columns nothing is wider: `script` gives the command a terminal, COLUMNS its width.
    @Test(arguments: ["what-if host/h2", "rank", "cut-sets service/web"])
    func `every summary takes the width of the terminal`(_ arguments: String) throws {
        let workspace = try Workspace([
            (
                "topology.yaml",
                "entities: {site/a: {}, host/h2: {on: site/a}, service/db: {on: host/h2}, service/web: {needs: [service/db]}, "
                    + "\((1...9).map { "service/some-name-\($0): {needs: [service/web]}" }.joined(separator: ", "))}"
            )
        ])
        let command = "COLUMNS=70 NO_COLOR=1 script -qec 'blast-radius \(arguments) -q' log | tr -d '\\r'"
        let lines = try workspace.run(command).output
        #expect(lines.count > 5)
        for line in lines { #expect(line.count <= 70, "\(line)") }
    }

    /// Killed at any moment, a run leaves the old file or the new one.
    @Test func `a run that is killed leaves the old file or the new`() throws {
        let workspace = try Workspace(Self.files)
        let step = try workspace.run(
            """
            awk 'BEGIN { print "entities:\\n  host/h2: {}"; for (i = 0; i < 2000; i++) print "  host/x" i ": {needs: [host/h2]}" }' > big.yaml
            export SWIFT_BACKTRACE=enable=no
            blast-radius what-if -q -t big.yaml host/h2 -o new.json; new=$(cksum < new.json)
            echo old > out.json; old=$(cksum < out.json)
            for i in $(seq 40); do
              blast-radius what-if -q -t big.yaml host/h2 -o out.json & sleep 0.0$((i % 10))$i; kill -9 $! 2>/dev/null; wait $! 2>/dev/null
              now=$(cksum < out.json)
              [ "$now" = "$old" ] || [ "$now" = "$new" ] || echo "torn at $i"
              echo old > out.json
            done
            blast-radius what-if -q -t big.yaml host/h2 -o out.json; cmp out.json new.json && echo done
            """
        )
        #expect(step.output == ["done"])
    }

    /// In a container every run has the same process number, so it finds what the last one left.
    @Test func `what a killed run left does not stop the next`() throws {
        let workspace = try Workspace(Self.files)
        let step = try workspace.run(
            "bash -c 'touch out.json.$$.tmp out.json.$$.0.tmp; exec blast-radius -q alerts.json -o out.json'; head -c 1 out.json"
        )
        #expect(step.output == ["{"])
        #expect(step.exitCode == 0)
    }

    @Test func `a limit on the size of files is an error with its name`() throws {
        let step = try Workspace(Self.files).run(
            "ulimit -f 1; blast-radius -q alerts.json -o out.svg; code=$?; ls; exit $code"
        )
        #expect(step.errors == ["out.svg: error: cannot be written: File too large [unwritable-file]"])
        #expect(step.output == ["alerts.json", "topology.yaml"])
        #expect(step.exitCode == 1)
    }

    /// Language, time zone, home, process number, hash seeds and terminal: none of them is an input.
    @Test func `two environments give the same bytes`() throws {
        let workspace = try Workspace()
        try workspace.linkRepository()
        let outputs = ["json", "md", "html", "svg", "dot", "mmd", "txt", "prom"].map { "-o $1.\($0)" }
        let step = try workspace.run(
            """
            mkdir one two
            run() {
              blast-radius -q examples/2026-07-01-sto1/alerts.json -t topology.yaml --context examples/2026-07-01-sto1/context.yaml \
                \(outputs.joined(separator: " "))
              for f in text slack grafana; do blast-radius -q examples/2026-07-01-sto1/alerts.json -t topology.yaml --format $f > $1.$f; done
              blast-radius rank -q -t topology.yaml -o $1.rank.json
              blast-radius what-if -q -t topology.yaml host/cc-se-sto-core-01 -o $1.whatif.json -o $1.whatif.svg
              blast-radius cut-sets -q -t topology.yaml deployment/flakecache/flakecache -o $1.cutsets.json
            }
            LANG=C LC_ALL=C TZ=UTC HOME=/ SWIFT_DETERMINISTIC_HASHING=1 run one/r
            LANG=tr_TR.UTF-8 LC_ALL=de_DE.UTF-8 TZ=Pacific/Chatham HOME=/nonexistent COLUMNS=40 TERM=dumb NO_COLOR=1 run two/r
            diff -r one two && ls one | wc -l
            """
        )
        #expect(step.output == ["15"])
    }

    /// The outputs of one run share a picture, and each format of it is drawn once.
    @Test(arguments: ["alerts.json", "what-if host/h2", "rank", "cut-sets service/web"])
    func `many outputs at once are those of one at a time`(_ arguments: String) throws {
        let step = try Workspace(Self.files).run(
            """
            formats="svg html png dot mmd md json txt"
            blast-radius \(arguments) -q $(for f in $formats; do echo -o all.$f; done)
            for f in $formats; do blast-radius \(arguments) -q -o one.$f; cmp one.$f all.$f; done
            blast-radius \(arguments) -q --focus nothing -o x.svg -o x.md 2>&1 | grep -c unknown-entity; ls | grep -c ^x
            """
        )
        #expect(step.errors == [])
        #expect(step.output == ["2", "0"])
    }

    /// An alert file, a topology or a link to one given for the result by a slip is not lost.
    @Test(arguments: ["alerts.json", "topology.yaml", "link.svg", "./sub/../alerts.json"])
    func `an input is not overwritten`(_ path: String) throws {
        let workspace = try Workspace(Self.files)
        let step = try workspace.run(
            """
            mkdir sub; ln -s topology.yaml link.svg; cksum alerts.json topology.yaml > before
            blast-radius -q alerts.json --format svg -o \(path) -o other.svg -o /dev/null; code=$?
            cksum alerts.json topology.yaml | cmp - before && head -c 4 other.svg; exit $code
            """
        )
        #expect(step.errors == ["\(path): error: was read for this run and is not overwritten [is-an-input]"])
        #expect(step.output == ["<svg"])
        #expect(step.exitCode == 1)
    }

    /// In a debug build; `make extremes` has the large ones.
    @Test func `depth is no recursion`() throws {
        let step = try Workspace([("alerts.json", #"[{"labels": {"alertname": "Down", "entity": "svc/s0"}}]"#)]).run(
            """
            ulimit -s 256
            awk 'BEGIN { print "alerts:\\n  - {match: \\x27{entity=~\\".+\\"}\\x27, entity: \\x27{entity}\\x27}\\nentities:"
              for (i = 0; i < 1000; i++) print "  svc/s" i ": {needs: [svc/s" (i + 1) "]}"; print "  svc/s1000: {}" }' > topology.yaml
            blast-radius check | head -1
            blast-radius -q alerts.json | head -1
            blast-radius what-if -q svc/s1000 --format json | tail -1
            blast-radius cut-sets -q svc/s0 --order 1 --format json | tail -1
            sed 's/s1000: {}/s1000: {needs: [svc\\/s0]}/' topology.yaml > cycle.yaml
            blast-radius -q -t cycle.yaml alerts.json | head -1
            """
        )
        #expect(step.errors == ["topology: topology.yaml"])
        #expect(step.output.count == 5)
        #expect(step.output.first?.hasPrefix("platform: 1001 entities, 1000 needs") ?? false)
    }

    @Test func `a million brackets are refused in a second`() throws {
        let step = try Workspace(Self.files).run(
            """
            ulimit -t 5; head -c 1000000 /dev/zero | tr '\\0' '[' > deep
            blast-radius -q deep 2>&1 | head -1; blast-radius check deep 2>&1 | head -1
            """
        )
        #expect(
            step.output == [
                "deep:1:513: error: values are nested more than 512 deep [invalid-json]",
                "deep:1:1: error: values are nested too deep [invalid-yaml]",
            ]
        )
    }
}

/// docs/risks.md promises a test for each risk.
@Suite("docs/risks.md")
struct RiskTableTests {
    /// The rows of the table: the number, and what is in code in the last column.
    static func rows() throws -> [(number: Int, evidence: [String])] {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/risks.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let number = Int(cells[0]), let last = cells.last else { return nil }
            let parts = last.split(separator: "`", omittingEmptySubsequences: false)
            return (number, parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) })
        }
    }

    /// 14 is a risk of listening, which no command does yet.
    @Test func `every risk names a test`() throws {
        let rows = try Self.rows()
        #expect(rows.map(\.number) == Array(1...17))
        #expect(rows.filter(\.evidence.isEmpty).map(\.number) == [14])
    }

    /// `Suite: test` is a function of that suite, `scenario name` a file, anything else a script with its path.
    @Test func `the named tests exist`() throws {
        var sources: [String] = []
        let folder = Repository.root.appending(path: "Tests")
        for case let path as String in FileManager.default.enumerator(atPath: folder.path) ?? .init()
        where path.hasSuffix("Tests.swift") {
            sources.append(try String(contentsOf: folder.appending(path: path), encoding: .utf8))
        }
        for row in try Self.rows() {
            for name in row.evidence {
                if name.hasPrefix("scenario ") {
                    #expect(Scenario.names().contains(String(name.dropFirst(9))), "\(row.number): \(name)")
                } else if let colon = name.range(of: ": ") {
                    let suite = "struct \(name[..<colon.lowerBound])"
                    let function = "func `\(name[colon.upperBound...])`("
                    let isThere = sources.contains { $0.contains(suite) && $0.contains(function) }
                    #expect(isThere, "\(row.number): \(name)")
                } else {
                    let file = Repository.root.appending(path: name)
                    #expect(FileManager.default.fileExists(atPath: file.path), "\(row.number): \(name)")
                }
            }
        }
    }
}
