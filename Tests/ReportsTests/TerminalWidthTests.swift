import Foundation
import Reports
import Testing

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
}
