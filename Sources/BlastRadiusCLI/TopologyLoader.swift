internal import BlastRadius
internal import Diagnostics
internal import TopologyFormats

/// Reads a platform from topology files, compiled ones included, and keeps what large files come to for the next run.
struct TopologyLoader {
    /// From how many bytes of topology on the result is kept: smaller ones are read in less time than a disk may take.
    private static let keptFromBytes = 1 << 20
    /// How many results are kept.
    private static let keptCount = 8

    /// Whether results are kept, and looked for.
    var usesCache: Bool

    /// Reads files, or one compiled topology; reports what is wrong.
    func load(_ given: [String], _ session: inout Session) -> Platform? {
        if given.count == 1, Files.begins(given[0], with: CompiledTopology.magic) {
            guard let compiled = compiled(at: given[0], &session) else { return nil }
            session.report(compiled.diagnostics)
            return Platform(compiled, files: compiled.sources.map(\.path))
        }
        guard let paths = withSources(given, &session) else { return nil }
        let files = paths.compactMap { session.read($0) }
        guard files.count == paths.count else { return nil }
        let known = paths.map { $0 == "-" ? "<stdin>" : $0 }
        let cached = usesCache ? Self.cachePath(for: files) : nil
        if let cached,
            let compiled = try? Files.withContent(
                of: cached,
                { content throws(Diagnostic) in
                    try CompiledTopology(content, file: cached)
                }
            )
        {
            session.report(compiled.diagnostics)
            return Platform(compiled, files: known)
        }
        let (compiled, diagnostics) = Platform.compile(files)
        session.report(diagnostics)
        guard let compiled else { return nil }
        if let cached { Self.keep(compiled, at: cached) }
        return Platform(compiled, files: known)
    }

    /// Reads files, and reports all that is wrong or odd about them.
    ///
    /// What was wrong with the files of a compiled topology was found when it was made.
    func check(_ given: [String], _ session: inout Session) -> Platform? {
        if given.count == 1, Files.begins(given[0], with: CompiledTopology.magic) {
            let platform = load(given, &session)
            session.report(platform?.check() ?? [])
            return platform
        }
        guard let paths = withSources(given, &session) else { return nil }
        let files = paths.compactMap { session.read($0) }
        guard files.count == paths.count else { return nil }
        let (platform, findings) = Platform.check(files)
        session.report(findings)
        return platform
    }

    /// Reads files into what a compiled topology holds, and where that comes from.
    func compile(_ given: [String], _ session: inout Session) -> CompiledTopology? {
        guard let paths = withSources(given, &session) else { return nil }
        let files = paths.compactMap { session.read($0) }
        guard files.count == paths.count else { return nil }
        let sources = zip(paths, files).map { path, file in
            let status = Files.status(of: path)
            return CompiledTopology.Source(
                path: file.path,
                absolutePath: status?.absolutePath ?? "",
                size: file.bytes.count,
                modified: status?.modified ?? 0,
                hash: file.bytes.withUnsafeBytes(XXH64.hash)
            )
        }
        let (compiled, diagnostics) = Platform.compile(files, sources: sources)
        session.report(diagnostics)
        return compiled
    }

    // MARK: Compiled files

    /// Reads a compiled topology; reports, and returns nil, when it is damaged or older than its sources.
    private func compiled(at path: String, _ session: inout Session) -> CompiledTopology? {
        do throws(Diagnostic) {
            let compiled = try Files.withContent(of: path) { content throws(Diagnostic) in
                try CompiledTopology(content, file: path)
            }
            let paths = compiled.sources.map(\.path).joined(separator: " ")
            let findings = compiled.sources.compactMap {
                Self.difference(of: $0, from: path, fix: "compile it again: blast-radius compile \(paths) -o \(path)")
            }
            session.report(findings)
            return findings.containsError ? nil : compiled
        } catch {
            session.report([error])
            return nil
        }
    }

    /// What has become of a source since it was compiled; nil when nothing has.
    private static func difference(
        of source: CompiledTopology.Source,
        from path: String,
        fix: String
    ) -> Diagnostic? {
        // Standard input has no place to look at.
        guard !source.absolutePath.isEmpty else { return nil }
        guard let status = Files.status(of: source.absolutePath) else {
            return Diagnostic(
                .note,
                "source-missing",
                "cannot be compared with its source '\(source.path)', which is not there",
                at: SourceLocation(file: path)
            )
        }
        if status.size == source.size {
            if status.modified == source.modified { return nil }
            let hash = try? Files.withContent(of: source.absolutePath) { content in XXH64.hash(content) }
            if hash == source.hash { return nil }
        }
        return Diagnostic(
            .error,
            "stale-topology",
            "was compiled from another content of '\(source.path)'",
            at: SourceLocation(file: path),
            fix: fix
        )
    }

    /// The paths, with those of its sources in place of each compiled topology: merging takes what people wrote.
    private func withSources(_ given: [String], _ session: inout Session) -> [String]? {
        var paths: [String] = []
        for path in given {
            if Files.begins(path, with: CompiledTopology.magic) {
                guard let compiled = compiled(at: path, &session) else { return nil }
                paths += compiled.sources.map(\.absolutePath)
            } else {
                paths.append(path)
            }
        }
        return paths
    }

    // MARK: Cache

    /// Where the result of these files is kept; nil when it is not.
    ///
    /// The name is a hash of paths and contents, so that whatever changes leads to another file.
    private static func cachePath(for files: [InputFile]) -> String? {
        guard files.reduce(0, { $0 + $1.bytes.count }) >= keptFromBytes, let folder = Files.cacheFolder else {
            return nil
        }
        var key: [UInt8] = []
        for file in files {
            for text in [file.path, String(file.bytes.count), String(file.bytes.withUnsafeBytes(XXH64.hash))] {
                key += Array(text.utf8) + [0]
            }
        }
        let name = String(key.withUnsafeBytes(XXH64.hash), radix: 16)
        return "\(folder)/\(name).brt"
    }

    /// Keeps a result; that it cannot be kept is no fault.
    private static func keep(_ compiled: CompiledTopology, at path: String) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        Files.makeFolder(folder)
        try? Files.write(compiled.encoded(), to: path)
        Files.keepNewest(keptCount, in: folder, ending: ".brt")
    }
}
