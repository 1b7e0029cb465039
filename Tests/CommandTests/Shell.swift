import Foundation

/// Where this checkout and its built command are.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder that the tests, and so the command beside them, were built in.
    static let products: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
        return bundle.bundleURL.pathExtension == "xctest"
            ? bundle.bundleURL.deletingLastPathComponent() : bundle.bundleURL
    }()
}

/// A folder of its own in which commands run, removed with its last reference.
final class Workspace: Sendable {
    let folder: URL

    init(_ files: [(name: String, content: String)] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "blast-radius-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, content) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(content.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Puts everything at the top of the checkout within reach, as if this were it.
    func linkRepository() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Repository.root.path) {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name),
                withDestinationURL: Repository.root.appending(path: name)
            )
        }
    }

    /// Runs a line of the shell with the built command on its path, and nothing of the caller's environment.
    ///
    /// - Throws: when the line does not end within a minute.
    func run(_ command: String) throws -> Scenario.Step {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.arguments = ["-c", command]
        shell.currentDirectoryURL = folder
        shell.environment = [
            "PATH": "\(Repository.products.path):/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8",
            "ROOT": Repository.root.path,
        ]
        // Files rather than pipes: nothing has to be read while the command runs.
        let streams = try ["output", "errors"].map { name in
            let file = folder.appendingPathExtension(name)
            guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
                throw Stuck(command: command)
            }
            return (file, try FileHandle(forWritingTo: file))
        }
        defer { for (file, _) in streams { try? FileManager.default.removeItem(at: file) } }
        shell.standardInput = FileHandle.nullDevice
        shell.standardOutput = streams[0].1
        shell.standardError = streams[1].1
        let ended = DispatchSemaphore(value: 0)
        shell.terminationHandler = { _ in ended.signal() }
        try shell.run()
        guard ended.wait(timeout: .now() + 60) == .success else {
            shell.terminate()
            throw Stuck(command: command)
        }
        return Scenario.Step(
            command: command,
            output: try lines(of: streams[0].0),
            errors: try lines(of: streams[1].0),
            exitCode: shell.terminationStatus
        )
    }

    private func lines(of file: URL) throws -> [String] {
        var lines = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    struct Stuck: Error {
        var command: String
    }
}
