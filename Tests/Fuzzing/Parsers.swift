import Alerts
import BlastRadius
import Diagnostics
import Foundation
import Importers
import Reports
import Topology
import TopologyFormats

/// What libFuzzer calls with each input: the parser that FUZZ names takes it, and must give a result xor errors.
///
/// A trap, a hang, or more memory than libFuzzer allows is its finding; a broken promise is made a trap here.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    subject.take(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

private let subject: Subject = {
    let name = ProcessInfo.processInfo.environment["FUZZ"] ?? ""
    guard let subject = Subject(rawValue: name) else {
        print("FUZZ=\(Subject.allCases.map(\.rawValue).joined(separator: "|"))")
        exit(64)
    }
    return subject
}()

/// What reads text that others wrote.
private enum Subject: String, CaseIterable {
    case alerts
    case rules
    case silences
    case history
    case topology
    case plain
    case compiled
    case context
    case test
    case matcher
    case template
    case update
    case analysis
    case kubernetes
    case flux
    case otel
    case backstage
    case compose
    case prometheus
    case hubble
    case netbox

    func take(_ bytes: [UInt8]) {
        let file = InputFile(path: "input", bytes: bytes)
        var builder = IncidentBuilder()
        switch self {
        case .alerts:
            let findings = builder.addAlerts(file)
            let incident = builder.incident
            promise(incident != nil || findings.hasError, "alerts or an error")
            guard let (incident, _) = incident else { return }
            promise(Set(incident.alerts.map(\.fingerprint)).count == incident.alerts.count, "each alert once")
        case .rules: _ = builder.addRules(file)
        case .silences: _ = builder.addSilences(file)
        case .history: _ = builder.addHistory(file)
        case .topology:
            let (platform, findings) = Platform.load([file])
            promise((platform == nil) == findings.hasError, "a platform xor an error")
            _ = platform?.check()
        case .plain: plain(bytes)
        case .compiled: compiled(bytes)
        case .context: _ = builder.addContext(file)
        case .test:
            let (test, findings) = IncidentTest.load(file)
            promise((test == nil) == findings.hasError, "a test xor an error")
        case .matcher: matcher(bytes)
        case .template: template(file)
        case .update:
            guard let text = String(validating: bytes, as: UTF8.self) else { return }
            var imported = ImportedFile(text, path: "topology.yaml")
            if let topology = Sample.imported { _ = imported.update(with: topology) }
        case .analysis: analysis(bytes)
        case .kubernetes, .flux, .otel, .backstage, .compose, .prometheus, .hubble, .netbox:
            guard let source = ImportSource(rawValue: rawValue) else { return }
            let (topology, findings) = ImportedTopology.read([("input", bytes)], as: source, deployOrder: true)
            promise((topology == nil) == findings.hasError, "a topology xor an error")
            guard let topology else { return }
            var imported = ImportedFile()
            promise(!imported.update(with: topology).hasError, "what is imported can be written")
            let (platform, problems) = Platform.load([
                InputFile(path: "topology.yaml", bytes: Array(imported.text.utf8))
            ])
            promise(platform != nil, "what is imported can be read: \(problems.map(\.description))")
        }
    }

    /// What the fast reader reads is what the YAML library reads, to the last place.
    private func plain(_ bytes: [UInt8]) {
        guard let (document, _) = TopologyReader.readPlain(bytes, file: "input") else { return }
        let (whole, findings) = TopologyReader.readAny(bytes, file: "input")
        promise(findings.isEmpty, "the YAML library finds nothing either: \(findings.map(\.description))")
        let (one, other) = (document.compiled, whole.compiled)
        promise(one.topology == other.topology, "both read the same topology")
        promise(one.findings == other.findings, "both readings have the same mistakes")
    }

    /// Three bytes of input are a place in a compiled topology and what it holds instead; the checksum is made to fit.
    private func compiled(_ bytes: [UInt8]) {
        var lying = Sample.compiled
        for place in stride(from: 0, to: bytes.count - 2, by: 3) {
            let offset =
                (Int(bytes[place]) << 8 | Int(bytes[place + 1])) % (lying.count - CompiledTopology.headerLength)
            lying[CompiledTopology.headerLength + offset] = bytes[place + 2]
        }
        let checksum = lying[CompiledTopology.headerLength...].withUnsafeBytes(XXH64.hash)
        for index in 0..<8 { lying[32 + index] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * index)) }
        guard let platform = try? Platform(compiled: InputFile(path: "input", bytes: lying)) else { return }
        _ = platform.check()
        var builder = IncidentBuilder()
        _ = builder.addAlerts(Sample.alerts)
        guard let (incident, _) = builder.incident else { return }
        let analysis = incident.analyze(on: platform, budget: 100_000).analysis
        _ = TerminalReport.render(analysis)
        _ = JSONReport.render(analysis)
        _ = platform.riskRanking(top: 3, pairBudget: 10_000)
    }

    /// The matcher to the first line end, against labels with the values of the other lines.
    private func matcher(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let matcher = try? Matcher(lines[0], at: SourceLocation(file: "input", line: 1, column: 1)) else {
            return
        }
        for line in lines.dropFirst() { _ = matcher.matches(["alertname": line, "host": line, "a": line]) }
    }

    private func template(_ file: InputFile) {
        guard let template = try? ReportTemplate(file) else { return }
        _ = MarkdownReport.render(Sample.analysis, template: template)
        _ = HTMLReport.render(Sample.analysis, template: template, svg: nil)
    }

    /// A topology and alerts, one after the other with a line `--8<--` between them: the whole way to the reports.
    private func analysis(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let cut = text.range(of: "\n--8<--\n") else { return }
        let topology = InputFile(path: "topology.yaml", bytes: Array(text[..<cut.lowerBound].utf8))
        guard let platform = Platform.load([topology]).platform else { return }
        var builder = IncidentBuilder()
        _ = builder.addAlerts(InputFile(path: "alerts.json", bytes: Array(text[cut.upperBound...].utf8)))
        guard let (incident, _) = builder.incident else { return }
        let analysis = incident.analyze(on: platform, budget: 1_000_000).analysis
        promise(analysis.counts.values.reduce(0, +) == incident.alerts.count, "every alert is accounted for")
        let json = JSONReport.render(analysis)
        promise((try? JSONSerialization.jsonObject(with: Data(json))) != nil, "the JSON is JSON")
        _ = TerminalReport.render(analysis)
        _ = HTMLReport.render(analysis, svg: nil)
        _ = MarkdownReport.render(analysis)
    }
}

/// What the parsers that work on something else get.
private enum Sample {
    static let analysis: Analysis = {
        let topology = """
            entities:
              site/a: {}
              host/h: {on: site/a}
              service/s: {on: host/h}
            """
        var builder = IncidentBuilder()
        _ = builder.addAlerts(alerts)
        let platform = Platform.load([InputFile(path: "topology.yaml", bytes: Array(topology.utf8))]).platform
        guard let platform, let (incident, _) = builder.incident else { preconditionFailure("the sample is sound") }
        return incident.analyze(on: platform).analysis
    }()

    static let alerts = InputFile(
        path: "alerts.json",
        bytes: Array(
            #"[{"labels": {"alertname": "HostDown", "host": "h"}, "startsAt": "2026-07-01T19:22:00Z"}]"#.utf8
        )
    )

    /// A compiled topology with something of everything.
    static let compiled: [UInt8] = {
        let topology = """
            name: sample
            kinds: {gadget: {label: G, criticality: high}}
            entities:
              site/a: {label: Å, tags: [t], criticality: critical}
              host/h: {on: site/a, aliases: [10.0.0.1, x], owner: ops, capacity: 4}
              host/i: {on: site/a, aliases: [x]}
              gadget/g: {on: host/h, can_run_on: [host], uses: 1.5, observed_by: host/i}
              service/n/s: {needs: [gadget/g, {any: [host/h, host/i]}, {weak: site/a}]}
            alerts:
              - {match: '{a=~"b.*"}', entity: 'host/{c}', witness: 'host/{d}', pending: 4m, observes: degraded, action: 'x {c}'}
            known_issues:
              - {id: A-1, match: '{a="b"}', reason: r, settles_within: 40m, review_by: 2026-12-31}
            weights: {healthy: 2, loss_high: 5}
            """
        let file = InputFile(path: "topology.yaml", bytes: Array(topology.utf8))
        guard let compiled = Platform.compile([file]).compiled else { preconditionFailure("the sample is sound") }
        return compiled.encoded()
    }()

    static let imported = ImportedTopology.read(
        [("compose.yaml", Array("services: {web: {depends_on: [db]}, db: {}}".utf8))],
        as: .compose
    ).topology
}

extension TopologyDocument {
    /// All that it comes to, as bytes that can be compared.
    fileprivate var compiled: (topology: [UInt8]?, findings: [Diagnostic]) {
        let (topology, findings) = declaration.resolved()
        let compiled = topology.map { topology in
            CompiledTopology(
                topology: topology,
                rules: rules,
                knownIssues: knownIssues,
                weights: weights.map { ($0.name.name, $0.value) },
                diagnostics: [],
                sources: []
            )
        }
        return (compiled?.encoded(), findings)
    }
}

private func promise(_ kept: Bool, _ words: @autoclosure () -> String) {
    precondition(kept, words())
}

extension [Diagnostic] {
    fileprivate var hasError: Bool { contains { $0.severity == .error } }
}
