internal import Graphs
internal import Propagation
internal import Topology

/// The evidence about an incident compiled, with the failure graph, into one ``ExplanationProblem``.
///
/// Each piece of evidence is one more vertex of the network, fed by the states that would explain or contradict it, with
/// its weight as the charge for being true. Faults are vertices too, upstream of the symptoms only, since others never
/// help. A monitored entity that shows nothing passes a failure on only together with an assumption, itself a
/// candidate with a price: Shrink's uncertain dependency (Kandula, Katabi, Vasseur, 2005), exact here. Time enters as
/// ``TimeLayers``.
struct DiagnosisModel {
    /// A way for an entity to fail, as a vertex that may be faulted.
    struct Candidate {
        var entity: EntityID
        var effect: Effect
        /// The change that the fault would follow, as an index into the evidence.
        var change: Int?
    }

    /// The failure graph of what is in scope, without evidence.
    let graph: FailureGraph
    let problem: ExplanationProblem
    /// The same problem where leaving all unexplained that calls people costs more than anything else; nil when nothing
    /// calls them.
    let presumption: ExplanationProblem?
    /// What each candidate vertex stands for.
    ///
    /// Assumptions are candidates of the problem that stand for nothing.
    let candidates: [Int32: Candidate]
    /// The candidate vertices of each entity, in ascending order.
    let candidateVertices: [Int32: [Int32]]
    /// The assumptions that something silent passes failures on.
    let relayAssumptions: [Int32]
    /// What stands in, as a cause, for a vertex of something silent.
    let relays: [Int32: Int32]
    /// What stands in for all that is out of scope and could have a part in a symptom: candidates that stand for nothing.
    let outside: Set<Int32>
    /// What in the core each of these brings down.
    let rim: [Int32: EntityID]
    /// The vertex of each symptom, in the order of the evidence.
    let symptomVertices: [Int32]
    /// The vertex that is true when a silence is contradicted but its observer is affected, where there is an observer.
    let blindVertices: [Int32?]
    /// The (entity, effect) vertex that each relay and each layer's copy stands for.
    let originals: [Int32: Int32]

    /// Compiles evidence over what is in scope; the fault of anything beyond costs `leastFaults` at least, by the number of
    /// its kind.
    ///
    /// - Complexity: O(entities in scope + their needs + evidence), plus the upstream closure of the evidence once for each
    ///   distinct time that separates something, of which there are at most ``TimeLayers/limit``.
    init(topology: Topology, scope: FailureScope, evidence: Evidence, priors: FaultPriors, leastFaults: [Cost]) {
        var compiler = Compiler(topology: topology, scope: scope, evidence: evidence, priors: priors)
        compiler.leastFaults = leastFaults
        compiler.compile()
        graph = compiler.graph
        candidates = compiler.candidates
        relayAssumptions = compiler.relayAssumptions
        relays = compiler.relays
        outside = compiler.outside
        rim = compiler.rim
        symptomVertices = compiler.symptomVertices
        blindVertices = compiler.blindVertices
        originals = compiler.originals
        var vertices: [Int32: [Int32]] = [:]
        for vertex in compiler.candidates.keys.sorted() {
            guard let entity = compiler.candidates[vertex]?.entity.rawValue else { continue }
            vertices[entity, default: []].append(vertex)
        }
        candidateVertices = vertices
        let call = compiler.callVertex
        problem = compiler.problem()
        presumption = call.map(problem.rewarding)
    }

    /// What a vertex stands for: a fault for its entity, a relay or copy for its original.
    func meaning(of vertex: Int32) -> (entity: EntityID, effect: Effect)? {
        if let candidate = candidates[vertex] { return (candidate.entity, candidate.effect) }
        return graph.numbering.meaning(of: originals[vertex] ?? vertex)
    }
}

extension ExplanationProblem {
    /// The same problem where a vertex must be true, if a fault can make it so with one assumption at most: explanations in
    /// which it is cost the same, all others more than the dearest of these.
    fileprivate func rewarding(_ vertex: Int32) -> ExplanationProblem {
        var charge = charge
        let contradictions = charge.reduce(0) { $0 + Swift.max(0, $1) }
        let reward = 1 + base + 2 * (faultCost.max() ?? 0) + contradictions
        charge[Int(vertex)] -= reward
        return ExplanationProblem(network: network, faultCost: faultCost, charge: charge, base: base + reward)
    }
}

private struct Compiler {
    let topology: Topology
    let evidence: Evidence
    let priors: FaultPriors
    let graph: FailureGraph
    var builder = ThresholdNetworkBuilder()
    private var faultCosts = VertexCosts()
    private var charges = VertexCosts()
    var base: Cost = 0
    var candidates: [Int32: DiagnosisModel.Candidate] = [:]
    var symptomVertices: [Int32] = []
    var blindVertices: [Int32?] = []
    var originals: [Int32: Int32] = [:]
    /// True when something that calls people is explained.
    var callVertex: Int32?
    /// By the vertex that each stands in for.
    private(set) var relays: [Int32: Int32] = [:]
    /// Everything that could have a part in a symptom.
    private var upstream: BitSet
    /// By the vertex of an entity's being down, its silence as an index into the evidence, or -1.
    private var silences: [Int]
    /// By the same, whether nothing was heard of the entity's whole kind.
    private var isUnheard: [Bool]
    /// By the same, what is true when the entity is down or degraded, or -1 where nothing asks for that yet.
    private var affectedVertices: [Int32]
    /// What says when symptoms began together.
    private let episodes: Episodes
    /// The assumptions that silent entities pass failures on.
    private(set) var relayAssumptions: [Int32] = []
    /// What the fault of anything beyond costs at least, by the number of its kind, and what stands in for all that.
    var leastFaults: [Cost] = []
    private(set) var outside: Set<Int32> = []
    private(set) var rim: [Int32: EntityID] = [:]
    /// The assumption that what a witness in trouble saw was its own trouble.
    private var doubts: [EntityID: Int32] = [:]

    private var numbering: FailureGraph.Numbering { graph.numbering }

    init(topology: Topology, scope: FailureScope, evidence: Evidence, priors: FaultPriors) {
        self.topology = topology
        self.evidence = evidence
        self.priors = priors
        episodes = Episodes(evidence)
        graph = FailureGraph(
            topology,
            in: scope,
            includesStarvation: evidence.symptoms.contains { $0.effect == .starved }
        )
        upstream = BitSet(capacity: graph.network.nodeCount)
        silences = Array(repeating: -1, count: scope.count)
        isUnheard = Array(repeating: false, count: scope.count)
        affectedVertices = Array(repeating: -1, count: scope.count)
        for (index, silence) in evidence.silences.enumerated() where scope.contains(silence.entity) {
            silences[Int(graph.numbering.down(silence.entity))] = index
        }
        for entity in evidence.unheardKinds.lazy.flatMap(\.entities) where scope.contains(entity) {
            isUnheard[Int(graph.numbering.down(entity))] = true
        }
    }

    mutating func compile() {
        findUpstream()
        addRelays()
        addOutside()
        addFaults()
        var layers = TimeLayers(evidence: evidence, numbering: numbering)
        if layers.areNeeded {
            // Copies are made from the network with its relays and faults; those that are candidates are shared.
            let faultCosts = faultCosts
            layers.copy(from: builder.build(), into: &builder, candidates: candidates) { faultCosts[$0] > 0 }
            originals.merge(layers.originals(relays: originals)) { first, _ in first }
        }
        let late = lateEffects(layers)
        addSymptoms(layers, late)
        addHealth(layers)
        addSilences()
        addUnheardKinds()
        addSignsOfLife()
    }

    consuming func problem() -> ExplanationProblem {
        let network = builder.build()
        let faultCost = faultCosts.values(network.vertexCount).map { $0 > 0 ? $0 : -1 }
        let charge = charges.values(network.vertexCount)
        return ExplanationProblem(network: network, faultCost: faultCost, charge: charge, base: base)
    }

    private mutating func findUpstream() {
        let sources = evidence.symptoms.flatMap { TimeLayers.sources(of: $0, numbering) }
        for node in graph.network.dependencies.closure(of: sources) { upstream.insert(node) }
    }

    // MARK: Relays and faults

    /// What one assumption costs: that a silence passes failures on, once for all that go through at this price.
    private struct RelayPrice: Hashable {
        var silence: Int
        var cost: Cost
    }

    private mutating func addRelays() {
        let outlets = Set(numbering.scope.surroundings?.outlets.map(\.entity) ?? [])
        var next = numbering.vertexCount
        var relayed: [(vertex: Int32, price: RelayPrice)] = []
        for (index, silence) in evidence.silences.enumerated()
        where silence.relayWeight > 0 && numbering.scope.contains(silence.entity) {
            // Being down in silence has its own price already, which is not charged twice.
            let down = numbering.down(silence.entity)
            let alreadyPaid =
                isUnheard[Int(down)] ? silence.relayWeight : silence.downWeight - silence.downstreamWeight
            for (vertex, paid) in [
                (down, alreadyPaid), (numbering.degraded(silence.entity), 0),
            ]
            where isSuspect(vertex)
                && (outlets.contains(silence.entity) || !graph.network.dependents[vertex].isEmpty)
                && paid < silence.relayWeight
            {
                relays[vertex] = next
                originals[next] = vertex
                relayed.append((vertex, RelayPrice(silence: index, cost: silence.relayWeight - paid)))
                next += 1
            }
        }
        builder = FailureGraph.builder(topology, numbering, relays: relays)
        var assumptions: [RelayPrice: Int32] = [:]
        for (vertex, price) in relayed {
            guard let relay = relays[vertex] else { continue }
            let assumption = assumptions[price] ?? builder.addVertex()
            assumptions[price] = assumption
            faultCosts[assumption] = price.cost
            builder.addGate(threshold: 2, members: [vertex, assumption], owner: relay)
        }
        relayAssumptions = assumptions.values.sorted()
    }

    /// Whether a vertex could have a part in a symptom, by whichever ways.
    private func isSuspect(_ vertex: Int32) -> Bool {
        if upstream.contains(vertex) { return true }
        guard numbering.scope.surroundings != nil, let (entity, effect) = numbering.meaning(of: vertex) else {
            return false
        }
        return numbering.scope.isSuspect(entity, effect)
    }

    /// Adds a vertex for each part of what lies beyond the core.
    ///
    /// It is faulted at the price of the cheapest fault there, or brought down by what of the core others there lean on. From
    /// there each suspect at the rim may be brought down, or may not.
    /// Whatever really comes to pass beyond costs as much at least, so that this only lowers costs.
    private mutating func addOutside() {
        guard let surroundings = numbering.scope.surroundings else { return }
        func suspected(_ entity: EntityID) -> [Int32] {
            [Effect.down, .degraded].filter { numbering.scope.isSuspect(entity, $0) }
                .compactMap { numbering.vertex(entity, $0) }
        }
        var parts: [Int: Int32] = [:]
        for number in Set(surroundings.rim.flatMap(\.parts)).sorted() {
            let part = builder.addVertex()
            parts[number] = part
            let least = surroundings.partKinds[number].map { leastFaults[Int($0)] }.min() ?? 1
            faultCosts[part] = Swift.max(1, least)
            outside.insert(part)
            // What leans on much may share with any other what brings it down.
            if number > 0, let wide = parts[0] { builder.addArc(from: part, to: wide) }
        }
        for outlet in surroundings.outlets {
            for vertex in suspected(outlet.entity) {
                for part in outlet.parts.compactMap({ parts[$0] }) {
                    builder.addArc(from: relays[vertex] ?? vertex, to: part)
                }
            }
        }
        for border in surroundings.rim {
            for vertex in suspected(border.entity) where upstream.contains(vertex) {
                let choice = builder.addVertex()
                faultCosts[choice] = 1
                outside.insert(choice)
                rim[choice] = border.entity
                for part in border.parts.compactMap({ parts[$0] }) {
                    builder.addGate(threshold: 2, members: [part, choice], owner: vertex)
                }
            }
        }
    }

    private mutating func addFaults() {
        let costOfKind = topology.kinds.map { Swift.max(1, priors.cost(of: $0)) }
        for vertex in upstream.members {
            guard let (entity, effect) = numbering.meaning(of: vertex), effect == .down || effect == .degraded else {
                continue
            }
            let cost = costOfKind[Int(topology.kindIndices[entity.index])] + priors.surcharge(of: entity)
            addFault(entity, effect, of: vertex, cost: cost, change: nil)
        }
        for (index, change) in evidence.changes.enumerated() {
            for effect in [Effect.degraded, .down] {
                guard let vertex = numbering.vertex(change.entity, effect), upstream.contains(vertex) else { continue }
                addFault(change.entity, effect, of: vertex, cost: Swift.max(1, change.cost), change: index)
            }
        }
    }

    /// Makes (entity, effect) faultable by a vertex of its own: a fault is seen by its entity, and passes on to others,
    /// whether or not its entity shows it.
    private mutating func addFault(_ entity: EntityID, _ effect: Effect, of target: Int32, cost: Cost, change: Int?) {
        let vertex = builder.addVertex()
        builder.addArc(from: vertex, to: target)
        if let relay = relays[target] { builder.addArc(from: vertex, to: relay) }
        candidates[vertex] = DiagnosisModel.Candidate(entity: entity, effect: effect, change: change)
        // Of two modes that explain the same, the weaker is taken: the heavier costs a micro-nat more.
        faultCosts[vertex] = cost + (effect == .down ? 1 : 0)
        let index = silences[Int(numbering.down(entity))]
        guard index >= 0 else { return }
        let silence = evidence.silences[index]
        let downstream = effect == .down ? silence.downWeight : silence.downstreamWeight
        let own = Swift.max(0, silence.ownWeight - downstream)
        faultCosts[vertex] += own
        guard own > 0, let observed = observed(silence) else { return }
        // Its own silence proves nothing either where the observer is affected.
        let blind = builder.addVertex()
        builder.addGate(threshold: 2, members: [vertex, observed], owner: blind)
        charges[blind] = -own
    }

    // MARK: Evidence

    /// What explains the symptoms outside the main episode for nothing; nil when there are none.
    private mutating func lateEffects(_ layers: TimeLayers) -> LateEffects? {
        guard episodes.prices.count > 1 else { return nil }
        func sources(_ belongs: (Int) -> Bool) -> [Int32] {
            Set(
                evidence.symptoms.indices.filter { belongs(episodes.ofSymptom[$0]) }.flatMap(layers.sources(ofSymptom:))
            ).sorted()
        }
        let late = LateEffects(
            copying: builder.build(),
            into: &builder,
            candidates: candidates.keys,
            unknown: outside,
            isAssumption: { faultCosts[$0] > 0 && candidates[$0] == nil && !outside.contains($0) },
            main: sources { $0 == 0 },
            others: sources { $0 != 0 }
        )
        for (vertex, copy) in late.copies { originals[copy] = originals[vertex] ?? vertex }
        return late
    }

    private mutating func addSymptoms(_ layers: TimeLayers, _ late: LateEffects?) {
        let delays = episodes.prices.map { price in
            guard price > 0 else { return Int32?.none }
            let delay = builder.addVertex()
            faultCosts[delay] = price
            return delay
        }
        var lateLoss: [Int32] = []
        if delays.contains(where: { $0 != nil }), evidence.lateLoss > 0 {
            let vertex = builder.addVertex()
            faultCosts[vertex] = evidence.lateLoss
            lateLoss = [vertex]
        }
        for (index, symptom) in evidence.symptoms.enumerated() {
            let vertex = builder.addVertex()
            let sources = layers.sources(ofSymptom: index)
            if let delay = delays[episodes.ofSymptom[index]], !sources.isEmpty {
                for source in sources.compactMap({ late?[$0] }) { builder.addArc(from: source, to: vertex) }
                let atAnyTime = builder.addVertex()
                for source in sources { builder.addArc(from: source, to: atAnyTime) }
                let prices = [delay] + (symptom.effect == .down ? lateLoss : [])
                builder.addGate(threshold: Int32(prices.count) + 1, members: [atAnyTime] + prices, owner: vertex)
                originals[atAnyTime] = originals[sources[0]] ?? sources[0]
            } else {
                for source in sources { builder.addArc(from: source, to: vertex) }
            }
            addWitness(of: symptom, layers.witnessSources(ofSymptom: index), to: vertex)
            symptomVertices.append(vertex)
            charges[vertex] = -symptom.weight
            base += symptom.weight
        }
        guard !evidence.calls.isEmpty else { return }
        let call = builder.addVertex()
        for index in evidence.calls.sorted() { builder.addArc(from: symptomVertices[index], to: call) }
        callVertex = call
    }

    /// A witness that is in trouble itself may see trouble everywhere: together with the assumption that it does, bought
    /// once for all that it saw, its state explains the symptom.
    private mutating func addWitness(of symptom: Symptom, _ sources: [Int32], to vertex: Int32) {
        guard let witness = symptom.witness, !sources.isEmpty else { return }
        guard symptom.witnessDoubt > 0 else {
            for source in sources { builder.addArc(from: source, to: vertex) }
            return
        }
        let doubt = doubts[witness] ?? builder.addVertex()
        doubts[witness] = doubt
        faultCosts[doubt] = symptom.witnessDoubt
        let affected = builder.addVertex()
        for source in sources { builder.addArc(from: source, to: affected) }
        builder.addGate(threshold: 2, members: [affected, doubt], owner: vertex)
    }

    private mutating func addHealth(_ layers: TimeLayers) {
        for (index, observation) in evidence.health.enumerated() {
            let vertex = builder.addVertex()
            for source in layers.sources(ofHealth: index) { builder.addArc(from: source, to: vertex) }
            charges[vertex] = observation.weight
        }
    }

    private mutating func addSilences() {
        for silence in evidence.silences {
            guard numbering.scope.contains(silence.entity) else {
                // Nothing in this incident could end its silence.
                blindVertices.append(nil)
                continue
            }
            blindVertices.append(contradict(affected(silence.entity), silence, weight: silence.downstreamWeight))
            let more = silence.downWeight - silence.downstreamWeight
            _ = contradict(numbering.down(silence.entity), silence, weight: more)
        }
    }

    /// The more kinds nothing is heard of, the likelier it is that little is watched, so each costs less than the one before.
    private mutating func addUnheardKinds() {
        var kinds: [Int32] = []
        for kind in evidence.unheardKinds {
            let members = kind.entities.filter(numbering.scope.contains)
            guard !members.isEmpty else { continue }
            let vertex = builder.addVertex()
            for entity in members { builder.addArc(from: numbering.down(entity), to: vertex) }
            if let weight = kind.weight { charges[vertex] = weight } else { kinds.append(vertex) }
        }
        for (index, price) in evidence.unheardKindPrices.prefix(kinds.count).enumerated() where price > 0 {
            let vertex = builder.addVertex()
            builder.addGate(threshold: Int32(index + 1), members: kinds, owner: vertex)
            charges[vertex] = price
        }
    }

    /// Several signs on one entity are no more than the best of them: they come from one place.
    private mutating func addSignsOfLife() {
        var weights: [EntityID: Cost] = [:]
        for symptom in evidence.symptoms where symptom.lifeWeight > 0 {
            weights[symptom.entity] = Swift.max(symptom.lifeWeight, weights[symptom.entity] ?? 0)
        }
        for (entity, weight) in weights { charges[numbering.down(entity)] += weight }
    }

    /// Charges a weight for the state of a silent entity, but where its observer is affected.
    ///
    /// - Returns: The vertex that is true where the charge is taken back; nil where no observer can be affected.
    private mutating func contradict(_ vertex: Int32, _ silence: Silence, weight: Cost) -> Int32? {
        guard weight > 0 else { return nil }
        charges[vertex] += weight
        guard let observed = observed(silence) else { return nil }
        let blind = builder.addVertex()
        builder.addGate(threshold: 2, members: [vertex, observed], owner: blind)
        charges[blind] = -weight
        return blind
    }

    /// Whether any of the observers is affected; nil when none can be.
    private mutating func observed(_ silence: Silence) -> Int32? {
        guard !silence.observers.isEmpty else { return nil }
        let observers = silence.observers.filter(numbering.scope.contains)
        guard observers.count > 1 else { return observers.first.map { affected($0) } }
        let vertex = builder.addVertex()
        for observer in observers { builder.addArc(from: affected(observer), to: vertex) }
        return vertex
    }

    private mutating func affected(_ entity: EntityID) -> Int32 {
        let down = numbering.down(entity)
        let known = affectedVertices[Int(down)]
        if known >= 0 { return known }
        let vertex = builder.addVertex()
        builder.addArc(from: down, to: vertex)
        builder.addArc(from: numbering.degraded(entity), to: vertex)
        affectedVertices[Int(down)] = vertex
        return vertex
    }
}

/// Costs by vertex, 0 where none was set, while there are more and more vertices.
private struct VertexCosts {
    private var values: [Cost] = []

    subscript(vertex: Int32) -> Cost {
        get { Int(vertex) < values.count ? values[Int(vertex)] : 0 }
        set {
            if Int(vertex) >= values.count {
                values.append(contentsOf: repeatElement(0, count: Int(vertex) + 1 - values.count))
            }
            values[Int(vertex)] = newValue
        }
    }

    /// The costs of all vertices.
    consuming func values(_ count: Int) -> [Cost] {
        values.append(contentsOf: repeatElement(0, count: count - values.count))
        return values
    }
}
