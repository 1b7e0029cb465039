/// How wide text will be, without a font library: the same numbers on every machine, and so the same picture.
///
/// Latin, Greek and Cyrillic are measured by the widths of Helvetica and Arial. Other characters are taken to be as wide
/// as the widest common font makes them, joined emoji as if they stood apart, since a box that is too wide is ugly and
/// one that is too narrow is illegible.
package enum TextMetrics {
    /// Captions are set a little apart, as small capitals are.
    package static let captionSize = 8.0
    package static let captionSpacing = 0.4

    /// In points.
    ///
    /// - Complexity: O(length).
    package static func width(of text: some StringProtocol, size: Double, isBold: Bool) -> Double {
        var thousandths = 0
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            thousandths += width(of: scalar, isBold: isBold)
        }
        return Double(thousandths) * size / 1_000 + (size == captionSize ? Double(count) * captionSpacing : 0)
    }

    /// Whether every character's width is known rather than assumed.
    package static func isExact(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.allSatisfy { ($0.value >= 0x20 && $0.value < 0x250) || common[$0.value] != nil }
    }

    private static func width(of scalar: Unicode.Scalar, isBold: Bool) -> Int {
        let value = scalar.value
        if value >= FontWidths.latinStart {
            let latin = isBold ? FontWidths.latinBold : FontWidths.latinRegular
            let index = Int(value - FontWidths.latinStart)
            if index < latin.count, latin[index] > 0 { return Int(latin[index]) }
        }
        if value >= FontWidths.greekAndCyrillicStart {
            let table = isBold ? FontWidths.greekAndCyrillicBold : FontWidths.greekAndCyrillicRegular
            let index = Int(value - FontWidths.greekAndCyrillicStart)
            if index < table.count, table[index] > 0 { return Int(table[index]) }
        }
        if let width = common[value] { return width }
        if value < 0x300 { return 620 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if value >= 0x1F000 { return 1_380 }
        if scalar.isWide { return 1_020 }
        return value < 0x900 ? 720 : 1_000
    }

    private static let common: [UInt32: Int] = [
        0x2010: 333, 0x2011: 333, 0x2013: 556, 0x2014: 1_000, 0x2018: 278, 0x2019: 278, 0x201C: 500, 0x201D: 500,
        0x2022: 350, 0x2026: 1_000, 0x2030: 1_000, 0x20AC: 556, 0x2122: 1_000, 0x2190: 1_000, 0x2192: 1_000,
        0x2212: 584, 0x2248: 549, 0x2260: 549, 0x2264: 549, 0x2265: 549,
    ]
}
