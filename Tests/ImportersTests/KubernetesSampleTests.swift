import Alerts
import Diagnostics
import Importers
import Testing
import Topology

/// What kubectl 1.32 printed.
///
/// The list has 3 nodes, 2 pods, 1 deployment, 1 replica set, 1 service, 1 claim, 1 release and 1 kustomization.
@Suite struct KubernetesSampleTests {
    private func sample(deployOrder: Bool = false) throws -> (ImportedTopology, [Diagnostic]) {
        let file = "kubectl-get-list.json"
        let (topology, diagnostics) = ImportedTopology.read(
            [(file, try Sample.read("AlertsTests/Samples/\(file)"))],
            as: .kubernetes,
            deployOrder: deployOrder
        )
        return (try #require(topology), diagnostics)
    }

    /// Of the 11 objects the replica set is only a link between a pod and its deployment, which leaves 10.
    ///
    /// Their fields name 2 zones, 2 regions, the claim's volume and storage class, the database that owns
    /// a pod, and the 2 sources of Flux: 9.
    @Test func mapsEveryObjectAndWhatItNames() throws {
        let (topology, _) = try sample()
        #expect(
            topology.declaration.entities.map(\.name) == [
                "database/flakecache/flakecache-postgres", "deployment/external-dns/external-dns",
                "gitrepository/flux-system/flux-system", "helmrelease/external-dns/external-dns",
                "helmrepository/external-dns/external-dns", "kustomization/flux-system/apps", "node/cc-fi-hel-core-01",
                "node/cc-fi-hel-k3s-02", "node/cc-se-sto-core-01", "persistentvolume/pvc-0f1e",
                "persistentvolumeclaim/external-dns/data", "pod/external-dns/external-dns-6d5f8b7c9d-x2x4z",
                "pod/flakecache/flakecache-postgres-1", "region/fi", "region/se", "service/external-dns/external-dns",
                "site/hel1", "site/sto1", "storage/longhorn",
            ]
        )
    }

    @Test func tellsWhatIsNotThere() throws {
        let (_, diagnostics) = try sample()
        #expect(
            diagnostics.map(\.code) == [
                "deploy-order", "not-in-input", "not-in-input", "not-in-input", "not-in-input",
            ]
        )
        #expect(diagnostics.allSatisfy { $0.severity == .note })
        // One of the release on powerdns, one of the kustomization on infra.
        #expect(diagnostics[0].summary.hasPrefix("2 × "))
    }

    @Test func writesTheSameFileEachTime() throws {
        let (topology, _) = try sample()
        let text = topology.written()
        #expect(text == (try sample()).0.written())
        let read = try resolved(text)
        #expect(read.entityCount == topology.entityCount)
    }

    @Test func takesTheOrderOfDeploysWhenAsked() throws {
        let release = "helmrelease/external-dns/external-dns"
        let (plain, _) = try sample()
        let (ordered, _) = try sample(deployOrder: true)
        func needs(_ topology: ImportedTopology) -> [String]? {
            topology.declaration.entities.first { $0.name == release }?.writtenNeeds
        }
        #expect(
            needs(plain) == ["helmrepository/external-dns/external-dns", "weak kustomization/flux-system/apps"]
        )
        #expect(
            needs(ordered) == [
                "helmrelease/dns/powerdns", "helmrepository/external-dns/external-dns",
                "weak kustomization/flux-system/apps",
            ]
        )
    }

    /// The alerts of the same platform.
    ///
    /// Of 25, those about the three nodes of the list, its pod, deployment, release, database and volume find their
    /// entity; the others are about hosts, workloads and jobs that the list does not have.
    @Test func alertsFindTheirEntities() throws {
        let (topology, _) = try sample()
        let mapper = AlertMapper(topology: try resolved(topology.written()), rules: [])
        let (batch, _) = AlertDecoder.decode(
            try Sample.read("AlertsTests/Samples/am-api-v2-alerts.json"),
            file: "alerts.json"
        )
        var entities: [String: [String]] = [:]
        for alert in try #require(batch).alerts {
            guard let entity = mapper.match(alert).entity else { continue }
            entities[alert.name, default: []].append(mapper.topology.name(of: entity))
        }
        #expect(
            entities.mapValues { $0.sorted() } == [
                "CiliumCanaryProbeFailing": Array(repeating: "node/cc-se-sto-core-01", count: 4),
                "KubernetesNodeNotReady": ["node/cc-se-sto-core-01"],
                "TargetDown": ["node/cc-se-sto-core-01"],
                "NixosHostDeployFailed": ["node/cc-fi-hel-core-01", "node/cc-fi-hel-k3s-02", "node/cc-se-sto-core-01"],
                "KubernetesPodCrashLooping": ["pod/external-dns/external-dns-6d5f8b7c9d-x2x4z"],
                "KubernetesDeploymentReplicasUnavailable": ["deployment/external-dns/external-dns"],
                "FluxHelmReleaseNotReady": ["helmrelease/external-dns/external-dns"],
                "CNPGBaseBackupVeryStale": ["database/flakecache/flakecache-postgres"],
                "LonghornVolumeStatusCritical": ["persistentvolume/pvc-0f1e"],
            ]
        )
    }

    /// What is shared fails less often than what shares it, or one failure would be put down to it.
    @Test func sharedThingsFailLessOftenThanWhatSharesThem() throws {
        let read = try resolved(try sample().0.written())
        func rate(_ name: String) throws -> Double {
            read.kind(of: try #require(read.entity(named: name))).faultsPerYear
        }
        #expect(
            try rate("helmrepository/external-dns/external-dns") < rate("helmrelease/external-dns/external-dns")
        )
        #expect(try rate("storage/longhorn") < rate("persistentvolume/pvc-0f1e"))
        #expect(try rate("site/sto1") < rate("node/cc-se-sto-core-01"))
    }

    @Test func readsYAMLAsWell() throws {
        let file = "kubectl-get-nodes.yaml"
        let (topology, diagnostics) = ImportedTopology.read(
            [(file, try Sample.read("ImportersTests/Samples/\(file)"))],
            as: .kubernetes
        )
        #expect(diagnostics.isEmpty)
        #expect(
            try #require(topology).written().split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.contains("#") }
                == [
                    "  node/cc-fi-hel-core-01: {on: site/hel1, aliases: [100.64.0.12]}",
                    "  node/cc-fi-hel-k3s-02: {on: site/hel1, aliases: [100.64.0.13]}",
                    "  node/cc-se-sto-core-01: {on: site/sto1, aliases: [100.64.0.11]}", "  region/fi: {}",
                    "  region/se: {}", "  site/hel1: {on: region/fi}", "  site/sto1: {on: region/se}",
                ]
        )
    }
}
