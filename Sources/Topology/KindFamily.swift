/// What sort of thing a kind is, judged by its name: the one table of how often things fail and whether they say so.
///
/// People name kinds freely (`aws-dynamodb-table`, `stresschaos`, `postgres`), and orders of magnitude decide a
/// diagnosis. So a kind that no table lists gets the rate of its family. The families are tried in the order of their
/// declaration; the first with a pattern in the name is taken.
package enum KindFamily: CaseIterable, Sendable {
    /// A fault that somebody planned: a chaos experiment, or its schedule.
    case injection
    /// A rule that people change and that takes effect at once.
    case policy
    /// What holds the names, rights and secrets of others.
    case tenancy
    case claim
    /// What changes other things by itself.
    case automation
    case place
    case client
    case external
    /// What keeps a number of replicas as somebody wrote it.
    case controller
    case pod
    case process
    case data
    case configuration
    case machine
    /// A cloud provider's own service.
    case managed
    case service

    /// The family of a kind's name.
    ///
    /// - Complexity: O(patterns × length).
    package init(kind: String) {
        let name = kind.lowercased()
        self = Self.allCases.first { $0.patterns.contains { matches($0, name) } } ?? .service
    }

    /// Pieces of names in lower case; `^` stands for the start and `$` for the end of the name.
    private var patterns: [String] {
        switch self {
        case .injection: ["chaos", "^fault", "^experiment", "^schedule$", "injection", "^attack"]
        case .policy:
            [
                "policy", "autoscaler", "^hpa$", "quota", "limitrange", "disruptionbudget", "^acl", "rule$",
                "featureflag", "feature-flag",
            ]
        case .tenancy:
            ["secret", "^namespace", "^ns$", "certificate", "^project", "^tenant", "serviceaccount", "^role"]
        case .claim: ["volume", "claim", "^pvc$", "^pv$"]
        case .automation:
            ["operator", "controller", "pipeline", "^ci$", "^cd$", "automation", "gitops", "^flux", "argo"]
        case .place: ["^site", "^zone", "^region", "datacent", "^rack", "^power", "^cooling", "^room"]
        case .client: ["client", "^user", "browser", "canary", "probe"]
        case .external: ["remote", "external", "third", "internet", "saas"]
        case .controller:
            ["^deploy", "-deploy$", "statefulset", "daemonset", "^job$", "cronjob", "replicaset", "rollout"]
        case .pod: ["^pod$", "^replica$"]
        case .process:
            ["function", "container", "fargate", "^ecs", "instance", "process", "^task", "^app$", "^workload"]
        case .data:
            [
                "database", "^db", "table", "cache", "^sql", "postgres", "mysql", "redis", "queue", "broker", "^topic",
                "bucket", "storage", "coordination",
            ]
        case .configuration:
            [
                "config", "^release", "^helm", "kustom", "parameter", "commit", "change", "manifest", "flag",
                "^source$",
                "^gitrepo", "^image$",
            ]
        case .machine: ["^host", "^node", "^vm$", "^machine", "^server", "hypervisor"]
        case .managed: ["^aws-", "^gcp-", "^azure-"]
        case .service: []
        }
    }

    /// Faults a year of one such thing, in round numbers: only their order of magnitude is meant.
    ///
    /// What carries others is built to last; what people change, and what changes things for them, fails most. A planned
    /// fault is in a topology because somebody means to run it.
    package var faultsPerYear: Double {
        switch self {
        case .injection: 700
        case .policy: 27
        case .tenancy: 10
        case .claim: 3.6
        case .automation: 20
        case .place: 0.04
        case .client: 0.5
        case .external: 0.8
        case .controller: 6
        case .pod: 3.6
        case .process: 6
        case .data: 1.3
        case .configuration: 16
        case .machine: 0.5
        case .managed: 0.5
        case .service: 1.3
        }
    }

    /// Whether monitoring usually watches such a thing itself, so that it raises an alert of its own when it fails.
    ///
    /// Declarations are rarely watched: a bad configuration shows on what it configures. Neither are pods, which come
    /// and go: their alerts are about the workload.
    package var isUsuallyWatched: Bool {
        switch self {
        case .injection, .policy, .tenancy, .claim, .automation, .place, .controller, .pod, .configuration: false
        case .client, .external, .process, .data, .machine, .managed, .service: true
        }
    }
}

private func matches(_ pattern: String, _ name: String) -> Bool {
    let piece = pattern.utf8.drop { $0 == UInt8(ascii: "^") }.prefix { $0 != UInt8(ascii: "$") }
    switch (pattern.utf8.first == UInt8(ascii: "^"), pattern.utf8.last == UInt8(ascii: "$")) {
    case (true, true): return name.utf8.elementsEqual(piece)
    case (true, false): return name.utf8.starts(with: piece)
    case (false, true): return name.utf8.suffix(piece.count).elementsEqual(piece)
    case (false, false): return name.utf8.containsSequence(piece)
    }
}
