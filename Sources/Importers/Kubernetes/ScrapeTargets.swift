internal import Diagnostics

/// What Prometheus scrapes and probes, from its `/api/v1/targets`.
struct ScrapeTargets {
    private struct Target {
        /// As alerts have it, in the label `instance`.
        var instance: String
        /// The machine that it runs on, as far as it is known.
        var host: String
        var isProbe: Bool
        var location: SourceLocation
    }

    private var targets: [Target] = []
    private var pods: [(instance: String, pod: KubernetesObject.Key)] = []

    /// Adds a target.
    ///
    /// One that service discovery found in a pod adds what it knows of the pod.
    mutating func add(_ target: ImportValue, to drafts: inout ObjectDrafts) throws(Diagnostic) {
        let labels = target["labels"]?.texts ?? [:]
        let found = target["discoveredLabels"]?.texts ?? [:]
        guard let instance = labels["instance"] ?? found["__address__"], !instance.isEmpty else {
            throw Diagnostic(.error, "wrong-shape", "a target must have the label instance", at: target.location)
        }
        let namespace = found["__meta_kubernetes_namespace"] ?? labels["namespace"]
        if let name = found["__meta_kubernetes_pod_name"] ?? labels["pod"], let namespace {
            let pod = KubernetesObject.Key(sort: .pod, namespace: namespace, name: name)
            pods.append((instance, pod))
            drafts.change(pod, at: target.location) { draft in
                if let node = found["__meta_kubernetes_pod_node_name"] { draft.spec["nodeName"] = .text(node) }
                guard let kind = found["__meta_kubernetes_pod_controller_kind"],
                    let owner = found["__meta_kubernetes_pod_controller_name"]
                else { return }
                let sort = KubernetesObject.Sort(ownerKind: kind)
                draft.owner = .init(sort: sort, namespace: sort == .node ? "" : namespace, name: owner)
            }
            return
        }
        // A prober is asked at its own address, about another.
        let isProbe = target["scrapeUrl"]?.text?.contains("target=") == true
        let host = labels["host"] ?? labels["node"] ?? labels["nodename"] ?? Self.host(of: instance)
        targets.append(Target(instance: instance, host: host, isProbe: isProbe, location: target.location))
    }

    /// Adds the targets to a finished table: an alert's `instance` then leads to the pod, to the node, or to an entity of
    /// its own on its host.
    func addAll(to table: inout EntityTable) {
        for (instance, pod) in pods where table.contains(pod.entity) {
            table.alias(instance, of: pod.entity, rank: 1)
        }
        for target in targets {
            let name = Self.withoutScheme(target.instance)
            let entity = "\(target.isProbe ? "endpoint" : "instance")/\(name)"
            table.declare(entity, at: target.location)
            if name != target.instance { table.alias(target.instance, of: entity, rank: 1) }
            // Whose loopback address it is nobody knows, and a probed address need not be a machine's.
            guard !target.isProbe, !target.host.isEmpty, !Self.isLoopback(target.host) else { continue }
            let node = table.entity(aliased: target.host) ?? "node/\(target.host)"
            table.place(entity, on: table.contains(node) ? node : "host/\(target.host)", at: target.location)
        }
    }

    /// `https://shop.example.com/health` as `shop.example.com/health`.
    private static func withoutScheme(_ instance: String) -> String {
        let parts = instance.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[0].last == ":", parts[1].isEmpty else { return instance }
        let rest = parts[2...].joined(separator: "/")
        return rest.last == "/" ? String(rest.dropLast()) : rest
    }

    private static func host(of instance: String) -> String {
        let authority = withoutScheme(instance).prefix { $0 != "/" }
        if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
