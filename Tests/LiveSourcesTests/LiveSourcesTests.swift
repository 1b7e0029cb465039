import LiveSources
import Testing
import Time

@Suite("What servers are asked, and what is kept")
struct LiveSourcesTests {
    private static let noon = Timestamp(rfc3339: "2026-03-01T12:00:00Z") ?? .distantPast

    private static func sources(_ server: Server, alertmanagers: [String], prometheus: String?) throws -> LiveSources {
        let address = try server.address
        return LiveSources(
            alertmanagers: try alertmanagers.map { try WebAddress("\(address)/\($0)") },
            prometheus: try prometheus.map { try WebAddress("\(address)/\($0)") },
            client: HTTPClient()
        )
    }

    @Test func `every server is asked, and each answer has its role and address`() throws {
        let server = try Server()
        let sources = try Self.sources(server, alertmanagers: ["db", "half", "nobody"], prometheus: "prometheus")
        var wish = LiveSources.Wish()
        wish.topology = true
        wish.status = true
        wish.history = Self.noon - .hours(1)...Self.noon
        let snapshot = sources.fetch(wish)
        let address = try server.address
        #expect(snapshot.documents(.alerts).map(\.name) == ["db", "half"].map { "\(address)/\($0)/api/v2/alerts" })
        #expect(snapshot.documents(.silences).map(\.name) == ["\(address)/db/api/v2/silences"])
        #expect(snapshot.failures(.alerts).map { "\($0.server)" } == ["\(address)/nobody"])
        #expect(snapshot.failures(.silences).count == 2)
        #expect(snapshot.documents(.rules).count == 1)
        #expect(snapshot.documents(.history).count == 1)
        #expect(snapshot.documents(.resolved).isEmpty)
        #expect(snapshot.documents(.topology).count == 2)
    }

    /// Prometheus refuses more than 11,000 points of a series.
    @Test(arguments: [(1, 60), (33, 60), (7 * 24, 302), (366 * 24, 15_811)])
    func `a longer history is asked in longer steps`(_ hours: Int64, _ step: Int64) throws {
        let server = try Server()
        let sources = try Self.sources(server, alertmanagers: [], prometheus: "echo")
        var wish = LiveSources.Wish()
        wish.history = Self.noon - .hours(hours)...Self.noon
        let document = try #require(sources.fetch(wish).documents(.history).first)
        let query = String(decoding: document.bytes, as: UTF8.self).split(separator: "?").last ?? ""
        var values: [Substring: Int64] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=")
            values[parts[0]] = Int64(parts[1])
        }
        #expect(values["step"] == step)
        let start = try #require(values["start"])
        let end = try #require(values["end"])
        #expect(end % step == 0 && end <= Self.noon.milliseconds / 1_000 && end > Self.noon.milliseconds / 1_000 - step)
        // Rounding a step of a minute or more down to seconds adds a sixtieth at most.
        #expect((end - start) % step == 0 && (end - start) / step <= 2_034)
        #expect(hours * 3_600 - (end - start) < step)
    }

    @Test func `history and topology are kept for ten minutes`() throws {
        let server = try Server()
        let sources = try Self.sources(server, alertmanagers: ["db"], prometheus: "prometheus")
        let broken = try Self.sources(server, alertmanagers: ["db"], prometheus: "limited")
        var memory = LiveMemory { false }
        var wish = LiveSources.Wish()
        wish.topology = true
        #expect(memory.fetch(sources, wish, at: Self.noon).documents(.topology).count == 2)
        // Prometheus no longer tells; nobody notices before ten minutes have passed, and then the old answer stands.
        #expect(memory.fetch(broken, wish, at: Self.noon + .minutes(9)).failures(.topology).isEmpty)
        let late = memory.fetch(broken, wish, at: Self.noon + .minutes(11))
        #expect(late.failures(.topology).count == 2)
        #expect(late.documents(.topology).count == 2)
    }

    @Test func `an Alertmanager that has begun anew may lack alerts, until its list is taken as complete`() throws {
        let server = try Server()
        let wish = LiveSources.Wish()
        let one = try Self.sources(server, alertmanagers: ["restarts"], prometheus: nil)
        var memory = LiveMemory { false }
        func isRefilling(_ sources: LiveSources) -> Bool {
            _ = memory.fetch(sources, wish, at: Self.noon)
            return memory.isRefilling
        }
        #expect(!isRefilling(one))
        _ = try HTTPClient().get([.init(try server.address, "/restarts/restart")])[0].get()
        #expect(isRefilling(one))
        #expect(isRefilling(one))
        // A peer that has been there all along knows what is missing.
        #expect(!isRefilling(try Self.sources(server, alertmanagers: ["restarts", "db"], prometheus: nil)))
        #expect(isRefilling(one))
        memory.settle()
        #expect(!isRefilling(one))
        #expect(!memory.isBlind)
        #expect(!isRefilling(try Self.sources(server, alertmanagers: ["nobody"], prometheus: nil)))
        #expect(memory.isBlind)
    }

    @Test func `what a server says of itself`() throws {
        let server = try Server()
        var wish = LiveSources.Wish()
        wish.status = true
        let snapshot = try Self.sources(server, alertmanagers: ["restarts"], prometheus: "prometheus").fetch(wish)
        let documents = snapshot.documents(.status)
        let alertmanager = try #require(documents.first.flatMap { AlertmanagerStatus($0) })
        #expect(alertmanager.version == "0.25.0" && alertmanager.peerCount == 2 && alertmanager.clusterState == "ready")
        #expect(documents.last.flatMap { PrometheusStatus($0) }?.version == "2.42.0")
        #expect(documents.last.flatMap { AlertmanagerStatus($0) } == nil)
        let health = try #require(snapshot.documents(.rules).first.flatMap { RuleHealth($0) })
        #expect(health.failures.isEmpty)
        #expect(health.groups.map(\.name) == ["services"])
        #expect(health.groups.map(\.interval) == [.seconds(30)])
        #expect(health.groups.map { $0.lastEvaluation?.rfc3339 } == ["2026-03-01T10:30:00Z"])
    }
}
