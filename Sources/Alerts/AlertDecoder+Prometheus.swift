import Diagnostics
import JSON
import Time

extension AlertDecoder {
    /// Reads an alert of Prometheus' `/api/v1/alerts` or `/api/v1/rules`, which knows when its condition began to hold
    /// but not when it fired.
    static func prometheusAlert(_ value: JSONValue, _ problems: inout Problems) throws(Diagnostic) -> Alert {
        var alert = Alert(
            labels: try value.require("labels").requireLabels(&problems),
            annotations: value.optionalLabels("annotations", &problems),
            location: value.location
        )
        alert.activeAt = problems.salvage(try value.optionalTimestamp("activeAt"))
        let state = problems.salvage(try value.optionalString("state"))
        alert.state = state == "pending" ? .pending : state == "inactive" ? .resolved : .active
        return alert
    }

    /// Reads the result of a query of `ALERTS`, or of `ALERTS_FOR_STATE`, whose values are the times since when
    /// conditions hold.
    static func vector(
        _ result: JSONValue,
        _ problems: inout Problems,
        _ file: String
    ) throws(Diagnostic) -> AlertBatch {
        var batch = AlertBatch(file: file, format: .prometheusVector)
        var hasAlerts = result.count == 0
        decodeEach(of: result, &problems) { value, problems throws(Diagnostic) in
            let series = try Series(value, &problems)
            if series.isForState {
                let sample = try value.require("value")
                let text = try Series.sample(sample).text
                guard let seconds = Double(text), let activeAt = Timestamp(unixSeconds: seconds) else {
                    throw sample.mismatch(expected: "a time in seconds")
                }
                batch.activations.append(Activation(labels: series.labels, activeAt: activeAt))
                return
            }
            hasAlerts = true
            let sample = problems.salvage(try Series.sample(value.require("value")))
            guard sample?.text != "0" else { return }
            var alert = Alert(labels: series.labels, state: series.state, location: value.location)
            alert.updatedAt = sample?.time
            batch.alerts.append(alert)
        }
        if !hasAlerts { batch.format = .prometheusActivations }
        return batch
    }

    /// Reads the result of a range query of `ALERTS`: the alerts at its newest instant, and all firings as history.
    static func matrix(
        _ result: JSONValue,
        _ problems: inout Problems,
        _ file: String
    ) throws(Diagnostic) -> AlertBatch {
        var batch = AlertBatch(file: file, format: .prometheusMatrix)
        var rows: [MatrixRow] = []
        decodeEach(of: result, &problems) { value, problems throws(Diagnostic) in
            let series = try Series(value, &problems)
            guard !series.isForState else { return }
            guard let samples = value.optional("values")?.elements else {
                throw value.mismatch(expected: "samples in \"values\"")
            }
            var times: [Timestamp] = []
            for sample in samples {
                if let (time, text) = problems.salvage(try Series.sample(sample)), text != "0" { times.append(time) }
            }
            times.sort()
            if !times.isEmpty { rows.append(MatrixRow(series: series, times: times, location: value.location)) }
        }
        MatrixReader(rows: rows).read(into: &batch)
        return batch
    }
}

/// The labels of one series of `ALERTS` or `ALERTS_FOR_STATE`, without those that Prometheus adds to an alert's own.
struct Series {
    let labels: LabelSet
    let state: Alert.State
    let isForState: Bool

    init(_ value: JSONValue, _ problems: inout Problems) throws(Diagnostic) {
        let metric = try value.require("metric")
        let all = try metric.requireLabels(&problems)
        let name = all["__name__"]
        isForState = name == "ALERTS_FOR_STATE"
        guard isForState || name == "ALERTS" || all["alertstate"] != nil else {
            throw Diagnostic(
                .error,
                "wrong-shape",
                "\(metric.path) is a series of \(name.map { "'\($0.prefix(64))'" } ?? "no metric"), not of ALERTS",
                at: metric.location,
                fix: "query ALERTS, or ALERTS_FOR_STATE"
            )
        }
        state = all["alertstate"] == "pending" ? .pending : .active
        labels = all.removing(["__name__", "alertstate"])
    }

    /// The time and the text of a pair such as `[1795409645.364, "1"]`.
    static func sample(_ value: JSONValue) throws(Diagnostic) -> (time: Timestamp, text: String) {
        if let elements = value.elements, value.count == 2 {
            let pair = Array(elements)
            if let seconds = pair[0].double, let time = Timestamp(unixSeconds: seconds), let text = pair[1].string {
                return (time, text)
            }
        }
        throw value.mismatch(expected: "a time and a value")
    }
}

extension Timestamp {
    /// The instant this many seconds after the epoch; nil outside the years 1 to 9999.
    init?(unixSeconds seconds: Double) {
        guard seconds > -62_135_596_800, seconds < 253_402_300_800 else { return nil }
        self.init(milliseconds: Int64((seconds * 1_000).rounded()))
    }
}
