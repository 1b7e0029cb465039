/// A place in an input: a file and, where known, a line and column.
///
/// Lines and columns start at 1; columns count UTF-8 bytes, as editors and compilers print them.
public struct SourceLocation: Hashable, Sendable {
    /// The path as given, or `<stdin>`: what people recognise, not an absolute path.
    public var file: String
    /// Counted from 1; nil when the finding is about the whole file.
    public var line: Int?
    /// Counted from 1 in UTF-8 bytes; nil when only the line is known, and without meaning when the line is not.
    public var column: Int?

    /// A place; what is not known is left out, the column first.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourceLocation: Comparable {
    /// Orders by file, then line, then column; a place without a line comes first in its file.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.file, lhs.line ?? 0, lhs.column ?? 0) < (rhs.file, rhs.line ?? 0, rhs.column ?? 0)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column` without what is not known, the form that editors and terminals make a link of.
    public var description: String {
        guard let line else { return file }
        guard let column else { return "\(file):\(line)" }
        return "\(file):\(line):\(column)"
    }
}

/// A finding about an input: what is wrong, where, and what to write instead.
public struct Diagnostic: Error, Hashable, Sendable {
    /// How bad it is: an `error` makes the exit code 1, a `warning` or `note` does not.
    public enum Severity: String, Hashable, Sendable {
        /// The input cannot be used as it is.
        case error
        /// The input can be used, but probably does not say what was meant.
        case warning
        /// A fact worth knowing; nothing has to change.
        case note
    }

    /// A second place or fact that belongs to the finding.
    public struct Note: Hashable, Sendable {
        /// What is there, without a full stop, so that it can follow a place and a colon.
        public var summary: String
        /// Where that is; nil when the note is a fact about no one place.
        public var location: SourceLocation?

        /// A note on the finding, for example the other end of a conflict.
        public init(_ summary: String, at location: SourceLocation? = nil) {
            self.summary = summary
            self.location = location
        }
    }

    /// How bad it is, which decides the exit code.
    public var severity: Severity
    /// A stable kebab-case name, for example `unknown-entity`, for filters and tests; the summary may be reworded.
    public var code: String
    /// What is wrong, in one line without a full stop; it may quote the input, which is untrusted.
    public var summary: String
    /// Where it is wrong; nil for a finding about no file, such as a name on the command line.
    public var location: SourceLocation?
    /// Further places and facts, in the order in which they are printed.
    public var notes: [Note]
    /// What to do about it, in words or as a line to paste.
    public var fix: String?

    /// A finding; the first three arguments are what every finding has.
    public init(
        _ severity: Severity,
        _ code: String,
        _ summary: String,
        at location: SourceLocation? = nil,
        notes: [Note] = [],
        fix: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.summary = summary
        self.location = location
        self.notes = notes
        self.fix = fix
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The finding as text, one line for itself and one for each note and the fix.
    ///
    /// Inputs are untrusted: control characters are replaced, and a line of more than a thousand characters is cut, so
    /// that the text is fit for a terminal.
    public var description: String {
        var lines = ["\(location.map { "\($0): " } ?? "")\(severity.rawValue): \(summary) [\(code)]"]
        for note in notes {
            lines.append("    note: \(note.location.map { "\($0): " } ?? "")\(note.summary)")
        }
        if let fix { lines.append("    fix: \(fix)") }
        return lines.map { line in
            let shown = line.prefix(1_000)
            return (shown.endIndex == line.endIndex ? line : "\(shown)…").withVisibleControls
        }
        .joined(separator: "\n")
    }
}

extension String {
    /// The text with every control, line-separator and bidirectional-override character replaced by U+FFFD.
    package var withVisibleControls: String {
        guard unicodeScalars.contains(where: \.isUnsafeForDisplay) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            result.append(scalar.isUnsafeForDisplay ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether the scalar can change how the text around it is shown: C0 and C1 controls, line and paragraph
    /// separators, bidirectional controls, and the two non-characters that XML forbids.
    package var isUnsafeForDisplay: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0x061C, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}

extension Sequence<Diagnostic> {
    /// The findings ordered by place, each once.
    ///
    /// Those without a place come first; those at one place keep their order.
    ///
    /// - Complexity: O(n log n).
    package func sortedByPlace() -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return filter { seen.insert($0).inserted }
            .enumerated()
            .sorted { lhs, rhs in
                switch (lhs.element.location, rhs.element.location) {
                case (let left?, let right?) where left != right: left < right
                case (nil, .some): true
                case (.some, nil): false
                default: lhs.offset < rhs.offset
                }
            }
            .map(\.element)
    }

    /// Whether any finding makes the input unusable.
    package var containsError: Bool { contains { $0.severity == .error } }
}

extension Diagnostic {
    /// The same finding, which keeps nothing from being used.
    package var asWarning: Diagnostic {
        guard severity == .error else { return self }
        var warning = self
        warning.severity = .warning
        return warning
    }
}
