internal import Diagnostics

/// Maps the objects of Flux: what is deployed from where, and what owns what.
///
/// A release or kustomization is *down* when it cannot be applied. It then needs its source for certain, while what it
/// deployed goes on as it was: ownership is a weak need. `dependsOn` is the order in which things are applied, not what
/// they need to run, and is left out unless it is asked for.
struct FluxMapping {
    let objects: KubernetesObjects
    var table: EntityTable
    var tally: Tally

    private static let helmLabels = ("helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/namespace")
    private static let kustomizeLabels = ("kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace")

    /// Maps Flux's objects alone, with the names of what they own: for a topology that has the rest from elsewhere.
    static func run(_ documents: [ImportValue], deployOrder: Bool) -> Importer.Result {
        let (objects, diagnostics) = KubernetesObjects.read(documents)
        var mapping = FluxMapping(objects: objects, table: EntityTable(), tally: objects.repeated)
        for kustomization in objects[.kustomization] { mapping.declareInventory(of: kustomization) }
        mapping.addAll(deployOrder: deployOrder)
        let sorts = (KubernetesObject.Sort.workloads + [.postgresCluster, .service, .helmRelease])
        let owned = sorts.flatMap { objects[$0] }.filter { $0.controller == nil }
        mapping.own(owned)
        let known = [.helmRelease, .kustomization] + KubernetesObject.Sort.sources
        mapping.tally.countUnmapped(objects, mapping.table, known: Set(known))
        return (mapping.table, mapping.tally, diagnostics)
    }

    /// How often a source cannot be fetched: less often than something that is made from it cannot be applied, so that one
    /// failed release is not put down to where its chart comes from, and several are.
    private static let failedFetchesPerYear = 4.0

    /// Adds sources, releases and kustomizations with their needs.
    mutating func addAll(deployOrder: Bool) {
        for kind in ["gitrepository", "helmrepository", "ocirepository"] {
            table.setRate(of: kind, Self.failedFetchesPerYear)
        }
        for sort in KubernetesObject.Sort.sources {
            for source in objects[sort] { table.declare(source.key.entity, at: source.location) }
        }
        for sort in [KubernetesObject.Sort.helmRelease, .kustomization] {
            for object in objects[sort] {
                table.declare(object.key.entity, at: object.location)
                addSource(of: object)
                addOrder(of: object, isWanted: deployOrder)
            }
        }
        for kustomization in objects[.kustomization] { addInventory(of: kustomization) }
    }

    private mutating func addSource(of object: KubernetesObject) {
        let reference =
            object.spec?["sourceRef"] ?? object.spec?["chartRef"] ?? object.spec?["chart", "spec", "sourceRef"]
        guard let reference, let kind = reference["kind"]?.text, let name = reference["name"]?.text else { return }
        let key = KubernetesObject.Key(
            sort: .init("source.toolkit.fluxcd.io", kind),
            namespace: reference["namespace"]?.text ?? object.namespace,
            name: name
        )
        table.need(object.key.entity, key.entity, at: object.location)
    }

    private mutating func addOrder(of object: KubernetesObject, isWanted: Bool) {
        for dependency in object.spec?["dependsOn"]?.elements ?? [] {
            guard let name = dependency["name"]?.text else { continue }
            guard isWanted else {
                tally.count(
                    "deploy-order",
                    "a dependsOn, which is left out: it orders deploys (--deploy-order imports it)",
                    example: "\(object.title) after \(name)",
                    at: object.location
                )
                continue
            }
            let key = KubernetesObject.Key(
                sort: object.sort,
                namespace: dependency["namespace"]?.text ?? object.namespace,
                name: name
            )
            table.need(object.key.entity, key.entity, at: object.location)
        }
    }

    /// What a kustomization has applied, from its status: `<namespace>_<name>_<group>_<kind>`.
    private func inventory(of kustomization: KubernetesObject) -> [KubernetesObject.Key] {
        kustomization.status?["inventory", "entries"]?.elements.compactMap { entry in
            let parts = entry["id"]?.text?.split(separator: "_", omittingEmptySubsequences: false) ?? []
            guard parts.count >= 4 else { return nil }
            return KubernetesObject.Key(
                sort: .init(String(parts[parts.count - 2]), String(parts[parts.count - 1])),
                namespace: String(parts[0]),
                name: parts[1..<(parts.count - 2)].joined(separator: "_")
            )
        } ?? []
    }

    /// Only what is an entity already is owned; the others are configuration, accounts and the like.
    private mutating func addInventory(of kustomization: KubernetesObject) {
        for key in inventory(of: kustomization) where table.contains(key.entity) {
            table.need(key.entity, kustomization.key.entity, isWeak: true, at: kustomization.location)
        }
    }

    private mutating func declareInventory(of kustomization: KubernetesObject) {
        let sorts = KubernetesObject.Sort.workloads + [.postgresCluster, .service, .helmRelease]
        for key in inventory(of: kustomization) where sorts.contains(key.sort) {
            table.declare(key.entity, at: kustomization.location)
        }
    }

    /// Ties objects to the release or kustomization that their labels name.
    mutating func own(_ owned: [KubernetesObject]) {
        for object in owned {
            for (sort, labels) in [
                (KubernetesObject.Sort.helmRelease, Self.helmLabels), (.kustomization, Self.kustomizeLabels),
            ] {
                guard let name = object.labels[labels.0], let namespace = object.labels[labels.1] else { continue }
                let owner = KubernetesObject.Key(sort: sort, namespace: namespace, name: name)
                table.need(object.key.entity, owner.entity, isWeak: true, at: object.location)
                break
            }
        }
    }
}
