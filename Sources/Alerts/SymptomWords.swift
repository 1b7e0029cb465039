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
                "too many", "partially", "predicted", "will fill", "will expire", "almost", "about to", "packet loss",
                "packets dropped",
            ]
        ),
        (
            .down,
            [
                "down", "not ready", "unready", "unreachable", "failed", "failing", "fails", "failure", "failures",
                "fail", "crash", "crashing", "crash loop", "crash looping", "crashlooping", "crashloop", "missing",
                "unavailable", "absent", "offline", "dead", "lost", "disappeared", "not running", "stopped", "fault",
                "faulted", "broken", "evicted", "image pull", "terminated", "disconnected", "not responding",
                "unhealthy", "refused", "status critical", "no leader", "no master", "no primary",
            ]
        ),
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

    /// What an alert with this name asserts about its entity: `down`, `degraded` or `starved`.
    ///
    /// - Complexity: O(length × table).
    package static func effect(ofAlertNamed name: String) -> Effect {
        let text = " " + words(of: name).joined(separator: " ") + " "
        for (effect, phrases) in table {
            for phrase in phrases where text.utf8.containsSequence(" \(phrase) ".utf8) { return effect }
        }
        return .degraded
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
