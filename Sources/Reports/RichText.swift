internal import Diagram

/// Text with the little markup that a report needs, in no language yet: each writer escapes and marks it up itself.
///
/// What is interpolated as it is, is text; names of things go in as code: `"\(code: name) is down since \(time)"`.
struct RichText: ExpressibleByStringInterpolation, Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        case code(String)
        case strong(String)
        case link(String, SafeLink)
    }

    var pieces: [Piece]

    init(_ text: String) { pieces = text.isEmpty ? [] : [.text(text)] }

    init(stringLiteral value: String) { self.init(value) }

    init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate(set) var pieces: [Piece] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        mutating func appendInterpolation(_ text: String) { appendLiteral(text) }
        mutating func appendInterpolation(_ number: Int) { appendLiteral(String(number)) }
        mutating func appendInterpolation(_ text: RichText) { pieces += text.pieces }
        mutating func appendInterpolation(code name: String) { pieces.append(.code(name)) }
        mutating func appendInterpolation(strong text: String) { pieces.append(.strong(text)) }
        mutating func appendInterpolation(link text: String, to address: SafeLink) {
            pieces.append(.link(text, address))
        }
    }

    static func + (lhs: Self, rhs: Self) -> Self {
        var result = lhs
        result.pieces += rhs.pieces
        return result
    }

    var isEmpty: Bool { pieces.isEmpty }

    /// The words without their markup.
    var plain: String {
        pieces.map { piece in
            switch piece {
            case .text(let text), .code(let text), .strong(let text), .link(let text, _): text
            }
        }
        .joined()
    }
}

extension [RichText] {
    func joined(_ separator: RichText) -> RichText {
        var result = RichText("")
        for (index, item) in enumerated() { result = index == 0 ? item : result + separator + item }
        return result
    }

    /// "a", "a and b", "a, b and c"; beyond `limit` the rest is counted.
    func listed(limit: Int = 6) -> RichText {
        guard count > 1, let last else { return first ?? "" }
        if count > limit {
            return Array(prefix(limit - 1)).joined(", ") + RichText(" and \(count - limit + 1) more")
        }
        return Array(dropLast()).joined(", ") + " and " + last
    }
}

/// A part of a report.
enum ReportBlock: Hashable, Sendable {
    case heading(RichText)
    case paragraph(RichText)
    /// Items, each with lines of its own below it.
    case list([ListItem], isOrdered: Bool)
    case table(ReportTable)

    struct ListItem: Hashable, Sendable {
        var text: RichText
        var details: [RichText] = []
    }
}

struct ReportTable: Hashable, Sendable {
    var columns: [String]
    var rows: [[RichText]]
    /// Whether a reader may want to sort and filter it.
    var isLong = false
}
