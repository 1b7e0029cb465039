/// Families of minimal sets, kept as zero-suppressed decision diagrams that share their parts.
///
/// A family is a number: equal families have equal numbers, so that a fixed point is reached when numbers stay. Every
/// family is minimal: no set in it contains another. Products are cut at a size, which keeps them small where all
/// larger sets do not matter.
///
/// Minato, "Zero-suppressed BDDs for set manipulation in combinatorial problems" (1993); Rauzy, "New algorithms for
/// fault trees analysis" (1993), for the operation `without`. The recursion of both runs on a stack of its own: a
/// diagram is as deep as there are variables.
struct SetFamilies {
    /// The family of no sets: false.
    static let none: Int32 = 0
    /// The family of the empty set alone: true.
    static let unit: Int32 = 1

    /// The work that was allowed for is done.
    struct BudgetSpent: Error {}

    /// How many steps may still be made.
    private(set) var budget: Int
    /// Whether a product was cut at its size: only then can a greater size bring more sets.
    private(set) var isTruncated = false

    private struct Node: Hashable {
        let variable: Int32
        /// The sets without the variable.
        let low: Int32
        /// The sets with it, the variable left out.
        let high: Int32
    }

    private enum Operation: UInt8 {
        case union
        case without
        case product
        case truncate
    }

    private struct Call: Hashable {
        let operation: Operation
        let first: Int32
        let second: Int32
        /// The greatest size of a set in the result, for `product` and `truncate`.
        let size: Int32
    }

    private struct Frame {
        let call: Call
        let variable: Int32
        var results: [Int32] = []
    }

    private enum Step {
        case call(Call)
        case result(Int32)
    }

    /// Terminals come first; their variable is greater than any.
    private var nodes: [Node]
    private var numbers: [Node: Int32] = [:]
    private var known: [Call: Int32] = [:]

    /// - Parameter budget: how many steps may be made before ``BudgetSpent`` is thrown.
    init(budget: Int) {
        self.budget = budget
        let terminal = Node(variable: .max, low: 0, high: 0)
        nodes = [terminal, terminal]
    }

    /// Counts work that is done outside.
    mutating func spend(_ steps: Int) throws(BudgetSpent) {
        budget -= steps
        if budget < 0 { throw BudgetSpent() }
    }

    /// The family of one set of one variable.
    mutating func single(_ variable: Int32) -> Int32 { node(variable, Self.none, Self.unit) }

    /// The minimal sets among those of both families.
    mutating func union(_ first: Int32, _ second: Int32) throws(BudgetSpent) -> Int32 {
        try evaluate(Call(operation: .union, first: first, second: second, size: 0))
    }

    /// The minimal sets of at most `size` members that contain a set of each family.
    mutating func product(_ first: Int32, _ second: Int32, size: Int) throws(BudgetSpent) -> Int32 {
        try evaluate(Call(operation: .product, first: first, second: second, size: Int32(clamping: size)))
    }

    /// The minimal sets of at most `size` members that contain sets of at least `threshold` of the families.
    ///
    /// - Complexity: number of families × the number of them that sets of `size` can contain, products.
    mutating func atLeast(
        _ threshold: Int,
        of families: [Int32],
        size: Int
    ) throws(BudgetSpent) -> Int32 {
        var reached = [Self.unit] + [Int32](repeating: Self.none, count: threshold)
        // The most families of which there are sets yet.
        var most = 0
        for (index, family) in families.enumerated() where family != Self.none {
            let left = families.count - index - 1
            for count in stride(from: min(threshold, most + 1), through: max(1, threshold - left), by: -1) {
                try spend(1)
                let with = try product(reached[count - 1], family, size: size)
                reached[count] = try union(reached[count], with)
                if reached[count] != Self.none { most = max(most, count) }
            }
        }
        return reached[threshold]
    }

    /// How many sets a family has, `Int.max` standing for more.
    ///
    /// - Complexity: O(nodes made so far).
    func count(_ family: Int32) -> Int {
        var counts = [Int](repeating: 0, count: Int(family) + 2)
        counts[1] = 1
        for index in stride(from: 2, through: Int(family), by: 1) {
            let (sum, isTooMany) = counts[Int(nodes[index].low)].addingReportingOverflow(counts[Int(nodes[index].high)])
            counts[index] = isTooMany ? .max : sum
        }
        return counts[Int(family)]
    }

    /// The sets of a family, each ascending.
    ///
    /// - Complexity: O(variables × sets).
    func sets(_ family: Int32) -> [[Int32]] {
        var found: [[Int32]] = []
        var open: [(family: Int32, members: [Int32])] = [(family, [])]
        while let (here, members) = open.popLast() {
            if here == Self.unit { found.append(members) }
            guard here > Self.unit else { continue }
            let node = nodes[Int(here)]
            open.append((node.high, members + [node.variable]))
            open.append((node.low, members))
        }
        return found
    }

    // MARK: Evaluation

    private mutating func node(_ variable: Int32, _ low: Int32, _ high: Int32) -> Int32 {
        if high == Self.none { return low }
        let node = Node(variable: variable, low: low, high: high)
        if let number = numbers[node] { return number }
        let number = Int32(nodes.count)
        nodes.append(node)
        numbers[node] = number
        return number
    }

    /// A family by whether its sets hold `variable`, which is not greater than any of theirs.
    private func parts(_ family: Int32, _ variable: Int32) -> (low: Int32, high: Int32) {
        let node = nodes[Int(family)]
        return node.variable == variable ? (node.low, node.high) : (family, Self.none)
    }

    private mutating func evaluate(_ call: Call) throws(BudgetSpent) -> Int32 {
        if let result = answer(call) { return result }
        var frames = [Frame(call: call, variable: topVariable(call))]
        var last = Self.none
        while let frame = frames.last {
            switch step(frame) {
            case .call(let inner):
                if let result = answer(inner) {
                    frames[frames.count - 1].results.append(result)
                } else {
                    guard budget > 0 else { throw BudgetSpent() }
                    budget -= 1
                    frames.append(Frame(call: inner, variable: topVariable(inner)))
                }
            case .result(let result):
                known[frame.call] = result
                last = result
                frames.removeLast()
                if !frames.isEmpty { frames[frames.count - 1].results.append(result) }
            }
        }
        return last
    }

    private func topVariable(_ call: Call) -> Int32 {
        let first = nodes[Int(call.first)].variable
        return call.operation == .truncate ? first : min(first, nodes[Int(call.second)].variable)
    }

    /// The result where it needs no work: trivial, or known.
    private mutating func answer(_ call: Call) -> Int32? {
        let (first, second) = (call.first, call.second)
        switch call.operation {
        case .union:
            if first == Self.none || first == second { return second }
            if second == Self.none { return first }
            if first == Self.unit || second == Self.unit { return Self.unit }
        case .without:
            if first == Self.none || second == Self.unit || first == second { return Self.none }
            if second == Self.none || first == Self.unit { return first }
        case .product:
            if first == Self.none || second == Self.none { return Self.none }
            if first == Self.unit && second == Self.unit { return Self.unit }
            if call.size == 0 { return cut() }
        case .truncate:
            if first <= Self.unit { return first }
            if call.size == 0 { return cut() }
        }
        return known[call]
    }

    /// What is left of sets that no member may be added to: nothing.
    private mutating func cut() -> Int32 {
        isTruncated = true
        return Self.none
    }

    /// What a call needs next, given the results of what it needed before.
    private mutating func step(_ frame: Frame) -> Step {
        let (call, results) = (frame.call, frame.results)
        let one = parts(call.first, frame.variable)
        func sub(_ operation: Operation, _ first: Int32, _ second: Int32, size: Int32 = 0) -> Step {
            .call(Call(operation: operation, first: first, second: second, size: size))
        }
        switch call.operation {
        case .union, .without:
            let other = parts(call.second, frame.variable)
            switch results.count {
            case 0: return sub(call.operation, one.low, other.low)
            case 1: return sub(call.operation, one.high, other.high)
            case 2: return sub(.without, results[1], call.operation == .union ? results[0] : other.low)
            default: return .result(node(frame.variable, results[0], results[2]))
            }
        case .truncate:
            switch results.count {
            case 0: return sub(.truncate, one.low, 0, size: call.size)
            case 1: return sub(.truncate, one.high, 0, size: call.size - 1)
            default: return .result(node(frame.variable, results[0], results[1]))
            }
        case .product:
            if call.first == Self.unit || call.second == Self.unit {
                guard let result = results.first else {
                    return sub(.truncate, max(call.first, call.second), 0, size: call.size)
                }
                return .result(result)
            }
            let other = parts(call.second, frame.variable)
            switch results.count {
            case 0: return sub(.product, one.low, other.low, size: call.size)
            case 1: return sub(.union, other.low, other.high)
            case 2: return sub(.product, one.high, results[1], size: call.size - 1)
            case 3: return sub(.product, one.low, other.high, size: call.size - 1)
            case 4: return sub(.union, results[2], results[3])
            case 5: return sub(.without, results[4], results[0])
            default: return .result(node(frame.variable, results[0], results[5]))
            }
        }
    }
}
