import Diagram
import Topology

/// The pictures that are looked at: sources made by hand, as an analysis would make them.
enum Pictures {
    static let all: [(name: String, make: @Sendable () throws -> DiagramSource)] = [
        ("incident", incident), ("toy", toy), ("hostile-names", hostileNames), ("storm", { try storm(racks: 40) }),
        ("no-explanation", noExplanation), ("mesh", mesh), ("what-if", whatIf),
    ]

    /// Of 2026-07-01.
    static func incident() throws -> DiagramSource {
        let topology = try platform([
            "site/sto1 = Stockholm", "site/lau1 = Lauterbourg", "site/hel1 = Helsinki", "site/fsn1 = Falkenstein",
            "host/cc-se-sto-core-01 on site/sto1", "node/cc-se-sto-core-01 on host/cc-se-sto-core-01",
            "deployment/monitoring/grafana on node/cc-se-sto-core-01",
            "deployment/flakecache/flakecache on node/cc-se-sto-core-01",
            "deployment/operations/operations-memory on node/cc-se-sto-core-01",
            "database/flakecache/flakecache-postgres on node/cc-se-sto-core-01",
            "operator/headscale on node/cc-se-sto-core-01", "deployment/repowise/repowise",
            "operator/deploy-rs", "config/nixos", "release/external-dns", "host/cc-fr-lau-store-01 on site/lau1",
            "host/cc-fi-hel-core-01 on site/hel1", "host/cc-fi-hel-k3s-02 on site/hel1",
            "nixos-deploy/cc-se-sto-core-01 needs host/cc-se-sto-core-01, operator/deploy-rs, config/nixos",
            "nixos-deploy/cc-fr-lau-store-01 needs host/cc-fr-lau-store-01, operator/deploy-rs, config/nixos",
            "nixos-deploy/cc-fi-hel-core-01 needs host/cc-fi-hel-core-01, operator/deploy-rs, config/nixos",
            "nixos-deploy/cc-fi-hel-k3s-02 needs host/cc-fi-hel-k3s-02, operator/deploy-rs, config/nixos",
            "host/cc-de-fsn-core-01 on site/fsn1", "dns/ns-master on host/cc-de-fsn-core-01",
            "deployment/dns/external-dns needs dns/ns-master, release/external-dns",
        ])
        var scene = Scene(topology)
        try scene.add(
            "host/cc-se-sto-core-01",
            EntityStatus(
                .root(rank: 1),
                severity: "critical",
                state: "down",
                since: "19:22Z",
                confidence: 91,
                alertCount: 5,
                facts: ["explains 13 alerts", "seen by 4 sites: nue1 lau1 hel1 fsn1"],
                evidence: ["CiliumCanaryProbeFailing 19:26Z", "NixosHostDeployFailed 19:30Z"],
                links: [
                    EvidenceLink(.source, "https://alertmanager.example/#/alerts?filter=%7Binstance%3D%22x%22%7D&a=b"),
                    EvidenceLink(.runbook, "https://runbooks.example/HostDown"),
                    EvidenceLink(.dashboard, "https://grafana.example/d/host?var=\"x\"&from='now'"),
                ]
            )
        )
        try scene.add(
            "site/sto1",
            EntityStatus(.rival(ofRank: 1), confidence: 7, facts: ["does anything else there answer?"])
        )
        try scene.add(
            "node/cc-se-sto-core-01",
            EntityStatus(
                .affected(.down),
                since: "19:35Z",
                alertCount: 1,
                facts: ["NotReady"]
            )
        )
        for name in [
            "deployment/monitoring/grafana", "deployment/flakecache/flakecache",
            "deployment/operations/operations-memory",
        ] {
            try scene.add(
                name,
                EntityStatus(
                    .affected(.down),
                    since: "19:40Z",
                    alertCount: 1,
                    facts: ["replicas missing"]
                )
            )
        }
        try scene.add(
            "deployment/repowise/repowise",
            EntityStatus(
                .affected(.down),
                since: "19:35Z",
                alertCount: 2,
                facts: ["crash loop"]
            )
        )
        try scene.add(
            "database/flakecache/flakecache-postgres",
            EntityStatus(
                .affected(.degraded),
                since: "19:49Z",
                alertCount: 1,
                facts: ["backup older than 50 h"]
            )
        )
        try scene.add(
            "operator/headscale",
            EntityStatus(
                .affected(.down),
                since: "19:26Z",
                alertCount: 1,
                facts: ["metrics down"]
            )
        )
        try scene.add(
            "operator/deploy-rs",
            EntityStatus(
                .root(rank: 2),
                severity: "high",
                since: "19:30Z",
                confidence: 58,
                isSilent: true,
                facts: ["explains 3 alerts in 2 sites"]
            )
        )
        try scene.add("config/nixos", EntityStatus(.rival(ofRank: 2), confidence: 41))
        try scene.add(
            "dns/ns-master",
            EntityStatus(
                .root(rank: 3),
                severity: "high",
                state: "down",
                since: "19:16Z",
                confidence: 76,
                alertCount: 1,
                facts: ["explains 3 alerts", "before the partition, so not its effect"]
            )
        )
        try scene.add(
            "release/external-dns",
            EntityStatus(
                .rival(ofRank: 3),
                confidence: 22,
                facts: ["commit of 20:08Z ruled out: after the crash"]
            )
        )
        for host in ["cc-fr-lau-store-01", "cc-fi-hel-core-01", "cc-fi-hel-k3s-02", "cc-se-sto-core-01"] {
            try scene.add(
                "nixos-deploy/\(host)",
                EntityStatus(
                    .affected(.down),
                    since: "19:30Z",
                    alertCount: 1,
                    facts: ["failed"]
                )
            )
        }
        try scene.add(
            "deployment/dns/external-dns",
            EntityStatus(
                .affected(.down),
                since: "19:35Z",
                alertCount: 2,
                facts: ["crash loop"]
            )
        )
        try scene.join("host/cc-se-sto-core-01", .carries, "node/cc-se-sto-core-01", "nixos-deploy/cc-se-sto-core-01")
        try scene.join("site/sto1", .possible, "host/cc-se-sto-core-01")
        try scene.join(
            "node/cc-se-sto-core-01",
            .carries,
            "deployment/monitoring/grafana",
            "deployment/flakecache/flakecache",
            "deployment/operations/operations-memory",
            "operator/headscale"
        )
        try scene.join("node/cc-se-sto-core-01", .harms, "database/flakecache/flakecache-postgres")
        try scene.join("deployment/operations/operations-memory", .carries, "deployment/repowise/repowise")
        for host in ["cc-fr-lau-store-01", "cc-fi-hel-core-01", "cc-fi-hel-k3s-02"] {
            try scene.join("operator/deploy-rs", .carries, "nixos-deploy/\(host)")
            try scene.join("config/nixos", .possible, "nixos-deploy/\(host)")
        }
        try scene.join("operator/deploy-rs", .possible, "nixos-deploy/cc-se-sto-core-01")
        try scene.join("dns/ns-master", .carries, "deployment/dns/external-dns")
        try scene.join("release/external-dns", .possible, "deployment/dns/external-dns")
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "Three things broke. They explain 18 of 37 alerts.",
            facts: ["19:16Z – 19:49Z", "19 alerts are known issues", "0 unexplained, 0 unmatched", "proven minimal"],
            setAside: [
                .init(label: "KubernetesAgentBackupControlJobFailed", count: 10),
                .init(label: "LonghornMaintenanceJobFailed", count: 5),
                .init(label: "SmokepingInterSiteLatencyHigh", count: 3),
                .init(label: "CNPGBaseBackupVeryStale", count: 1),
            ],
            heading: "Incident #78 · 2026-07-01"
        )
    }

    static func toy() throws -> DiagramSource {
        let topology = try platform(["database/orders", "service/shop needs database/orders"])
        var scene = Scene(topology)
        try scene.add(
            "database/orders",
            EntityStatus(
                .root(rank: 1),
                severity: "high",
                state: "down",
                since: "08:01Z",
                confidence: 97,
                alertCount: 1
            )
        )
        try scene.add("service/shop", EntityStatus(.affected(.down), since: "08:02Z", alertCount: 3))
        try scene.join("database/orders", .carries, "service/shop")
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "One thing broke. It explains 4 of 4 alerts.",
            facts: ["08:01Z – 08:02Z", "proven minimal"]
        )
    }

    static let hostileTexts = [
        "<script>alert(1)</script>", "\"quoted\"&amp;'x'\\N\\G&lt;b&gt;", "שלום-עולם", "数据库-主节点-零一", "🔥💥👩‍👩‍👧‍👦",
        "]]>--><!--", "{a|b}<x>&#65;", "end", "%%{init}%%", "style:a#b;", "\u{202E}gnp.exe\u{202C}",
        "e\u{301}\u{302}\u{303}",
        String(repeating: "very-long-name-", count: 20), "Ünïcödé-ßtraße", "`code`*bold*_x_", "مرحبا",
    ]

    static func hostileNames() throws -> DiagramSource {
        let names = hostileTexts.map {
            String(
                $0.filter { !$0.isWhitespace }.unicodeScalars.filter { $0.value != 0x202E && $0.value != 0x202C }.map(
                    Character.init
                )
            )
        }
        let topology = try platform(
            ["site/<b>&\"x\"", "host/root on site/<b>&\"x\""] + names.map { "pod/\($0) on host/root" }
        )
        var scene = Scene(topology)
        try scene.add(
            "host/root",
            EntityStatus(
                .root(rank: 1),
                severity: "critical",
                state: "down",
                facts: ["<b>bold?</b> & \\N \u{1B}[31mred"],
                links: [
                    EvidenceLink(.source, "javascript:alert(1)"),
                    EvidenceLink(.runbook, "https://x.example/\"><script>alert(2)</script>"),
                ]
            )
        )
        for (name, text) in zip(names, hostileTexts) {
            try scene.add(
                "pod/\(name)",
                EntityStatus(
                    .affected(.down),
                    facts: [text],
                    evidence: [text],
                    links: [EvidenceLink(.dashboard, "data:text/html,\(text)")]
                )
            )
            try scene.join("host/root", .carries, "pod/\(name)")
        }
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "</title><script>alert(1)</script>",
            facts: hostileTexts,
            setAside: [.init(label: "<img src=x onerror=alert(1)>", count: 3)],
            heading: "Incident \"&<>'"
        )
    }

    /// Ten thousand entities: racks of hosts with pods; three racks' switches break.
    static func storm(racks: Int) throws -> DiagramSource {
        var lines: [String] = ["service/checkout", "service/search", "service/login"]
        for rack in 0..<racks {
            lines.append("rack/r\(rack) on site/s\(rack % 5)")
            lines.append("tor/t\(rack) on rack/r\(rack)")
            for host in 0..<10 {
                lines.append("host/h\(rack)-\(host) on rack/r\(rack) needs tor/t\(rack)")
                for pod in 0..<24 {
                    lines.append("pod/app-\(pod % 6)/p\(rack)-\(host)-\(pod) on host/h\(rack)-\(host)")
                }
            }
        }
        let topology = try platform((0..<5).map { "site/s\($0)" } + lines)
        var scene = Scene(topology)
        let services = ["service/checkout", "service/search", "service/login"]
        for (index, rack) in [0, 1, 7].enumerated() {
            try scene.add(
                "tor/t\(rack)",
                EntityStatus(
                    .root(rank: index + 1),
                    severity: "critical",
                    state: "down",
                    since: "02:1\(index)Z",
                    confidence: 90 - index,
                    isSilent: index == 1,
                    facts: ["explains \(250 - index) alerts"]
                )
            )
            try scene.add("rack/r\(rack)", EntityStatus(.rival(ofRank: index + 1), confidence: 6))
            try scene.join("rack/r\(rack)", .possible, "tor/t\(rack)")
            for host in 0..<10 {
                try scene.add(
                    "host/h\(rack)-\(host)",
                    EntityStatus(.affected(.down), since: "02:1\(host)Z", alertCount: 1)
                )
                try scene.join("tor/t\(rack)", .carries, "host/h\(rack)-\(host)")
                for pod in 0..<24 {
                    let name = "pod/app-\(pod % 6)/p\(rack)-\(host)-\(pod)"
                    try scene.add(name, EntityStatus(.affected(.down), since: "02:2\(pod % 10)Z", alertCount: pod % 2))
                    try scene.join("host/h\(rack)-\(host)", .carries, name)
                    try scene.join(name, .harms, services[pod % 3])
                }
            }
        }
        for service in services {
            try scene.add(service, EntityStatus(.affected(.degraded), since: "02:20Z", alertCount: 4, facts: ["slow"]))
        }
        for rack in 8..<racks {
            for host in 0..<10 { try scene.add("host/h\(rack)-\(host)", EntityStatus(.context)) }
        }
        try scene.add("rack/r2", EntityStatus(.reduced, facts: ["one of two uplinks left"]))
        try scene.add("host/h3-0", EntityStatus(.blindSpot, facts: ["its Prometheus is down"]))
        try scene.add(
            "host/h4-1",
            EntityStatus(.unexplained, severity: "warning", since: "02:40Z", alertCount: 2, facts: ["disk full"])
        )
        try scene.add("host/h5-1", EntityStatus(.witness, facts: ["cannot reach r0"]))
        try scene.join("tor/t0", .observes, "host/h5-1")
        try scene.join("tor/t1", .harms, "rack/r2")
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "Three switches broke. They explain 742 of 760 alerts.",
            facts: ["02:10Z – 02:40Z", "16 known issues", "2 unexplained", "0 unmatched", "proven minimal"],
            setAside: [.init(label: "Watchdog", count: 16)],
            heading: "2026-03-04"
        )
    }

    static func noExplanation() throws -> DiagramSource {
        let topology = try platform([
            "site/a", "site/b", "host/a1 on site/a", "host/b1 on site/b", "service/web on host/a1",
        ])
        var scene = Scene(topology)
        try scene.add(
            "service/web",
            EntityStatus(
                .unexplained,
                severity: "warning",
                since: "11:02Z",
                alertCount: 2,
                facts: ["latency above 2 s"]
            )
        )
        try scene.add("host/b1", EntityStatus(.unexplained, severity: "critical", since: "11:05Z", alertCount: 1))
        try scene.add("host/a1", EntityStatus(.context))
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "Nothing explains these 3 alerts together.",
            facts: ["11:02Z – 11:05Z", "3 unexplained"]
        )
    }

    /// A service mesh whose members call each other in circles.
    static func mesh() throws -> DiagramSource {
        let names = (0..<18).map { "service/mesh/s\($0 < 10 ? "0" : "")\($0)" }
        let topology = try platform(
            names.enumerated().map { index, name in
                "\(name) needs \(names[(index + 1) % 18]), \(names[(index * 5 + 3) % 18])"
            }
        )
        var scene = Scene(topology)
        for (index, name) in names.enumerated() {
            try scene.add(
                name,
                index == 3
                    ? EntityStatus(.root(rank: 1), severity: "high", state: "degraded", since: "09:00Z", confidence: 64)
                    : EntityStatus(
                        .affected(.degraded),
                        since: "09:0\(index % 10)Z",
                        alertCount: 1,
                        facts: ["errors \(index) %"]
                    )
            )
        }
        for entity in topology.entities {
            for need in topology.requirements(of: entity).flatMap(\.members) where need != entity {
                scene.causes.append(CauseArrow(from: need, to: entity, kind: .harms))
            }
        }
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "One thing broke. It explains 17 of 18 alerts.",
            facts: ["09:00Z – 09:09Z"]
        )
    }

    static func whatIf() throws -> DiagramSource {
        let topology = try platform([
            "site/nue1", "host/k3s-01 on site/nue1", "host/k3s-02 on site/nue1", "pod/web/a on host/k3s-01",
            "pod/web/b on host/k3s-02", "service/web needs pod/web/a, pod/web/b", "database/ledger on host/k3s-01",
            "service/billing needs database/ledger",
        ])
        var scene = Scene(topology)
        try scene.add("host/k3s-01", EntityStatus(.root(rank: 1), state: "lost", stateBefore: "healthy"))
        try scene.add("pod/web/a", EntityStatus(.affected(.down), stateBefore: "healthy"))
        try scene.add("database/ledger", EntityStatus(.affected(.down), stateBefore: "healthy"))
        try scene.add(
            "service/billing",
            EntityStatus(.affected(.down), stateBefore: "healthy", facts: ["criticality high"])
        )
        try scene.add("service/web", EntityStatus(.reduced, stateBefore: "2 of 2", facts: ["ends with pod/web/b"]))
        try scene.add("pod/web/b", EntityStatus(.context))
        try scene.join("host/k3s-01", .carries, "pod/web/a", "database/ledger")
        try scene.join("database/ledger", .carries, "service/billing")
        try scene.join("pod/web/a", .harms, "service/web")
        return DiagramSource(
            topology: topology,
            statuses: scene.statuses,
            causes: scene.causes,
            title: "Losing host/k3s-01 takes down 3 things; 1 loses its redundancy.",
            facts: ["what if"]
        )
    }
}

struct Scene {
    let topology: Topology
    var statuses: [EntityID: EntityStatus] = [:]
    var causes: [CauseArrow] = []

    init(_ topology: Topology) { self.topology = topology }

    mutating func add(_ name: String, _ status: EntityStatus) throws { statuses[try topology.id(name)] = status }

    mutating func join(_ from: String, _ kind: CauseArrow.Kind, _ to: String...) throws {
        for name in to { causes.append(CauseArrow(from: try topology.id(from), to: try topology.id(name), kind: kind)) }
    }
}
