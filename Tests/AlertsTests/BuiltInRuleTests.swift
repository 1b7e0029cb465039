import Alerts
import Diagnostics
import Testing
import Time
import Topology

@Suite struct BuiltInRuleTests {
    private func entity(_ labels: LabelSet, in topology: Topology) -> String? {
        AlertMapper(topology: topology, rules: []).match(alert(labels)).entity.map(topology.name(of:))
    }

    private static let ksm: [LabelSet.Label] = [
        LabelSet.Label("container", "kube-state-metrics"), LabelSet.Label("instance", "10.0.0.9:8080"),
        LabelSet.Label("job", "kube-state-metrics"), LabelSet.Label("namespace", "monitoring"),
        LabelSet.Label("pod", "kube-state-metrics-0"), LabelSet.Label("service", "kube-state-metrics"),
        LabelSet.Label("prometheus", "monitoring/k8s"), LabelSet.Label("cluster", "prod"),
    ]

    /// What a platform that models its monitoring too may have: nothing of it may be blamed for what it reports.
    private static let platform = topology(
        "site/sto1",
        "host/web-1",
        "node/web-1",
        "node/web-2",
        "host/db-1",
        "cluster/prod",
        "cluster/west",
        "deployment/shop/cart",
        "deployment/monitoring/kube-state-metrics",
        "statefulset/shop/redis",
        "daemonset/kube-system/cilium",
        "daemonset/monitoring/node-exporter",
        "cronjob/agents/backup-audit",
        "job/shop/migrate",
        "persistentvolumeclaim/shop/data",
        "volume/pvc-1",
        "service/shop/web",
        "service/monitoring/kube-state-metrics",
        "helmrelease/dns/external-dns",
        "kustomization/flux-system/apps",
        "database/flakecache/flakecache-postgres",
        "backup/flakecache/flakecache-postgres",
        "pod/shop/lone",
        "pod/monitoring/kube-state-metrics-0",
        "monitor/prometheus",
        "dns/ns-master",
        "switch/sw-1",
        "website/status",
        "deployment/a/twin",
        "deployment/b/twin",
        "namespace/shop",
        "exporter/monitoring/smokeping",
        "instance/10.0.0.9",
        aliases: [
            "host/web-1": ["100.64.0.11"], "host/db-1": ["db.example.org:9100"],
            "website/status": ["status.example.org"],
            "deployment/monitoring/kube-state-metrics": ["10.0.0.9:8080"],
        ]
    )

    @Test(
        arguments: [
            // kube-prometheus and awesome-prometheus-alerts through kube-state-metrics, honor_labels: false
            (["alertname": "KubernetesNodeNotReady", "node": "web-1"], "node/web-1"),
            (["alertname": "KubernetesNodeNotReady", "node": "unknown"], nil),
            (
                [
                    "alertname": "KubernetesDeploymentReplicasMismatch", "deployment": "cart",
                    "exported_namespace": "shop",
                ],
                "deployment/shop/cart"
            ),
            (
                [
                    "alertname": "KubernetesDeploymentReplicasMismatch", "deployment": "gone",
                    "exported_namespace": "shop",
                ],
                nil
            ),
            (
                [
                    "alertname": "KubernetesPodCrashLooping", "exported_namespace": "shop",
                    "exported_pod": "cart-6d5f8b7c9d-x2x4z", "exported_container": "cart",
                ], "deployment/shop/cart"
            ),
            (["alertname": "KubernetesPodCrashLooping", "exported_namespace": "shop", "exported_pod": "gone-0"], nil),
            (
                ["alertname": "KubernetesStatefulsetDown", "statefulset": "redis", "exported_namespace": "shop"],
                "statefulset/shop/redis"
            ),
            (
                [
                    "alertname": "KubernetesJobFailed", "job_name": "backup-audit-29712340",
                    "exported_namespace": "agents", "reason": "BackoffLimitExceeded",
                ], "cronjob/agents/backup-audit"
            ),
            (
                ["alertname": "KubernetesCronjobFailing", "cronjob": "backup-audit", "exported_namespace": "agents"],
                "cronjob/agents/backup-audit"
            ),
            (
                [
                    "alertname": "FluxHelmReleaseNotReady", "customresource_kind": "HelmRelease",
                    "name": "external-dns",
                    "exported_namespace": "dns",
                ], "helmrelease/dns/external-dns"
            ),
            (
                [
                    "alertname": "FluxKustomizationFailure", "customresource_kind": "Kustomization", "name": "apps",
                    "exported_namespace": "flux-system",
                ], "kustomization/flux-system/apps"
            ),
            (["alertname": "KubeQuotaExceeded", "exported_namespace": "shop"], "namespace/shop"),
            (["alertname": "KubeSomethingElse"], nil),
        ] as [(LabelSet, String?)]
    )
    func neverBlamesKubeStateMetrics(_ own: LabelSet, _ expected: String?) {
        let labels = LabelSet(Self.ksm + Array(own))
        #expect(entity(labels, in: Self.platform) == expected)
    }

    @Test(
        arguments: [
            // honor_labels: true
            (
                [
                    "alertname": "KubeDaemonSetRolloutStuck", "namespace": "kube-system", "daemonset": "cilium",
                    "job": "kube-state-metrics",
                ], "daemonset/kube-system/cilium"
            ),
            (["alertname": "KubePodNotReady", "namespace": "shop", "pod": "lone"], "pod/shop/lone"),
            (
                ["alertname": "KubePodNotReady", "namespace": "kube-system", "pod": "cilium-x7k2p"],
                "daemonset/kube-system/cilium"
            ),
            (["alertname": "KubePodNotReady", "namespace": "shop", "pod": "redis-0"], "statefulset/shop/redis"),
            (["alertname": "KubePodNotReady", "namespace": "other", "pod": "cart-6d5f8b7c9d-x2x4z"], nil),
            (
                [
                    "alertname": "KubeJobFailed", "namespace": "shop", "job_name": "migrate",
                    "job": "kube-state-metrics",
                ],
                "job/shop/migrate"
            ),
            (
                [
                    "alertname": "KubePersistentVolumeFillingUp", "namespace": "shop", "persistentvolumeclaim": "data",
                    "node": "web-1", "instance": "100.64.0.11:10250", "job": "kubelet",
                ], "persistentvolumeclaim/shop/data"
            ),
            (
                [
                    "alertname": "KubePersistentVolumeFillingUp", "namespace": "shop", "persistentvolumeclaim": "other",
                    "node": "web-1",
                ], nil
            ),
            (
                [
                    "alertname": "ContainerHighMemory", "namespace": "shop", "pod": "cart-6d5f8b7c9d-x2x4z",
                    "node": "web-1",
                ],
                "deployment/shop/cart"
            ),
            // node exporter
            (
                [
                    "alertname": "NodeFilesystemAlmostOutOfSpace", "instance": "100.64.0.11:9100",
                    "job": "node-exporter",
                    "namespace": "monitoring", "pod": "node-exporter-x7k2p", "service": "node-exporter",
                ], "host/web-1"
            ),
            (["alertname": "HostOutOfMemory", "instance": "db.example.org:9100", "job": "node"], "host/db-1"),
            (["alertname": "HostOutOfMemory", "instance": "web-1.example.org:9100", "job": "node"], "host/web-1"),
            (["alertname": "HostOutOfMemory", "instance": "10.9.9.9:9100", "job": "node"], nil),
            // Longhorn
            (
                [
                    "alertname": "LonghornVolumeStatusCritical", "node": "web-1", "volume": "pvc-1", "pvc": "data",
                    "pvc_namespace": "shop", "instance": "10.0.0.9:8080",
                ], "volume/pvc-1"
            ),
            (
                [
                    "alertname": "LonghornVolumeStatusCritical", "node": "web-1", "volume": "pvc-2", "pvc": "data",
                    "pvc_namespace": "shop",
                ], "persistentvolumeclaim/shop/data"
            ),
            (
                [
                    "alertname": "LonghornVolumeStatusCritical", "node": "web-1", "volume": "pvc-3",
                    "pvc": "data-flakecache-postgres-1", "pvc_namespace": "flakecache",
                ],
                "database/flakecache/flakecache-postgres"
            ),
            (["alertname": "LonghornVolumeStatusCritical", "node": "web-1", "volume": "pvc-3"], nil),
            (["alertname": "LonghornNodeStorageWarning", "node": "web-2"], "node/web-2"),
            (["alertname": "LonghornNodeDown"], nil),
            // CloudNativePG
            (
                ["alertname": "LastFailedArchiveTime", "namespace": "flakecache", "pod": "flakecache-postgres-1"],
                "database/flakecache/flakecache-postgres"
            ),
            (
                ["alertname": "CNPGClusterDown", "cluster": "flakecache-postgres", "namespace": "flakecache"],
                "database/flakecache/flakecache-postgres"
            ),
            (
                [
                    "alertname": "CNPGBaseBackupVeryStale", "cnpg_io_cluster": "flakecache-postgres",
                    "namespace": "flakecache", "pod": "flakecache-postgres-1",
                ], "backup/flakecache/flakecache-postgres"
            ),
            (
                ["alertname": "PostgresDown", "cnpg.io/cluster": "flakecache-postgres"],
                "database/flakecache/flakecache-postgres"
            ),
            (["alertname": "PostgresDown", "cluster": "prod"], nil),
            // Blackbox, smokeping, canaries
            (
                [
                    "alertname": "BlackboxProbeFailed", "instance": "https://status.example.org/health",
                    "job": "blackbox",
                ],
                "website/status"
            ),
            (
                [
                    "alertname": "BlackboxProbeFailed", "instance": "http://web.shop.svc.cluster.local:80/",
                    "job": "blackbox",
                ],
                "service/shop/web"
            ),
            (["alertname": "BlackboxProbeFailed", "instance": "http://10.9.9.9/", "job": "blackbox"], nil),
            (
                [
                    "alertname": "SmokepingInterSiteLatencyHigh", "source": "web-2", "host": "100.64.0.11",
                    "instance": "10.0.0.9:8080", "job": "smokeping",
                ], "host/web-1"
            ),
            (
                [
                    "alertname": "SmokepingInterSiteLatencyHigh", "source": "web-1", "host": "192.0.2.1",
                    "instance": "10.0.0.9:8080", "job": "smokeping", "pod": "smokeping-0", "namespace": "monitoring",
                ], nil
            ),
            (
                ["alertname": "SmokepingDown", "instance": "10.0.0.7:9374", "job": "smokeping"],
                "exporter/monitoring/smokeping"
            ),
            (
                [
                    "alertname": "CiliumCanaryProbeFailing", "source": "web-2", "target": "web-1",
                    "instance": "10.0.0.9:8080", "job": "canary",
                ], "host/web-1"
            ),
            (
                [
                    "alertname": "CiliumClustermeshRemoteClusterNotReady", "source_cluster": "prod",
                    "target_cluster": "west",
                ], "cluster/west"
            ),
            // Others
            (["alertname": "TargetDown", "namespace": "shop", "service": "web", "job": "web"], "service/shop/web"),
            (
                [
                    "alertname": "TargetDown", "namespace": "monitoring", "service": "kube-state-metrics",
                    "job": "kube-state-metrics",
                ], "service/monitoring/kube-state-metrics"
            ),
            (["alertname": "TargetDown", "host": "web-1", "instance": "127.0.0.1:9980", "job": "node"], "host/web-1"),
            (["alertname": "DNSMasterDown", "instance": "ns-master"], "dns/ns-master"),
            (["alertname": "PortDown", "switch": "sw-1", "site": "sto1"], "switch/sw-1"),
            (["alertname": "X", "site": "sto1"], nil),
            (["alertname": "X", "service": "cart", "namespace": "shop"], "deployment/shop/cart"),
            (["alertname": "X", "service": "cart", "namespace": "other"], nil),
            (["alertname": "X", "deployment": "twin"], nil),
            (["alertname": "X", "deployment": "twin", "namespace": "b"], "deployment/b/twin"),
            (["alertname": "X", "entity": "switch/sw-1", "service": "web"], "switch/sw-1"),
            (["alertname": "X", "entity": "switch/gone", "service": "web"], nil),
            (["alertname": "X", "job": "shop/web"], "service/shop/web"),
            (["alertname": "Watchdog", "severity": "none", "prometheus": "monitoring/k8s"], nil),
            (["alertname": "X", "container": "lone", "endpoint": "web", "severity": "sw-1"], nil),
        ] as [(LabelSet, String?)]
    )
    func findsTheRightEntityOrNone(_ labels: LabelSet, _ expected: String?) {
        #expect(entity(labels, in: Self.platform) == expected)
    }

    /// Kube-state-metrics with `honor_labels` tells of exporters' pods too, and a machine is no exporter by its name.
    @Test(
        arguments: [
            (
                [
                    "alertname": "KubePodCrashLooping", "job": "kube-state-metrics", "namespace": "monitoring",
                    "pod": "node-exporter-x7k2p", "instance": "10.0.0.9:8080",
                ], "daemonset/monitoring/node-exporter"
            ),
            (
                [
                    "alertname": "KubePodCrashLooping", "job": "kube-state-metrics", "namespace": "monitoring",
                    "pod": "kube-state-metrics-0", "instance": "10.0.0.9:8080",
                ], nil
            ),
            (["alertname": "RedisDown", "instance": "exporter-1:9121", "job": "redis"], "host/exporter-1"),
            (
                ["alertname": "CertificateNotReady", "name": "web", "exported_namespace": "shop"],
                "certificate/shop/web"
            ),
            (["alertname": "SomethingElse", "name": "web", "exported_namespace": "shop"], nil),
        ] as [(LabelSet, String?)]
    )
    func tellsExportersFromWhatIsNamedAfterThem(_ labels: LabelSet, _ expected: String?) {
        let platform = topology(
            "daemonset/monitoring/node-exporter",
            "deployment/monitoring/kube-state-metrics",
            "pod/monitoring/kube-state-metrics-0",
            "host/exporter-1",
            "certificate/shop/web"
        )
        #expect(entity(labels, in: platform) == expected)
    }

    @Test func saysHowItWasFound() {
        let mapper = AlertMapper(topology: Self.platform, rules: [])
        let pod = mapper.match(
            alert([
                "alertname": "KubePodCrashLooping", "exported_namespace": "shop",
                "exported_pod": "cart-6d5f8b7c9d-x2x4z",
            ])
        )
        #expect(pod.isInferred)
        #expect(pod.rule == .builtIn(["exported_pod", "exported_namespace"]))
        // One pod's crash does not say that its deployment is gone.
        #expect(pod.observes == .degraded)
        let canary = mapper.match(alert(["alertname": "ProbeFailing", "source": "web-2", "target": "web-1"]))
        #expect(canary.rule == .builtIn(["target", "source"]))
        #expect(canary.witness.map(Self.platform.name(of:)) == "node/web-2")
        #expect(canary.observes == .down)
        #expect(!canary.isInferred)
        let twin = mapper.match(alert(["alertname": "X", "deployment": "twin"]))
        guard case .ambiguous(let entities) = twin.reason else {
            Issue.record("expected an ambiguity")
            return
        }
        #expect(entities.map(Self.platform.name(of:)) == ["deployment/a/twin", "deployment/b/twin"])
        #expect(mapper.match(alert(["alertname": "X"])).reason == .noUsefulLabel)
        #expect(mapper.match(alert(["alertname": "X", "node": "x"])).reason == .notInTopology)
        #expect(mapper.match(alert(["alertname": "X", "entity": "a/b"])).reason == .unknownEntity("a/b"))
    }

    @Test func mapsTheSampleWithoutRules() throws {
        let platform = topology(
            "host/cc-se-sto-core-01",
            "node/cc-se-sto-core-01",
            "host/cc-fi-hel-k3s-02",
            "host/cc-fi-hel-core-01",
            "host/cc-fr-lau-store-01",
            "host/cc-fr-lau-store-02",
            "host/cc-de-fsn-core-01",
            "host/cc-de-nue-k3s-01",
            "deployment/external-dns/external-dns",
            "deployment/monitoring/grafana",
            "deployment/repowise/repowise",
            "release/external-dns/external-dns",
            "dns/ns-master",
            "operator/headscale",
            "cronjob/agents/backup-audit",
            "cronjob/longhorn-system/longhorn-maintenance",
            "database/flakecache/flakecache-postgres",
            "deployment/monitoring/kube-state-metrics",
            aliases: ["host/cc-fi-hel-core-01": ["89.167.50.230"]]
        )
        let mapper = AlertMapper(topology: platform, rules: [])
        var found: [String: Set<String>] = [:]
        for alert in try cleanBatch("am-api-v2-alerts.json").alerts {
            found[alert.name, default: []].insert(mapper.match(alert).entity.map(platform.name(of:)) ?? "-")
        }
        #expect(
            found == [
                "NixosHostDeployFailed": [
                    "host/cc-se-sto-core-01", "host/cc-fi-hel-k3s-02", "host/cc-fi-hel-core-01",
                    "host/cc-fr-lau-store-01",
                ],
                "BlackboxProbeFailed": ["-"],
                "CiliumCanaryProbeFailing": ["host/cc-se-sto-core-01"],
                "SmokepingInterSiteLatencyHigh": ["host/cc-fi-hel-core-01"],
                "KubernetesDeploymentReplicasUnavailable": [
                    "deployment/external-dns/external-dns", "deployment/monitoring/grafana",
                    "deployment/repowise/repowise",
                ],
                "KubernetesNodeNotReady": ["node/cc-se-sto-core-01"],
                "FluxHelmReleaseNotReady": ["release/external-dns/external-dns"],
                "HeadscaleOperatorMetricsDown": ["-"],
                "KubernetesJobFailed": ["cronjob/agents/backup-audit", "cronjob/longhorn-system/longhorn-maintenance"],
                "Watchdog": ["-"],
                "LonghornVolumeStatusCritical": ["database/flakecache/flakecache-postgres"],
                "DNSMasterDown": ["dns/ns-master"],
                "KubernetesPodCrashLooping": ["deployment/external-dns/external-dns", "deployment/repowise/repowise"],
                "TargetDown": ["host/cc-se-sto-core-01"],
                "CNPGBaseBackupVeryStale": ["database/flakecache/flakecache-postgres"],
            ]
        )
    }

    @Test(
        arguments: [
            ("KubernetesDeploymentReplicasUnavailable", Effect.degraded),
            ("KubernetesDeploymentReplicasMismatch", .degraded), ("HighRequestErrorRate", .degraded),
            ("HighRequestLatency", .degraded), ("KubePersistentVolumeFillingUp", .degraded),
            ("NodeMemoryPressure", .degraded), ("CNPGBaseBackupVeryStale", .degraded),
            ("SmokepingInterSiteLatencyHigh", .degraded), ("HighFailureRate", .degraded), ("MetricAnomaly", .degraded),
            ("SLOViolation", .degraded), ("SomethingOdd", .degraded),
            ("KubernetesNodeNotReady", .down), ("KubePodCrashLooping", .down), ("DNSMasterDown", .down),
            ("CiliumAgentUnreachableNodes", .down), ("KubeJobFailed", .down), ("CiliumCanaryProbeFailing", .down),
            ("redis_missing_master", .down), ("service-unavailable", .down), ("LonghornVolumeStatusCritical", .down),
            ("NoRequestsReceived", .starved), ("NoRequestsOpened", .starved), ("NoDatabaseOperations", .starved),
            ("TrafficAbsent", .starved), ("NoTrafficHTTP", .starved),
        ]
    )
    func readsTheEffectFromTheName(_ name: String, _ effect: Effect) {
        #expect(SymptomWords.effect(ofAlertNamed: name) == effect)
    }

    /// Names of public collections, and of the example, whose word of failing is about less than the entity.
    @Test(
        arguments: [
            ("NixosHostDeployFailed", "host"), ("AlertmanagerFailedReload", "pod"),
            ("AlertmanagerFailedReload", "service"),
            ("PrometheusRuleFailures", "service"), ("PrometheusTSDBCompactionsFailing", "statefulset"),
            ("PrometheusMissingRuleEvaluations", "service"), ("PrometheusOperatorSyncFailed", "operator"),
            ("BlackboxConfigurationReloadFailure", "service"),
            ("CiliumAgentConntrackFailedGarbageCollection", "daemonset"),
            ("etcdHighNumberOfFailedGRPCRequests", "service"), ("etcdHighNumberOfFailedProposals", "service"),
            ("KubeAPITerminatedRequests", "service"), ("GrafanaRequestsFailing", "deployment"),
            ("LastFailedArchiveTime", "database"), ("RedisMissingBackup", "database"),
            ("VeleroBackupFailed", "cluster"),
            ("RedisReplicationBroken", "database"), ("CiliumHubbleLostEvents", "daemonset"),
            ("SystemdSocketRefusedConnections", "host"), ("CertificateRenewalFailed", "certificate"),
            ("NodeRAIDDiskFailure", "node"), ("MinioNodeDiskOffline", "host"), ("NodeSystemdServiceFailed", "node"),
            ("SystemdUnitFailed", "host"), ("NodeNetworkInterfaceDown", "node"),
            ("KubeStateMetricsShardsMissing", "service"),
            ("AlertmanagerClusterFailedPeers", "service"), ("PostgresqlDeadLocks", "database"),
        ]
    )
    func doesNotTakeAFailedActOrPartForTheThing(_ name: String, _ kind: String) {
        #expect(SymptomWords.effect(ofAlertNamed: name, about: kind) == .degraded)
    }

    @Test(
        arguments: [
            ("NixosHostDeployFailed", "nixos-deploy"), ("VeleroBackupFailed", "backup"), ("KubeJobFailed", "job"),
            ("NightlyBackupJobFailed", "cronjob"), ("NodeNetworkInterfaceDown", "interface"),
            ("MinioClusterDiskOffline", "disk"), ("BlackboxProbeFailed", "website"), ("PingRequestsFailing", "host"),
            ("FluxHelmreleaseFailure", "release"), ("KubeletDown", "node"),
            ("BackupTargetDown", "service"), ("KubePodCrashLooping", "pod"), ("ReloaderFailed", "deployment"),
        ]
    )
    func takesTheFailureOfTheThingItselfForItsLoss(_ name: String, _ kind: String) {
        #expect(SymptomWords.effect(ofAlertNamed: name, about: kind) == .down)
    }

    @Test func judgesTheEffectByTheKindThatTheLabelsLeadTo() {
        let mapper = AlertMapper(topology: topology("host/a", "nixos-deploy/a"), rules: [])
        let ofHost = mapper.match(alert(["alertname": "NixosHostDeployFailed", "host": "a"]))
        #expect(ofHost.entity == mapper.topology.entity(named: "host/a"))
        #expect(ofHost.observes == .degraded)
        let ofDeploy = mapper.match(alert(["alertname": "NixosHostDeployFailed", "entity": "nixos-deploy/a"]))
        #expect(ofDeploy.observes == .down)
    }

    @Test func splitsNamesIntoWords() {
        #expect(SymptomWords.words(of: "CNPGBaseBackupStale") == ["cnpg", "base", "backup", "stale"])
        #expect(SymptomWords.words(of: "KubeAPIDown_now-ok") == ["kube", "api", "down", "now", "ok"])
        #expect(SymptomWords.words(of: "") == [])
    }
}
