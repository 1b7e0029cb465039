internal import Diagnostics

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The lines of files, one after another, as they come; `-` is standard input.
struct LineReader {
    private var paths: ArraySlice<String>
    /// The file of the last line.
    private(set) var path = ""
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []
    private var start = 0
    /// The bytes of `buffer` before this hold no line break behind `start`.
    private var searched = 0

    init(_ paths: [String]) { self.paths = paths[...] }

    /// Whether the next line is here already, so that asking for it does not wait.
    mutating func hasLine() -> Bool {
        while searched < buffer.count, buffer[searched] != UInt8(ascii: "\n") { searched += 1 }
        return searched < buffer.count
    }

    /// The next line without its line break; nil after the last.
    ///
    /// - Throws: a finding that names the file that cannot be read; the files after it can.
    mutating func next() throws(Diagnostic) -> [UInt8]? {
        while true {
            if hasLine() {
                let line = Array(buffer[start..<searched])
                searched += 1
                start = searched
                return line
            }
            if descriptor < 0 {
                guard let following = paths.popFirst() else { return nil }
                path = following
                descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { throw failure() }
            } else if try !fill() {
                if descriptor != STDIN_FILENO { close(descriptor) }
                descriptor = -1
                let rest = Array(buffer[start...])
                buffer.removeAll(keepingCapacity: true)
                (start, searched) = (0, 0)
                if !rest.isEmpty { return rest }
            }
        }
    }

    /// Passes over the rest of the file of the last line.
    mutating func skipFile() {
        if descriptor >= 0, descriptor != STDIN_FILENO { close(descriptor) }
        descriptor = -1
        buffer.removeAll(keepingCapacity: true)
        (start, searched) = (0, 0)
    }

    /// Reads more; false at the end of the file.
    private mutating func fill() throws(Diagnostic) -> Bool {
        buffer.removeSubrange(..<start)
        searched -= start
        start = 0
        guard buffer.count <= Files.sizeLimit else {
            throw Diagnostic(.error, "too-large", "has a line of more than 1 GiB", at: SourceLocation(file: path))
        }
        let count = buffer.count
        let chunk = 1 << 16
        buffer.append(contentsOf: repeatElement(0, count: chunk))
        var got = -1
        repeat {
            got = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: count), chunk) }
        } while got < 0 && errno == EINTR
        let problem = got < 0 ? failure() : nil
        buffer.removeLast(chunk - Swift.max(0, got))
        if let problem {
            if descriptor != STDIN_FILENO { close(descriptor) }
            descriptor = -1
            throw problem
        }
        return got > 0
    }

    private func failure() -> Diagnostic {
        Diagnostic(
            .error,
            "unreadable-file",
            "cannot be read: \(String(cString: strerror(errno)))",
            at: SourceLocation(file: path)
        )
    }
}
