import Graphs

extension SolverSession {
    /// How often the gain that is asked for is halved: from the most that anything could gain down to next to nothing.
    private static let passes = 24

    /// Builds an explanation from what each cause brings about beside those taken before, the most gainful first.
    ///
    /// What gains at least so much is taken, then what gains half as much, and so on: never less than half of what the best
    /// choice would have gained at each step (Badanidiyuru and Vondrák, "Fast algorithms for maximizing submodular functions", 2014).
    /// An assumption is looked at once what it lets through is true.
    ///
    /// - Complexity: O(candidates × what they reach), within some sweeps' worth.
    mutating func considerGreedy() {
        let network = problem.network
        let candidates = region.members.filter { !network.isGate($0) && region.isCandidate($0) }
        var places = [Int32](repeating: -1, count: network.vertexCount)
        for (place, vertex) in candidates.enumerated() { places[Int(vertex)] = Int32(place) }
        // However little the budget is, there has to be an explanation.
        let room = SearchBudget(limit: 20_000_000 + 30 * graph.edgeCount, within: budget)
        run.run(from: requiring)
        var gains = candidates.map { region.mostExplained(by: $0) - problem.faultCost[Int($0)] }
        var roots: [Int32] = []
        var goal = gains.max() ?? 0
        for _ in 0..<Self.passes where goal > 0 {
            for place in candidates.indices where gains[place] >= goal && !room.isExhausted {
                let (gain, before) = extend(by: candidates[place], room)
                guard gain >= goal else {
                    gains[place] = gain
                    run.retract(to: before)
                    continue
                }
                gains[place] = .min
                roots.append(candidates[place])
                for member in missingMembers(beside: run.reached[before...]) where places[Int(member)] >= 0 {
                    gains[Int(places[Int(member)])] =
                        region.mostExplained(by: member) - problem.faultCost[Int(member)]
                }
            }
            goal /= 2
        }
        budget.spend(room.spent)
        consider(roots)
    }

    /// Extends the run, and tells what that saves, and how many nodes were true before.
    private mutating func extend(by vertex: Int32, _ room: SearchBudget) -> (gain: Int64, before: Int) {
        let before = run.extend(by: vertex)
        room.spend(2 * (run.reached.count - before))
        return (run.reached[before...].reduce(-problem.faultCost[Int(vertex)]) { $0 - charge(of: $1) }, before)
    }

    private func charge(of node: Int32) -> Int64 {
        Int(node) < problem.charge.count ? problem.charge[Int(node)] : 0
    }

    /// The last members that gates lack of which some node is another.
    private func missingMembers(beside nodes: ArraySlice<Int32>) -> [Int32] {
        let network = problem.network
        var missing: [Int32] = []
        for node in nodes {
            for gate in network.dependents[node] where network.isGate(gate) && !run.isReached(gate) {
                let members = network.dependencies[gate]
                guard members.count == Int(network.threshold(of: gate)) else { continue }
                let lacking = members.filter { !run.isReached($0) }
                if lacking.count == 1 { missing.append(lacking[0]) }
            }
        }
        return missing
    }
}
