/// A compact threshold network whose costs are split between its nodes: the state of the dual bound.
///
/// Node `i` is a variable (true or false) and a *factor*: the function that says what `i` being true costs given the
/// nodes that feed it, its *sources*. Each variable also occurs in the factors of the nodes that it feeds. The charge
/// of a variable is split between its own factor (``head``) and those factors (``tail``, one for each edge):
///
///     charge(i) = head(i) + Σ tail(e) over the edges e that leave i
///
/// Whatever the split, ``base`` plus the sum of the smallest values of all factors is at most the cost of any
/// explanation, so in integers each split certifies a bound. ``FactorGraph/update(_:)`` moves the split towards the
/// best one; reductions keep it.
///
/// Storage is flat and unchecked: the loops over it are where all time goes. Nodes are in topological order, sources
/// first, except within cycles through gates, whose nodes are marked in ``isCyclic``.
final class FactorGraph {
    /// A cost that stands for "impossible"; no sum of real costs comes near it.
    static let infinity: Int64 = 1 << 60

    /// The number of nodes.
    let count: Int
    /// The number of edges.
    let edgeCount: Int
    /// How many sources must be true to make each node true.
    let threshold: UnsafeMutablePointer<Int32>
    /// What faulting each node costs; ``infinity`` for one that is no candidate.
    let cost: UnsafeMutablePointer<Int64>
    /// The share of each node's charge in its own factor.
    let head: UnsafeMutablePointer<Int64>
    /// For each edge, the share of its source's charge in the factor that it enters.
    let tail: UnsafeMutablePointer<Int64>
    /// The smallest value of each factor under the split.
    let minimum: UnsafeMutablePointer<Int64>
    /// Nodes whose update may raise the bound.
    let isDirty: UnsafeMutablePointer<Bool>
    /// Nodes that are true in every explanation of interest, though not yet for a reason; having them false costs more
    /// than anything of interest.
    let isRequired: UnsafeMutablePointer<Bool>
    /// Gates that do not fire in any explanation of interest; having them true costs more than anything of interest.
    let isBarred: UnsafeMutablePointer<Bool>
    /// Nodes that say of others what follows anyway: the relays of cuts.
    let isRedundant: UnsafeMutablePointer<Bool>
    /// Nodes on a cycle.
    let isCyclic: UnsafeMutablePointer<Bool>
    /// The vertex of the network that a fault of each node stands for.
    let vertex: UnsafeMutablePointer<Int32>
    /// The edges that enter node `i` are `sourceStart[i]..<sourceStart[i + 1]`, and ``source`` is where they come from.
    let sourceStart: UnsafeMutablePointer<Int32>
    let source: UnsafeMutablePointer<Int32>
    /// The edges that leave node `i` are ``sinkEdge`` at `sinkStart[i]..<sinkStart[i + 1]`, and enter ``sink``.
    let sinkStart: UnsafeMutablePointer<Int32>
    let sink: UnsafeMutablePointer<Int32>
    let sinkEdge: UnsafeMutablePointer<Int32>
    /// What the bound lacked when cuts were added last.
    var gapBeforeCuts = Int64.max
    /// How many nodes there were when the linear relaxation was solved last.
    var relaxedCount = Int.max
    /// What updating each node takes, in visits of an edge, for the wide gates around it.
    let gateWork: UnsafeMutablePointer<Int32>
    /// A constant part of every cost.
    var base: Int64 = 0
    /// The sum of ``minimum``.
    var minimumSum: Int64 = 0

    /// The sums of wide factors, while nothing changes the split.
    private(set) var wideFactors: WideFactors?
    /// Scratch space of ``update(_:)`` and of gates.
    var whenFalse: UnsafeMutablePointer<Int64>
    var whenTrue: UnsafeMutablePointer<Int64>
    let members: UnsafeMutablePointer<Int64>

    /// Lays out a graph of `count` nodes whose edges enter node `i` at `starts[i]..<starts[i + 1]`.
    ///
    /// Costs, thresholds and marks are to be filled in; then ``refreshMinima()`` must be called.
    init(count: Int, sourceStarts: [Int32], sources: [Int32]) {
        self.count = count
        edgeCount = sources.count
        threshold = .filled(count, 1)
        cost = .filled(count, Self.infinity)
        head = .filled(count, 0)
        tail = .filled(edgeCount, 0)
        minimum = .filled(count, 0)
        isDirty = .filled(count, true)
        isRequired = .filled(count, false)
        isBarred = .filled(count, false)
        isRedundant = .filled(count, false)
        isCyclic = .filled(count, false)
        vertex = .filled(count, -1)
        sourceStart = .filled(count + 1, 0)
        source = .filled(edgeCount, 0)
        sinkStart = .filled(count + 1, 0)
        sink = .filled(edgeCount, 0)
        sinkEdge = .filled(edgeCount, 0)
        var widestSources = 0
        for node in 0...count { sourceStart[node] = sourceStarts[node] }
        for node in 0..<count {
            widestSources = max(widestSources, Int(sourceStart[node + 1] - sourceStart[node]))
        }
        for edge in 0..<edgeCount {
            source[edge] = sources[edge]
            sinkStart[Int(sources[edge]) + 1] += 1
        }
        var widestSinks = 0
        for node in 0..<count {
            widestSinks = max(widestSinks, Int(sinkStart[node + 1]))
            sinkStart[node + 1] += sinkStart[node]
        }
        whenFalse = .filled(widestSinks, 0)
        whenTrue = .filled(widestSinks, 0)
        members = .filled(widestSources + 1, 0)
        gateWork = .filled(count, 0)
        fillSinks()
        measureGates()
    }

    deinit {
        for pointer in [cost, head, tail, minimum, whenFalse, whenTrue, members] { pointer.deallocate() }
        for pointer in [gateWork, threshold, vertex, sourceStart, source, sinkStart, sink, sinkEdge] {
            pointer.deallocate()
        }
        for pointer in [isDirty, isRequired, isBarred, isRedundant, isCyclic] { pointer.deallocate() }
    }

    /// Asks many questions about a split that the questions do not change.
    func withStillSplit<Answer>(_ ask: () -> Answer) -> Answer {
        wideFactors = WideFactors(self)
        defer { wideFactors = nil }
        return ask()
    }

    /// A lower bound on the cost of every explanation.
    var bound: Int64 { base + minimumSum }

    /// The whole charge of `node`, gathered from its shares.
    @inline(__always)
    func charge(of node: Int) -> Int64 {
        var charge = head[node]
        for place in sinkPlaces(node) { charge += tail[Int(sinkEdge[place])] }
        return charge
    }

    @inline(__always)
    func sourceEdges(_ node: Int) -> Range<Int> {
        Range(uncheckedBounds: (Int(sourceStart[node]), Int(sourceStart[node + 1])))
    }

    @inline(__always)
    func sinkPlaces(_ node: Int) -> Range<Int> {
        Range(uncheckedBounds: (Int(sinkStart[node]), Int(sinkStart[node + 1])))
    }

    /// A gate is sorted for each of its variables; only where it is wide does that take long.
    private func measureGates() {
        for node in 0..<count where sourceEdges(node).count > 32 {
            let work = Int32(sourceEdges(node).count / 2)
            gateWork[node] += work
            for edge in sourceEdges(node) { gateWork[Int(source[edge])] += work }
        }
    }

    private func fillSinks() {
        let next = UnsafeMutablePointer<Int32>.filled(count, 0)
        defer { next.deallocate() }
        for node in 0..<count { next[node] = sinkStart[node] }
        for node in 0..<count {
            for edge in sourceEdges(node) {
                let from = Int(source[edge])
                sink[Int(next[from])] = Int32(truncatingIfNeeded: node)
                sinkEdge[Int(next[from])] = Int32(truncatingIfNeeded: edge)
                next[from] += 1
            }
        }
    }
}
