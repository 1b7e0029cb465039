import Diagram
import Foundation
import Testing

@testable import Reports

@Suite("The summary on a terminal")
struct TerminalWidthTests {
    /// Only a word that is longer than a line may stand out.
    @Test(arguments: [40, 50, 80])
    func `every line fits a narrow terminal`(width: Int) throws {
        let analysis = try exampleAnalysis()
        let lines = TerminalReport.render(analysis, width: width).split(separator: "\n")
        for line in lines where line.count > width {
            // Indented by 15 at most, one word alone; or a number, a severity and a name.
            let words = line.split(separator: " ")
            #expect(words.count == 1 || Int(words[0]) != nil && words.count <= 4, "\(line)")
        }
        #expect(lines.count > TerminalReport.render(analysis).split(separator: "\n").count)
    }

    @Test func `wrapping leaves every word`() throws {
        let analysis = try exampleAnalysis()
        func words(_ width: Int) -> [Substring] {
            TerminalReport.render(analysis, width: width).split { $0 == " " || $0 == "\n" }
        }
        #expect(words(50) == words(TerminalReport.usualWidth))
    }

    /// Two cells of 40 columns and one of 12 in 60: 3 + 3 and 24 at most are for the margins and the last column.
    @Test func `a table fits a narrow terminal`() {
        let long = String(repeating: "host-", count: 8)
        let rows = [[long, "r", "because it is so"], ["b", long, "no"]]
        let headings = ["what", "where", "why"]
        let narrow = TerminalLayout.table(headings, rows, indent: 3, width: 60)
        for line in narrow.headings + narrow.rows { #expect(line.columns <= 60, "\(line)") }
        let usual = TerminalLayout.table(headings, rows, indent: 3, width: TerminalReport.usualWidth)
        #expect(usual.rows.count { $0.contains(long) } == 2)
    }

    /// The numbers have one digit; "redundancy" is the longest word above them.
    @Test func `in a narrow terminal headings take several lines`() {
        let table = TerminalLayout.table(
            ["of", "down before", "redundancy gone"],
            [["all", "1", "2"]],
            indent: 0,
            width: 60
        )
        #expect(table.headings == ["of      down   redundancy", "      before         gone"])
        #expect(table.rows == ["all        1            2"])
    }

    /// A Chinese character is two columns wide, an emoji too, an accent none.
    @Test func `columns are of what is shown, not of characters`() {
        let rows = [["数据库", "a"], ["e\u{301}tage", "b"], ["🚀", "c"], ["plain", "d"]]
        let table = TerminalLayout.table(["name", "x"], rows, indent: 0, width: 100)
        #expect(table.headings == ["name     x"])
        #expect(table.rows == ["数据库   a", "e\u{301}tage    b", "🚀       c", "plain    d"])
        // Three words of six columns and the spaces between them take 20.
        #expect(TerminalLayout.wrap("数据库 数据库 数据库", indent: 0, hang: 0, width: 20) == ["数据库 数据库 数据库"])
        #expect(TerminalLayout.wrap("数据库 数据库 数据库", indent: 0, hang: 0, width: 19) == ["数据库 数据库", "数据库"])
    }

    /// One name of 200 columns pushes no other row aside.
    @Test func `a very long cell stands out alone`() {
        let long = String(repeating: "x", count: 200)
        let table = TerminalLayout.table(["name", "n"], [[long, "1"], ["b", "2"]], indent: 0, width: 100)
        // A column of 60 and the space between two.
        #expect(table.headings == ["name" + String(repeating: " ", count: 59) + "n"])
        #expect(table.rows == [long + "   1", "b" + String(repeating: " ", count: 62) + "2"])
    }
}
