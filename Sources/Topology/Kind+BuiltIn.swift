extension Kind {
    /// The kinds that need no declaration.
    ///
    /// A rate is given, in faults a year, only where it differs from that of the kind's ``KindFamily``. docs/model.md tells
    /// how a rate becomes a prior. Any of them can be set under `kinds:` in topology.yaml.
    package static let builtIn: [Kind] = [
        // Places and what feeds them.
        Kind("site", "site", .network, .critical, rate: 0.04),
        Kind("region", "region", .network, .critical, rate: 0.02),
        Kind("zone", "zone", .network, .critical, rate: 0.04),
        Kind("rack", "rack", .compute, .high, rate: 0.05),
        Kind("power", "power feed", .compute, .critical, rate: 0.05),
        Kind("cooling", "cooling", .compute, .high, rate: 0.05),

        // Network.
        Kind("link", "link", .network, .high, rate: 0.3),
        Kind("network", "network", .network, .critical, rate: 0.1),
        Kind("switch", "switch", .network, .high, rate: 0.1),
        Kind("core", "core switch", .network, .critical, rate: 0.1),
        Kind("tor", "top-of-rack switch", .network, .high, rate: 0.1),
        Kind("router", "router", .network, .critical, rate: 0.1),
        Kind("firewall", "firewall", .network, .high, rate: 0.3),
        Kind("gateway", "gateway", .network, .high, rate: 0.5),
        Kind("loadbalancer", "load balancer", .network, .high, rate: 0.5),
        Kind("vpn", "VPN", .network, .high, rate: 0.5),
        Kind("dns", "DNS server", .dns, .high),
        Kind("domain", "domain", .dns, .high, rate: 0.05),
        Kind("certificate", "certificate", .network, .high),
        Kind("ingress", "ingress", .network, .high, rate: 1),
        Kind("endpoint", "endpoint", .network, .medium, rate: 1),
        Kind("networkpolicy", "network policy", .network, .medium),

        // Machines and clusters.
        Kind("host", "host", .compute, .high),
        Kind("vm", "virtual machine", .compute, .medium),
        Kind("hypervisor", "hypervisor", .compute, .high),
        Kind("node", "node", .compute, .high),
        Kind("cluster", "cluster", .compute, .critical, rate: 0.1),
        Kind("namespace", "namespace", .compute, .medium),
        Kind("ns", "namespace", .compute, .medium),

        // Workloads.
        Kind("pod", "pod", .services, .low),
        Kind("container", "container", .services, .low),
        Kind("process", "process", .services, .low),
        Kind("instance", "instance", .services, .low),
        Kind("replicaset", "replica set", .services, .low),
        Kind("deployment", "deployment", .services, .medium),
        Kind("deploy", "deployment", .services, .medium),
        Kind("statefulset", "stateful set", .services, .medium),
        Kind("daemonset", "daemon set", .services, .medium),
        Kind("job", "job", .services, .low),
        Kind("cronjob", "cron job", .services, .low),
        Kind("service", "service", .services, .medium),
        Kind("svc", "service", .services, .medium),
        Kind("app", "application", .services, .medium),
        Kind("component", "component", .services, .medium),
        Kind("system", "system", .services, .medium),
        Kind("api", "API", .services, .medium),
        Kind("function", "function", .services, .medium),
        Kind("website", "web site", .services, .medium),
        Kind("client", "client", .services, .low),
        Kind("external", "external service", .services, .medium),
        Kind("horizontalpodautoscaler", "autoscaler", .services, .low),
        Kind("poddisruptionbudget", "disruption budget", .services, .low),

        // Data.
        Kind("database", "database", .storage, .high),
        Kind("cache", "cache", .storage, .medium),
        Kind("queue", "queue", .storage, .high),
        Kind("topic", "topic", .storage, .medium),
        Kind("storage", "storage", .storage, .high),
        Kind("storagepool", "storage pool", .storage, .high),
        Kind("storagemon", "storage monitor", .storage, .medium),
        Kind("bucket", "bucket", .storage, .medium),
        Kind("volume", "volume", .storage, .medium),
        Kind("persistentvolume", "volume", .storage, .medium),
        Kind("persistentvolumeclaim", "volume claim", .storage, .medium),
        Kind("pvc", "volume claim", .storage, .medium),
        Kind("disk", "disk", .storage, .medium),
        Kind("backup", "backup", .storage, .medium),

        // What people change.
        Kind("config", "configuration", .deployments, .medium),
        Kind("configmap", "config map", .deployments, .medium),
        Kind("secret", "secret", .deployments, .medium),
        Kind("release", "release", .deployments, .medium),
        Kind("helmrelease", "release", .deployments, .medium),
        Kind("kustomization", "kustomization", .deployments, .medium),
        Kind("source", "source", .deployments, .medium),
        Kind("gitrepository", "Git repository", .deployments, .medium),
        Kind("helmrepository", "Helm repository", .deployments, .medium),
        Kind("image", "image", .deployments, .medium),
        Kind("pipeline", "pipeline", .deployments, .low),
        Kind("operator", "operator", .deployments, .medium),
        Kind("controller", "controller", .deployments, .medium),

        // Observers.
        Kind("monitor", "monitor", .monitoring, .medium),
        Kind("exporter", "exporter", .monitoring, .low),
        Kind("probe", "probe", .monitoring, .low),
    ]

    private init(_ name: String, _ label: String, _ area: Area, _ criticality: Criticality, rate: Double? = nil) {
        self.init(
            name: name,
            label: label,
            faultsPerYear: rate ?? KindFamily(kind: name).faultsPerYear,
            area: area,
            criticality: criticality
        )
    }
}
