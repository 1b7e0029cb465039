internal import Diagnostics

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Whole files in, whole files out.
enum Files {
    /// Inputs larger than this are refused rather than read into memory: 1 GiB.
    static let sizeLimit = 1 << 30

    /// The bytes of a file; `-` is standard input.
    ///
    /// - Throws: a finding that names the file and what the system said.
    static func read(_ path: String) throws(Diagnostic) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var status = stat()
        if fstat(descriptor, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                throw Diagnostic(
                    .error,
                    "is-a-directory",
                    "is a directory",
                    at: SourceLocation(file: path),
                    fix: "name the file in it"
                )
            }
            if status.st_size > sizeLimit { throw tooLarge(path) }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Swift.max(Int(status.st_size), 0) + 1)
        let chunk = 1 << 16
        while true {
            var problem: Int32 = 0
            var count = 0
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: chunk))
            bytes.withUnsafeMutableBytes { buffer in
                count = retrying { systemRead(descriptor, buffer.baseAddress?.advanced(by: start), chunk) }
                problem = errno
            }
            bytes.removeLast(chunk - Swift.max(0, count))
            if count < 0 { throw unreadable(path, problem) }
            if count == 0 { return bytes }
            if bytes.count > sizeLimit { throw tooLarge(path) }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Writes a file so that a reader, or a crash, finds the old content or the new, never a part: to a temporary file
    /// beside it, synchronised, then renamed over it. `-` is standard output; a device or pipe is written directly.
    ///
    /// - Throws: a finding that names the file and what the system said.
    static func write(_ bytes: [UInt8], to path: String) throws(Diagnostic) {
        if path == "-" { return try writeAll(bytes, to: STDOUT_FILENO, path: "standard output") }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw unwritable(path, errno) }
            defer { close(descriptor) }
            return try writeAll(bytes, to: descriptor, path: path)
        }
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        do {
            try writeAll(bytes, to: descriptor, path: path)
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
            let problem = errno
            unlink(temporary)
            throw unwritable(path, problem)
        }
    }

    /// Writes to standard error. What cannot be written there has no better place.
    static func writeError(_ text: String) {
        try? writeAll(Array(text.utf8), to: STDERR_FILENO, path: "standard error")
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(Diagnostic) {
        var written = 0
        while written < bytes.count {
            var problem: Int32 = 0
            var count = 0
            bytes.withUnsafeBytes { buffer in
                count = retrying {
                    systemWrite(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
                }
                problem = errno
            }
            if count < 0 { throw unwritable(path, problem) }
            written += count
        }
    }

    /// Repeats a system call that a signal interrupted.
    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    private static func unreadable(_ path: String, _ problem: Int32) -> Diagnostic {
        Diagnostic(
            .error,
            "unreadable-file",
            "cannot be read: \(String(cString: strerror(problem)))",
            at: SourceLocation(file: path)
        )
    }

    private static func unwritable(_ path: String, _ problem: Int32) -> Diagnostic {
        Diagnostic(
            .error,
            "unwritable-file",
            "cannot be written: \(String(cString: strerror(problem)))",
            at: SourceLocation(file: path)
        )
    }

    private static func tooLarge(_ path: String) -> Diagnostic {
        Diagnostic(
            .error,
            "too-large",
            "is larger than \(sizeLimit >> 20) MiB",
            at: SourceLocation(file: path)
        )
    }
}

/// `read(2)` and `write(2)`, which members of `Files` would hide.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}

extension Files {
    /// The nearest `topology.yaml` from the working directory upward, else the user's own.
    static func nearestTopology() -> String? {
        guard let directory = getcwd(nil, 0) else { return nil }
        defer { free(directory) }
        var folder = Substring(String(cString: directory))
        var prefix = ""
        while true {
            let candidate = prefix + "topology.yaml"
            if exists(candidate) { return candidate }
            guard let slash = folder.lastIndex(of: "/"), folder.count > 1 else { break }
            folder = folder[..<slash]
            prefix += "../"
        }
        var base = getenv("XDG_CONFIG_HOME").map { String(cString: $0) } ?? ""
        if base.isEmpty {
            guard let home = getenv("HOME") else { return nil }
            base = String(cString: home) + "/.config"
        }
        let candidate = base + "/blast-radius/topology.yaml"
        return exists(candidate) ? candidate : nil
    }
}
