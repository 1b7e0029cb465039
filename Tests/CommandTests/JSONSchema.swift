import Foundation

/// Checks JSON against a JSON Schema (2020-12) of the few keywords that ours use; any other keyword is an error, so that
/// no rule goes unchecked.
struct JSONSchema {
    private let root: [String: Any]

    init(_ data: Data) throws {
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { throw NotASchema() }
        self.root = root
    }

    struct NotASchema: Error {}

    /// What is wrong with a document, each with its path; empty when nothing is.
    func problems(in data: Data) throws -> [String] {
        var problems: [String] = []
        check(try JSONSerialization.jsonObject(with: data), against: root, at: "$", &problems)
        return problems
    }

    private func check(_ value: Any, against schema: [String: Any], at path: String, _ problems: inout [String]) {
        for (keyword, rule) in schema.sorted(by: { $0.key < $1.key }) {
            switch (keyword, rule) {
            case ("$schema", _), ("$id", _), ("$defs", _), ("title", _), ("description", _): break
            case ("$ref", let name as String):
                let definitions = root["$defs"] as? [String: Any]
                guard let target = definitions?[String(name.dropFirst("#/$defs/".count))] as? [String: Any] else {
                    problems.append("\(path): the schema has no \(name)")
                    continue
                }
                check(value, against: target, at: path, &problems)
            case ("oneOf", let choices as [[String: Any]]):
                let fitting = choices.filter { choice in
                    var found: [String] = []
                    check(value, against: choice, at: path, &found)
                    return found.isEmpty
                }
                if fitting.count != 1 { problems.append("\(path): fits \(fitting.count) of \(choices.count) choices") }
            case ("type", let names):
                let allowed = names as? [String] ?? [names as? String ?? ""]
                if !allowed.contains(where: { Self.is(value, $0) }) { problems.append("\(path): is not \(allowed)") }
            case ("const", let only), ("enum", let only):
                let allowed = only as? [Any] ?? [only]
                if !allowed.contains(where: { ($0 as? NSObject) == (value as? NSObject) }) {
                    problems.append("\(path): \(value) is none of \(allowed)")
                }
            case ("required", let names as [String]):
                guard let object = value as? [String: Any] else { continue }
                for name in names where object[name] == nil { problems.append("\(path): lacks \(name)") }
            case ("properties", let properties as [String: [String: Any]]):
                guard let object = value as? [String: Any] else { continue }
                for (name, member) in object.sorted(by: { $0.key < $1.key }) {
                    guard let rule = properties[name] else { continue }
                    check(member, against: rule, at: "\(path).\(name)", &problems)
                }
            case ("additionalProperties", let isAllowed as Bool):
                let known = schema["properties"] as? [String: Any] ?? [:]
                guard !isAllowed, let object = value as? [String: Any] else { continue }
                for name in object.keys.sorted() where known[name] == nil { problems.append("\(path): has \(name)") }
            case ("items", let rule as [String: Any]):
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    check(item, against: rule, at: "\(path)[\(index)]", &problems)
                }
            case ("pattern", let pattern as String):
                guard let text = value as? String else { continue }
                if text.range(of: pattern, options: .regularExpression) == nil {
                    problems.append("\(path): '\(text)' does not match \(pattern)")
                }
            case ("minLength", let least as Int):
                if let text = value as? String, text.count < least { problems.append("\(path): is too short") }
            case ("minimum", let least as Double):
                if let number = value as? Double, number < least { problems.append("\(path): \(number) is too small") }
            case ("maximum", let most as Double):
                if let number = value as? Double, number > most { problems.append("\(path): \(number) is too large") }
            default: problems.append("\(path): the keyword \(keyword) is not known here")
            }
        }
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": return value is NSNull
        case "string": return value is String
        case "array": return value is [Any]
        case "object": return value is [String: Any]
        case "boolean": return (value as? NSNumber).map(isBoolean) ?? false
        case "number": return (value as? NSNumber).map { !isBoolean($0) } ?? false
        case "integer":
            guard let number = value as? NSNumber, !isBoolean(number) else { return false }
            return number.doubleValue == number.doubleValue.rounded()
        default: return false
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
