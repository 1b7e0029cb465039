import Foundation
import LiveSources
import Testing

/// The misbehaving server of server.py; it ends with its last reference, and with the tests however they end.
final class Server: Sendable {
    let port: Int
    private let process: Process
    private let input = Pipe()

    init(certificate: String? = nil) throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "server.py").path
        process.arguments = ["python3", script] + (certificate.map { [$0] } ?? [])
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var address: WebAddress {
        get throws { try WebAddress("http://127.0.0.1:\(port)") }
    }
}
