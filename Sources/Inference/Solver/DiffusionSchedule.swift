/// How finely to diffuse, and when to stop.
///
/// A node is looked at again only if a share next to it has changed by more than the *tolerance*. A coarse tolerance
/// raises the bound nearly as fast as a fine one and visits far fewer nodes, so each schedule begins with about a
/// hundredth of what a fault costs, and goes finer where the bound no longer rises fast enough.
struct DiffusionSchedule {
    /// How many nodes have been updated.
    private(set) var updates = 0

    private let diffusion: MomentumDiffusion
    private var tolerance: Int64
    private let finest: Int64
    private let patience: Double
    private var windowUpdates = 0
    private var windowBound: Int64
    private var windowPasses = 0

    private static let window = 4
    private static let coarsePatience = 16.0

    /// A schedule for `graph` that goes on while the gap would close within about `patience` full sweeps.
    ///
    /// - Complexity: O(nodes).
    init(_ graph: FactorGraph, unit: Int64, patience: Double) {
        diffusion = MomentumDiffusion(graph)
        tolerance = max(unit >> 4, graph.typicalCost / 128)
        finest = unit >> 4
        self.patience = patience
        windowBound = graph.bound
    }

    /// Sweeps once over the dirty nodes, and tells whether to go on; `gap` is what the bound still lacks.
    ///
    /// - Complexity: O(nodes + edges of the factors of dirty nodes).
    mutating func sweep(_ graph: FactorGraph, gap: Int64, budget: SearchBudget) -> Bool {
        let count = diffusion.sweep(ignoring: tolerance, budget: budget)
        updates += count
        windowUpdates += count
        windowPasses += 1
        if budget.isExhausted { return false }
        if count == 0 { return refine(graph) }
        guard windowPasses == Self.window else { return true }
        let gain = graph.bound - windowBound
        let needed = gain > 0 ? Double(gap) / Double(gain) * Double(windowUpdates) : .infinity
        let enough = tolerance > finest ? Self.coarsePatience : patience
        if needed > enough * Double(graph.count) { return refine(graph) }
        startWindow(graph)
        return true
    }

    private mutating func refine(_ graph: FactorGraph) -> Bool {
        guard tolerance > finest else { return false }
        tolerance = max(finest, tolerance / 8)
        graph.isDirty.update(repeating: true, count: graph.count)
        startWindow(graph)
        return true
    }

    private mutating func startWindow(_ graph: FactorGraph) {
        windowBound = graph.bound
        windowUpdates = 0
        windowPasses = 0
    }
}
