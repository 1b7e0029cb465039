import Alerts
import Testing
import Topology

/// One alert of a public rule collection: the labels that it carries, and what it is about.
///
/// Tests/RuleShapes/rule_shapes.py works the table out from the collections' expressions.
struct RuleShape: CustomStringConvertible {
    let collection: String
    let alert: String
    /// Who is scraped for it, by the names of ``Scrape/targets``.
    let scraper: String
    let labels: LabelSet
    /// The kind of thing, or `none` where no label that is left names it.
    let expected: String

    var description: String { "\(collection) \(alert) from \(scraper)" }

    static let all: [RuleShape] = {
        guard let bytes = try? sample("rule-shapes.tsv") else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
        return lines.compactMap { RuleShape(columns: $0.split(separator: "\t").map(String.init)) }
    }()

    private init?(columns: [String]) {
        guard columns.count == 5, let target = Scrape.targets[columns[2]] else { return nil }
        (collection, alert, scraper, expected) = (columns[0], columns[1], columns[2], columns[4])
        var labels = ["alertname": alert, "prometheus": "monitoring/k8s", "cluster": "prod", "severity": "warning"]
        for column in columns[3].split(separator: ",") where column != "-" {
            if column == "@" {
                labels.merge(target) { own, _ in own }
            } else if column.hasSuffix("@") {
                let name = String(column.dropLast())
                labels[name] = target[name]
            } else if let equals = column.firstIndex(of: "=") {
                labels[String(column[..<equals])] = String(column[column.index(after: equals)...])
            } else {
                let name = column.hasPrefix("exported_") ? String(column.dropFirst(9)) : String(column)
                labels[String(column)] = Scrape.values[name] ?? "some"
            }
        }
        self.labels = LabelSet(labels.map { LabelSet.Label($0.key, $0.value) })
    }

    /// The entities that are right: the thing itself, or what it is part of.
    var right: Set<String> {
        switch expected {
        case "none": []
        case "self": Scrape.entities[scraper] ?? []
        case "beside": scraper == "control-plane" ? ["node/worker-1", "service/default/kubernetes"] : ["host/db-1"]
        default: Scrape.subjects[expected] ?? []
        }
    }
}

/// A platform with everything that the alerts are about, and everyone who is scraped for them.
enum Scrape {
    /// The labels that Prometheus gives the series of each target.
    static let targets: [String: [String: String]] = [
        "ksm": inCluster("monitoring", "kube-state-metrics-6d5f8b7c9d-x2x4z", "kube-state-metrics", "10.42.9.1:8080"),
        "ksm-honored": [
            "container": "kube-rbac-proxy-main", "job": "kube-state-metrics", "instance": "10.42.9.1:8080",
        ],
        "node-exporter-pod": inCluster("monitoring", "node-exporter-x7k2p", "node-exporter", "worker-1"),
        "node-exporter": ["job": "node", "instance": "worker-1:9100"],
        "kubelet": [
            "namespace": "kube-system", "service": "kubelet", "endpoint": "https-metrics", "job": "kubelet",
            "instance": "10.0.0.11:10250", "node": "worker-1", "metrics_path": "/metrics",
        ],
        "prober": ["job": "blackbox", "instance": "https://shop.example.org/health"],
        "prober-pod": inCluster(
            "monitoring",
            "blackbox-exporter-6d5f8b7c9d-x2x4z",
            "blackbox-exporter",
            "https://shop.example.org/health"
        ),
        "smokeping": inCluster(
            "monitoring",
            "smokeping-prober-6d5f8b7c9d-x2x4z",
            "smokeping-prober",
            "10.42.9.4:9374"
        ),
        "smokeping-unbound": inCluster(
            "monitoring",
            "smokeping-prober-6d5f8b7c9d-x2x4z",
            "smokeping-prober",
            "10.42.9.4:9374"
        ),
        "longhorn": inCluster("longhorn-system", "longhorn-manager-x7k2p", "longhorn-backend", "10.42.9.5:9500"),
        "postgres-pod": [
            "namespace": "shop", "pod": "orders-db-1", "container": "postgres", "endpoint": "metrics",
            "job": "shop/orders-db", "instance": "10.42.9.6:9187",
        ],
        "cilium": inCluster("kube-system", "cilium-x7k2p", "cilium-agent", "10.0.0.11:9962"),
        "prometheus": inCluster("monitoring", "prometheus-k8s-0", "prometheus-k8s", "10.42.9.7:9090"),
        "control-plane": [
            "namespace": "default", "service": "kubernetes", "endpoint": "https", "job": "apiserver",
            "instance": "10.0.0.11:6443",
        ],
        "app-pod": inCluster("shop", "gateway-6d5f8b7c9d-x2x4z", "gateway", "10.42.9.8:8080"),
        "exporter-pod": inCluster(
            "monitoring",
            "database-exporter-6d5f8b7c9d-x2x4z",
            "database-exporter",
            "10.42.9.9:9121"
        ),
        "exporter-host": ["job": "database", "instance": "db-1:9121"],
        "rules": [:],
    ]

    private static func inCluster(
        _ namespace: String,
        _ pod: String,
        _ service: String,
        _ instance: String
    )
        -> [String: String]
    {
        [
            "namespace": namespace, "pod": pod, "container": service, "service": service, "endpoint": "metrics",
            "job": service, "instance": instance,
        ]
    }

    /// What the metrics' own labels say.
    static let values: [String: String] = [
        "node": "worker-1", "namespace": "shop", "pod": "cart-6d5f8b7c9d-x2x4z", "container": "cart",
        "deployment": "cart", "statefulset": "redis", "daemonset": "agent", "replicaset": "cart-6d5f8b7c9d",
        "job_name": "backup-29712340", "cronjob": "backup", "horizontalpodautoscaler": "cart",
        "poddisruptionbudget": "cart", "persistentvolumeclaim": "data-redis-0", "persistentvolume": "pvc-1f2e",
        "volume": "pvc-1f2e", "pvc": "data-redis-0", "pvc_namespace": "shop", "name": "cart",
        "customresource_kind": "HelmRelease", "host": "edge-1", "ip": "192.0.2.7", "source": "worker-1",
        "source_cluster": "west", "target_cluster": "east", "dest_namespace": "shop", "datname": "orders",
        "resourcequota": "compute", "cluster": "logs", "device": "sda",
    ]

    /// What each kind of alert may rightly be put down to.
    static let subjects: [String: Set<String>] = [
        "node": ["node/worker-1"], "machine": ["node/worker-1"], "namespace": ["namespace/shop"],
        "pod": ["pod/shop/cart-6d5f8b7c9d-x2x4z"], "deployment": ["deployment/shop/cart"],
        "statefulset": ["statefulset/shop/redis"], "daemonset": ["daemonset/shop/agent"],
        "replicaset": ["deployment/shop/cart"], "job": ["cronjob/shop/backup"], "cronjob": ["cronjob/shop/backup"],
        "horizontalpodautoscaler": ["horizontalpodautoscaler/shop/cart"],
        "poddisruptionbudget": ["poddisruptionbudget/shop/cart"],
        "persistentvolumeclaim": ["persistentvolumeclaim/shop/data-redis-0"],
        "persistentvolume": ["persistentvolume/pvc-1f2e"],
        "volume": ["persistentvolume/pvc-1f2e", "persistentvolumeclaim/shop/data-redis-0"],
        "custom": ["helmrelease/shop/cart"], "measured": ["host/edge-1"], "cluster": ["cluster/east"],
        "website": ["website/shop"], "database": ["pod/shop/orders-db-1", "database/shop/orders-db"],
        "certificate": ["certificate/shop/cart"],
    ]

    /// What each target is: its pod, workload and service.
    static let entities: [String: Set<String>] = [
        "ksm": [
            "pod/monitoring/kube-state-metrics-6d5f8b7c9d-x2x4z", "deployment/monitoring/kube-state-metrics",
            "service/monitoring/kube-state-metrics",
        ],
        "node-exporter-pod": [
            "pod/monitoring/node-exporter-x7k2p", "daemonset/monitoring/node-exporter",
            "service/monitoring/node-exporter",
        ],
        "prober-pod": [
            "pod/monitoring/blackbox-exporter-6d5f8b7c9d-x2x4z", "deployment/monitoring/blackbox-exporter",
            "service/monitoring/blackbox-exporter", "service/monitoring/blackbox",
        ],
        "smokeping": [
            "pod/monitoring/smokeping-prober-6d5f8b7c9d-x2x4z", "deployment/monitoring/smokeping-prober",
            "service/monitoring/smokeping-prober",
        ],
        "longhorn": [
            "pod/longhorn-system/longhorn-manager-x7k2p", "daemonset/longhorn-system/longhorn-manager",
            "service/longhorn-system/longhorn-backend",
        ],
        "cilium": [
            "pod/kube-system/cilium-x7k2p", "daemonset/kube-system/cilium", "service/kube-system/cilium-agent",
        ],
        "kubelet": ["service/kube-system/kubelet"],
        "prometheus": [
            "pod/monitoring/prometheus-k8s-0", "statefulset/monitoring/prometheus-k8s",
            "service/monitoring/prometheus-k8s",
        ],
        "app-pod": ["pod/shop/gateway-6d5f8b7c9d-x2x4z", "deployment/shop/gateway", "service/shop/gateway"],
        "exporter-pod": [
            "pod/monitoring/database-exporter-6d5f8b7c9d-x2x4z", "deployment/monitoring/database-exporter",
            "service/monitoring/database-exporter",
        ],
    ]

    /// Addresses that a topology knows: of machines, of probed sites, and of the targets themselves.
    private static let aliases: [String: [String]] = [
        "node/worker-1": ["10.0.0.11"], "host/edge-1": ["192.0.2.7"], "website/shop": ["shop.example.org"],
        "pod/monitoring/kube-state-metrics-6d5f8b7c9d-x2x4z": ["10.42.9.1", "10.42.9.1:8080"],
        "pod/monitoring/smokeping-prober-6d5f8b7c9d-x2x4z": ["10.42.9.4", "10.42.9.4:9374"],
        "pod/longhorn-system/longhorn-manager-x7k2p": ["10.42.9.5", "10.42.9.5:9500"],
        "pod/shop/orders-db-1": ["10.42.9.6", "10.42.9.6:9187"],
        "pod/monitoring/prometheus-k8s-0": ["10.42.9.7", "10.42.9.7:9090"],
        "pod/shop/gateway-6d5f8b7c9d-x2x4z": ["10.42.9.8", "10.42.9.8:8080"],
        "pod/monitoring/database-exporter-6d5f8b7c9d-x2x4z": ["10.42.9.9", "10.42.9.9:9121"],
    ]

    /// The targets alone: nothing of it may be blamed for what it reports of others.
    static let targetsOnly = platform(entities.values.reduce(into: []) { $0.formUnion($1) })

    static let whole = platform(
        (Array(entities.values) + subjects.values).reduce(into: [
            "host/db-1", "service/default/kubernetes", "cluster/prod", "cluster/logs", "cluster/west", "site/sto1",
        ]) { $0.formUnion($1) }
    )

    private static func platform(_ names: Set<String>) -> Topology {
        topology(Array(names), aliases: aliases.filter { names.contains($0.key) })
    }
}

@Suite struct RuleShapeTests {
    private func entity(_ shape: RuleShape, in topology: Topology) -> String? {
        AlertMapper(topology: topology, rules: []).match(alert(shape.labels)).entity.map(topology.name(of:))
    }

    @Test func theTableCoversTheCollections() {
        let names = Dictionary(grouping: RuleShape.all, by: \.collection).mapValues { Set($0.map(\.alert)).count }
        #expect(
            Set(names.keys) == [
                "kube-prometheus", "awesome-prometheus-alerts", "flux", "longhorn", "cloudnative-pg", "blackbox",
                "smokeping",
            ]
        )
        #expect(names.values.reduce(0, +) >= 150)
    }

    /// The alerts that are put down to something that they are not about, and to what.
    private func mistakes(in topology: Topology) -> [String] {
        RuleShape.all.compactMap { shape in
            guard let found = entity(shape, in: topology), !shape.right.contains(found) else { return nil }
            return "\(shape.description): \(found), not \(shape.expected)"
        }
    }

    @Test func namesTheRightThingOrNone() { #expect(mistakes(in: Scrape.whole) == []) }

    /// Who is scraped is named only by alerts about itself, also where nothing better is in the topology.
    @Test func neverNamesAScraper() { #expect(mistakes(in: Scrape.targetsOnly) == []) }

    /// This one's expression keeps the namespace of kube-state-metrics, and of the autoscaler only the name.
    @Test func findsWhateverTheLabelsName() {
        let missed = RuleShape.all.filter { $0.expected != "none" && entity($0, in: Scrape.whole) == nil }
        #expect(missed.map(\.description) == ["awesome-prometheus-alerts KubernetesHpaScaleInability from ksm"])
    }
}
