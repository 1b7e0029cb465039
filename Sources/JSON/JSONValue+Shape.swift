package import Diagnostics

/// Typed access that says what is wrong, and where, when a document has another shape than expected.
extension JSONValue {
    /// A `wrong-shape` error at this value.
    ///
    /// - Parameter expected: What should be here, with its article, for example `an array of strings`.
    /// - Returns: The finding, with the value's path.
    package func mismatch(expected: String) -> Diagnostic {
        let path = path
        let place = path.isEmpty ? "" : " at \(path)"
        return Diagnostic(
            .error,
            "wrong-shape",
            "expected \(expected)\(place), found \(kindWithArticle)",
            at: location,
            fix: "write \(expected)"
        )
    }

    package var kindWithArticle: String {
        switch kind {
        case .null: "null"
        case .array, .object: "an \(kind.rawValue)"
        default: "a \(kind.rawValue)"
        }
    }

    /// The text of a string.
    package func requireString() throws(Diagnostic) -> String {
        guard let string else { throw mismatch(expected: "a string") }
        return string
    }

    /// The strings of an array.
    package func requireStrings() throws(Diagnostic) -> [String] {
        guard let elements else { throw mismatch(expected: "an array of strings") }
        var strings: [String] = []
        for element in elements {
            guard let string = element.string else { throw element.mismatch(expected: "a string") }
            strings.append(string)
        }
        return strings
    }

    /// The member with this key, which must exist.
    package func require(_ key: String) throws(Diagnostic) -> JSONValue {
        guard kind == .object else { throw mismatch(expected: "an object with \"\(key)\"") }
        guard let member = self[key] else {
            let path = path
            let place = path.isEmpty ? "" : " at \(path)"
            throw Diagnostic(
                .error,
                "wrong-shape",
                "the object\(place) lacks \"\(key)\"",
                at: location,
                fix: "add \"\(key)\""
            )
        }
        return member
    }

    /// The member with this key, unless it is absent or null.
    package func optional(_ key: String) -> JSONValue? {
        guard let member = self[key], !member.isNull else { return nil }
        return member
    }

    /// The text of the member with this key, or nil when it is absent or null.
    package func optionalString(_ key: String) throws(Diagnostic) -> String? {
        guard let member = optional(key) else { return nil }
        return try member.requireString()
    }

    /// The strings of the member with this key; none when it is absent or null.
    package func optionalStrings(_ key: String) throws(Diagnostic) -> [String] {
        guard let member = optional(key) else { return [] }
        return try member.requireStrings()
    }
}
