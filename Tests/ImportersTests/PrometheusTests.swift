import Diagnostics
import Importers
import Testing
import Topology

/// A platform as Prometheus knows it.
@Suite struct PrometheusTests {
    /// A series, with the labels of the exporter that a scrape adds.
    private func series(_ name: String, _ labels: [String: String], value: String = "1") -> String {
        let scraped = ["__name__": name, "job": "kube-state-metrics", "namespace": "monitoring", "pod": "ksm-0"]
        let all = scraped.merging(labels) { $1 }.sorted { $0.key < $1.key }
        return "{\"metric\":{\(all.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ","))},"
            + "\"value\":[1751400000,\"\(value)\"]}"
    }

    private func answer(_ series: [String]) -> String {
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[\(series.joined(separator: ","))]}}"
    }

    /// A pod as kube-state-metrics tells it, without `honor_labels`.
    private func pod(_ name: String, on node: String, address: String) -> [String] {
        let own = ["exported_namespace": "shop", "exported_pod": name]
        return [
            series("kube_pod_info", own.merging(["node": node, "pod_ip": address, "host_ip": "192.0.2.1"]) { $1 }),
            series("kube_pod_owner", own.merging(["owner_kind": "ReplicaSet", "owner_name": "web-6d"]) { $1 }),
            series("kube_pod_status_phase", own.merging(["phase": "Running"]) { $1 }),
            series("kube_pod_status_phase", own.merging(["phase": "Failed"]) { $1 }, value: "0"),
        ]
    }

    private var cluster: [String] {
        pod("web-1", on: "a", address: "10.42.0.1") + pod("web-2", on: "b", address: "10.42.0.2") + [
            series("kube_node_info", ["node": "a", "internal_ip": "192.0.2.1"]),
            series("kube_node_labels", ["node": "a", "label_topology_kubernetes_io_zone": "z1"]),
            series("kube_node_info", ["node": "b", "internal_ip": "192.0.2.2"]),
            series(
                "kube_replicaset_owner",
                [
                    "exported_namespace": "shop", "replicaset": "web-6d", "owner_kind": "Deployment",
                    "owner_name": "web",
                ]
            ),
            series(
                "kube_service_info",
                ["exported_namespace": "shop", "exported_service": "web", "cluster_ip": "10.43.0.1"]
            ),
            series(
                "kube_endpoint_address",
                ["exported_namespace": "shop", "exported_endpoint": "web", "endpoint": "http", "ip": "10.42.0.1"]
            ),
            series(
                "kube_endpoint_address",
                ["exported_namespace": "shop", "exported_endpoint": "web", "endpoint": "http", "ip": "10.42.0.2"]
            ),
        ]
    }

    /// One GiB of four is requested, by two containers; the label `node` of a request is where the pod runs.
    @Test func capacityComesFromAllocatableAndRequests() throws {
        func request(_ container: String, _ bytes: String) -> String {
            series(
                "kube_pod_container_resource_requests",
                [
                    "exported_namespace": "shop", "exported_pod": "web-1", "exported_container": container,
                    "resource": "memory", "unit": "byte", "node": "a", "container": "kube-state-metrics",
                ],
                value: bytes
            )
        }
        let resources = [
            series(
                "kube_node_status_allocatable",
                ["node": "a", "resource": "memory", "unit": "byte"],
                value: "4.294967296e+09"
            ), request("main", "805306368"), request("proxy", "268435456"),
        ]
        let (entities, _) = try imported(answer(cluster + resources), as: .prometheus)
        #expect(entities["node/a"]?.capacity == 4_096)
        #expect(entities["pod/shop/web-1"]?.uses == 1_024)
    }

    @Test func theSeriesOfACluster() throws {
        let (entities, notes) = try imported(answer(cluster), as: .prometheus)
        #expect(
            entities.keys.sorted() == [
                "deployment/shop/web", "node/a", "node/b", "pod/shop/web-1", "pod/shop/web-2",
                "replicaset/shop/web-6d", "service/shop/web", "site/z1",
            ]
        )
        #expect(entities["deployment/shop/web"]?.writtenNeeds == ["any pod/shop/web-1 pod/shop/web-2"])
        #expect(entities["pod/shop/web-1"]?.place?.name == "node/a")
        #expect(entities["service/shop/web"]?.writtenNeeds == ["deployment/shop/web"])
        #expect(entities["node/a"]?.aliases == ["192.0.2.1"])
        #expect(entities["node/a"]?.place?.name == "site/z1")
        // The metrics do not say which deployments there are, only who owns the pods.
        #expect(notes == ["not-in-input"])
    }

    /// With `honor_labels` nothing is renamed.
    @Test func plainLabelsAreTheSubjectsWhereNothingIsRenamed() throws {
        let text = answer([
            series(
                "kube_persistentvolumeclaim_info",
                [
                    "namespace": "shop", "persistentvolumeclaim": "data", "volumename": "pvc-1",
                    "storageclass": "longhorn",
                ]
            )
        ])
        let (entities, _) = try imported(text, as: .prometheus)
        #expect(entities["persistentvolumeclaim/shop/data"]?.writtenNeeds == ["persistentvolume/pvc-1"])
        #expect(entities["persistentvolume/pvc-1"]?.writtenNeeds == ["storage/longhorn"])
    }

    @Test func otherSeriesAreCounted() throws {
        let text = answer([series("up", [:]), series("up", ["job": "x"]), series("kube_node_info", [:])])
        let (_, notes) = try imported(text, as: .prometheus)
        #expect(notes == ["no-subject", "not-imported", "nothing-imported"])
    }

    /// What Prometheus 2.42 answered.
    ///
    /// Of its four targets one is probed, one is a pod, one has the label host, and one says nothing but a loopback
    /// address.
    @Test func theTargetsOfARealServer() throws {
        let text = String(decoding: try Sample.read("AlertsTests/Samples/prom-api-v1-targets.json"), as: UTF8.self)
        let (entities, notes) = try imported(text, as: .prometheus)
        #expect(
            entities.keys.sorted() == [
                "endpoint/127.0.0.1:9981", "host/cc-se-sto-core-01", "instance/127.0.0.1:9099",
                "instance/127.0.0.1:9980", "pod/monitoring/kube-state-metrics-0",
            ]
        )
        #expect(entities["endpoint/127.0.0.1:9981"]?.aliases == ["http://127.0.0.1:9981/"])
        #expect(entities["instance/127.0.0.1:9980"]?.place?.name == "host/cc-se-sto-core-01")
        #expect(entities["instance/127.0.0.1:9099"]?.place == nil)
        #expect(notes == ["unscheduled-pod"])
    }

    /// A target at a node's address runs on that node, and is no host beside it.
    @Test func targetsRunOnTheNodesOfTheCluster() throws {
        let targets = """
            {"data":{"activeTargets":[
            {"labels":{"instance":"192.0.2.1:9100"}},{"labels":{"instance":"b:9100"}},{"labels":{"instance":"other:9100"}},
            {"labels":{"instance":"10.42.0.1:80"},"discoveredLabels":{
              "__meta_kubernetes_namespace":"shop","__meta_kubernetes_pod_name":"web-1"}}]}}
            """
        let (topology, _) = ImportedTopology.read(
            [("series", Array(answer(cluster).utf8)), ("targets", Array(targets.utf8))],
            as: .prometheus
        )
        var entities: [String: TopologyDeclaration.Entity] = [:]
        for entity in try #require(topology).declaration.entities { entities[entity.name] = entity }
        #expect(entities["instance/192.0.2.1:9100"]?.place?.name == "node/a")
        #expect(entities["instance/b:9100"]?.place?.name == "node/b")
        #expect(entities["instance/other:9100"]?.place?.name == "host/other")
        #expect(entities["pod/shop/web-1"]?.aliases == ["10.42.0.1:80"])
        #expect(entities["pod/shop/web-1"]?.place?.name == "node/a")
    }

    @Test(arguments: [
        ("{\"status\":\"error\",\"error\":\"timeout\"}", "server-error 1:1"), ("[]", "wrong-shape 1:1"),
        ("{\"data\":{\"result\":[{\"value\":[0,\"1\"]}]}}", "wrong-shape 1:20"),
        ("{\"data\":{\"activeTargets\":[{}]}}", "wrong-shape 1:27"),
    ])
    func badInputIsLocated(text: String, expected: String) {
        #expect(findings(text, as: .prometheus) == [expected])
    }
}
