import Diagram
import Foundation
import GraphvizRenderer
import Testing

/// Writes the pictures to the folder that `GALLERY` names: `GALLERY=docs/gallery swift test --filter Gallery`.
@Suite struct GalleryTests {
    static let folder = ProcessInfo.processInfo.environment["GALLERY"]

    @Test(.enabled(if: folder != nil), arguments: Pictures.all.map(\.name))
    func draw(_ name: String) throws {
        let folder = try #require(Self.folder)
        let picture = try #require(Pictures.all.first { $0.name == name })
        let source = try picture.make()
        let start = ContinuousClock.now
        let diagram = Diagram(source)
        let drawn = ContinuousClock.now
        let svg = try GraphvizRenderer.render(diagram, as: .svg)
        print(name, "model", drawn - start, "svg", ContinuousClock.now - drawn, "boxes", diagram.boxes.count)
        try Data(svg).write(to: URL(filePath: "\(folder)/\(name).svg"))
        try Data(diagram.dot.utf8).write(to: URL(filePath: "\(folder)/\(name).dot"))
        try Data(diagram.mermaid.utf8).write(to: URL(filePath: "\(folder)/\(name).mmd"))
        if name == "incident" {
            for format in [ImageFormat.png, .pdf] {
                let bytes = try GraphvizRenderer.render(diagram, as: format)
                try Data(bytes).write(to: URL(filePath: "\(folder)/\(name).\(format.rawValue)"))
            }
        }
    }
}
