internal import Graphs
internal import Propagation
internal import Topology

/// The evidence about an incident compiled, with the failure graph, into one ``ExplanationProblem``.
///
/// Each piece of evidence is one more vertex of the network, fed by the states that would explain or contradict it, with
/// its weight as the charge for being true. Time enters as *layers*: a symptom that began by θ can only be explained by
/// what was so at θ, so it hangs on a copy of the part of the network upstream of it in which every vertex that is known
/// to have been well until after θ is missing. Symptoms whose upstream holds no such vertex share the base network,
/// which is nearly always all of them.
struct DiagnosisModel {
    /// A way for an entity to fail, as a vertex that may be faulted.
    struct Candidate {
        var entity: EntityID
        var effect: Effect
        /// The change that the fault would follow, as an index into the evidence.
        var change: Int?
    }

    let graph: FailureGraph.Numbering
    private(set) var problem: ExplanationProblem
    /// What each candidate vertex stands for.
    private(set) var candidates: [Int32: Candidate] = [:]
    /// The candidate vertices of each entity, in ascending order.
    private(set) var candidateVertices: [Int32: [Int32]] = [:]
    /// The vertex of each symptom, in the order of the evidence.
    private(set) var symptomVertices: [Int32] = []
    /// The vertex that is true when each silence is contradicted.
    private(set) var silenceVertices: [Int32] = []
    /// The vertex that is true when a silence is contradicted but its observer is affected, where there is an observer.
    private(set) var blindVertices: [Int32?] = []
    /// The (entity, effect) vertex that each layer's copy stands for.
    private(set) var originals: [Int32: Int32] = [:]

    /// - Complexity: O(entities + needs + evidence), plus the upstream closure of the evidence once for each distinct
    ///   time that separates something, of which there are at most ``TimeLayers/limit``.
    init(topology: Topology, evidence: Evidence, priors: FaultPriors) {
        var compiler = Compiler(topology: topology, evidence: evidence, priors: priors)
        compiler.compile()
        graph = compiler.numbering
        candidates = compiler.candidates
        symptomVertices = compiler.symptomVertices
        silenceVertices = compiler.silenceVertices
        blindVertices = compiler.blindVertices
        originals = compiler.originals
        problem = compiler.problem()
        for vertex in candidates.keys.sorted() {
            guard let entity = candidates[vertex]?.entity.rawValue else { continue }
            candidateVertices[entity, default: []].append(vertex)
        }
    }
}

private struct Compiler {
    let topology: Topology
    let evidence: Evidence
    let priors: FaultPriors
    let numbering: FailureGraph.Numbering
    var builder: ThresholdNetworkBuilder
    var faultCosts: [Int32: Cost] = [:]
    var charges: [Int32: Cost] = [:]
    var base: Cost = 0
    var candidates: [Int32: DiagnosisModel.Candidate] = [:]
    var symptomVertices: [Int32] = []
    var silenceVertices: [Int32] = []
    var blindVertices: [Int32?] = []
    var originals: [Int32: Int32] = [:]
    /// "Affected": down or degraded, for the entities whose health is evidence.
    var affectedVertices: [Int32: Int32] = [:]
    var layers: TimeLayers

    init(topology: Topology, evidence: Evidence, priors: FaultPriors) {
        self.topology = topology
        self.evidence = evidence
        self.priors = priors
        let needsDemand = evidence.symptoms.contains { $0.effect == .starved }
        numbering = FailureGraph.Numbering(topology, includesStarvation: needsDemand)
        builder = FailureGraph.builder(topology, numbering)
        layers = TimeLayers(evidence: evidence, topology: topology, numbering: numbering, builder: &builder)
        originals = layers.originals
    }

    mutating func compile() {
        addFaults()
        addSymptoms()
        addHealth()
        addSilences()
    }

    consuming func problem() -> ExplanationProblem {
        let network = builder.build()
        var faultCost = [Int64](repeating: -1, count: network.vertexCount)
        var charge = [Int64](repeating: 0, count: network.vertexCount)
        for (vertex, cost) in faultCosts { faultCost[Int(vertex)] = cost }
        for (vertex, cost) in charges { charge[Int(vertex)] = cost }
        return ExplanationProblem(network: network, faultCost: faultCost, charge: charge, base: base)
    }

    // MARK: Faults

    private mutating func addFaults() {
        var ownSilence: [Int32: Cost] = [:]
        for silence in evidence.silences where silence.observers.isEmpty {
            ownSilence[silence.entity.rawValue] = Swift.max(0, silence.ownWeight - silence.downstreamWeight)
        }
        var costOfKind = topology.kinds.map(priors.cost)
        for index in costOfKind.indices { costOfKind[index] = Swift.max(1, costOfKind[index]) }
        for entity in topology.entities {
            let cost = costOfKind[Int(topology.kindIndices[entity.index])] + (ownSilence[entity.rawValue] ?? 0)
            // Of two modes that explain the same, the weaker is taken: the heavier costs a micro-nat more.
            addFault(entity, .degraded, cost: cost, change: nil)
            addFault(entity, .down, cost: cost + 1, change: nil)
        }
        for (index, change) in evidence.changes.enumerated() {
            let silence = ownSilence[change.entity.rawValue] ?? 0
            addFault(change.entity, .degraded, cost: Swift.max(1, change.cost) + silence, change: index)
            addFault(change.entity, .down, cost: Swift.max(1, change.cost) + silence + 1, change: index)
        }
    }

    /// Makes (entity, effect) faultable. The fault has a vertex of its own where a layer or a change needs to tell the
    /// fault from its effect; otherwise the effect's vertex is the fault's.
    private mutating func addFault(_ entity: EntityID, _ effect: Effect, cost: Cost, change: Int?) {
        guard let target = numbering.vertex(entity, effect) else { return }
        let copies = layers.copies(of: target)
        let isSeparate = change != nil || !copies.isEmpty
        let vertex = isSeparate ? builder.addVertex() : target
        if isSeparate {
            builder.addArc(from: vertex, to: target)
            for (layer, copy) in copies where change.map({ evidence.changes[$0].at <= layer.time }) ?? true {
                builder.addArc(from: vertex, to: copy)
            }
        }
        faultCosts[vertex] = cost
        candidates[vertex] = DiagnosisModel.Candidate(entity: entity, effect: effect, change: change)
    }

    // MARK: Evidence

    private mutating func addSymptoms() {
        for (index, symptom) in evidence.symptoms.enumerated() {
            let vertex = builder.addVertex()
            for source in layers.sources(ofSymptom: index) { builder.addArc(from: source, to: vertex) }
            symptomVertices.append(vertex)
            charges[vertex] = -symptom.weight
            base += symptom.weight
        }
    }

    private mutating func addHealth() {
        for (index, observation) in evidence.health.enumerated() {
            let vertex = builder.addVertex()
            for source in layers.sources(ofHealth: index) { builder.addArc(from: source, to: vertex) }
            charges[vertex] = observation.weight
        }
    }

    private mutating func addSilences() {
        for silence in evidence.silences {
            let vertex = affected(silence.entity)
            silenceVertices.append(vertex)
            charges[vertex, default: 0] += silence.downstreamWeight
            guard !silence.observers.isEmpty else {
                blindVertices.append(nil)
                continue
            }
            let observed = builder.addVertex()
            for observer in silence.observers { builder.addArc(from: affected(observer), to: observed) }
            let blind = builder.addVertex()
            builder.addGate(threshold: 2, members: [vertex, observed], owner: blind)
            charges[blind] = -silence.downstreamWeight
            blindVertices.append(blind)
        }
    }

    private mutating func affected(_ entity: EntityID) -> Int32 {
        if let vertex = affectedVertices[entity.rawValue] { return vertex }
        let vertex = builder.addVertex()
        builder.addArc(from: numbering.down(entity), to: vertex)
        builder.addArc(from: numbering.degraded(entity), to: vertex)
        affectedVertices[entity.rawValue] = vertex
        return vertex
    }
}
