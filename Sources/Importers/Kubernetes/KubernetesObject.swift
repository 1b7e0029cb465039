internal import Diagnostics

/// One object of the Kubernetes API, as `kubectl get -o json` or `-o yaml` prints it.
struct KubernetesObject {
    /// A kind with its API group, which tells apart kinds of the same name: `apps` and `Deployment`; the core group is "".
    struct Sort: Hashable {
        var group: String
        var kind: String

        init(_ group: String, _ kind: String) {
            self.group = group
            self.kind = kind
        }

        init(apiVersion: String, kind: String) {
            let parts = apiVersion.split(separator: "/", maxSplits: 1)
            let group = parts.count == 2 ? String(parts[0]) : ""
            // Until Kubernetes 1.16 workloads and ingresses were extensions.
            let home = kind == "Ingress" ? "networking.k8s.io" : "apps"
            self.init(group == "extensions" ? home : group, kind)
        }
    }

    /// What identifies an object within a cluster; the namespace is "" for what has none.
    struct Key: Hashable {
        var sort: Sort
        var namespace: String
        var name: String
    }

    var key: Key
    /// All of it.
    var value: ImportValue
    var labels: [String: String]
    /// The object that made this one and looks after it.
    var controller: Key?

    var sort: Sort { key.sort }
    var namespace: String { key.namespace }
    var name: String { key.name }
    var spec: ImportValue? { value["spec"] }
    var status: ImportValue? { value["status"] }
    var location: SourceLocation { value.location }
    /// `namespace/name` as it is written, for messages.
    var title: String { value["metadata", "namespace"]?.text.map { "\($0)/\(name)" } ?? name }

    /// Sorts without a namespace, of those that an importer knows.
    private static let clusterWide: Set<Sort> = [
        Sort("", "Node"), Sort("", "PersistentVolume"), Sort("", "Namespace"),
    ]

    /// Takes the head of an object; `listSort` is what the list around it says of its items, which in a `PodList` do not
    /// say it themselves.
    ///
    /// - Throws: a located finding when it is no object of the API.
    init(_ value: ImportValue, listSort: Sort?) throws(Diagnostic) {
        guard value.isMapping else {
            throw Diagnostic(.error, "wrong-shape", "this is no Kubernetes object", at: value.location)
        }
        let sort: Sort
        if let kind = value["kind"]?.text {
            sort = Sort(apiVersion: value["apiVersion"]?.text ?? "", kind: kind)
        } else if let listSort {
            sort = listSort
        } else {
            throw Diagnostic(
                .error,
                "wrong-shape",
                "an object without \"kind\" is no Kubernetes object",
                at: value.location,
                fix: "give the output of: kubectl get … -A -o json"
            )
        }
        if sort.kind == "Status", value["metadata", "name"] == nil {
            throw .serverError(value["message"]?.text ?? value["reason"]?.text, at: value.location)
        }
        guard let name = value["metadata", "name"]?.text, !name.isEmpty else {
            throw Diagnostic(
                .error,
                "wrong-shape",
                "an object of kind \(sort.kind.prefix(100)) lacks metadata.name",
                at: value.location
            )
        }
        let namespace =
            Self.clusterWide.contains(sort) ? "" : value["metadata", "namespace"]?.text ?? "default"
        key = Key(sort: sort, namespace: namespace, name: name)
        self.value = value
        labels = value["metadata", "labels"]?.texts ?? [:]
        let owner = value["metadata", "ownerReferences"]?.elements.first { $0["controller"]?.isTrue == true }
        if let owner, let kind = owner["kind"]?.text, let ownerName = owner["name"]?.text {
            let sort = Sort(apiVersion: owner["apiVersion"]?.text ?? "", kind: kind)
            controller = Key(
                sort: sort,
                namespace: Self.clusterWide.contains(sort) ? "" : namespace,
                name: ownerName
            )
        }
    }
}

/// The objects of all inputs, by kind, each once.
struct KubernetesObjects {
    private(set) var bySort: [KubernetesObject.Sort: [KubernetesObject]] = [:]
    private var places: [KubernetesObject.Key: Int] = [:]
    private(set) var count = 0
    private(set) var repeated = Tally()

    /// The objects of some documents, and a finding for each part that is no object.
    static func read(_ documents: [ImportValue]) -> (objects: KubernetesObjects, diagnostics: [Diagnostic]) {
        var objects = KubernetesObjects()
        let diagnostics = documents.flatMap { objects.add($0) }
        return (objects, diagnostics)
    }

    /// Adds what a document holds: an object, a list of any kind, or an array of objects.
    ///
    /// - Returns: a finding for each part that is no object.
    private mutating func add(_ document: ImportValue) -> [Diagnostic] {
        if document.isList { return add(document.elements, listSort: nil) }
        guard let items = document["items"], items.isList else { return add([document], listSort: nil) }
        var listSort: KubernetesObject.Sort?
        if let kind = document["kind"]?.text, kind.hasSuffix("List"), kind != "List" {
            listSort = .init(apiVersion: document["apiVersion"]?.text ?? "", kind: String(kind.dropLast(4)))
        }
        return add(items.elements, listSort: listSort)
    }

    private mutating func add(_ values: [ImportValue], listSort: KubernetesObject.Sort?) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        for value in values {
            do throws(Diagnostic) {
                insert(try KubernetesObject(value, listSort: listSort))
            } catch {
                diagnostics.append(error)
            }
        }
        return Diagnostic.oneFor(diagnostics)
    }

    private mutating func insert(_ object: KubernetesObject) {
        guard places[object.key] == nil else {
            repeated.count(
                "repeated-object",
                "an object given twice, of which the first is taken",
                example: "\(object.sort.kind) \(object.title)",
                at: object.location
            )
            return
        }
        places[object.key] = bySort[object.sort, default: []].count
        bySort[object.sort, default: []].append(object)
        count += 1
    }

    subscript(sort: KubernetesObject.Sort) -> [KubernetesObject] { bySort[sort] ?? [] }

    subscript(key: KubernetesObject.Key) -> KubernetesObject? {
        places[key].flatMap { bySort[key.sort]?[$0] }
    }

    /// The sorts that occur, in order.
    var sorts: [KubernetesObject.Sort] {
        bySort.keys.sorted { ($0.kind, $0.group) < ($1.kind, $1.group) }
    }
}

extension KubernetesObject.Sort {
    static let node = Self("", "Node")
    static let pod = Self("", "Pod")
    static let service = Self("", "Service")
    static let claim = Self("", "PersistentVolumeClaim")
    static let volume = Self("", "PersistentVolume")
    static let deployment = Self("apps", "Deployment")
    static let statefulSet = Self("apps", "StatefulSet")
    static let daemonSet = Self("apps", "DaemonSet")
    static let replicaSet = Self("apps", "ReplicaSet")
    static let job = Self("batch", "Job")
    static let cronJob = Self("batch", "CronJob")
    static let disruptionBudget = Self("policy", "PodDisruptionBudget")
    static let autoscaler = Self("autoscaling", "HorizontalPodAutoscaler")
    static let ingress = Self("networking.k8s.io", "Ingress")
    static let route = Self("route.openshift.io", "Route")
    static let gateway = Self("gateway.networking.k8s.io", "Gateway")
    static let endpoints = Self("", "Endpoints")
    static let endpointSlice = Self("discovery.k8s.io", "EndpointSlice")
    static let longhornVolume = Self("longhorn.io", "Volume")
    static let longhornReplica = Self("longhorn.io", "Replica")
    static let postgresPooler = Self("postgresql.cnpg.io", "Pooler")
    static let postgresBackup = Self("postgresql.cnpg.io", "ScheduledBackup")
    static let postgresCluster = Self("postgresql.cnpg.io", "Cluster")
    static let helmRelease = Self("helm.toolkit.fluxcd.io", "HelmRelease")
    static let kustomization = Self("kustomize.toolkit.fluxcd.io", "Kustomization")

    /// What looks after pods, and is itself what people mean.
    static let workloads = [deployment, statefulSet, daemonSet, cronJob, job]

    /// The routes of the Gateway API.
    static let gatewayRoutes = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]
        .map { Self("gateway.networking.k8s.io", $0) }

    /// The sources of Flux: Git, Helm and OCI repositories and buckets.
    static let sources = ["GitRepository", "HelmRepository", "OCIRepository", "Bucket"]
        .map { Self("source.toolkit.fluxcd.io", $0) }
}

extension KubernetesObject.Key {
    /// The entity's name, as the built-in rules for labels look it up: `deployment/shop/web`, `node/a`.
    var entity: String {
        let kind = sort == .postgresCluster ? "database" : sort.kind.lowercased()
        return namespace.isEmpty ? "\(kind)/\(name)" : "\(kind)/\(namespace)/\(name)"
    }
}
