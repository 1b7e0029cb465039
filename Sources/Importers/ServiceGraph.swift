internal import Diagnostics

/// Maps who calls whom, as traces show it: the service graph of OpenTelemetry and Tempo in a Prometheus answer, or the
/// dependencies of Jaeger and Zipkin.
struct ServiceGraph {
    private var table = EntityTable()
    private var tally = Tally()
    private var diagnostics: [Diagnostic] = []

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        var graph = ServiceGraph()
        for document in documents { graph.add(document) }
        return (graph.table, graph.tally, graph.diagnostics)
    }

    private mutating func add(_ document: ImportValue) {
        if document["status"]?.text == "error" {
            diagnostics.append(.serverError(document["error"]?.text, at: document.location))
        } else if let result = document["data", "result"] ?? document["result"], result.isList {
            for series in result.elements { add(series: series) }
        } else if document.isList {
            for call in document.elements { add(call: call) }
        } else if let calls = document["data"], calls.isList {
            for call in calls.elements { add(call: call) }
        } else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "this is no service graph",
                    at: document.location,
                    fix: "give the answer of Prometheus' /api/v1/query?query=traces_service_graph_request_total, or of "
                        + "Jaeger's /api/dependencies"
                )
            )
        }
    }

    // MARK: Prometheus

    private mutating func add(series: ImportValue) {
        guard let metric = series["metric"] else {
            diagnostics.append(Diagnostic(.error, "wrong-shape", "a series lacks \"metric\"", at: series.location))
            return
        }
        let labels = metric.texts
        guard let client = labels["client"], let server = labels["server"], !client.isEmpty, !server.isEmpty else {
            tally.count(
                "no-edge",
                "a series without the labels client and server",
                example: labels["__name__"] ?? "a series without a name",
                at: series.location
            )
            return
        }
        let samples = (series["values"]?.elements ?? [series["value"]].compactMap { $0 }).compactMap {
            $0.elements.last
        }
        guard samples.contains(where: { Double($0.text ?? "").map { $0 > 0 } ?? false }) else {
            tally.count("idle-edge", "an edge without a request", example: "\(client) → \(server)", at: series.location)
            return
        }
        let type = labels["connection_type"] ?? ""
        let isUser = type == "virtual_node" && (client == "user" || labels["virtual_node"] == "client")
        let from = name(isUser ? "client" : "service", labels, of: "client", client)
        let serverKind =
            switch type {
            case "database": "database"
            case "virtual_node": isUser ? "service" : "external"
            default: "service"
            }
        let to = name(serverKind, labels, of: "server", server)
        table.declare(from, at: series.location)
        table.declare(to, at: series.location)
        if type == "messaging_system" {
            // A queue stands between them: who sends goes on, and who receives has nothing to do.
            table.need(to, from, isWeak: true, at: series.location)
        } else {
            table.need(from, to, at: series.location)
        }
    }

    /// `kind/name`, or `kind/namespace/name` where the metric has the namespace as a dimension.
    private func name(_ kind: String, _ labels: [String: String], of side: String, _ name: String) -> String {
        let namespace = labels["\(side)_k8s_namespace_name"] ?? labels["\(side)_service_namespace"] ?? ""
        return namespace.isEmpty ? "\(kind)/\(name)" : "\(kind)/\(namespace)/\(name)"
    }

    // MARK: Jaeger and Zipkin

    private mutating func add(call: ImportValue) {
        guard let parent = call["parent"]?.text, let child = call["child"]?.text, !parent.isEmpty, !child.isEmpty else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "a dependency must have \"parent\" and \"child\"",
                    at: call.location
                )
            )
            return
        }
        if call["callCount"]?.text == "0" {
            tally.count("idle-edge", "an edge without a request", example: "\(parent) → \(child)", at: call.location)
            return
        }
        table.declare("service/\(parent)", at: call.location)
        table.need("service/\(parent)", "service/\(child)", at: call.location)
    }
}
