package import Diagnostics
import JSON
package import Time

/// A silence as `/api/v2/silences` gives it: its comment is why somebody judged an alert not worth a page.
package struct AlertSilence: Sendable {
    package var id: String
    package var comment: String
    package var createdBy: String
    package var endsAt: Timestamp?
    /// Whether it silenced alerts when the file was written: it had begun, and had not expired.
    package var isInForce: Bool

    package init(
        id: String,
        comment: String,
        createdBy: String = "",
        endsAt: Timestamp? = nil,
        isInForce: Bool = true
    ) {
        self.id = id
        self.comment = comment
        self.createdBy = createdBy
        self.endsAt = endsAt
        self.isInForce = isInForce
    }

    /// Reads `/api/v2/silences`, or `/api/v1/silences` with its envelope.
    ///
    /// - Parameters:
    ///   - bytes: The file's content.
    ///   - file: The name to print in locations.
    /// - Returns: The silences that could be read, and what is wrong with the rest; nil when the file is something else.
    package static func decode(_ bytes: [UInt8], file: String) -> (silences: [AlertSilence]?, diagnostics: [Diagnostic])
    {
        do throws(Diagnostic) {
            let document = try JSONParser.parse(bytes: bytes, file: file)
            let root = document.root
            let list = root.kind == .object ? try root.require("data") : root
            guard let elements = list.elements else { throw list.mismatch(expected: "an array of silences") }
            var problems = Problems(file: file)
            problems.report(document.warnings)
            var silences: [AlertSilence] = []
            for element in elements {
                problems.collect { () throws(Diagnostic) in
                    let id = try element.require("id").requireString()
                    silences.append(
                        AlertSilence(
                            id: id,
                            comment: try element.optionalString("comment") ?? "",
                            createdBy: try element.optionalString("createdBy") ?? "",
                            endsAt: try element.optionalTimestamp("endsAt"),
                            isInForce: element["status"]?["state"]?.string ?? "active" == "active"
                        )
                    )
                }
            }
            return (silences, problems.diagnostics)
        } catch {
            return (nil, [error])
        }
    }
}
