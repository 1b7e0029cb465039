import Diagnostics
import Topology

extension AlertMapper {
    /// Entities that the alert may have meant: those whose names are close to what was looked up, and those whose names
    /// share words with it.
    ///
    /// - Parameters:
    ///   - match: What mapping the alert came to.
    ///   - limit: How many to return at most.
    /// - Returns: Full names, the likeliest first.
    /// - Complexity: O(attempts × entities × length); meant for people, not for every alert of a large file.
    package func nearMisses(for match: Match, limit: Int = 3) -> [String] {
        nearMissesWithAttempts(for: match, limit: limit).map(\.entity)
    }

    /// As ``nearMisses(for:limit:)``, each with the name that was looked up; nil for one of several that were found.
    func nearMissesWithAttempts(for match: Match, limit: Int) -> [(entity: String, attempt: String?)] {
        if case .ambiguous(let entities) = match.reason {
            return entities.prefix(limit).map { (topology.name(of: $0), nil) }
        }
        var misses: [(entity: String, attempt: String?)] = []
        func add(_ name: String, _ attempt: String) {
            if misses.count < limit, !misses.contains(where: { $0.entity == name }) { misses.append((name, attempt)) }
        }
        for attempt in match.attempts.prefix(6) {
            if let near = nearestName(to: attempt, among: topology.names) { add(near, attempt) }
        }
        for attempt in match.attempts.prefix(6) {
            let wanted = Self.nameWords(attempt)
            guard !wanted.isEmpty else { continue }
            for entity in topology.entities where misses.count < limit {
                let words = Self.nameWords(topology.name(of: entity))
                guard !words.isEmpty else { continue }
                if words.isSubset(of: wanted) || wanted.isSubset(of: words) { add(topology.name(of: entity), attempt) }
            }
        }
        return misses
    }

    /// The words of the last part of a name that tell it from others.
    static func nameWords(_ name: String) -> Set<Substring> {
        let last = name.split(separator: "/").last ?? ""
        return Set(last.split { $0 == "-" || $0 == "_" || $0 == "." }.filter { $0.utf8.count > 2 })
    }
}
