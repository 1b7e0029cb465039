#if os(Linux)
import Foundation
import Testing

@testable import GraphvizRenderer

/// How many pictures to draw.
private let renders = ProcessInfo.processInfo.environment["RENDERS"].flatMap { Int($0) } ?? 0

/// A process that draws in children keeps nothing of a picture.
///
/// One that draws by itself does: libgvc 2.43 loses some 4 KB a picture, in its HTML labels and in dot's layout. Other tests in the same process would grow it: `make sanitize` runs these by themselves, with RENDERS=10000.
@Suite(.serialized, .enabled(if: renders > 0)) struct LeakTests {
    @Test func `pictures drawn by children leave the parent as it was`() throws {
        let diagram = try PictureTests.diagram("toy")
        try expectNoGrowth { _ = try GraphvizRenderer.renderInChild(diagram, as: .svg) }
    }

    /// After a start, in which caches fill, the resident memory stays within 4 MiB, and no descriptor stays open.
    private func expectNoGrowth(_ draw: () throws -> Void) throws {
        for _ in 0..<50 { try draw() }
        let (memory, descriptors) = (try resident(), try openDescriptors())
        for _ in 0..<renders { try draw() }
        let grown = try resident() - memory
        #expect(grown < 4 << 20, "grown by \(grown) bytes over \(renders) pictures")
        #expect(try openDescriptors() == descriptors)
        print("grown by \(grown) bytes over \(renders) pictures, from \(memory)")
    }

    private func resident() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1])) * sysconf(Int32(_SC_PAGESIZE))
    }

    private func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
#endif
