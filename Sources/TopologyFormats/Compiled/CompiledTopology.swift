package import Alerts
package import Diagnostics
package import Topology

/// What topology files come to, in a form that is loaded at the speed of the disk.
///
/// docs/scale.md describes the layout.
package struct CompiledTopology: Sendable {
    /// A file that it was made from.
    package struct Source: Sendable, Equatable {
        /// The path as it was given, which findings and reports name.
        package var path: String
        /// The path from the root, which finds the file again from any folder.
        package var absolutePath: String
        /// In bytes.
        package var size: Int
        /// When the file was last changed, in nanoseconds since 1970 UTC.
        package var modified: Int64
        /// The ``XXH64`` of its content.
        package var hash: UInt64

        package init(path: String, absolutePath: String, size: Int, modified: Int64, hash: UInt64) {
            self.path = path
            self.absolutePath = absolutePath
            self.size = size
            self.modified = modified
            self.hash = hash
        }
    }

    package var topology: Topology
    package var rules: [AlertRule]
    package var knownIssues: [KnownIssue]
    /// Weights by name, as the files set them.
    package var weights: [(name: String, value: Double)]
    /// What reading the files found.
    package var diagnostics: [Diagnostic]
    package var sources: [Source]

    package init(
        topology: Topology,
        rules: [AlertRule],
        knownIssues: [KnownIssue],
        weights: [(name: String, value: Double)],
        diagnostics: [Diagnostic],
        sources: [Source]
    ) {
        self.topology = topology
        self.rules = rules
        self.knownIssues = knownIssues
        self.weights = weights
        self.diagnostics = diagnostics
        self.sources = sources
    }

    /// The first bytes of every compiled topology: no text begins so, and a transfer that rewrites line breaks shows.
    package static let magic: [UInt8] = [0x89] + Array("BRT\r\n".utf8) + [0x1A, 0x0A]
    /// The version of the layout; only the same one is read.
    static let formatVersion: UInt32 = 1
    /// A hash of what this program adds to the files: another program with other built-in kinds has another.
    static let builtInHash: UInt64 = {
        let kinds = Kind.builtIn.map {
            "\($0.name) \($0.label) \($0.faultsPerYear) \($0.area.rawValue) \($0.criticality)"
        }
        return Array(kinds.joined(separator: "\n").utf8).withUnsafeBytes(XXH64.hash)
    }()
    /// Magic, version, number of sections, hash of what is built in, length and checksum.
    package static let headerLength = 40

    /// The parts of a file in their order.
    enum Section: Int, CaseIterable {
        /// What is small: kinds, rules, sources.
        case notes
        case nameBytes, nameOffsets, lastPartOrder
        case kindIndices, places
        case requirementOffsets, requirementRecords, members
        case detailOffsets, detailBytes
        case aliasBytes, aliasOffsets, aliasRows, aliasEntities
        case marks
    }
}
