package import Time

/// When alerts fired before, from range queries and from earlier alert files.
package struct AlertHistory: Sendable {
    /// One firing, from its first to its last known instant.
    package struct Episode: Sendable {
        package var labels: LabelSet
        package var start: Timestamp
        /// Nil when only the start is known.
        package var end: Timestamp?
        /// The alert file that shows it, counted from 0; nil for one from a range query.
        package var file: Int?

        package init(labels: LabelSet, start: Timestamp, end: Timestamp? = nil, file: Int? = nil) {
            self.labels = labels
            self.start = start
            self.end = end
            self.file = file
        }
    }

    /// The firings in the order read.
    package private(set) var episodes: [Episode] = []
    /// How many earlier alert files contributed: each is one look at the platform.
    package private(set) var fileCount = 0
    /// The times that the samples of range queries cover.
    package private(set) var window: ClosedRange<Timestamp>?

    private var indicesByName: [String: [Int]] = [:]

    package init() {}

    package var isEmpty: Bool { episodes.isEmpty && fileCount == 0 && window == nil }

    /// Adds all that one file shows: its episodes, or else each of its alerts as an episode.
    package mutating func add(_ batch: AlertBatch) {
        if batch.format == .prometheusMatrix {
            merge(batch.history)
            return
        }
        defer { fileCount += 1 }
        for alert in batch.alerts where alert.state != .pending {
            guard let start = alert.startsAt ?? alert.activeAt ?? alert.updatedAt else { continue }
            let end = alert.state == .resolved ? alert.endsAt : nil
            append(Episode(labels: alert.labels, start: start, end: end, file: fileCount))
        }
    }

    /// The earlier firings of the same alert: those whose labels are contained in its labels, or contain them, since
    /// external labels may be on one side only.
    ///
    /// - Complexity: O(firings of the same alert name).
    package func episodes(of alert: Alert) -> [Episode] {
        (indicesByName[alert.name] ?? [])
            .map { episodes[$0] }
            .filter { $0.labels.isContained(in: alert.labels) || alert.labels.isContained(in: $0.labels) }
    }

    /// The earlier firings of any alert with this name.
    package func episodes(named name: String) -> [Episode] { (indicesByName[name] ?? []).map { episodes[$0] } }

    mutating func append(_ episode: Episode) {
        indicesByName[episode.labels["alertname"] ?? "", default: []].append(episodes.count)
        episodes.append(episode)
    }

    mutating func cover(_ time: Timestamp) {
        window = Swift.min(window?.lowerBound ?? time, time)...Swift.max(window?.upperBound ?? time, time)
    }

    private mutating func merge(_ other: AlertHistory) {
        for episode in other.episodes { append(episode) }
        if let window = other.window {
            cover(window.lowerBound)
            cover(window.upperBound)
        }
    }
}
