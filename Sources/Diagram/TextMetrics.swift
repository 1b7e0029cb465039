/// How wide text will be, without a font library: the same numbers on every machine, and so the same picture.
///
/// Latin, Greek and Cyrillic are measured by the widths of Helvetica and Arial. Other characters are taken to be as wide
/// as the widest common font makes them, joined emoji as if they stood apart, since a box that is too wide is ugly and
/// one that is too narrow is illegible.
package enum TextMetrics {
    /// Captions are set a little apart, as small capitals are.
    package static let captionSize = 8.0
    package static let captionSpacing = 0.4

    /// How much wider common substitutes for Helvetica are, in per cent: DejaVu Sans and Verdana.
    private static let substitute = 117

    /// In points.
    ///
    /// - Complexity: O(length).
    package static func width(of text: some StringProtocol, size: Double, isBold: Bool) -> Double {
        var measured = 0
        var assumed = 0
        var count = 0
        var isExact = true
        for scalar in text.unicodeScalars {
            count += 1
            if let width = measuredWidth(of: scalar, isBold: isBold) {
                measured += width
            } else {
                isExact = false
                assumed += assumedWidth(of: scalar)
            }
        }
        // Text of known width is fitted to it in any font; other text needs room for a reader's substitute.
        let thousandths = isExact ? measured : measured * substitute / 100 + assumed
        return Double(thousandths) * size / 1_000 + (size == captionSize ? Double(count) * captionSpacing : 0)
    }

    /// Whether every character's width is known rather than assumed.
    package static func isExact(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.allSatisfy { measuredWidth(of: $0, isBold: false) != nil }
    }

    private static func measuredWidth(of scalar: Unicode.Scalar, isBold: Bool) -> Int? {
        let value = scalar.value
        func entry(_ table: [UInt16], from start: UInt32) -> Int? {
            guard value >= start, Int(value - start) < table.count else { return nil }
            let width = Int(table[Int(value - start)])
            return width > 0 ? width : nil
        }
        return entry(isBold ? FontWidths.latinBold : FontWidths.latinRegular, from: FontWidths.latinStart)
            ?? entry(
                isBold ? FontWidths.greekAndCyrillicBold : FontWidths.greekAndCyrillicRegular,
                from: FontWidths.greekAndCyrillicStart
            ) ?? common[value]
    }

    private static func assumedWidth(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        // Marks on Latin letters, which stand beside them where a font lacks them.
        case 0x300...0x36F: return 350
        // What was text before this is an emoji, which is wider.
        case 0xFE0F: return 900
        // Long arrows.
        case 0x27F0...0x27FF: return 1_700
        case ..<0x300: return 620
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if scalar.value >= 0x1F000 || scalar.properties.isEmojiPresentation { return 1_380 }
        if scalar.isWide { return 1_020 }
        return scalar.value < 0x900 ? 720 : 1_000
    }

    private static let common: [UInt32: Int] = [
        0x2010: 333, 0x2011: 333, 0x2013: 556, 0x2014: 1_000, 0x2018: 278, 0x2019: 278, 0x201C: 500, 0x201D: 500,
        0x2022: 350, 0x2026: 1_000, 0x2030: 1_000, 0x20AC: 556, 0x2122: 1_000, 0x2190: 1_000, 0x2192: 1_000,
        0x2212: 584, 0x2248: 549, 0x2260: 549, 0x2264: 549, 0x2265: 549,
    ]
}
