package import Diagnostics

/// A regular expression as Prometheus matchers use it: RE2's syntax without captures, matched against whole values.
///
/// It runs in time linear in the value, on any pattern: a set of states advances over the Unicode scalars (K. Thompson,
/// "Regular Expression Search Algorithm", 1968; R. Cox, "Regular Expression Matching: the Virtual Machine Approach",
/// 2009). `.` matches line breaks too, as in Prometheus 3.
package struct Pattern: Sendable {
    /// The source text.
    package let text: String
    private let strategy: Strategy

    private enum Strategy: Sendable {
        /// An alternation of plain texts.
        case literals([String])
        /// A plain text, then at least so many characters of any kind.
        case prefix(String, minimumRest: Int)
        case program(PatternProgram)
    }

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - text: The pattern, without anchors of its own.
    ///   - location: Where the pattern's first character is, for messages.
    /// - Throws: A located `invalid-regex` error, also for what RE2 has and this does not, such as `\pL`.
    /// - Complexity: O(size of the expanded pattern), which is bounded.
    package init(_ text: String, at location: SourceLocation) throws(Diagnostic) {
        self.text = text
        var parser = PatternParser(text, location: location)
        let node = try parser.parse()
        if let literals = node.literals {
            strategy = .literals(literals)
        } else if let (prefix, minimumRest) = node.literalPrefix {
            strategy = .prefix(prefix, minimumRest: minimumRest)
        } else {
            guard let program = PatternProgram(node) else {
                throw Diagnostic(
                    .error,
                    "invalid-regex",
                    "the pattern is too large: its repetitions expand to more than \(PatternProgram.maximumSize) steps",
                    at: location
                )
            }
            strategy = .program(program)
        }
    }

    /// Whether the whole value matches.
    ///
    /// - Complexity: O(value × pattern).
    package func matches(_ value: String) -> Bool {
        switch strategy {
        case .literals(let literals): return literals.contains { $0.utf8.elementsEqual(value.utf8) }
        case .prefix(let prefix, let minimumRest):
            guard value.utf8.starts(with: prefix.utf8) else { return false }
            return minimumRest == 0 || value.utf8.count > prefix.utf8.count
        case .program(let program): return program.matches(value)
        }
    }

    /// The only values that can match, when they are few and known.
    package var literals: [String]? {
        guard case .literals(let literals) = strategy else { return nil }
        return literals
    }
}

/// A parsed pattern.
indirect enum PatternNode: Sendable {
    case empty
    case scalars(ScalarClass)
    case concatenation([PatternNode])
    case alternation([PatternNode])
    case repetition(PatternNode, minimum: Int, maximum: Int?)
    case start
    case end
    case wordBoundary(isNegated: Bool)

    /// The texts of an alternation of plain texts.
    var literals: [String]? {
        if case .alternation(let branches) = self {
            var all: [String] = []
            for branch in branches {
                guard let literals = branch.literals, all.count + literals.count <= 1_000 else { return nil }
                all += literals
            }
            return all
        }
        return literal.map { [$0] }
    }

    /// The text of a sequence of single characters.
    var literal: String? {
        switch self {
        case .empty: return ""
        case .scalars(let scalars): return scalars.only.map { String($0) }
        case .concatenation(let parts):
            var text = ""
            for part in parts {
                guard let literal = part.literal else { return nil }
                text += literal
            }
            return text
        default: return nil
        }
    }

    /// A plain text followed by `.*` or `.+`.
    var literalPrefix: (prefix: String, minimumRest: Int)? {
        let parts: [PatternNode]
        if case .concatenation(let all) = self { parts = all } else { parts = [self] }
        guard case .repetition(.scalars(let scalars), let minimum, nil) = parts.last, minimum <= 1,
            scalars == .any, let prefix = PatternNode.concatenation(Array(parts.dropLast())).literal
        else { return nil }
        return (prefix, minimum)
    }
}

/// A set of Unicode scalars.
struct ScalarClass: Hashable, Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false
    var ignoresCase = false

    static let any = ScalarClass(ranges: [0...0x10FFFF])
    static let digits = ScalarClass(ranges: [0x30...0x39])
    static let word = ScalarClass(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarClass(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])

    /// The single scalar that it has.
    var only: Unicode.Scalar? {
        guard !isNegated, !ignoresCase, ranges.count == 1, let range = ranges.first, range.count == 1 else {
            return nil
        }
        return Unicode.Scalar(range.lowerBound)
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var isMember = holds(scalar.value)
        if !isMember, ignoresCase {
            let properties = scalar.properties
            isMember =
                holds(singleScalar: properties.lowercaseMapping) || holds(singleScalar: properties.uppercaseMapping)
        }
        return isMember != isNegated
    }

    private func holds(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }

    private func holds(singleScalar mapping: String) -> Bool {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return false }
        return holds(first.value)
    }

    /// The ranges of what this has not.
    var inverted: [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = Swift.max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return result
    }
}
