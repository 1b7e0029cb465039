/// The smallest values of a factor with one of its variables held false and held true.
struct Marginals {
    var whenFalse: Int64
    var whenTrue: Int64

    /// What holding the variable true adds; negative where true is cheaper.
    @inline(__always)
    var difference: Int64 { whenTrue - whenFalse }
}

extension FactorGraph {
    /// The marginals of the factor of `node` with respect to `node` itself.
    @inline(__always)
    func headMarginals(_ node: Int) -> Marginals {
        guard threshold[node] == 1 else { return gateMarginals(node, holding: -1) }
        let best = min(cost[node], cheapestSupport(node, except: -1))
        return Marginals(whenFalse: 0, whenTrue: best >= Self.infinity ? Self.infinity : head[node] + best)
    }

    /// The marginals of the factor of `node` with respect to the source of `edge`, which enters `node`.
    @inline(__always)
    func tailMarginals(_ node: Int, _ edge: Int) -> Marginals {
        guard threshold[node] == 1 else { return gateMarginals(node, holding: edge) }
        var negative: Int64 = 0
        var smallest = Self.infinity
        for other in sourceEdges(node) where other != edge {
            let share = tail[other]
            negative += min(0, share)
            smallest = min(smallest, share)
        }
        let best = min(cost[node], smallest < 0 ? negative : smallest)
        return Marginals(
            whenFalse: best >= Self.infinity ? 0 : min(0, head[node] + best),
            whenTrue: head[node] + tail[edge] + negative
        )
    }

    /// What it costs at least that some source of `node` other than that of `edge` is true.
    @inline(__always)
    private func cheapestSupport(_ node: Int, except edge: Int) -> Int64 {
        var negative: Int64 = 0
        var smallest = Self.infinity
        for other in sourceEdges(node) where other != edge {
            let share = tail[other]
            negative += min(0, share)
            smallest = min(smallest, share)
        }
        return smallest < 0 ? negative : smallest
    }

    /// The marginals of a gate's factor: with respect to the gate when `edge` is -1, else to that edge's source.
    private func gateMarginals(_ node: Int, holding edge: Int) -> Marginals {
        var size = 0
        for other in sourceEdges(node) where other != edge {
            members[size] = tail[other]
            size += 1
        }
        sortMembers(size)
        let need = Int(threshold[node])
        if edge < 0 {
            return Marginals(
                whenFalse: sumOfFewer(than: need, of: size),
                whenTrue: sumOfAtLeast(need, of: size, plus: head[node])
            )
        }
        let less = sumOfFewer(than: need - 1, of: size)
        let more = sumOfAtLeast(need - 1, of: size, plus: head[node])
        return Marginals(
            whenFalse: min(sumOfFewer(than: need, of: size), sumOfAtLeast(need, of: size, plus: head[node])),
            whenTrue: min(less, more) + tail[edge]
        )
    }

    /// Sorts the first members: by insertion as long as they are few, as they are nearly always.
    @inline(__always)
    private func sortMembers(_ size: Int) {
        if size > Self.fewMembers {
            var all = UnsafeMutableBufferPointer(start: members, count: size)
            return all.sort()
        }
        for index in 0..<size {
            let share = members[index]
            var place = index
            while place > 0 && members[place - 1] > share {
                members[place] = members[place - 1]
                place -= 1
            }
            members[place] = share
        }
    }

    private static let fewMembers = 24

    /// The cheapest choice of fewer than `need` of the sorted members; needs at least one to be possible.
    @inline(__always)
    private func sumOfFewer(than need: Int, of size: Int) -> Int64 {
        guard need >= 1 else { return Self.infinity }
        var sum: Int64 = 0
        var index = 0
        while index < min(need - 1, size) && members[index] < 0 {
            sum += members[index]
            index += 1
        }
        return sum
    }

    /// The cheapest choice of at least `need` of the sorted members, plus `head`.
    @inline(__always)
    private func sumOfAtLeast(_ need: Int, of size: Int, plus head: Int64) -> Int64 {
        guard need <= size else { return Self.infinity }
        var sum = head
        var index = 0
        while index < size && (index < need || members[index] < 0) {
            sum += members[index]
            index += 1
        }
        return sum
    }

    /// Recomputes the smallest value of every factor.
    ///
    /// - Complexity: O(edges).
    func refreshMinima() {
        minimumSum = 0
        for node in 0..<count {
            let marginals = headMarginals(node)
            minimum[node] = min(marginals.whenFalse, marginals.whenTrue)
            minimumSum += minimum[node]
        }
    }

    /// Recomputes the smallest value of one factor after a change to it.
    @inline(__always)
    func refreshMinimum(_ node: Int) {
        let marginals = headMarginals(node)
        setMinimum(node, min(marginals.whenFalse, marginals.whenTrue))
    }

    @inline(__always)
    private func setMinimum(_ node: Int, _ value: Int64) {
        minimumSum += value - minimum[node]
        minimum[node] = value
    }

    /// Averages what the factors of `node` say about it: one step of min-sum diffusion.
    ///
    /// The bound never falls. It is Kovalevsky and Koval's diffusion as in Werner, "A linear programming approach to
    /// max-sum problem: a review" (2007), with whole numbers: the remainder of the division stays in the node's own
    /// factor.
    ///
    /// - Complexity: O(edges of the factors of `node`).
    func update(_ node: Int, ignoring tolerance: Int64) {
        let own = headMarginals(node)
        let start = Int(sinkStart[node])
        let sinks = Int(sinkStart[node + 1]) - start
        var total = own.difference
        for index in 0..<sinks {
            let marginals = tailMarginals(Int(sink[start + index]), Int(sinkEdge[start + index]))
            whenFalse[index] = marginals.whenFalse
            whenTrue[index] = marginals.whenTrue
            total += marginals.difference
        }
        guard abs(total) < Self.infinity / 2 else { return }
        let share = total / Int64(sinks + 1)
        let ownChange = total - share * Int64(sinks) - own.difference
        if ownChange != 0 {
            head[node] += ownChange
            setMinimum(node, min(own.whenFalse, own.whenTrue + ownChange))
            if abs(ownChange) > tolerance { markSources(node) }
        }
        for index in 0..<sinks {
            let change = share - (whenTrue[index] - whenFalse[index])
            guard change != 0 else { continue }
            let factor = Int(sink[start + index])
            tail[Int(sinkEdge[start + index])] += change
            setMinimum(factor, min(whenFalse[index], whenTrue[index] + change))
            if abs(change) > tolerance { markFactor(factor) }
        }
        isDirty[node] = false
    }

    /// Marks the variables of the factor of `node` as dirty.
    @inline(__always)
    func markFactor(_ node: Int) {
        isDirty[node] = true
        markSources(node)
    }

    @inline(__always)
    private func markSources(_ node: Int) {
        for edge in sourceEdges(node) { isDirty[Int(source[edge])] = true }
    }

    /// Updates the dirty nodes once against and once along the order until the budget is spent, tells `visit` of each,
    /// and returns how many updates there were.
    ///
    /// - Complexity: O(nodes + edges of the factors of dirty nodes).
    @inline(__always)
    func sweep(ignoring tolerance: Int64, budget: SearchBudget, visit: (Int) -> Void) -> Int {
        var updates = 0
        func visitDirty(_ node: Int) {
            update(node, ignoring: tolerance)
            visit(node)
            updates += 1
            budget.spend(1 + sinkPlaces(node).count + Int(gateWork[node]))
        }
        for node in stride(from: count - 1, through: 0, by: -1) where isDirty[node] && !budget.isExhausted {
            visitDirty(node)
        }
        for node in 0..<count where isDirty[node] && !budget.isExhausted { visitDirty(node) }
        budget.spend(count / 8)
        return updates
    }
}
