/// Makes explanations better by local search: takes away a root, and explains what is lost by the cheapest ways that are left.
struct ExplanationRepair {
    private let graph: FactorGraph
    private let budget: SearchBudget
    private var run: FactorGraphRun
    /// What it costs at least, and roughly, to make each node true besides what is true.
    private var price: [Int64]
    /// How many members of each gate have a price, and the sum of the prices.
    private var priced: [Int32]
    private var sum: [Int64]
    private var isTrue: [Bool]
    private var queue = CheapestFirst()

    /// So many of the dearest roots are taken away by turns, so often.
    private static let rootLimit = 64
    private static let passLimit = 2

    init(_ graph: FactorGraph, budget: SearchBudget) {
        self.graph = graph
        self.budget = budget
        run = FactorGraphRun(graph)
        price = [Int64](repeating: 0, count: graph.count)
        priced = [Int32](repeating: 0, count: graph.count)
        sum = price
        isTrue = [Bool](repeating: false, count: graph.count)
    }

    /// The best explanation that is found from any of these.
    ///
    /// - Complexity: O(roots × edges) for each improvement.
    mutating func improved(_ starts: [[Int]]) -> (roots: [Int], cost: Int64)? {
        let first = starts.map { graph.pruned(completed($0), with: &run, budget: budget) }
        guard var best = first.min(by: { $0.cost < $1.cost }) else { return nil }
        for _ in 0..<Self.passLimit {
            let before = best.cost
            let order = best.roots.sorted { (graph.cost[$1], $0) < (graph.cost[$0], $1) }.prefix(Self.rootLimit)
            for root in order where best.roots.contains(root) && !budget.isExhausted {
                let others = best.roots.filter { $0 != root }
                let trial = graph.pruned(completed(others, without: root), with: &run, budget: budget)
                if trial.cost < best.cost { best = trial }
            }
            if best.cost == before { break }
        }
        return best
    }

    /// Adds roots by which what is not explained is explained for less than it is worth.
    private mutating func completed(_ roots: [Int], without excluded: Int = -1) -> [Int] {
        var roots = roots
        setTrue(roots)
        setPrices(without: excluded)
        var chosen = Set(roots)
        var wanted: [(node: Int, gain: Int64)] = []
        for node in 0..<graph.count where !isTrue[node] {
            let charge = graph.charge(of: node)
            if charge < 0, price[node] < -charge { wanted.append((node, -charge - price[node])) }
        }
        wanted.sort { ($1.gain, $0.node) < ($0.gain, $1.node) }
        for (node, _) in wanted where !budget.isExhausted {
            let new = reasons(of: node).filter { !chosen.contains($0) }
            let cost = new.reduce(0) { $0 + graph.cost[$1] }
            guard cost < -graph.charge(of: node) else { continue }
            roots += new
            chosen.formUnion(new)
        }
        return roots
    }

    private mutating func setTrue(_ roots: [Int]) {
        for node in 0..<graph.count { (isTrue[node], priced[node]) = (false, 0) }
        var reached: [Int] = []
        for root in roots where !isTrue[root] {
            isTrue[root] = true
            reached.append(root)
        }
        while let node = reached.popLast() {
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                priced[sink] += 1
                if priced[sink] >= graph.threshold[sink], !isTrue[sink] {
                    isTrue[sink] = true
                    reached.append(sink)
                }
            }
        }
    }

    /// Knuth, "A generalization of Dijkstra's algorithm" (1977), with gates as sums, which count twice what two members share.
    private mutating func setPrices(without excluded: Int) {
        for node in 0..<graph.count {
            price[node] = FactorGraph.infinity
            (priced[node], sum[node]) = (0, 0)
        }
        var most: Int64 = 0
        for node in 0..<graph.count where !isTrue[node] { most = max(most, -graph.charge(of: node)) }
        func offer(_ node: Int, _ price: Int64) {
            let whole = price + max(0, graph.charge(of: node))
            if whole < most { queue.insert(node, whole) }
        }
        for node in 0..<graph.count {
            if isTrue[node] {
                queue.insert(node, 0)
            } else if node != excluded {
                offer(node, graph.cost[node])
            }
        }
        var visits = 0
        while let (node, cheapest) = queue.popFirst() {
            guard cheapest < price[node] else { continue }
            price[node] = cheapest
            guard !graph.isRedundant[node] else { continue }
            visits += graph.sinkPlaces(node).count
            for place in graph.sinkPlaces(node) {
                let sink = Int(graph.sink[place])
                guard price[sink] == FactorGraph.infinity, !isTrue[sink] else { continue }
                priced[sink] += 1
                sum[sink] += cheapest
                if graph.threshold[sink] == 1 {
                    offer(sink, cheapest)
                } else if priced[sink] == need(sink) {
                    offer(sink, sum[sink])
                }
            }
        }
        budget.spend(visits / 2)
    }

    /// How many members, without those that only say what follows anyway.
    private func need(_ gate: Int) -> Int32 {
        var need = graph.threshold[gate]
        for edge in graph.sourceEdges(gate) where graph.isRedundant[Int(graph.source[edge])] { need -= 1 }
        return max(1, need)
    }

    /// The roots that make a node true for its price.
    private func reasons(of node: Int) -> [Int] {
        var seen: Set<Int> = [node]
        var stack = [node]
        var roots: [Int] = []
        while let node = stack.popLast() {
            guard !isTrue[node] else { continue }
            let own = graph.cost[node] < FactorGraph.infinity ? graph.cost[node] + max(0, graph.charge(of: node)) : .max
            if own == price[node] {
                roots.append(node)
                continue
            }
            let sources = graph.sourceEdges(node).map { Int(graph.source[$0]) }
                .filter { price[$0] < FactorGraph.infinity && !graph.isRedundant[$0] }
                .sorted { (price[$0], $0) < (price[$1], $1) }
            for source in sources.prefix(Int(need(node))) where seen.insert(source).inserted { stack.append(source) }
        }
        return roots
    }
}

/// Nodes by their price: a binary heap.
private struct CheapestFirst {
    private var heap: [(node: Int, price: Int64)] = []

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        (heap[one].price, heap[one].node) < (heap[other].price, heap[other].node)
    }

    mutating func insert(_ node: Int, _ price: Int64) {
        heap.append((node, price))
        var place = heap.count - 1
        while place > 0, precedes(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func popFirst() -> (node: Int, price: Int64)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != place else { return first }
            heap.swapAt(place, least)
            place = least
        }
    }
}
