package import Topology

/// What an alert asserts, judged by its name: the one table for alerts that no user's rule describes.
package enum SymptomWords {
    /// Sequences of words, tried in this order; the first that the name contains decides.
    ///
    /// A name without any of them
    /// asserts the least: `degraded`, which whatever is the matter explains.
    ///
    /// Longer phrases come before the words that they contain: missing *replicas* only degrade a deployment, while a
    /// missing host is down. Gathered from the names in kube-prometheus, awesome-prometheus-alerts, Longhorn and CNPG.
    static let table: [(effect: Effect, phrases: [String])] = [
        (
            .starved,
            [
                "no request", "no requests", "no traffic", "no queries", "no messages", "no orders", "no operations",
                "no database operations", "no transactions", "no connections", "no activity", "no throughput",
                "no calls", "no samples", "no events", "absent traffic", "traffic absent", "traffic loss",
                "traffic lost", "traffic drop", "traffic dropped", "traffic low", "low traffic", "requests stopped",
                "requests missing", "requests absent", "requests drop", "starved", "starvation",
            ]
        ),
        (
            .degraded,
            [
                "replicas mismatch", "replicas unavailable", "replicas missing", "replicas not", "replica mismatch",
                "rollout stuck", "mis scheduled", "not scheduled", "generation mismatch", "failure rate", "failed rate",
                "failures high", "high failure", "failure high", "error rate", "errors high", "high error",
                "too many", "partially", "dead lock", "dead locks", "predicted", "will fill", "will expire", "almost",
                "about to", "packet loss",
                "packets dropped",
            ]
        ),
        (
            .down,
            [
                "down", "not ready", "unready", "unreachable", "crash", "crashing", "crash loop", "crash looping",
                "crashlooping", "crashloop", "unavailable", "absent", "offline", "disappeared", "not running",
                "evicted", "image pull", "not responding", "unhealthy", "not healthy", "status critical", "no leader",
                "no master", "no primary",
            ]
        ),
        (.down, acts),
        (
            .degraded,
            [
                "degraded", "latency", "slow", "slowness", "high", "low", "saturated", "saturation", "error", "errors",
                "pressure", "filling", "full", "usage", "utilization", "utilisation", "throttled", "throttling", "lag",
                "lagging", "behind", "stale", "old", "backlog", "queue", "flapping", "expiring", "expiry", "expires",
                "mismatch", "stuck", "warning", "overcommit", "overcommitted", "overload", "overloaded", "skew",
                "drift",
                "oom", "memory", "increased", "increase", "drop", "dropped", "timeout", "timeouts", "restart",
                "restarts", "restarting", "violation", "anomaly", "spend", "burn", "budget", "waiting", "pending",
                "exceeded", "retries", "running long", "not completed", "deadlocks", "fragmentation", "replication",
                "http500", "5xx", "outdated", "updating", "reduced", "long",
            ]
        ),
    ]

    /// Words of failing that are also said of what a thing does, and of what is done to it.
    private static let acts = [
        "failed", "failing", "fails", "failure", "failures", "fail", "missing", "dead", "lost", "stopped", "fault",
        "faulted", "broken", "terminated", "disconnected", "refused",
    ]

    /// Beginnings of words for what a thing does and what is done to it.
    ///
    /// That a deploy to a host failed does not say that the host is down.
    private static let tasks = [
        "alerts", "allocat", "archiv", "attach", "authent", "authoriz", "backup", "build", "call", "checkpoint",
        "collecti",
        "compact", "config", "connecti", "creat", "delet", "deliver", "deploy", "detach", "download", "evaluat",
        "event", "expan", "fetch", "garbage", "handshake", "import", "install", "login", "logon", "lookup",
        "maintenance", "message", "migrat", "mount", "notif", "operation", "proposal", "provision", "publish", "pull",
        "push", "quer", "rebalanc", "rebuild", "reconcil", "refresh", "regenerat", "reload", "renew",
        "replicati", "report", "request", "resiz", "resolution", "restor", "rollback", "rollout", "rotat", "rule",
        "scaling", "scrub", "send", "snapshot", "switchover", "sync", "transaction", "trim", "truncat", "updat",
        "upgrad", "upload", "vacuum", "verif", "write",
    ]

    /// Parts of a thing, which seldom take it down with them.
    private static let parts: Set<String> = [
        "controllers", "disk", "disks", "drive", "drives", "endpoint", "endpoints", "fan", "fans", "interface",
        "interfaces", "member", "members", "nic", "peer", "peers", "psu", "raid", "shard", "shards", "slave", "slaves",
        "socket", "sockets", "systemd", "thread", "threads", "unit", "units",
    ]

    /// Looking at a thing fails when the thing does.
    private static let looks: Set<String> = ["probe", "probes", "ping", "pings", "heartbeat", "heartbeats"]

    /// What an alert with this name asserts about its entity: `down`, `degraded` or `starved`.
    ///
    /// What fails may be less than the entity: something that it does, that is done to it, or that it is a part of it. Then the
    /// entity is degraded, unless its kind says that it is this very thing: a failed backup is a backup that is down, on
    /// a database that is not.
    ///
    /// - Parameters:
    ///   - name: the alert's name.
    ///   - kind: the name of the entity's kind; nil when the entity is not known.
    /// - Returns: the effect.
    /// - Complexity: O(length), and where it is down O(words × tasks).
    package static func effect(ofAlertNamed name: String, about kind: String? = nil) -> Effect {
        let words = words(of: name)
        guard let phrase = firstPhrase(in: words) else { return .degraded }
        guard phrase.effect == .down, isAboutLess(words, kind: kind, isAct: phrase.isAct) else { return phrase.effect }
        return .degraded
    }

    /// One phrase of the table.
    private struct Phrase {
        /// Its place in the table: the lowest decides.
        let rank: Int
        /// What follows its first word.
        let rest: ArraySlice<String>
        let effect: Effect
        let isAct: Bool
    }

    /// The phrases of the table by their first word: as many alerts have names of their own as somebody puts numbers in them.
    private static let phrases: [String: [Phrase]] = {
        var phrases: [String: [Phrase]] = [:]
        let all = table.flatMap { row in row.phrases.map { (row.effect, $0) } }
        for (rank, (effect, text)) in all.enumerated() {
            let words = text.split(separator: " ").map(String.init)
            let phrase = Phrase(rank: rank, rest: words.dropFirst(), effect: effect, isAct: acts.contains(text))
            phrases[words[0], default: []].append(phrase)
        }
        return phrases
    }()

    /// The first phrase of the table that the words of a name contain in a row.
    private static func firstPhrase(in words: [String]) -> Phrase? {
        var first: Phrase?
        for (index, word) in words.enumerated() {
            for phrase in phrases[word] ?? [] where phrase.rank < first?.rank ?? .max {
                if words[(index + 1)...].starts(with: phrase.rest) { first = phrase }
            }
        }
        return first
    }

    /// Words for the members of a redundancy group, and for its being short of some.
    private static let redundancy: Set<String> = [
        "backends", "bond", "bonding", "degraded", "failover", "insufficient", "instances", "member", "members",
        "nodes",
        "partially", "pdb", "peer", "peers", "pod", "pods", "quorum", "raid", "redundancy", "redundant", "replica",
        "replicas", "replication", "reduced", "shard", "shards", "standby", "targets", "workers",
    ]

    /// Whether an alert of this name tells that an entity which still serves has lost its redundancy: replicas are missing,
    /// an array is degraded.
    ///
    /// - Complexity: O(length).
    package static func tellsOfRedundancy(alertNamed name: String) -> Bool {
        let words = words(of: name)
        return !redundancy.isDisjoint(with: words) || (" " + words.joined(separator: " ")).contains(" not enough")
    }

    /// Whether what is down, by the words of an alert's name, is less than an entity of this kind.
    private static func isAboutLess(_ words: [String], kind: String?, isAct: Bool) -> Bool {
        let kindWords = kind.map(self.words) ?? []
        guard looks.isDisjoint(with: words), !kindWords.contains(where: { ["job", "cronjob"].contains($0) }) else {
            return false
        }
        func subjects(_ words: [String]) -> Set<String> {
            var found = parts.intersection(words)
            guard isAct else { return found }
            // Who does it, a reloader or a provisioner, is a thing.
            let done = words.filter { word in !["er", "ers", "or", "ors"].contains { word.hasSuffix($0) } }
            found.formUnion(tasks.filter { task in done.contains { $0.hasPrefix(task) } })
            return found
        }
        let named = subjects(words)
        return !named.isEmpty && named.isDisjoint(with: subjects(kindWords))
    }

    /// The words of a name in camel case, snake case or kebab case, in lower case.
    ///
    /// `KubePodNotReady` is `kube pod not ready`. A run of capitals is a word of its own: `CNPGBackupStale` is `cnpg backup stale`.
    package static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let scalars = Array(name.unicodeScalars.prefix(500))
        for (index, scalar) in scalars.enumerated() {
            guard scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            let previous = index > 0 ? scalars[index - 1] : nil
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            let isHump =
                scalar.properties.isUppercase && previous.map { !$0.properties.isUppercase } ?? false
                && !(previous.map { ("0"..."9").contains($0) } ?? false)
            let endsCapitals =
                scalar.properties.isUppercase && previous?.properties.isUppercase == true
                && next?.properties.isLowercase == true
            if isHump || endsCapitals, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word += scalar.properties.lowercaseMapping
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
