import CGraphviz
import Diagram

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Graphviz's plugin libraries, loaded one by one instead of all that the machine has.
enum Plugins {
    /// What SVG needs of Graphviz, as plugin tables; nil when a library is not where it should be.
    static func libraries(for engine: LayoutEngine) -> [UnsafeRawPointer]? {
        guard let core, let layout = engine == .dot ? dot : neato else { return nil }
        return [core, layout]
    }

    nonisolated(unsafe) private static let core = load("core")
    nonisolated(unsafe) private static let dot = load("dot_layout")
    nonisolated(unsafe) private static let neato = load("neato_layout")

    private static func load(_ name: String) -> UnsafeRawPointer? {
        guard let path = br_library_path() else { return nil }
        let folder = String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        for suffix in [".so.6", ".so.8", ".so.7", ".so", ".6.dylib", ".8.dylib"] {
            let file = "\(folder)/graphviz/libgvplugin_\(name)\(suffix)"
            guard access(file, R_OK) == 0, let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { continue }
            // Never closed: Graphviz keeps pointers into it.
            return UnsafeRawPointer(dlsym(handle, "gvplugin_\(name)_LTX_library"))
        }
        return nil
    }
}
