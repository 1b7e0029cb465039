/// An alert's labels without those that only say who scraped the metric.
///
/// With Prometheus' default `honor_labels: false` a label of the metric that collides with one of the scrape target is
/// renamed to `exported_…`, and the plain one names the exporter, kube-state-metrics for most Kubernetes alerts.
struct SubjectLabels {
    /// A value and the label that really holds it.
    struct Entry {
        var value: String
        var label: String
    }

    let alertName: String
    /// Whether the pod is what the metric tells of, even where it is called like an exporter.
    ///
    /// Kube-state-metrics with `honor_labels: true` tells of every pod; its own cannot be told from the scraper.
    private(set) var namesPodOfOthers = false
    private var entries: [String: Entry] = [:]

    /// The labels that Prometheus gives to every series of a scrape target.
    private static let targetLabels = ["namespace", "pod", "container", "service", "endpoint", "job", "instance"]
    /// What an exporter's name contains.
    private static let exporterNames = [
        "kube-state-metrics", "exporter", "blackbox", "smokeping", "cadvisor", "kubelet", "pushgateway",
        "longhorn-manager", "longhorn-backend",
    ]
    /// Exporters whose `instance` is their own address and never the subject's.
    private static let proxies = [
        "kube-state-metrics", "smokeping", "cadvisor", "pushgateway", "longhorn-manager", "longhorn-backend",
    ]
    /// Exporters of what others are, whose alerts are called after them: only some words tell of the exporter itself.
    private static let probers = ["blackbox", "smokeping"]
    private static let wordsOfProbers = ["exporter", "prober", "config", "reload"]
    /// Those that tell of every pod of a cluster.
    private static let clusterReporters = ["kube-state-metrics", "kubelet", "cadvisor"]

    init(_ alert: Alert) {
        alertName = alert.name
        for label in alert.labels where !label.value.isEmpty {
            entries[label.name] = Entry(value: label.value, label: label.name)
        }
        dropRenamed(alert.labels)
        dropExporters()
    }

    subscript(name: String) -> Entry? { entries[name] }

    /// The value of the first of these labels that exists.
    func first(of names: [String]) -> Entry? {
        for name in names {
            if let entry = entries[name] { return entry }
        }
        return nil
    }

    var namespace: Entry? { entries["namespace"] }

    private mutating func dropRenamed(_ labels: LabelSet) {
        var renamed: [(name: String, entry: Entry)] = []
        for label in labels where label.name.hasPrefix("exported_") && !label.value.isEmpty {
            let plain = String(label.name.dropFirst("exported_".count))
            renamed.append((plain, Entry(value: label.value, label: label.name)))
        }
        if renamed.contains(where: { Self.targetLabels.contains($0.name) }) {
            for name in Self.targetLabels { entries[name] = nil }
        }
        for (name, entry) in renamed { entries[name] = entry }
    }

    private mutating func dropExporters() {
        let isProxied = ["job", "service", "pod", "container"].contains { name in
            guard let value = entries[name]?.value.lowercased() else { return false }
            return Self.proxies.contains { value.contains($0) } && !isAbout(value)
        }
        if isProxied, entries["instance"]?.label == "instance" { entries["instance"] = nil }
        namesPodOfOthers = tellsOfOtherPods()
        let names = namesPodOfOthers ? ["service", "job"] : ["pod", "container", "service", "job"]
        for name in names {
            if let value = entries[name]?.value, isScraper(value) { entries[name] = nil }
        }
    }

    private func tellsOfOtherPods() -> Bool {
        guard let pod = entries["pod"] else { return false }
        if pod.label != "pod" { return true }
        return ["job", "service"].contains { name in
            guard let reporter = entries[name]?.value.lowercased() else { return false }
            return Self.clusterReporters.contains { reporter.contains($0) && !pod.value.lowercased().contains($0) }
        }
    }

    /// Whether a thing of this name only observes what the alert is about.
    func isScraper(_ name: String) -> Bool {
        let name = name.lowercased()
        return Self.exporterNames.contains(where: name.contains) && !isAbout(name)
    }

    /// Whether the alert is about the exporter itself: its name says so, or is that of a scrape that fails.
    ///
    /// What the kubelet's alerts are about is its machine.
    private func isAbout(_ exporter: String) -> Bool {
        if alertName == "TargetDown" { return true }
        let name = alertName.lowercased()
        if let prober = Self.probers.first(where: exporter.contains) {
            return name == "\(prober)down" || Self.wordsOfProbers.contains(where: name.contains)
        }
        return Self.exporterNames.contains { word in
            exporter.contains(word) && word != "exporter" && word != "kubelet"
                && name.contains(word.filter { $0 != "-" })
        } || (exporter.contains("exporter") && name.contains("exporter"))
    }
}
