/// A pattern compiled to instructions, and the machine that runs them.
struct PatternProgram: Sendable {
    /// The most instructions that a pattern may need.
    static let maximumSize = 5_000

    private enum Instruction: Sendable {
        case scalars(ScalarClass)
        case any
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case wordBoundary(isNegated: Bool)
        case match
    }

    private var instructions: [Instruction] = []
    /// How many nodes were visited: nothing repeated a thousand times a thousand times emits no instruction.
    private var visitCount = 0

    /// Nil when the program would be too large.
    init?(_ node: PatternNode) {
        guard emit(node) else { return nil }
        instructions.append(.match)
    }

    /// Appends the instructions of a node; false when there are too many.
    ///
    /// The parser bounds the depth.
    private mutating func emit(_ node: PatternNode) -> Bool {
        visitCount += 1
        guard instructions.count < Self.maximumSize, visitCount < 4 * Self.maximumSize else { return false }
        switch node {
        case .empty: return true
        case .scalars(let scalars): instructions.append(scalars == .any ? .any : .scalars(scalars))
        case .start: instructions.append(.start)
        case .end: instructions.append(.end)
        case .wordBoundary(let isNegated): instructions.append(.wordBoundary(isNegated: isNegated))
        case .concatenation(let parts): return parts.allSatisfy { emit($0) }
        case .alternation(let branches): return emitAlternation(branches)
        case .repetition(let part, let minimum, let maximum):
            for _ in 0..<minimum where !emit(part) { return false }
            guard let maximum else { return emitStar(part) }
            return emitOptional(part, count: maximum - minimum)
        }
        return true
    }

    private mutating func emitAlternation(_ branches: [PatternNode]) -> Bool {
        var jumps: [Int] = []
        for branch in branches.dropLast() {
            let split = instructions.count
            instructions.append(.split(split + 1, 0))
            guard emit(branch) else { return false }
            jumps.append(instructions.count)
            instructions.append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        guard let last = branches.last, emit(last) else { return branches.isEmpty }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
        return true
    }

    private mutating func emitStar(_ part: PatternNode) -> Bool {
        let split = instructions.count
        instructions.append(.split(split + 1, 0))
        guard emit(part) else { return false }
        instructions.append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
        return true
    }

    private mutating func emitOptional(_ part: PatternNode, count: Int) -> Bool {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            instructions.append(.split(instructions.count + 1, 0))
            guard emit(part) else { return false }
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
        return true
    }

    /// Whether the whole value matches.
    ///
    /// - Complexity: O(value × instructions); ends as soon as no state is left.
    func matches(_ value: String) -> Bool {
        var current = StateSet(capacity: instructions.count)
        var next = StateSet(capacity: instructions.count)
        var stack: [Int] = []
        var previous: Unicode.Scalar?
        var iterator = value.unicodeScalars.makeIterator()
        var scalar = iterator.next()
        add(0, to: &current, between: previous, and: scalar, &stack)
        while let here = scalar {
            guard !current.members.isEmpty else { return false }
            scalar = iterator.next()
            next.removeAll()
            previous = here
            for state in current.members {
                let isTaken: Bool
                switch instructions[state] {
                case .any: isTaken = true
                case .scalars(let scalars): isTaken = scalars.contains(here)
                default: isTaken = false
                }
                if isTaken { add(state + 1, to: &next, between: previous, and: scalar, &stack) }
            }
            swap(&current, &next)
        }
        return current.members.contains { if case .match = instructions[$0] { true } else { false } }
    }

    /// Adds a state and all that it leads to without reading a scalar.
    private func add(
        _ state: Int,
        to set: inout StateSet,
        between previous: Unicode.Scalar?,
        and next: Unicode.Scalar?,
        _ stack: inout [Int]
    ) {
        stack.append(state)
        while let state = stack.popLast() {
            guard set.insert(state) else { continue }
            switch instructions[state] {
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .start: if previous == nil { stack.append(state + 1) }
            case .end: if next == nil { stack.append(state + 1) }
            case .wordBoundary(let isNegated):
                let isBoundary = Self.isWord(previous) != Self.isWord(next)
                if isBoundary != isNegated { stack.append(state + 1) }
            case .any, .scalars, .match: break
            }
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(ScalarClass.word.contains) ?? false }
}

/// A set of small numbers that is emptied in constant time (Briggs and Torczon, 1993).
private struct StateSet {
    private(set) var members: [Int] = []
    private var positions: [Int]

    init(capacity: Int) {
        positions = Array(repeating: 0, count: capacity)
        members.reserveCapacity(capacity)
    }

    mutating func removeAll() { members.removeAll(keepingCapacity: true) }

    /// Whether the number is new.
    mutating func insert(_ member: Int) -> Bool {
        let position = positions[member]
        if position < members.count, members[position] == member { return false }
        positions[member] = members.count
        members.append(member)
        return true
    }
}
