import Alerts
import Diagnostics
import Testing
import Time

/// Expectations are read off the payloads by eye.
@Suite struct SampleDecodingTests {
    @Test func readsAlertmanagerV2() throws {
        let batch = try cleanBatch("am-api-v2-alerts.json")
        #expect(batch.format == .alertmanager)
        #expect(batch.alerts.count == 25)
        #expect(batch.count(.active) == 19)
        #expect(batch.count(.suppressed) == 6)
        #expect(!batch.suppressedMayBeMissing)

        let deploy = try #require(batch.alerts.first)
        #expect(deploy.fingerprint == "0b1d0bbf89591e0c")
        #expect(deploy.name == "NixosHostDeployFailed")
        #expect(deploy.labels["host"] == "cc-fi-hel-k3s-02")
        #expect(deploy.severity == "warning")
        #expect(deploy.summary == "deploy of cc-fi-hel-k3s-02 failed (phase=Failed)")
        #expect(deploy.startsAt == (try time("2026-11-23T04:53:06.898Z")))
        #expect(deploy.updatedAt == (try time("2026-11-23T04:53:06.911Z")))
        #expect(deploy.activeAt == nil)
        #expect(deploy.receivers == ["hook"])
        #expect(deploy.location == SourceLocation(file: "am-api-v2-alerts.json", line: 1, column: 2))

        let canary = try #require(batch.first("CiliumCanaryProbeFailing"))
        #expect(canary.state == .suppressed)
        #expect(canary.inhibitedBy == ["402e901b0de98fac"])
        #expect(batch.first("KubernetesJobFailed")?.silencedBy == ["d2865255-b47f-4002-b1e2-5c6076d90df1"])
        #expect(batch.first("KubernetesNodeNotReady")?.runbookURL == "https://runbooks.example/KubernetesNodeNotReady")
        #expect(batch.alerts.filter(\.isMeta).map(\.name) == ["Watchdog"])
    }

    @Test func reads032() throws {
        let batch = try cleanBatch("am-0.32.1-api-v2-alerts.json")
        #expect(batch.alerts.map(\.name) == ["OldStart", "A", "B"])
        #expect(batch.alerts[1].labels["cnpg.io/cluster"] == "flakecache-postgres")
        #expect(batch.alerts[0].startsAt == (try time("2026-06-01T00:00:00Z")))
        #expect(batch.suppressedMayBeMissing)
    }

    @Test func readsGroupsWithEachAlertOnce() throws {
        let batch = try cleanBatch("am-api-v2-alert-groups.json")
        #expect(batch.format == .alertmanagerGroups)
        #expect(batch.alerts.count == 25)
        #expect(batch.alerts.first?.name == "BlackboxProbeFailed")
        #expect(batch.first("CNPGBaseBackupVeryStale")?.receivers == ["hook", "oncall"])
    }

    @Test func readsV1WithItsNulls() throws {
        let batch = try cleanBatch("am-api-v1-alerts.txt")
        #expect(batch.format == .alertmanagerV1)
        #expect(batch.alerts.count == 25)
        #expect(batch.count(.suppressed) == 6)
        #expect(batch.alerts.first?.receivers == ["hook"])
        #expect(batch.alerts.first?.silencedBy == [])
    }

    @Test func readsAmtoolAndSuspectsWhatItHides() throws {
        let some = try cleanBatch("amtool-alert-query.json")
        #expect(some.alerts.count == 19)
        #expect(some.count(.active) == 19)
        #expect(some.suppressedMayBeMissing)
        let all = try cleanBatch("amtool-alert-query-all.json")
        #expect(all.alerts.count == 25)
        #expect(!all.suppressedMayBeMissing)
    }

    @Test func readsTheDrill() throws {
        let batch = try cleanBatch("drill-alerts.json")
        #expect(batch.alerts.map { $0.labels["service"] } == ["app", "redis", "edge"])
        #expect(
            batch.alerts.map { $0.startsAt?.rfc3339 } == [
                "2026-11-23T05:16:17.383Z", "2026-11-23T05:16:16.383Z", "2026-11-23T05:16:16.383Z",
            ]
        )
    }

    @Test func readsWebhooks() throws {
        let firing = try cleanBatch("webhook-v4-firing.json")
        #expect(firing.format == .webhook)
        #expect(firing.alerts.map { $0.labels["deployment"] } == ["external-dns", "grafana", "repowise"])
        #expect(firing.count(.active) == 3)
        #expect(firing.alerts.allSatisfy { $0.endsAt == nil })
        #expect(firing.alerts[0].receivers == ["hook"])

        let mixed = try cleanBatch("webhook-v4-mixed-or-resolved.json")
        #expect(mixed.alerts.map(\.state) == [.resolved, .active, .active, .active])
        #expect(mixed.alerts[0].endsAt == (try time("2026-11-23T04:54:50.898Z")))

        let newer = try cleanBatch("webhook-0.32.1.json")
        #expect(newer.alerts.map(\.fingerprint) == ["9de9f62e41cf48df"])
        #expect(newer.alerts[0].startsAt == (try time("2026-11-23T05:00:30.527Z")))
        #expect(newer.alerts[0].generatorURL == nil)
    }

    @Test func warnsOfATruncatedWebhook() throws {
        let (batch, diagnostics) = AlertDecoder.decode(try sample("webhook-v4-truncated.json"), file: "w.json")
        #expect(batch?.alerts.count == 2)
        #expect(batch?.truncatedCount == 2)
        #expect(diagnostics.map(\.code) == ["alerts-truncated"])
        #expect(diagnostics.map(\.severity) == [.warning])
        #expect(diagnostics.first?.location?.column == 1_627)
    }

    @Test func readsPrometheusAlerts() throws {
        let batch = try cleanBatch("prom-api-v1-alerts.json")
        #expect(batch.format == .prometheusAlerts)
        #expect(batch.alerts.count == 24)
        #expect(batch.count(.active) == 23)
        #expect(batch.alerts.filter { $0.state == .pending }.map(\.name) == ["SlowPending"])
        let node = try #require(batch.alerts.first)
        #expect(node.name == "KubernetesNodeNotReady")
        #expect(node.activeAt == (try time("2026-11-23T04:53:09.145Z")))
        #expect(node.startsAt == nil)
    }

    @Test func readsTheAlertsOfPrometheusRules() throws {
        let batch = try cleanBatch("prom-api-v1-rules.json")
        #expect(batch.format == .prometheusRules)
        #expect(batch.alerts.count == 24)
        #expect(batch.rules.rules.count == 14)
        #expect(batch.rules.activations.count == 24)
    }

    @Test func readsQueriesOfAlerts() throws {
        let vector = try cleanBatch("prom-query-ALERTS.json")
        #expect(vector.format == .prometheusVector)
        #expect(vector.alerts.count == 24)
        #expect(vector.count(.pending) == 1)
        #expect(vector.alerts[0].name == "BlackboxProbeFailed")
        #expect(vector.alerts[0].labels["alertstate"] == nil)
        #expect(vector.alerts[0].labels["__name__"] == nil)
        #expect(vector.alerts[0].updatedAt == (try time("2026-11-23T04:54:05.364Z")))

        let state = try cleanBatch("prom-query-ALERTS_FOR_STATE.json")
        #expect(state.format == .prometheusActivations)
        #expect(state.alerts.isEmpty)
        #expect(state.activations.count == 24)
        #expect(state.activations[0].activeAt == Timestamp(milliseconds: 1_795_409_588_000))
    }

    @Test func readsARangeQueryAsHistoryAndItsEndAsAlerts() throws {
        let batch = try cleanBatch("prom-query_range-ALERTS.json")
        #expect(batch.format == .prometheusMatrix)
        #expect(batch.alerts.count == 24)
        #expect(batch.count(.pending) == 1)
        #expect(batch.history.episodes.count == 23)
        #expect(batch.history.window?.lowerBound == Timestamp(milliseconds: 1_795_409_590_000))
        #expect(batch.history.window?.upperBound == Timestamp(milliseconds: 1_795_409_645_000))
        let blackbox = try #require(batch.first("BlackboxProbeFailed"))
        #expect(blackbox.startsAt == Timestamp(milliseconds: 1_795_409_595_000))
        #expect(blackbox.activeAt == Timestamp(milliseconds: 1_795_409_590_000))
    }

    @Test func computesTheFingerprintsThatAlertmanagerComputes() throws {
        for name in ["am-api-v2-alerts.json", "am-hostile-alert.json", "am-0.32.1-api-v2-alerts.json"] {
            for alert in try cleanBatch(name).alerts {
                #expect(alert.labels.fingerprint == alert.fingerprint)
            }
        }
    }

    @Test func survivesHostileText() throws {
        let alert = try #require(try cleanBatch("am-hostile-alert.json").alerts.first)
        #expect(alert.labels["instance"] == "\u{1B}]0;pwn\u{7}\u{1B}[31m<script>alert(1)</script>")
        #expect(alert.runbookURL == "javascript:alert(1)")
        let other = try #require(try cleanBatch("am-hostile-generatorurl.json").alerts.first)
        #expect(other.generatorURL == "javascript:alert(1)")
    }

    @Test(
        arguments: [
            ("am-api-v2-status.json", "this is Alertmanager's status, not a list of alerts"),
            ("am-0.32.1-status.json", "this is Alertmanager's status, not a list of alerts"),
            ("am-api-v2-silences.json", "these are silences, not a list of alerts"),
            ("am-api-v2-receivers.json", "this is Alertmanager's list of receivers, not a list of alerts"),
            ("prom-api-v1-targets.json", "this is Prometheus' list of targets, not a list of alerts"),
            ("kubectl-get-list.json", "these are Kubernetes objects of the kind List, not a list of alerts"),
            ("amtool-alert-query-simple.txt", "this is amtool's output for people"),
            ("amtool-alert-query-extended.txt", "this is amtool's output for people"),
        ]
    )
    func namesWhatIsNoListOfAlerts(_ file: String, _ summary: String) throws {
        let (batch, diagnostics) = AlertDecoder.decode(try sample(file), file: file)
        #expect(batch == nil)
        #expect(diagnostics.map(\.code) == ["wrong-shape"])
        #expect(diagnostics.map(\.summary) == [summary])
        #expect(diagnostics.first?.location?.line == 1)
        #expect(diagnostics.first?.fix != nil)
    }

    @Test func readsSilences() throws {
        let (silences, diagnostics) = AlertSilence.decode(try sample("am-api-v2-silences.json"), file: "s.json")
        #expect(diagnostics.isEmpty)
        #expect(silences?.map(\.id) == ["d2865255-b47f-4002-b1e2-5c6076d90df1"])
        #expect(silences?.map(\.comment) == ["PITFALL-252 chronic"])
        #expect(silences?.map(\.createdBy) == ["mhugo"])
    }
}
