extension Kind {
    /// The kinds that need no declaration.
    ///
    /// The rates are faults a year for one such thing on a small professional platform, in round numbers of one
    /// significant digit: orders of magnitude decide a diagnosis, digits do not. What carries others is built to last
    /// (sites, power, switches); what people change fails most (releases, configuration, workloads). docs/model.md tells
    /// how a rate becomes a prior. Any of them can be set under `kinds:` in topology.yaml.
    package static let builtIn: [Kind] = [
        // Places and what feeds them.
        Kind("site", "site", 0.1, .network, .critical),
        Kind("region", "region", 0.1, .network, .critical),
        Kind("zone", "zone", 0.2, .network, .critical),
        Kind("rack", "rack", 0.2, .compute, .high),
        Kind("power", "power feed", 0.3, .compute, .critical),
        Kind("cooling", "cooling", 0.3, .compute, .high),

        // Network.
        Kind("link", "link", 1, .network, .high),
        Kind("network", "network", 0.5, .network, .critical),
        Kind("switch", "switch", 0.5, .network, .high),
        Kind("core", "core switch", 0.4, .network, .critical),
        Kind("tor", "top-of-rack switch", 0.5, .network, .high),
        Kind("router", "router", 0.5, .network, .critical),
        Kind("firewall", "firewall", 1, .network, .high),
        Kind("gateway", "gateway", 1, .network, .high),
        Kind("loadbalancer", "load balancer", 1, .network, .high),
        Kind("vpn", "VPN", 2, .network, .high),
        Kind("dns", "DNS server", 2, .dns, .high),
        Kind("domain", "domain", 0.2, .dns, .high),
        Kind("certificate", "certificate", 1, .network, .high),
        Kind("ingress", "ingress", 2, .network, .high),
        Kind("endpoint", "endpoint", 2, .network, .medium),
        Kind("networkpolicy", "network policy", 4, .network, .medium),

        // Machines and clusters.
        Kind("host", "host", 1, .compute, .high),
        Kind("vm", "virtual machine", 1, .compute, .medium),
        Kind("hypervisor", "hypervisor", 0.5, .compute, .high),
        Kind("node", "node", 2, .compute, .high),
        Kind("cluster", "cluster", 0.3, .compute, .critical),
        Kind("namespace", "namespace", 0.3, .compute, .medium),
        Kind("ns", "namespace", 0.3, .compute, .medium),

        // Workloads.
        Kind("pod", "pod", 12, .services, .low),
        Kind("container", "container", 12, .services, .low),
        Kind("process", "process", 12, .services, .low),
        Kind("instance", "instance", 8, .services, .low),
        Kind("replicaset", "replica set", 3, .services, .low),
        Kind("deployment", "deployment", 6, .services, .medium),
        Kind("deploy", "deployment", 6, .services, .medium),
        Kind("statefulset", "stateful set", 6, .services, .medium),
        Kind("daemonset", "daemon set", 4, .services, .medium),
        Kind("job", "job", 12, .services, .low),
        Kind("cronjob", "cron job", 12, .services, .low),
        Kind("service", "service", 3, .services, .medium),
        Kind("svc", "service", 3, .services, .medium),
        Kind("app", "application", 6, .services, .medium),
        Kind("component", "component", 6, .services, .medium),
        Kind("system", "system", 2, .services, .medium),
        Kind("api", "API", 4, .services, .medium),
        Kind("function", "function", 6, .services, .medium),
        Kind("website", "web site", 3, .services, .medium),
        Kind("client", "client", 6, .services, .low),
        Kind("external", "external service", 3, .services, .medium),
        Kind("horizontalpodautoscaler", "autoscaler", 4, .services, .low),
        Kind("poddisruptionbudget", "disruption budget", 2, .services, .low),

        // Data.
        Kind("database", "database", 3, .storage, .high),
        Kind("cache", "cache", 4, .storage, .medium),
        Kind("queue", "queue", 3, .storage, .high),
        Kind("topic", "topic", 2, .storage, .medium),
        Kind("storage", "storage", 1, .storage, .high),
        Kind("storagepool", "storage pool", 1, .storage, .high),
        Kind("storagemon", "storage monitor", 2, .storage, .medium),
        Kind("bucket", "bucket", 0.5, .storage, .medium),
        Kind("volume", "volume", 1, .storage, .medium),
        Kind("persistentvolume", "volume", 1, .storage, .medium),
        Kind("persistentvolumeclaim", "volume claim", 2, .storage, .medium),
        Kind("pvc", "volume claim", 2, .storage, .medium),
        Kind("disk", "disk", 0.5, .storage, .medium),
        Kind("backup", "backup", 6, .storage, .medium),

        // What people change.
        Kind("config", "configuration", 6, .deployments, .medium),
        Kind("configmap", "config map", 6, .deployments, .medium),
        Kind("secret", "secret", 4, .deployments, .medium),
        Kind("release", "release", 8, .deployments, .medium),
        Kind("helmrelease", "release", 8, .deployments, .medium),
        Kind("kustomization", "kustomization", 6, .deployments, .medium),
        Kind("source", "source", 3, .deployments, .medium),
        Kind("gitrepository", "Git repository", 3, .deployments, .medium),
        Kind("helmrepository", "Helm repository", 3, .deployments, .medium),
        Kind("image", "image", 4, .deployments, .medium),
        Kind("pipeline", "pipeline", 8, .deployments, .low),
        Kind("operator", "operator", 8, .deployments, .medium),
        Kind("controller", "controller", 6, .deployments, .medium),

        // Observers.
        Kind("monitor", "monitor", 3, .monitoring, .medium),
        Kind("exporter", "exporter", 6, .monitoring, .low),
        Kind("probe", "probe", 4, .monitoring, .low),
    ]

    private init(_ name: String, _ label: String, _ rate: Double, _ area: Area, _ criticality: Criticality) {
        self.init(
            name: name,
            label: label,
            faultsPerYear: rate,
            area: area,
            criticality: criticality,
            isBuiltIn: true
        )
    }
}
