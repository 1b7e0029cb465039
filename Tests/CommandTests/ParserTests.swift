import Alerts
import BlastRadius
import Diagnostics
import Foundation
import Importers
import Reports
import TestSupport
import Testing
import TopologyFormats

/// Everything that reads text of others, on damaged samples and on what once broke it: a result xor errors, never a trap.
///
/// `make fuzz` goes on where this ends, with libFuzzer and the same parsers.
@Suite("Parsers", .timeLimit(.minutes(5)))
struct ParserTests {
    enum Subject: String, CaseIterable {
        case rules, silences, history, test, matcher, template, kubernetes, flux, otel, backstage, compose, prometheus,
            hubble

        /// A sound input.
        var samples: [[UInt8]] {
            switch self {
            case .rules: files("Tests/AlertsTests/Samples", "prom-api-v1-rules.json", "drill-rules.json")
            case .silences: files("Tests/AlertsTests/Samples", "am-api-v2-silences.json")
            case .history: files("Tests/AlertsTests/Samples", "prom-query_range-ALERTS.json", "prom-query-ALERTS.json")
            case .test: files("examples/incidents/quorum-loss", "incident.yaml")
            case .kubernetes:
                files("Tests/AlertsTests/Samples", "kubectl-get-list.json")
                    + files("Tests/ImportersTests/Samples", "kubectl-get-nodes.yaml")
            case .prometheus: files("Tests/AlertsTests/Samples", "prom-api-v1-targets.json")
            case .matcher: [Array(#"{alertname=~"a.*|[b-d]{2,3}(?i:x)+?$", host!="x", a!~"^\\.$"}"#.utf8)]
            case .template:
                [Array("# {{title}}\n{{#h1}}a{{/h1}}{{^x}}b{{/x}}{{! c }}{{{sections.ledger}}}{{=<% %>=}}<% a %>".utf8)]
            case .flux:
                texts(
                    "kind: HelmRelease\nmetadata: {name: a, namespace: n}\nspec: {dependsOn: [{name: b}], targetNamespace: t}\n---\n"
                )
            case .otel:
                texts(
                    #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"client":"a","server":"b"},"value":[1,"2"]}]}}"#,
                    #"{"data":[{"parent":"a","child":"b","callCount":3}]}"#
                )
            case .backstage:
                texts("kind: Component\nmetadata: {name: a}\nspec: {dependsOn: ['resource:n/b'], system: s}\n")
            case .compose: texts("services:\n  web: {depends_on: {db: {condition: service_healthy}}}\n  db: {}\n")
            case .hubble:
                texts(
                    #"{"flow":{"source":{"namespace":"n","pod_name":"a-0"},"destination":{"namespace":"m","labels":["k8s:app=b"]}}}"#
                )
            }
        }

        private func texts(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

        private func files(_ folder: String, _ names: String...) -> [[UInt8]] {
            names.map { name in
                let file = Repository.root.appending(path: folder).appending(path: name)
                return (try? Data(contentsOf: file)).map(Array.init) ?? []
            }
        }
    }

    @Test(arguments: Subject.allCases)
    func `a damaged input gives a result or an error`(_ subject: Subject) throws {
        var generator = SeededGenerator(seed: subject.rawValue.utf8.reduce(0) { $0 * 31 + Int($1) })
        let samples = subject.samples
        #expect(samples.allSatisfy { !$0.isEmpty })
        for sample in samples {
            Self.read(sample, as: subject.rawValue)
            for _ in 0..<60 { Self.read(Mischief.done(to: sample, &generator), as: subject.rawValue) }
        }
    }

    /// What libFuzzer and the command fuzzer found.
    @Test func `what once broke a parser does no longer`() throws {
        let folder = Repository.root.appending(path: "Tests/Fuzzing/Regressions")
        for subject in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !subject.contains(".") {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: subject).path) {
                let file = folder.appending(path: subject).appending(path: name)
                Self.read(Array(try Data(contentsOf: file)), as: subject)
            }
        }
    }

    /// Reads an input with the parser of that name.
    static func read(_ bytes: [UInt8], as subject: String) {
        let file = InputFile(path: "input", bytes: bytes)
        var builder = IncidentBuilder()
        switch subject {
        case "alerts":
            let findings = builder.addAlerts(file)
            #expect(builder.incident != nil || findings.hasError)
        case "rules": _ = builder.addRules(file)
        case "silences": _ = builder.addSilences(file)
        case "history": _ = builder.addHistory(file)
        case "context": _ = builder.addContext(file)
        case "topology":
            let (platform, findings) = Platform.load([file])
            #expect((platform == nil) == findings.hasError)
        case "test":
            let (test, findings) = IncidentTest.load(file)
            #expect((test == nil) == findings.hasError)
        case "matcher":
            let text = String(decoding: bytes, as: UTF8.self)
            let matcher = try? Matcher(text, at: SourceLocation(file: "input", line: 1, column: 1))
            _ = matcher?.matches(["alertname": text, "host": "y", "a": "."])
        case "template": _ = try? ReportTemplate(file)
        default:
            guard let source = ImportSource(rawValue: subject) else { return }
            let (topology, findings) = ImportedTopology.read([("input", bytes)], as: source)
            #expect((topology == nil) == findings.hasError)
            guard let topology else { return }
            var imported = ImportedFile()
            #expect(!imported.update(with: topology).hasError)
            #expect(Platform.load([InputFile(path: "topology.yaml", bytes: Array(imported.text.utf8))]).platform != nil)
        }
    }
}

/// What enemies and editors do to files, on top of ``Damage``: the tokens of the formats in the wrong places, depth, length,
/// repetition, other encodings.
enum Mischief {
    private static let tokens = [
        "\"", "{", "}", "[", "]", ":", ",", "\n", "- ", "&a ", "*a", "!!x ", "? ", "{{", "}}", "{{#a}}", "\0",
        "\u{FEFF}", "\r\n",
        "1e999", "-0", "99999999999999999999", "null", "~", "\\ud800", "\u{202E}", "9999-12-31T23:59:59Z", "(a*)*",
        "[^", "{2,1000}",
        "<<: *a", "---\n", "\t", "javascript:", "]]>", "|", "`",
    ].map { Array($0.utf8) }

    static func done(to bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: place)
            case 1: bytes.replaceSubrange(place..<end, with: tokens.randomElement(using: &generator) ?? [])
            case 2: bytes.insert(contentsOf: Array(repeating: bytes[place..<end], count: 50).joined(), at: place)
            case 3:
                let opening = [UInt8](
                    ["[", "{", "- ", "(", "{{#a}}"].randomElement(using: &generator)?.utf8 ?? "".utf8
                )
                bytes.insert(contentsOf: Array(repeating: opening, count: 2_000).joined(), at: place)
            case 4: bytes.insert(contentsOf: repeatElement(UInt8(ascii: "a"), count: 70_000), at: place)
            case 5: bytes = Array(bytes.map { $0 == 10 ? [13, 10] : [$0] }.joined())
            case 6 where Bool.random(using: &generator): bytes = [0xFF, 0xFE] + bytes.flatMap { [$0, 0] }
            default: bytes = Damage.damaged(bytes, &generator)
            }
        }
        return bytes
    }
}

extension [Diagnostic] {
    fileprivate var hasError: Bool { contains { $0.severity == .error } }
}
