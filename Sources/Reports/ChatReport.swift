internal import Alerts
public import BlastRadius
internal import Diagnostics
internal import Diagram
internal import Inference
internal import Time
internal import Topology

/// The analysis short enough for a chat message: what broke, since when, what it takes down, what to do first.
public enum ChatReport {
    /// At most so many UTF-16 code units, line break included.
    ///
    /// Slack refuses text blocks of more than 3,000 characters.
    public static let limit = 2_900

    /// Plain text.
    ///
    /// - Complexity: O(affected entities × root causes).
    public static func text(_ analysis: Analysis) -> String {
        fit(analysis) { $0.plain.onOneLine.withVisibleControls }
    }

    /// Slack's mrkdwn.
    ///
    /// - Complexity: O(affected entities × root causes).
    public static func slack(_ analysis: Analysis) -> String { fit(analysis, SlackText.inline) }

    /// Fewer root causes are told until the message is short enough, then fewer of its other lines: a line is never cut,
    /// since that could fall into an escape.
    private static func fit(_ analysis: Analysis, _ inline: (RichText) -> String) -> String {
        let builder = ChatBuilder(analysis: analysis, wording: Wording(analysis: analysis))
        var shown = min(5, analysis.rootCauses.count)
        var lines: [String]
        repeat {
            lines = builder.lines(rootCauses: shown).map { inline($0) + "\n" }
            shown -= 1
        } while shown >= 0 && isTooLong(lines)
        while isTooLong(lines), lines.count > 1 { lines.removeLast() }
        return lines.joined()
    }

    private static func isTooLong(_ lines: [String]) -> Bool { lines.reduce(0) { $0 + $1.utf16.count } > limit }
}

private struct ChatBuilder {
    let analysis: Analysis
    let wording: Wording

    func lines(rootCauses shown: Int) -> [RichText] {
        let context = analysis.context
        let name = [context.number.map { "#\($0)" }, context.title].compactMap(\.self).joined(separator: " ")
        var lines: [RichText] = name.isEmpty ? [] : ["\(strong: cut(name))"]
        lines.append("\(strong: wording.headline)")
        if let incomplete = wording.incomplete { lines.append("\(cut(incomplete))") }
        for index in 0..<shown { lines += rootCause(index) }
        if analysis.rootCauses.count > shown {
            lines.append("… and \(analysis.rootCauses.count - shown) more root causes")
        }
        lines += wording.bursts.prefix(2).map { "\(cut(wording.what($0), to: 240))" }
        let open = analysis.ledger.filter { $0.verdict == .unexplained || $0.verdict == .unmatched }
        if !open.isEmpty {
            let names = Set(open.map(\.alert.shownName)).sorted().prefix(3).map { RichText("\(code: cut($0))") }
            lines.append("not explained: \(Wording.count(open.count, "alert")), such as \(names.joined(", "))")
        }
        if let overdue = wording.overdueReviews { lines.append("\(cut(overdue))") }
        let blind = Set(analysis.blindSpots.map(wording.observerState)).sorted()
        if !blind.isEmpty {
            let spots = wording.counts(analysis.blindSpots.map(\.entity))
            lines.append("blind spots: \(cut(spots)), since \(cut(Wording.list(blind, limit: 2)))")
        }
        return lines
    }

    private func rootCause(_ index: Int) -> [RichText] {
        let root = analysis.rootCauses[index]
        var head: RichText =
            "\(index + 1). \(strong: root.severity.rawValue.uppercased()) \(code: cut(wording.name(root.entity))) "
            + "\(wording.shortSince(root))"
        head = head + ", \(Wording.percent(root.confidence)) %\(root.isSilent ? ", silent" : "")"
        if let rival = wording.seriousRival(of: root) {
            head = head + " (or \(cut(wording.what(rival))), \(Wording.percent(rival.confidence)) %)"
        }
        var lines = [head]
        for one in wording.consequences(index) where !one.seen.isEmpty {
            let names = wording.shortList(one.seen, limit: 5)
            lines.append("    \(one.label) \(names)\(cut(wording.tail(one)))")
        }
        for reason in wording.reasons(root).prefix(2) {
            lines.append("    before it: \(cut(reason)), its likely reason")
        }
        for discounted in wording.discounted(root).prefix(2) { lines.append("    discounted: \(cut(discounted))") }
        for contradiction in wording.contradictions(index).prefix(2) { lines.append("    but \(cut(contradiction))") }
        for suppression in wording.suppressions(root).prefix(2) { lines.append("    \(cut(suppression))") }
        if let action = root.actions.first { lines.append("    \(action.priority.rawValue): \(cut(action.text))") }
        return lines
    }

    /// A text of several pieces, each cut.
    private func cut(_ text: RichText) -> RichText {
        var text = text
        text.pieces = text.pieces.map { piece in
            if case .code(let name) = piece { return .code(cut(name)) }
            return piece
        }
        return text
    }

    /// At most so many UTF-16 code units of a text, cut between characters.
    private func cut(_ text: String, to limit: Int = 120) -> String {
        guard text.utf16.count > limit else { return text }
        var rest = limit - 1
        return text.prefix { character in
            rest -= character.utf16.count
            return rest >= 0
        } + "…"
    }
}

/// Text from data inside Slack's mrkdwn: the one owner of that escaping.
///
/// Slack escapes three characters and no others. What would format or mention has a word joiner (U+2060), which has no
/// width, on either side, so that it is no mark any more; so has a colon that a name and another colon follow, the mark of
/// an emoji. Source: Slack API, "Formatting message text".
enum SlackText {
    static func escape(_ text: String) -> String {
        code(text).replacing(/:(?=[^\s:]+:)/, with: "\u{2060}:\u{2060}").replacingScalars { scalar in
            switch scalar {
            case "*", "_", "~", "`", "@", "#": "\u{2060}\(scalar)\u{2060}"
            default: nil
            }
        }
    }

    static func inline(_ text: RichText) -> String {
        text.pieces.map { piece in
            switch piece {
            case .text(let text), .link(let text, _): escape(text)
            case .strong(let text): "*\(escape(text))*"
            case .code(let text): text.contains("`") ? escape(text) : "`\(code(text))`"
            }
        }
        .joined()
    }

    /// Inside backticks nothing formats; the three characters are escaped all the same.
    private static func code(_ text: String) -> String {
        text.onOneLine.withVisibleControls.replacingScalars { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: nil
            }
        }
    }
}
