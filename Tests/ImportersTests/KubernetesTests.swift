import Diagnostics
import Importers
import Testing
import Topology

/// Small clusters, each about one rule of the mapping.
@Suite struct KubernetesTests {
    /// A pod of a replica set as it stands in a list.
    private func pod(
        _ name: String,
        of owner: String = "ReplicaSet/web-6d5f8b7c9d",
        on node: String,
        more: String = ""
    )
        -> String
    {
        let parts = owner.split(separator: "/")
        return """
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: \(name)
              namespace: shop
              labels: {app: web, pod-template-hash: 6d5f8b7c9d, controller-revision-hash: web-1}
              ownerReferences: [{apiVersion: apps/v1, kind: \(parts[0]), name: \(parts[1]), controller: true}]
            spec: {nodeName: \(node)\(more)}

            """
    }

    private func budget(_ rule: String) -> String {
        """
        ---
        {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop},
         spec: {\(rule), selector: {matchLabels: {app: web}}}}

        """
    }

    private var threePods: String {
        pod("web-1", on: "a") + pod("web-2", on: "b") + pod("web-3", on: "c")
    }

    @Test func replicasAreRedundantAndShareTheirRevision() throws {
        let (entities, notes) = try imported(threePods)
        #expect(entities["deployment/shop/web"]?.writtenNeeds == ["any pod/shop/web-1 pod/shop/web-2 pod/shop/web-3"])
        #expect(entities["pod/shop/web-2"]?.place?.name == "node/b")
        #expect(entities["pod/shop/web-2"]?.writtenNeeds == ["replicaset/shop/web-6d5f8b7c9d"])
        // The replica set is not in the input: its deployment is known by its name. Neither are deployment and nodes.
        #expect(notes == ["inferred-owner", "not-in-input", "not-in-input"])
    }

    @Test func aSingleReplicaIsNeededAndHasNoRevisionOfItsOwn() throws {
        let (entities, _) = try imported(pod("web-1", on: "a"))
        #expect(entities["deployment/shop/web"]?.writtenNeeds == ["pod/shop/web-1"])
        #expect(entities["pod/shop/web-1"]?.writtenNeeds == [])
    }

    /// The label of a stateful set's pod is the revision's name, that of a daemon set's only its hash.
    @Test func aSetsPodsShareItsRevision() throws {
        let stateful = pod("db-0", of: "StatefulSet/web", on: "a") + pod("db-1", of: "StatefulSet/web", on: "b")
        let daemons = pod("ds-x", of: "DaemonSet/agent", on: "a") + pod("ds-y", of: "DaemonSet/agent", on: "b")
        let (entities, _) = try imported(stateful + daemons)
        #expect(entities["statefulset/shop/web"]?.writtenNeeds == ["any pod/shop/db-0 pod/shop/db-1"])
        #expect(entities["pod/shop/db-0"]?.writtenNeeds == ["controllerrevision/shop/web-1"])
        #expect(entities["pod/shop/ds-x"]?.writtenNeeds == ["controllerrevision/shop/agent-web-1"])
    }

    /// A replica set without a deployment is what people mean, and not something that its pods share besides.
    @Test func aReplicaSetOfItsOwnIsAWorkload() throws {
        let pods = pod("q-1", of: "ReplicaSet/queue", on: "a") + pod("q-2", of: "ReplicaSet/queue", on: "b")
        let (entities, _) = try imported(pods)
        #expect(entities["replicaset/shop/queue"]?.writtenNeeds == ["any pod/shop/q-1 pod/shop/q-2"])
        #expect(entities["pod/shop/q-1"]?.writtenNeeds == [])
    }

    @Test(arguments: [
        // At least so many of three; any one is what every group needs.
        ("minAvailable: 2", "2 of"), ("minAvailable: 1", "any"), ("minAvailable: 0", "any"),
        ("maxUnavailable: 1", "2 of"), ("maxUnavailable: 3", "any"), ("maxUnavailable: 9", "any"),
        // Percentages round up: 1.02 of three are two, 34 % may be gone, which is two.
        ("minAvailable: 34%", "2 of"), ("minAvailable: 33%", "any"), ("minAvailable: 100%", "3 of"),
        ("maxUnavailable: 34%", "any"), ("maxUnavailable: 10%", "2 of"),
        // More than there are pods: all of them.
        ("minAvailable: 7", "3 of"),
        // Nonsense is no budget.
        ("minAvailable: -1", "any"), ("minAvailable: many", "any"), ("minAvailable: 400%", "any"),
    ])
    func aBudgetSaysHowManyAreEnough(rule: String, expected: String) throws {
        let (entities, _) = try imported(threePods + budget(rule))
        #expect(
            entities["deployment/shop/web"]?.writtenNeeds == [
                "\(expected) pod/shop/web-1 pod/shop/web-2 pod/shop/web-3"
            ]
        )
        #expect(entities["poddisruptionbudget/shop/web"]?.writtenNeeds == ["deployment/shop/web"])
    }

    /// Half of the six that are wanted are three, though only three are there.
    @Test func aPercentageIsOfTheReplicasWanted() throws {
        let deployment = """
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 6}}

            """
        let (entities, _) = try imported(threePods + deployment + budget("minAvailable: 50%"))
        #expect(
            entities["deployment/shop/web"]?.writtenNeeds == ["3 of pod/shop/web-1 pod/shop/web-2 pod/shop/web-3"]
        )
    }

    @Test func ownersAreFollowedToTheEnd() throws {
        let text = """
            {apiVersion: v1, kind: List, items: [
              {apiVersion: batch/v1, kind: Job, metadata: {name: audit-29712340, namespace: ops,
                ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: audit, controller: true}]}},
              {apiVersion: v1, kind: Pod, metadata: {name: audit-29712340-x, namespace: ops,
                ownerReferences: [{apiVersion: batch/v1, kind: Job, name: audit-29712340, controller: true}]},
                spec: {nodeName: a}},
              {apiVersion: v1, kind: Pod, metadata: {name: old-29712341-x, namespace: ops,
                ownerReferences: [{apiVersion: batch/v1, kind: Job, name: old-29712341, controller: true}]},
                spec: {nodeName: a}},
              {apiVersion: v1, kind: Pod, metadata: {name: apiserver-a, namespace: kube-system,
                ownerReferences: [{apiVersion: v1, kind: Node, name: a, controller: true}]}, spec: {nodeName: a}},
              {apiVersion: v1, kind: Pod, metadata: {name: kafka-0, namespace: bus,
                ownerReferences: [{apiVersion: core.strimzi.io/v1, kind: StrimziPodSet, name: kafka, controller: true}]},
                spec: {nodeName: a}}]}
            """
        let (entities, _) = try imported(text)
        // A cron job's pods come and go, so it needs none; a static pod belongs to its node alone.
        #expect(
            entities.keys.sorted() == [
                "cronjob/ops/audit", "cronjob/ops/old", "node/a", "pod/bus/kafka-0", "pod/kube-system/apiserver-a",
                "strimzipodset/bus/kafka",
            ]
        )
        #expect(entities["cronjob/ops/audit"]?.needs.isEmpty == true)
        #expect(entities["strimzipodset/bus/kafka"]?.writtenNeeds == ["pod/bus/kafka-0"])
    }

    /// A kind of a custom resource is declared, or a reader would take `strimzipodset` for a slip.
    @Test func kindsThatAreNotBuiltInAreDeclared() throws {
        let text = """
            {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: n,
              ownerReferences: [{apiVersion: x/v1, kind: Deploymint, name: d, controller: true}]}, spec: {nodeName: a}}
            """
        let (topology, _) = ImportedTopology.read([("in", Array(text.utf8))], as: .kubernetes)
        let written = try #require(topology).written()
        #expect(written.contains("\nkinds:\n"))
        #expect(try resolved(written).entity(named: "deploymint/n/d") != nil)
    }

    @Test func servicesNeedTheWorkloadsTheySelect() throws {
        func service(_ name: String, _ spec: String) -> String {
            "---\n{apiVersion: v1, kind: Service, metadata: {name: \(name), namespace: shop}, spec: {\(spec)}}\n"
        }
        let (entities, notes) = try imported(
            threePods + service("web", "selector: {app: web}, clusterIP: 10.43.0.7")
                + service("none", "selector: {app: other}") + service("manual", "clusterIP: None")
                + service("far", "externalName: db.example.com")
                + service("one", "selector: {statefulset.kubernetes.io/pod-name: db-0}")
        )
        #expect(entities["service/shop/web"]?.writtenNeeds == ["deployment/shop/web"])
        #expect(entities["service/shop/web"]?.aliases == ["10.43.0.7"])
        #expect(entities["service/shop/far"]?.writtenNeeds == ["external/db.example.com"])
        #expect(entities["service/shop/one"]?.writtenNeeds == ["pod/shop/db-0"])
        #expect(entities["service/shop/none"]?.needs.isEmpty == true)
        #expect(notes.contains("selects-nothing"))
        #expect(notes.contains("no-selector"))
    }

    @Test func anIngressIsDegradedWithoutOneOfSeveralBackends() throws {
        func ingress(_ name: String, _ services: String...) -> String {
            let paths = services.map { "{backend: {service: {name: \($0)}}}" }.joined(separator: ", ")
            return """
                ---
                {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: \(name), namespace: shop},
                 spec: {rules: [{host: \(name).example.com, http: {paths: [\(paths)]}}]}}

                """
        }
        let (entities, _) = try imported(ingress("one", "web") + ingress("two", "web", "api"))
        #expect(entities["ingress/shop/one"]?.writtenNeeds == ["service/shop/web"])
        #expect(entities["ingress/shop/one"]?.aliases == ["one.example.com"])
        #expect(entities["ingress/shop/two"]?.writtenNeeds == ["weak service/shop/api", "weak service/shop/web"])
    }

    @Test func volumesHangOnTheirStorageOrTheirNode() throws {
        let text = """
            kind: List
            apiVersion: v1
            items:
              - {apiVersion: v1, kind: Node, metadata: {name: a, labels: {kubernetes.io/hostname: a}}}
              - {apiVersion: v1, kind: Node, metadata: {name: b, labels: {kubernetes.io/hostname: b}}}
              - {apiVersion: v1, kind: PersistentVolume, metadata: {name: far}, spec: {storageClassName: longhorn}}
              - apiVersion: v1
                kind: PersistentVolume
                metadata: {name: near}
                spec:
                  storageClassName: local-path
                  local: {path: /x}
                  nodeAffinity: {required: {nodeSelectorTerms: [
                    {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [b]}]}]}}
              - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: n}, spec: {volumeName: near}}
              - {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: d, namespace: n}, spec: {}}
            """
        let (entities, notes) = try imported(text)
        #expect(entities["persistentvolume/far"]?.writtenNeeds == ["storage/longhorn"])
        #expect(entities["persistentvolume/near"]?.place?.name == "node/b")
        #expect(entities["persistentvolume/near"]?.needs.isEmpty == true)
        #expect(entities["persistentvolumeclaim/n/c"]?.writtenNeeds == ["persistentvolume/near"])
        #expect(notes == ["unbound-claim"])
    }

    @Suite struct Places {
        private let nodes = """
            {apiVersion: v1, kind: Node, metadata: {name: a, labels: {disk: ssd}}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: b, labels: {disk: ssd}}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: c, labels: {disk: hdd}}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: m},
             spec: {taints: [{key: control, effect: NoSchedule}, {key: node.kubernetes.io/not-ready, effect: NoExecute}]}}

            """

        @Test(arguments: [
            ("ReplicaSet", "", "node[schedulable]"),
            ("ReplicaSet", ", nodeSelector: {disk: ssd}", "node/a node/b"),
            ("ReplicaSet", ", tolerations: [{operator: Exists}]", "node"),
            ("ReplicaSet", ", tolerations: [{key: control, operator: Exists, effect: NoSchedule}]", "node"),
            ("ReplicaSet", ", tolerations: [{key: control, value: x}]", "node[schedulable]"),
            ("ReplicaSet", ", nodeSelector: {disk: none}", ""),
            (
                "ReplicaSet",
                """
                , affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                  {matchExpressions: [{key: disk, operator: NotIn, values: [ssd]}]}, {matchFields: [
                    {key: metadata.name, operator: In, values: [a]}]}]}}}
                """,
                "node/a node/c"
            ),
            // These stay with their node, or wait for it.
            ("StatefulSet", "", ""), ("DaemonSet", "", ""),
        ])
        func aReplicaCanRunWhereTheSchedulerMayPutIt(owner: String, more: String, expected: String) throws {
            let pod = KubernetesTests().pod("web-1", of: "\(owner)/web-6d5f8b7c9d", on: "a", more: more)
            let (entities, _) = try imported(nodes + pod)
            #expect(
                entities["pod/shop/web-1"]?.canRunOn.map(\.name).joined(separator: " ") == expected
            )
        }
    }

    @Test func zonesAreSitesWithinRegions() throws {
        func node(_ name: String, _ zone: String, _ region: String) -> String {
            """
            ---
            {apiVersion: v1, kind: Node, metadata: {name: \(name),
             labels: {topology.kubernetes.io/zone: "\(zone)", topology.kubernetes.io/region: \(region)}}}

            """
        }
        // "1" is a zone of two regions, so it does not name a site by itself.
        let (entities, _) = try imported(node("a", "1", "se") + node("b", "1", "fi") + node("c", "hel2", "fi"))
        #expect(entities["node/a"]?.place?.name == "site/se/1")
        #expect(entities["node/b"]?.place?.name == "site/fi/1")
        #expect(entities["node/c"]?.place?.name == "site/hel2")
        #expect(entities["site/fi/1"]?.place?.name == "region/fi")

        // A node that does not say its region is in the same zone as those that do.
        let bare =
            "---\n{apiVersion: v1, kind: Node, metadata: {name: d, labels: {topology.kubernetes.io/zone: hel2}}}\n"
        let (mixed, _) = try imported(node("c", "hel2", "fi") + bare)
        #expect(mixed["node/c"]?.place?.name == "site/hel2")
        #expect(mixed["node/d"]?.place?.name == "site/hel2")
    }

    /// k3s gives its load balancers the addresses of the nodes: an alert about one is about the node.
    @Test func anAddressOfANodeIsNoServices() throws {
        let text = """
            {apiVersion: v1, kind: Node, metadata: {name: a}, status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: s, namespace: n}, spec: {externalIPs: [192.0.2.1, 192.0.2.9]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: t, namespace: n}, spec: {externalIPs: [192.0.2.9, 192.0.2.8]}}
            """
        let (entities, _) = try imported(text)
        #expect(entities["node/a"]?.aliases == ["192.0.2.1"])
        #expect(entities["service/n/s"]?.aliases == [])
        #expect(entities["service/n/t"]?.aliases == ["192.0.2.8"])
    }

    @Test func whatHasEndedOrIsUnknownIsCounted() throws {
        let text = """
            {"kind":"PodList","apiVersion":"v1","items":[
            {"metadata":{"name":"done","namespace":"n"},"status":{"phase":"Succeeded"}},
            {"metadata":{"name":"waiting","namespace":"n"},"spec":{},"status":{"phase":"Pending"}},
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"n"}},
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"n"}}]}
            """
        let (entities, notes) = try imported(text)
        #expect(entities.keys.sorted() == ["pod/n/waiting"])
        #expect(notes == ["finished-pod", "not-imported", "repeated-object", "unscheduled-pod"])
    }

    @Test(arguments: [
        ("", "empty-document 1:1"), ("---\n---\n", "empty-document 1:1"), ("[1]", "wrong-shape 1:2"),
        ("a: [", "invalid-yaml 2:1"), ("{\"kind\":\"Pod\"", "invalid-json 1:14"),
        ("{\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\"}]}", "wrong-shape 1:25"),
        ("metadata: {name: x}", "wrong-shape 1:1"), ("hello", "wrong-shape 1:1"),
        ("{\"kind\":\"Status\",\"message\":\"Unauthorized\"}", "server-error 1:1"),
    ])
    func badInputIsLocated(text: String, expected: String) { #expect(findings(text) == [expected]) }

    /// Whatever is cut from a good input is refused or read, and never ends the process.
    @Test func damagedInputNeverTraps() throws {
        let bytes = try Sample.read("AlertsTests/Samples/kubectl-get-list.json")
        for length in stride(from: 0, to: bytes.count, by: 997) {
            let (topology, diagnostics) = ImportedTopology.read([("in", Array(bytes.prefix(length)))], as: .kubernetes)
            #expect(topology == nil)
            #expect(diagnostics.contains { $0.severity == .error })
        }
    }

    /// Names come from whoever may create objects: they must not break out of the file.
    @Test(arguments: ["a b", "x: {}\n  site/evil", "a\u{1B}[31m", "\u{202E}x", ""])
    func aNameThatIsNoneIsLeftOut(name: String) throws {
        let json = "{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"},\"spec\":{\"externalName\":"
        let quoted = String(decoding: Array("\"".utf8), as: UTF8.self)
        let escaped = name.unicodeScalars.map {
            "\\u" + String(repeating: "0", count: 4 - String($0.value, radix: 16).count) + String($0.value, radix: 16)
        }
        let (topology, _) = ImportedTopology.read(
            [("in", Array((json + quoted + escaped.joined() + quoted + "}}").utf8))],
            as: .kubernetes
        )
        #expect(try resolved(try #require(topology).written()).entity(named: "service/n/s") != nil)
    }
}
