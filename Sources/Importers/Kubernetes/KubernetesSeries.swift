internal import Diagnostics

/// Maps a platform as Prometheus knows it, for when the cluster's API is the thing that is down: the series of
/// kube-state-metrics are put together to objects, which are mapped as those of the API are, and what it scrapes is added.
struct KubernetesSeries {
    private typealias Key = KubernetesObject.Key
    private typealias Sort = KubernetesObject.Sort

    private var drafts = ObjectDrafts()
    private var tally = Tally()
    private var diagnostics: [Diagnostic] = []
    private var targets = ScrapeTargets()
    private var podsByAddress: [String: Key] = [:]
    /// The addresses behind each service.
    private var endpoints: [Key: Set<String>] = [:]

    static func run(_ documents: [ImportValue]) -> Importer.Result {
        var series = KubernetesSeries()
        for document in documents { series.add(document) }
        series.joinEndpoints()
        let (objects, findings) = KubernetesObjects.read(series.drafts.objects)
        var (table, tally) = KubernetesImporter.run(objects, deployOrder: false)
        series.targets.addAll(to: &table)
        tally.merge(series.tally)
        return (table, tally, series.diagnostics + findings)
    }

    private mutating func add(_ document: ImportValue) {
        if document["status"]?.text == "error" {
            diagnostics.append(.serverError(document["error"]?.text, at: document.location))
            return
        }
        if let active = document["data", "activeTargets"] ?? document["activeTargets"], active.isList {
            for target in active.elements {
                do throws(Diagnostic) {
                    try targets.add(target, to: &drafts)
                } catch {
                    diagnostics.append(error)
                }
            }
            return
        }
        guard let result = document["data", "result"] ?? document["result"], result.isList else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    "wrong-shape",
                    "this is no answer to a query, nor a list of targets",
                    at: document.location,
                    fix: "give the answer of Prometheus' /api/v1/query or /api/v1/targets, as docs/import.md has it"
                )
            )
            return
        }
        for element in result.elements {
            guard let metric = element["metric"], let name = metric["__name__"]?.text else {
                diagnostics.append(
                    Diagnostic(
                        .error,
                        "wrong-shape",
                        "a series must have a metric with a name",
                        at: element.location,
                        fix: "query the series themselves, without a function around them"
                    )
                )
                continue
            }
            let value = (element["value"] ?? element["values"]?.elements.last)?.elements.last?.text ?? ""
            add(Series(name: name, labels: metric.texts, value: value, location: element.location))
        }
    }

    /// One series with its last value.
    private struct Series {
        var name: String
        var labels: [String: String]
        var value: String
        var location: SourceLocation

        /// A label of the metric: where a scrape has renamed it, the plain one names the exporter.
        subscript(label: String) -> String {
            let value = labels["exported_\(label)"] ?? labels[label] ?? ""
            return value == "<none>" ? "" : value
        }

        var isTrue: Bool { value == "1" }

        func key(_ sort: Sort, _ label: String) -> Key? {
            let isClusterWide = sort == .node || sort == .volume
            guard !self[label].isEmpty, isClusterWide || !self["namespace"].isEmpty else { return nil }
            return Key(sort: sort, namespace: isClusterWide ? "" : self["namespace"], name: self[label])
        }

        func owner(kind: String, name: String) -> Key? {
            guard !self[kind].isEmpty, !self[name].isEmpty else { return nil }
            let sort = Sort(ownerKind: self[kind])
            return Key(sort: sort, namespace: sort == .node ? "" : self["namespace"], name: self[name])
        }
    }

    // MARK: Series

    private mutating func add(_ series: Series) {
        let isKnown =
            addNode(series) || addPod(series) || addWorkload(series) || addStorage(series) || addNetwork(series)
        if !isKnown {
            tally.count(
                "not-imported",
                "\(series.name.prefix(100)), a series that is not imported",
                example: series.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                    separator: ", "
                ),
                at: series.location
            )
        }
    }

    /// Adds facts to the object that a label names.
    private mutating func change(
        _ sort: Sort,
        _ label: String,
        _ series: Series,
        _ body: (inout ObjectDrafts.Draft) -> Void = { _ in }
    ) {
        guard let key = series.key(sort, label) else {
            tally.count(
                "no-subject",
                "\(series.name.prefix(100)) without the labels namespace and \(label)",
                example: series.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                    separator: ", "
                ),
                at: series.location
            )
            return
        }
        drafts.change(key, at: series.location, body)
    }

    private mutating func addNode(_ series: Series) -> Bool {
        switch series.name {
        case "kube_node_info":
            change(.node, "node", series) { draft in
                if !series["internal_ip"].isEmpty { draft.addresses.insert(series["internal_ip"]) }
            }
        case "kube_node_labels":
            change(.node, "node", series) { draft in
                for part in ["zone", "region"] {
                    let value = series["label_topology_kubernetes_io_\(part)"]
                    if !value.isEmpty { draft.labels["topology.kubernetes.io/\(part)"] = value }
                }
            }
        case "kube_node_role":
            change(.node, "node", series) { $0.labels["node-role.kubernetes.io/\(series["role"])"] = "" }
        case "kube_node_spec_unschedulable":
            change(.node, "node", series) { draft in
                if series.isTrue { draft.spec["unschedulable"] = .text("true") }
            }
        case "kube_node_status_allocatable":
            change(.node, "node", series) { $0.allocatable[series["resource"]] = .text(series.value) }
        case "kube_node_spec_taint":
            change(.node, "node", series) { draft in
                let taint = ["key", "value", "effect"].filter { !series[$0].isEmpty }.map {
                    ($0, MadeValue.text(series[$0]))
                }
                draft.taints.append(.mapping(Dictionary(uniqueKeysWithValues: taint)))
            }
        default: return false
        }
        return true
    }

    private mutating func addPod(_ series: Series) -> Bool {
        switch series.name {
        case "kube_pod_info":
            change(.pod, "pod", series) { draft in
                if !series["node"].isEmpty { draft.spec["nodeName"] = .text(series["node"]) }
                draft.owner = draft.owner ?? series.owner(kind: "created_by_kind", name: "created_by_name")
            }
            // Pods on the host's network have the node's address.
            if let key = series.key(.pod, "pod"), series["pod_ip"] != series["host_ip"] {
                podsByAddress[series["pod_ip"]] = key
            }
        case "kube_pod_owner":
            change(.pod, "pod", series) { draft in
                guard series["owner_is_controller"] != "false" else { return }
                draft.owner = series.owner(kind: "owner_kind", name: "owner_name") ?? draft.owner
            }
        case "kube_pod_status_phase":
            if series.isTrue { change(.pod, "pod", series) { $0.status["phase"] = .text(series["phase"]) } }
        case "kube_pod_container_resource_requests":
            change(.pod, "pod", series) { draft in
                draft.requests[series["container"], default: [:]][series["resource"]] = .text(series.value)
            }
        case "kube_pod_spec_volumes_persistentvolumeclaims_info":
            change(.pod, "pod", series) { draft in
                if !series["persistentvolumeclaim"].isEmpty { draft.claims.insert(series["persistentvolumeclaim"]) }
            }
        default: return false
        }
        return true
    }

    private mutating func addWorkload(_ series: Series) -> Bool {
        func own(_ sort: Sort, _ label: String) {
            change(sort, label, series) { draft in
                draft.owner = series.owner(kind: "owner_kind", name: "owner_name") ?? draft.owner
            }
        }
        switch series.name {
        case "kube_replicaset_owner": own(.replicaSet, "replicaset")
        case "kube_job_owner": own(.job, "job_name")
        case "kube_job_info": change(.job, "job_name", series)
        case "kube_job_complete":
            if series.isTrue, series["condition"] == "true" {
                change(.job, "job_name", series) { $0.status["completionTime"] = .text("unknown") }
            }
        case "kube_deployment_spec_replicas":
            change(.deployment, "deployment", series) { $0.spec["replicas"] = .text(series.value) }
        case "kube_statefulset_replicas":
            change(.statefulSet, "statefulset", series) { $0.spec["replicas"] = .text(series.value) }
        case "kube_daemonset_status_desired_number_scheduled": change(.daemonSet, "daemonset", series)
        case "kube_cronjob_info": change(.cronJob, "cronjob", series)
        case "kube_horizontalpodautoscaler_info":
            change(.autoscaler, "horizontalpodautoscaler", series) { draft in
                let target = [("apiVersion", "api_version"), ("kind", "kind"), ("name", "name")]
                draft.spec["scaleTargetRef"] = .mapping(
                    Dictionary(uniqueKeysWithValues: target.map { ($0, .text(series["scaletargetref_\($1)"])) })
                )
            }
        default: return false
        }
        return true
    }

    private mutating func addStorage(_ series: Series) -> Bool {
        switch series.name {
        case "kube_persistentvolumeclaim_info":
            change(.claim, "persistentvolumeclaim", series) { draft in
                draft.spec["volumeName"] = .text(series["volumename"])
                draft.spec["storageClassName"] = .text(series["storageclass"])
            }
        case "kube_persistentvolume_info":
            change(.volume, "persistentvolume", series) { draft in
                draft.spec["storageClassName"] = .text(series["storageclass"])
                if !series["local_path"].isEmpty || !series["host_path"].isEmpty { draft.spec["local"] = .mapping([:]) }
            }
        default: return false
        }
        return true
    }

    private mutating func addNetwork(_ series: Series) -> Bool {
        switch series.name {
        case "kube_service_info":
            change(.service, "service", series) { draft in
                for (field, label) in [
                    ("clusterIP", "cluster_ip"), ("externalName", "external_name"),
                    ("loadBalancerIP", "load_balancer_ip"),
                ] where !series[label].isEmpty {
                    draft.spec[field] = .text(series[label])
                }
            }
        case "kube_endpoint_address":
            if let key = series.key(.service, "endpoint") { endpoints[key, default: []].insert(series["ip"]) }
        case "kube_ingress_path":
            change(.ingress, "ingress", series) { draft in
                let backend = MadeValue.mapping(["service": .mapping(["name": .text(series["service_name"])])])
                var rule: [String: MadeValue] = [
                    "http": .mapping(["paths": .list([.mapping(["backend": backend])])])
                ]
                if !series["host"].isEmpty { rule["host"] = .text(series["host"]) }
                draft.rules.append(.mapping(rule))
            }
        default: return false
        }
        return true
    }

    /// Metrics do not have a service's selector, but the addresses that it came to.
    ///
    /// A label of our own on the pods that have them stands for it. No label of Kubernetes has two slashes.
    private mutating func joinEndpoints() {
        for (service, addresses) in endpoints {
            let pods = addresses.sorted().compactMap { podsByAddress[$0] }
            guard let first = pods.first, let location = drafts.drafts[first]?.location else { continue }
            let label = "blast-radius/service/\(service.name)"
            for pod in pods { drafts.change(pod, at: location) { $0.labels[label] = "true" } }
            drafts.change(service, at: location) { $0.spec["selector"] = .mapping([label: .text("true")]) }
        }
    }
}

extension KubernetesObject.Sort {
    /// The sort that an owner's kind means; metrics do not have its group.
    init(ownerKind kind: String) {
        switch kind {
        case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet": self.init("apps", kind)
        case "Job", "CronJob": self.init("batch", kind)
        case "Node": self = .node
        // Of the resources called so, CloudNativePG's owns pods.
        case "Cluster": self = .postgresCluster
        default: self.init("unknown", kind)
        }
    }
}
