internal import Diagnostics

extension KubernetesImporter {
    /// What pods ask for and nodes offer.
    private enum Resource: String, CaseIterable {
        case memory, cpu, pods

        /// The unit that is written, in that of Kubernetes: cores, bytes, pods.
        var unit: Double { self == .memory ? 1_048_576 : self == .cpu ? 0.001 : 1 }

        var title: String {
            switch self {
            case .memory: "memory in MiB"
            case .cpu: "cpu in thousandths of a core"
            case .pods: "pods"
            }
        }
    }

    /// Gives nodes their capacity and pods what they use of it.
    ///
    /// A topology counts one resource: the one of which the pods ask for the greatest share of what the nodes offer, for that
    /// is the one that runs out first.
    mutating func addResources() {
        let placed = pods.filter { $0.workload?.sort != .cronJob && $0.object.spec?["nodeName"] != nil }
        var shares: [(resource: Resource, share: Double)] = []
        for resource in Resource.allCases {
            let offered = nodes.reduce(0) { $0 + (offer(of: $1, resource) ?? 0) }
            let asked = placed.reduce(0) { $0 + request(of: $1.object, resource) }
            if offered > 0 { shares.append((resource, asked / offered)) }
        }
        guard let most = shares.max(by: { $0.share < $1.share }), most.share > 0, let first = nodes.first else {
            return
        }
        for node in nodes {
            guard let offer = offer(of: node, most.resource) else { continue }
            table.capacity(node.entity, (offer / most.resource.unit).rounded(.down), at: node.object.location)
        }
        for pod in placed {
            let uses = (request(of: pod.object, most.resource) / most.resource.unit).rounded(.up)
            if uses > 0 { table.uses(pod.entity, uses, at: pod.object.location) }
        }
        let asked = shares.map { "\($0.resource.rawValue) \(Int((min($0.share, 100) * 100).rounded())) %" }
        tally.count(
            "one-resource",
            "resource that capacity and uses count, the scarcest of what pods request",
            example: "\(most.resource.title) (\(asked.joined(separator: ", ")))",
            at: first.object.location
        )
    }

    private func offer(of node: ClusterNode, _ resource: Resource) -> Double? {
        (node.object.status?["allocatable", resource.rawValue] ?? node.object.status?["capacity", resource.rawValue])?
            .text.flatMap(Quantity.value)
    }

    /// What the scheduler reserves for a pod: its containers and sidecars together, or its largest start-up container.
    private func request(of pod: KubernetesObject, _ resource: Resource) -> Double {
        if resource == .pods { return 1 }
        func request(_ container: ImportValue) -> Double {
            let resources = container["resources"]
            let text = resources?["requests", resource.rawValue] ?? resources?["limits", resource.rawValue]
            return text?.text.flatMap(Quantity.value) ?? 0
        }
        let starting = pod.spec?["initContainers"]?.elements ?? []
        let sidecars = starting.filter { $0["restartPolicy"]?.text == "Always" }.reduce(0) { $0 + request($1) }
        let running = (pod.spec?["containers"]?.elements ?? []).reduce(sidecars) { $0 + request($1) }
        let largest = starting.filter { $0["restartPolicy"]?.text != "Always" }.map(request).max() ?? 0
        let overhead = pod.spec?["overhead", resource.rawValue]?.text.flatMap(Quantity.value) ?? 0
        return max(running, largest) + overhead
    }
}

/// Numbers as Kubernetes writes them: `500m`, `1.5`, `4Gi`, `128974848`, `1e3`.
enum Quantity {
    private static let factors: [String: Double] = [
        "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 1_024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
        "Ei": 1_152_921_504_606_846_976,
    ]

    /// What Kubernetes can hold at most, in 63 bits.
    private static let limit = 1e19

    /// The value in the unit without a suffix; nil for what is no number from 0 to the limit.
    static func value(_ text: String) -> Double? {
        let number =
            Double(text).map { ($0, "") }
            ?? {
                let digits = text.prefix { $0.isNumber || $0 == "." }
                return Double(digits).map { ($0, String(text.dropFirst(digits.count))) }
            }()
        guard let (amount, suffix) = number, let factor = factors[suffix] else { return nil }
        let value = amount * factor
        return (0...limit).contains(value) ? value : nil
    }
}
