internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Inference
internal import LiveSources
internal import Time

/// The inputs that every command about an incident takes.
struct InputOptions: ParsableArguments {
    @OptionGroup var topology: TopologyOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Prometheus' /api/v1/rules: when each condition began, and every rule's 'for'. Repeats.",
            valueName: "file"
        )
    )
    var rules: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What people know beyond alerts, as YAML: observations, changes, blind observers. Repeats.",
            valueName: "file"
        )
    )
    var context: [String] = []

    @Option(name: .long, help: ArgumentHelp("Changes, as YAML: id, at, touches. Repeats.", valueName: "file"))
    var changes: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Earlier alerts, or a Prometheus range query of ALERTS: how often each fires. Repeats.",
            valueName: "file"
        )
    )
    var history: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Alertmanager's /api/v2/silences, for the reasons that people gave. Repeats.",
            valueName: "file"
        )
    )
    var silences: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How much work to do for the proof, in millions of steps; what is found by then is given with its gap.",
            valueName: "steps"
        )
    )
    var budget = 300

    @OptionGroup(title: "Live sources") var live: LiveOptions

    func validate() throws {
        guard (1...1_000_000).contains(budget) else { throw ValidationError("--budget must be from 1 to 1000000") }
    }

    /// Works out what broke, within the budget.
    ///
    /// Reports what is wrong with the context.
    func analyze(_ incident: Incident, on platform: Platform, session: inout Session) -> Analysis {
        let (analysis, findings) = incident.analyze(on: platform, budget: budget * 1_000_000)
        session.report(findings)
        return analysis
    }

    /// Checks that alerts come from somewhere.
    ///
    /// - Throws: wrong usage.
    func requireAlerts(_ files: [String]) throws {
        if files.isEmpty, !live.isGiven {
            throw ValidationError("Missing expected argument '<alerts> ...', or --alertmanager or --prometheus")
        }
    }

    /// Reads everything.
    ///
    /// What cannot be read is reported; nil when nothing can be analysed.
    func load(alerts: [String], session: inout Session) -> (platform: Platform, incident: Incident)? {
        var memory: LiveMemory?
        return load(alerts: alerts, &memory, session: &session)
    }

    /// As ``load(alerts:session:)``, with what is kept between looks at the servers.
    func load(
        alerts: [String],
        _ memory: inout LiveMemory?,
        session: inout Session
    ) -> (platform: Platform, incident: Incident)? {
        let (platform, builder) = read(alerts: alerts, &memory, session: &session)
        guard let platform, let (incident, notes) = builder.incident else { return nil }
        session.report(notes)
        return (platform, incident)
    }

    /// Reads everything into the platform and what is known of the incident.
    ///
    /// What cannot be read is reported.
    func read(alerts: [String], session: inout Session) -> (platform: Platform?, builder: IncidentBuilder) {
        var memory: LiveMemory?
        return read(alerts: alerts, &memory, session: &session)
    }

    /// As ``read(alerts:session:)``, with what is kept between looks at the servers.
    func read(
        alerts: [String],
        _ memory: inout LiveMemory?,
        session: inout Session
    ) -> (platform: Platform?, builder: IncidentBuilder) {
        session.isQuiet = topology.quiet
        let (platform, snapshot) = readPlatform(&memory, &session)
        var builder = IncidentBuilder()
        func add(_ paths: [String], _ body: (inout IncidentBuilder, InputFile) -> [Diagnostic]) {
            for path in paths {
                guard let file = session.read(path) else {
                    builder.addUnread(path)
                    continue
                }
                session.report(body(&builder, file))
            }
        }
        add(alerts) { $0.addAlerts($1) }
        session.report(builder.findings(ofAlertsAfter: .now + .minutes(5)))
        if let snapshot { session.report(builder.add(snapshot)) }
        add(rules) { $0.addRules($1) }
        add(silences) { $0.addSilences($1) }
        add(history) { $0.addHistory($1) }
        add(context) { $0.addContext($1) }
        add(changes) { $0.addContext($1) }
        return (platform, builder)
    }

    /// Reads the platform, and asks the servers, if any: at once for all that is to be known of them.
    private func readPlatform(
        _ memory: inout LiveMemory?,
        _ session: inout Session
    ) -> (platform: Platform?, snapshot: LiveSources.Snapshot?) {
        let paths = topology.paths(&session)
        let isImported = paths.isEmpty && live.prometheus != nil
        let platform = isImported ? nil : topology.load(paths, &session)
        // Without a platform there is nothing to ask for, but to see whether the servers answer.
        guard isImported || platform != nil || memory != nil, let sources = live.sources(&session) else {
            return (platform, nil)
        }
        let hours = (platform?.weights ?? Weights()).windowHours
        let now = Timestamp.now
        let wish = live.wish(at: now, incidentHours: hours, topology: isImported)
        let snapshot = memory?.fetch(sources, wish, at: now) ?? sources.fetch(wish)
        return (isImported ? Platform.load(from: snapshot, &session) : platform, snapshot)
    }
}

/// How much every command says.
struct SpeechOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Say nothing on standard error but errors.")
    var quiet = false
}

/// What nearly every command needs: where the topology comes from, and how much to say.
struct TopologyOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The platform. Repeats; later files add to earlier ones. (default: the nearest topology.yaml upward)",
            valueName: "file"
        )
    )
    var topology: [String] = []

    @OptionGroup var speech: SpeechOptions

    /// Whether to keep to errors.
    var quiet: Bool { speech.quiet }

    @Flag(name: .long, help: "Neither keep what a large topology comes to, nor use what was kept.")
    var noCache = false

    /// Reads the platform, looking for a file where none was named.
    func load(session: inout Session) -> Platform? { load(paths(&session), &session) }

    /// The files that were named, or the nearest one; none when there is none.
    func paths(_ session: inout Session) -> [String] {
        session.isQuiet = quiet
        guard topology.isEmpty, let found = Files.nearestTopology() else { return topology }
        session.note("topology: \(found)")
        return [found]
    }

    /// Reads the platform from these files; reports it when there are none.
    func load(_ paths: [String], _ session: inout Session) -> Platform? {
        guard !paths.isEmpty else {
            session.report([.noTopology()])
            return nil
        }
        return TopologyLoader(usesCache: !noCache).load(paths, &session)
    }
}
