internal import Alerts
internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import LiveSources
internal import Reports
internal import Time
internal import Topology

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Explain the alerts again and again, and tell when the conclusion changes.",
        usage: "blast-radius watch --alertmanager <url> ... [-o <file>] ...",
        discussion: """
            The conclusion is what broke, what that affects, and how many alerts have each verdict; not how long it has \
            been so. Only when it changes, the terminal is drawn anew, the files of -o are written again, and, where \
            standard output is no terminal, a line is printed. While nothing can be had the last answer stands, with \
            the time since when. Files are read again at each look. Ctrl-C ends it.
            """
    )

    @Argument(help: ArgumentHelp("Files of alerts.", valueName: "alerts"))
    var alerts: [String] = []

    @Option(name: .long, help: ArgumentHelp("How long to wait between two looks.", valueName: "duration"))
    var interval = SpanArgument(.seconds(30))

    @OptionGroup var input: InputOptions
    @OptionGroup var result: OutputOptions<OutputFormat>
    @OptionGroup(title: "Picture") var picture: PictureOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    func validate() throws {
        try input.requireAlerts(alerts)
        guard (.seconds(1) ... .hours(24)).contains(interval.span) else {
            throw ValidationError("--interval must be from 1s to 24h")
        }
        if alerts.contains("-") { throw ValidationError("watch reads its files again and again: - cannot be") }
    }

    func run() throws {
        let signals = StopSignals()
        var memory: LiveMemory? = LiveMemory { signals.arePending }
        var session = Session()
        var display = WatchDisplay(isTerminal: showsSummary && Session.isTerminal, isQuiet: input.topology.quiet)
        var conclusion: Conclusion?
        display.begin()
        while !signals.arePending, Files.hasReader {
            let look = look(&memory)
            guard !signals.arePending else { break }
            let now = Timestamp.now
            display.note(look.findings, at: now)
            if let analysis = look.analysis, !look.mayLackAlerts(since: conclusion) {
                memory?.settle()
                let found = Conclusion(analysis)
                if found != conclusion {
                    conclusion = found
                    // Files first: who reads the line can read them.
                    let views = Views(analysis, report.load(&session), picture)
                    result.write(views, to: otherTargets, &session)
                    display.show(analysis, colours: !result.noColor && Session.showsColours, at: now)
                }
            }
            display.refresh()
            signals.wait(interval.span)
        }
        display.end()
        try session.finish()
    }

    /// Whether the summary, or a line in its place, goes to standard output.
    private var showsSummary: Bool { !result.targets.contains { $0.path == "-" && $0.format != .summary } }

    private var otherTargets: [(path: String, format: OutputFormat)] {
        result.targets.filter { $0.path != "-" || $0.format != .summary }
    }

    private func look(_ memory: inout LiveMemory?) -> Look {
        var session = Session(keepingFindings: true)
        var analysis: Analysis?
        if let (platform, incident) = input.load(alerts: alerts, &memory, session: &session) {
            analysis = input.analyze(incident, on: platform, session: &session)
        }
        return Look(
            analysis: analysis,
            isBlind: input.live.isGiven && memory?.isBlind == true,
            isRefilling: memory?.isRefilling == true,
            findings: session.findings
        )
    }
}

/// One look at everything.
private struct Look {
    /// Nil when nothing could be had.
    var analysis: Analysis?
    /// Whether no server told what fires.
    var isBlind: Bool
    /// Whether the Alertmanagers began anew a moment ago, and wait for Prometheus to send its alerts again.
    var isRefilling: Bool
    var findings: [Diagnostic]

    /// Whether an earlier look says more of what fires.
    func mayLackAlerts(since earlier: Conclusion?) -> Bool {
        guard let analysis, let earlier else { return false }
        return isBlind || isRefilling && analysis.ledger.count < earlier.alertCount
    }
}

/// What an analysis comes to, whenever it was made: only when this changes is there something to tell.
struct Conclusion: Equatable {
    private let roots: [String]
    private let effects: [String]
    private let counts: [Analysis.Verdict: Int]

    init(_ analysis: Analysis) {
        let topology = analysis.topology
        roots = analysis.rootCauses.map { "\($0.effect.rawValue) \(topology.name(of: $0.entity))" }
        effects = analysis.affected.map { "\($0.effect.rawValue) \(topology.name(of: $0.entity))" }
        counts = analysis.counts
    }

    /// How many alerts it rests on.
    var alertCount: Int { counts.values.reduce(0, +) }
}
