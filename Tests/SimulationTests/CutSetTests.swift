import Simulation
import TestSupport
import Testing
import Topology

@Suite("Minimal cut sets")
struct CutSetTests {
    /// The cut sets of `top` in which only leaves fail, as lists of names without their kind.
    static func cutSets(_ sketch: Sketch, of top: String, leaf kind: String = "component") throws -> [[String]] {
        let topology = try sketch.topology()
        let leaves = topology.entities.filter { topology.kind(of: $0).name == kind }
        let options = CutSetOptions(order: 12, candidates: Set(leaves))
        let result = SimulationModel(topology).cutSets(of: try topology.id(top), options)
        #expect(result.isComplete)
        return result.cutSets.map { $0.members.map(topology.shortName) }
    }

    @Test("the pressure tank of the Fault Tree Handbook")
    func pressureTank() throws {
        // Vesely et al., NUREG-0492 (1981), chapter VIII: T, K2, S·K1, S·R, S·S1.
        var sketch = Sketch()
        for name in ["T", "K2", "S", "S1", "K1", "R"] { sketch.add("component/\(name)") }
        sketch.add("system/E1", needs: [.hard("component/T"), .hard("system/E2")])
        sketch.add("system/E2", needs: [.hard("system/E3"), .hard("component/K2")])
        sketch.add("system/E3", needs: [.any(["component/S", "system/E4"])])
        sketch.add("system/E4", needs: [.hard("component/S1"), .hard("system/E5")])
        sketch.add("system/E5", needs: [.hard("component/K1"), .hard("component/R")])
        let expected = [["K2"], ["T"], ["K1", "S"], ["R", "S"], ["S", "S1"]]
        #expect(try Self.cutSets(sketch, of: "system/E1") == expected)
    }

    /// Each was worked out by going round until nothing changed, a step a round.
    @Test("everything on a long circle is a cut set by itself, and there are no others", .timeLimit(.minutes(10)))
    func longCircle() throws {
        var sketch = Sketch()
        for index in 0..<1_000 { sketch.add("service/\(index)", needs: [.hard("service/\((index + 1) % 1_000)")]) }
        let topology = try sketch.topology()
        let result = SimulationModel(topology).cutSets(of: try topology.id("service/7"))
        #expect(result.cutSets.map(\.members) == topology.entities.map { [$0] })
        #expect(result.isComplete && result.isExhaustive)
    }

    @Test("a quorum of a thousand ends within its budget", .timeLimit(.minutes(10)))
    func largeQuorum() throws {
        var sketch = Sketch()
        let members = (0..<1_000).map { "node/\($0)" }
        for member in members { sketch.add(member) }
        sketch.add("service/s", needs: [.atLeast(500, members)])
        let topology = try sketch.topology()
        let options = CutSetOptions(budget: 100_000)
        let result = SimulationModel(topology).cutSets(of: try topology.id("service/s"), options)
        #expect(result.cutSets.map { topology.names($0.members) } == [["service/s"]])
        #expect(!result.isExhaustive)
    }

    @Test("the bridge network")
    func bridge() throws {
        // Paths 1-4, 2-5, 1-3-5, 2-3-4 of the five-component bridge, for example Barlow and Proschan (1975).
        var sketch = Sketch()
        for name in ["1", "2", "3", "4", "5"] { sketch.add("component/\(name)") }
        let paths = ["14", "25", "135", "234"]
        for path in paths { sketch.add("system/\(path)", needs: path.map { .hard("component/\($0)") }) }
        sketch.add("service/s", needs: [.any(paths.map { "system/\($0)" })])
        let expected = [["1", "2"], ["4", "5"], ["1", "3", "5"], ["2", "3", "4"]]
        #expect(try Self.cutSets(sketch, of: "service/s") == expected)
    }

    @Test("two trains of a pump and a valve, and the lights of a theatre")
    func smallPublishedTrees() throws {
        // Examples of the SCRAM and OpenFTA distributions.
        var trains = Sketch()
        for name in ["P1", "P2", "V1", "V2"] { trains.add("component/\(name)") }
        for number in [1, 2] {
            trains.add("system/\(number)", needs: [.hard("component/P\(number)"), .hard("component/V\(number)")])
        }
        trains.add("service/cooling", needs: [.any(["system/1", "system/2"])])
        let pairs = [["P1", "P2"], ["P1", "V2"], ["P2", "V1"], ["V1", "V2"]]
        #expect(try Self.cutSets(trains, of: "service/cooling") == pairs)

        var theatre = Sketch()
        for name in ["generator", "mains", "relay"] { theatre.add("component/\(name)") }
        theatre.add("system/backup", needs: [.hard("component/generator"), .hard("component/relay")])
        theatre.add("service/lights", needs: [.any(["component/mains", "system/backup"])])
        #expect(try Self.cutSets(theatre, of: "service/lights") == [["generator", "mains"], ["mains", "relay"]])
    }

    @Test("three motors that are tested together")
    func threeMotors() throws {
        // NUREG-0492, chapter IX, with the house events on; twelve sets, as SCRAM's own tests have them.
        var sketch = Sketch()
        for name in ["K1", "K2", "K5", "KT1", "KT2", "KT3", "S1", "T1", "T2", "T3", "T4"] {
            sketch.add("component/\(name)")
        }
        sketch.add("system/top", needs: [.any(["system/E2", "component/T2"]), .hard("component/K5")])
        sketch.add("system/E2", needs: [.hard("component/K1"), .hard("system/E3"), .hard("system/E4")])
        sketch.add("system/E4", needs: [.hard("component/S1"), .hard("component/T1")])
        sketch.add("system/E3", needs: [.any(["system/E5", "system/E6", "system/E7"])])
        sketch.add("system/E5", needs: [.hard("component/KT1"), .hard("component/K2")])
        sketch.add("system/E6", needs: [.hard("component/KT2"), .hard("component/T3")])
        sketch.add("system/E7", needs: [.hard("component/KT3"), .hard("component/T4")])
        var expected = [["K5"], ["K1", "T2"], ["S1", "T2"], ["T1", "T2"]]
        for one in ["KT1", "K2"] {
            for other in ["KT2", "T3"] {
                for third in ["KT3", "T4"] { expected.append([one, other, third, "T2"].sorted()) }
            }
        }
        expected.sort { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
        #expect(try Self.cutSets(sketch, of: "system/top") == expected)
    }

    @Test("equal all minimal subsets that bring it down, cycles included", arguments: 0..<100)
    func everySubset(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 2...9)
        let model = SimulationModel(topology)
        let target = EntityID(rawValue: Int32.random(in: 0..<Int32(topology.entityCount), using: &generator))
        let order = Int.random(in: 1...4, using: &generator)
        let result = model.cutSets(of: target, CutSetOptions(order: order))
        #expect(result.isComplete)
        var expected: [Set<EntityID>] = []
        let subsets = (1..<(1 << topology.entityCount)).sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }
        for subset in subsets where subset.nonzeroBitCount <= order {
            let set = Set(topology.entities.filter { subset & (1 << Int($0.rawValue)) != 0 })
            guard !expected.contains(where: { $0.isSubset(of: set) }) else { continue }
            if NaiveState(topology, down: set).down.contains(target) { expected.append(set) }
        }
        #expect(Set(result.cutSets.map { Set($0.members) }) == Set(expected))
        #expect(result.cutSets.count == expected.count)
        // With nothing larger to come, the order asked for makes no difference.
        if result.isExhaustive {
            let all = model.cutSets(of: target, CutSetOptions(order: topology.entityCount))
            #expect(all.cutSets == result.cutSets)
        }
    }

    @Test("an order beyond all entities ends with the largest set, not with the order")
    func hugeOrder() throws {
        var sketch = Sketch()
        for name in ["a", "b", "c"] { sketch.add("component/\(name)") }
        sketch.add("service/s", needs: [.any(["component/a", "component/b", "component/c"])])
        let topology = try sketch.topology()
        let result = SimulationModel(topology).cutSets(of: try topology.id("service/s"), CutSetOptions(order: .max))
        #expect(result.cutSets.map(\.members.count) == [1, 3])
        #expect(result.isComplete && result.isExhaustive)
        let pairs = SimulationModel(topology).cutSets(of: try topology.id("service/s"), CutSetOptions(order: 2))
        #expect(pairs.cutSets.count == 1 && pairs.isComplete && !pairs.isExhaustive)
    }

    @Test("each of many is a cut set and none of its parts is, on larger platforms", arguments: 0..<5)
    func minimality(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 40...60)
        let model = SimulationModel(topology)
        for target in topology.entities.filter({ $0.rawValue % 10 == 0 }) {
            for cutSet in model.cutSets(of: target).cutSets {
                let members = Set(cutSet.members)
                #expect(NaiveState(topology, down: members).down.contains(target))
                for member in members {
                    #expect(!NaiveState(topology, down: members.subtracting([member])).down.contains(target))
                }
            }
        }
    }

    @Test("out of budget, the orders that were finished are returned whole")
    func budget() throws {
        var sketch = Sketch()
        let names = (0..<12).map { "component/\($0)" }
        for name in names { sketch.add(name) }
        sketch.add("component/single")
        sketch.add("system/s", needs: [.atLeast(8, names), .hard("component/single")])
        let topology = try sketch.topology()
        let model = SimulationModel(topology)
        let target = try topology.id("system/s")
        let small = model.cutSets(of: target, CutSetOptions(order: 5, limit: 100))
        #expect(small.completeOrder == 4 && !small.isComplete && small.cutSets.count == 2)
        let spent = model.cutSets(of: target, CutSetOptions(order: 5, budget: 400))
        #expect(spent.completeOrder > 0 && !spent.isComplete && spent.cutSets.count == 2)
        let all = model.cutSets(of: target, CutSetOptions(order: 5))
        #expect(all.isComplete && all.cutSets.count == 2 + 792)
    }

    @Test("probabilities follow from rates, and the estimate says what it rests on")
    func availability() throws {
        var sketch = Sketch()
        // 8760 hours in a year: down for 4 of every 4 + 36 hours, and 4 of every 4 + 12.
        sketch.setRate("disk", 8760 / 36)
        sketch.setRate("link", 8760 / 12)
        sketch.setRate("volume", 0)
        for name in ["disk/a", "disk/b", "link/l"] { sketch.add(name) }
        sketch.add("volume/v", needs: [.any(["disk/a", "disk/b"]), .hard("link/l")])
        let topology = try sketch.topology()
        let result = SimulationModel(topology).cutSets(of: try topology.id("volume/v"))
        let probabilities = result.cutSets.map(\.probability)
        for (found, expected) in zip(probabilities, [0.25, 0, 0.01]) { #expect(abs(found - expected) < 1e-12) }
        #expect(probabilities.count == 3)
        #expect(abs(result.availability.rareEventUnavailability - 0.26) < 1e-12)
        #expect(abs(result.availability.unavailability - (1 - 0.75 * 0.99)) < 1e-12)
        #expect(abs(result.availability.hoursDownPerYear - 8760 * 0.2575) < 1e-8)
        #expect(
            result.availability.assumptions == [
                .independentFaults, .steadyState(meanTimeToRepair: 4), .noRescheduling,
            ]
        )
        // The two disks together are left out now, and that is said.
        let singles = SimulationModel(topology).cutSets(of: try topology.id("volume/v"), CutSetOptions(order: 1))
        #expect(singles.availability.assumptions.contains(.cutSetsUpTo(order: 1)) && !singles.isExhaustive)
    }
}
