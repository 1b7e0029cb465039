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

    /// Whether every user of the machine may read the file.
    static func isReadableByAll(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
    }

    /// Whether two paths lead to one regular file, by whatever links.
    static func areSame(_ path: String, _ other: String) -> Bool {
        var (one, two) = (stat(), stat())
        return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_mode & S_IFMT == S_IFREG
            && one.st_dev == two.st_dev && one.st_ino == two.st_ino
    }

    /// Writes a file so that a reader, or a crash, finds the old content or the new, never a part.
    ///
    /// It is written to a temporary file beside it, synchronised, then renamed over it. A symbolic link stays and its
    /// target is replaced.
    ///
    /// `-` and the names of open descriptors, such as `/dev/stdout`, are written to as they are, and so is a device or
    /// pipe. That the reader of standard output has gone, as `head` does, is no fault.
    ///
    /// - Throws: a finding that names the file and what the system said.
    static func write(_ bytes: [UInt8], to path: String) throws(Diagnostic) {
        if let descriptor = descriptor(named: path) { return try writeAll(bytes, to: descriptor, path: path) }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw unwritable(path, errno) }
            defer { close(descriptor) }
            return try writeAll(bytes, to: descriptor, path: path)
        }
        // The rename would get past a file's own permissions.
        guard !exists || access(path, W_OK) == 0 else { throw unwritable(path, errno) }
        try replace(exists ? target(of: path) : path, with: bytes, mode: exists ? status.st_mode & 0o7777 : nil, path)
    }

    /// Writes beside `file`, then renames over it; findings print `path`.
    private static func replace(_ file: String, with bytes: [UInt8], mode: mode_t?, _ path: String) throws(Diagnostic) {
        let (temporary, descriptor) = createTemporary(beside: file)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        do {
            try writeAll(bytes, to: descriptor, path: path)
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        if let mode { fchmod(descriptor, mode) }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, file) == 0 else {
            let problem = errno
            unlink(temporary)
            throw unwritable(path, problem)
        }
    }

    /// Creates a file beside another.
    ///
    /// A run that was killed leaves its own behind, and in a container the next one has the same process number.
    private static func createTemporary(beside file: String) -> (path: String, descriptor: Int32) {
        var path = ""
        for attempt in 0..<100 {
            path = "\(file).\(getpid()).\(attempt).tmp"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 || errno != EEXIST { return (path, descriptor) }
        }
        return (path, -1)
    }

    /// The file that symbolic links lead to.
    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The open descriptor that a path stands for.
    ///
    /// Opening the path instead would begin the file behind it anew.
    private static func descriptor(named path: String) -> Int32? {
        switch path {
        case "-", "/dev/stdout": STDOUT_FILENO
        case "/dev/stderr": STDERR_FILENO
        default: path.hasPrefix("/dev/fd/") ? Int32(path.dropFirst("/dev/fd/".count)) : nil
        }
    }

    /// Prepares the process's streams: a closed one stays unusable instead of becoming the next file that is opened, and
    /// writing to a pipe whose reader has gone, or beyond the user's limit, is an error code, not a signal.
    static func prepareStreams() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one; the wrong direction makes every use of it fail.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Whether anybody can still read standard output: false once the other end of a pipe is closed.
    static var hasReader: Bool {
        var descriptor = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&descriptor, 1, 0) <= 0 || descriptor.revents & Int16(POLLERR) == 0
    }

    /// Writes to standard error.
    ///
    /// What cannot be written there has no better place.
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
            if count < 0, descriptor == STDOUT_FILENO, problem == EPIPE { return }
            if count < 0 { throw unwritable(path == "-" ? "standard output" : path, problem) }
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
            at: SourceLocation(file: path),
            fix: problem == ENOENT ? neighbour(of: path).map { "did you mean '\($0)'?" } ?? "check the name" : nil
        )
    }

    /// The file in the same folder whose name is nearest to that of a file that is not there.
    private static func neighbour(of path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = path.dropLast(name.count)
        guard let stream = opendir(folder.isEmpty ? "." : String(folder)) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < 10_000, let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return nearestName(to: name, among: names.sorted()).map { folder + $0 }
    }

    private static func unwritable(_ path: String, _ problem: Int32) -> Diagnostic {
        Diagnostic(
            .error,
            "unwritable-file",
            "cannot be written: \(String(cString: strerror(problem)))",
            at: SourceLocation(file: path),
            fix: [ENOENT: "make the folder first", EISDIR: "name a file in it"][problem]
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
