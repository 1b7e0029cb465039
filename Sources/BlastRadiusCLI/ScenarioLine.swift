internal import Diagnostics
internal import JSON

/// One question of `what-if --ndjson`: `{"lost": [entity…], "degraded": [entity…], "restored": [entity…]}`.
struct ScenarioLine {
    private(set) var lost: [String] = []
    private(set) var degraded: [String] = []
    private(set) var restored: [String] = []

    /// - Throws: a finding when the line is no such object.
    init(_ line: [UInt8]) throws(Diagnostic) {
        let document = try JSONParser.parse(bytes: line, file: "<line>")
        if let warning = document.warnings.first { throw warning }
        guard let members = document.root.members else {
            throw document.root.mismatch(expected: "an object with \"lost\" or \"degraded\"")
        }
        for member in members {
            switch member.key {
            case "lost": lost = try member.value.requireStrings()
            case "degraded": degraded = try member.value.requireStrings()
            case "restored": restored = try member.value.requireStrings()
            default:
                throw Diagnostic(
                    .error,
                    "unknown-key",
                    "unknown key \"\(member.key.prefix(40))\"",
                    at: member.keyLocation,
                    fix: "known keys: lost, degraded, restored"
                )
            }
        }
    }
}
