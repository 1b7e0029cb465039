internal import Diagnostics
internal import Diagram

/// Text laid out for a terminal: the one place where lines are broken and columns aligned.
enum TerminalLayout {
    /// Breaks a text into lines at spaces; words longer than a line stay whole.
    ///
    /// Control characters are replaced.
    static func wrap(_ text: String, indent: Int, hang: Int, width: Int) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var used = indent
        var isStart = true
        for word in text.withVisibleControls.split(separator: " ", omittingEmptySubsequences: false) {
            let columns = word.columns
            if !isStart, used + 1 + columns > width {
                lines.append(line)
                line = String(repeating: " ", count: hang)
                used = hang
                isStart = true
                if word.isEmpty { continue }
            }
            line += isStart ? word : " " + word
            used += isStart ? columns : columns + 1
            isStart = false
        }
        lines.append(line)
        return lines
    }

    /// A cell that is longer stands out of its column instead of widening it for all rows.
    private static let longestCell = 60
    /// What is left at least for the last column, which wraps.
    private static let lastColumn = 24

    /// Rows in aligned columns, numbers to the right; the last column wraps within the width.
    ///
    /// In less than the usual width, the longest cells are cut in the middle until all fits.
    ///
    /// - Complexity: O(cells).
    static func columns(_ rows: [[String]], indent: Int, width: Int) -> [String] {
        var rows = rows.map { $0.map(\.withVisibleControls) }
        let count = rows.map(\.count).max() ?? 0
        var widths = (0..<count).map { column in
            min(rows.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0, longestCell)
        }
        let isNumeric = (0..<count).map { column in
            rows.dropFirst().allSatisfy { column < $0.count && Double($0[column]) != nil }
        }
        if width < TerminalReport.usualWidth {
            let needed = widths.last.map { min($0, lastColumn) } ?? 0
            shrink(&widths, to: width - indent - needed, isFixed: isNumeric)
            rows = rows.map { row in
                row.enumerated().map {
                    $0.offset < count - 1 && !isNumeric[$0.offset]
                        ? LabelText.cutMiddle($0.element, to: widths[$0.offset]) : $0.element
                }
            }
        }
        let margin = String(repeating: " ", count: indent)
        return rows.flatMap { row -> [String] in
            var line = margin
            for (column, cell) in row.enumerated().dropLast() {
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.columns))
                line += (isNumeric[column] ? padding + cell : cell + padding) + "   "
            }
            guard var last = row.last else { return [] }
            if isNumeric[row.count - 1] {
                last = String(repeating: " ", count: max(0, widths[row.count - 1] - last.columns)) + last
                return [line + last]
            }
            guard !last.isEmpty else { return [String(line.reversed().drop { $0 == " " }.reversed())] }
            let used = line.columns
            let lines = wrap(last, indent: 0, hang: 0, width: max(width - used, lastColumn))
            let hang = String(repeating: " ", count: used)
            return lines.enumerated().map { ($0.offset == 0 ? line : hang) + $0.element }
        }
    }

    /// Takes columns off the widest of all but the last until these fit with the space between them; 14 are left each.
    private static func shrink(_ widths: inout [Int], to width: Int, isFixed: [Bool]) {
        while widths.dropLast().reduce(0, { $0 + $1 + 3 }) > width {
            let candidates = widths.indices.dropLast().filter { !isFixed[$0] && widths[$0] > 14 }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }
}
