public import Alerts
public import Diagnostics
internal import Yams

/// A past incident, and what the analysis of it must find: the declaration that `blast-radius test` checks.
///
/// Paths are as written, relative to the folder of the file.
public struct IncidentTest: Sendable {
    /// What the incident is called.
    public var name: String?
    /// Topology files, the earliest first: later ones add to them or override them.
    public var topology: [String] = []
    /// Files of alerts, of which there is at least one; the same fingerprint is the same alert.
    public var alerts: [String] = []
    /// Prometheus' rules, which date onsets.
    public var rules: [String] = []
    /// What people knew beyond the alerts; the title and number of the last file win.
    public var context: [String] = []
    /// Earlier alert files and range queries, which tell how often each alert fires.
    public var history: [String] = []
    /// Alertmanager's silences, for their comments.
    public var silences: [String] = []
    /// What the analysis of these inputs must find.
    public var expect = Expectation()

    /// What must come out.
    ///
    /// A nil or empty list demands nothing, but for an empty list of root causes.
    public struct Expectation: Sendable {
        /// Exactly these, in any order.
        public var rootCauses: [IncidentContext.Named]?
        /// The verdicts on the alerts of a name.
        public var verdicts: [VerdictRule] = []
        /// None of these may be a root cause.
        public var notBlamed: [IncidentContext.Named] = []
        /// All of these must be affected, or be a root cause.
        public var affected: [IncidentContext.Named] = []
        /// Whether the answer must be proven to be the best.
        public var proven: Bool?
    }

    /// The verdicts, as words of the ledger, one of which every alert of a name must get.
    public struct VerdictRule: Sendable {
        /// The label `alertname`, whole; a test fails when no alert has it.
        public var alertName: String
        /// The verdicts allowed, for example `knownIssue`; any one will do.
        public var verdicts: [String]
        /// Where the alert's name is written, to which an unmet expectation points.
        public var location: SourceLocation
    }
}

/// Reads incident tests.
public enum IncidentTestReader {
    static let keys = [
        "version", "name", "topology", "alerts", "rules", "context", "history", "silences", "expect",
    ]
    static let expectationKeys = ["root_causes", "verdicts", "not_blamed", "affected", "proven"]

    /// Reads one file; nil when it is no test.
    ///
    /// All findings are returned; any error makes it no test, so that a slip never turns into an expectation that is
    /// met.
    ///
    /// - Parameters:
    ///   - bytes: The file's content, in UTF-8.
    ///   - file: The name to print in locations.
    ///   - verdicts: The words that a verdict may be.
    /// - Returns: The test, and every finding in the order found.
    /// - Complexity: O(length).
    public static func read(
        _ bytes: [UInt8],
        file: String,
        verdicts: [String]
    ) -> (test: IncidentTest?, diagnostics: [Diagnostic]) {
        var (document, root) = YAMLDocument.compose(bytes, file: file)
        guard let root else { return (nil, document.diagnostics) }
        var test = IncidentTest()
        var expects = false
        for entry in document.entries(root, of: "the test") {
            switch entry.key {
            case "version": document.checkVersion(entry.value)
            case "name": test.name = document.string(entry.value, of: "name")
            case "topology": test.topology = document.strings(entry.value, of: "topology")
            case "alerts": test.alerts = document.strings(entry.value, of: "alerts")
            case "rules": test.rules = document.strings(entry.value, of: "rules")
            case "context": test.context = document.strings(entry.value, of: "context")
            case "history": test.history = document.strings(entry.value, of: "history")
            case "silences": test.silences = document.strings(entry.value, of: "silences")
            case "expect":
                expects = true
                test.expect = readExpectation(entry.value, verdicts, &document)
            default: document.reportUnknown(entry, in: "the test", known: keys)
            }
        }
        if test.alerts.isEmpty {
            document.report("incomplete-test", "a test needs 'alerts'", at: root, fix: "alerts: [alerts.json]")
        }
        if !expects {
            document.report(
                "incomplete-test",
                "a test needs 'expect'",
                at: root,
                fix: "for example: expect: {root_causes: [host/a]}"
            )
        }
        let isSound = !document.diagnostics.contains { $0.severity == .error }
        return (isSound ? test : nil, document.diagnostics)
    }

    private static func readExpectation(
        _ node: Node,
        _ words: [String],
        _ document: inout YAMLDocument
    ) -> IncidentTest.Expectation {
        var expectation = IncidentTest.Expectation()
        for entry in document.entries(node, of: "expect") {
            switch entry.key {
            case "root_causes": expectation.rootCauses = names(entry, &document)
            case "not_blamed": expectation.notBlamed = names(entry, &document)
            case "affected": expectation.affected = names(entry, &document)
            case "proven": expectation.proven = document.word(entry.value, of: "proven", as: Truth.self) == .true
            case "verdicts": expectation.verdicts = readVerdicts(entry.value, words, &document)
            default: document.reportUnknown(entry, in: "expect", known: expectationKeys)
            }
        }
        return expectation
    }

    private enum Truth: String, CaseIterable {
        case `true`
        case `false`
    }

    private static func readVerdicts(
        _ node: Node,
        _ words: [String],
        _ document: inout YAMLDocument
    ) -> [IncidentTest.VerdictRule] {
        document.entries(node, of: "verdicts").map { entry in
            let given = document.strings(entry.value, of: "a verdict")
            for word in given where !words.contains(word) {
                document.report(
                    "unknown-word",
                    "'\(word.prefix(40))' is no verdict",
                    at: entry.value,
                    fix: nearestName(to: word, among: words).map { "did you mean '\($0)'?" }
                        ?? "write one of: \(words.joined(separator: ", "))"
                )
            }
            return .init(alertName: entry.key, verdicts: given, location: document.location(entry.keyNode))
        }
    }

    private static func names(
        _ entry: YAMLDocument.Entry,
        _ document: inout YAMLDocument
    ) -> [IncidentContext.Named] {
        document.items(entry.value, of: entry.key).compactMap { item in
            document.string(item, of: "an item of \(entry.key)").map { .init($0, at: document.location(item)) }
        }
    }
}
