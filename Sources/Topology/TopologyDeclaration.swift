package import Diagnostics

/// A platform as people wrote it: names not yet looked up, groups not yet checked.
///
/// The readers of every format make one, and ``resolved()`` turns it into a ``Topology``.
package struct TopologyDeclaration: Sendable {
    /// A place in one of `files`, in 12 bytes.
    package struct Mark: Hashable, Sendable, BitwiseCopyable {
        package var file: Int32
        package var line: Int32
        package var column: Int32

        package init(file: Int32 = 0, line: Int = 0, column: Int = 0) {
            self.file = file
            self.line = Int32(clamping: line)
            self.column = Int32(clamping: column)
        }

        /// The place as people read it.
        package func location(in files: [String]) -> SourceLocation {
            let path = files.indices.contains(Int(file)) ? files[Int(file)] : "topology"
            guard line > 0 else { return SourceLocation(file: path) }
            return SourceLocation(file: path, line: Int(line), column: Int(column))
        }
    }

    /// A name as written, and where.
    ///
    /// The name is a piece of bytes that others share, for example of the whole file: a string for each of several million
    /// costs more than reading them.
    package struct Reference: Sendable {
        private let bytes: [UInt8]
        private let start: UInt32
        private let length: UInt32
        package var mark: Mark
        /// The number of this mention of a name in its file, as in ``TopologyDeclaration/symbols``; -1 when the reader of
        /// the file gave none.
        package let mention: Int32

        package init(_ name: String, _ mark: Mark) {
            let bytes = Array(name.utf8)
            self.init(bytes.indices, of: bytes, mark, mention: -1)
        }

        /// The name that is a piece of less than 4 GiB.
        package init(_ piece: Range<Int>, of bytes: [UInt8], _ mark: Mark, mention: Int32) {
            self.bytes = bytes
            start = UInt32(piece.lowerBound)
            length = UInt32(piece.count)
            self.mark = mark
            self.mention = mention
        }

        /// - Complexity: O(length).
        package var name: String {
            String(decoding: bytes[Int(start)..<Int(start) + Int(length)], as: UTF8.self)
        }
    }

    package enum Need: Sendable {
        case hard(Reference)
        case weak(Reference)
        /// `minimum` of nil means `any`: one is enough.
        case group(minimum: Int?, of: [Reference], mark: Mark)
    }

    /// An entity as written; besides its place and needs it has what ``Details`` says.
    @dynamicMemberLookup
    package struct Entity: Sendable {
        package var name: String
        package var mark: Mark
        /// The number of its name's mention, as in ``Reference/mention``.
        package var mention: Int32 = -1
        package var place: Reference?
        package var needs: [Need] = []
        /// None or one: most of a million entities have none, and then it takes no room.
        private var details: [Details] = []

        package init(name: String, mark: Mark) {
            self.name = name
            self.mark = mark
        }

        package subscript<Value>(dynamicMember path: WritableKeyPath<Details, Value>) -> Value {
            get { (details.first ?? Details())[keyPath: path] }
            set {
                if details.isEmpty { details.append(Details()) }
                details[0][keyPath: path] = newValue
            }
        }

        var hasDetails: Bool { details.first?.isEmpty == false }
    }

    /// What is said of an entity beside its place and needs.
    package struct Details: Sendable {
        package var label: String?
        package var tags: [String] = []
        package var aliases: [String] = []
        package var criticality: Criticality?
        package var owner: String?
        package var observers: [Reference] = []
        /// Entities, or `kind` and `kind[tag]` for all of a sort.
        package var canRunOn: [Reference] = []
        package var capacity: Double?
        package var uses: Double?

        var isEmpty: Bool {
            label == nil && tags.isEmpty && aliases.isEmpty && criticality == nil && owner == nil
                && observers.isEmpty && canRunOn.isEmpty && capacity == nil && uses == nil
        }
    }

    /// Settings of a kind; what is nil keeps the built-in or default value.
    package struct KindSettings: Sendable {
        package var name: String
        package var mark: Mark
        package var label: String?
        package var faultsPerYear: Double?
        package var area: String?
        package var criticality: Criticality?

        package init(name: String, mark: Mark) {
            self.name = name
            self.mark = mark
        }
    }

    /// One more entity for each that matches `kind[tag]`.
    ///
    /// Texts may hold `{id}`, `{kind}`, `{namespace}` and `{name}`.
    package struct Expansion: Sendable {
        package var kind: String
        package var tag: String?
        package var template: Entity

        package init(kind: String, tag: String?, template: Entity) {
            self.kind = kind
            self.tag = tag
            self.template = template
        }
    }

    package var files: [String] = []
    /// For each file the symbols of the names that it mentions, the same for the same name; none where its reader gave none.
    ///
    /// A name that is looked up a million times is then looked up once.
    package var symbols: [[Int32]] = []
    package var name: String?
    package var kinds: [KindSettings] = []
    package var entities: [Entity] = []
    package var expansions: [Expansion] = []

    package init() {}

    package func location(_ mark: Mark) -> SourceLocation { mark.location(in: files) }
}
