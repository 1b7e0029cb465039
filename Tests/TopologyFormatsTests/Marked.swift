import Diagnostics

/// A text with numbered marks, `⟦1⟧`, at the places where findings are expected.
struct Marked {
    /// The text without its marks.
    let text: String
    /// Line and column of each mark, counted as the reader counts: from 1, in scalars.
    let places: [Int: String]

    init(_ marked: String) {
        var text = ""
        var places: [Int: String] = [:]
        var line = 1
        var column = 1
        var rest = Substring(marked)
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == "⟦", let end = rest.firstIndex(of: "⟧"), let number = Int(rest[..<end]) {
                places[number] = "\(line):\(column)"
                rest = rest[rest.index(after: end)...]
                continue
            }
            text.append(character)
            if character == "\n" {
                line += 1
                column = 1
            } else {
                column += character.unicodeScalars.count
            }
        }
        self.text = text
        self.places = places
    }

    /// What a finding should look like: its code and the place of a mark.
    func at(_ mark: Int, _ code: String) -> String { "\(places[mark] ?? "no mark \(mark)") \(code)" }

    static func describe(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.code)" }
    }
}
