internal import Diagnostics

/// The differences of two texts, as `diff -u` writes them, made to be read: what a terminal would obey, a carriage return
/// too, is replaced.
package enum UnifiedDiff {
    /// A line of the comparison: common to both, only in the old, or only in the new.
    private enum Line {
        case common(String)
        case removed(String)
        case added(String)

        var text: String {
            switch self {
            case .common(let line): " \(line)"
            case .removed(let line): "-\(line)"
            case .added(let line): "+\(line)"
            }
        }

        var isCommon: Bool { if case .common = self { true } else { false } }
        var isInOld: Bool { if case .added = self { false } else { true } }
        var isInNew: Bool { if case .removed = self { false } else { true } }
    }

    /// Three lines of context, as usual; empty for equal texts.
    ///
    /// - Complexity: O(n × d) for n lines and d differing ones (Myers, "An O(ND) difference algorithm", 1986).
    package static func between(_ old: String, _ new: String, path: String) -> String {
        let lines = compare(old.lines, new.lines)
        var hunks = ""
        var index = 0
        var (oldLine, newLine) = (1, 1)
        while let hunk = nextHunk(in: lines, from: index) {
            for line in lines[index..<hunk.lowerBound] {
                oldLine += line.isInOld ? 1 : 0
                newLine += line.isInNew ? 1 : 0
            }
            let oldCount = lines[hunk].count { $0.isInOld }
            let newCount = lines[hunk].count { $0.isInNew }
            hunks += "@@ -\(range(oldLine, oldCount)) +\(range(newLine, newCount)) @@\n"
            hunks += lines[hunk].map { $0.text.withVisibleControls + "\n" }.joined()
            oldLine += oldCount
            newLine += newCount
            index = hunk.upperBound
        }
        let name = path.withVisibleControls
        return hunks.isEmpty ? "" : "--- \(name)\n+++ \(name)\n\(hunks)"
    }

    /// An empty range is said to begin at the line before it.
    private static func range(_ start: Int, _ count: Int) -> String {
        count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
    }

    private static func compare(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if removed.contains(oldIndex) {
                lines.append(.removed(old[oldIndex]))
                oldIndex += 1
            } else if added.contains(newIndex) {
                lines.append(.added(new[newIndex]))
                newIndex += 1
            } else {
                lines.append(.common(old[oldIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        return lines
    }

    /// The next changes that are less than seven common lines apart, with three lines around them.
    private static func nextHunk(in lines: [Line], from start: Int) -> Range<Int>? {
        guard let first = lines[start...].firstIndex(where: { !$0.isCommon }) else { return nil }
        var last = first
        var index = first
        while index < lines.count, index - last <= 6 {
            if !lines[index].isCommon { last = index }
            index += 1
        }
        return max(start, first - 3)..<min(lines.count, last + 4)
    }
}

extension String {
    /// The lines without the line feeds that end them; a carriage return before one stays.
    var lines: [String] {
        var lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
