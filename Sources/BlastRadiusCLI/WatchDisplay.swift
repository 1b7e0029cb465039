internal import BlastRadius
internal import Diagnostics
internal import Reports
internal import Time
internal import Topology

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What `watch` shows: a screen that is drawn over itself on a terminal, or lines where there is none.
struct WatchDisplay {
    /// Something that is wrong with an input, and since when.
    private struct Trouble {
        var finding: Diagnostic
        var since: Timestamp

        var place: String { finding.location.map { "\($0): " } ?? "" }

        /// Whether it is the same trouble, though the words may differ: they may hold times.
        func isSame(as other: Diagnostic) -> Bool {
            finding.code == other.code && finding.location == other.location
        }
    }

    private struct Size: Hashable {
        var rows: Int
        var columns: Int
    }

    /// What is on the screen, so that what is there already is not drawn again.
    private struct Picture: Hashable {
        var lines: [String]
        var size: Size
    }

    private let isTerminal: Bool
    private let isQuiet: Bool
    private var troubles: [Trouble] = []
    private var answer: (analysis: Analysis, colours: Bool)?
    private var summary = (text: "asking …\n", width: 0)
    private var answeredAt: Timestamp?
    private var shown: Picture?

    init(isTerminal: Bool, isQuiet: Bool) {
        self.isTerminal = isTerminal
        self.isQuiet = isQuiet
    }

    /// Opens a screen of its own, so that what stood on the terminal comes back at the end.
    mutating func begin() {
        guard isTerminal else { return }
        write("\u{1B}[?1049h")
        refresh()
    }

    /// Leaves the last answer on the terminal.
    mutating func end() {
        guard isTerminal else { return }
        write("\u{1B}[?1049l")
        if answeredAt != nil { write(summary.text) }
    }

    /// Takes in what is wrong with the inputs of a look; each thing is told when it begins and when it ends.
    mutating func note(_ findings: [Diagnostic], at now: Timestamp) {
        var current: [Trouble] = []
        for finding in findings where finding.severity != .note && !current.contains(where: { $0.isSame(as: finding) })
        {
            if let known = troubles.first(where: { $0.isSame(as: finding) }) {
                current.append(known)
                continue
            }
            current.append(Trouble(finding: finding, since: now))
            if !isTerminal { Session.printError("\(now.clock)  \(finding)") }
        }
        if !isTerminal, !isQuiet {
            for trouble in troubles where !current.contains(where: { $0.isSame(as: trouble.finding) }) {
                let line = "\(now.clock)  \(trouble.place)well again [\(trouble.finding.code)]"
                Session.printError(line.withVisibleControls)
            }
        }
        troubles = current
    }

    /// Takes in an analysis whose conclusion is new.
    mutating func show(_ analysis: Analysis, colours: Bool, at now: Timestamp) {
        answeredAt = now
        if isTerminal {
            answer = (analysis, colours)
            summary.width = 0
        } else {
            write("\(now.clock)  \(analysis.line)".withVisibleControls + "\n")
        }
    }

    /// Draws the screen if anything on it has changed.
    mutating func refresh() {
        guard isTerminal else { return }
        let size = Self.size
        layOut(width: min(size.columns, TerminalReport.usualWidth))
        let picture = Picture(lines: lines, size: size)
        guard picture != shown else { return }
        shown = picture
        var lines = picture.lines
        if lines.count >= picture.size.rows {
            let kept = max(1, picture.size.rows - 2)
            lines = lines.prefix(kept) + ["… and \(lines.count - kept) more lines: write them with -o FILE"]
        }
        // Over what is there, line by line and in one piece, without wrapping: nothing flickers or scrolls.
        write("\u{1B}[?7l\u{1B}[H" + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J\u{1B}[?7h")
    }

    /// Lays the answer out for so many columns, unless it is.
    private mutating func layOut(width: Int) {
        guard let answer, summary.width != width else { return }
        summary = (TerminalReport.render(answer.analysis, colours: answer.colours, width: width), width)
    }

    private var lines: [String] {
        var lines = [answeredAt.map { "watching; this has stood since \($0.clock)" } ?? "watching"]
        lines += troubles.prefix(5).map {
            "! since \($0.since.clock): \($0.place)\($0.finding.summary)".withVisibleControls
        }
        if troubles.count > 5 { lines.append("! and \(troubles.count - 5) more") }
        lines.append("")
        return lines + summary.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private static var size: Size {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else {
            return Size(rows: 24, columns: 80)
        }
        return Size(rows: Int(size.ws_row), columns: Int(size.ws_col))
    }

    private func write(_ text: String) { try? Files.write(Array(text.utf8), to: "-") }
}

extension Analysis {
    /// Root causes and verdicts in a line.
    fileprivate var line: String {
        let causes = rootCauses.map { root in
            "\(topology.name(of: root.entity)) \(root.effect.rawValue)"
                + (root.onset.map { " since \($0.rfc3339)" } ?? "")
        }
        let verdicts = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\($0) \(verdict.words)" } }
        return (causes.isEmpty ? "no root cause" : causes.joined(separator: ", "))
            + " · " + (verdicts.isEmpty ? "no alerts" : verdicts.joined(separator: ", "))
    }
}

extension Timestamp {
    /// To the second: what happens now needs no more.
    fileprivate var clock: String { Timestamp(milliseconds: milliseconds / 1_000 * 1_000).rfc3339 }
}
