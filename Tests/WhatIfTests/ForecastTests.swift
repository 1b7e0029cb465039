import Alerts
import BlastRadius
import Diagnostics
import Simulation
import Testing
import Topology

@Suite("Forecast")
struct ForecastTests {
    private func rules(_ json: String) throws -> Monitoring {
        var builder = IncidentBuilder()
        #expect(builder.addRules(InputFile(path: "rules.json", bytes: Array(json.utf8))).isEmpty)
        return builder.monitoring
    }

    private func prometheus(_ name: String, for seconds: Int, labels: String = "{}") -> String {
        """
        {"status": "success", "data": {"groups": [{"name": "g", "file": "f", "interval": 60, "rules": [
          {"type": "alerting", "name": "\(name)", "query": "x", "duration": \(seconds), "labels": \(labels),
           "annotations": {}, "alerts": [], "health": "ok", "state": "inactive"}]}]}}
        """
    }

    private func predicted(_ forecast: Forecast) -> [String] {
        forecast.predictedAlerts.map { predicted in
            let delay = predicted.alert.delay.map { "\($0 / 1000)s" } ?? "?"
            return "\(delay) \(predicted.alert.alertname) \(forecast.topology.name(of: predicted.alert.entity))"
        }
    }

    private func down(_ forecast: Forecast) -> [String] {
        forecast.topology.names(forecast.answer.outcome.down.map(\.entity))
    }

    @Test("what hangs on two parents is reachable without one and unreachable without both")
    func twoParents() throws {
        let platform = try platform(
            """
            entities:
              router/a: {}
              router/b: {}
              host/h: {needs: [{any: [router/a, router/b]}]}
              service/s: {needs: [host/h]}
            """
        )
        let topology = platform.topology
        let one = platform.forecast(losses: try topology.ids("router/a"))
        #expect(down(one) == ["router/a"])
        #expect(one.answer.outcome.redundancyLost.map { topology.names($0.endedBy) } == [["router/b"]])
        let both = platform.forecast(losses: try topology.ids("router/a", "router/b"))
        #expect(down(both) == ["host/h", "router/a", "router/b", "service/s"])
    }

    @Test("alerts come from the rules read backward: holes, constants, alternatives; the first rule that fits decides")
    func rulesReadBackward() throws {
        let platform = try platform(
            """
            entities:
              host/a: {}
              host/b: {}
              service/x/web: {on: host/a}
            alerts:
              - {match: '{alertname="HostDown",host="a"}', entity: host/a, pending: 2m}
              - {match: '{alertname="HostDown"}', entity: 'host/{host}', pending: 5m}
              - {match: '{alertname="OnlyB",host="b"}', entity: 'host/{host}', pending: 1m}
              - {match: '{alertname=~"Gone|Lost"}', entity: 'service/{namespace}/{service}', pending: 30s}
              - {match: '{alertname=~"Web.*"}', entity: service/x/web}
            """
        )
        let losses = try platform.topology.ids("host/a")
        #expect(
            predicted(platform.forecast(losses: losses)) == [
                "30s Gone service/x/web", "30s Lost service/x/web", "120s HostDown host/a", "? Web.* service/x/web",
            ]
        )
        let other = platform.forecast(losses: try platform.topology.ids("host/b"))
        #expect(predicted(other) == ["60s OnlyB host/b", "300s HostDown host/b"])
    }

    @Test("a rule whose entity is one label's value is about every entity")
    func entityLabel() throws {
        let platform = try platform(
            """
            entities:
              host/a: {}
              service/x/web: {on: host/a}
              host/b: {}
            alerts:
              - {match: '{alertname="ProbeFailed"}', entity: '{entity}', pending: 1m}
            """
        )
        let forecast = platform.forecast(losses: try platform.topology.ids("host/a"))
        #expect(predicted(forecast) == ["60s ProbeFailed host/a", "60s ProbeFailed service/x/web"])
    }

    @Test("Prometheus' rules give a pattern its names, a rule its delay, and alerts whose labels name the entity")
    func prometheusRules() throws {
        let platform = try platform(
            """
            entities:
              host/a: {}
              service/x/web: {on: host/a}
            alerts:
              - {match: '{alertname=~"Web.*"}', entity: service/x/web, pending: 5m}
            """
        )
        let losses = try platform.topology.ids("host/a")
        let web = platform.forecast(losses: losses, monitoring: try rules(prometheus("WebDown", for: 90)))
        #expect(predicted(web) == ["90s WebDown service/x/web"])
        let labelled = prometheus("TargetMissing", for: 600, labels: #"{"namespace": "x", "service": "web"}"#)
        let named = platform.forecast(losses: losses, monitoring: try rules(labelled))
        #expect(predicted(named) == ["300s Web.* service/x/web", "600s TargetMissing service/x/web"])
    }

    @Test("where redundancy is lost, only an alert that tells of it fires: what still serves is neither down nor slow")
    func redundancyAlerts() throws {
        let platform = try platform(
            """
            entities:
              pod/x/1: {}
              pod/x/2: {}
              service/x/web: {needs: [{any: [pod/x/1, pod/x/2]}], observed_by: [pod/x/1]}
            alerts:
              - {match: '{alertname="WebDown"}', entity: service/x/web, pending: 1m}
              - {match: '{alertname="FewReplicas"}', entity: service/x/web, pending: 10m, observes: degraded}
              - {match: '{alertname="HighRequestLatency"}', entity: service/x/web, pending: 2m, observes: degraded}
            """
        )
        let slow = platform.forecast(degradations: try platform.topology.ids("pod/x/2"))
        #expect(predicted(slow) == ["120s HighRequestLatency service/x/web", "600s FewReplicas service/x/web"])
        let forecast = platform.forecast(losses: try platform.topology.ids("pod/x/1"))
        #expect(predicted(forecast) == ["600s FewReplicas service/x/web"])
        #expect(forecast.predictedAlerts.map { platform.topology.names($0.blindedBy) } == [["pod/x/1"]])
    }

    @Test("what uses a place without being able to leave it takes room from what moves in")
    func placement() throws {
        func forecast(fixed: Int) throws -> Forecast {
            let platform = try platform(
                """
                entities:
                  node/1: {}
                  node/2: {capacity: 8}
                  pod/x/fixed: {on: node/2, uses: \(fixed)}
                  pod/x/mobile: {on: node/1, can_run_on: node, uses: 5}
                """
            )
            return platform.forecast(losses: try platform.topology.ids("node/1"))
        }
        let fits = try #require(try forecast(fixed: 3).answer.rescheduling)
        #expect(fits.moves.count == 1 && fits.stranded.isEmpty && fits.outcome.down.count == 1)
        let full = try #require(try forecast(fixed: 4).answer.rescheduling)
        #expect(full.moves.isEmpty && full.stranded.map(\.reason) == [.noRoom] && full.outcome.down.count == 2)
    }

    @Test("a name may be short where it is clear, and a wrong one brings a suggestion")
    func names() throws {
        let platform = try platform(
            """
            entities:
              host/a: {aliases: [10.0.0.1]}
              node/a: {}
              service/shop/web: {}
            """
        )
        func outcome(_ name: String) -> String {
            do {
                return platform.topology.name(of: try platform.entity(called: name))
            } catch {
                return "\(error.code): \(error.fix ?? "")"
            }
        }
        #expect(outcome("host/a") == "host/a" && outcome("10.0.0.1") == "host/a")
        #expect(outcome("shop/web") == "service/shop/web" && outcome("web") == "service/shop/web")
        #expect(outcome("a") == "ambiguous-entity: write the full name of one")
        #expect(outcome("hots/a") == "unknown-entity: did you mean 'host/a'?")
        #expect(outcome("shop/wbe") == "unknown-entity: did you mean 'service/shop/web'?")
        #expect(outcome("zebra") == "unknown-entity: write kind/name as the topology does: 'host/a'")
    }

    @Test("an empty platform has nothing to rank and no entity to lose")
    func emptyPlatform() throws {
        let platform = try platform("entities: {}")
        let ranking = platform.riskRanking()
        #expect(ranking.singles.losses.isEmpty && ranking.pairs.pairs.isEmpty && ranking.pairs.coverage.isComplete)
        #expect(platform.forecast().answer.outcome.impacts.isEmpty)
        #expect(throws: Diagnostic.self) { try platform.entity(called: "host/a") }
    }
}

@Suite("A forecast during the incident of 2026-07-01")
struct IncidentForecastTests {
    private func load() throws -> (Platform, Analysis) {
        let (loaded, diagnostics) = Platform.load([try packageFile("topology.yaml")])
        let platform = try #require(loaded, "\(diagnostics)")
        var builder = IncidentBuilder()
        #expect(builder.addAlerts(try packageFile("examples/2026-07-01-sto1/alerts.json")).isEmpty)
        let (incident, _) = try #require(builder.incident)
        return (platform, incident.analyze(on: platform).analysis)
    }

    /// docs/what-if.md tells the same in words.
    @Test("the loss of cc-se-sto-core-01, predicted, against what really fired")
    func predictionAgainstReality() throws {
        let (platform, incident) = try load()
        let topology = platform.topology
        let host = try topology.id("host/cc-se-sto-core-01")
        let forecast = platform.forecast(losses: [host])
        func pairs(_ rows: [Analysis.LedgerRow]) -> Set<String> {
            Set(rows.compactMap { row in row.match.entity.map { "\(row.alert.name) \(topology.name(of: $0))" } })
        }
        let predicted = Set(
            forecast.predictedAlerts.map { "\($0.alert.alertname) \(topology.name(of: $0.alert.entity))" }
        )
        let root = try #require(incident.rootCauses.firstIndex { $0.entity == host })
        let explained = pairs(incident.ledger.filter { $0.because.contains(root) })
        #expect(
            predicted.intersection(explained) == [
                "CiliumCanaryProbeFailing host/cc-se-sto-core-01", "KubernetesNodeNotReady node/cc-se-sto-core-01",
                "HeadscaleOperatorMetricsDown operator/headscale",
                "NixosHostDeployFailed nixos-deploy/cc-se-sto-core-01",
                "KubernetesDeploymentReplicasUnavailable deployment/monitoring/grafana",
            ]
        )
        #expect(
            predicted.subtracting(explained) == [
                "SmokepingInterSiteLatencyHigh host/cc-se-sto-core-01",
                "CNPGBaseBackup.*Stale backup/flakecache/flakecache-postgres",
            ]
        )
        #expect(
            explained.subtracting(predicted) == [
                "KubernetesDeploymentReplicasUnavailable deployment/flakecache/flakecache",
                "KubernetesDeploymentReplicasUnavailable deployment/operations-memory/operations-memory",
                "KubernetesDeploymentReplicasUnavailable deployment/repowise/repowise",
                "KubernetesPodCrashLooping deployment/repowise/repowise",
            ]
        )
        // What goes down is what the diagnosis says the host took down: one model, forward and backward.
        let affected = incident.affected.filter { $0.because.contains(root) && $0.effect == .down }.map(\.entity)
        #expect(forecast.answer.outcome.down.map(\.entity) == affected)
    }

    @Test("what the incident holds down is down before; repairing the host brings back all but what others hold down")
    func restore() throws {
        let (platform, incident) = try load()
        let topology = platform.topology
        let host = try topology.ids("host/cc-se-sto-core-01")
        let outcome = platform.forecast(restores: host, during: incident).answer.outcome
        #expect(outcome.newlyDown.isEmpty)
        // Its deploy stays down: the operator that all deploys share is a root cause of its own.
        #expect(
            topology.names(outcome.recovered.map(\.entity)) == [
                "backup/flakecache/flakecache-postgres", "database/flakecache/flakecache-postgres",
                "deployment/flakecache/flakecache", "deployment/monitoring/grafana",
                "deployment/operations-memory/operations-memory", "deployment/repowise/repowise",
                "host/cc-se-sto-core-01", "node/cc-se-sto-core-01", "operator/headscale",
            ]
        )
    }

    @Test("alerts that fire already are not predicted")
    func firingAlready() throws {
        let (platform, incident) = try load()
        let losses = try platform.topology.ids("host/cc-fi-hel-core-01")
        func names(_ incident: Analysis?) -> [String] {
            platform.forecast(losses: losses, during: incident).predictedAlerts.map(\.alert.alertname)
        }
        // In the incident Smokeping complains of this host already, and the deploy of it has failed.
        let fresh = ["NixosHostDeployFailed", "CiliumCanaryProbeFailing", "KubernetesNodeNotReady"]
        #expect(names(nil) == fresh + ["SmokepingInterSiteLatencyHigh"])
        #expect(names(incident) == Array(fresh.dropFirst()))
    }
}
