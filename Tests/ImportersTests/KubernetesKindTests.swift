import Diagnostics
import Importers
import Testing
import Topology
import TopologyFormats

/// Small clusters, each about one kind of object.
@Suite struct KubernetesKindTests {
    private func object(_ kind: String, _ name: String, _ rest: String) -> String {
        let parts = kind.split(separator: " ")
        return
            "---\n{apiVersion: \(parts[0]), kind: \(parts[1]), metadata: {name: \(name), namespace: shop}, \(rest)}\n"
    }

    private func pod(
        _ name: String,
        _ rest: String,
        labels: String = "app: web",
        owner: String = "Deployment"
    ) -> String {
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
          namespace: shop
          labels: {\(labels)}
          ownerReferences: [{apiVersion: \(owner == "Cluster" ? "postgresql.cnpg.io/v1" : "apps/v1"), kind: \(owner),
            name: web, controller: true}]
        \(rest)

        """
    }

    private func node(_ name: String, _ status: String) -> String {
        "---\n{apiVersion: v1, kind: Node, metadata: {name: \(name)}, status: {\(status)}}\n"
    }

    // MARK: Services

    /// An address is a pod's, a node's or lies outside; the API's own service stands on the nodes that serve it.
    @Test func aServiceWithoutASelectorNeedsWhatItsSlicesName() throws {
        let (entities, notes) = try imported(
            node("a", "addresses: [{type: InternalIP, address: 10.0.0.11}]")
                + pod("web-1", "spec: {nodeName: a}\nstatus: {podIP: 10.42.0.7}")
                + object("v1 Service", "api", "spec: {clusterIP: 10.43.0.1}")
                + object("v1 Service", "web", "spec: {clusterIP: None}")
                + object("v1 Service", "old", "spec: {}")
                    + """
                    ---
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: api, namespace: shop, labels: {kubernetes.io/service-name: api}}
                    addressType: IPv4
                    endpoints: [{addresses: [10.0.0.11], conditions: {ready: true}}, {addresses: [192.0.2.5]}]
                    ---
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
                    endpoints:
                      - {addresses: [10.42.0.9], targetRef: {kind: Pod, name: web-1, namespace: shop}, nodeName: a}
                    ---
                    apiVersion: v1
                    kind: Endpoints
                    metadata: {name: old, namespace: shop}
                    subsets: [{addresses: [{ip: 10.42.0.7}], ports: [{port: 80}]}]

                    """
        )
        #expect(entities["service/shop/api"]?.writtenNeeds == ["any external/192.0.2.5 node/a"])
        #expect(entities["external/192.0.2.5"]?.aliases == ["192.0.2.5"])
        #expect(entities["service/shop/web"]?.writtenNeeds == ["deployment/shop/web"])
        #expect(entities["service/shop/old"]?.writtenNeeds == ["deployment/shop/web"])
        #expect(notes == ["not-in-input"])
    }

    @Test func aHeadlessServiceNeedsWhatItSelects() throws {
        let (entities, _) = try imported(
            pod("web-1", "spec: {nodeName: a}")
                + object("v1 Service", "web", "spec: {clusterIP: None, selector: {app: web}}")
        )
        #expect(entities["service/shop/web"]?.writtenNeeds == ["deployment/shop/web"])
        #expect(entities["service/shop/web"]?.aliases == [])
    }

    // MARK: Ways in

    @Test func routesNeedTheirGatewayAndTheirBackends() throws {
        let (entities, notes) = try imported(
            object(
                "gateway.networking.k8s.io/v1 Gateway",
                "public",
                "spec: {gatewayClassName: cilium}, status: {addresses: [{type: IPAddress, value: 192.0.2.1}]}"
            )
                + object(
                    "gateway.networking.k8s.io/v1 HTTPRoute",
                    "one",
                    """
                    spec: {parentRefs: [{name: public, sectionName: https}], hostnames: [shop.example.org],
                      rules: [{backendRefs: [{name: web, port: 80}]}]}
                    """
                )
                + object(
                    "gateway.networking.k8s.io/v1 GRPCRoute",
                    "two",
                    """
                    spec: {parentRefs: [{name: public}, {name: edge, namespace: infra}, {kind: Service, name: mesh}],
                      rules: [{backendRefs: [{name: web}, {kind: Bucket, name: b}]}, {backendRefs: [{name: api, namespace: x}]}]}
                    """
                )
        )
        #expect(entities["gateway/shop/public"]?.aliases == ["192.0.2.1"])
        #expect(entities["httproute/shop/one"]?.writtenNeeds == ["gateway/shop/public", "service/shop/web"])
        #expect(entities["httproute/shop/one"]?.aliases == ["shop.example.org"])
        #expect(
            entities["grpcroute/shop/two"]?.writtenNeeds == [
                "any gateway/infra/edge gateway/shop/public", "weak service/shop/web", "weak service/x/api",
            ]
        )
        // The services, and the gateway of another namespace.
        #expect(notes == ["not-in-input", "not-in-input"])
    }

    @Test func readsRoutesOfOpenShiftAndIngressesOfOldClusters() throws {
        let (entities, _) = try imported(
            object(
                "route.openshift.io/v1 Route",
                "shop",
                "spec: {host: shop.example.org, to: {kind: Service, name: web, weight: 100}}"
            )
                + object(
                    "extensions/v1beta1 Ingress",
                    "old",
                    "spec: {rules: [{host: old.example.org, http: {paths: [{backend: {serviceName: web}}]}}]}"
                ) + object("extensions/v1beta1 Deployment", "web", "spec: {replicas: 1}")
        )
        #expect(entities["route/shop/shop"]?.writtenNeeds == ["service/shop/web"])
        #expect(entities["ingress/shop/old"]?.writtenNeeds == ["service/shop/web"])
        #expect(entities["deployment/shop/web"] != nil)
    }

    // MARK: Operators

    @Test func aLonghornVolumeNeedsOneOfTheNodesWithItsReplicas() throws {
        func replica(_ name: String, _ node: String, failedAt: String = "") -> String {
            object(
                "longhorn.io/v1beta2 Replica",
                name,
                "spec: {volumeName: pvc-1, nodeID: \(node), active: true, failedAt: \"\(failedAt)\"}"
            )
        }
        let volume = object(
            "longhorn.io/v1beta2 Volume",
            "pvc-1",
            "spec: {numberOfReplicas: 3}, status: {robustness: healthy, kubernetesStatus: {pvName: pvc-1}}"
        )
        let (entities, notes) = try imported(
            ["a", "b", "c"].map { node($0, "phase: x") }.joined()
                + "---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: pvc-1}, spec: {storageClassName: longhorn}}\n"
                + volume + replica("r1", "a") + replica("r2", "b")
                + replica("r3", "c", failedAt: "2026-07-01T19:22:00Z")
                + object("longhorn.io/v1beta2 Engine", "e", "spec: {}")
        )
        #expect(entities["persistentvolume/pvc-1"]?.writtenNeeds == ["storage/longhorn", "any node/a node/b"])
        #expect(notes == ["failed-replica", "not-imported"])
        #expect(try imported(volume).notes == ["no-replica", "not-in-input"])
    }

    @Test func postgresqlHasInstancesPoolersAndBackups() throws {
        let (entities, _) = try imported(
            object("postgresql.cnpg.io/v1 Cluster", "web", "spec: {instances: 3}")
                + ["1", "2", "3"].map { number in
                    pod(
                        "web-\(number)",
                        "spec: {nodeName: n\(number)}",
                        labels: "cnpg.io/cluster: web, cnpg.io/instanceRole: \(number == "1" ? "primary" : "replica")",
                        owner: "Cluster"
                    )
                }.joined()
                + object(
                    "v1 Service",
                    "web-rw",
                    "spec: {selector: {cnpg.io/cluster: web, cnpg.io/instanceRole: primary}}"
                )
                + object(
                    "policy/v1 PodDisruptionBudget",
                    "web",
                    "spec: {minAvailable: 2, selector: {matchLabels: {cnpg.io/cluster: web, cnpg.io/instanceRole: replica}}}"
                )
                + object("postgresql.cnpg.io/v1 Pooler", "pool", "spec: {cluster: {name: web}, type: rw}")
                + object("postgresql.cnpg.io/v1 ScheduledBackup", "daily", "spec: {cluster: {name: web}}")
        )
        // The budget speaks of the replicas alone, and any one instance can become the primary.
        #expect(
            entities["database/shop/web"]?.writtenNeeds == ["any pod/shop/web-1 pod/shop/web-2 pod/shop/web-3"]
        )
        #expect(entities["service/shop/web-rw"]?.writtenNeeds == ["database/shop/web"])
        #expect(entities["deployment/shop/pool"]?.writtenNeeds == ["database/shop/web"])
        #expect(entities["backup/shop/web"]?.writtenNeeds == ["database/shop/web"])
    }

    // MARK: Resources

    /// Of 8 GiB of memory 3 are requested, 37 %; of 8 cores 2, 25 %; of 220 pods 2: memory runs out first.
    @Test func capacityAndUsesAreOfTheScarcestResource() throws {
        let allocatable = "allocatable: {cpu: \"4\", memory: 4Gi, pods: \"110\"}"
        let (entities, notes) = try imported(
            node("a", allocatable) + node("b", allocatable)
                + pod(
                    "web-1",
                    """
                    spec:
                      nodeName: a
                      containers: [{name: x, resources: {requests: {cpu: 500m, memory: 512Mi}}},
                        {name: y, resources: {requests: {cpu: "0.5", memory: 536870912}}}]
                      initContainers: [{name: i, resources: {requests: {cpu: 100m, memory: 2Gi}}}]
                    """
                )
                + pod(
                    "web-2",
                    """
                    spec:
                      nodeName: b
                      containers: [{name: x, resources: {limits: {cpu: "1", memory: 768Mi}}}]
                      initContainers: [{name: s, restartPolicy: Always, resources: {requests: {memory: 256Mi}}}]
                    """
                ) + pod("web-3", "spec: {containers: [{name: x, resources: {requests: {memory: 9Gi}}}]}")
        )
        #expect(entities["node/a"]?.capacity == 4_096)
        // What starts up needs more than what runs.
        #expect(entities["pod/shop/web-1"]?.uses == 2_048)
        #expect(entities["pod/shop/web-2"]?.uses == 1_024)
        // A pod that waits for a node takes nothing.
        #expect(entities["pod/shop/web-3"]?.uses == nil)
        #expect(notes.contains("one-resource"))
    }

    /// Two cores of four are 50 %, one GiB of four is 25 %.
    @Test func processorTimeIsInThousandths() throws {
        let (entities, _) = try imported(
            node("a", "allocatable: {cpu: 3900m, memory: 4Gi}")
                + pod(
                    "web-1",
                    "spec: {nodeName: a, containers: [{name: x, resources: {requests: {cpu: 1950m, memory: 1Gi}}}]}"
                )
        )
        #expect(entities["node/a"]?.capacity == 3_900)
        #expect(entities["pod/shop/web-1"]?.uses == 1_950)
    }

    /// Amounts come from whoever may create pods.
    @Test(arguments: ["1e308", "9E", "inf", "nan", "-1", "0x10", "1e19", "''"])
    func noAmountEndsTheProcess(amount: String) throws {
        let (entities, _) = try imported(
            node("a", "allocatable: {cpu: 1n, memory: 1, pods: \"1\"}")
                + pod(
                    "web-1",
                    "spec: {nodeName: a, containers: [{name: x, resources: {requests: {cpu: \(amount), memory: \(amount)}}}]}"
                )
        )
        #expect(entities["pod/shop/web-1"]?.uses?.isFinite ?? true)
    }

    @Test func nothingIsGuessedWithoutRequests() throws {
        let (entities, notes) = try imported(
            node("a", "allocatable: {cpu: many}") + pod("web-1", "spec: {nodeName: a}")
        )
        #expect(entities["node/a"]?.capacity == nil)
        #expect(entities["pod/shop/web-1"]?.uses == nil)
        #expect(notes == ["not-in-input"])
    }

    @Test func theFileHasThemAsItsReadersKnowThem() throws {
        let text =
            node("a", "allocatable: {cpu: \"4\"}")
            + pod("web-1", "spec: {nodeName: a, containers: [{name: x, resources: {requests: {cpu: \"1\"}}}]}")
        let (topology, _) = ImportedTopology.read([("in", Array(text.utf8))], as: .kubernetes)
        let read = try resolved(try #require(topology).written())
        #expect(read.details(of: try #require(read.entity(named: "node/a"))).capacity == 4_000)
        #expect(read.details(of: try #require(read.entity(named: "pod/shop/web-1"))).uses == 1_000)
    }

    /// A file of something else is one mistake, not one for each of its items.
    @Test func aListOfSomethingElseIsOneFinding() {
        #expect(findings("[{\"a\": 1}, {\"a\": 2}, {\"a\": 3}]") == ["wrong-shape 1:2"])
    }
}
