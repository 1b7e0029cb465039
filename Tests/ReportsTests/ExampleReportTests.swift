import Alerts
import BlastRadius
import Diagram
import Foundation
import Inference
import Testing
import Time
import Topology

@testable import Reports

/// The reports of the incident of 2026-07-01, beside what people wrote about it.
@Suite struct ExampleReportTests {
    /// Once for all tests: a debug build takes seconds for it.
    static let example = Result { try exampleAnalysis() }

    let analysis: Analysis
    let wording: Wording

    init() throws {
        analysis = try Self.example.get()
        wording = Wording(analysis: analysis)
    }

    @Test func `severities are those of the report`() {
        #expect(analysis.rootCauses.map(\.severity) == [.critical, .high, .high, .high])
    }

    @Test func `a silent root's actions are about itself, then about what it explains, and every action says why`()
        throws
    {
        #expect(analysis.rootCauses.last?.actions.first?.text == "look at source flux-system/platform")
        let releases = try #require(analysis.rootCauses.last?.actions.dropFirst().first)
        #expect(releases.priority == .urgent)
        #expect(releases.text == "roll back what broke HelmRelease external-dns/external-dns, then remediate it")
        #expect(
            wording.why(releases)
                == "release/external-dns/external-dns and release/external-dns/external-dns-pdns observed failed, "
                + "an effect of source/flux-system/platform"
        )
        // The rule of the failed deploys names their operator.
        let batch = try #require(analysis.rootCauses[1].actions.first)
        #expect(batch.text == "check the deploy-rs operator logs at the time of the batch")
        #expect(wording.why(batch) == "3 × NixosHostDeployFailed on 3 NixOS deploys")
        #expect(
            analysis.actions.map(\.priority.rawValue) == [
                "URGENT", "URGENT", "URGENT", "HIGH", "HIGH", "MEDIUM", "MEDIUM",
            ]
        )
        #expect(analysis.actions.allSatisfy { !wording.why($0).isEmpty })
    }

    @Test func `what is expected without an alert is not said to be down`() throws {
        let consequence = try #require(wording.consequences(1).first)
        #expect(wording.consequences(1).count == 1 && consequence.effect == .down)
        #expect(
            wording.names(consequence.seen).sorted()
                == ["cc-fi-hel-core-01", "cc-fi-hel-k3s-02", "cc-fr-lau-store-01", "cc-se-sto-core-01"].map {
                    "nixos-deploy/\($0)"
                }
        )
        #expect(
            wording.names(consequence.expected).sorted()
                == ["cc-de-fsn-core-01", "cc-de-nue-k3s-01", "cc-fr-lau-store-02"].map { "nixos-deploy/\($0)" }
        )
        let source = DiagramReport.source(analysis)
        func role(_ name: String) throws -> EntityStatus.Role? {
            source.statuses[try #require(analysis.topology.entity(named: name))]?.role
        }
        #expect(try role("nixos-deploy/cc-de-nue-k3s-01") == .expected(.down))
        #expect(try role("nixos-deploy/cc-fr-lau-store-01") == .affected(.down))
        // No alert, but people saw it fail.
        #expect(try role("release/external-dns/external-dns-pdns") == .affected(.down))
    }

    @Test func `the timeline is in order, with beginning and firing apart`() {
        let rows = ReportTimeline(analysis).rows
        #expect(rows.map(\.at) == rows.map(\.at).sorted())
        let lines = rows.map { "\($0.at.hourAndMinute) \($0.event) \($0.what.plain)" }
        #expect(lines.first == "19:16Z began dns/ns-master down: root cause 3 (DNSMasterDown fired 19:31Z after 15m)")
        #expect(lines.contains("19:31Z fired DNSMasterDown on dns/ns-master"))
        #expect(lines.contains("19:25Z began condition of KubernetesNodeNotReady on node/cc-se-sto-core-01"))
        #expect(lines.contains("19:35Z fired KubernetesNodeNotReady on node/cc-se-sto-core-01"))
        #expect(lines.count { $0.hasPrefix("19:30Z fired 4 × NixosHostDeployFailed on ") } == 1)
        #expect(lines.count { $0.contains("Longhorn") } == 1)
        #expect(lines.contains("20:08Z changed commit “Fix ExternalDNS Traefik source flags”, ruled out as the cause"))
    }

    @Test func `names are as short as they can be told apart`() throws {
        let node = try #require(analysis.topology.entity(named: "node/cc-se-sto-core-01"))
        let grafana = try #require(analysis.topology.entity(named: "deployment/monitoring/grafana"))
        // There is a host of that name, too.
        #expect(wording.shortNames([node, grafana]) == ["node/cc-se-sto-core-01", "grafana"])
    }

    @Test func `the incident report has the sections that people use`() {
        let headings = MarkdownReport.render(analysis).split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(
            headings == [
                "## Summary", "## Timeline", "## Real incidents (action required)",
                "## Set aside: known issues, chronic noise and older alerts", "## Root cause analysis",
                "## Impact by area",
                "## Recommended actions", "## Changes considered", "## Blind spots", "## Operational notes",
                "## For people to write", "## Ledger", "## All alerts",
            ]
        )
    }

    @Test func `the summary is two sentences`() throws {
        let summary = try #require(ReportSections(analysis).summary.first)
        guard case .paragraph(let text) = summary else { throw Unexpected() }
        let shares = try analysis.rootCauses.prefix(2).flatMap {
            try [$0.confidence, #require($0.alternatives.first).confidence].map(Wording.percent)
        }
        #expect(
            text.plain
                == "Four things broke: host/cc-se-sto-core-01 down since 19:22Z (\(shares[0]) % likely, or site/sto1, "
                + "\(shares[1]) %), operator/deploy-rs down by 19:30Z (\(shares[2]) % likely, or config/nixos, \(shares[3]) %), dns/ns-master down since 19:16Z and source/flux-system/platform down by 19:35Z, which explain 18 of 37 "
                + "alerts. 19 alerts are known issues, 0 unexplained and 0 unmatched; the explanation is proven minimal, as "
                + "of 2026-07-01T20:15:00Z."
        )
    }

    @Test func `the impact is listed under the areas that people use`() throws {
        guard case .list(let items, _) = try #require(ReportSections(analysis).impact.first) else { throw Unexpected() }
        let lines = Dictionary(
            uniqueKeysWithValues: items.map { item in
                let parts = item.text.plain.split(separator: ": ", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            }
        )
        #expect(lines["NixOS Deployments"]?.contains("nixos-deploy/cc-fi-hel-k3s-02") == true)
        #expect(lines["Operators"] == "down: operator/deploy-rs and operator/headscale")
        #expect(lines["Services"]?.contains("nixos-deploy/") == false)
        #expect(lines["Deployments"]?.contains("operator/") == false)
    }

    @Test func `the ledger's counts add up to the total`() throws {
        let block = try #require(ReportSections(analysis).ledger.first)
        guard case .table(let table) = block else { throw Unexpected() }
        let counts = table.rows.compactMap { Int($0[1].plain) }
        #expect(counts.dropLast().reduce(0, +) == 37 && counts.last == 37)
    }

    @Test(arguments: ReportTemplate.builtIn.map(\.name))
    func `Markdown and HTML of a template have the same headings`(_ name: String) throws {
        let template = try #require(ReportTemplate.builtIn.first { $0.name == name })
        let markdown = MarkdownReport.render(analysis, template: template)
        let page = try run("cmark-gfm", ["-e", "table"], input: markdown)
        let html = HTMLReport.render(analysis, template: template, svg: nil)
        func headings(_ html: String) -> [String] {
            html.matches(of: /<h[123]>.*?<\/h[123]>/).map { HostileText.text(ofHTML: $0.output) }
        }
        #expect(headings(page) == headings(html))
        #expect(headings(html).count > 12)
        #expect(!markdown.contains("RichText") && !markdown.contains("\n\n\n"))
    }

    @Test func `a house style is filled and escaped for its language`() throws {
        let template = try ReportTemplate(
            InputFile(
                path: "house.mustache",
                bytes: Array(
                    "{{#h2}}{{number}}{{/h2}}{{#rootCauses}}{{rank}}={{entity}};{{/rootCauses}}{{#changes}}{{id}} <{{verdict}}>{{/changes}}"
                        .utf8
                )
            )
        )
        let roots = "1=host/cc-se-sto-core-01;2=operator/deploy-rs;3=dns/ns-master;4=source/flux-system/platform;"
        #expect(
            MarkdownReport.render(analysis, template: template)
                == "## 79\n\n\(roots)Fix ExternalDNS Traefik source flags <ruled-out>\n"
        )
        #expect(HTMLReport.render(analysis, template: template, svg: nil).contains("<h2>79</h2>\n\(roots)"))
    }

    @Test(arguments: [
        ("{{#open}}", 1, "not closed"), ("x\n{{#a}}{{/b}}", 2, "closed under another name"),
        ("{{name", 1, "is not finished"),
    ])
    func `a broken template is a finding with its place`(_ text: String, _ line: Int, _ words: String) throws {
        let error = try #require(throws: (any Error).self) {
            try ReportTemplate(InputFile(path: "t", bytes: Array(text.utf8)))
        }
        let description = "\(error)"
        #expect(
            description.hasPrefix("t:\(line):") && description.contains(words) && description.contains("[bad-template]")
        )
    }

    @Test func `the page's policy names the hash of its script`() throws {
        let digest = try run("openssl", ["dgst", "-sha256", "-binary", "-hex"], input: HTMLPage.script)
        let hex = try #require(digest.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
        #expect(Data(bytes).base64EncodedString() == HTMLPage.scriptHash)
    }

    @Test func `Grafana's rows name each other and keep within the limit`() throws {
        struct Frames: Decodable {
            struct Node: Decodable { var id: String }
            struct Edge: Decodable { var id: String, source: String, target: String }
            var nodes: [Node], edges: [Edge], omittedNodes: Int
        }
        for limit in [GrafanaReport.nodeLimit, 6] {
            let frames = try JSONDecoder().decode(Frames.self, from: Data(GrafanaReport.render(analysis, limit: limit)))
            let ids = Set(frames.nodes.map(\.id))
            #expect(ids.count == frames.nodes.count && ids.count <= limit)
            #expect(frames.edges.allSatisfy { ids.contains($0.source) && ids.contains($0.target) })
            #expect(Set(frames.edges.map(\.id)).count == frames.edges.count)
            #expect(ids.count + frames.omittedNodes == DiagramReport.source(analysis).statuses.count)
            #expect(ids.contains("host/cc-se-sto-core-01") && ids.contains("operator/deploy-rs"))
        }
    }

    /// As Grafana's documentation lists them under "Node graph", data API; case does not matter there.
    @Test func `Grafana's rows have only the fields that its panel knows`() throws {
        let known: [String: Set] = [
            "nodes": [
                "id", "title", "subtitle", "mainstat", "secondarystat", "color", "icon", "noderadius", "highlighted",
            ],
            "edges": [
                "id", "source", "target", "mainstat", "secondarystat", "color", "thickness", "highlighted",
                "strokedasharray",
            ],
        ]
        let frames = try JSONSerialization.jsonObject(with: Data(GrafanaReport.render(analysis))) as? [String: Any]
        for (frame, fields) in known {
            let rows = try #require(frames?[frame] as? [[String: Any]])
            let first = try #require(rows.first)
            #expect(first.keys.allSatisfy { fields.contains($0) || $0.hasPrefix("detail__") })
            // A frame is a table: each row has each column.
            #expect(rows.allSatisfy { Set($0.keys) == Set(first.keys) })
        }
    }

    @Test func `who saw a root cause fail is drawn beside it`() throws {
        let source = DiagramReport.source(analysis)
        let witnesses = source.statuses.filter { $0.value.role == .witness }
        #expect(witnesses.values.allSatisfy { $0.facts == ["cannot reach host/cc-se-sto-core-01"] })
        #expect(
            wording.names(witnesses.keys.sorted()) == [
                "host/cc-de-fsn-core-01", "host/cc-de-nue-k3s-01", "host/cc-fi-hel-core-01", "host/cc-fr-lau-store-02",
            ]
        )
        let diagram = Diagram(source)
        let box = try #require(diagram.boxes.first { $0.style == .witness })
        #expect(box.memberCount == 4 && box.caption == "4 HOSTS · WITNESS")
    }

    @Test func `evidence and the table of alerts lead to source and runbook`() throws {
        let html = HTMLReport.render(analysis, svg: nil)
        #expect(html.contains("href=\"https://runbooks.centralcloud.example/KubernetesNodeNotReady\""))
        let rows = html.ranges(of: "data-column=\"Links\"><a href=\"https://prometheus.centralcloud.example/").count
        #expect(rows == analysis.ledger.count)
        // A root cause's own alerts come first.
        let evidence = try #require(MarkdownReport.render(analysis).firstRange(of: "**Evidence**:\n\n"))
        #expect(
            MarkdownReport.render(analysis)[evidence.upperBound...].hasPrefix(
                "- 4 × `CiliumCanaryProbeFailing` on `host/cc-se-sto-core-01` ([source]("
            )
        )
    }

    @Test func `Grafana gets no more nodes than its panel draws`() throws {
        struct Frames: Decodable {
            struct Node: Decodable { var id: String }
            struct Edge: Decodable { var source: String, target: String }
            var nodes: [Node], edges: [Edge], omittedNodes: Int
        }
        let hosts = (0..<1_600).map { "  host/h\($0): {needs: [switch/s]}" }
        let storm = try ReportsTests.analysis(
            entities: "  switch/s: {}\n  service/web: {needs: [host/h7]}\n" + hosts.joined(separator: "\n"),
            firing: [("SwitchDown", "critical", "switch/s"), ("WebDown", "critical", "service/web")]
        )
        let frames = try JSONDecoder().decode(Frames.self, from: Data(GrafanaReport.render(storm)))
        #expect(frames.nodes.count == 1_500 && frames.omittedNodes == 102)
        let ids = Set(frames.nodes.map(\.id))
        // What broke and what alerts stays; what has no alert goes.
        #expect(ids.contains("switch/s") && ids.contains("service/web"))
        #expect(frames.edges.count >= 1_498)
        #expect(frames.edges.allSatisfy { ids.contains($0.source) && ids.contains($0.target) })
    }

    @Test func `the chat message tells each root cause and what to do first`() {
        let lines = ChatReport.text(analysis).split(separator: "\n")
        #expect(lines.count == 14)
        #expect(lines[2].hasPrefix("1. CRITICAL host/cc-se-sto-core-01 down since 19:22Z, "))
        #expect(lines[4] == "    URGENT: check power, network, IPMI and hardware of cc-se-sto-core-01")
    }

    @Test func `metrics are one family after another`() {
        let text = MetricsReport.render(analysis)
        #expect(text.contains("\nblast_radius_alerts{verdict=\"knownIssue\"} 19\n"))
        #expect(
            text.contains(
                "\nblast_radius_root_cause_onset_timestamp_seconds{entity=\"source/flux-system/platform\"} 1782934500\n"
            )
        )
        #expect(text.split(separator: "\n").allSatisfy { $0.wholeMatch(of: /#.*|[a-z_]+({.*})? [0-9.e+-]+/) != nil })
    }
}

private struct Unexpected: Error {}
