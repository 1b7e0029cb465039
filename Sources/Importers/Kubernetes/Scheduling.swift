/// Which nodes the scheduler may give a pod to: its node selector, its required node affinity and its tolerations.
///
/// Room, pod affinity and spread constraints are not considered.
struct SchedulingRule: Hashable {
    private struct Toleration: Hashable {
        var key: String?
        var value: String?
        var effect: String?
        var exists: Bool

        func covers(_ taint: ClusterNode.Taint) -> Bool {
            if let effect, effect != taint.effect { return false }
            guard let key else { return exists }
            return key == taint.key && (exists || value == taint.value)
        }
    }

    private let selector: LabelSelector
    /// Alternatives, one of which must match; nil when there is no such rule.
    private let terms: [LabelSelector]?
    private let tolerations: [Toleration]

    init(pod: KubernetesObject) {
        selector = LabelSelector(labels: pod.spec?["nodeSelector"]?.texts ?? [:])
        let required = pod.spec?["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]
        terms = required?["nodeSelectorTerms"]?.elements.map(LabelSelector.init(nodeTerm:))
        tolerations =
            pod.spec?["tolerations"]?.elements.map { item in
                Toleration(
                    key: item["key"]?.text,
                    value: item["value"]?.text,
                    effect: item["effect"]?.text,
                    exists: item["operator"]?.text == "Exists"
                )
            } ?? []
    }

    func allows(_ node: ClusterNode) -> Bool {
        guard !node.isCordoned, selector.matches(node.labels),
            terms?.contains(where: { $0.matches(node.labels) }) ?? true
        else { return false }
        return node.taints.allSatisfy { taint in tolerations.contains { $0.covers(taint) } }
    }
}

/// What the scheduler looks at in a node.
struct ClusterNode {
    struct Taint {
        var key: String?
        var value: String?
        var effect: String?
    }

    let object: KubernetesObject
    /// The labels, with the name as the field that an affinity may ask for.
    let labels: [String: String]
    /// Those that keep pods away for good.
    ///
    /// Kubernetes' own ones tell the condition of the moment.
    let taints: [Taint]
    let isCordoned: Bool

    var entity: String { object.key.entity }
    /// Whether it takes pods that ask for nothing special.
    var isSchedulable: Bool { !isCordoned && taints.isEmpty }

    init(_ object: KubernetesObject) {
        self.object = object
        var labels = object.labels
        labels["metadata.name"] = object.name
        self.labels = labels
        isCordoned = object.spec?["unschedulable"]?.isTrue == true
        taints =
            object.spec?["taints"]?.elements.compactMap { item in
                let taint = Taint(key: item["key"]?.text, value: item["value"]?.text, effect: item["effect"]?.text)
                let isOfTheMoment = taint.key?.hasPrefix("node.kubernetes.io/") == true
                return ["NoSchedule", "NoExecute"].contains(taint.effect) && !isOfTheMoment ? taint : nil
            } ?? []
    }

    /// Whether a volume can be used here.
    func takes(_ volume: KubernetesObject) -> Bool {
        guard let terms = volume.spec?["nodeAffinity", "required", "nodeSelectorTerms"]?.elements else { return true }
        return terms.contains { LabelSelector(nodeTerm: $0).matches(labels) }
    }
}
