internal import Time

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Keeps the signals that ask a process to stop until it looks for them, so that it stops between two steps and leaves
/// nothing half done.
struct StopSignals: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    init() {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in Self.signals { sigaddset(&set, signal) }
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    /// Whether the process was asked to stop.
    var arePending: Bool {
        var set = sigset_t()
        sigpending(&set)
        return Self.signals.contains { sigismember(&set, $0) == 1 }
    }

    /// Waits for so long, or until asked to stop.
    func wait(_ span: Span) {
        let end = Self.uptime + span.milliseconds
        while !arePending {
            let left = end - Self.uptime
            guard left > 0 else { return }
            usleep(UInt32(min(left, 100)) * 1_000)
        }
    }

    /// In milliseconds; unlike the time of day it never jumps.
    private static var uptime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
