import Diagnostics
import JSON
import Time

/// Findings while a document is read, at most a hundred: a file of another shape must not print a line an alert.
struct Problems {
    static let maximum = 100

    let file: String
    private var findings: [Diagnostic] = []
    private var suppressedCount = 0
    private var suppressedError = false

    init(file: String) { self.file = file }

    mutating func report(_ diagnostic: Diagnostic) {
        guard findings.count < Self.maximum else {
            suppressedCount += 1
            suppressedError = suppressedError || diagnostic.severity == .error
            return
        }
        findings.append(diagnostic)
    }

    mutating func report(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics { report(diagnostic) }
    }

    /// Runs `body` and keeps what it throws.
    mutating func collect(_ body: () throws(Diagnostic) -> Void) {
        do throws(Diagnostic) {
            try body()
        } catch {
            report(error)
        }
    }

    /// What was found, with a last line for what was not kept.
    var diagnostics: [Diagnostic] {
        guard suppressedCount > 0 else { return findings }
        let summary = "\(suppressedCount) more findings in this file are not shown"
        let severity: Diagnostic.Severity = findings.containsError || suppressedError ? .error : .warning
        return findings + [Diagnostic(severity, "too-many-findings", summary, at: SourceLocation(file: file))]
    }
}

extension JSONValue {
    /// The instant in the member with this key; nil when it is absent, null, empty or Go's zero time.
    func optionalTimestamp(_ key: String) throws(Diagnostic) -> Timestamp? {
        guard let member = optional(key) else { return nil }
        let text = try member.requireString()
        if text.isEmpty { return nil }
        guard let timestamp = Timestamp(rfc3339: text) else {
            throw Diagnostic(
                .error,
                "invalid-time",
                "'\(text.prefix(64))' at \(member.path) is no RFC 3339 date and time",
                at: member.location,
                fix: "write it as 2026-07-01T19:22:00Z"
            )
        }
        // 0001-01-01T00:00:00Z is Go's zero value: unset. A local offset can move it by a day.
        return timestamp.milliseconds < -62_135_510_400_000 ? nil : timestamp
    }

    /// The members of an object whose values are strings.
    ///
    /// - Parameter limit: How many bytes a value may have. A label names a thing, and is shown wherever that is.
    /// - Returns: The labels, none of whose keys is longer than `limit` either.
    /// - Throws: An error at the first member that is no string or too long, or at the value when it is no object.
    func requireLabels(limit: Int = 1 << 16) throws(Diagnostic) -> LabelSet {
        guard let members else { throw mismatch(expected: "an object of strings") }
        var labels: [LabelSet.Label] = []
        labels.reserveCapacity(count)
        for member in members {
            let value = member.value
            guard let text = value.string else { throw value.mismatch(expected: "a string") }
            let key = member.key
            guard text.utf8.count <= limit, key.utf8.count <= limit else {
                throw Diagnostic(
                    .error,
                    "too-long",
                    "a text of \(max(text.utf8.count, key.utf8.count)) bytes in \(path), more than \(limit)",
                    at: member.keyLocation,
                    fix: "shorten it in the alert's rule"
                )
            }
            labels.append(LabelSet.Label(key, text))
        }
        return LabelSet(labels)
    }

    /// As ``requireLabels(limit:)``, with values as long as descriptions get; none when the member with this key is absent
    /// or null.
    func optionalLabels(_ key: String) throws(Diagnostic) -> LabelSet {
        guard let member = optional(key) else { return [:] }
        return try member.requireLabels(limit: 1 << 20)
    }
}
