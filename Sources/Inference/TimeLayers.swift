internal import Graphs
internal import Propagation
internal import Topology

/// The copies of the failure graph that time demands.
///
/// An entity whose own alert began at t was well until about t, so it cannot explain what began before. For a symptom
/// that began by θ, take the network without the vertices known to be well until after θ: its least fixed point is the
/// state at θ. That deciding on such layers equals computing every onset by Knuth's generalisation of Dijkstra's
/// algorithm ("A Generalization of Dijkstra's Algorithm", 1977) is checked by a test.
///
/// Symptoms with the same set of missing vertices share a layer; those upstream of which nothing is missing hang on the
/// base network. A layer holds only what is upstream of its symptoms.
struct TimeLayers {
    /// At most so many layers are told apart.
    ///
    /// Beyond it neighbours are joined at the later time, which only allows more explanations.
    static let limit = 24

    struct Layer {
        /// Nothing that began after it explains what hangs on this layer.
        var time: Int64
        var copies: [Int32: Int32] = [:]
    }

    private let evidence: Evidence
    private let numbering: FailureGraph.Numbering
    private var layers: [Layer] = []
    /// The layer of each symptom and of each healthy observation; nil is the base network.
    private var symptomLayers: [Int?]
    private var healthLayers: [Int?]
    /// The latest known moment at which each vertex was not yet so, in milliseconds.
    private var lowerBounds: [Int32: Int64] = [:]
    /// The moments that separate something: lower bounds and changes.
    private var boundaries: [Int64] = []

    init(evidence: Evidence, numbering: FailureGraph.Numbering) {
        self.evidence = evidence
        self.numbering = numbering
        symptomLayers = Array(repeating: nil, count: evidence.symptoms.count)
        healthLayers = Array(repeating: nil, count: evidence.health.count)
        findLowerBounds()
        boundaries = Set(lowerBounds.values).union(evidence.changes.map(\.at)).sorted()
    }

    /// Whether any symptom or observation is older than a moment that separates something.
    var areNeeded: Bool {
        guard let last = boundaries.last else { return false }
        return evidence.symptoms.contains { Self.deadline($0) < last }
            || evidence.health.contains { ($0.at ?? .max) < last }
    }

    /// Finds the layers and adds their vertices to `builder`, with `network` as the pattern.
    ///
    /// - Parameters:
    ///   - network: the failure graph with relays and faults, before symptoms and health hang on it.
    ///   - builder: where the copies are added; it must hold the vertices of `network` already.
    ///   - candidates: the faults, which all layers share, but for those of changes that came later.
    ///   - isFaultable: tells the vertices that all layers share: the faults and the assumptions.
    mutating func copy(
        from network: ThresholdNetwork,
        into builder: inout ThresholdNetworkBuilder,
        candidates: [Int32: DiagnosisModel.Candidate],
        isFaultable: (Int32) -> Bool
    ) {
        assignLayers(network: network)
        for index in layers.indices {
            let time = layers[index].time
            var missing: Set<Int32> = []
            for (vertex, candidate) in candidates {
                if let change = candidate.change, evidence.changes[change].at > time { missing.insert(vertex) }
            }
            copy(into: index, network: network, builder: &builder) { vertex in
                if missing.contains(vertex) { return .missing }
                return isFaultable(vertex) ? .shared : .copied
            }
            addPreludes(to: index, candidates.filter { !missing.contains($0.key) }, &builder)
        }
    }

    /// What each copy stands for, through the relays that it may be a copy of.
    func originals(relays: [Int32: Int32]) -> [Int32: Int32] {
        var result: [Int32: Int32] = [:]
        for layer in layers {
            for (original, copy) in layer.copies { result[copy] = relays[original] ?? original }
        }
        return result
    }

    /// The vertices of the entity any of which explains the symptom.
    func sources(ofSymptom index: Int) -> [Int32] {
        resolve(Self.ownSources(of: evidence.symptoms[index], numbering), in: symptomLayers[index])
    }

    /// The vertices of the witness any of which casts doubt on what it saw.
    func witnessSources(ofSymptom index: Int) -> [Int32] {
        resolve(Self.witnessSources(of: evidence.symptoms[index], numbering), in: symptomLayers[index])
    }

    /// The vertices any of which contradicts the observation.
    func sources(ofHealth index: Int) -> [Int32] {
        let entity = evidence.health[index].entity
        return resolve([numbering.down(entity), numbering.degraded(entity)], in: healthLayers[index])
    }

    /// Whether the explanation of a symptom must have begun by this time.
    static func deadline(_ symptom: Symptom) -> Int64 { symptom.onset.upperBound &+ Evidence.clockError }

    /// All that could have a part in the symptom, its witness included.
    static func sources(of symptom: Symptom, _ numbering: FailureGraph.Numbering) -> [Int32] {
        ownSources(of: symptom, numbering) + witnessSources(of: symptom, numbering)
    }

    /// What of the symptom's own entity explains it.
    static func ownSources(of symptom: Symptom, _ numbering: FailureGraph.Numbering) -> [Int32] {
        symptom.causes.compactMap { numbering.vertex(symptom.entity, $0) }
    }

    private static func witnessSources(of symptom: Symptom, _ numbering: FailureGraph.Numbering) -> [Int32] {
        symptom.witness.map { [numbering.down($0), numbering.degraded($0)] } ?? []
    }

    // MARK: Finding

    private mutating func findLowerBounds() {
        for symptom in evidence.symptoms where symptom.effect != .starved {
            let start = symptom.onset.lowerBound
            var vertices = [numbering.down(symptom.entity)]
            if symptom.effect != .down { vertices.append(numbering.degraded(symptom.entity)) }
            for vertex in vertices {
                lowerBounds[vertex] = Swift.min(lowerBounds[vertex] ?? .max, start)
            }
        }
    }

    private mutating func assignLayers(network: ThresholdNetwork) {
        var items: [(deadline: Int64, isSymptom: Bool, index: Int)] = []
        for (index, symptom) in evidence.symptoms.enumerated() {
            items.append((Self.deadline(symptom), true, index))
        }
        for (index, observation) in evidence.health.enumerated() {
            if let time = observation.at { items.append((time, false, index)) }
        }
        // How many boundaries lie after a deadline tells which vertices are missing: the sets are nested.
        var classes: [Int: [(deadline: Int64, isSymptom: Bool, index: Int)]] = [:]
        for item in items {
            let later = boundaries.count - boundaries.partitioningIndex { $0 > item.deadline }
            if later > 0 { classes[later, default: []].append(item) }
        }
        let order = classes.keys.sorted(by: >)
        let perLayer = (order.count + Self.limit - 1) / Swift.max(1, Self.limit)
        var next = 0
        while next < order.count {
            let members = order[next..<Swift.min(next + perLayer, order.count)].flatMap { classes[$0] ?? [] }
            next += perLayer
            let time = members.map(\.deadline).max() ?? 0
            let touched = downstream(ofMissingAt: time, network)
            var isUsed = false
            for item in members {
                let sources =
                    item.isSymptom
                    ? Self.sources(of: evidence.symptoms[item.index], numbering)
                    : [
                        numbering.down(evidence.health[item.index].entity),
                        numbering.degraded(evidence.health[item.index].entity),
                    ]
                guard sources.contains(where: touched.contains) else { continue }
                isUsed = true
                if item.isSymptom {
                    symptomLayers[item.index] = layers.count
                } else {
                    healthLayers[item.index] = layers.count
                }
            }
            if isUsed { layers.append(Layer(time: time)) }
        }
    }

    private func isMissing(_ vertex: Int32, at time: Int64) -> Bool {
        (lowerBounds[vertex] ?? .min) > time
    }

    /// Everything that a vertex missing at `time`, or a change after it, could have a part in.
    private func downstream(ofMissingAt time: Int64, _ network: ThresholdNetwork) -> Set<Int32> {
        var queue = lowerBounds.keys.filter { isMissing($0, at: time) }.sorted()
        for change in evidence.changes where change.at > time {
            queue += [numbering.down(change.entity), numbering.degraded(change.entity)]
        }
        var seen = Set(queue)
        var head = 0
        while head < queue.count {
            for next in network.dependents[queue[head]] where seen.insert(next).inserted { queue.append(next) }
            head += 1
        }
        return seen
    }

    // MARK: Copying

    private enum Treatment {
        case copied
        case shared
        case missing
    }

    private mutating func copy(
        into index: Int,
        network: ThresholdNetwork,
        builder: inout ThresholdNetworkBuilder,
        treatment: (Int32) -> Treatment
    ) {
        let time = layers[index].time
        var queue: [Int32] = []
        var copies: [Int32: Int32] = [:]
        func visit(_ vertex: Int32) -> Int32? {
            if let copy = copies[vertex] { return copy }
            guard !isMissing(vertex, at: time) else { return nil }
            switch treatment(vertex) {
            case .missing: return nil
            case .shared: return vertex
            case .copied: break
            }
            let copy = builder.addVertex()
            copies[vertex] = copy
            queue.append(vertex)
            return copy
        }
        for (symptom, layer) in zip(evidence.symptoms, symptomLayers) where layer == index {
            for source in Self.sources(of: symptom, numbering) { _ = visit(source) }
        }
        for (observation, layer) in zip(evidence.health, healthLayers) where layer == index {
            for vertex in [numbering.down(observation.entity), numbering.degraded(observation.entity)] {
                _ = visit(vertex)
            }
        }
        var head = 0
        while head < queue.count {
            let vertex = queue[head]
            head += 1
            guard let owner = copies[vertex] else { continue }
            for source in network.dependencies[vertex] {
                if network.isGate(source) {
                    let members = network.dependencies[source].compactMap { visit($0) }
                    guard !members.isEmpty else { continue }
                    builder.addGate(threshold: network.threshold(of: source), members: members, owner: owner)
                } else if let copy = visit(source) {
                    builder.addArc(from: copy, to: owner)
                }
            }
        }
        layers[index].copies = copies
    }

    /// What goes down may have served badly before: a fault that took its entity down later explains what only asks for
    /// trouble.
    private func addPreludes(
        to index: Int,
        _ candidates: [Int32: DiagnosisModel.Candidate],
        _ builder: inout ThresholdNetworkBuilder
    ) {
        let layer = layers[index]
        for vertex in candidates.keys.sorted() {
            guard let candidate = candidates[vertex], candidate.effect == .down,
                isMissing(numbering.down(candidate.entity), at: layer.time),
                let degraded = layer.copies[numbering.degraded(candidate.entity)]
            else { continue }
            builder.addArc(from: vertex, to: degraded)
        }
    }

    private func resolve(_ vertices: [Int32], in layer: Int?) -> [Int32] {
        guard let layer else { return vertices }
        return vertices.compactMap { layers[layer].copies[$0] }
    }
}

extension Array where Element: Comparable {
    /// The first index at which `belongs` holds, in an array that is false up to some index and true from there on.
    fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
