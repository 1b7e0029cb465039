extension Tally {
    /// Counts the objects of kinds that were passed over, and the entities that are named without being in the input.
    mutating func countUnmapped(
        _ objects: KubernetesObjects,
        _ table: EntityTable,
        known: Set<KubernetesObject.Sort>
    ) {
        var given: Set<String> = []
        for sort in objects.sorts {
            for object in objects[sort] {
                given.insert(object.key.entity)
                guard !known.contains(sort), !table.contains(object.key.entity) else { continue }
                let group = sort.group.isEmpty ? "" : " (\(sort.group.prefix(100)))"
                count(
                    "not-imported",
                    "\(sort.kind.prefix(100))\(group), a kind that is not imported",
                    example: object.title,
                    at: object.location
                )
            }
        }
        // These come from fields of objects, not from objects.
        let derived = ["site", "region", "storage", "external", "replicaset", "controllerrevision"]
        for name in table.names.sorted() where !given.contains(name) {
            let kind = name.prefix { $0 != "/" }
            guard !derived.contains(String(kind)), let location = table.location(of: name) else { continue }
            count(
                "not-in-input",
                "a \(kind.prefix(100)) that is named but not in the input",
                example: name,
                at: location
            )
        }
    }
}
