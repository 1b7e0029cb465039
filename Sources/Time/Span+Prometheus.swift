extension Span {
    /// Reads a Prometheus duration: one or more of `1y`, `2w`, `3d`, `4h`, `5m`, `6s`, `7ms`, in that order, each at
    /// most once, or a bare `0`.
    ///
    /// Source: Prometheus, "Querying basics", time durations (`model.ParseDuration`).
    public init?(prometheus text: some StringProtocol) {
        if text == "0" {
            self = .zero
            return
        }
        let units: [(name: String, milliseconds: Int64)] = [
            ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000),
            ("s", 1_000), ("ms", 1),
        ]
        var total: Int64 = 0
        var nextUnit = 0
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let count = Int64(digits), let unit = units[nextUnit...].firstIndex(where: { $0.name == name }) else {
                return nil
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: units[unit].milliseconds)
            let (sum, sumOverflow) = total.addingReportingOverflow(product)
            guard !overflow, !sumOverflow, sum < 1_000_000_000_000_000 else { return nil }
            total = sum
            nextUnit = unit + 1
        }
        self.init(milliseconds: total)
    }

    /// The length as Prometheus writes it, exactly: `1h30m`, `40m`, `0s`.
    ///
    /// Days are the largest unit. What is negative counts as nothing.
    public var prometheus: String {
        var rest = max(0, milliseconds)
        var text = ""
        for (name, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
            as [(String, Int64)]
        {
            if rest >= length { text += "\(rest / length)\(name)" }
            rest %= length
        }
        return text.isEmpty ? "0s" : text
    }

    /// The length in words that people write: `40m`, `2d 3h`, `15s`; at most two units, rounded down.
    public var short: String {
        var rest = milliseconds.magnitude / 1_000
        guard rest > 0 else { return "0s" }
        var parts: [String] = []
        for (name, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] as [(String, UInt64)] {
            let count = rest / length
            if count > 0 {
                parts.append("\(count)\(name)")
                rest -= count * length
            }
            if parts.count == 2 || (!parts.isEmpty && rest == 0) { break }
        }
        return (milliseconds < 0 ? "-" : "") + parts.joined(separator: " ")
    }
}
