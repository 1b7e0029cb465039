internal import Time

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What `doctor` asks of the machine.
extension Files {
    /// When the content of a file last changed; nil when there is no such file.
    static func lastChange(of path: String) -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        return Timestamp(milliseconds: Int64(status.st_mtimespec.tv_sec) * 1_000)
        #else
        return Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000)
        #endif
    }

    /// A variable of the environment, unless it is empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Whether a font is installed where fontconfig looks by default.
    static var hasFonts: Bool {
        let home =
            environment("HOME").map { ["\($0)/.local/share/fonts", "\($0)/.fonts", "\($0)/Library/Fonts"] } ?? []
        let folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"] + home
        return folders.contains { holdsFont($0, depth: 5) }
    }

    private static func holdsFont(_ folder: String, depth: Int) -> Bool {
        guard depth > 0, let stream = opendir(folder) else { return false }
        defer { closedir(stream) }
        var folders: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            if [".ttf", ".otf", ".ttc", ".pfb", ".t1"].contains(where: name.lowercased().hasSuffix) { return true }
            folders.append("\(folder)/\(name)")
        }
        return folders.contains { holdsFont($0, depth: depth - 1) }
    }
}
