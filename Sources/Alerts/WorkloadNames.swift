/// Derives a workload's name from the names that Kubernetes builds from it.
enum WorkloadNames {
    /// Owners that a pod's name suggests, without asking Kubernetes:
    /// `web-6d5f8b7c9d-x2x4z` is a deployment's, `web-x2x4z` a daemon set's or a job's, `web-0` a stateful set's.
    static func owners(ofPod pod: String, namespace: String?) -> [Clue.Candidate] {
        var clue = Clue([])
        let parts = pod.split(separator: "-", omittingEmptySubsequences: false)
        guard let last = parts.last, parts.count >= 2 else { return [] }
        let stem = parts.dropLast().joined(separator: "-")
        if last.utf8.allSatisfy({ $0.isASCIIDigit }), !last.isEmpty {
            clue.add(["statefulset"] + KindNames.databases + ["cache", "queue"], namespace, stem, isInferred: true)
        }
        if isRandom(last), last.utf8.count == 5 {
            clue.add(["daemonset", "job", "replicaset"], namespace, stem, isInferred: true)
            if let cronJob = cronJob(ofJob: stem) { clue.add(["cronjob"], namespace, cronJob, isInferred: true) }
        }
        if parts.count >= 3, last.utf8.count == 5, last.utf8.allSatisfy({ $0.isLowercaseAlphanumeric }) {
            let hash = parts[parts.count - 2]
            if isRandom(hash), (1...10).contains(hash.utf8.count) {
                let name = parts.dropLast(2).joined(separator: "-")
                clue.add(KindNames.deployments + ["replicaset"], namespace, name, isInferred: true)
            }
        }
        return clue.candidates
    }

    /// The cron job that made a job: `backup-29712340` has its scheduled minute since 1970 as the suffix.
    static func cronJob(ofJob job: String) -> String? {
        guard let dash = job.lastIndex(of: "-") else { return nil }
        let suffix = job[job.index(after: dash)...]
        guard (8...10).contains(suffix.utf8.count), suffix.utf8.allSatisfy({ $0.isASCIIDigit }) else { return nil }
        return dash == job.startIndex ? nil : String(job[..<dash])
    }

    /// The deployment that made a replica set.
    static func deployment(ofReplicaSet name: String) -> String? {
        guard let dash = name.lastIndex(of: "-"), dash != name.startIndex else { return nil }
        return isRandom(name[name.index(after: dash)...]) ? String(name[..<dash]) : nil
    }

    /// The workload whose stateful set made a claim: `data-web-0` is `web`'s, whatever the claim's template is called.
    static func owner(ofClaim claim: String) -> String? {
        let parts = claim.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let last = parts.last, !last.isEmpty, last.utf8.allSatisfy({ $0.isASCIIDigit })
        else { return nil }
        return parts.dropFirst().dropLast().joined(separator: "-")
    }

    /// Whether Kubernetes may have made this up: it draws from digits and consonants, so that no words come out.
    private static func isRandom(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0.isLowercaseAlphanumeric }) else { return false }
        let vowels: [UInt8] = [
            UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
        ]
        return text.utf8.contains { $0.isASCIIDigit } || !text.utf8.contains { vowels.contains($0) }
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    fileprivate var isLowercaseAlphanumeric: Bool { isASCIIDigit || self &- UInt8(ascii: "a") < 26 }
}

/// The host in what a label calls an instance: `http://user@web-1.example.com:8080/probe?x` is `web-1.example.com`.
enum HostName {
    static func host(in text: String) -> String {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.first == "[", let close = rest.firstIndex(of: "]") {
            return String(rest[rest.index(after: rest.startIndex)..<close])
        }
        if let colon = rest.firstIndex(of: ":"),
            rest[rest.index(after: colon)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            rest = rest[..<colon]
        }
        return String(rest)
    }

    /// The host of an address with a port or of a URL; other values, such as full names of entities, as they are.
    static func address(in text: String) -> String {
        guard !text.contains("/") || text.contains("://") else { return text }
        let host = host(in: text)
        return host.isEmpty ? text : host
    }

    /// The first label of a domain name: `web-1` of `web-1.example.com`; nil for an address or a bare name.
    static func firstLabel(of host: String) -> String? {
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex, !isAddress(host) else { return nil }
        return String(host[..<dot])
    }

    /// The service and namespace of a name within a Kubernetes cluster: `web.shop.svc.cluster.local`.
    static func kubernetesService(in host: String) -> (name: String, namespace: String)? {
        let parts = host.split(separator: ".")
        guard parts.count >= 3, parts[2] == "svc" else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    static func isAddress(_ host: String) -> Bool {
        host.contains(":") || host.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
    }
}

extension Substring {
    /// Where a text occurs first.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
