internal import Alerts
internal import BlastRadius
internal import Diagnostics
internal import JSON
internal import LiveSources
internal import Reports
internal import Time
internal import Topology

/// What `doctor` found.
struct DoctorReport {
    /// A server that answered.
    private struct Server {
        var address: String
        var product: String
        var version: String
        var latency: Span
        /// How many servers its cluster has, itself included; nil for one that has none.
        var peers: Int?
        /// How far its clock is ahead of ours at least; negative when it is behind.
        var skew: Span
    }

    /// What is wrong; an error is something broken.
    var findings: [Diagnostic] = []
    var audit: MonitoringAudit?
    var platform: Platform?
    private var servers: [Server] = []

    /// How many names a finding lists.
    private static let listedNames = 8
    /// A server's answer tells its clock to the second only.
    private static let tolerance = Span.seconds(2)

    /// Takes in what servers say of themselves, asked and answered between two instants of our clock.
    mutating func examine(_ snapshot: LiveSources.Snapshot, from start: Timestamp, to end: Timestamp) {
        let peers = snapshot.documents(.alerts).count + snapshot.failures(.alerts).count
        for document in snapshot.documents(.status) {
            var server = Server(
                address: "\(document.server)",
                product: "unknown",
                version: "unknown version",
                latency: document.duration,
                skew: document.date.map { Self.skew(of: $0, start, end) } ?? .zero
            )
            if let status = AlertmanagerStatus(document) {
                server.product = "Alertmanager"
                server.version = status.version ?? server.version
                if status.clusterState != "disabled" {
                    server.peers = status.peerCount
                    examine(status, named: peers, at: document.server)
                }
            } else if let status = PrometheusStatus(document) {
                server.product = "Prometheus"
                server.version = status.version
            }
            servers.append(server)
            if server.skew != .zero { findings.append(.skewed(server.skew, server.address)) }
        }
        for document in snapshot.documents(.rules) { examineRules(document) }
    }

    /// What a clock that showed `date` between two instants of ours is surely ahead.
    private static func skew(of date: Timestamp, _ start: Timestamp, _ end: Timestamp) -> Span {
        if date > end + tolerance { return date - end }
        if date + tolerance < start { return date - start }
        return .zero
    }

    private mutating func examine(_ status: AlertmanagerStatus, named count: Int, at server: WebAddress) {
        let place = SourceLocation(file: "\(server)")
        if let state = status.clusterState, state != "ready" {
            findings.append(
                Diagnostic(
                    .warning,
                    "unsettled-cluster",
                    "the cluster is \(state)",
                    at: place,
                    fix: "look again in a minute; if it stays so, check that its peers reach one another"
                )
            )
        }
        if status.peerCount > count {
            findings.append(
                Diagnostic(
                    .warning,
                    "peers-not-named",
                    "its cluster has \(status.peerCount) peers, of which \(count == 1 ? "one is" : "\(count) are") named here",
                    at: place,
                    fix: "name every peer with --alertmanager: they share silences, not alerts"
                )
            )
        }
    }

    private mutating func examineRules(_ document: LiveSources.Document) {
        guard let health = RuleHealth(document) else { return }
        let place = SourceLocation(file: document.name)
        for failure in health.failures {
            findings.append(
                Diagnostic(
                    .warning,
                    "failing-rule",
                    "rule '\(failure.name)' cannot be evaluated: \(failure.error)",
                    at: place,
                    fix: "correct its expression; until then it raises no alert"
                )
            )
        }
        guard let date = document.date else { return }
        let late = health.groups.filter { group in
            let limit = Span(milliseconds: 3 * group.interval.milliseconds) + .minutes(1)
            return group.lastEvaluation.map { $0 + limit < date } ?? true
        }
        guard !late.isEmpty else { return }
        findings.append(
            Diagnostic(
                .warning,
                "late-evaluation",
                "\(late.count) of \(health.groups.count) rule groups were not evaluated for three of their intervals: "
                    + Self.list(late.map(\.name)),
                at: place,
                fix: "see whether Prometheus has only just begun, is overloaded, or has lost its storage"
            )
        )
    }

    /// What the audit means to whoever keeps the topology and the rules.
    func coverageFindings() -> [Diagnostic] {
        guard let audit, let platform else { return [] }
        let topology = platform.topology
        var findings: [Diagnostic] = audit.openRules.map { rule in
            Diagnostic(
                .warning,
                "rule-without-entity",
                "alerts of '\(rule.alertname)' lead to no entity"
                    + (rule.unmatchedAlerts > 0 ? " (\(rule.unmatchedAlerts) seen)" : ""),
                at: rule.location,
                fix: rule.suggestion.map {
                    "paste into the topology, \(MatchReport.place($0.place, platform)): \(Self.onOneLine($0.text))"
                }
            )
        }
        findings += audit.idleRules.map { rule in
            Diagnostic(
                .warning,
                "rule-without-alert",
                "Prometheus has no alert rule '\(rule.alertname)'",
                at: rule.location,
                fix: rule.nearest.map { "did you mean '\($0)'?" } ?? "remove this rule, or add that one to Prometheus"
            )
        }
        findings += audit.kinds.filter { $0.isUsuallyWatched && !$0.uncovered.isEmpty }.map { kind in
            Diagnostic(
                .warning,
                "unwatched",
                "\(kind.uncovered.count) of \(kind.count) × \(kind.kind) have no alert rule: "
                    + Self.list(kind.uncovered.map(topology.name)),
                fix: "add one to Prometheus, or say under alerts: which alerts are about them"
            )
        }
        return findings
    }

    /// `- {match: …, entity: …}` of an item of a list that has a line for each of its keys; an entity as it is.
    private static func onOneLine(_ item: String) -> String {
        let plain = item.drop { $0 == " " }
        guard plain.hasPrefix("-") else { return String(plain) }
        let lines = item.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "-" } }
        return "- {\(lines.joined(separator: ", "))}"
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(listedNames).joined(separator: ", ")
            + (names.count > listedNames ? " and \(names.count - listedNames) more" : "")
    }

    // MARK: As text

    var text: String {
        var lines: [String] = []
        if !servers.isEmpty { lines.append("servers") }
        for server in servers {
            let peers = server.peers.map { ", \($0) \($0 == 1 ? "peer" : "peers")" } ?? ""
            lines.append(
                "   \(server.address)  \(server.product) \(server.version), \(server.latency.milliseconds) ms\(peers)"
            )
        }
        if let audit {
            lines.append("coverage by alert rules" + (audit.ruleCount > 0 ? " (\(audit.ruleCount) in Prometheus)" : ""))
            let width = audit.kinds.map(\.kind.count).max() ?? 0
            for kind in audit.kinds {
                let name = kind.kind + String(repeating: " ", count: width - kind.kind.count)
                lines.append("   \(name)  \(kind.count - kind.uncovered.count) of \(kind.count)")
            }
        }
        for rule in audit?.rulesOfAnyKind ?? [] {
            lines.append(
                "   any kind: the rule at \(rule) names whatever its label holds; --history tells what that is"
            )
        }
        let broken = findings.count { $0.severity == .error }
        lines.append("findings: \(broken) broken, \(findings.count - broken) to look at")
        for finding in findings {
            lines += finding.description.split(separator: "\n").map { "   \($0)" }
        }
        return lines.map(\.withVisibleControls).joined(separator: "\n") + "\n"
    }

    // MARK: As JSON

    /// `{"schemaVersion": 1, "broken", "servers": […], "coverage": […], "findings": […]}`, as docs/schema has it.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("schemaVersion", 1)
            writer.member("broken", findings.count { $0.severity == .error })
            writer.array("servers") { writer in
                for server in servers {
                    writer.object { writer in
                        writer.member("address", server.address)
                        writer.member("product", server.product)
                        writer.member("version", server.version)
                        writer.member("latencyMilliseconds", Int(server.latency.milliseconds))
                        writer.key("peers")
                        if let peers = server.peers { writer.value(peers) } else { writer.null() }
                        writer.member("clockSkewMilliseconds", Int(server.skew.milliseconds))
                    }
                }
            }
            writer.array("coverage") { writer in
                for kind in audit?.kinds ?? [] {
                    writer.object { writer in
                        writer.member("kind", kind.kind)
                        writer.member("entities", kind.count)
                        writer.member("covered", kind.count - kind.uncovered.count)
                        writer.member("uncovered", kind.uncovered.map { platform?.topology.name(of: $0) ?? "" })
                    }
                }
            }
            writer.array("findings") { writer in
                for finding in findings {
                    writer.object { writer in
                        writer.member("severity", finding.severity.rawValue)
                        writer.member("code", finding.code)
                        writer.member("place", finding.location?.description)
                        writer.member("summary", finding.summary)
                        writer.member("fix", finding.fix)
                    }
                }
            }
        }
        return writer.utf8 + [UInt8(ascii: "\n")]
    }
}

extension Diagnostic {
    fileprivate static func skewed(_ skew: Span, _ server: String) -> Diagnostic {
        Diagnostic(
            .warning,
            "clock-skew",
            "its clock is \(Span(milliseconds: Int64(skew.milliseconds.magnitude)).short) "
                + (skew > .zero ? "ahead of" : "behind") + " this machine's",
            at: SourceLocation(file: server),
            fix: "synchronise both, for example with chrony: onsets are compared across servers"
        )
    }
}
