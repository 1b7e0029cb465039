import Diagram
import Testing

@testable import GraphvizRenderer

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite(.serialized) struct ChildTests {
    private let limits = RenderingLimits(seconds: 1)

    @Test(arguments: ["incident", "hostile-names", "storm"])
    func `a child draws the same bytes`(_ name: String) throws {
        let diagram = try PictureTests.diagram(name)
        let expected = try GraphvizRenderer.render(diagram, as: .svg)
        let rendering = try GraphvizRenderer.renderInChild(diagram, as: .svg)
        #expect(rendering.bytes == expected)
        #expect(rendering.concessions == [])
    }

    @Test func `fifty children in a row leave nothing behind`() throws {
        let diagram = try PictureTests.diagram("toy")
        let expected = try GraphvizRenderer.render(diagram, as: .svg)
        for _ in 0..<50 { #expect(try GraphvizRenderer.renderInChild(diagram, as: .svg).bytes == expected) }
        #expect(waitpid(-1, nil, WNOHANG) <= 0)
    }

    @Test func `a child that hangs is killed`() {
        let start = ContinuousClock.now
        #expect(throws: RenderingError.timedOut(seconds: 1)) {
            try RenderingChild.run(limits: limits) {
                sleep(60)
                return .success([1])
            }
        }
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func `a child that spins is stopped`() {
        #expect(throws: RenderingError.timedOut(seconds: 1)) {
            try RenderingChild.run(limits: limits) {
                while getppid() > 0 {}
                return .success([1])
            }
        }
    }

    @Test func `a child that another process kills is not said to have taken too long`() {
        #expect(throws: RenderingError.killed) {
            try RenderingChild.run(limits: limits) {
                raise(SIGKILL)
                return .success([])
            }
        }
    }

    @Test func `a crash is an error with its signal`() {
        #expect(throws: RenderingError.crashed(signal: Int(SIGABRT))) {
            try RenderingChild.run(limits: limits) { abort() }
        }
        #expect(throws: RenderingError.crashed(signal: Int(SIGSEGV))) {
            try RenderingChild.run(limits: limits) {
                signal(SIGSEGV, SIG_DFL)
                raise(SIGSEGV)
                return .success([])
            }
        }
    }

    @Test func `a library that exits does not take us with it`() {
        #expect(throws: RenderingError.exited(code: 3)) { try RenderingChild.run(limits: limits) { exit(3) } }
        #expect(throws: RenderingError.exited(code: 0)) { try RenderingChild.run(limits: limits) { exit(0) } }
    }

    @Test func `memory is limited`() {
        #expect(throws: RenderingError.self) {
            try RenderingChild.run(limits: RenderingLimits(seconds: 5, memory: 64 << 20)) {
                guard let block = malloc(512 << 20) else { return .failure(.graphviz(["out of memory"])) }
                memset(block, 1, 512 << 20)
                return .success([1])
            }
        }
    }

    @Test func `errors and large results come through the pipe`() throws {
        #expect(throws: RenderingError.graphviz(["one", "two"])) {
            try RenderingChild.run(limits: limits) { .failure(.graphviz(["one", "two"])) }
        }
        #expect(throws: RenderingError.unsupported(.pdf)) {
            try RenderingChild.run(limits: limits) { .failure(.unsupported(.pdf)) }
        }
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try RenderingChild.run(limits: RenderingLimits(seconds: 20)) { .success(large) } == large)
    }

    @Test func `a child that never ends its answer is stopped`() {
        #expect(throws: RenderingError.tooLarge(bytes: RenderingChild.largestPicture)) {
            try RenderingChild.run(limits: RenderingLimits(seconds: 60)) {
                .success([UInt8](repeating: 1, count: RenderingChild.largestPicture + 1))
            }
        }
    }

    @Test func `a child has no streams of ours and no Graphviz environment`() throws {
        setenv("GVBINDIR", "/nonexistent", 1)
        defer { unsetenv("GVBINDIR") }
        let seen = try RenderingChild.run(limits: limits) {
            .success([getenv("GVBINDIR") == nil ? 1 : 0, getenv("SERVER_NAME") != nil ? 1 : 0, isatty(1) == 0 ? 1 : 0])
        }
        #expect(seen == [1, 1, 1])
    }

    @Test func `boxes are given up before the layers and the layers before the picture`() throws {
        let storm = try Pictures.storm(racks: 40)
        let diagram = Diagram(storm)
        var asked: [Int] = []
        var tried: [String] = []
        func fewer(_ count: Int) -> Diagram? {
            asked.append(count)
            return Diagram(storm, options: DiagramOptions(maxBoxes: count))
        }
        let rendering = try GraphvizRenderer.ladder(diagram, fewerBoxes: fewer) {
            (diagram, engine) throws(RenderingError) in
            tried.append("\(diagram.boxes.count) \(engine)")
            guard engine == .sfdp else { throw .timedOut(seconds: 1) }
            return [1]
        }
        #expect(asked == [11])
        #expect(tried == ["22 dot", "11 dot", "11 sfdp"])
        #expect(
            rendering.concessions == ["drawn with 11 boxes, without layers and rooms: the layout took longer than 1 s"]
        )
        #expect(throws: RenderingError.crashed(signal: 11)) {
            func crash(_ diagram: Diagram, _ engine: LayoutEngine) throws(RenderingError) -> [UInt8] {
                throw .crashed(signal: 11)
            }
            _ = try GraphvizRenderer.ladder(diagram, fewerBoxes: { _ in nil }, attempt: crash)
        }
    }

    @Test func `no box is given up for what boxes have nothing to do with`() throws {
        let storm = try Pictures.storm(racks: 40)
        for error in [RenderingError.unsupported(.svg), .cannotStart(operation: "fork", code: 11)] {
            var tried = 0
            func fail(_ diagram: Diagram, _ engine: LayoutEngine) throws(RenderingError) -> [UInt8] {
                tried += 1
                throw error
            }
            #expect(throws: error) {
                _ = try GraphvizRenderer.ladder(Diagram(storm), fewerBoxes: { _ in Diagram(storm) }, attempt: fail)
            }
            #expect(tried == 1)
        }
    }

    @Test func `the faster engine draws`() throws {
        let svg = try GraphvizRenderer.render(PictureTests.diagram("storm"), as: .svg, engine: .sfdp)
        #expect(try SVGReader(svg).elements.count { $0.attributes["class"]?.hasPrefix("node ") ?? false } == 22)
    }
}
