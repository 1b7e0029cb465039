import Graphs

/// A cause, and the evidence that it could explain if every assumption held.
private struct Proposal {
    var cause: Int32
    var explained: [Int32]
}

extension SolverSession {
    /// Causes beyond this many are not tried.
    private static let causeLimit = 512

    /// Builds an explanation greedily: the cause first that could explain the most, with the assumptions that this takes.
    ///
    /// Where much is silent, reading one off the bound takes long: an assumption brings nothing about by itself, so that
    /// the bound sees little use in each. Here all are free until a cause is chosen; then those are kept that lie on a
    /// way to evidence worth more than they cost.
    ///
    /// - Complexity: O((causes tried + causes and assumptions chosen) × what they reach), within some sweeps' worth.
    mutating func propose() {
        let vertices = region.members.filter { !problem.network.isGate($0) && region.isCandidate($0) }
        let assumptions = vertices.filter(isAssumption)
        guard !assumptions.isEmpty else { return }
        let causes = vertices.filter { !isAssumption($0) }
            .map { (vertex: $0, worth: region.mostExplained(by: $0) - problem.faultCost[Int($0)]) }
            .sorted { ($1.worth, $0.vertex) < ($0.worth, $1.vertex) }
        let room = SearchBudget(limit: 20_000_000 + 30 * graph.edgeCount, within: budget)
        var proposals: [Proposal] = []
        run.run(from: assumptions)
        room.spend(assumptions.count)
        for (cause, _) in causes.prefix(Self.causeLimit) where !room.isExhausted {
            let before = run.extend(by: cause)
            room.spend(2 * (run.reached.count - before))
            proposals.append(Proposal(cause: cause, explained: run.reached[before...].filter { worth($0) > 0 }))
            run.retract(to: before)
        }
        let roots = choose(among: proposals, room)
        if !roots.isEmpty { consider(withoutRedundant(roots, room)) }
    }

    /// Whether a candidate needs others to bring anything about.
    private func isAssumption(_ vertex: Int32) -> Bool {
        let network = problem.network
        return worth(vertex) == 0 && !network.dependents[vertex].isEmpty
            && network.dependents[vertex].allSatisfy { network.isGate($0) && network.threshold(of: $0) > 1 }
    }

    /// What explaining a node saves.
    private func worth(_ node: Int32) -> Int64 {
        Int(node) < problem.charge.count ? max(0, -problem.charge[Int(node)]) : 0
    }

    /// The last run is from all assumptions.
    private mutating func choose(among proposals: [Proposal], _ budget: SearchBudget) -> [Int32] {
        var proposals = proposals
        var chosen: Set<Int32> = []
        var explained: Set<Int32> = []
        while !budget.isExhausted {
            var best: (index: Int, worth: Int64)?
            for (index, proposal) in proposals.enumerated() {
                let worth = proposal.explained.reduce(-problem.faultCost[Int(proposal.cause)]) {
                    explained.contains($1) ? $0 : $0 + self.worth($1)
                }
                budget.spend(proposal.explained.count)
                if worth > best?.worth ?? 0 { best = (index, worth) }
            }
            guard let best else { break }
            let proposal = proposals.remove(at: best.index)
            let before = run.extend(by: proposal.cause)
            budget.spend(2 * (run.reached.count - before))
            defer { run.retract(to: before) }
            var taken: Set<Int32> = [proposal.cause]
            var gain = -problem.faultCost[Int(proposal.cause)]
            var reached: [Int32] = []
            var derived: Set<Int32> = []
            for node in proposal.explained where !explained.contains(node) && !budget.isExhausted {
                let way = ways(to: node, beyond: derived)
                budget.spend(way.count)
                let needed = way.filter { run.isRoot($0) && !chosen.contains($0) && !taken.contains($0) }
                let price = needed.reduce(0) { $0 + problem.faultCost[Int($1)] }
                guard price < worth(node) else { continue }
                gain += worth(node) - price
                taken.formUnion(needed)
                derived.formUnion(way)
                reached.append(node)
            }
            guard gain > 0 else { continue }
            chosen.formUnion(taken)
            explained.formUnion(reached)
        }
        return chosen.sorted()
    }

    /// The nodes by which the last run derives a node, itself included, as far as they are not derived already.
    private func ways(to node: Int32, beyond derived: Set<Int32>) -> Set<Int32> {
        guard !derived.contains(node) else { return [] }
        var seen: Set<Int32> = [node]
        var stack = [node]
        while let next = stack.popLast() {
            for cause in run.causes(of: next) where !derived.contains(cause) && seen.insert(cause).inserted {
                stack.append(cause)
            }
        }
        return seen
    }

    private mutating func withoutRedundant(_ roots: [Int32], _ budget: SearchBudget) -> [Int32] {
        var roots = roots
        var cost = problem.cost(of: requiring + roots, with: &run)
        for root in roots where !budget.isExhausted {
            let fewer = roots.filter { $0 != root }
            let less = problem.cost(of: requiring + fewer, with: &run)
            budget.spend(run.reached.count)
            if less <= cost { (roots, cost) = (fewer, less) }
        }
        return roots
    }
}
