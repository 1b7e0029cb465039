internal import Diagnostics

/// Puts Kubernetes objects together from facts that come one by one, as metrics tell them.
struct ObjectDrafts {
    /// What is known of one object.
    struct Draft {
        var labels: [String: String] = [:]
        var owner: KubernetesObject.Key?
        var spec: [String: MadeValue] = [:]
        var status: [String: MadeValue] = [:]
        var claims: Set<String> = []
        var taints: [MadeValue] = []
        var addresses: Set<String> = []
        var rules: [MadeValue] = []
        /// What a node offers, by resource.
        var allocatable: [String: MadeValue] = [:]
        /// What each container of a pod asks for, by resource.
        var requests: [String: [String: MadeValue]] = [:]
        let location: SourceLocation
    }

    private(set) var drafts: [KubernetesObject.Key: Draft] = [:]

    /// Adds facts to an object, which is made with the first of them.
    mutating func change(
        _ key: KubernetesObject.Key,
        at location: SourceLocation,
        _ body: (inout Draft) -> Void = { _ in }
    ) {
        body(&drafts[key, default: Draft(location: location)])
    }

    /// The objects as the API would give them, by name.
    ///
    /// - Complexity: O(n log n).
    var objects: [ImportValue] {
        drafts.sorted { ($0.key.entity, $0.key.sort.group) < ($1.key.entity, $1.key.sort.group) }.map { key, draft in
            .made(value(key, draft), at: draft.location)
        }
    }

    private func value(_ key: KubernetesObject.Key, _ draft: Draft) -> MadeValue {
        func apiVersion(_ sort: KubernetesObject.Sort) -> MadeValue {
            .text(sort.group.isEmpty ? "v1" : "\(sort.group)/v1")
        }
        var metadata: [String: MadeValue] = [
            "name": .text(key.name), "labels": .mapping(draft.labels.mapValues(MadeValue.text)),
        ]
        if !key.namespace.isEmpty { metadata["namespace"] = .text(key.namespace) }
        if let owner = draft.owner {
            metadata["ownerReferences"] = .list([
                .mapping([
                    "apiVersion": apiVersion(owner.sort), "kind": .text(owner.sort.kind), "name": .text(owner.name),
                    "controller": .text("true"),
                ])
            ])
        }
        var spec = draft.spec
        spec["volumes"] = .list(
            draft.claims.sorted().map { .mapping(["persistentVolumeClaim": .mapping(["claimName": .text($0)])]) }
        )
        spec["taints"] = .list(draft.taints)
        spec["rules"] = .list(draft.rules)
        spec["containers"] = .list(
            draft.requests.sorted { $0.key < $1.key }.map { name, requests in
                .mapping(["name": .text(name), "resources": .mapping(["requests": .mapping(requests)])])
            }
        )
        var status = draft.status
        status["addresses"] = .list(draft.addresses.sorted().map { .mapping(["address": .text($0)]) })
        status["allocatable"] = .mapping(draft.allocatable)
        return .mapping([
            "apiVersion": apiVersion(key.sort), "kind": .text(key.sort.kind), "metadata": .mapping(metadata),
            "spec": .mapping(spec), "status": .mapping(status),
        ])
    }
}
