/// The bytes of a file, and the name under which findings mention it.
public struct InputFile: Sendable {
    /// The path as given, or `<stdin>`: findings print it, and nothing opens it.
    public var path: String
    /// The whole content, not yet known to be UTF-8.
    public var bytes: [UInt8]

    /// A file whose content is at hand; nothing is read.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
