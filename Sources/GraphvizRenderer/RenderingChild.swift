import CGraphviz

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs work that may hang, crash or exit in a forked child with limits, and brings its bytes back through a pipe.
///
/// The first byte tells whether what follows is the result or an error's messages. The caller should have one thread, or
/// no other thread that holds a lock which the work needs.
enum RenderingChild {
    /// More than this is no picture: 256 MiB.
    static let largestPicture = 1 << 28

    static func run(
        limits: RenderingLimits,
        _ work: () -> Result<[UInt8], RenderingError>
    ) throws(RenderingError) -> [UInt8] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .cannotStart(operation: "pipe", code: Int(errno)) }
        let (reading, writing) = (ends[0], ends[1])
        let memory = limits.memory + addressSpace
        let child = br_fork()
        if child == 0 {
            close(reading)
            isolate(limits, memory: memory)
            send(work(), to: writing)
            _exit(0)
        }
        close(writing)
        defer { close(reading) }
        guard child > 0 else { throw .cannotStart(operation: "fork", code: Int(errno)) }

        let received = receive(from: reading, seconds: limits.seconds)
        let isTooLarge = received.map { $0.count > largestPicture } ?? false
        if received == nil || isTooLarge { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let received else { throw .timedOut(seconds: limits.seconds) }
        if isTooLarge { throw .tooLarge(bytes: largestPicture) }
        let signal = br_signal(status)
        if signal == SIGXCPU { throw .timedOut(seconds: limits.seconds) }
        if signal == SIGKILL { throw .killed }
        if signal != 0 { throw .crashed(signal: Int(signal)) }
        guard br_exit_code(status) == 0, let kind = received.first else {
            throw .exited(code: Int(br_exit_code(status)))
        }
        if kind == Message.picture { return Array(received.dropFirst()) }
        throw Message.error(Array(received.dropFirst()))
    }

    // MARK: In the child

    /// Gives up what the layout has no business with: time, memory, the parent's streams, Graphviz's environment.
    private static func isolate(_ limits: RenderingLimits, memory: Int) {
        br_limit(limits.seconds, limits.memory > 0 ? memory : 0)
        unsetenv("GVBINDIR")
        unsetenv("GV_FILE_PATH")
        // Graphviz opens no image or font file that a graph names when it believes to run in a web server.
        setenv("SERVER_NAME", "blast-radius", 1)
        let nowhere = open("/dev/null", O_RDWR)
        guard nowhere >= 0 else { return }
        for stream: Int32 in 0...2 { dup2(nowhere, stream) }
    }

    private static func send(_ result: Result<[UInt8], RenderingError>, to pipe: Int32) {
        signal(SIGPIPE, SIG_IGN)
        let message =
            switch result {
            case .success(let bytes): [Message.picture] + bytes
            case .failure(let error): Message.bytes(error)
            }
        message.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = write(pipe, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { _exit(3) }
                sent += count
            }
        }
    }

    // MARK: In the parent

    /// All that comes until the child closes its end or has sent too much, or nil when time is up.
    private static func receive(from pipe: Int32, seconds: Int) -> [UInt8]? {
        let deadline = now + Int64(seconds) * 1_000
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let left = deadline - now
            guard left > 0 else { return nil }
            var request = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(clamping: left))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(pipe, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return received }
            received += buffer[..<count]
            if received.count > largestPicture { return received }
        }
    }

    /// Monotonic, in milliseconds.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// How much this process has mapped already, in bytes: a child starts with as much.
    private static var addressSpace: Int {
        let file = open("/proc/self/statm", O_RDONLY)
        guard file >= 0 else { return 1 << 30 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(file, &buffer, buffer.count)
        guard count > 0 else { return 1 << 30 }
        let pages = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ").first.flatMap { Int($0) }
        return (pages ?? 1 << 18) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Errors on the wire.
    private enum Message {
        static let picture: UInt8 = 0
        private static let graphviz: UInt8 = 1
        private static let unsupported: UInt8 = 2

        static func bytes(_ error: RenderingError) -> [UInt8] {
            switch error {
            case .unsupported(let format): [unsupported] + format.rawValue.utf8
            case .graphviz(let messages): [graphviz] + messages.joined(separator: "\n").utf8
            default: [graphviz] + "\(error)".utf8
            }
        }

        static func error(_ bytes: [UInt8]) -> RenderingError {
            let text = String(decoding: bytes, as: UTF8.self)
            if let format = ImageFormat(rawValue: text) { return .unsupported(format) }
            return .graphviz(text.split(separator: "\n").map(String.init))
        }
    }
}
