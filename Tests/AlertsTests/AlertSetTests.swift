import Alerts
import Diagnostics
import Testing
import Time

@Suite struct AlertSetTests {
    @Test func joinsPeersAndNotesThatTheyDiffer() throws {
        let one = try cleanBatch("am-api-v2-alerts.json")
        let two = try cleanBatch("am-api-v2-alerts-peer2.json")
        #expect(two.alerts.count == 23)
        let set = AlertSet(merging: [one, two])
        #expect(set.alerts.count == 25)
        #expect(set.alerts.map(\.fingerprint) == set.alerts.map(\.fingerprint).sorted())
        #expect(set.diagnostics.map(\.code) == ["peers-differ"])
        #expect(set.diagnostics.first?.location?.file == "am-api-v2-alerts-peer2.json")
        #expect(
            set.diagnostics.first?.summary == "lacks 2 of the 25 alerts that the Alertmanager files have together"
        )
    }

    @Test func doesNotDependOnTheOrderOfFiles() throws {
        let batches = [
            try cleanBatch("am-api-v2-alerts.json"), try cleanBatch("am-api-v2-alerts-peer2.json"),
            try cleanBatch("webhook-v4-mixed-or-resolved.json"), try cleanBatch("prom-api-v1-alerts.json"),
        ]
        let forward = AlertSet(merging: batches).alerts
        let backward = AlertSet(merging: batches.reversed()).alerts
        #expect(forward.map(\.fingerprint) == backward.map(\.fingerprint))
        #expect(forward.map(\.startsAt) == backward.map(\.startsAt))
        #expect(forward.map(\.activeAt) == backward.map(\.activeAt))
        #expect(forward.map(\.state) == backward.map(\.state))
    }

    @Test func joinsPrometheusAlertsThatLackExternalLabels() throws {
        let set = AlertSet(
            merging: [try cleanBatch("prom-api-v1-alerts.json"), try cleanBatch("am-api-v2-alerts.json")])
        // 23 of Prometheus' 24 are among Alertmanager's 25; SlowPending is not.
        #expect(set.alerts.filter { $0.state == .pending }.map(\.name) == ["SlowPending"])
        #expect(set.alerts.count == 26)
        let node = try #require(set.alerts.first { $0.name == "KubernetesNodeNotReady" })
        #expect(node.activeAt == (try time("2026-11-23T04:53:09.145Z")))
        #expect(node.startsAt == (try time("2026-11-23T04:53:13.145Z")))
    }

    @Test func takesTheEarliestStartAndEverySuppression() throws {
        func batch(_ start: String, _ status: String) throws -> AlertBatch {
            try #require(
                decode(
                    #"[{"labels": {"alertname": "A"}, "startsAt": "2026-07-01T\#(start)Z", "status": \#(status)}]"#
                ).batch
            )
        }
        let set = AlertSet(merging: [
            try batch("19:30:00", #"{"state": "active", "silencedBy": []}"#),
            try batch("19:20:00", #"{"state": "suppressed", "silencedBy": ["s2"], "inhibitedBy": ["f"]}"#),
            try batch("19:40:00", #"{"state": "suppressed", "silencedBy": ["s1"]}"#),
        ])
        let alert = try #require(set.alerts.first)
        #expect(set.alerts.count == 1)
        #expect(alert.startsAt == (try time("2026-07-01T19:20:00Z")))
        #expect(alert.state == .suppressed)
        #expect(alert.silencedBy == ["s1", "s2"])
        #expect(alert.inhibitedBy == ["f"])
    }

    @Test func keepsAResolvedFiringApartFromALaterOne() throws {
        func webhook(_ status: String, _ start: String, _ end: String) throws -> AlertBatch {
            try #require(
                decode(
                    """
                    {"receiver": "r", "alerts": [{"status": "\(status)", "labels": {"alertname": "A"},
                     "startsAt": "\(start)", "endsAt": "\(end)"}]}
                    """
                ).batch
            )
        }
        let earlier = try webhook("resolved", "2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z")
        let later = try webhook("firing", "2026-07-01T19:00:00Z", "0001-01-01T00:00:00Z")
        for order in [[earlier, later], [later, earlier]] {
            let alert = try #require(AlertSet(merging: order).alerts.first)
            #expect(alert.state == .active)
            #expect(alert.startsAt == (try time("2026-07-01T19:00:00Z")))
            #expect(alert.endsAt == nil)
        }
    }

    @Test func warnsOfActiveTimesWithoutAlerts() throws {
        let times = try cleanBatch("prom-query-ALERTS_FOR_STATE.json")
        #expect(AlertSet(merging: [times]).diagnostics.map(\.code) == ["no-alerts"])
        let both = AlertSet(merging: [times, try cleanBatch("prom-query-ALERTS.json")])
        #expect(both.diagnostics.isEmpty)
        #expect(both.alerts.count == 24)
        let blackbox = try #require(both.alerts.first { $0.name == "BlackboxProbeFailed" })
        #expect(
            Onset(of: blackbox, rules: both.rules, pending: nil).latest == Timestamp(milliseconds: 1_795_409_588_000)
        )
    }

    @Test func countsARepeatedAlertOnce() throws {
        let (batch, _) = decode(#"[{"labels": {"alertname": "A"}}, {"labels": {"alertname": "A"}}]"#)
        #expect(AlertSet(merging: [try #require(batch)]).alerts.count == 1)
    }
}

@Suite struct OnsetTests {
    private func catalog(_ name: String) throws -> RuleCatalog {
        let (catalog, diagnostics) = RuleCatalog.decode(try sample(name), file: name)
        #expect(diagnostics.isEmpty)
        return try #require(catalog)
    }

    @Test func joinsActiveTimesThroughExternalLabels() throws {
        let rules = try catalog("prom-api-v1-rules.json")
        let batch = try cleanBatch("am-api-v2-alerts.json")
        let node = try #require(batch.first("KubernetesNodeNotReady"))
        let onset = Onset(of: node, rules: rules, pending: .minutes(10))
        #expect(onset.source == .activeAt)
        #expect(onset.latest == (try time("2026-11-23T04:53:09.145Z")))
        // The group is evaluated every 2 s; the scrape may take a minute.
        #expect(onset.earliest == (try time("2026-11-23T04:52:07.145Z")))
        #expect(onset.estimate == onset.latest)
    }

    @Test func takesTheForOfARuleWhenNoAlertIsActive() throws {
        let rules = try catalog("drill-rules.json")
        let firing = alert(["alertname": "ProbeFailing", "service": "new"], startsAt: try time("2026-07-01T19:00:10Z"))
        let onset = Onset(of: firing, rules: rules, pending: nil)
        #expect(onset.source == .ruleFor)
        #expect(onset.estimate == (try time("2026-07-01T19:00:08Z")))
        #expect(onset.earliest == (try time("2026-07-01T18:59:07Z")))
    }

    @Test func fallsBackToTheUsersRuleAndThenToTheStart() throws {
        let firing = alert(["alertname": "DNSMasterDown"], startsAt: try time("2026-07-01T19:31:00Z"))
        let pending = Onset(of: firing, rules: RuleCatalog(), pending: .minutes(15))
        #expect(pending.source == .pending)
        #expect(pending.estimate == (try time("2026-07-01T19:16:00Z")))
        #expect(pending.earliest == (try time("2026-07-01T19:14:00Z")))
        #expect(pending.latest == (try time("2026-07-01T19:16:00Z")))
        let start = Onset(of: firing, rules: RuleCatalog(), pending: nil)
        #expect(start.source == .startsAt)
        #expect(start.earliest == (try time("2026-07-01T19:14:00Z")))
        #expect(start.latest == (try time("2026-07-01T19:31:00Z")))
        let none = Onset(of: alert(["alertname": "X"]), rules: RuleCatalog(), pending: .minutes(1))
        #expect(none.source == .unknown)
        #expect(none.estimate == nil)
    }

    @Test func ignoresAnActiveTimeAfterTheStart() throws {
        var rules = RuleCatalog()
        rules.add(Activation(labels: ["alertname": "A"], activeAt: try time("2026-07-01T20:00:00Z")))
        let firing = alert(["alertname": "A", "x": "y"], startsAt: try time("2026-07-01T19:00:00Z"))
        #expect(Onset(of: firing, rules: rules, pending: nil).source == .startsAt)
    }

    @Test func readsActiveTimesFromAlertsAndFromAQuery() throws {
        let firing = try #require(try cleanBatch("am-api-v2-alerts.json").first("BlackboxProbeFailed"))
        let fromAlerts = Onset(of: firing, rules: try catalog("prom-api-v1-alerts.json"), pending: nil)
        #expect(fromAlerts.source == .activeAt)
        #expect(fromAlerts.latest == (try time("2026-11-23T04:53:08.898Z")))
        let fromQuery = Onset(of: firing, rules: try catalog("prom-query-ALERTS_FOR_STATE.json"), pending: nil)
        #expect(fromQuery.latest == (try time("2026-11-23T04:53:08Z")))
    }

    @Test func fitsRulesByTheirFixedLabels() throws {
        let rules = try catalog("prom-api-v1-rules.json")
        let volume = try #require(try cleanBatch("am-api-v2-alerts.json").first("LonghornVolumeStatusCritical"))
        #expect(rules.rules(for: volume).map(\.pending) == [.seconds(2)])
        #expect(rules.rules(for: volume).map(\.group) == ["platform"])
    }

    @Test func warnsOfAPageOfRules() throws {
        let text = #"{"status":"success","data":{"groups":[],"groupNextToken":"abc"}}"#
        let (catalog, diagnostics) = RuleCatalog.decode(Array(text.utf8), file: "r")
        #expect(catalog != nil)
        #expect(diagnostics.map(\.code) == ["rules-truncated"])
    }

    @Test func saysWhatFileIsWantedForRules() throws {
        let (catalog, diagnostics) = RuleCatalog.decode(try sample("am-api-v2-alerts.json"), file: "r")
        #expect(catalog == nil)
        #expect(
            diagnostics.map(\.summary) == ["this is Alertmanager /api/v2/alerts, which says nothing about rules"]
        )
    }

    @Test func survivesAbsurdDurations() {
        let text = """
            {"data": {"groups": [{"name": "g", "interval": 1e300, "rules": [
             {"name": "A", "duration": 1e18, "type": "alerting"}, {"name": "B", "duration": -5, "type": "alerting"},
             {"name": "C", "duration": "5m", "type": "alerting"}]}]}, "status": "success"}
            """
        let (catalog, diagnostics) = RuleCatalog.decode(Array(text.utf8), file: "r")
        #expect(catalog?.rules.map(\.name) == ["C"])
        #expect(diagnostics.map(\.code) == ["wrong-shape", "wrong-shape"])
    }
}
