internal import Diagnostics

/// Maps the connections that Cilium's Hubble observed, `hubble observe -o jsonpb`: one flow a line.
///
/// Who connects need not depend on it, as Prometheus does not on what it scrapes, so a connection is a weak need.
struct ObservedFlows {
    private var table = EntityTable()
    private var tally = Tally()
    private var diagnostics: [Diagnostic] = []

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        var flows = ObservedFlows()
        for document in documents {
            for line in document.isList ? document.elements : [document] { flows.add(line) }
        }
        return (flows.table, flows.tally, flows.diagnostics)
    }

    private mutating func add(_ line: ImportValue) {
        // Hubble's other messages: which nodes are connected, and how many flows were lost.
        if line["node_status"] != nil || line["nodeStatus"] != nil { return }
        if let lost = line["lost_events"] ?? line["lostEvents"] {
            tally.count(
                "lost-flows",
                "a report of flows that Hubble has lost",
                example: "an overrun",
                at: lost.location
            )
            return
        }
        let flow = line["flow"] ?? line
        guard let source = flow["source"], let destination = flow["destination"] else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "a flow must have \"source\" and \"destination\"",
                    at: line.location,
                    fix: "give the output of: hubble observe -o jsonpb"
                )
            )
            return
        }
        guard flow["verdict"]?.text == "FORWARDED" else {
            let verdict = flow["verdict"]?.text ?? "no verdict"
            tally.count("not-forwarded", "a flow that was not forwarded", example: verdict, at: line.location)
            return
        }
        // A reply goes the other way; where Hubble cannot tell, it says nothing.
        guard let isReply = flow["is_reply"] ?? flow["isReply"] else {
            tally.count(
                "unknown-direction",
                "a flow that may be a reply",
                example: "\(title(source)) → \(title(destination))",
                at: line.location
            )
            return
        }
        if isReply.isTrue { return }
        let names = (flow["destination_names"] ?? flow["destinationNames"])?.elements.compactMap(\.text) ?? []
        guard let from = workload(source), let to = workload(destination) ?? names.min().map({ "external/\($0)" })
        else {
            tally.count(
                "no-workload",
                "a flow from or to what is no workload",
                example: "\(title(source)) → \(title(destination))",
                at: line.location
            )
            return
        }
        table.declare(from, at: line.location)
        table.need(from, to, isWeak: true, at: line.location)
    }

    /// The entity at an end: the workload, or the pod where Hubble does not know it.
    private func workload(_ end: ImportValue) -> String? {
        guard let namespace = end["namespace"]?.text, !namespace.isEmpty else { return nil }
        if let workload = end["workloads"]?.elements.first, let kind = workload["kind"]?.text,
            let name = workload["name"]?.text
        {
            return KubernetesObject.Key(sort: .init(ownerKind: kind), namespace: namespace, name: name).entity
        }
        return (end["pod_name"] ?? end["podName"])?.text.map { "pod/\(namespace)/\($0)" }
    }

    /// What an end is, for messages: Cilium's reserved identity, if it has one.
    private func title(_ end: ImportValue) -> String {
        end["labels"]?.elements.compactMap(\.text).first { $0.hasPrefix("reserved:") } ?? workload(end) ?? "unknown"
    }
}
