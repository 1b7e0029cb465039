internal import Diagnostics

/// Text laid out for a terminal: the one place where lines are broken and columns aligned.
enum TerminalLayout {
    /// Breaks a text into lines at spaces; words longer than a line stay whole.
    ///
    /// Control characters are replaced.
    static func wrap(_ text: String, indent: Int, hang: Int, width: Int) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isStart = true
        for word in text.withVisibleControls.split(separator: " ", omittingEmptySubsequences: false) {
            if !isStart, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: hang)
                isStart = true
                if word.isEmpty { continue }
            }
            if !isStart { line += " " }
            line += word
            isStart = false
        }
        lines.append(line)
        return lines
    }

    /// Rows in aligned columns, numbers to the right; the last column wraps within the width.
    ///
    /// - Complexity: O(cells).
    static func columns(_ rows: [[String]], indent: Int, width: Int) -> [String] {
        let rows = rows.map { $0.map(\.withVisibleControls) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        let isNumeric = (0..<count).map { column in
            rows.dropFirst().allSatisfy { column < $0.count && Double($0[column]) != nil }
        }
        let margin = String(repeating: " ", count: indent)
        return rows.flatMap { row -> [String] in
            var line = margin
            for (column, cell) in row.enumerated().dropLast() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += (isNumeric[column] ? padding + cell : cell + padding) + "   "
            }
            guard var last = row.last else { return [] }
            if isNumeric[row.count - 1] {
                last = String(repeating: " ", count: widths[row.count - 1] - last.count) + last
                return [line + last]
            }
            guard !last.isEmpty else { return [String(line.reversed().drop { $0 == " " }.reversed())] }
            let lines = wrap(last, indent: 0, hang: 0, width: max(width - line.count, 24))
            let hang = String(repeating: " ", count: line.count)
            return lines.enumerated().map { ($0.offset == 0 ? line : hang) + $0.element }
        }
    }
}
