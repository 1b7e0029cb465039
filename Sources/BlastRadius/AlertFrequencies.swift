internal import Alerts
internal import Diagnostics
internal import Foundation
internal import Time
internal import Topology

/// How often history shows each sort of alert on each entity, over how many looks at the platform.
///
/// An earlier alert file is one look. The span of a range query is cut into looks of one window each.
struct AlertFrequencies {
    let looks: Int
    private var looksOfSort: [Sort: Set<Int>] = [:]
    private var looksOfEntity: [EntityID: Set<Int>] = [:]

    private struct Sort: Hashable {
        var nature: String
        /// An alert that maps to no entity is told from others by its labels.
        var subject: Subject
    }

    private enum Subject: Hashable {
        case entity(EntityID)
        case labels(LabelSet)
    }

    /// - Complexity: O(firings × cost of a match).
    init(_ history: AlertHistory, mapper: AlertMapper, windowHours: Double) {
        let step = Swift.max(1, Int64(windowHours * 3_600_000))
        let span = history.window.map { $0.upperBound.milliseconds - $0.lowerBound.milliseconds } ?? 0
        let slots = history.window == nil ? 0 : Int(span / step) + 1
        looks = history.fileCount + slots
        for episode in history.episodes {
            let alert = Alert(labels: episode.labels, location: SourceLocation(file: ""))
            let entity = mapper.match(alert).entity
            let sort = Self.sort(of: alert, entity)
            var seen: [Int] = []
            if let file = episode.file {
                seen = [file]
            } else if let window = history.window {
                let first = Int((episode.start.milliseconds - window.lowerBound.milliseconds) / step)
                let last = Int(((episode.end ?? episode.start).milliseconds - window.lowerBound.milliseconds) / step)
                let range = Swift.max(0, first)..<Swift.min(slots, Swift.max(first, last) + 1)
                seen = range.map { history.fileCount + $0 }
            }
            looksOfSort[sort, default: []].formUnion(seen)
            if let entity { looksOfEntity[entity, default: []].formUnion(seen) }
        }
    }

    private static func sort(of alert: Alert, _ entity: EntityID?) -> Sort {
        Sort(nature: SymptomNature(of: alert).sort, subject: entity.map(Subject.entity) ?? .labels(alert.labels))
    }

    /// How many looks show an alert of this sort about this entity.
    func seen(_ alert: Alert, about entity: EntityID?) -> Int { looksOfSort[Self.sort(of: alert, entity)]?.count ?? 0 }

    /// The entities that any look shows an alert about.
    var entities: Set<EntityID> { Set(looksOfEntity.keys) }

    /// How many looks show any alert about the entity.
    func seen(about entity: EntityID) -> Int { looksOfEntity[entity]?.count ?? 0 }
}

extension Analysis.AlertFrequency {
    /// What is left of an alert's weight, from 0 to 1: ln(1/f) with f the share of looks that show it, against that of an
    /// alert never seen.
    var surprise: Double {
        let looks = Double(looks)
        let share = (Double(seen) + 0.5) / (looks + 1)
        return max(0, min(1, -log(share) / log(2 * (looks + 1))))
    }
}
