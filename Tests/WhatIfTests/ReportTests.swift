import BlastRadius
import Diagram
import Foundation
import JSON
import Reports
import Simulation
import Testing
import Topology

@Suite("What-if reports")
struct WhatIfReportTests {
    /// Two replicas of a service on two nodes of one site, and one that can move.
    private func shop() throws -> Platform {
        try platform(
            """
            name: shop
            kinds: {pod: {criticality: low}, node: {criticality: high}, service: {criticality: critical}}
            entities:
              site/x: {criticality: medium}
              node/1: {on: site/x}
              node/2: {on: site/x, capacity: 4}
              pod/shop/a: {on: node/1, can_run_on: node, uses: 3}
              pod/shop/b: {on: node/2}
              pod/shop/c: {on: node/1, can_run_on: node, uses: 2}
              service/shop/web: {needs: [{any: [pod/shop/a, pod/shop/b]}]}
            alerts:
              - {match: '{alertname="PodDown"}', entity: 'pod/{namespace}/{pod}', pending: 1h30m}
            """
        )
    }

    @Test("the picture in Markdown is as large as is asked for")
    func drawing() throws {
        let platform = try shop()
        let forecast = platform.forecast(losses: try platform.topology.ids("node/1"))
        let sets = platform.cutSets(of: try platform.topology.id("service/shop/web"), CutSetOptions(order: 2))
        let ranking = platform.riskRanking()
        func pages(_ options: DiagramOptions) -> [String] {
            [
                WhatIfReport.markdown(
                    forecast,
                    picture: Diagram(WhatIfReport.picture(forecast), options: options)
                ),
                RankReport.markdown(ranking, picture: Diagram(RankReport.picture(ranking), options: options)),
                CutSetsReport.markdown(
                    sets,
                    platform,
                    picture: Diagram(CutSetsReport.picture(sets, platform), options: options)
                ),
            ]
        }
        #expect(pages(DiagramOptions()).allSatisfy { !$0.contains(" not drawn") })
        #expect(pages(DiagramOptions(maxBoxes: 1)).allSatisfy { $0.contains(" more not drawn") })
    }

    @Test("the summary, whole")
    func summary() throws {
        let platform = try shop()
        let forecast = platform.forecast(losses: try platform.topology.ids("node/1"))
        // Costs: a node 10, a pod 1. The larger pod moves, which leaves no room for the other.
        #expect(
            WhatIfReport.summary(forecast) == """
                What if: loss of node/1
                3 of 7 go down · 0 degraded · 1 without its redundancy · 3 untouched · cost 0 → 12
                Once 1 entity moved: 2 down instead of 3.

                Down
                   entity       criticality   by way of
                   node/1       high          lost
                   pod/shop/a   low           directly
                   pod/shop/c   low           directly

                Serving, redundancy gone
                   entity             criticality   next loss that ends it
                   service/shop/web   critical      node/2, pod/shop/b and site/x

                Alerts that would fire
                   after   alert     entity
                   1h30m   PodDown   pod/shop/a
                   1h30m   PodDown   pod/shop/c

                After rescheduling
                   moves        from     to
                   pod/shop/a   node/1   node/2

                   cannot move   because
                   pod/shop/c    no other place has room for it

                   Then down: node/1 and pod/shop/c.

                The next loss
                   entity       takes down   that would stay up otherwise   cost
                   node/2                3                              1     41
                   pod/shop/b            2                              1     31

                Before and after
                   of                     all   down before   down after   redundancy gone
                   everything               7             0            3                 1
                   site/x                   6             0            3                 0
                   in no site               1             0            0                 1
                   criticality critical     1             0            0                 1
                   criticality high         2             0            1                 0
                   criticality low          3             0            2                 0
                   kind node                2             0            1                 0
                   kind pod                 3             0            2                 0
                   kind service             1             0            0                 1

                """
        )
    }

    @Test("the keys of the contract")
    func keys() throws {
        let platform = try shop()
        let document = try parse(WhatIfReport.json(platform.forecast(losses: try platform.topology.ids("node/1"))))
        #expect(document["schemaVersion"] as? Int == 1)
        #expect(document["lost"] as? [String] == ["node/1"])
        let down = try #require(document["down"] as? [[String: Any]])
        #expect(down.map { $0["entity"] as? String } == ["node/1", "pod/shop/a", "pod/shop/c"])
        #expect(down.allSatisfy { $0["because"] as? [String] == ["node/1"] && $0["via"] as? [String] == [] })
        #expect((document["degraded"] as? [Any])?.isEmpty == true)
        let reduced = try #require(document["redundancyLost"] as? [[String: Any]])
        #expect(reduced.map { $0["entity"] as? String } == ["service/shop/web"])
        #expect(reduced.first?["endedBy"] as? [String] == ["node/2", "pod/shop/b", "site/x"])
        let alerts = try #require(document["predictedAlerts"] as? [[String: Any]])
        #expect(alerts.map { $0["alertname"] as? String } == ["PodDown", "PodDown"])
        #expect(alerts.map { $0["entity"] as? String } == ["pod/shop/a", "pod/shop/c"])
        #expect(alerts.map { $0["after"] as? String } == ["1h30m", "1h30m"])
    }

    @Test("a picture shows the loss, what it takes down, what still serves, and what changes")
    func picture() throws {
        let platform = try shop()
        let diagram = Diagram(WhatIfReport.picture(platform.forecast(losses: try platform.topology.ids("node/1"))))
        #expect(diagram.title == "What if: loss of node/1")
        let captions = diagram.boxes.map(\.caption)
        #expect(
            captions.sorted() == [
                "NODE · LOST", "POD · shop · DOWN", "POD · shop · DOWN", "SERVICE · shop · REDUNDANCY LOST",
            ]
        )
        let moving = try #require(diagram.boxes.first { $0.names == ["a"] })
        #expect(moving.lines.joined(separator: " · ").contains("up → down · moves to node/2"))
        #expect(diagram.legend.contains(.box(.root, as: "lost")))
        // From the node to both pods; of these only one is a replica of the service.
        #expect(diagram.arrows.count == 3)
    }

    @Test("long ways say that they are cut; what is degraded has its way too; a loss without effect says so")
    func ways() throws {
        let platform = try platform(
            """
            entities:
              service/0: {}
              service/1: {needs: [service/0]}
              service/2: {needs: [service/1]}
              service/3: {needs: [service/2]}
              service/4: {needs: [service/3]}
              service/5: {needs: [service/4]}
              service/6: {needs: [service/5]}
              service/7: {needs: [{weak: service/6}]}
            """
        )
        func summary(_ name: String) throws -> String {
            WhatIfReport.summary(platform.forecast(losses: try platform.topology.ids(name)))
        }
        let all = try summary("service/0")
        #expect(all.contains("   service/5   medium        service/1 → service/2 → service/3 → service/4\n"))
        #expect(all.contains("   service/6   medium        … → service/3 → service/4 → service/5\n"))
        #expect(all.contains("   service/7   medium        … → service/4 → service/5 → service/6\n"))
        #expect(!all.contains("Nothing"))
        #expect(try summary("service/7").contains("\nNothing else is affected.\n"))
        let diagram = Diagram(
            WhatIfReport.picture(platform.forecast(degradations: try platform.topology.ids("service/6")))
        )
        #expect(diagram.legend.contains(.box(.root, as: "degraded by itself")))
    }

    @Test("a page holds what the summary says, and the picture that it is given")
    func page() throws {
        let platform = try shop()
        let forecast = platform.forecast(losses: try platform.topology.ids("node/1"))
        let page = WhatIfReport.html(forecast, svg: Array("<svg id=\"drawn\"/>".utf8))
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg id=\"drawn\"/>"))
        #expect(page.contains("<h1>What if: loss of <code>node/1</code></h1>"))
        #expect(page.contains("<h2>Serving, redundancy gone</h2>") && !page.contains("<h2>Degraded</h2>"))
    }

    @Test("names from a topology are escaped in Markdown, and controls do not reach a terminal")
    func hostileNames() throws {
        let platform = try platform(
            "name: \"a\\e[31m|b\"\nentities:\n  host/a|`b: {}\n  host/c: {needs: ['host/a|`b']}"
        )
        let ranking = platform.riskRanking()
        #expect(!RankReport.summary(ranking).contains("\u{1B}"))
        let rows = RankReport.markdown(ranking).split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.contains { $0.contains("host/a\\|\\`b") })
    }

    private func parse(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}

@Suite("Rank and cut-set reports")
struct RankReportTests {
    /// A service on either of two databases, which share a power supply.
    private func pair() throws -> Platform {
        try platform(
            """
            kinds: {power: {faults_per_year: 1}, database: {faults_per_year: 2}, service: {faults_per_year: 4}}
            entities:
              power/p: {criticality: low}
              database/a: {on: power/p, criticality: high}
              database/b: {on: power/p, criticality: high}
              service/s: {needs: [{any: [database/a, database/b]}], criticality: critical}
              service/t: {needs: [{weak: service/s}], criticality: critical}
            """
        )
    }

    private func parse(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("what each loss costs, what two cost beyond their sum, and what takes down what")
    func rank() throws {
        let document = try parse(RankReport.json(try pair().riskRanking()))
        let losses = try #require(document["losses"] as? [[String: Any]])
        #expect(
            losses.map { $0["entity"] as? String } == ["power/p", "service/s", "service/t", "database/a", "database/b"]
        )
        // The power takes both databases and the service, 1 + 10 + 10 + 30, and degrades the other, 30 ÷ 4.
        #expect(losses.map { $0["cost"] as? Double } == [58.5, 37.5, 30, 10, 10])
        #expect(losses.map { $0["down"] as? Int } == [4, 1, 1, 1, 1])
        #expect(losses.map { $0["degraded"] as? Int } == [1, 1, 0, 0, 0])
        let pairs = try #require(document["pairs"] as? [[String: Any]])
        #expect(pairs.map { $0["entities"] as? [String] } == [["database/a", "database/b"]])
        #expect(pairs.map { $0["cost"] as? Double } == [57.5] && pairs.map { $0["beyondSum"] as? Double } == [37.5])
        #expect(pairs.map { $0["brokenGroups"] as? [String] } == [["service/s"]])
        let points = try #require(document["singlePointsOfFailure"] as? [[String: Any]])
        #expect(points.map { $0["entity"] as? String } == ["power/p"])
        #expect(points.first?["of"] as? [String] == ["database/a", "database/b", "service/s"])
        let dependents = try #require(document["dependents"] as? [[String: Any]])
        #expect(dependents.map { $0["entity"] as? String } == ["service/s", "database/a", "database/b"])
        #expect(document["withoutRedundancy"] as? [String] == ["database/a", "database/b"])
    }

    @Test("with few listed, the counts are still those of all")
    func top() throws {
        let summary = RankReport.summary(try pair().riskRanking(top: 2))
        #expect(
            summary.contains("5 losses, the 2 costliest listed · 1 takes others down · 1 pair is worse than its parts")
        )
        #expect(!summary.contains("service/t"))
    }

    @Test("the budget for pairs ends the search, and the report says so")
    func pairBudget() throws {
        let ranking = try pair().riskRanking(pairBudget: 0)
        #expect(ranking.pairs.pairs.isEmpty && !ranking.pairs.coverage.isComplete)
        #expect(RankReport.summary(ranking).contains("0 of 1 redundancy groups and 0 pairs were gone through"))
        #expect(RankReport.summary(ranking).contains(" · at least 0 pairs are worse than their parts · "))
    }

    @Test("cut sets with their yearly downtime")
    func cutSets() throws {
        let platform = try pair()
        let sets = platform.cutSets(
            of: try platform.topology.id("service/s"),
            CutSetOptions(order: 2, meanTimeToRepair: 4)
        )
        let document = try parse(CutSetsReport.json(sets, platform))
        #expect(document["cutSets"] as? [[String]] == [["power/p"], ["service/s"], ["database/a", "database/b"]])
        #expect(document["order"] as? Int == 2 && document["complete"] as? Bool == true)
        // Rate × repair ÷ (a year + rate × repair): 4 ÷ 8764 and 16 ÷ 8776 of a year; 8 ÷ 8768, squared, for the pair.
        let expected = [4 / 8764.0, 16 / 8776.0, (8 / 8768.0) * (8 / 8768.0)]
        let found = try #require(document["probabilities"] as? [Double])
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 })
        let summary = CutSetsReport.summary(sets, platform)
        // 16 ÷ 8776 of 8760 hours is 15.97 h; the pair's share is 26 s.
        #expect(summary.contains("2 single losses · 1 pair"))
        #expect(summary.contains("   15h 58m       service/s"))
        #expect(summary.contains("   26s           database/a and database/b"))
    }
}
