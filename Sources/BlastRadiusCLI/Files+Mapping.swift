internal import Diagnostics

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension Files {
    /// What the system says of a file.
    struct Status {
        /// In bytes.
        var size: Int
        /// When it was last changed, in nanoseconds since 1970 UTC.
        var modified: Int64
        /// From the root, symbolic links followed.
        var absolutePath: String
    }

    /// What the system says of a regular file; nil for anything else.
    static func status(of path: String) -> Status? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let resolved = realpath(path, nil) else {
            return nil
        }
        defer { free(resolved) }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Status(
            size: Int(status.st_size),
            modified: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
            absolutePath: String(cString: resolved)
        )
    }

    /// Calls `body` with the content of a regular file, mapped into memory.
    ///
    /// The file must not be cut short meanwhile; ours are replaced, never rewritten.
    ///
    /// - Throws: what `body` throws, or a finding that the file cannot be read.
    static func withContent<Result>(
        of path: String,
        _ body: (UnsafeRawBufferPointer) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw Diagnostic(
                .error,
                "unreadable-file",
                "cannot be read: \(String(cString: strerror(errno)))",
                at: SourceLocation(file: path)
            )
        }
        defer { close(descriptor) }
        let size = Int(status.st_size)
        guard size > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        #if canImport(Darwin)
        let flags = MAP_PRIVATE
        #else
        let flags = MAP_PRIVATE | Int32(MAP_POPULATE)
        #endif
        guard let start = mmap(nil, size, PROT_READ, flags, descriptor, 0), start != MAP_FAILED else {
            throw Diagnostic(.error, "unreadable-file", "cannot be mapped into memory", at: SourceLocation(file: path))
        }
        defer { munmap(start, size) }
        return try body(UnsafeRawBufferPointer(start: start, count: size))
    }

    /// Whether a regular file begins with these bytes.
    static func begins(_ path: String, with bytes: [UInt8]) -> Bool {
        guard status(of: path) != nil else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: bytes.count)
        return pread(descriptor, &head, head.count, 0) == head.count && head == bytes
    }

    /// Makes a folder and those above it, for the user only.
    static func makeFolder(_ path: String) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += part
            if !made.isEmpty { mkdir(made, 0o700) }
            made += "/"
        }
    }

    /// Removes all but the newest files of a folder whose names end so.
    static func keepNewest(_ count: Int, in folder: String, ending suffix: String) {
        guard let stream = opendir(folder) else { return }
        var found: [(modified: Int64, path: String)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasSuffix(suffix), let status = status(of: "\(folder)/\(name)") else { continue }
            found.append((status.modified, "\(folder)/\(name)"))
        }
        closedir(stream)
        for (_, path) in found.sorted(by: { $0 > $1 }).dropFirst(count) { unlink(path) }
    }

    /// The folder for what can be made again: `$XDG_CACHE_HOME/blast-radius`, by default within `~/.cache`.
    static var cacheFolder: String? {
        if let base = getenv("XDG_CACHE_HOME").map({ String(cString: $0) }), base.hasPrefix("/") {
            return base + "/blast-radius"
        }
        return getenv("HOME").map { String(cString: $0) + "/.cache/blast-radius" }
    }
}
