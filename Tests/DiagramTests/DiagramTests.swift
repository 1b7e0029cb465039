import Diagram
import Testing
import Topology

@Suite struct DiagramTests {
    @Test func `two things make two boxes, an arrow and a legend`() throws {
        let diagram = try Diagram(Scene.shop())
        #expect(
            diagram.outline == [
                "[-] root e-database-orders DATABASE · ROOT CAUSE 1 · HIGH: orders | down since 08:01Z · 97 % likely | 1 alert of its own",
                "[-] down e-service-shop SERVICE · DOWN: shop | 08:02Z · 3 alerts",
                "e-database-orders carries e-service-shop",
            ]
        )
        #expect(diagram.legend == [.box(.root), .box(.down), .arrow(.carries)])
        #expect(diagram.notes == [])
        #expect(
            diagram.description == [
                "One thing broke.",
                "DATABASE · ROOT CAUSE 1 · HIGH: orders, down since 08:01Z · 97 % likely, 1 alert of its own; "
                    + "it takes down or harms SERVICE shop.",
            ]
        )
    }

    /// A chain reads to the right as long as it fits a screen.
    ///
    /// A box and its arrow take 130 points or so: twelve take more than a thousand, on one line. Twelve such chains under
    /// one another, or forty boxes, make no strip.
    @Test(
        arguments: [
            (4, 1, Diagram.Direction?.none, Diagram.Direction.right), (12, 1, nil, .down),
            (12, 1, .some(.right), .right),
            (4, 1, .some(.down), .down), (12, 12, nil, .right), (1, 40, nil, .right),
        ]
    )
    func `a strip too long for a screen reads downward`(
        _ length: Int,
        _ width: Int,
        _ asked: Diagram.Direction?,
        _ direction: Diagram.Direction
    ) throws {
        let chains = (0..<width).map { chain in (0..<length).map { "service/a\(chain)-\($0)" } }
        var scene = Scene(try platform(["host/a"] + chains.joined()))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for chain in chains {
            for (index, name) in chain.enumerated() {
                // Facts of their own keep them from sharing a box.
                try scene.add(name, EntityStatus(.affected(.down), alertCount: 1, facts: ["alert of \(name)"]))
                let cause = index == 0 ? "host/a" : chain[index - 1]
                scene.causes.append(
                    CauseArrow(from: try scene.topology.id(cause), to: try scene.topology.id(name), kind: .carries)
                )
            }
        }
        let diagram = Diagram(scene.source(), options: DiagramOptions(all: true, direction: asked))
        #expect(diagram.direction == direction)
        #expect(diagram.dot.contains("rankdir=\(direction == .right ? "LR" : "TB")"))
        #expect(diagram.dot.contains(direction == .right ? "tailport=e" : "tailport=s"))
        #expect(diagram.mermaid.hasPrefix("flowchart \(direction == .right ? "LR" : "TB")\n"))
    }

    /// Two pods of one name in two namespaces, and one whose name says enough.
    @Test func `members of one name are told apart by their namespaces`() throws {
        var scene = Scene(try platform(["host/a", "pod/x/web on host/a", "pod/y/web on host/a", "pod/y/db on host/a"]))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for pod in ["pod/x/web", "pod/y/web", "pod/y/db"] {
            try scene.add(pod, EntityStatus(.affected(.down), facts: ["gone"]))
            scene.causes.append(
                CauseArrow(from: try scene.topology.id("host/a"), to: try scene.topology.id(pod), kind: .carries)
            )
        }
        #expect(Diagram(scene.source()).boxes.first { $0.memberCount == 3 }?.names == ["x/web, db, y/web"])
    }

    /// A Hebrew name has a line of its own, and a long one is cut once though a comma follows.
    @Test func `names that run from right to left stand alone`() throws {
        let long = String(repeating: "n", count: 60)
        for (others, lines) in [(["שירות"], ["b", "שירות"]), ([long], nil)] {
            var scene = Scene(try platform(["host/a", "pod/b on host/a"] + others.map { "pod/\($0) on host/a" }))
            try scene.add("host/a", EntityStatus(.root(rank: 1)))
            for pod in ["pod/b"] + others.map({ "pod/\($0)" }) {
                try scene.add(pod, EntityStatus(.affected(.down)))
                scene.causes.append(
                    CauseArrow(from: try scene.topology.id("host/a"), to: try scene.topology.id(pod), kind: .carries)
                )
            }
            let names = try #require(Diagram(scene.source()).boxes.first { $0.memberCount == 2 }?.names)
            if let lines { #expect(names == lines) } else { #expect(names.joined().count { $0 == "…" } == 1) }
        }
    }

    @Test func `siblings with one fate share a box`() throws {
        var scene = Scene(
            try platform(["host/a"] + (10..<22).map { "pod/web/p\($0) on host/a" } + ["pod/web/z on host/a"])
        )
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for pod in 10..<22 {
            try scene.add(
                "pod/web/p\(pod)",
                EntityStatus(.affected(.down), since: "10:\(pod)Z", alertCount: 1, facts: ["gone"])
            )
        }
        try scene.add("pod/web/z", EntityStatus(.affected(.down), facts: ["another fate"]))
        for entity in scene.topology.entities where scene.topology.name(of: entity) != "host/a" {
            scene.causes.append(CauseArrow(from: try scene.topology.id("host/a"), to: entity, kind: .carries))
        }
        let diagram = Diagram(scene.source())
        #expect(
            diagram.outline == [
                "[-] root e-host-a HOST · ROOT CAUSE 1: a",
                "[-] down g-pod-web-p10 12 PODS · web · DOWN: p10, p11, p12, p13, p14, +7 more "
                    + "| 10:10Z – 10:21Z · 12 alerts · gone",
                "[-] down e-pod-web-z POD · web · DOWN: z | another fate",
                "e-host-a carries g-pod-web-p10", "e-host-a carries e-pod-web-z",
            ]
        )
    }

    @Test func `what is expected without an alert says so, and one box holds those of all places`() throws {
        var scene = Scene(
            try platform(
                ["operator/deploy"]
                    + ["x", "y", "z"].flatMap {
                        ["site/\($0)", "host/\($0) on site/\($0)", "job/\($0) on host/\($0) needs operator/deploy"]
                    }
            )
        )
        try scene.add("operator/deploy", EntityStatus(.root(rank: 1), isSilent: true))
        try scene.add("job/x", EntityStatus(.affected(.down), alertCount: 1))
        for name in ["job/y", "job/z"] { try scene.add(name, EntityStatus(.expected(.down))) }
        try scene.join("operator/deploy", .carries, "job/x", "job/y", "job/z")
        let diagram = Diagram(scene.source())
        #expect(
            diagram.outline.filter { !$0.contains(" carries ") } == [
                "[shared] root e-operator-deploy OPERATOR · ROOT CAUSE 1 · SILENT: deploy",
                "[x] down e-job-x JOB · DOWN: x | 1 alert",
                "[-] expected g-job-y 2 JOBS · EXPECTED, NO ALERT: y, z | in 2 sites",
            ]
        )
        #expect(diagram.legend.contains(.box(.expected)))
    }

    @Test func `remarks stand at the bottom`() throws {
        var source = try Scene.shop()
        source.remarks = ["No answer from: K8s MCP"]
        #expect(Diagram(source).notes == ["No answer from: K8s MCP"])
    }

    @Test func `what has other effects does not share a box`() throws {
        var scene = Scene(try platform(["host/a", "pod/x on host/a", "pod/y on host/a", "service/s needs pod/x"]))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for name in ["pod/x", "pod/y", "service/s"] { try scene.add(name, EntityStatus(.affected(.down))) }
        try scene.join("host/a", .carries, "pod/x", "pod/y")
        try scene.join("pod/x", .carries, "service/s")
        #expect(Diagram(scene.source()).boxes.map(\.id).sorted() == ["e-host-a", "e-pod-x", "e-pod-y", "e-service-s"])
    }

    @Test func `alike subtrees collapse together`() throws {
        var lines = ["site/s", "tor/t on site/s"]
        for host in 0..<50 {
            lines.append("host/h\(host) on site/s needs tor/t")
            for pod in 0..<20 { lines.append("pod/p\(host)-\(pod) on host/h\(host)") }
        }
        var scene = Scene(try platform(lines))
        try scene.add("tor/t", EntityStatus(.root(rank: 1)))
        for host in 0..<50 {
            try scene.add("host/h\(host)", EntityStatus(.affected(.down)))
            try scene.join("tor/t", .carries, "host/h\(host)")
            for pod in 0..<20 {
                try scene.add("pod/p\(host)-\(pod)", EntityStatus(.affected(.down)))
                try scene.join("host/h\(host)", .carries, "pod/p\(host)-\(pod)")
            }
        }
        let diagram = Diagram(scene.source())
        #expect(diagram.boxes.map(\.memberCount) == [1, 50, 1_000])
        #expect(diagram.arrows.count == 2)
        #expect(diagram.rooms.map(\.name) == ["s"])
    }

    @Test func `beyond the budget the least important is cut and counted`() throws {
        // Chains of different lengths have no siblings.
        var lines = ["host/a"]
        for index in 0..<30 { lines.append("k\(index)/n needs \(index == 0 ? "host/a" : "k\(index - 1)/n")") }
        var scene = Scene(try platform(lines + ["site/r"]))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        try scene.add("site/r", EntityStatus(.rival(ofRank: 1)))
        for index in 0..<30 {
            try scene.add("k\(index)/n", EntityStatus(index == 29 ? .unexplained : .affected(.down)))
            try scene.join(index == 0 ? "host/a" : "k\(index - 1)/n", .carries, "k\(index)/n")
        }
        let diagram = Diagram(scene.source(), options: DiagramOptions(maxBoxes: 6))
        #expect(diagram.boxes.map(\.id) == ["e-host-a", "e-site-r", "e-k0-n", "e-k1-n", "e-k2-n", "e-k29-n"])
        #expect(diagram.boxes[4].lines == ["→ +1 not drawn"])
        #expect(diagram.notes == ["+26 more not drawn: 1 k10, 1 k11, 1 k12, 1 k13, 1 k14, …"])
        #expect(
            Diagram(scene.source(), options: DiagramOptions(maxBoxes: 1)).boxes.map(\.id) == ["e-host-a", "e-site-r"]
        )
        #expect(Diagram(scene.source(), options: DiagramOptions(maxBoxes: 6, all: true)).boxes.count == 32)
    }

    /// Losses that each end a service alone had a box each, and ten thousand of them took a minute to draw.
    @Test(.timeLimit(.minutes(10)))
    func `of very many causes the first five hundred are drawn`() throws {
        let names = (1000..<2200).map { "svc/s\($0)" }
        var scene = Scene(try platform(zip(names, names.dropFirst()).map { "\($0) needs \($1)" } + names.suffix(1)))
        for (index, name) in names.enumerated() {
            try scene.add(name, EntityStatus(.root(rank: index + 1)))
            if index > 0 { try scene.join(name, .carries, names[index - 1]) }
        }
        let diagram = Diagram(scene.source(), options: DiagramOptions(maxBoxes: 6))
        #expect(diagram.boxes.count == 500)
        #expect(diagram.notes == ["+700 more not drawn: 700 services"])
        let focus = try scene.topology.id("svc/s2199")
        let focused = Diagram(scene.source(), options: DiagramOptions(maxBoxes: 6, focus: focus))
        #expect(focused.boxes.contains { $0.names == ["s2199"] })
    }

    @Test func `the radius counts arrows from the roots`() throws {
        var scene = Scene(try platform(["host/a", "pod/b needs host/a", "service/c needs pod/b", "api/d"]))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for name in ["pod/b", "service/c"] { try scene.add(name, EntityStatus(.affected(.down))) }
        try scene.add("api/d", EntityStatus(.unexplained))
        try scene.join("host/a", .carries, "pod/b")
        try scene.join("pod/b", .carries, "service/c")
        let diagram = Diagram(scene.source(), options: DiagramOptions(radius: 1))
        #expect(diagram.boxes.map(\.id) == ["e-host-a", "e-pod-b", "e-api-d"])
        #expect(diagram.notes == ["+1 out of range, not drawn: 1 service"])
    }

    @Test func `a focus draws its neighbourhood, well or not`() throws {
        var scene = Scene(
            try platform(["host/a", "pod/b needs host/a", "service/c needs pod/b", "host/far", "pod/g needs host/far"])
        )
        try scene.add("host/far", EntityStatus(.affected(.down)))
        let focus = try scene.topology.id("pod/b")
        let diagram = Diagram(scene.source(), options: DiagramOptions(radius: 1, focus: focus))
        #expect(
            diagram.outline == [
                "[-] context e-host-a HOST: a", "[-] context e-pod-b POD: b", "[-] context e-service-c SERVICE: c",
                "e-host-a needs e-pod-b", "e-pod-b needs e-service-c",
            ]
        )
        #expect(diagram.notes == ["+1 out of range, not drawn: 1 host"])
    }

    @Test func `a focus draws the causes that lead to it, with the way between left out and counted`() throws {
        var scene = Scene(
            try platform([
                "host/a", "node/b needs host/a", "pod/c needs node/b", "api/d needs pod/c", "web/e needs api/d",
                "site/s", "dns/other", "mail/m needs dns/other",
            ])
        )
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        try scene.add("dns/other", EntityStatus(.root(rank: 2)))
        try scene.add("site/s", EntityStatus(.rival(ofRank: 1)))
        for name in ["node/b", "pod/c", "api/d", "web/e", "mail/m"] {
            try scene.add(name, EntityStatus(.affected(.down)))
        }
        try scene.join("site/s", .possible, "host/a")
        for (from, to) in [("host/a", "node/b"), ("node/b", "pod/c"), ("pod/c", "api/d"), ("api/d", "web/e")] {
            try scene.join(from, .carries, to)
        }
        try scene.join("dns/other", .carries, "mail/m")
        let focus = try scene.topology.id("web/e")
        let diagram = Diagram(scene.source(), options: DiagramOptions(radius: 1, focus: focus))
        #expect(
            diagram.outline.filter { !$0.hasPrefix("[") } == [
                "e-host-a carries e-api-d", "e-site-s possible e-host-a", "e-api-d carries e-web-e",
            ]
        )
        #expect(diagram.arrows.map(\.label) == ["2 steps left out", nil, nil])
        #expect(diagram.facts == ["only what surrounds web/e"])
        #expect(
            diagram.notes == [
                "+1 cause that leads to nothing here, not drawn: dns/other",
                "+3 out of range, not drawn: 1 mail, 1 node, 1 pod",
            ]
        )
    }

    @Test func `what is in focus has a box of its own, whatever is cut`() throws {
        var scene = Scene(try platform(["host/a"] + (10..<20).map { "pod/p\($0) on host/a" }))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        for pod in 10..<20 {
            try scene.add("pod/p\(pod)", EntityStatus(.affected(.down)))
            try scene.join("host/a", .carries, "pod/p\(pod)")
        }
        let focus = try scene.topology.id("pod/p15")
        for most in [1, 60] {
            let diagram = Diagram(scene.source(), options: DiagramOptions(maxBoxes: most, focus: focus))
            #expect(diagram.boxes.first { $0.names == ["p15"] }?.memberCount == 1)
            #expect(diagram.boxes.map(\.memberCount).sorted() == (most == 1 ? [1, 1] : [1, 1, 9]))
        }
    }

    /// In retail, one till that another root cause had brought down stood in the box of 35 that the carrier had.
    @Test func `things that different causes bring down share no box, however full the picture`() throws {
        var lines = ["carrier/c"]
        for shop in 10..<50 {
            lines += ["site/\(shop)", "router/\(shop) on site/\(shop) needs carrier/c"]
            lines += ["till/\(shop) on site/\(shop) needs router/\(shop)"]
        }
        var scene = Scene(try platform(lines))
        try scene.add("carrier/c", EntityStatus(.root(rank: 1)))
        for shop in 10..<50 {
            try scene.add("router/\(shop)", EntityStatus(shop == 49 ? .root(rank: 2) : .affected(.down)))
            try scene.add("till/\(shop)", EntityStatus(.affected(.down), facts: ["\(shop)"]))
            if shop < 49 { try scene.join("carrier/c", .carries, "router/\(shop)") }
            try scene.join("router/\(shop)", .carries, "till/\(shop)")
        }
        // What the rival of the second would reach, of all the tills, is the one of its shop.
        try scene.add("site/49", EntityStatus(.rival(ofRank: 2)))
        try scene.join("site/49", .possible, "router/49", "till/49")
        for most in [1, 8, 60] {
            let diagram = Diagram(scene.source(), options: DiagramOptions(maxBoxes: most))
            let tills = diagram.boxes.indices.filter { diagram.boxes[$0].id.contains("till") }
            for till in tills {
                let isSeparate = diagram.boxes[till].id == "e-till-49"
                #expect(diagram.boxes[till].memberCount == (isSeparate ? 1 : 39))
                let sources = diagram.arrows.filter { $0.to == till }.map { diagram.boxes[$0.from].id }
                #expect(Set(sources) == (isSeparate ? ["e-router-49", "e-site-49"] : ["g-router-10"]))
            }
            #expect(tills.count == (most == 1 ? 0 : 2))
        }
    }

    @Test func `in a crowd, that some have effects of their own makes no box`() throws {
        var lines = ["tor/t"]
        for host in 10..<50 {
            lines.append("host/\(host) needs tor/t")
            for pod in 0..<(host % 5) { lines.append("pod/\(host)-\(pod) on host/\(host)") }
        }
        var scene = Scene(try platform(lines))
        try scene.add("tor/t", EntityStatus(.root(rank: 1)))
        for host in 10..<50 {
            try scene.add("host/\(host)", EntityStatus(.affected(.down)))
            try scene.join("tor/t", .carries, "host/\(host)")
            for pod in 0..<(host % 5) {
                // One of three alike is not seen.
                try scene.add("pod/\(host)-\(pod)", EntityStatus(pod == 2 ? .expected(.down) : .affected(.down)))
                try scene.join("host/\(host)", .carries, "pod/\(host)-\(pod)")
            }
        }
        // Hosts with no pod, with seen ones only and with both kinds are three boxes by their effects.
        #expect(Diagram(scene.source()).boxes.map(\.memberCount) == [1, 40, 64, 16])
    }

    @Test func `rooms are sites, inner places that help, and what has no place`() throws {
        var scene = Scene(
            try platform([
                "site/x = Ex", "host/a on site/x", "host/b on site/x", "pod/1 on host/a", "db/2 on host/a",
                "pod/3 on host/b",
                "operator/o", "deploy/a needs host/a", "service/free needs operator/o",
            ])
        )
        for name in ["pod/1", "db/2", "pod/3", "deploy/a", "service/free"] {
            try scene.add(name, EntityStatus(.affected(.down), facts: [name]))
        }
        try scene.add("operator/o", EntityStatus(.root(rank: 1)))
        try scene.join("operator/o", .carries, "service/free", "deploy/a", "pod/1", "db/2", "pod/3")
        let diagram = Diagram(scene.source())
        let rooms = diagram.rooms.map { room in
            "\(room.parent.map(String.init) ?? "-") \(room.id) \(room.name) \(room.label ?? "")"
        }
        #expect(rooms == ["- r-shared shared no site", "- r-site-x x Ex", "1 r-host-a host a "])
        let places = Dictionary(uniqueKeysWithValues: diagram.boxes.map { ($0.id, $0.room) })
        #expect(
            places == [
                "e-operator-o": 0, "e-pod-1": 2, "e-db-2": 2, "e-pod-3": 1, "e-deploy-a": 1, "e-service-free": nil,
            ]
        )
    }

    @Test func `rooms that lead to each other both ways have no walls between them`() throws {
        var scene = Scene(
            try platform(
                ["site/x", "rack/a on site/x", "rack/b on site/x"]
                    + (0..<4).map { "service/s\($0) on rack/\($0 < 2 ? "a" : "b")" }
            )
        )
        for index in 0..<4 {
            try scene.add(
                "service/s\(index)",
                EntityStatus(index == 0 ? .root(rank: 1) : .affected(.down), facts: ["\(index)"])
            )
        }
        try scene.join("service/s0", .carries, "service/s1", "service/s2", "service/s3")
        #expect(Diagram(scene.source()).rooms.map(\.name) == ["x", "rack a", "rack b"])
        try scene.join("service/s2", .possible, "service/s1")
        #expect(Diagram(scene.source()).rooms.map(\.name) == ["x"])
    }

    @Test func `witnesses share a box and point at what they saw`() throws {
        var scene = Scene(
            try platform(
                ["host/dead on site/z", "site/z", "service/s needs host/dead"]
                    + ["a", "b", "c", "d"].flatMap { ["site/\($0)", "host/\($0) on site/\($0)"] }
            )
        )
        try scene.add("host/dead", EntityStatus(.root(rank: 1)))
        try scene.add("service/s", EntityStatus(.affected(.down)))
        try scene.join("host/dead", .carries, "service/s")
        for name in ["a", "b", "c", "d"] {
            try scene.add("host/\(name)", EntityStatus(.witness, facts: ["cannot reach dead"]))
            try scene.join("host/dead", .observes, "host/\(name)")
        }
        let diagram = Diagram(scene.source())
        #expect(
            diagram.outline == [
                "[z] root e-host-dead HOST · ROOT CAUSE 1: dead", "[-] down e-service-s SERVICE · DOWN: s",
                "[-] witness g-host-a 4 HOSTS · WITNESS: a, b, c, d | in 4 sites · cannot reach dead",
                "e-host-dead carries e-service-s", "e-host-dead observes g-host-a",
            ]
        )
        #expect(diagram.legend.contains(.box(.witness)) && diagram.legend.contains(.arrow(.observes)))
        #expect(diagram.sentence(for: diagram.arrows[1]) == "4 HOSTS a, b, c, d saw HOST dead fail")
        #expect(diagram.mermaid.contains("n3 -.-x n1"))
        // They are the first to go: the failure itself keeps its boxes.
        let small = Diagram(scene.source(), options: DiagramOptions(maxBoxes: 2))
        #expect(small.boxes.map(\.style) == [.root, .down])
        #expect(small.notes == ["+4 more not drawn: 4 hosts"])
    }

    @Test func `a blind spot is neither down nor well`() throws {
        var scene = Scene(
            try platform([
                "host/m", "monitor/p on host/m", "database/d on host/m", "service/s", "service/t", "host/w",
            ])
        )
        try scene.add("host/m", EntityStatus(.root(rank: 1)))
        try scene.add("monitor/p", EntityStatus(.affected(.down), alertCount: 1))
        try scene.add("database/d", EntityStatus(.blindSpot, facts: ["presumed down", "its observer p is down"]))
        for name in ["service/s", "service/t"] {
            try scene.add(name, EntityStatus(.unknown, facts: ["state unknown", "its observer p is down"]))
        }
        try scene.add("host/w", EntityStatus(.witness))
        try scene.join("host/m", .carries, "monitor/p", "database/d")
        try scene.join("host/m", .observes, "host/w")
        try scene.join("monitor/p", .blinds, "service/s", "service/t")
        var source = scene.source()
        source.meanings = [.blindSpot: "blind spot: its observer monitor/p is down"]
        let diagram = Diagram(source)
        #expect(
            diagram.outline.filter { $0.contains("BLIND") } == [
                "[-] blind-spot e-database-d DATABASE · BLIND SPOT: d | presumed down · its observer p is down",
                "[-] blind-spot g-service-s 2 SERVICES · BLIND SPOT: s, t | state unknown · its observer p is down",
            ]
        )
        #expect(
            diagram.legend.filter { "\($0)".contains("blind") }.map(\.meaning) == [
                "blind spot: its observer monitor/p is down", "cannot see",
            ]
        )
        #expect(diagram.description.contains { $0.hasPrefix("2 SERVICES · BLIND SPOT: s, t, state unknown") })
        #expect(diagram.dot.contains("MONITOR p cannot see 2 SERVICES s, t"))
        // What is unknown goes before who saw, and who saw before what is presumed to be down.
        func kept(_ boxes: Int) -> [String] {
            Diagram(source, options: DiagramOptions(maxBoxes: boxes)).boxes.map { $0.names.joined() }
        }
        #expect(Set(kept(4)) == ["m", "p", "d", "w"] && Set(kept(3)) == ["m", "p", "d"])
    }

    @Test func `a box leads to the first usable address of each kind`() throws {
        var scene = Scene(try platform(["host/a", "host/b"]))
        try scene.add(
            "host/a",
            EntityStatus(
                .affected(.down),
                links: [
                    EvidenceLink(.dashboard, "https://grafana.example/d/1"),
                    EvidenceLink(.runbook, "javascript:alert(1)"),
                    EvidenceLink(.runbook, "http://runbooks.example/x"),
                    EvidenceLink(.runbook, "http://runbooks.example/y"),
                ]
            )
        )
        try scene.add("host/b", EntityStatus(.affected(.down), links: [EvidenceLink(.source, "ftp://x.example")]))
        let diagram = Diagram(scene.source(), options: DiagramOptions(all: true))
        let linked = try #require(diagram.boxes.first { $0.names.contains { $0.contains("a") } })
        #expect(
            linked.links.map { "\($0.kind) \($0.target.address)" }.prefix(2) == [
                "runbook http://runbooks.example/x", "dashboard https://grafana.example/d/1",
            ]
        )
        #expect(
            diagram.dot.contains("<TD HREF=\"http://runbooks.example/x\" TARGET=\"_blank\" TOOLTIP=\"runbook\"><U>")
        )
        #expect(!diagram.dot.contains("ftp:") && !diagram.dot.contains("javascript:"))
        // Nothing can be clicked on paper.
        #expect(!diagram.graph(showsLinks: false).text.contains("<U>"))
    }

    @Test func `noise is one quiet count`() throws {
        var source = try Scene.shop()
        source.setAside = [
            .init(label: "B", count: 2), .init(label: "A", count: 2), .init(label: "C", count: 5),
            .init(label: "D", count: 0),
        ]
        #expect(Diagram(source).notes == ["Set aside: 9 alerts  (C 5, A 2, B 2)"])
    }

    @Test func `several arrows between two boxes are one, of the gravest kind`() throws {
        var scene = Scene(try platform(["host/a", "pod/b needs host/a"]))
        try scene.add("host/a", EntityStatus(.root(rank: 1)))
        try scene.add("pod/b", EntityStatus(.affected(.down)))
        try scene.join("host/a", .possible, "pod/b")
        try scene.join("host/a", .carries, "pod/b")
        try scene.join("pod/b", .carries, "pod/b")
        #expect(Diagram(scene.source()).arrows.map(\.kind) == [.carries])
    }

    @Test func `ids never clash`() throws {
        var scene = Scene(try platform(["a-b/c", "a/b-c", "a/b/c", "a/b_c", "a/b.c"]))
        for entity in scene.topology.entities {
            scene.statuses[entity] = EntityStatus(.unexplained, facts: ["\(entity)"])
        }
        let ids = Diagram(scene.source()).boxes.map(\.id)
        #expect(Set(ids).count == 5)
        #expect(ids.allSatisfy { $0.utf8.allSatisfy { byte in byte < 0x80 && byte > 0x2C } })
    }

    @Test func `the order of the input changes nothing`() throws {
        var source = try Scene.shop()
        source.causes += source.causes.map { CauseArrow(from: $0.from, to: $0.to, kind: .harms) }
        let first = Diagram(source).dot
        source.causes.reverse()
        #expect(Diagram(source).dot == first)
    }

    @Test func `a chain is laid in as many layers as it has links, a circle in as few as it can`() throws {
        var scene = Scene(try platform((0..<6).map { "service/s\($0)" }))
        for index in 0..<6 {
            try scene.add(
                "service/s\(index)",
                EntityStatus(index == 0 ? .root(rank: 1) : .affected(.down), facts: ["\(index)"])
            )
        }
        for index in 0..<5 { try scene.join("service/s\(index)", .carries, "service/s\(index + 1)") }
        #expect(Diagram(scene.source()).layers == [0, 1, 2, 3, 4, 5])
        try scene.join("service/s5", .carries, "service/s0")
        try scene.join("service/s0", .carries, "service/s3")
        #expect(Diagram(scene.source()).layers.max() == 3)
    }

    @Test func `nothing to draw is a picture too`() throws {
        let source = DiagramSource(topology: try platform(["host/a"]), statuses: [:], causes: [], title: "All is well.")
        #expect(Diagram(source).boxes.isEmpty)
        #expect(Diagram(source).dot.contains("Nothing to draw."))
    }
}

extension Diagram {
    /// Boxes and arrows, one a line.
    var outline: [String] {
        boxes.map { box in
            let room = box.room.map { rooms[$0].name } ?? "-"
            let names = (box.names + [box.more].compactMap { $0 }).joined(separator: " ")
            return (["[\(room)] \(box.style.rawValue) \(box.id) \(box.caption): \(names)"] + box.lines).joined(
                separator: " | "
            )
        } + arrows.map { "\(boxes[$0.from].id) \($0.kind.word) \(boxes[$0.to].id)" }
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

    func source(title: String = "One thing broke.") -> DiagramSource {
        DiagramSource(topology: topology, statuses: statuses, causes: causes, title: title)
    }

    static func shop() throws -> DiagramSource {
        var scene = Scene(try platform(["database/orders", "service/shop needs database/orders"]))
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
        try scene.add(
            "service/shop",
            EntityStatus(
                .affected(.down),
                since: "08:02Z",
                alertCount: 3,
                evidence: ["ShopDown 08:02Z"],
                links: [EvidenceLink(.runbook, "https://x.example/"), EvidenceLink(.dashboard, "javascript:alert(1)")]
            )
        )
        try scene.join("database/orders", .carries, "service/shop")
        return scene.source()
    }
}
