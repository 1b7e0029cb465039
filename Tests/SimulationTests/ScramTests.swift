import Foundation
import Simulation
import TestSupport
import Testing
import Topology

/// The same models through SCRAM, an independent fault-tree analyser (Debian package `scram`).
@Suite("Against SCRAM", .enabled(if: OpenPSA.isInstalled, "scram is not on PATH"))
struct ScramTests {
    @Test("cut sets and single points of failure of random models are equal", arguments: 0..<40)
    func randomModels(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 3...30, isAcyclic: true, weak: 5)
        let model = SimulationModel(topology)
        let target = EntityID(rawValue: Int32(topology.entityCount - 1))
        let order = Int.random(in: 1...5, using: &generator)
        let text = OpenPSA.faultTree(topology, of: target) { _ in 0.01 }
        let expected = try OpenPSA.scram(text, ["--mocus", "-l", "\(order)"]).cutSets
        let found = model.cutSets(of: target, CutSetOptions(order: order))
        #expect(found.isComplete)
        #expect(Set(found.cutSets.map { $0.members.map { "b\($0.rawValue)" }.sorted() }) == expected)
        let singles = expected.filter { $0.count == 1 }.flatMap { $0 }.filter { $0 != "b\(target.rawValue)" }
        #expect(Set(model.singlePointsOfFailure(of: target).map { "b\($0.rawValue)" }) == Set(singles))
    }

    @Test("probabilities of random models are equal", arguments: 100..<115)
    func probabilities(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let topology = try Sketch.random(&generator, count: 3...25, isAcyclic: true, weak: 0)
        let target = EntityID(rawValue: Int32(topology.entityCount - 1))
        let found = SimulationModel(topology).cutSets(of: target, CutSetOptions(order: 20, meanTimeToRepair: 40))
        #expect(found.isComplete)
        // All are services; 40 hours a fault.
        let hours = topology.kind(of: target).faultsPerYear * 40
        let text = OpenPSA.faultTree(topology, of: target) { _ in hours / (8760 + hours) }
        let sum = try #require(try OpenPSA.scram(text, ["--probability", "true", "--rare-event"]).probability)
        let bound = try #require(try OpenPSA.scram(text, ["--probability", "true", "--mcub"]).probability)
        // SCRAM prints six digits.
        #expect(abs(min(1, found.availability.rareEventUnavailability) - sum) < 6e-6 * sum)
        #expect(abs(found.availability.unavailability - bound) < 6e-6 * bound)
    }

    @Test(
        "cut sets of published fault trees are equal",
        arguments: [
            ("Baobab/baobab1", 6), ("Baobab/baobab2", 20), ("Chinese/chinese", 6), ("Lift/lift", 9),
            ("BSCU/BSCU", 9), ("ne574/ne574", 9), ("SmallTree/SmallTree", 9), ("HIPPS/HIPPS", 9),
            ("Theatre/theatre", 9), ("TwoTrain/two_train", 9),
        ]
    )
    func publishedTrees(name: String, order: Int) throws {
        let folder = try #require(OpenPSA.publishedTrees)
        let file = folder.appendingPathComponent(name + ".xml")
        let (topology, top) = try #require(try OpenPSA.topology(of: file))
        let components = topology.entities.filter { topology.kind(of: $0).name == "component" }
        let found = SimulationModel(topology)
            .cutSets(of: top, CutSetOptions(order: order, candidates: Set(components)))
        #expect(found.isComplete && !found.cutSets.isEmpty)
        let chances = folder.appendingPathComponent(name + "-basic-events.xml")
        let files = FileManager.default.fileExists(atPath: chances.path) ? [file, chances] : [file]
        let expected = try OpenPSA.scram(files, ["--zbdd", "-l", "\(order)"]).cutSets
        #expect(Set(found.cutSets.map { $0.members.map(topology.shortName).sorted() }) == expected)
    }
}
