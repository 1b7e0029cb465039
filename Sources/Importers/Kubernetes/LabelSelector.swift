/// Which objects a selector means: a service's, a disruption budget's, a node's.
struct LabelSelector: Hashable {
    private struct Expression: Hashable {
        var key: String
        var `operator`: String
        var values: [String]
    }

    private var expressions: [Expression]

    /// A plain mapping of labels to values, all of which must be met.
    init(labels: [String: String]) {
        expressions = labels.map { Expression(key: $0, operator: "In", values: [$1]) }
    }

    /// `matchLabels` and `matchExpressions`.
    init(_ value: ImportValue) {
        self.init(labels: value["matchLabels"]?.texts ?? [:])
        expressions += Self.expressions(value["matchExpressions"])
    }

    /// One term of a node affinity.
    init(nodeTerm value: ImportValue) {
        expressions = Self.expressions(value["matchExpressions"]) + Self.expressions(value["matchFields"])
    }

    private static func expressions(_ value: ImportValue?) -> [Expression] {
        value?.elements.map { item in
            Expression(
                key: item["key"]?.text ?? "",
                operator: item["operator"]?.text ?? "",
                values: item["values"]?.elements.compactMap(\.text) ?? []
            )
        } ?? []
    }

    /// Whether the labels meet every expression.
    ///
    /// One with an unknown operator is met by nothing.
    func matches(_ labels: [String: String]) -> Bool {
        expressions.allSatisfy { expression in
            let value = labels[expression.key]
            switch expression.operator {
            case "In": return value.map(expression.values.contains) ?? false
            case "NotIn": return value.map { !expression.values.contains($0) } ?? true
            case "Exists": return value != nil
            case "DoesNotExist": return value == nil
            case "Gt", "Lt":
                guard let number = value.flatMap({ Int($0) }), let bound = expression.values.first.flatMap({ Int($0) })
                else { return false }
                return expression.operator == "Gt" ? number > bound : number < bound
            default: return false
            }
        }
    }
}
