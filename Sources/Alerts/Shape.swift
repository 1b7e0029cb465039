import JSON

/// What a JSON document is, judged by its structure alone.
enum Shape {
    case alertList(JSONValue, AlertBatch.Format)
    case groups(JSONValue)
    case webhook(JSONValue)
    case prometheusAlerts(JSONValue)
    /// The object that has `groups`.
    case prometheusRules(JSONValue)
    case vector(JSONValue)
    case matrix(JSONValue)
    /// Something that holds no alerts: what it is, and what to do with it when that is known.
    case other(String, advice: String?)

    init(of root: JSONValue) {
        switch root.kind {
        case .array: self = Self.array(root, format: .alertmanager)
        case .object: self = Self.object(root)
        default: self = .other("this is \(root.kindWithArticle)", advice: nil)
        }
    }

    /// Judges an array by its first element that is an object of a known shape.
    private static func array(_ list: JSONValue, format: AlertBatch.Format) -> Shape {
        var sample: JSONValue?
        for element in list.elements.map({ Array($0.prefix(100)) }) ?? [] where element.kind == .object {
            if element["labels"] != nil && element["alerts"] != nil { return .groups(list) }
            if element["activeAt"] != nil { return .prometheusAlerts(list) }
            if element["labels"] != nil { return .alertList(list, format) }
            if element["metric"] != nil { return element["values"] != nil ? .matrix(list) : .vector(list) }
            if element["matchers"] != nil { return .other("these are silences", advice: "give them with --silences") }
            if sample == nil { sample = element }
        }
        if list.count == 0 { return .alertList(list, format) }
        guard let sample else { return .other("this is an array without objects", advice: nil) }
        if sample.members?.map(\.key) == ["name"] {
            return .other("this is Alertmanager's list of receivers", advice: nil)
        }
        if sample["labels"] == nil, sample["startsAt"] != nil || sample["fingerprint"] != nil {
            return .alertList(list, format)
        }
        return .other("this is an array of objects with \(keys(of: sample))", advice: nil)
    }

    private static func object(_ root: JSONValue) -> Shape {
        if let status = root["status"]?.string, root["alerts"] == nil, root["labels"] == nil {
            if let data = root["data"], status == "success" { return envelope(data) }
            if root["error"] != nil || status == "error" {
                let message = root["error"]?.string ?? root["message"]?.string ?? "without a message"
                return .other("the server answered with the error \"\(message.prefix(200))\"", advice: nil)
            }
        }
        if let alerts = root["alerts"] {
            let isWebhook = ["receiver", "groupLabels", "groupKey", "commonLabels"].contains { root[$0] != nil }
            if isWebhook { return .webhook(root) }
            if case .array = alerts.kind { return array(alerts, format: .alertmanager) }
        }
        if root["groups"]?.kind == .array { return .prometheusRules(root) }
        if root["resultType"] != nil { return envelope(root) }
        if root["labels"]?.kind == .object, root["startsAt"] != nil || root["fingerprint"] != nil {
            return .other("this is a single alert", advice: "wrap it in [ and ]")
        }
        return .other(nameOfOther(root), advice: advice(for: root))
    }

    /// Judges the `data` of a Prometheus-style answer.
    private static func envelope(_ data: JSONValue) -> Shape {
        switch data.kind {
        case .array: return array(data, format: .alertmanagerV1)
        case .null: return .alertList(data, .alertmanagerV1)
        case .object: break
        default: return .other("this is an answer whose data is \(data.kindWithArticle)", advice: nil)
        }
        if let type = data["resultType"]?.string, let result = data["result"] {
            switch type {
            case "vector": return .vector(result)
            case "matrix": return .matrix(result)
            default:
                return .other("this is a query result of type \(type.prefix(40))", advice: "query ALERTS instead")
            }
        }
        if data["groups"] != nil { return .prometheusRules(data) }
        if let alerts = data["alerts"] { return .prometheusAlerts(alerts) }
        if data["activeTargets"] != nil || data["droppedTargets"] != nil {
            return .other(
                "this is Prometheus' list of targets",
                advice: "import it as a topology, and give the answer of Alertmanager's /api/v2/alerts here"
            )
        }
        return .other("this is an answer with \(keys(of: data))", advice: nil)
    }

    private static func nameOfOther(_ root: JSONValue) -> String {
        if root["versionInfo"] != nil, root["cluster"] != nil { return "this is Alertmanager's status" }
        if root["schemaVersion"] != nil, root["rootCauses"] != nil { return "this is a finished analysis" }
        if root["apiVersion"] != nil || root["items"] != nil {
            let kind = root["kind"]?.string.map { "the kind \($0.prefix(40))" } ?? "a kind"
            return "these are Kubernetes objects of \(kind)"
        }
        return root.count == 0 ? "this is an empty object" : "this is an object with \(keys(of: root))"
    }

    private static func advice(for root: JSONValue) -> String? {
        if root["apiVersion"] != nil || root["items"] != nil {
            return "import them as a topology, and give the answer of Alertmanager's /api/v2/alerts here"
        }
        return nil
    }

    /// The first keys of an object, for a message.
    private static func keys(of object: JSONValue) -> String {
        let keys = object.members?.map(\.key) ?? []
        guard !keys.isEmpty else { return "no keys" }
        let shown = keys.prefix(6).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
        return "the \(keys.count == 1 ? "key" : "keys") \(shown)\(keys.count > 6 ? " and others" : "")"
    }
}
