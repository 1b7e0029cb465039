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

    /// What `read` gives; nil, with its error as a warning, where it cannot: what it is a part of is kept without it.
    mutating func salvage<Value>(_ read: @autoclosure () throws(Diagnostic) -> Value?) -> Value? {
        do throws(Diagnostic) {
            return try read()
        } catch {
            report(error.asWarning)
            return nil
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
        let read = member.withUTF8 { (isEmpty: $0.isEmpty, timestamp: Timestamp(rfc3339: $0)) }
        if let read, read.isEmpty { return nil }
        guard let timestamp = read?.timestamp else {
            throw Diagnostic(
                .error,
                "invalid-time",
                "'\(try member.requireString().prefix(64))' at \(member.path) is no RFC 3339 date and time",
                at: member.location,
                fix: "write it as 2026-07-01T19:22:00Z"
            )
        }
        // 0001-01-01T00:00:00Z is Go's zero value: unset. A local offset can move it by a day.
        return timestamp.milliseconds < -62_135_510_400_000 ? nil : timestamp
    }

    /// The members of an object whose values are texts.
    ///
    /// - Parameters:
    ///   - limit: How many bytes a value may have. A label names a thing, and is shown wherever that is.
    ///   - problems: Takes a warning for each value that is no string and each text that is cut.
    /// - Returns: The labels. Numbers and truth values are taken as they are written, other values are left out, and
    ///   longer keys and texts than `limit` are cut, so that the alert is kept.
    /// - Throws: An error at the value when it is no object.
    func requireLabels(limit: Int = 1 << 16, _ problems: inout Problems) throws(Diagnostic) -> LabelSet {
        guard let members else { throw mismatch(expected: "an object of strings") }
        var labels: [LabelSet.Label] = []
        labels.reserveCapacity(count)
        for member in members {
            let value = member.value
            let key = member.key
            guard let text = value.text(&problems) else { continue }
            let longest = max(text.utf8.count, key.utf8.count)
            if longest <= limit {
                labels.append(LabelSet.Label(key, text))
            } else {
                problems.report(
                    Diagnostic(
                        .warning,
                        "too-long",
                        "a text of \(longest) bytes in \(path) is cut to \(limit)",
                        at: member.keyLocation,
                        fix: "shorten it in the alert's rule"
                    )
                )
                labels.append(LabelSet.Label(key.cut(toBytes: limit), text.cut(toBytes: limit)))
            }
        }
        return LabelSet(labels)
    }

    /// As ``requireLabels(limit:_:)``, with values as long as descriptions get; none when the member with this key is absent
    /// or null, or, with a warning, no object.
    func optionalLabels(_ key: String, _ problems: inout Problems) -> LabelSet {
        guard let member = optional(key) else { return [:] }
        do throws(Diagnostic) {
            return try member.requireLabels(limit: 1 << 20, &problems)
        } catch {
            problems.report(error.asWarning)
            return [:]
        }
    }

    /// A string, or with a warning what else can be read as one; nil for null, arrays and objects.
    private func text(_ problems: inout Problems) -> String? {
        if let string { return string }
        let text = numberText ?? bool.map { $0 ? "true" : "false" }
        problems.report(
            Diagnostic(
                .warning,
                "not-a-string",
                "\(kindWithArticle) at \(path) is \(text == nil ? "left out" : "taken as text")",
                at: location,
                fix: "write a string"
            )
        )
        return text
    }
}

extension String {
    /// The first `limit` bytes, or a few less where a scalar would be torn.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
