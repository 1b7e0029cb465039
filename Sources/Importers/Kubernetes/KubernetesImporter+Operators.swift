internal import Diagnostics

extension KubernetesImporter {
    // MARK: Longhorn

    /// Lets a Longhorn volume need any of the nodes that hold a replica of it.
    mutating func addLonghorn() {
        var nodes: [String: Set<String>] = [:]
        for replica in objects[.longhornReplica] {
            guard let volume = replica.spec?["volumeName"]?.text, let node = replica.spec?["nodeID"]?.text,
                !node.isEmpty
            else { continue }
            guard replica.spec?["failedAt"]?.text ?? "" == "" else {
                tally.count("failed-replica", "a replica that has failed", example: replica.title, at: replica.location)
                continue
            }
            let key = KubernetesObject.Key(sort: .node, namespace: "", name: node)
            nodes[volume, default: []].insert(key.entity)
        }
        for volume in objects[.longhornVolume] {
            let bound = volume.status?["kubernetesStatus", "pvName"]?.text ?? ""
            let key = KubernetesObject.Key(sort: .volume, namespace: "", name: bound.isEmpty ? volume.name : bound)
            table.declare(key.entity, at: volume.location)
            if let nodes = nodes[volume.name] {
                table.need(key.entity, minimum: nil, of: nodes, at: volume.location)
            } else {
                tally.count(
                    "no-replica",
                    "a Longhorn volume whose replicas are not in the input",
                    example: volume.title,
                    at: volume.location
                )
            }
        }
    }

    // MARK: CloudNativePG

    /// Lets connection poolers and backups need their database; a database's pods are its instances already.
    mutating func addPostgres() {
        func database(of object: KubernetesObject) -> KubernetesObject.Key? {
            object.spec?["cluster", "name"]?.text.map { name in
                KubernetesObject.Key(sort: .postgresCluster, namespace: object.namespace, name: name)
            }
        }
        for pooler in objects[.postgresPooler] {
            guard let database = database(of: pooler) else { continue }
            let deployment = KubernetesObject.Key(sort: .deployment, namespace: pooler.namespace, name: pooler.name)
            table.need(deployment.entity, database.entity, at: pooler.location)
        }
        for backup in objects[.postgresBackup] {
            guard let database = database(of: backup) else { continue }
            // Alerts name a backup by its database.
            let entity = "backup/\(database.namespace)/\(database.name)"
            table.need(entity, database.entity, at: backup.location)
        }
    }
}
