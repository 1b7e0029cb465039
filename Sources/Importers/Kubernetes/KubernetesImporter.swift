internal import Diagnostics

/// Maps the objects of a Kubernetes cluster to entities.
///
/// docs/import.md has the table.
struct KubernetesImporter {
    /// A pod that runs or is to run, with the workload that it belongs to.
    struct Pod {
        var object: KubernetesObject
        var workload: KubernetesObject.Key?

        var entity: String { object.key.entity }

        /// What all replicas of one rollout share: a replica set, or the revision of a stateful or daemon set.
        ///
        /// A bad image or setting takes all of them down,
        /// and no other thing does.
        var revision: String? {
            guard let controller = object.controller else { return nil }
            switch controller.sort {
            // One that nobody controls is the workload itself.
            case .replicaSet: return controller == workload ? nil : controller.entity
            case .statefulSet, .daemonSet:
                guard let hash = object.labels["controller-revision-hash"] else { return nil }
                // A stateful set's label is the revision's name, a daemon set's only its hash.
                let name = controller.sort == .statefulSet ? hash : "\(controller.name)-\(hash)"
                let sort = KubernetesObject.Sort("apps", "ControllerRevision")
                return KubernetesObject.Key(sort: sort, namespace: controller.namespace, name: name).entity
            default: return nil
            }
        }
    }

    /// How often a rollout goes bad: less often than a pod fails by itself, so that one crashing pod of several is not put
    /// down to what all of them share.
    private static let badRevisionsPerYear = 3.0
    /// As often as an ingress, which they take the place of.
    private static let badRoutesPerYear = 1.0

    let objects: KubernetesObjects
    let nodes: [ClusterNode]
    var table = EntityTable()
    var tally: Tally
    private(set) var pods: [Pod] = []
    /// The pods of each workload, by its entity.
    private(set) var podsByWorkload: [String: [Pod]] = [:]
    private(set) var podsByNamespace: [String: [Pod]] = [:]
    /// What a pod is a part of, or itself, by its entity.
    private(set) var wholes: [String: String] = [:]
    /// The pods' entities by address, but for those that have their node's.
    private(set) var podsByAddress: [String: String] = [:]
    /// The labels that workloads give to their pods.
    private(set) var templatesByNamespace: [String: [(entity: String, labels: [String: String])]] = [:]
    /// Where a rule lets pods run; most pods of a cluster share a few rules.
    private var allowedNodes: [SchedulingRule: Places] = [:]

    /// Some nodes, by number, and how they are written.
    private struct Places {
        var nodes: [Int]
        var written: [String]
    }

    private init(_ objects: KubernetesObjects) {
        self.objects = objects
        nodes = objects[.node].map(ClusterNode.init)
        tally = objects.repeated
        for workload in [.deployment, .statefulSet, .daemonSet].flatMap({ objects[$0] }) {
            guard let labels = workload.spec?["template", "metadata", "labels"]?.texts, !labels.isEmpty else {
                continue
            }
            templatesByNamespace[workload.namespace, default: []].append((workload.key.entity, labels))
        }
    }

    /// Maps everything: nodes, storage, workloads, what leads to them, and Flux's objects.
    static func run(_ documents: [ImportValue], deployOrder: Bool) -> Importer.Result {
        let (objects, diagnostics) = KubernetesObjects.read(documents)
        let (table, tally) = run(objects, deployOrder: deployOrder)
        return (table, tally, diagnostics)
    }

    static func run(_ objects: KubernetesObjects, deployOrder: Bool) -> (table: EntityTable, tally: Tally) {
        var importer = KubernetesImporter(objects)
        importer.addNodes()
        importer.addStorage()
        importer.sortPods()
        importer.addPods()
        importer.addWorkloads()
        importer.addServices()
        importer.addIngresses()
        importer.addGateways()
        importer.addLonghorn()
        importer.addPostgres()
        importer.addBudgets()
        importer.addAutoscalers()
        importer.addResources()
        var flux = FluxMapping(objects: objects, table: importer.table, tally: importer.tally)
        flux.addAll(deployOrder: deployOrder)
        flux.own(importer.ownableObjects())
        flux.tally.countUnmapped(objects, flux.table, known: known)
        for kind in ["replicaset", "controllerrevision"] { flux.table.setRate(of: kind, Self.badRevisionsPerYear) }
        for kind in KubernetesObject.Sort.gatewayRoutes.map({ $0.kind.lowercased() }) + ["route"] {
            flux.table.setRate(of: kind, Self.badRoutesPerYear)
        }
        return (flux.table, flux.tally)
    }

    // MARK: Nodes

    private mutating func addNodes() {
        var regions: [String: Set<String>] = [:]
        for node in objects[.node] {
            if let zone = node.zone, let region = node.region { regions[zone, default: []].insert(region) }
        }
        let hasClosedNodes = nodes.contains { !$0.isSchedulable }
        for clusterNode in nodes {
            let (node, entity) = (clusterNode.object, clusterNode.entity)
            table.declare(entity, at: node.location)
            addPlace(of: node, regions: regions)
            for label in node.labels.keys where label.hasPrefix("node-role.kubernetes.io/") {
                let role = label.dropFirst("node-role.kubernetes.io/".count)
                if !role.isEmpty { table.tag(entity, String(role), at: node.location) }
            }
            if hasClosedNodes, clusterNode.isSchedulable { table.tag(entity, Self.schedulable, at: node.location) }
            for address in node.status?["addresses"]?.elements ?? [] {
                guard let text = address["address"]?.text, text != node.name else { continue }
                table.alias(text, of: entity, rank: 0)
            }
        }
    }

    /// The tag of the nodes that take any pod, where some do not.
    static let schedulable = "schedulable"

    /// Puts a node into its zone, and the zone into its region.
    ///
    /// A zone's name that several regions use is no name for a site by itself.
    private mutating func addPlace(of node: KubernetesObject, regions: [String: Set<String>]) {
        let entity = node.key.entity
        switch (node.zone, node.region) {
        case (let zone?, let region?):
            let site = (regions[zone]?.count ?? 0) > 1 ? "site/\(region)/\(zone)" : "site/\(zone)"
            table.place(entity, on: site, at: node.location)
            table.place(site, on: "region/\(region)", at: node.location)
        case (let zone?, nil): table.place(entity, on: "site/\(zone)", at: node.location)
        case (nil, let region?): table.place(entity, on: "site/\(region)", at: node.location)
        case (nil, nil): break
        }
    }

    // MARK: Storage

    private mutating func addStorage() {
        for volume in objects[.volume] {
            let entity = volume.key.entity
            table.declare(entity, at: volume.location)
            if volume.spec?["nodeAffinity"] != nil {
                let nodes = self.nodes.filter { $0.takes(volume) }
                if nodes.count == 1 { table.place(entity, on: nodes[0].entity, at: volume.location) }
            }
            let isLocal = volume.spec?["local"] != nil || volume.spec?["hostPath"] != nil
            if !isLocal, let name = volume.spec?["storageClassName"]?.text, !name.isEmpty {
                table.need(entity, "storage/\(name)", at: volume.location)
            }
        }
        for claim in objects[.claim] {
            table.declare(claim.key.entity, at: claim.location)
            guard let name = claim.spec?["volumeName"]?.text, !name.isEmpty else {
                tally.count(
                    "unbound-claim",
                    "a claim without a volume",
                    example: claim.title,
                    at: claim.location
                )
                continue
            }
            let volume = KubernetesObject.Key(sort: .volume, namespace: "", name: name)
            table.need(claim.key.entity, volume.entity, at: claim.location)
            // Only the volume itself says whether it is local; without it the claim's class is all there is to know.
            if objects[volume] == nil, let storage = claim.spec?["storageClassName"]?.text, !storage.isEmpty {
                table.need(volume.entity, "storage/\(storage)", at: claim.location)
            }
        }
    }

    // MARK: Pods

    private mutating func sortPods() {
        let owners = PodOwners(objects: objects)
        for pod in objects[.pod] {
            if ["Succeeded", "Failed"].contains(pod.status?["phase"]?.text) {
                tally.count("finished-pod", "a pod that has ended", example: pod.title, at: pod.location)
                continue
            }
            let owner = owners.workload(of: pod)
            if owner?.isInferred == true {
                tally.count(
                    "inferred-owner",
                    "a pod whose owner is derived from names, for the object between them is not in the input",
                    example: pod.title,
                    at: pod.location
                )
            }
            let found = Pod(object: pod, workload: owner?.key)
            pods.append(found)
            podsByNamespace[pod.namespace, default: []].append(found)
            wholes[found.entity] = owner?.key.entity ?? found.entity
            if pod.spec?["hostNetwork"]?.isTrue != true {
                for address in [pod.status?["podIP"]] + (pod.status?["podIPs"]?.elements ?? []).map({ $0["ip"] }) {
                    if let text = address?.text { podsByAddress[text] = found.entity }
                }
            }
            if let owner { podsByWorkload[owner.key.entity, default: []].append(found) }
        }
    }

    private mutating func addPods() {
        var revisionSizes: [String: Int] = [:]
        for pod in pods { if let revision = pod.revision { revisionSizes[revision, default: 0] += 1 } }
        for pod in pods where pod.workload?.sort != .cronJob {
            let location = pod.object.location
            table.declare(pod.entity, at: location)
            if let revision = pod.revision, revisionSizes[revision, default: 0] > 1 {
                table.need(pod.entity, revision, at: location)
            }
            for claim in pod.object.claims { table.need(pod.entity, claim.entity, at: location) }
            guard let name = pod.object.spec?["nodeName"]?.text, !name.isEmpty else {
                tally.count("unscheduled-pod", "a pod that has no node yet", example: pod.object.title, at: location)
                continue
            }
            let node = KubernetesObject.Key(sort: .node, namespace: "", name: name)
            table.place(pod.entity, on: node.entity, at: location)
            // Of all controllers only a replica set starts a pod elsewhere by itself when its node is lost: a stateful
            // set's pod waits for the node, and a daemon set's or static pod belongs to it.
            if pod.object.controller?.sort == .replicaSet {
                let places = self.places(for: pod.object, besides: node)
                if !places.isEmpty { table.canRun(pod.entity, on: places, at: location) }
            }
        }
    }

    /// Where the scheduler may put a pod; nothing when that is only where it is.
    private mutating func places(for pod: KubernetesObject, besides current: KubernetesObject.Key) -> [String] {
        let rule = SchedulingRule(pod: pod)
        let allowed = allowedNodes[rule] ?? Self.places(nodes.indices.filter { rule.allows(nodes[$0]) }, of: nodes)
        allowedNodes[rule] = allowed
        let claims = pod.claims.compactMap { objects[$0]?.spec?["volumeName"]?.text }
        let volumes = claims.compactMap { objects[.init(sort: .volume, namespace: "", name: $0)] }
        let open =
            volumes.isEmpty
            ? allowed
            : Self.places(allowed.nodes.filter { node in volumes.allSatisfy(nodes[node].takes) }, of: nodes)
        let isElsewhere = open.nodes.count > 1 || open.nodes.first.map { nodes[$0].object.key != current } == true
        return isElsewhere ? open.written : []
    }

    /// Some nodes as `can_run_on` names them: `node` for all, `node[schedulable]` for all that take any pod, or a list.
    private static func places(_ numbers: [Int], of nodes: [ClusterNode]) -> Places {
        let open = numbers.map { nodes[$0] }
        if open.count == nodes.count { return Places(nodes: numbers, written: ["node"]) }
        if open.allSatisfy(\.isSchedulable), open.count == nodes.count(where: \.isSchedulable) {
            return Places(nodes: numbers, written: ["node[\(schedulable)]"])
        }
        return Places(nodes: numbers, written: open.map(\.entity).sorted())
    }

    // MARK: The rest

    /// What this importer has a meaning for; the rest is counted.
    private static let known: Set<KubernetesObject.Sort> = Set(
        [
            .node, .pod, .service, .claim, .volume, .replicaSet, .disruptionBudget, .autoscaler, .ingress,
            .postgresCluster, .postgresPooler, .postgresBackup, .helmRelease, .kustomization, .route, .gateway,
            .endpoints, .endpointSlice, .longhornVolume, .longhornReplica,
        ] + KubernetesObject.Sort.workloads + KubernetesObject.Sort.sources + KubernetesObject.Sort.gatewayRoutes
    )
}

extension KubernetesObject {
    var zone: String? {
        labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"]
    }

    var region: String? {
        labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"]
    }

    /// The claims that a pod, or the template in a workload, mounts.
    var claims: [Key] {
        let podSpec = sort == .cronJob ? spec?["jobTemplate", "spec", "template", "spec"] : spec?["template", "spec"]
        return (podSpec ?? spec)?["volumes"]?.elements.compactMap { volume in
            if let name = volume["persistentVolumeClaim", "claimName"]?.text {
                return Key(sort: .claim, namespace: namespace, name: name)
            }
            // Kubernetes names the claim of an ephemeral volume after the pod and the volume.
            guard sort == .pod, volume["ephemeral"] != nil, let name = volume["name"]?.text else { return nil }
            return Key(sort: .claim, namespace: namespace, name: "\(self.name)-\(name)")
        } ?? []
    }
}
