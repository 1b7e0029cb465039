import CGraphviz
import Diagram
import Foundation
import Testing
import Topology

@testable import GraphvizRenderer

@Suite(.serialized) struct PictureTests {
    static let names = Pictures.all.map(\.name)

    static func diagram(_ name: String) throws -> Diagram {
        let picture = try #require(Pictures.all.first { $0.name == name })
        return Diagram(try picture.make())
    }

    @Test(arguments: names)
    func `a picture is a sound, inert document`(_ name: String) throws {
        let svg = try GraphvizRenderer.render(Self.diagram(name), as: .svg)
        let elements = try SVGReader(svg).elements
        let allowed: Set = [
            "svg", "title", "desc", "style", "g", "a", "path", "polygon", "polyline", "ellipse", "text",
        ]
        #expect(Set(elements.map(\.name)).subtracting(allowed) == [])
        let ids = elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        for element in elements {
            for (key, value) in element.attributes {
                #expect(!key.hasPrefix("on"), "\(key)")
                #expect(!value.lowercased().contains("nan") || key == "id", "\(key)=\(value)")
                if key.hasSuffix("href") { #expect(value.hasPrefix("https://") || value.hasPrefix("http://")) }
            }
            if element.name == "a" { #expect(element.attributes["rel"] == "noopener noreferrer") }
        }
        #expect(elements[0].name == "svg")
        #expect(elements[0].attributes["role"] == "img")
        #expect(elements[0].attributes["aria-labelledby"] == "diagram-title diagram-desc")
        #expect(elements.count { $0.name == "style" } == 1)
        #expect(!elements.contains { $0.name == "a" && $0.path.contains("a") })
    }

    @Test(arguments: names)
    func `every box and arrow is there, by its id and class, with its tooltip`(_ name: String) throws {
        let diagram = try Self.diagram(name)
        let elements = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
        let byID = Dictionary(elements.compactMap { element in element.attributes["id"].map { ($0, element) } }) {
            a,
            _ in a
        }
        for box in diagram.boxes {
            let element = try #require(byID[box.id])
            #expect(element.attributes["class"]?.split(separator: " ").prefix(2) == ["node", box.style.rawValue[...]])
            let title = elements.first { $0.name == "title" && $0.ids.last == box.id }
            #expect(title?.text == box.tooltip.joined(separator: "\n"))
            let links = elements.filter { $0.name == "a" && $0.ids.last == box.id }.compactMap {
                $0.attributes["xlink:href"]
            }
            // The box's own, and then each in words.
            #expect(links == (box.links.prefix(1) + box.links).map(\.target.address))
        }
        for arrow in diagram.arrows {
            let element = try #require(byID[arrow.id])
            #expect(element.attributes["class"] == "edge \(arrow.kind.word)")
        }
        for room in diagram.rooms { #expect(byID[room.id]?.attributes["class"] == "cluster room") }
    }

    @Test(arguments: names)
    func `a reader sees the texts as they are`(_ name: String) throws {
        let diagram = try Self.diagram(name)
        let elements = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
        for box in diagram.boxes {
            let texts = elements.filter { $0.name == "text" && $0.ids.last == box.id }
            let words = texts.filter { $0.attributes["text-decoration"] != nil }
            #expect(words.map(\.text) == box.links.map(\.kind.rawValue))
            let seen = texts.filter { $0.attributes["text-decoration"] == nil }.map { plain($0.text) }.filter {
                $0 != "·"
            }
            let meant = [box.caption] + box.names + [box.more].compactMap { $0 } + box.lines
            #expect(seen == meant.map(plain))
        }
        #expect(
            elements.first { $0.attributes["id"] == "diagram-desc" }?.text
                == diagram.description.joined(separator: "\n")
        )
    }

    /// Spaces as a reader counts them.
    private func plain(_ text: String) -> String {
        text.split(whereSeparator: { $0 == " " || $0 == "\u{A0}" }).joined(separator: " ")
    }

    @Test func `random texts are seen as they are`() throws {
        var random = SystemRandomNumberGenerator.seeded(11)
        let alphabet = Array("ab\"\\&#;<>{}[]()|%`'*_~:/$@!-=+.,N012éß数👩לש\u{301}\u{7}\u{202E}")
        for _ in 0..<12 {
            let texts = (0..<12).map { _ in
                String(
                    (0..<Int.random(in: 1...30, using: &random)).map { _ in
                        alphabet.randomElement(using: &random) ?? "x"
                    }
                )
            }
            var scene = Scene(try platform(texts.indices.map { "pod/p\($0 + 10)" }))
            for (index, text) in texts.enumerated() {
                try scene.add("pod/p\(index + 10)", EntityStatus(.unexplained, facts: [text], evidence: [text]))
            }
            let diagram = Diagram(
                DiagramSource(
                    topology: scene.topology,
                    statuses: scene.statuses,
                    causes: [],
                    title: texts[0],
                    facts: texts,
                    setAside: [.init(label: texts[1], count: 1)],
                    heading: texts[2]
                )
            )
            let elements = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
            for box in diagram.boxes {
                let seen = elements.filter { $0.name == "text" && $0.ids.last == box.id }.map { plain($0.text) }
                #expect(seen == ([box.caption] + box.names + [box.more].compactMap { $0 } + box.lines).map(plain))
            }
            #expect(elements.contains { $0.name == "text" && plain($0.text) == plain(diagram.title) })
        }
    }

    @Test(arguments: names)
    func `no text runs out of its box`(_ name: String) throws {
        let diagram = try Self.diagram(name)
        let elements = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
        for box in diagram.boxes {
            let inside = elements.filter { $0.ids.last == box.id }
            let numbers = inside.filter { $0.name == "path" || $0.name == "polygon" }
                .flatMap { ($0.attributes["d"] ?? $0.attributes["points"] ?? "").split { "MC ".contains($0) } }
                .compactMap { $0.split(separator: ",").first.flatMap { Double($0) } }
            let left = try #require(numbers.min())
            let right = try #require(numbers.max())
            for text in inside where text.name == "text" {
                let x = try #require(text.attributes["x"].flatMap(Double.init))
                let size = try #require(text.attributes["font-size"].flatMap(Double.init))
                let width = TextMetrics.width(
                    of: text.text,
                    size: size,
                    isBold: text.attributes["font-weight"] == "bold"
                )
                #expect(x >= left + 4 && x + width <= right - 4, "\(text.text)")
            }
        }
    }

    @Test(arguments: names)
    func `the same picture gives the same bytes`(_ name: String) throws {
        let diagram = try Self.diagram(name)
        #expect(try GraphvizRenderer.render(diagram, as: .svg) == GraphvizRenderer.render(diagram, as: .svg))
    }

    @Test(arguments: names)
    func `Graphviz reads our DOT`(_ name: String) throws {
        let diagram = try Self.diagram(name)
        let counts = try #require(DOTReader.counts(diagram.dot))
        #expect(counts.nodes == max(1, diagram.boxes.count))
        #expect(counts.edges >= diagram.arrows.count)
    }

    /// What people make of our DOT with `dot -Tsvg`: an address with `&` was no XML there.
    @Test(arguments: names)
    func `every ampersand of Graphviz's own SVG begins a reference`(_ name: String) throws {
        let graph = try Self.diagram(name).graph(showsLinks: true)
        let drawn = try GraphvizRenderer.locked { () throws(RenderingError) in
            try GraphvizRenderer.draw(graph, as: .svg, engine: .dot, context: gvContext())
        }
        let text = String(decoding: drawn, as: UTF8.self)
        #expect(text.firstMatch(of: /&(?!(amp|lt|gt|quot|#[0-9]+|#x[0-9a-f]+);)/) == nil)
        if name == "incident" {
            // Read as XML it is the address.
            let address = "https://alertmanager.example/#/alerts?filter=%7Binstance%3D%22x%22%7D&amp;a=b"
            let found = text.matches(of: /href="(https:\/\/alertmanager[^"]*)"/).map { String($0.output.1) }
            #expect(Set(found) == [address])
        }
    }

    @Test func `the default context draws the same boxes`() throws {
        let diagram = try Self.diagram("incident")
        let fast = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
        let full = try SVGReader(GraphvizRenderer.renderWithDefaultContext(diagram)).elements
        #expect(fast.compactMap { $0.attributes["id"] } == full.compactMap { $0.attributes["id"] })
    }

    @Test func `raster and page formats`() throws {
        let diagram = try Self.diagram("toy")
        #expect(
            try GraphvizRenderer.render(diagram, as: .png).prefix(8) == [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            ]
        )
        #expect(try GraphvizRenderer.render(diagram, as: .pdf).prefix(5) == Array("%PDF-".utf8)[...])
    }

    @Test func `fifty renderings at once come out alike`() async throws {
        let diagram = try Self.diagram("incident")
        let expected = try GraphvizRenderer.render(diagram, as: .svg)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { try GraphvizRenderer.render(diagram, as: .svg) == expected } }
            for try await isAlike in group { #expect(isAlike) }
        }
    }

    @Test func `random graphs are drawn`() throws {
        var random = SystemRandomNumberGenerator.seeded(3)
        for _ in 0..<150 {
            let diagram = try Self.randomDiagram(&random)
            let elements = try SVGReader(GraphvizRenderer.render(diagram, as: .svg)).elements
            #expect(elements.count { $0.attributes["class"]?.hasPrefix("node ") ?? false } == diagram.boxes.count)
        }
    }

    static func randomDiagram(_ random: inout SeededGenerator) throws -> Diagram {
        let count = Int.random(in: 1...40, using: &random)
        let sites = Int.random(in: 0...5, using: &random)
        let lines =
            (0..<sites).map { "site/s\($0)" }
            + (0..<count).map { index in
                let place =
                    sites > 0 && Bool.random(using: &random)
                    ? " on site/s\(Int.random(in: 0..<sites, using: &random))" : ""
                return "k\(Int.random(in: 0..<4, using: &random))/n\(index)\(place)"
            }
        var scene = Scene(try platform(lines))
        let roles: [EntityStatus.Role] = [
            .root(rank: 1), .root(rank: 2), .rival(ofRank: 1), .affected(.down), .affected(.degraded), .reduced,
            .witness, .blindSpot, .unknown, .unexplained, .context,
        ]
        let entities = Array(scene.topology.entities)
        for entity in entities where Int.random(in: 0..<8, using: &random) > 0 {
            let role = roles.randomElement(using: &random) ?? .context
            scene.statuses[entity] = EntityStatus(
                role,
                facts: Bool.random(using: &random) ? ["fact \(entity.index)"] : []
            )
        }
        let kinds = CauseArrow.Kind.allCases
        for _ in 0..<Int.random(in: 0...(count * 3), using: &random) {
            guard let from = entities.randomElement(using: &random), let to = entities.randomElement(using: &random)
            else { continue }
            scene.causes.append(
                CauseArrow(
                    from: from,
                    to: to,
                    kind: kinds.randomElement(using: &random) ?? .carries,
                    skipped: Int.random(in: 0..<9, using: &random) == 0 ? 2 : 0
                )
            )
        }
        return Diagram(
            DiagramSource(topology: scene.topology, statuses: scene.statuses, causes: scene.causes, title: "Random."),
            options: DiagramOptions(maxBoxes: Int.random(in: 1...60, using: &random))
        )
    }
}

/// SplitMix64, after Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension SystemRandomNumberGenerator {
    static func seeded(_ seed: UInt64) -> SeededGenerator { SeededGenerator(state: seed) }
}
