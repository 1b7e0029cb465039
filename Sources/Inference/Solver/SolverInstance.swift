import Graphs

/// An explanation problem read from the flat binary layout that benchmarks exchange, and the product's own solver for it.
///
/// The layout is little-endian 32-bit integers: a magic number, the numbers of entities n, gates g and members m; the
/// owner and then the threshold of each gate; g + 1 offsets and m members; and for each entity what its failing costs
/// (-1: cannot fail by itself), what leaving its alert unexplained costs (0: no alert), and what a failure without an
/// alert costs (0: nobody watches).
public struct SolverInstance: Sendable {
    private let solver: ExplanationSolver

    /// Reads an instance; nothing when `words` is not one.
    ///
    /// - Complexity: O(words).
    public init?(words: [Int32]) {
        guard words.count >= 4, words[0] == 0x4252_4932, words[1...3].allSatisfy({ $0 >= 0 }) else { return nil }
        let (entities, gates, members) = (Int(words[1]), Int(words[2]), Int(words[3]))
        guard words.count >= 4 + 2 * gates + gates + 1 + members + 3 * entities else { return nil }
        var place = 4
        func take(_ count: Int) -> ArraySlice<Int32> {
            defer { place += count }
            return words[place..<place + count]
        }
        let owners = Array(take(gates))
        let thresholds = Array(take(gates))
        let offsets = Array(take(gates + 1))
        let all = Array(take(members))
        let faults = Array(take(entities))
        let misses = Array(take(entities))
        let denials = Array(take(entities))
        let range = 0..<Int32(entities)
        guard owners.allSatisfy(range.contains), all.allSatisfy(range.contains), thresholds.allSatisfy({ $0 >= 1 }),
            offsets.first == 0, Int(offsets[gates]) == members,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }),
            !faults.contains(0)
        else { return nil }
        var builder = ThresholdNetworkBuilder(vertexCount: entities)
        for gate in 0..<gates {
            let own = all[Int(offsets[gate])..<Int(offsets[gate + 1])]
            builder.addGate(threshold: thresholds[gate], members: own, owner: owners[gate])
        }
        let base = misses.reduce(into: Int64(0)) { $0 += Int64($1) }
        solver = ExplanationSolver(
            ExplanationProblem(
                network: builder.build(),
                faultCost: faults.map(Int64.init),
                charge: zip(misses, denials).map { Int64($1) - Int64($0) },
                base: base
            )
        )
    }

    /// Solves the instance, asking `shouldStop` now and then, and says the result in one line: the cost in the file's
    /// unit, whether it is proven, the bound, and the roots.
    ///
    /// - Complexity: as ``ExplanationSolver/solve(without:requiring:budget:shouldStop:)``.
    public func solve(shouldStop: @escaping () -> Bool) -> String {
        let result = solver.solve(budget: .max, shouldStop: shouldStop)
        let roots = result.best.roots.map { " \($0)" }.joined()
        let status = result.isProven ? "proven" : "bounded"
        return "OPT \(result.best.cost) \(status) bound \(result.lowerBound) roots\(roots)"
    }
}
