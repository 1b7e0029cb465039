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
    private var entries: [String: Entry] = [:]

    /// The labels that Prometheus gives to every series of a scrape target.
    private static let targetLabels = ["namespace", "pod", "container", "service", "endpoint", "job", "instance"]
    /// What an exporter's name contains.
    private static let exporterNames = [
        "kube-state-metrics", "exporter", "blackbox", "smokeping", "cadvisor", "kubelet", "pushgateway",
    ]
    /// Exporters whose `instance` is their own address and never the subject's.
    private static let proxies = ["kube-state-metrics", "smokeping", "cadvisor", "pushgateway"]

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
        for name in ["pod", "container", "service", "job"] {
            guard let value = entries[name]?.value.lowercased() else { continue }
            if Self.exporterNames.contains(where: value.contains), !isAbout(value) { entries[name] = nil }
        }
    }

    /// Whether the alert is about the exporter itself: its name says so, or is that of a scrape that fails.
    private func isAbout(_ exporter: String) -> Bool {
        if alertName == "TargetDown" { return true }
        let name = alertName.lowercased()
        return Self.exporterNames.contains { word in
            exporter.contains(word) && word != "exporter" && name.contains(word.filter { $0 != "-" })
        } || (exporter.contains("exporter") && name.contains("exporter"))
    }
}
