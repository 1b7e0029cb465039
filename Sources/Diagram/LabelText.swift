/// Text made fit for a label: nothing invisible in it, and no longer than a reader wants.
///
/// Lengths are columns: a character of a wide script or an emoji takes two.
package enum LabelText {
    /// No label is longer than this.
    package static let limit = 200

    /// The text without what a reader cannot see or what changes how its neighbours are shown: control and bidirectional
    /// characters and non-characters go, line breaks and tabs become spaces.
    ///
    /// - Complexity: O(length).
    package static func visible(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: { !$0.isPlain }) else { return String(text) }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isPlain {
                result.append(scalar)
            } else if scalar.isBreak {
                result.append(" ")
            }
        }
        return String(result)
    }

    /// The visible text, cut to so many columns with an ellipsis at the end.
    ///
    /// - Complexity: O(columns), however long the text.
    package static func cut(_ text: String, to columns: Int = limit) -> String {
        let head = visible(text.unicodeScalars.prefix(columns * 16 + 16).asString)
        let isWhole = text.unicodeScalars.dropFirst(columns * 16 + 16).isEmpty
        var used = 0
        var result = ""
        for character in head {
            let character = character.withoutPile
            used += character.columns
            if used > columns { return result.removingCharacters(downTo: columns - 1) + "…" }
            result.append(character)
        }
        return isWhole ? result : result.removingCharacters(downTo: columns - 1) + "…"
    }

    /// The visible text, cut to so many columns with an ellipsis in the middle: names differ at both ends.
    ///
    /// - Complexity: O(columns), however long the text.
    package static func cutMiddle(_ text: String, to columns: Int) -> String {
        let whole = cut(text, to: columns)
        guard whole.hasSuffix("…"), !text.hasSuffix("…") || text.utf8.count > whole.utf8.count else { return whole }
        let tailColumns = (columns - 1) / 2
        let end = visible(text.unicodeScalars.suffix(tailColumns * 16 + 16).asString)
        var tail: [Character] = []
        var used = 0
        for character in end.reversed() {
            let character = character.withoutPile
            used += character.columns
            if used > tailColumns { break }
            tail.append(character)
        }
        return String(whole.dropLast()).removingCharacters(downTo: columns - 1 - tailColumns) + "…"
            + String(tail.reversed())
    }

    /// The visible text broken at spaces into at most so many lines of so many columns; what does not fit is cut.
    package static func wrap(_ text: String, columns: Int, lines limit: Int) -> [String] {
        join(cut(text, to: columns * limit + columns).split(separator: " "), " ", columns: columns, lines: limit)
    }

    /// Items set one after another, breaking only between items, in at most so many lines; what does not fit is cut.
    package static func join(
        _ items: [some StringProtocol],
        _ separator: String,
        columns: Int,
        lines limit: Int
    ) -> [String] {
        var lines: [String] = []
        var line = ""
        for (index, item) in items.enumerated() {
            let item = String(item)
            if line.isEmpty {
                line = item
            } else if (line + separator + item).columns <= columns {
                line += separator + item
            } else if lines.count + 1 < limit {
                lines.append(cut(line, to: columns))
                line = item
            } else {
                line += separator + items[index...].joined(separator: separator)
                break
            }
        }
        if !line.isEmpty { lines.append(cut(line, to: columns)) }
        return lines
    }
}

extension StringProtocol {
    /// How wide it is, in columns.
    package var columns: Int { reduce(0) { $0 + $1.columns } }

    /// Whether it holds letters of a script that runs from right to left: Hebrew, Arabic and their kin.
    package var isRightToLeft: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EEFF: true
            default: false
            }
        }
    }
}

extension String {
    fileprivate func removingCharacters(downTo columns: Int) -> String {
        var result = self
        var width = result.columns
        while width > columns, let last = result.popLast() { width -= last.columns }
        return result
    }
}

extension Sequence<Unicode.Scalar> {
    fileprivate var asString: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}

extension Character {
    fileprivate var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        return first.isWide ? 2 : 1
    }

    /// At most sixteen scalars of it, and four marks on a letter: more are a pile that reaches over its neighbours.
    fileprivate var withoutPile: Character {
        let limit = unicodeScalars.dropFirst().allSatisfy { $0.properties.generalCategory == .nonspacingMark } ? 5 : 16
        guard unicodeScalars.count > limit else { return self }
        return unicodeScalars.prefix(limit).asString.first ?? self
    }
}

extension Unicode.Scalar {
    /// Whether it is shown as itself.
    fileprivate var isPlain: Bool {
        if value < 0x7F { return value >= 0x20 }
        return switch value {
        case 0x7F...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
            false
        case 0xFDD0...0xFDEF: false
        default: value & 0xFFFE != 0xFFFE
        }
    }

    fileprivate var isBreak: Bool {
        switch value {
        case 0x09...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether it takes the width of two letters: wide East Asian scripts and emoji.
    package var isWide: Bool {
        guard value >= 0x1100 else { return false }
        return switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF: true
        case 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F000...0x1FAFF: true
        case 0x20000...0x3FFFD: true
        default: false
        }
    }
}
