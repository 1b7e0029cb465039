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

    /// Rows in aligned columns under their headings, numbers to the right; the last column wraps within the width.
    ///
    /// In less than the usual width, headings take several lines and the longest cells are cut in the middle until all
    /// fits, as far as it can.
    ///
    /// - Complexity: O(cells).
    static func table(
        _ headings: [String],
        _ rows: [[String]],
        indent: Int,
        width: Int
    ) -> (headings: [String], rows: [String]) {
        let isNarrow = width < TerminalReport.usualWidth
        let headings = headings.map(\.withVisibleControls)
        let rows = rows.map { $0.map(\.withVisibleControls) }
        var columns = headings.indices.map { column in
            let cells = rows.map { column < $0.count ? $0[column] : "" }
            let words = isNarrow ? headings[column].split(separator: " ").map(String.init) : [headings[column]]
            return Column(
                width: min((cells + words).map(\.columns).max() ?? 0, longestCell),
                isNumeric: cells.allSatisfy { Double($0) != nil }
            )
        }
        var wrapped = [headings]
        if isNarrow {
            shrink(&columns, to: width - indent)
            let lines = zip(headings, columns).map { wrap($0, indent: 0, hang: 0, width: max($1.width, 1)) }
            wrapped = (0..<(lines.map(\.count).max() ?? 0)).map { line in lines.map { line < $0.count ? $0[line] : "" }
            }
        }
        func layOut(_ row: [String]) -> [String] { lines(of: row, columns, indent, width, isCut: isNarrow) }
        return (wrapped.flatMap(layOut), rows.flatMap(layOut))
    }

    private struct Column {
        var width: Int
        var isNumeric: Bool

        func padded(_ cell: String) -> String {
            let padding = String(repeating: " ", count: max(0, width - cell.columns))
            return isNumeric ? padding + cell : cell + padding
        }
    }

    private static func lines(
        of row: [String],
        _ columns: [Column],
        _ indent: Int,
        _ width: Int,
        isCut: Bool
    ) -> [String] {
        guard let last = row.last else { return [] }
        var line = String(repeating: " ", count: indent)
        for (cell, column) in zip(row.dropLast(), columns) {
            let shown = isCut && !column.isNumeric ? LabelText.cutMiddle(cell, to: column.width) : cell
            line += column.padded(shown) + "   "
        }
        if columns[row.count - 1].isNumeric { return [line + columns[row.count - 1].padded(last)] }
        guard !last.isEmpty else { return [String(line.reversed().drop { $0 == " " }.reversed())] }
        let used = line.columns
        let lines = wrap(last, indent: 0, hang: 0, width: max(width - used, lastColumn))
        let hang = String(repeating: " ", count: used)
        return lines.enumerated().map { ($0.offset == 0 ? line : hang) + $0.element }
    }

    /// Takes columns off the widest texts, but for those of the last, which wrap, until all fit; 12 are left each.
    private static func shrink(_ columns: inout [Column], to width: Int) {
        guard let last = columns.last else { return }
        let room = width - (last.isNumeric ? last.width : min(last.width, lastColumn))
        while columns.dropLast().reduce(0, { $0 + $1.width + 3 }) > room {
            let texts = columns.indices.dropLast().filter { !columns[$0].isNumeric && columns[$0].width > 12 }
            guard let widest = texts.max(by: { columns[$0].width < columns[$1].width }) else { return }
            columns[widest].width -= 1
        }
    }
}
