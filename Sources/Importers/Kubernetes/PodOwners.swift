/// Finds the workload that a pod or job belongs to, through the chain of its controllers.
struct PodOwners {
    let objects: KubernetesObjects
    /// A pod's owner, or nil for a pod that stands alone; and whether it was derived from a name.
    typealias Owner = (key: KubernetesObject.Key, isInferred: Bool)

    /// The workload at the end of the chain; nil for an object that nobody controls, or that a node does: a static pod.
    ///
    /// A replica set or job that the input lacks is seen through by the names that Kubernetes gives them.
    func workload(of object: KubernetesObject) -> Owner? {
        guard var key = object.controller, key.sort != .node else { return nil }
        var isInferred = false
        // Real chains have three links; a loop of forged references must end too.
        for _ in 0..<8 {
            let isEnd = KubernetesObject.Sort.workloads.contains(key.sort) && key.sort != .job
            if isEnd { break }
            if let owner = objects[key] {
                guard let next = owner.controller else { break }
                // A custom resource above a job or replica set is who looks after it; above others it is an operator's.
                key = next
            } else if let next = inferredController(of: key, pod: object) {
                key = next
                isInferred = true
            } else {
                break
            }
        }
        return (key, isInferred)
    }

    private func inferredController(of key: KubernetesObject.Key, pod: KubernetesObject) -> KubernetesObject.Key? {
        switch key.sort {
        case .replicaSet:
            guard let hash = pod.labels["pod-template-hash"], key.name.hasSuffix("-\(hash)") else { return nil }
            let name = String(key.name.dropLast(hash.count + 1))
            return name.isEmpty ? nil : .init(sort: .deployment, namespace: key.namespace, name: name)
        case .job:
            // A cron job's jobs end in the scheduled minute since 1970.
            guard let dash = key.name.lastIndex(of: "-"), dash != key.name.startIndex else { return nil }
            let minute = key.name[key.name.index(after: dash)...]
            guard (8...10).contains(minute.utf8.count), minute.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return .init(sort: .cronJob, namespace: key.namespace, name: String(key.name[..<dash]))
        default: return nil
        }
    }
}
