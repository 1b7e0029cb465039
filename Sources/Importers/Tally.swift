internal import Diagnostics

/// Counts what could not be mapped, so that a thousand cases are one finding.
struct Tally {
    /// A sort of case.
    private struct Case: Hashable {
        var code: String
        var what: String
    }

    private var cases: [Case: (count: Int, example: String, location: SourceLocation)] = [:]

    /// Counts one more case, `example`; the first is told in the finding, with its place.
    mutating func count(_ code: String, _ what: String, example: String, at location: SourceLocation) {
        cases[Case(code: code, what: what), default: (0, example, location)].count += 1
    }

    /// Adds the counts of another tally.
    ///
    /// Where both have a case, the example of this one stays.
    mutating func merge(_ other: Tally) {
        for (key, value) in other.cases { cases[key, default: (0, value.example, value.location)].count += value.count }
    }

    /// A note for each sort of case, by code and text: `12 ConfigMaps are not imported, for example shop/web`.
    var diagnostics: [Diagnostic] {
        cases.sorted { ($0.key.code, $0.key.what) < ($1.key.code, $1.key.what) }.map { key, value in
            let (count, example, location) = value
            return Diagnostic(
                .note,
                key.code,
                "\(count) × \(key.what)\(count > 1 ? ", the first" : ""): \(example.prefix(200))",
                at: location
            )
        }
    }
}
