import Alerts
import Diagnostics
import Testing
import Time

@Suite struct AlertDecoderTests {
    /// What has labels is an alert; only what has none is lost.
    @Test func keepsWhatCanBeReadOfAnAlert() throws {
        let (batch, diagnostics) = decode(
            """
            [{"labels": {"alertname": "A"}},
             {"labels": ["x"]},
             {"labels": {"alertname": 7, "up": false, "x": null}},
             42,
             {"annotations": {}},
             {"labels": {"alertname": "B"}, "status": {"state": 1, "silencedBy": "x", "inhibitedBy": ["y"]}},
             {"labels": {"alertname": "C"}, "startsAt": "yesterday", "endsAt": 3, "annotations": {"n": 1.50, "s": "t"}},
             {"labels": {"alertname": "D"}, "annotations": [], "receivers": [{}], "generatorURL": 1, "fingerprint": 2}]
            """
        )
        #expect(batch?.alerts.map(\.name) == ["A", "7", "B", "C", "D"])
        #expect(
            diagnostics.map { "\($0.location?.line ?? 0) \($0.severity.rawValue) \($0.summary)" } == [
                "2 error expected an object of strings at [1].labels, found an array",
                "3 warning a number at [2].labels.alertname is taken as text",
                "3 warning a boolean at [2].labels.up is taken as text",
                "3 warning null at [2].labels.x is left out",
                "4 error expected an object with \"labels\" at [3], found a number",
                "5 error the object at [4] lacks \"labels\"",
                "6 warning expected a string at [5].status.state, found a number",
                "6 warning expected an array of strings at [5].status.silencedBy, found a string",
                "7 warning a number at [6].annotations.n is taken as text",
                "7 warning 'yesterday' at [6].startsAt is no RFC 3339 date and time",
                "7 warning expected a string at [6].endsAt, found a number",
                "8 warning expected a string at [7].fingerprint, found a number",
                "8 warning expected an object of strings at [7].annotations, found an array",
                "8 warning expected a string at [7].generatorURL, found a number",
                "8 warning the object at [7].receivers[0] lacks \"name\"",
            ]
        )
        let alerts = try #require(batch?.alerts)
        #expect(alerts[1].labels == ["alertname": "7", "up": "false"])
        #expect(alerts[2].state == .active && alerts[2].inhibitedBy == ["y"])
        #expect(alerts[3].startsAt == nil && alerts[3].annotations == ["n": "1.50", "s": "t"])
        #expect(alerts[4].fingerprint == alerts[4].labels.fingerprint)
    }

    @Test func keepsAnAlertOfPrometheusWithoutATime() throws {
        let (batch, diagnostics) = decode(
            """
            {"status": "success", "data": {"resultType": "vector", "result": [
              {"metric": {"__name__": "ALERTS", "alertname": "A", "alertstate": "firing"}, "value": ["x", "1"]},
              {"metric": {"__name__": "ALERTS", "alertname": "B", "alertstate": "firing"}}]}}
            """
        )
        #expect(batch?.alerts.map(\.name) == ["A", "B"])
        #expect(batch?.alerts.allSatisfy { $0.lastSeenAt == nil } == true)
        #expect(diagnostics.map(\.severity) == [.warning, .warning])
        let (other, findings) = decode(
            #"{"status": "success", "data": {"alerts": [{"labels": {"alertname": "A"}, "activeAt": "x", "state": "firing"}]}}"#
        )
        #expect(other?.alerts.map(\.name) == ["A"] && findings.map(\.severity) == [.warning])
    }

    @Test func boundsTheNumberOfFindings() {
        let (batch, diagnostics) = decode(
            "[{\"labels\":{}}," + Array(repeating: "1", count: 5_000).joined(separator: ",") + "]"
        )
        #expect(batch?.alerts.count == 1)
        #expect(diagnostics.count == 101)
        #expect(diagnostics.last?.summary == "4900 more findings in this file are not shown")
        #expect(diagnostics.last?.severity == .error)
    }

    @Test func readsGrafanasWebhookWithLocalTimes() throws {
        let (batch, diagnostics) = decode(
            """
            {"receiver": "r", "status": "firing", "orgId": 1, "version": "1", "truncatedAlerts": 0, "title": "t",
             "alerts": [{"status": "firing", "labels": {"alertname": "G", "host": "h"}, "annotations": {"summary": "s"},
               "startsAt": "2026-07-01T21:22:00+02:00", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "abc",
               "dashboardURL": "https://g/d/x", "silenceURL": "", "values": {"A": 1}, "valueString": "", "imageURL": ""}]}
            """
        )
        #expect(diagnostics.isEmpty)
        #expect(batch?.format == .grafanaWebhook)
        let alert = try #require(batch?.alerts.first)
        #expect(alert.startsAt == (try time("2026-07-01T19:22:00Z")))
        #expect(alert.endsAt == nil)
        #expect(alert.dashboardURL == "https://g/d/x")
        #expect(alert.fingerprint == "abc")
    }

    @Test func takesZeroTimesAsUnset() throws {
        let (batch, _) = decode(
            """
            [{"labels": {"alertname": "A"}, "startsAt": "0001-01-01T00:00:00Z", "endsAt": "0001-01-01T02:00:00+02:00",
              "updatedAt": ""}]
            """
        )
        let alert = try #require(batch?.alerts.first)
        #expect(alert.startsAt == nil)
        #expect(alert.endsAt == nil)
        #expect(alert.updatedAt == nil)
        #expect(alert.lastSeenAt == nil)
    }

    @Test func doesNotTakeAFutureEndForAnEnd() throws {
        let (batch, _) = decode(
            """
            [{"labels": {"alertname": "A"}, "startsAt": "2026-07-01T19:00:00Z", "endsAt": "2036-01-01T00:00:00Z",
              "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}]
            """
        )
        #expect(batch?.alerts.first?.isFiring == true)
        #expect(AlertSet(merging: [try #require(batch)]).latestInstant == (try time("2026-07-01T19:00:00Z")))
    }

    /// As Alertmanager judges what is posted to it.
    ///
    /// What says its state is believed, and an end before the beginning is no end.
    @Test func takesAnEndBeforeTheLatestTimeForAnEndWhereNoStateIsGiven() {
        let (batch, _) = decode(
            """
            [{"labels": {"alertname": "A"}, "startsAt": "2026-07-01T19:00:00Z", "endsAt": "2026-07-01T19:10:00Z"},
             {"labels": {"alertname": "B"}, "startsAt": "2026-07-01T19:00:00Z", "endsAt": "2026-07-01T19:30:00Z"},
             {"labels": {"alertname": "C"}, "startsAt": "2026-07-01T19:00:00Z", "endsAt": "2026-07-01T19:10:00Z",
              "status": {"state": "active"}},
             {"labels": {"alertname": "D"}, "startsAt": "2026-07-01T19:20:00Z", "endsAt": "2026-07-01T18:00:00Z"}]
            """
        )
        #expect(batch?.alerts.map(\.state) == [.resolved, .active, .active, .active])
    }

    @Test(arguments: ["[]", #"{"status":"success","data":[]}"#, #"{"status":"success","data":null}"#])
    func acceptsThatNothingFires(_ text: String) {
        let (batch, diagnostics) = decode(text)
        #expect(batch?.alerts.isEmpty == true)
        #expect(diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            ("{}", "this is an empty object, not a list of alerts"),
            ("42", "this is a number, not a list of alerts"),
            ("[1]", "this is an array without objects, not a list of alerts"),
            (#"{"foo": 1, "bar": 2}"#, #"this is an object with the keys "foo", "bar", not a list of alerts"#),
            (#"[{"foo": 1}]"#, #"this is an array of objects with the key "foo", not a list of alerts"#),
            (#"{"labels": {}, "startsAt": ""}"#, "this is a single alert, not a list of alerts"),
            (
                #"{"status":"deprecated","error":"The Alertmanager v1 API was removed"}"#,
                #"the server answered with the error "The Alertmanager v1 API was removed", not a list of alerts"#
            ),
            (
                #"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#,
                "this is a query result of type scalar, not a list of alerts"
            ),
            ("<!DOCTYPE html><html>", "this is an HTML page, perhaps of a login or a proxy, not a list of alerts"),
            ("version: 1\nname: x", "this looks like YAML, but alerts are read as JSON"),
        ]
    )
    func namesOtherDocuments(_ text: String, _ summary: String) {
        let (batch, diagnostics) = decode(text)
        #expect(batch == nil)
        #expect(diagnostics.map(\.code) == ["wrong-shape"])
        #expect(diagnostics.map(\.summary) == [summary])
    }

    @Test func refusesASeriesOfAnotherMetric() {
        let (batch, diagnostics) = decode(
            #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1,"1"]}]}}"#
        )
        #expect(batch?.alerts.isEmpty == true)
        #expect(diagnostics.map(\.code) == ["wrong-shape"])
        #expect(diagnostics.first?.fix == "query ALERTS, or ALERTS_FOR_STATE")
    }

    @Test func takesAnUnknownStateAsActive() {
        let (batch, diagnostics) = decode(#"[{"labels": {}, "status": {"state": "sleeping"}}]"#)
        #expect(batch?.alerts.map(\.state) == [.active])
        #expect(diagnostics.map(\.code) == ["unknown-alert-state"])
    }

    /// The alert is kept; a description may be longer than a label.
    @Test func cutsALabelOfTenMegabytes() {
        let long = String(repeating: "x", count: 10_000_000)
        let description = String(repeating: "y", count: 1_000_000)
        let (batch, diagnostics) = decode(
            #"[{"labels": {"alertname": "A", "big": ""# + long + #""}},"#
                + #" {"labels": {"alertname": "B"}, "annotations": {"description": ""# + description + #""}}]"#
        )
        #expect(diagnostics.map(\.code) == ["too-long"])
        #expect(diagnostics.first?.location == SourceLocation(file: "in.json", line: 1, column: 32))
        #expect(diagnostics.first?.severity == .warning)
        #expect(batch?.alerts.map(\.name) == ["A", "B"])
        #expect(batch?.alerts.first?.labels["big"] == String(repeating: "x", count: 65_536))
        #expect(batch?.alerts.last?.annotations["description"] == description)
    }

    /// 65,536 is no multiple of three: the last character that fits ends a byte earlier.
    @Test func cutsALabelBetweenCharacters() {
        let long = String(repeating: "é", count: 32_767) + "€€"
        let (batch, _) = decode(#"[{"labels": {"alertname": "A", "big": ""# + long + #""}}]"#)
        #expect(batch?.alerts.first?.labels["big"] == String(repeating: "é", count: 32_767))
    }

    @Test func refusesMoreThanTheLimit() {
        let (batch, diagnostics) = AlertDecoder.decode(Array("[{}]".utf8), file: "f", maximumBytes: 3)
        #expect(batch == nil)
        #expect(diagnostics.map(\.code) == ["input-too-large"])
    }

    @Test func findsPeriodsInARangeQuery() throws {
        let (batch, _) = decode(
            """
            {"status": "success", "data": {"resultType": "matrix", "result": [
              {"metric": {"__name__": "ALERTS", "alertname": "A", "alertstate": "firing"},
               "values": [[0, "1"], [60, "1"], [120, "1"], [600, "1"], [660, "1"]]},
              {"metric": {"__name__": "ALERTS", "alertname": "B", "alertstate": "firing"},
               "values": [[60, "1"], [120, "1"]]}]}}
            """
        )
        let history = try #require(batch?.history)
        #expect(history.episodes(named: "A").map { $0.start.milliseconds } == [0, 600_000])
        #expect(history.episodes(named: "A").map { $0.end?.milliseconds } == [120_000, 660_000])
        #expect(history.episodes(named: "B").count == 1)
        #expect(batch?.alerts.map(\.name) == ["A"])
    }

    @Test func gathersHistoryFromEarlierFiles() throws {
        var history = AlertHistory()
        for minute in [10, 20] {
            let (batch, _) = decode(
                #"[{"labels": {"alertname": "A", "host": "h"}, "startsAt": "2026-07-01T19:\#(minute):00Z"}]"#
            )
            history.add(try #require(batch))
        }
        #expect(history.fileCount == 2)
        #expect(history.episodes(of: alert(["alertname": "A", "host": "h", "cluster": "c"])).count == 2)
        #expect(history.episodes(of: alert(["alertname": "A", "host": "other"])).isEmpty)
    }

    @Test func answersRandomDocumentsWithAlertsOrErrors() {
        var random = SplitMix64(state: 1)
        let parts = [
            "[", "]", "{", "}", ",", ":", "\"labels\"", "\"alertname\"", "\"alerts\"", "\"status\"", "\"success\"",
            "\"data\"", "\"metric\"", "\"value\"", "null", "1", "\"x\"", "\"groups\"", "\"rules\"", "\"activeAt\"",
            "\"2026-07-01T19:00:00Z\"", "\"startsAt\"", "\"receiver\"", "\"resultType\"", "\"vector\"", "\"result\"",
        ]
        for _ in 0..<5_000 {
            let text = (0..<random.next() % 24).map { _ in parts[Int(random.next() % UInt64(parts.count))] }.joined()
            let (batch, diagnostics) = decode(text)
            #expect(batch != nil || diagnostics.containsError)
            _ = RuleCatalog.decode(Array(text.utf8), file: "r")
            _ = AlertSilence.decode(Array(text.utf8), file: "s")
        }
    }
}
