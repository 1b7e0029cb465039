/// What some labels suggest that an alert is about: names to look up, the best first.
struct Clue {
    /// A name that an entity may have.
    struct Candidate {
        var kind: String
        var namespace: String?
        var name: String
        /// Whether the name was derived rather than given.
        var isInferred = false

        var fullName: String { [kind, namespace, name].compactMap(\.self).joined(separator: "/") }
    }

    /// The labels that were read, as the alert has them.
    var labels: [String]
    var candidates: [Candidate] = []
    /// Other names of the thing: addresses, full names.
    var aliases: [String] = []
    /// Names to look up in every kind, when nothing above is found; they must be unique.
    var anyKind: [Candidate] = []
    /// What the observer of a pair is called.
    var witness: String?
    /// Whether a fault of the thing named only degrades what is found: one pod of a deployment.
    var isOnePartOfMany = false
    /// Whether the labels may be those of who was scraped for the alert, which must not be taken for its subject.
    var mayNameScraper = false

    init(_ labels: [String]) { self.labels = labels }

    /// Adds a name under several kinds, in this order.
    mutating func add(_ kinds: [String], _ namespace: String?, _ name: String, isInferred: Bool = false) {
        for kind in kinds {
            candidates.append(Candidate(kind: kind, namespace: namespace, name: name, isInferred: isInferred))
        }
    }

    /// Adds a name to look up whatever the kind; the kind stands for it in messages.
    mutating func addAnyKind(_ namespace: String?, _ name: String, isInferred: Bool = false) {
        anyKind.append(Candidate(kind: "*", namespace: namespace, name: name, isInferred: isInferred))
    }

    /// Adds the names that a machine, address or URL may stand for.
    mutating func add(machine value: String, kinds: [String]) {
        let host = HostName.host(in: value)
        var names = [value]
        if host != value, !host.isEmpty { names.append(host) }
        aliases = names
        for name in names { add(kinds, nil, name) }
        if let service = HostName.kubernetesService(in: host) {
            add(KindNames.services, service.namespace, service.name)
        }
        for name in names { addAnyKind(nil, name) }
        if let label = HostName.firstLabel(of: host) {
            add(kinds, nil, label, isInferred: true)
            addAnyKind(nil, label, isInferred: true)
        }
    }
}

/// Kinds that mean the same under several names.
enum KindNames {
    static let machines = ["host", "node", "vm"]
    static let nodes = ["node", "host", "vm"]
    static let deployments = ["deployment", "deploy"]
    static let services = ["service", "svc"]
    static let claims = ["persistentvolumeclaim", "pvc", "volume"]
    static let volumes = ["volume", "persistentvolume", "persistentvolumeclaim", "pvc"]
    static let databases = ["database", "cluster", "statefulset"]
    static let releases = ["helmrelease", "release"]
    static let sources = ["gitrepository", "helmrepository", "source"]

    /// The kinds that can stand for one another.
    static func synonyms(of kind: String) -> [String] {
        for group in [deployments, services, ["persistentvolumeclaim", "pvc"], releases, ["namespace", "ns"]]
        where group.contains(kind) {
            return [kind] + group.filter { $0 != kind }
        }
        return [kind]
    }
}
