import Diagram
import Foundation
import GraphvizRenderer
import Testing

/// Arrows do not run through boxes that they do not belong to, since a reader would take them for arrows of these, nor
/// through the title.
@Suite struct CrossingTests {
    /// How far inside a box an arrow may run, in points: less than its border is wide, plus what rounding takes.
    private static let tolerance = 1.5

    @Test(arguments: Pictures.all.map(\.name))
    func `no arrow of a picture runs through a box`(_ name: String) throws {
        #expect(try Self.crossings(GraphvizRenderer.render(PictureTests.diagram(name), as: .svg)) == [])
    }

    static let gallery = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/gallery")

    @Test(
        arguments: [
            "blind", "cut-sets", "focus", "hostile", "incident", "mesh", "rank", "redundancy", "storm", "toy",
            "unexplained",
            "what-if",
        ]
    )
    func `no arrow of the gallery runs through a box`(_ name: String) throws {
        let svg = try Data(contentsOf: Self.gallery.appending(path: "\(name).svg"))
        #expect(try Self.crossings(Array(svg)) == [])
    }

    @Test func `an arrow through a box is found`() throws {
        func picture(_ y: Int) -> [UInt8] {
            let box = { (id: String, x: Int) in
                #"<g id="\#(id)" class="node"><polygon points="\#(x),0 \#(x + 20),0 \#(x + 20),20 \#(x),20"/></g>"#
            }
            let path = #"<g id="a-a-c" class="edge"><path d="M20,10C40,\#(y) 80,\#(y) 100,10"/></g>"#
            let title = #"<g id="frame" class="cluster"><text x="40" y="45" font-size="20">One</text></g>"#
            return Array("<svg>\(title)\(box("a", 0))\(box("b", 50))\(box("c", 100))\(path)</svg>".utf8)
        }
        #expect(try Self.crossings(picture(10)) == ["a-a-c through b"])
        // At its middle the curve is at a quarter of 10 and three quarters of what is given: below the box at 36, where the
        // title is, and at 63.
        #expect(try Self.crossings(picture(45)) == ["a-a-c through line 0 of the title"])
        #expect(try Self.crossings(picture(80)) == [])
    }

    /// Every arrow that runs through the box of something else, in the order of the document.
    private static func crossings(_ svg: [UInt8]) throws -> [String] {
        let elements = try SVGReader(svg).elements
        let classes = Dictionary(
            elements.compactMap { element in
                element.attributes["id"].map { ($0, element.attributes["class"]?.split(separator: " ").first) }
            }
        ) { first, _ in first }
        var boxes: [String: [Point]] = [:]
        var curves: [(id: String, points: [Point])] = []
        for element in elements {
            guard let id = element.ids.last, let text = element.attributes["d"] ?? element.attributes["points"] else {
                continue
            }
            if classes[id] == "node" { boxes[id, default: []] += points(text) }
            if classes[id] == "edge", element.name == "path" { curves.append((id, points(text))) }
        }
        for (line, text) in elements.filter({ $0.name == "text" && $0.ids.last == "frame" }).enumerated() {
            boxes["line \(line) of the title"] = frame(of: text)
        }
        var found: [String] = []
        for curve in curves {
            let track = samples(curve.points)
            for (id, corners) in boxes.sorted(by: { $0.key < $1.key }) {
                let isOwn = curve.id.hasPrefix("a-\(id)-") || curve.id.hasSuffix("-\(id)")
                if !isOwn, track.contains(where: { depth($0, in: corners) > tolerance }) {
                    found.append("\(curve.id) through \(id)")
                }
            }
        }
        return found
    }

    /// Two opposite corners of a line of text, without what hangs below it.
    private static func frame(of text: SVGReader.Element) -> [Point] {
        func number(_ key: String) -> Double { text.attributes[key].flatMap(Double.init) ?? 0 }
        let (start, size) = (Point(number("x"), number("y")), number("font-size"))
        let isBold = text.attributes["font-weight"] == "bold"
        let width = TextMetrics.width(of: text.text.trimmingCharacters(in: .whitespaces), size: size, isBold: isBold)
        return [start, start + Point(width, -size * 0.7)]
    }

    private typealias Point = SIMD2<Double>

    private static func points(_ text: String) -> [Point] {
        let numbers = text.split { "MCLZ ,".contains($0) }.compactMap { Double($0) }
        return stride(from: 0, to: numbers.count - 1, by: 2).map { Point(numbers[$0], numbers[$0 + 1]) }
    }

    /// Points along a chain of cubic Bézier curves, of which the control points alone may lie far off.
    private static func samples(_ points: [Point]) -> [Point] {
        stride(from: 0, to: points.count - 3, by: 3).flatMap { start in
            (0...40).map { step in
                let t = Double(step) / 40
                let u = 1 - t
                return points[start] * (u * u * u) + points[start + 1] * (3 * u * u * t)
                    + points[start + 2] * (3 * u * t * t) + points[start + 3] * (t * t * t)
            }
        }
    }

    /// How far inside the frame around the corners a point lies; negative outside.
    private static func depth(_ point: Point, in corners: [Point]) -> Double {
        let (xs, ys) = (corners.map(\.x), corners.map(\.y))
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return -1 }
        return min(point.x - left, right - point.x, point.y - top, bottom - point.y)
    }
}
