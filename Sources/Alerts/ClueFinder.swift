import Topology

/// The built-in rules: which labels name the thing that an alert is about, in order of precedence.
///
/// Observer pairs come first, then what names its subject outright (volumes, workloads, custom resources), then nodes,
/// database clusters, pods, machines, targets, services, labels called like a kind, instances and jobs. The order follows what the alert rules of kube-prometheus,
/// awesome-prometheus-alerts, Flux, Longhorn, CloudNativePG, Cilium and the blackbox and smokeping exporters carry.
/// `cluster`, `prometheus`, `severity`, `endpoint` and `container` never name it.
struct ClueFinder {
    /// Pairs of who sees and what is seen.
    private static let observerPairs: [(observer: String, target: String, kinds: [String])] = [
        ("source", "target", KindNames.machines), ("source", "destination", KindNames.machines),
        ("source", "host", KindNames.machines), ("src", "dst", KindNames.machines),
        ("source_host", "target_host", KindNames.machines), ("source_node", "target_node", KindNames.nodes),
        ("source_node", "destination_node", KindNames.nodes),
        ("source_node_name", "target_node_name", KindNames.nodes), ("source_cluster", "target_cluster", ["cluster"]),
        ("source_site", "target_site", ["site"]),
    ]
    /// Workloads that a label names outright, with the kinds to look under.
    private static let workloads: [(label: String, kinds: [String])] = [
        ("deployment", KindNames.deployments), ("statefulset", ["statefulset"] + KindNames.databases),
        ("daemonset", ["daemonset"]), ("cronjob", ["cronjob"]), ("helmrelease", KindNames.releases),
        ("kustomization", ["kustomization"]), ("horizontalpodautoscaler", ["horizontalpodautoscaler"]),
        ("poddisruptionbudget", ["poddisruptionbudget"]), ("ingress", ["ingress"]),
    ]
    /// Labels that are handled by name, or locate a thing rather than name it, although a kind may be called the same.
    static let notKinds: Set<String> = [
        "cluster", "container", "endpoint", "instance", "job", "namespace", "ns", "node", "host", "pod", "service",
        "svc",
        "site", "region", "zone", "rack", "network", "process", "system", "power", "volume", "pvc",
        "persistentvolume", "persistentvolumeclaim", "replicaset", "image", "client", "source", "probe", "monitor",
        "exporter", "app", "component",
    ]

    let alert: Alert
    let labels: SubjectLabels
    let kindNames: [String]
    private let words: Set<String>

    init(_ alert: Alert, kindNames: [String]) {
        self.alert = alert
        self.kindNames = kindNames
        labels = SubjectLabels(alert)
        words = Set(SymptomWords.words(of: alert.name))
    }

    private var namespace: String? { labels.namespace?.value }

    /// The labels behind a clue, the namespace's included.
    private func read(_ entries: SubjectLabels.Entry?...) -> [String] { entries.compactMap { $0?.label } }

    /// The clues in order of precedence.
    ///
    /// What names its subject outright stands alone: when the topology does not have
    /// it, a vaguer label must not be taken for it.
    ///
    /// - Complexity: O(labels).
    func clues() -> [Clue] {
        if alert.isMeta { return [] }
        if let pair = observerPair() { return [pair] }
        let storage = [volume(), claim()].compactMap { $0 }
        if !storage.isEmpty { return storage }
        let workloads = self.workloads()
        if !workloads.isEmpty { return workloads }
        if let custom = customResource() { return [custom] }
        var clues: [Clue?] = []
        if isAboutPods {
            clues += [pod(), node()]
        } else {
            clues += [node(), databaseCluster(), pod()]
        }
        clues.append(machine(["host", "hostname", "nodename"], KindNames.machines))
        clues.append(machine(["target"], KindNames.machines + KindNames.services))
        clues += [service(), named(), namedByAlert(), application(), instance(), job()]
        let found = clues.compactMap { $0 }
        return found.isEmpty ? [wholeNamespace()].compactMap { $0 } : found
    }

    private var isAboutPods: Bool { !words.isDisjoint(with: ["pod", "pods", "container"]) }

    private func observerPair() -> Clue? {
        for pair in Self.observerPairs {
            guard let observer = labels[pair.observer], let target = labels[pair.target] else { continue }
            var clue = Clue(read(target, observer))
            clue.add(machine: target.value, kinds: pair.kinds)
            clue.witness = observer.value
            return clue
        }
        return nil
    }

    private func volume() -> Clue? {
        guard let volume = labels["volume"] ?? labels["persistentvolume"] else { return nil }
        // Node exporters and Docker know volumes too; Longhorn's carry their claim or a name made for one.
        let isLonghorn = labels["pvc"] != nil || alert.name.hasPrefix("Longhorn") || volume.value.hasPrefix("pvc-")
        guard isLonghorn || labels.first(of: ["pod", "host", "instance"]) == nil else { return nil }
        var clue = Clue(read(volume))
        clue.add(KindNames.volumes, nil, volume.value)
        return clue
    }

    private func claim() -> Clue? {
        guard let claim = labels["persistentvolumeclaim"] ?? labels["pvc"] else { return nil }
        let space = labels["pvc_namespace"] ?? labels.namespace
        var clue = Clue(read(claim, space))
        clue.add(KindNames.claims, space?.value, claim.value)
        if let owner = WorkloadNames.owner(ofClaim: claim.value) {
            clue.add(["statefulset"] + KindNames.databases, space?.value, owner, isInferred: true)
            clue.isOnePartOfMany = true
        }
        return clue
    }

    private func workloads() -> [Clue] {
        var clues: [Clue] = []
        for (label, kinds) in Self.workloads {
            guard let name = labels[label] else { continue }
            var clue = Clue(read(name, labels.namespace))
            clue.add(kinds, namespace, name.value)
            clue.addAnyKind(namespace, name.value, isInferred: true)
            clues.append(clue)
        }
        if let replicaSet = labels["replicaset"] {
            var clue = Clue(read(replicaSet, labels.namespace))
            clue.add(["replicaset"], namespace, replicaSet.value)
            if let deployment = WorkloadNames.deployment(ofReplicaSet: replicaSet.value) {
                clue.add(KindNames.deployments, namespace, deployment, isInferred: true)
            }
            clues.append(clue)
        }
        if let job = labels["job_name"] {
            var clue = Clue(read(job, labels.namespace))
            clue.add(["job"], namespace, job.value)
            if let cronJob = WorkloadNames.cronJob(ofJob: job.value) {
                clue.add(["cronjob"], namespace, cronJob, isInferred: true)
            }
            clue.addAnyKind(namespace, job.value, isInferred: true)
            clues.append(clue)
        }
        if clues.isEmpty, let type = labels["workload_type"], let workload = labels["workload"] {
            var clue = Clue(read(workload, type, labels.namespace))
            clue.add(KindNames.synonyms(of: type.value.lowercased()), namespace, workload.value)
            clue.addAnyKind(namespace, workload.value, isInferred: true)
            clues.append(clue)
        }
        return clues
    }

    /// A custom resource as kube-state-metrics or Flux's own metrics describe it.
    private func customResource() -> Clue? {
        guard let name = labels["name"], let kind = labels["customresource_kind"] ?? labels["kind"] else { return nil }
        let lowercased = kind.value.lowercased()
        let kinds: [String]
        switch lowercased {
        case "helmrelease": kinds = KindNames.releases
        case "gitrepository", "helmrepository", "ocirepository", "bucket": kinds = [lowercased] + KindNames.sources
        default: kinds = KindNames.synonyms(of: lowercased)
        }
        guard labels["customresource_kind"] != nil || kinds.contains(where: kindNames.contains) else { return nil }
        var clue = Clue(read(name, labels.namespace, kind))
        clue.add(kinds, namespace, name.value)
        return clue
    }

    private func node() -> Clue? { machine(["node", "node_name", "kubernetes_node"], KindNames.nodes) }

    private func machine(_ names: [String], _ kinds: [String]) -> Clue? {
        guard let entry = labels.first(of: names) else { return nil }
        var clue = Clue(read(entry))
        clue.add(machine: entry.value, kinds: kinds)
        return clue
    }

    /// A CloudNativePG cluster.
    ///
    /// The plain label `cluster` is usually an external one, so it counts only for CNPG's alerts.
    private func databaseCluster() -> Clue? {
        let isCNPG = alert.name.hasPrefix("CNPG")
        guard
            let cluster = labels.first(of: ["cnpg_io_cluster", "cnpg.io/cluster"]) ?? (isCNPG ? labels["cluster"] : nil)
        else { return nil }
        var clue = Clue(read(cluster, labels.namespace))
        if words.contains("backup") || words.contains("backups") { clue.add(["backup"], namespace, cluster.value) }
        clue.add(KindNames.databases, namespace, cluster.value)
        clue.addAnyKind(namespace, cluster.value, isInferred: true)
        return clue
    }

    private func pod() -> Clue? {
        // The pod that finds others unreachable is the one that observes.
        guard let pod = labels["pod"], isAboutPods || !words.contains("unreachable") else { return nil }
        var clue = Clue(read(pod, labels.namespace))
        clue.add(["pod"], namespace, pod.value)
        let owners = WorkloadNames.owners(ofPod: pod.value, namespace: namespace)
        clue.candidates += owners
        for owner in owners { clue.addAnyKind(namespace, owner.name, isInferred: true) }
        clue.isOnePartOfMany = true
        clue.mayNameScraper = !labels.namesPodOfOthers
        return clue
    }
}

extension ClueFinder {
    private func service() -> Clue? {
        guard let service = labels["service"] ?? labels["service_name"] else { return nil }
        var clue = Clue(read(service, labels.namespace))
        clue.add(KindNames.services, namespace, service.value)
        clue.aliases = [service.value]
        clue.mayNameScraper = true
        clue.addAnyKind(namespace, service.value)
        return clue
    }

    private func application() -> Clue? {
        let names = ["app", "application", "app_kubernetes_io_name", "component"]
        guard let app = labels.first(of: names) else { return nil }
        var clue = Clue(read(app, labels.namespace))
        clue.add(["app", "component"] + KindNames.services + KindNames.deployments, namespace, app.value)
        clue.addAnyKind(namespace, app.value)
        return clue
    }

    /// A label called like a kind of the topology whose value is such an entity: `switch="sw-1"`.
    private func named() -> Clue? {
        for label in alert.labels where kindNames.contains(label.name) && !Self.notKinds.contains(label.name) {
            guard let entry = labels[label.name] else { continue }
            var clue = Clue(read(entry, labels.namespace))
            clue.add([label.name], namespace, entry.value)
            return clue
        }
        return nil
    }

    /// An object whose kind only the alert's name tells: `name` of a `CertificateNotReady`.
    private func namedByAlert() -> Clue? {
        guard let name = labels["name"] else { return nil }
        let kinds = kindNames.filter { words.contains($0) && !Self.notKinds.contains($0) }
        guard !kinds.isEmpty else { return nil }
        var clue = Clue(read(name, labels.namespace))
        clue.add(kinds, namespace, name.value)
        return clue
    }

    private func instance() -> Clue? {
        guard let instance = labels["instance"] else { return nil }
        // Of Kubernetes' alerts about an object that has a name, the instance is the API server that tells of it.
        if labels["name"] != nil, alert.name.hasPrefix("Kube") { return nil }
        var clue = Clue(read(instance))
        clue.mayNameScraper = true
        clue.add(machine: instance.value, kinds: KindNames.machines + ["instance", "endpoint", "website"])
        return clue
    }

    private func job() -> Clue? {
        guard let job = labels["job"] else { return nil }
        var clue = Clue(read(job, labels.namespace))
        clue.mayNameScraper = true
        let parts = job.value.split(separator: "/", maxSplits: 1)
        if parts.count == 2 {
            // The Prometheus operator names jobs namespace/name.
            clue.add(KindNames.services + KindNames.deployments, String(parts[0]), String(parts[1]))
            clue.addAnyKind(String(parts[0]), String(parts[1]), isInferred: true)
        }
        clue.add(KindNames.services + KindNames.deployments, namespace, job.value)
        clue.addAnyKind(namespace, job.value, isInferred: true)
        return clue
    }

    /// The namespace, of an alert that says so: alone, the label only tells where something is.
    private func wholeNamespace() -> Clue? {
        guard let space = labels.namespace, !words.isDisjoint(with: ["namespace", "namespaces", "quota"])
        else { return nil }
        var clue = Clue(read(space))
        clue.add(["namespace", "ns"], nil, space.value)
        return clue
    }
}
