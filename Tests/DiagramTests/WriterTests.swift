import Diagram
import Testing

@Suite struct WriterTests {
    @Test func `every colour has one purpose`() {
        let colors = Palette.all.map(\.light)
        #expect(Set(colors).count == colors.count)
    }

    @Test(arguments: Diagram.BoxStyle.allCases)
    func `text can be read on its ground in light and dark`(_ style: Diagram.BoxStyle) {
        let tones = Palette.tones(of: style)
        for tone in [tones.caption, tones.name, tones.text] {
            #expect(contrast(tone.light, tones.fill.light) >= 4.5)
            #expect(contrast(tone.dark, tones.fill.dark) >= 4.5)
        }
        for tone in [Palette.title, Palette.muted] {
            #expect(contrast(tone.light, Palette.paper.light) >= 4.5)
            #expect(contrast(tone.dark, Palette.paper.dark) >= 4.5)
        }
        #expect(contrast(Palette.roomName.light, Palette.room.light) >= 4.5)
        #expect(contrast(Palette.roomName.dark, Palette.room.dark) >= 4.5)
    }

    @Test func `the whole DOT of a small picture`() throws {
        let expected = ##"""
            digraph incident {
                graph [rankdir=LR, bgcolor="#ffffff", pad="0.25", nodesep="0.14", ranksep="0.55", nslimit=2, newrank=true, fontname="Helvetica,Arial,sans-serif", class=diagram, labelloc=b, labeljust=l, tooltip=" ", label=<FOOTER>]
                node [shape=box, margin="0.12,0.06", height="0.3", fontname="Helvetica,Arial,sans-serif"]
                edge [arrowsize="0.75", fontname="Helvetica,Arial,sans-serif", fontsize=9]
                subgraph cluster_frame {
                    graph [id=frame, class=frame, label=<HEADER>, labelloc=t, labeljust=l, fontname="Helvetica,Arial,sans-serif", peripheries=0, margin=4]
                    n0 [id="e-database-orders", class=root, label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1.25"><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="8" COLOR="#ffe9dc">DATABASE · ROOT CAUSE 1 · HIGH</FONT></TD></TR><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="13" COLOR="#fffffe"><B>orders</B></FONT></TD></TR><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="9" COLOR="#fff6f0">down since 08:01Z · 97 % likely</FONT></TD></TR><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="9" COLOR="#fff6f0">1 alert of its own</FONT></TD></TR></TABLE>>, style="filled,rounded", penwidth="2.6", fillcolor="#b84300", color="#8f3400", tooltip="database/orders"]
                    n1 [id="e-service-shop", class=down, label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1.25"><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="8" COLOR="#8f3a0a">SERVICE · DOWN</FONT></TD></TR><TR><TD ALIGN="LEFT"><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD><FONT POINT-SIZE="12" COLOR="#24160e"><B>shop</B></FONT></TD><TD><FONT POINT-SIZE="9" COLOR="#71330f"> · </FONT></TD><TD HREF="https://x.example/" TARGET="_blank" TOOLTIP="runbook"><U><FONT POINT-SIZE="9" COLOR="#71330f">runbook</FONT></U></TD><TD WIDTH="4"></TD></TR></TABLE></TD></TR><TR><TD ALIGN="LEFT"><FONT POINT-SIZE="9" COLOR="#71330f">08:02Z · 3 alerts</FONT></TD></TR></TABLE>>, style="filled,rounded", penwidth="1.2", fillcolor="#fde7da", color="#b84302", tooltip="service/shop\nShopDown 08:02Z", URL="https://x.example/", target=_blank]
                }
                n0 -> n1 [id="a-e-database-orders-e-service-shop", class=carries, color="#b84303", penwidth="2.2", tooltip="DATABASE orders takes down SERVICE shop", tailport=e, headport=w, weight=4]
            }

            """##
        let dot = try Diagram(Scene.shop()).dot
        // Title and legend are tables of their own; the model's tests have their content.
        var lines = dot.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, name) in [(1, "FOOTER"), (5, "HEADER")] {
            let start = try #require(lines[index].firstRange(of: "label=<<")).upperBound
            let end = try #require(lines[index].firstRange(of: "</TABLE>>", after: start)).upperBound
            lines[index].replaceSubrange(
                lines[index].index(before: start)..<lines[index].index(before: end),
                with: name
            )
        }
        #expect(lines.joined(separator: "\n") == expected)
    }

    @Test func `the whole Mermaid of a small picture`() throws {
        #expect(
            try Diagram(Scene.shop()).mermaid == """
                flowchart LR
                    %%{init: {"flowchart": {"wrappingWidth": 400}}}%%
                    accTitle: One thing broke.
                    accDescr: One thing broke. DATABASE · ROOT CAUSE 1 · HIGH: orders, down since 08:01Z · 97 per cent likely, 1 alert of its own, it takes down or harms SERVICE shop.
                    n1("DATABASE · ROOT CAUSE 1 · HIGH<br/><b>orders</b><br/>down since 08#58;01Z · 97 #37; likely<br/>1 alert of its own"):::rootBox
                    n2("SERVICE · DOWN<br/><b>shop</b><br/>08#58;02Z · 3 alerts"):::downBox
                    n1 ==> n2
                    linkStyle 0 stroke:#b84303
                    classDef rootBox fill:#b84300,stroke:#8f3400,color:#fffffe,stroke-width:3px
                    classDef downBox fill:#fde7da,stroke:#b84302,color:#24160e

                """
        )
    }

    @Test func `Mermaid keeps within its limits and counts what it left out`() throws {
        let count = 80
        var scene = Scene(try platform((0..<count).map { "service/s\($0)" }))
        for index in 0..<count {
            try scene.add(
                "service/s\(index)",
                EntityStatus(index == 0 ? .root(rank: 1) : .affected(.down), facts: ["fact \(index)"])
            )
        }
        for from in 0..<count {
            for to in 0..<count where to != from { try scene.join("service/s\(from)", .carries, "service/s\(to)") }
        }
        let diagram = Diagram(scene.source(), options: DiagramOptions(all: true))
        #expect(diagram.arrows.count == 80 * 79)
        let mermaid = diagram.mermaid
        #expect(mermaid.utf8.count <= 50_000)
        #expect(mermaid.split(separator: "\n").count { $0.contains("==>") } <= 499)
        #expect(mermaid.contains("not drawn\"]:::contextBox"))
        #expect(mermaid.contains("ROOT CAUSE 1"))
        #expect(diagram.mermaid(within: .init(edges: 499, characters: 3_000)).utf8.count <= 3_000)
    }

    private func contrast(_ first: String, _ second: String) -> Double {
        let (a, b) = (luminance(first), luminance(second))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// WCAG 2's relative luminance.
    private func luminance(_ color: String) -> Double {
        let value = UInt32(color.dropFirst(), radix: 16) ?? 0
        let parts = [16, 8, 0].map { shift -> Double in
            let part = Double((value >> UInt32(shift)) & 0xFF) / 255
            return part <= 0.03928 ? part / 12.92 : power((part + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// x to the 2.4, by square roots: 2.4 is about 2 + 1/4 + 1/8 + 1/64 + 1/128.
    private func power(_ x: Double) -> Double {
        let quarter = x.squareRoot().squareRoot()
        let eighth = quarter.squareRoot()
        let sixtyFourth = eighth.squareRoot().squareRoot().squareRoot()
        return x * x * quarter * eighth * sixtyFourth * sixtyFourth.squareRoot()
    }
}

extension String {
    fileprivate func firstRange(of needle: String, after start: Index? = nil) -> Range<Index>? {
        let start = start ?? startIndex
        guard let range = self[start...].ranges(of: needle).first else { return nil }
        return range
    }
}
