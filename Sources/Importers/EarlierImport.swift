internal import Diagnostics
internal import Topology

/// What an earlier import wrote into a file, with what people made of it since.
struct EarlierImport {
    private struct Written {
        var entity: TopologyDeclaration.Entity
        var lines: [String]
        var hasComment: Bool
    }

    /// The lines of one entity of the file.
    typealias Item = (name: String, lines: [String])

    private var written: [String: Written] = [:]
    private let source: ImportSource

    /// The entities on lines of a file, whose comments belong to the entity that they follow or stand above.
    ///
    /// - Parameters:
    ///   - lines: The file's lines.
    ///   - range: Those between the marks.
    ///   - entities: All entities of the file, marked with their lines.
    ///   - source: Where they were imported from.
    init(_ lines: [String], _ range: Range<Int>, entities: [TopologyDeclaration.Entity], source: ImportSource) {
        self.source = source
        let own = entities.filter { range.contains(Int($0.mark.line) - 1) }.sorted { $0.mark.line < $1.mark.line }
        var start = range.lowerBound
        for (index, entity) in own.enumerated() {
            let next = index + 1 < own.count ? Int(own[index + 1].mark.line) - 1 : range.upperBound
            let above = lines[Int(entity.mark.line)..<next].reversed().prefix { $0.first { $0 != " " } == "#" }.count
            let end = index + 1 < own.count ? next - above : next
            let text = Array(lines[start..<end])
            written[entity.name] = Written(
                entity: entity,
                lines: text,
                hasComment: text.contains(where: Self.hasComment)
            )
            start = end
        }
    }

    /// The entities of a new import in order, with what people wrote.
    ///
    /// One with a comment stays as it stands. Of another the keys stay that the source never gives.
    ///
    /// - Parameters:
    ///   - new: The entities of the new import.
    ///   - excluded: Entities that are written elsewhere in the file.
    /// - Returns: Each entity with its lines, by name.
    /// - Complexity: O(n log n).
    func updated(_ new: [TopologyDeclaration.Entity], excluding excluded: Set<String>) -> [Item] {
        var items = new.map { entity -> Item in
            guard let old = written[entity.name] else { return (entity.name, TopologyWriter.lines(of: entity)) }
            return (entity.name, old.hasComment ? old.lines : TopologyWriter.lines(of: keep(old.entity, in: entity)))
        }
        let names = Set(new.map(\.name)).union(excluded)
        items += written.filter { $0.value.hasComment && !names.contains($0.key) }.map { ($0.key, $0.value.lines) }
        return items.sorted { $0.name < $1.name }
    }

    private func keep(
        _ old: TopologyDeclaration.Entity,
        in new: TopologyDeclaration.Entity
    )
        -> TopologyDeclaration.Entity
    {
        var new = new
        new.criticality = old.criticality
        new.observers = old.observers
        if !source.givesNames { (new.label, new.owner) = (old.label, old.owner) }
        if !source.givesResources {
            (new.canRunOn, new.capacity, new.uses) = (old.canRunOn, old.capacity, old.uses)
        }
        return new
    }

    // MARK: What to say of it

    /// What an update does to entities that people may look for.
    ///
    /// - Parameters:
    ///   - new: The names of the new import.
    ///   - handMade: The entities that are written elsewhere in the file.
    ///   - file: The file's name, for locations.
    /// - Returns: Notes, and a warning for each hand-made entity that names what is gone.
    func findings(_ new: Set<String>, handMade: [TopologyDeclaration.Entity], file: String) -> [Diagnostic] {
        var tally = Tally()
        let elsewhere = Set(handMade.map(\.name))
        let location = SourceLocation(file: file)
        var removed: Set<String> = []
        for (name, old) in written.sorted(by: { $0.key < $1.key }) where !elsewhere.contains(name) {
            let place = SourceLocation(file: file, line: Int(old.entity.mark.line), column: 1)
            switch (old.hasComment, new.contains(name)) {
            case (true, true):
                let what = "an entity that is kept as it stands between the marks, for it has a comment"
                tally.count("kept-by-hand", what, example: name, at: place)
            case (true, false):
                let what = "an entity that is kept for its comment, and is no longer in the input"
                tally.count("kept-by-hand", what, example: name, at: place)
            case (false, true): break
            case (false, false):
                removed.insert(name)
                tally.count("removed", "an entity that is no longer in the input", example: name, at: location)
            }
        }
        return tally.diagnostics + Self.stillNamed(removed, in: handMade, file: file)
    }

    /// What people wrote and what no longer exists.
    private static func stillNamed(
        _ removed: Set<String>,
        in entities: [TopologyDeclaration.Entity],
        file: String
    )
        -> [Diagnostic]
    {
        entities.flatMap { entity in
            let named = Set(entity.references.filter { removed.contains($0) })
            return named.sorted().map { name in
                Diagnostic(
                    .warning,
                    "still-named",
                    "\(entity.name) names \(name), which is no longer in the input",
                    at: SourceLocation(file: file, line: Int(entity.mark.line), column: Int(entity.mark.column)),
                    fix: "name what has taken its place"
                )
            }
        }
    }

    /// Whether a line of YAML ends in a comment: what follows `#` at the start or after a space, outside of quotes.
    private static func hasComment(_ line: String) -> Bool {
        var quote: Character?
        var previous: Character = " "
        for character in line {
            if let open = quote {
                if character == open, !(open == "\"" && previous == "\\") { quote = nil }
            } else if character == "#", previous == " " {
                return true
            } else if "'\"".contains(character), " [{,:".contains(previous) {
                quote = character
            }
            previous = character
        }
        return false
    }
}

extension ImportSource {
    /// Whether it gives entities labels and owners.
    fileprivate var givesNames: Bool { self == .netbox || self == .backstage }

    /// Whether it tells where things can run, and how much fits.
    fileprivate var givesResources: Bool { self == .kubernetes || self == .prometheus }
}

extension TopologyDeclaration.Entity {
    /// The names of all that it names.
    fileprivate var references: [String] {
        let needed = needs.flatMap { need in
            switch need {
            case .hard(let reference), .weak(let reference): [reference]
            case .group(_, let members, _): members
            }
        }
        return (needed + self.observers + self.canRunOn + [place].compactMap { $0 }).map(\.name)
    }
}
