import BlastRadius
import Diagnostics
import Foundation
import Testing

/// The incident of 2026-07-01, analysed.
func exampleAnalysis(withContext: Bool = true) throws -> Analysis {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    func file(_ path: String) throws -> InputFile {
        InputFile(path: path, bytes: Array(try Data(contentsOf: root.appending(path: path))))
    }
    let folder = "examples/2026-07-01-sto1"
    return try analysis(
        topology: file("topology.yaml"),
        alerts: file("\(folder)/alerts.json"),
        context: withContext ? file("\(folder)/context.yaml") : nil
    )
}

/// A host whose name, alerts and change are the text given, and a service that needs it.
func analysis(ofHostile text: String) throws -> Analysis {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let name = String(
        text.unicodeScalars.filter { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
    )
    let entity = String(decoding: try JSONEncoder().encode("host/x\(name)"), as: UTF8.self)
    let topology = """
        version: 1
        entities:
          \(entity): {label: \(quoted)}
          service/s: {needs: [\(entity)]}
        alerts:
          - match: '{alertname!=""}'
            entity: '{entity}'
            action: \(quoted.replacing("{", with: "").replacing("}", with: ""))
        """
    let alerts = ["host/x\(name)", "service/s"].map { entity in
        [
            "labels": ["alertname": text, "entity": entity, "severity": "critical"],
            "annotations": ["summary": text, "runbook_url": "javascript:alert(1)"],
            "startsAt": "2026-03-04T02:00:00Z", "endsAt": "2026-03-04T04:00:00Z", "generatorURL": text,
            "status": ["state": "active", "silencedBy": [], "inhibitedBy": []] as [String: Any],
        ] as [String: Any]
    }
    let context = "title: \(quoted)\nnumber: '7'\nrelated: [\(quoted)]\nnotes: [\(quoted)]\n"
    return try analysis(
        topology: InputFile(path: "topology.yaml", bytes: Array(topology.utf8)),
        alerts: InputFile(path: "alerts.json", bytes: Array(try JSONSerialization.data(withJSONObject: alerts))),
        context: InputFile(path: "context.yaml", bytes: Array(context.utf8))
    )
}

/// One of examples/incidents, analysed.
func analysis(ofIncident name: String) throws -> Analysis {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "examples/incidents/\(name)")
    func file(_ name: String) throws -> InputFile {
        InputFile(path: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
    return try analysis(
        topology: file("topology.yaml"),
        alerts: file("alerts.json"),
        context: try? file("context.yaml")
    )
}

/// A topology whose things each fire the alerts given, at the same time.
func analysis(
    entities: String,
    firing alerts: [(name: String, severity: String, entity: String)],
    annotations: [String: String] = [:],
    context: String? = nil
) throws -> Analysis {
    let rule = "  - {match: '{entity!=\"\"}', entity: '{entity}'}\n"
    let topology = "version: 1\nentities:\n\(entities)\nalerts:\n\(rule)"
    let fired = alerts.map { alert in
        [
            "labels": ["alertname": alert.name, "severity": alert.severity, "entity": alert.entity],
            "annotations": annotations, "generatorURL": "http://prometheus.example/graph?g0.expr=up&g0.tab=1",
            "startsAt": "2026-03-04T02:00:00Z", "endsAt": "2026-03-04T06:00:00Z",
            "status": ["state": "active", "silencedBy": [], "inhibitedBy": []] as [String: Any],
        ] as [String: Any]
    }
    return try analysis(
        topology: InputFile(path: "topology.yaml", bytes: Array(topology.utf8)),
        alerts: InputFile(path: "alerts.json", bytes: Array(try JSONSerialization.data(withJSONObject: fired))),
        context: context.map { InputFile(path: "context.yaml", bytes: Array($0.utf8)) }
    )
}

/// An incident given as text.
func analysis(
    topology: String,
    alerts: String,
    context: String? = nil,
    silences: String? = nil,
    history: [String] = []
) throws -> Analysis {
    func file(_ name: String, _ text: String) -> InputFile { InputFile(path: name, bytes: Array(text.utf8)) }
    return try analysis(
        topology: file("topology.yaml", topology),
        alerts: file("alerts.json", alerts),
        context: context.map { file("context.yaml", $0) },
        silences: silences.map { file("silences.json", $0) },
        history: history.map { file("history.json", $0) }
    )
}

private func analysis(
    topology: InputFile,
    alerts: InputFile,
    context: InputFile?,
    silences: InputFile? = nil,
    history: [InputFile] = []
) throws -> Analysis {
    let (platform, diagnostics) = Platform.load([topology])
    var builder = IncidentBuilder()
    #expect(builder.addAlerts(alerts).filter { $0.severity == .error }.isEmpty)
    if let context { #expect(builder.addContext(context).isEmpty) }
    if let silences { #expect(builder.addSilences(silences).isEmpty) }
    for file in history { #expect(builder.addHistory(file).isEmpty) }
    return try #require(builder.incident).incident.analyze(on: #require(platform, "\(diagnostics)")).analysis
}

/// Texts that break careless tools.
enum HostileText {
    static let samples = [
        "a | b", "`code`", "two\nlines\r\nand\ttab", "@everyone", "#79", "user/repo#79", ":fire: and :+1:",
        "*bold* _it_ ~~no~~",
        "<script>alert(1)</script>", "&amp; &#35; &lt;b&gt;", "[x](javascript:alert(1))",
        "![x](http://e.example/x.png)", "1. one",
        "- item", "+ item", "> quote", "=====", "---", "\\|\\`", "``` fence", "    four spaces",
        "http://e.example/a_b_c?x=*y*",
        "www.example.com", "a@example.com", "$x^2$", "\u{202E}gnp.exe", "\u{1B}[31mred", "قاعدة", "🔥👩‍👩‍👧", "", " ",
        "19:22:33Z",
        "a*", "**", "_", "x_y_z", "# heading", "|---|", "{{title}}", "{{{picture}}}", "\"quoted\" 'single'",
        "]]> --> </style>",
    ]

    /// So many texts of characters that mean something somewhere, the same every time.
    static func random(_ count: Int) -> [String] {
        let alphabet = Array("ab1 .-+=#*_~`|<>&;[](){}!@:/\\\"'$%^\n\té🔥")
        var state: UInt64 = 42
        return (0..<count).map { _ in
            String(
                (0..<12).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return alphabet[Int(state >> 33) % alphabet.count]
                }
            )
        }
    }

    /// What a person is meant to see: breaks are spaces, controls are replaced, and nobody sees space at the ends.
    static func seen(_ text: String) -> String {
        let flat = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return flat.withVisibleControls.trimmingCharacters(in: .whitespaces)
    }

    /// The text of a piece of HTML: tags gone, references read, joiners without width dropped.
    static func text(ofHTML html: some StringProtocol) -> String {
        var text: [UInt8] = []
        var isTag = false
        for byte in html.utf8 {
            if byte == UInt8(ascii: "<") { isTag = true }
            if !isTag { text.append(byte) }
            if byte == UInt8(ascii: ">") { isTag = false }
        }
        var result = String(decoding: text, as: UTF8.self)
        for (reference, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"), ("\u{2060}", ""),
        ] {
            result = result.replacingOccurrences(of: reference, with: character)
        }
        return result.trimmingCharacters(in: .whitespaces)
    }
}

/// Runs a program with an input; a program that is missing fails the test.
func run(_ program: String, _ arguments: [String], input: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program) is needed: see .ci/run")
    return String(decoding: data, as: UTF8.self)
}
