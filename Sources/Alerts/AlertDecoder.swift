public import Diagnostics
import JSON

/// Reads alerts in any of the shapes that Alertmanager, Prometheus, Grafana and amtool write, told apart by shape.
///
/// Source of the shapes: the OpenAPI document of Alertmanager's API v2, its `template.Data`, and the HTTP API pages of
/// Prometheus and Grafana; tested on what Prometheus 2.42 and Alertmanager 0.25 and 0.32 really write.
public enum AlertDecoder {
    /// The largest input that is read unless the caller says otherwise: 1 GiB.
    public static let defaultMaximumBytes = 1 << 30

    /// Reads one file.
    ///
    /// Every mistake is reported with its place. An alert that has labels is kept with what can be read of it, and a
    /// warning for the rest; one without loses only itself, which is an error.
    ///
    /// - Parameters:
    ///   - bytes: The file's content, in UTF-8.
    ///   - file: The name to print in locations.
    ///   - maximumBytes: The largest input to read.
    /// - Returns: The alerts, nil when the file holds something else; and what is wrong or odd.
    /// - Complexity: O(bytes).
    public static func decode(
        _ bytes: [UInt8],
        file: String,
        maximumBytes: Int = defaultMaximumBytes
    ) -> (batch: AlertBatch?, diagnostics: [Diagnostic]) {
        if let notJSON = NotJSON.recognise(bytes, file: file) { return (nil, [notJSON]) }
        do throws(Diagnostic) {
            let document = try JSONParser.parse(
                bytes: bytes,
                file: file,
                limits: JSONLimits(maximumBytes: maximumBytes)
            )
            var problems = Problems(file: file)
            problems.report(document.warnings)
            let batch = try decode(Shape(of: document.root), document.root, &problems, file)
            return (batch, problems.diagnostics)
        } catch {
            return (nil, [error])
        }
    }

    private static func decode(
        _ shape: Shape,
        _ root: JSONValue,
        _ problems: inout Problems,
        _ file: String
    ) throws(Diagnostic) -> AlertBatch {
        switch shape {
        case .alertList(let list, let format):
            var batch = AlertBatch(file: file, format: format)
            batch.alerts.reserveCapacity(list.count)
            var stateless: [Int] = []
            decodeEach(of: list, &problems) { value, problems throws(Diagnostic) in
                let alert = try alertmanagerAlert(value, &problems)
                if value.optional("status") == nil { stateless.append(batch.alerts.count) }
                batch.alerts.append(alert)
            }
            batch.resolveEnded(stateless)
            return batch
        case .groups(let list): return try groups(list, &problems, file)
        case .webhook(let root): return try webhook(root, &problems, file)
        case .prometheusAlerts(let list):
            var batch = AlertBatch(file: file, format: .prometheusAlerts)
            decodeEach(of: list, &problems) { value, problems throws(Diagnostic) in
                batch.alerts.append(try prometheusAlert(value, &problems))
            }
            return batch
        case .prometheusRules(let data):
            var batch = AlertBatch(file: file, format: .prometheusRules)
            try RuleDecoder.decode(data, into: &batch, &problems)
            return batch
        case .vector(let result): return try vector(result, &problems, file)
        case .matrix(let result): return try matrix(result, &problems, file)
        case .other(let description, let advice):
            throw Diagnostic(
                .error,
                "wrong-shape",
                "\(description), not a list of alerts",
                at: root.location,
                fix: advice ?? "give the answer of Alertmanager's /api/v2/alerts, for example from: "
                    + "curl http://alertmanager:9093/api/v2/alerts"
            )
        }
    }

    /// Calls `body` with each element, and reports what it throws, so that one bad element loses only itself.
    static func decodeEach(
        of list: JSONValue,
        _ problems: inout Problems,
        _ body: (JSONValue, inout Problems) throws(Diagnostic) -> Void
    ) {
        guard let elements = list.elements else {
            if !list.isNull { problems.report(list.mismatch(expected: "an array of alerts")) }
            return
        }
        for element in elements {
            do throws(Diagnostic) {
                try body(element, &problems)
            } catch {
                problems.report(error)
            }
        }
    }
}

/// Recognises inputs that are no JSON at all, so that the message can say what they are.
enum NotJSON {
    static func recognise(_ bytes: [UInt8], file: String) -> Diagnostic? {
        guard let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return nil }
        guard first != UInt8(ascii: "["), first != UInt8(ascii: "{") else { return nil }
        let head = String(decoding: bytes.prefix(4_096), as: UTF8.self)
        let line = head.prefix { !$0.isNewline }
        let words = line.split(separator: " ")
        func finding(_ summary: String, _ fix: String) -> Diagnostic {
            Diagnostic(
                .error,
                "wrong-shape",
                summary,
                at: SourceLocation(file: file, line: 1, column: 1),
                fix: fix
            )
        }
        let fullQuery = "amtool alert query -o json --active --silenced --inhibited --unprocessed"
        if words.starts(with: ["Alertname", "Starts", "At"]) || words.starts(with: ["Labels", "Annotations"]) {
            return finding("this is amtool's output for people", "use -o json: \(fullQuery)")
        }
        if words.starts(with: ["ID", "Matchers", "Ends", "At"]) {
            return finding("this is amtool's list of silences for people", "give alerts: \(fullQuery)")
        }
        let lowercased = head.prefix(256).lowercased()
        if first == UInt8(ascii: "<"), lowercased.contains("<!doctype html") || lowercased.contains("<html") {
            return finding(
                "this is an HTML page, perhaps of a login or a proxy, not a list of alerts",
                "fetch /api/v2/alerts with the credentials that it needs"
            )
        }
        if line.hasPrefix("# HELP ") || line.hasPrefix("# TYPE ") {
            return finding(
                "these are metrics in Prometheus' text format, not a list of alerts",
                "give the answer of Alertmanager's /api/v2/alerts"
            )
        }
        if line.hasPrefix("---") || line.hasPrefix("version:") || line.hasPrefix("apiVersion:")
            || line.hasPrefix("groups:")
        {
            return finding(
                "this looks like YAML, but alerts are read as JSON",
                "give the answer of Alertmanager's /api/v2/alerts; a topology goes to --topology"
            )
        }
        return nil
    }
}
