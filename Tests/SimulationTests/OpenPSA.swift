import Foundation
import Testing
import Topology

/// Fault trees in the Open-PSA Model Exchange Format, and SCRAM's answers to them.
enum OpenPSA {
    /// The tree of one entity's `down`.
    ///
    /// It has a basic event `b<number>` for each entity, and a gate `g<number>` that is true
    /// when it happened or a need fails. The topology must not hold a cycle, for a fault tree cannot.
    static func faultTree(_ topology: Topology, of target: EntityID, probability: (EntityID) -> Double) -> String {
        var text = "<opsa-mef><define-fault-tree name=\"t\">"
        text += "<define-gate name=\"top\"><gate name=\"g\(target.rawValue)\"/></define-gate>"
        for entity in upstream(of: target, in: topology) {
            let number = entity.rawValue
            var causes = ["<basic-event name=\"b\(number)\"/>"]
            for need in topology.requirements(of: entity) where need.strength == .hard {
                let gates = need.members.map { "<gate name=\"g\($0.rawValue)\"/>" }
                let threshold = need.members.count - need.minimum + 1
                switch threshold {
                case 1: causes += gates
                case need.members.count: causes.append("<and>\(gates.joined())</and>")
                default: causes.append("<atleast min=\"\(threshold)\">\(gates.joined())</atleast>")
                }
            }
            // SCRAM refuses an argument that is there twice.
            var known: Set<String> = []
            causes = causes.filter { known.insert($0).inserted }
            let isLeaf = causes.count == 1
            text +=
                "<define-gate name=\"g\(number)\">\(isLeaf ? causes[0] : "<or>\(causes.joined())</or>")</define-gate>"
            text +=
                "<define-basic-event name=\"b\(number)\"><float value=\"\(probability(entity))\"/></define-basic-event>"
        }
        return text + "</define-fault-tree></opsa-mef>"
    }

    struct Answer {
        /// The minimal cut sets, each as sorted names.
        let cutSets: Set<[String]>
        /// The probability of the top event by the method that was asked for, to six digits.
        let probability: Double?
    }

    /// Runs SCRAM on the files of one model.
    static func scram(_ files: [URL], _ arguments: [String]) throws -> Answer {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["scram"] + files.map(\.path) + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let report = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(report)")
        var cutSets: Set<[String]> = []
        var members: [String]?
        var probability: Double?
        for tag in Tag.all(in: report) {
            switch tag.name {
            case "sum-of-products": probability = tag.attributes["probability"].flatMap(Double.init)
            case "product": members = []
            case "basic-event": members?.append(tag.attributes["name"] ?? "")
            case "/product":
                if let members { cutSets.insert(members.sorted()) }
                members = nil
            default: break
            }
        }
        return Answer(cutSets: cutSets, probability: probability)
    }

    static func scram(_ text: String, _ arguments: [String]) throws -> Answer {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fault-tree-\(UUID()).xml")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try scram([file], arguments)
    }

    /// Whether SCRAM can be run here.
    static let isInstalled = locate("bin/scram") != nil

    /// The fault trees that come with SCRAM, if they are installed.
    static let publishedTrees = locate("share/scram/input")

    private static func locate(_ path: String) -> URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { URL(fileURLWithPath: String($0) + "/../" + path).standardizedFileURL }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func upstream(of target: EntityID, in topology: Topology) -> [EntityID] {
        var seen: Set<EntityID> = [target]
        var open = [target]
        while let entity = open.popLast() {
            for need in topology.requirements(of: entity) where need.strength == .hard {
                open += need.members.filter { seen.insert($0).inserted }
            }
        }
        return seen.sorted()
    }

    /// A published fault tree as a topology: gates are `system/<name>`, basic events `component/<name>`.
    ///
    /// - Returns: the topology and its top gate; nil where the tree has what a topology cannot say, such as `not`.
    static func topology(of file: URL) throws -> (topology: Topology, top: EntityID)? {
        var sketch = Sketch()
        var gates: [(name: String, threshold: (Int) -> Int, members: [String])] = []
        var isInFormula = false
        for tag in Tag.all(in: try String(contentsOf: file, encoding: .utf8)) {
            switch tag.name {
            case "define-gate":
                gates.append((tag.attributes["name"] ?? "", { _ in 1 }, []))
                isInFormula = true
            case "/define-gate": isInFormula = false
            case "and": gates[gates.count - 1].threshold = { $0 }
            case "atleast":
                let minimum = tag.attributes["min"].flatMap(Int.init) ?? 1
                gates[gates.count - 1].threshold = { _ in minimum }
            case "not", "house-event", "define-event-tree": return nil
            case "gate", "event", "basic-event":
                if isInFormula { gates[gates.count - 1].members.append(tag.attributes["name"] ?? "") }
            default: break
            }
        }
        let names = Set(gates.map(\.name))
        let leaves = Set(gates.flatMap(\.members)).subtracting(names)
        for leaf in leaves.sorted() { sketch.add("component/\(leaf)") }
        for gate in gates {
            let members = gate.members.map { (names.contains($0) ? "system/" : "component/") + $0 }
            let minimum = members.count - gate.threshold(members.count) + 1
            sketch.add("system/\(gate.name)", needs: [.atLeast(minimum, members)])
        }
        let used = Set(gates.flatMap(\.members))
        let topology = try sketch.topology()
        guard let top = gates.first(where: { !used.contains($0.name) })?.name else { return nil }
        return (topology, try topology.id("system/\(top)"))
    }
}

/// An element's start or end in XML text without character data that matters.
private struct Tag {
    let name: String
    var attributes: [String: String] = [:]

    static func all(in text: String) -> [Tag] {
        var tags: [Tag] = []
        for piece in text.components(separatedBy: "<!--").enumerated() {
            let visible = piece.offset == 0 ? piece.element : piece.element.components(separatedBy: "-->").last ?? ""
            for part in visible.components(separatedBy: "<").dropFirst() {
                guard let content = part.components(separatedBy: ">").first else { continue }
                let words = content.components(separatedBy: "\"")
                var tag = Tag(name: String(words[0].prefix { !$0.isWhitespace && $0 != ">" }).trimmingSuffix("/"))
                for index in stride(from: 0, to: words.count - 1, by: 2) {
                    let key = words[index].components(separatedBy: .whitespacesAndNewlines).last ?? ""
                    tag.attributes[String(key.dropLast())] = words[index + 1]
                }
                tags.append(tag)
            }
        }
        return tags
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        count > 1 && hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
