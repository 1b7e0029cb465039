import BlastRadius
import Diagnostics
import Testing
import Time
import Topology

/// What it says that an alert began long before, or at another time than, what would explain it.
@Suite("Age of alerts")
struct AgeTests {
    static let topology = """
        version: 1
        entities:
          database/y: {}
          service/x: {needs: [database/y]}
          service/w: {needs: [database/y]}
          printer/p: {needs: [service/x]}
          service/z: {}
        alerts:
          - {match: '{alertname="Slow"}', entity: 'service/{s}', observes: degraded}
          - {match: '{alertname="Down"}', entity: 'service/{s}'}
          - {match: '{alertname="Warmer"}', entity: 'database/{db}', observes: degraded}
          - {match: '{alertname="PrinterOffline"}', entity: 'printer/{p}'}
        """

    private static let day = 1_440
    private static let tonight = ["x", "w"].map { Analyses.alert("Slow", severity: "critical", ["s": $0]) }

    @Test("an alert of nine days does not date a fault of tonight, and is set aside")
    func old() throws {
        let old = Analyses.alert("Warmer", minute: -9 * Self.day, severity: "info", ["db": "y"])
        let analysis = try Analyses.analyze(Self.topology, Self.tonight + [old])
        #expect(Analyses.roots(analysis) == ["database/y"])
        let root = try #require(analysis.rootCauses.first)
        #expect(root.onset?.day == "2026-01-20")
        #expect(root.explains.count == 2)
        #expect(try Analyses.row("Warmer", in: analysis).verdict == .chronic)
        let fresh = Analyses.alert("Warmer", minute: -5, severity: "info", ["db": "y"])
        #expect(try Analyses.analyze(Self.topology, Self.tonight + [fresh]).rootCauses.first?.explains.count == 3)
    }

    @Test("however grave: what has been down for nine days is no fault of tonight, what broke five hours ago is")
    func grave() throws {
        func roots(minute: Int) throws -> [String] {
            let other = Analyses.alert("Down", minute: minute, severity: "critical", ["s": "z"])
            return Analyses.roots(try Analyses.analyze(Self.topology, Self.tonight + [other]))
        }
        #expect(try roots(minute: -9 * Self.day) == ["database/y"])
        #expect(try roots(minute: -5 * 60) == ["database/y", "service/z"])
    }

    @Test("one clock that is wrong by a century makes nothing else old")
    func wrongClock() throws {
        let ahead = Analyses.alert("Down", minute: 100 * 365 * Self.day, severity: "critical", ["s": "z"])
        let analysis = try Analyses.analyze(Self.topology, Self.tonight + [ahead])
        #expect(Analyses.roots(analysis).contains("database/y"))
        #expect(try Analyses.row("Slow", in: analysis).verdict == .explained)
    }

    @Test("time is told as the reason where it is, and such an alert is no sign of the effect")
    func reason() throws {
        let topology = Self.topology.replacing(
            "{alertname=\"Slow\"}', entity: 'service/{s}', observes: degraded",
            with: "{alertname=\"Slow\"}', entity: 'service/{s}'"
        )
        let old = Analyses.alert("PrinterOffline", minute: -17 * Self.day, severity: "warning", ["p": "p"])
        let analysis = try Analyses.analyze(topology, Self.tonight + [old])
        let row = try Analyses.row("PrinterOffline", in: analysis)
        #expect(row.verdict == .chronic)
        #expect(row.outOfTime == [0])
        let printer = try #require(analysis.affected.first { analysis.topology.name(of: $0.entity) == "printer/p" })
        #expect(printer.effect == .down)
        #expect(printer.alerts.isEmpty)
    }

    @Test("effects hours apart speak less for their common cause than effects at once")
    func apart() throws {
        func confidence(minute: Int) throws -> Double {
            let alerts = [
                Analyses.alert("Slow", severity: "warning", ["s": "x"]),
                Analyses.alert("Slow", minute: minute, severity: "warning", ["s": "w"]),
            ]
            let analysis = try Analyses.analyze(Self.topology, alerts)
            return analysis.ranking.first { analysis.topology.name(of: $0.entity) == "database/y" }?.confidence ?? 0
        }
        let (together, near, apart, far) = (
            try confidence(minute: 0), try confidence(minute: 30), try confidence(minute: 4 * 60),
            try confidence(minute: 8 * 60)
        )
        #expect(near >= apart)
        #expect(together > apart)
        #expect(apart > far)
    }

    @Test(
        "lengths of time that are none are refused with their place",
        arguments: ["window_hours", "usual_delay", "change_half_life"]
    )
    func empty(weight: String) {
        let (platform, diagnostics) = Platform.load([
            Analyses.file("version: 1\nentities: {host/a: {}}\nweights:\n  \(weight): 0\n")
        ])
        #expect(platform == nil)
        #expect(
            diagnostics.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)" } == [
                "4:3 wrong-shape"
            ]
        )
    }
}
