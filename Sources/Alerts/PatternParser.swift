import Diagnostics

/// Parses RE2's syntax, as far as matchers use it: literals, `.`, classes, groups, alternation, repetition, anchors,
/// `\b` and the flags `i` and `s`.
///
/// Source: github.com/google/re2/wiki/Syntax.
struct PatternParser {
    private static let maximumDepth = 100
    private static let maximumRepetition = 1_000

    private let scalars: [Unicode.Scalar]
    private let location: SourceLocation
    private var position = 0
    private var depth = 0
    private var ignoresCase = false

    init(_ text: String, location: SourceLocation) {
        scalars = Array(text.unicodeScalars)
        self.location = location
    }

    mutating func parse() throws(Diagnostic) -> PatternNode {
        let node = try parseAlternation()
        guard position == scalars.count else { throw error("the pattern has a ')' without '('", at: position) }
        return node
    }

    private func error(_ summary: String, at position: Int) -> Diagnostic {
        var place = location
        let offset = scalars[..<Swift.min(position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
        if let column = place.column { place.column = column + offset }
        return Diagnostic(.error, "invalid-regex", summary, at: place)
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func parseAlternation() throws(Diagnostic) -> PatternNode {
        var branches = [try parseConcatenation()]
        while accept("|") { branches.append(try parseConcatenation()) }
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private mutating func parseConcatenation() throws(Diagnostic) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            guard let atom = try parseAtom() else { continue }
            parts.append(try parseRepetition(of: atom, from: start))
        }
        switch parts.count {
        case 0: return .empty
        case 1: return parts[0]
        default: return .concatenation(parts)
        }
    }

    private mutating func parseRepetition(of atom: PatternNode, from start: Int) throws(Diagnostic) -> PatternNode {
        let operatorStart = position
        guard let (minimum, maximum) = try parseQuantifier() else { return atom }
        // A lazy repetition finds a shorter match, but a whole value matches the same.
        _ = accept("?")
        let followed = position
        if try parseQuantifier() != nil {
            throw error("a repetition cannot be repeated; put the first in a group (?:…)", at: followed)
        }
        guard minimum <= Self.maximumRepetition, maximum ?? 0 <= Self.maximumRepetition else {
            throw error("a repetition goes to \(Self.maximumRepetition) at most", at: operatorStart)
        }
        if let maximum, maximum < minimum {
            throw error("the repetition's bounds are in the wrong order", at: operatorStart)
        }
        return .repetition(atom, minimum: minimum, maximum: maximum)
    }

    /// Reads `*`, `+`, `?` or `{m,n}`; nil when there is none.
    ///
    /// A brace that begins no repetition is a plain character.
    private mutating func parseQuantifier() throws(Diagnostic) -> (minimum: Int, maximum: Int?)? {
        if accept("*") { return (0, nil) }
        if accept("+") { return (1, nil) }
        if accept("?") { return (0, 1) }
        let start = position
        guard accept("{") else { return nil }
        if let minimum = parseNumber() {
            if accept("}") { return (minimum, minimum) }
            if accept(",") {
                if accept("}") { return (minimum, nil) }
                if let maximum = parseNumber(), accept("}") { return (minimum, maximum) }
            }
        }
        position = start
        return nil
    }

    private mutating func parseNumber() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = Swift.min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            position += 1
        }
        return value
    }

    /// Reads one element; nil for a flag setting, which matches nothing by itself.
    private mutating func parseAtom() throws(Diagnostic) -> PatternNode? {
        let start = position
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "(": return try parseGroup(from: start)
        case "[": return .scalars(try parseClass(from: start))
        case ".": return .scalars(.any)
        case "^": return .start
        case "$": return .end
        case "\\": return try parseEscape(from: start)
        case "*", "+", "?": throw error("there is nothing before '\(scalar)' to repeat", at: start)
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        var scalars = ScalarClass(ranges: [scalar.value...scalar.value])
        scalars.ignoresCase = ignoresCase && scalar.properties.isCased
        return .scalars(scalars)
    }

    private mutating func parseGroup(from start: Int) throws(Diagnostic) -> PatternNode? {
        let outerFlags = ignoresCase
        if accept("?") {
            if accept("P") || next == "<" {
                guard try parseGroupName(from: start) else { throw error("look-around is not supported", at: start) }
            } else if next == "=" || next == "!" {
                throw error("look-around is not supported", at: start)
            } else if try parseFlags(from: start) {
                return nil
            }
        }
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw error("groups are nested more than \(Self.maximumDepth) deep", at: start)
        }
        let node = try parseAlternation()
        depth -= 1
        guard accept(")") else { throw error("the group is never closed", at: start) }
        ignoresCase = outerFlags
        return node
    }

    /// Reads `<name>`; false when it is a look-behind.
    private mutating func parseGroupName(from start: Int) throws(Diagnostic) -> Bool {
        guard accept("<"), next != "=", next != "!" else { return false }
        while let scalar = next, scalar != ">" {
            guard ScalarClass.word.contains(scalar) else { break }
            position += 1
        }
        guard accept(">") else { throw error("the group's name is not closed", at: start) }
        return true
    }

    /// Reads flags up to `:` or `)`: true when the group is only a setting for what follows.
    private mutating func parseFlags(from start: Int) throws(Diagnostic) -> Bool {
        var isOn = true
        while let flag = next {
            position += 1
            switch flag {
            case "i": ignoresCase = isOn
            case "s", "U": break
            case "-": isOn = false
            case ":": return false
            case ")": return true
            default: throw error("the flag '\(flag)' is not supported", at: position - 1)
            }
        }
        throw error("the group is never closed", at: start)
    }

    private mutating func parseEscape(from start: Int) throws(Diagnostic) -> PatternNode {
        guard let scalar = next else { throw error("the pattern ends within an escape", at: start) }
        if let scalars = shorthand(scalar) {
            position += 1
            return .scalars(scalars)
        }
        switch scalar {
        case "A", "z", "b", "B", "Q":
            position += 1
            switch scalar {
            case "A": return .start
            case "z": return .end
            case "Q": return quoted()
            default: return .wordBoundary(isNegated: scalar == "B")
            }
        case "1"..."9": throw error("references to groups are not supported", at: start)
        default: return literal(try parseCharacterEscape(from: start))
        }
    }

    /// The characters up to `\E`.
    private mutating func quoted() -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next {
            position += 1
            if scalar == "\\", next == "E" {
                position += 1
                break
            }
            parts.append(literal(scalar))
        }
        return .concatenation(parts)
    }
}

extension PatternParser {
    /// The class that `\d` and its like stand for.
    private func shorthand(_ scalar: Unicode.Scalar) -> ScalarClass? {
        switch scalar {
        case "d": .digits
        case "D": ScalarClass(ranges: ScalarClass.digits.inverted)
        case "w": .word
        case "W": ScalarClass(ranges: ScalarClass.word.inverted)
        case "s": .space
        case "S": ScalarClass(ranges: ScalarClass.space.inverted)
        default: nil
        }
    }

    /// Reads the character that an escape stands for; its backslash has been read.
    private mutating func parseCharacterEscape(from start: Int) throws(Diagnostic) -> Unicode.Scalar {
        guard let scalar = next else { throw error("the pattern ends within an escape", at: start) }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "x": return try parseHexadecimal(from: start)
        default:
            let isPunctuation = scalar.isASCII && !ScalarClass.word.contains(scalar) && scalar.value > 0x20
            guard isPunctuation || scalar == "_" else {
                throw error("the escape '\\\(scalar)' is not supported", at: start)
            }
            return scalar
        }
    }

    /// Reads the digits of `\x1F` or `\x{1F600}`.
    private mutating func parseHexadecimal(from start: Int) throws(Diagnostic) -> Unicode.Scalar {
        var digits = ""
        let isBraced = accept("{")
        while let scalar = next, scalar.properties.isASCIIHexDigit, digits.utf8.count < (isBraced ? 8 : 2) {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        let isClosed = isBraced ? accept("}") : digits.utf8.count == 2
        guard isClosed, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw error("\\x needs two hexadecimal digits, or a code point in braces", at: start)
        }
        return scalar
    }

    /// Reads a class; its opening bracket has been read.
    private mutating func parseClass(from start: Int) throws(Diagnostic) -> ScalarClass {
        var result = ScalarClass(ranges: [])
        result.ignoresCase = ignoresCase
        result.isNegated = accept("^")
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            if scalar == "[", position + 1 < scalars.count, scalars[position + 1] == ":" {
                result.ranges += try parsePOSIXClass()
                continue
            }
            if scalar == "\\", position + 1 < scalars.count, let named = shorthand(scalars[position + 1]) {
                position += 2
                result.ranges += named.ranges
                continue
            }
            let lowerStart = position
            let lower = try parseClassMember()
            var upper = lower
            if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                upper = try parseClassMember()
            }
            guard lower <= upper else { throw error("the range is in the wrong order", at: lowerStart) }
            result.ranges.append(lower.value...upper.value)
        }
        guard accept("]") else { throw error("the class is never closed", at: start) }
        return result
    }

    private mutating func parseClassMember() throws(Diagnostic) -> Unicode.Scalar {
        let start = position
        guard let scalar = next else { throw error("the class is never closed", at: start) }
        position += 1
        return scalar == "\\" ? try parseCharacterEscape(from: start) : scalar
    }

    private static let posixClasses: [String: [ClosedRange<UInt32>]] = [
        "alpha": [0x41...0x5A, 0x61...0x7A], "digit": [0x30...0x39], "lower": [0x61...0x7A], "upper": [0x41...0x5A],
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "space": [0x09...0x0D, 0x20...0x20],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], "blank": [0x09...0x09, 0x20...0x20],
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66], "word": ScalarClass.word.ranges,
    ]

    private mutating func parsePOSIXClass() throws(Diagnostic) -> [ClosedRange<UInt32>] {
        let start = position
        position += 2
        let isNegated = accept("^")
        var name = ""
        while let scalar = next, scalar.properties.isAlphabetic {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let ranges = Self.posixClasses[name], accept(":"), accept("]") else {
            throw error("there is no such class of characters", at: start)
        }
        return isNegated ? ScalarClass(ranges: ranges).inverted : ranges
    }
}
