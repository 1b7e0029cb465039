import Diagnostics
import Time

/// One series of a range query with the times of its samples, sorted.
struct MatrixRow {
    var series: Series
    var times: [Timestamp]
    var location: SourceLocation
}

/// Turns the samples of a range query into firings: runs of samples without a gap.
struct MatrixReader {
    let rows: [MatrixRow]
    /// The distance between samples: the smallest that occurs.
    let step: Span
    let newest: Timestamp?

    init(rows: [MatrixRow]) {
        self.rows = rows
        var step: Span?
        for row in rows {
            for (earlier, later) in zip(row.times, row.times.dropFirst()) where later > earlier {
                step = Swift.min(step ?? later - earlier, later - earlier)
            }
        }
        self.step = step ?? .minutes(1)
        newest = rows.compactMap(\.times.last).max()
    }

    func read(into batch: inout AlertBatch) {
        var pending: [LabelSet: [Range<Timestamp>]] = [:]
        for row in rows where row.series.state == .pending { pending[row.series.labels, default: []] += runs(of: row) }
        for row in rows {
            for time in [row.times.first, row.times.last].compactMap({ $0 }) { batch.history.cover(time) }
            let runs = runs(of: row)
            if row.series.state != .pending {
                for run in runs {
                    batch.history.append(
                        AlertHistory.Episode(labels: row.series.labels, start: run.lowerBound, end: run.upperBound)
                    )
                }
            }
            guard let last = runs.last, last.upperBound == newest else { continue }
            var alert = Alert(labels: row.series.labels, state: row.series.state, location: row.location)
            alert.updatedAt = newest
            if row.series.state == .pending {
                alert.activeAt = last.lowerBound
            } else {
                alert.startsAt = last.lowerBound
                let before = (pending[row.series.labels] ?? []).first { adjoins($0, last) }
                alert.activeAt = before?.lowerBound
            }
            batch.alerts.append(alert)
        }
    }

    private func runs(of row: MatrixRow) -> [Range<Timestamp>] {
        let longestGap = step.milliseconds + step.milliseconds / 2
        var runs: [Range<Timestamp>] = []
        var start: Timestamp?
        var previous: Timestamp?
        for time in row.times {
            if let begin = start, let last = previous, (time - last).milliseconds > longestGap {
                runs.append(begin..<last)
                start = time
            }
            if start == nil { start = time }
            previous = time
        }
        if let start, let previous { runs.append(start..<previous) }
        return runs
    }

    /// Whether the firing begins at the sample after the last one of the pending run.
    private func adjoins(_ pending: Range<Timestamp>, _ firing: Range<Timestamp>) -> Bool {
        let gap = (firing.lowerBound - pending.upperBound).milliseconds
        return gap > 0 && gap <= step.milliseconds + step.milliseconds / 2
    }
}
