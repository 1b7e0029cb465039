internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports
internal import Topology

struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Show what goes down with entities, what is left without redundancy, which alerts fire.",
        usage: "blast-radius what-if <entity> ... [--during <alerts>] [-o <file>] ...",
        discussion: """
            An entity is a full name, an alias, or a name without the kind that only one entity has. With --during \
            the losses come on top of the root causes that explain those alerts; with --during alone, the answer is \
            what the next loss would end. The alerts that would fire come from the topology's rules, from --rules and \
            from --history.
            """
    )

    @Argument(help: ArgumentHelp("What is lost.", valueName: "entity"))
    var losses: [String] = []

    @Option(name: .long, help: ArgumentHelp("What keeps serving, but badly. Repeats.", valueName: "entity"))
    var degrade: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("What works again, of the root causes of --during. Repeats.", valueName: "entity")
    )
    var restore: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Start from the incident that these alerts tell of; - is standard input. Repeats.",
            valueName: "alerts"
        )
    )
    var during: [String] = []

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Take the arguments as files, - by default, with a question on each line, as in {\"lost\": [\"site/a\"]}; "
                + "print the JSON of each answer on a line."
        )
    )
    var ndjson = false

    @OptionGroup var input: InputOptions
    @OptionGroup var result: OutputOptions<PageFormat>
    @OptionGroup(title: "Picture") var picture: PictureOptions

    /// Whether an incident is under way, as files or servers tell.
    private var isDuring: Bool { !during.isEmpty || input.live.isGiven }

    func validate() throws {
        if ndjson { try result.requireLines() }
        if ndjson, !(degrade + restore).isEmpty {
            throw ValidationError("with --ndjson each line says what degrades and what works again")
        }
        if !ndjson, losses.isEmpty, degrade.isEmpty, !isDuring {
            throw ValidationError("name what is lost, or what degrades with --degrade, or an incident with --during")
        }
        if !restore.isEmpty, !isDuring {
            throw ValidationError("--restore needs --during: without an incident nothing is down that could come back")
        }
    }

    func run() throws {
        var session = Session()
        let (platform, builder) = input.read(alerts: during, session: &session)
        guard let platform else { return try session.finish() }
        if ndjson { return try answerLines(platform, builder, &session) }
        let (lost, degraded, restored) = (
            session.entities(losses, platform), session.entities(degrade, platform), session.entities(restore, platform)
        )
        guard let lost, let degraded, let restored else { return try session.finish() }
        var incident: Analysis?
        var monitoring = builder.monitoring
        if isDuring {
            guard let (known, notes) = builder.incident else { return try session.finish() }
            let (analysis, findings) = known.analyze(on: platform)
            session.report(notes + findings)
            session.warn(restored, notRootsOf: analysis)
            incident = analysis
            monitoring = known.monitoring
        }
        let forecast = platform.forecast(
            losses: lost,
            degradations: degraded,
            restores: restored,
            during: incident,
            monitoring: monitoring
        )
        result.write(Views(forecast, picture), &session)
        try session.finish()
    }

    /// Answers each line by itself, on one platform and on top of one incident.
    private func answerLines(_ platform: Platform, _ builder: IncidentBuilder, _ session: inout Session) throws {
        guard !session.hasFailed else { return try session.finish() }
        let known = isDuring ? builder.incident?.incident : nil
        let forecaster = Forecaster(
            platform,
            during: known.map { input.analyze($0, on: platform, session: &session) },
            monitoring: known?.monitoring ?? builder.monitoring
        )
        func entities(_ names: [String]) throws(Diagnostic) -> [EntityID] {
            var found: [EntityID] = []
            for name in names { found.append(try platform.entity(called: name)) }
            return found
        }
        LineFilter.run(losses.isEmpty ? ["-"] : losses, &session) { line throws(Diagnostic) in
            let scenario = try ScenarioLine(line)
            return WhatIfReport.json(
                forecaster.forecast(
                    losses: try entities(scenario.lost),
                    degradations: try entities(scenario.degraded),
                    restores: try entities(scenario.restored)
                )
            )
        }
        try session.finish()
    }
}

extension Views {
    fileprivate init(_ forecast: Forecast, _ picture: PictureOptions) {
        self.init(
            summary: { WhatIfReport.summary(forecast, colours: $0, width: $1) },
            json: { WhatIfReport.json(forecast) },
            markdown: { WhatIfReport.markdown(forecast, picture: $0) },
            html: { WhatIfReport.html(forecast, svg: $0) },
            picture: Picture(picture) { WhatIfReport.picture(forecast) }
        )
    }
}

extension Session {
    /// Looks up the entities that a person named; reports every name that is none, and returns nil if there is one.
    mutating func entities(_ names: [String], _ platform: Platform) -> [EntityID]? {
        var found: [EntityID] = []
        for name in names {
            do throws(Diagnostic) {
                found.append(try platform.entity(called: name))
            } catch {
                report([error])
            }
        }
        return found.count == names.count ? found : nil
    }

    /// Says which of the entities to restore are no root causes: they stay down for as long as their causes do.
    fileprivate mutating func warn(_ restored: [EntityID], notRootsOf analysis: Analysis) {
        let roots = Set(analysis.rootCauses.map(\.entity))
        let topology = analysis.topology
        report(
            restored.filter { !roots.contains($0) }.map { entity in
                let causes = analysis.rootCauses.map { topology.name(of: $0.entity) }.joined(separator: ", ")
                return Diagnostic(
                    .warning,
                    "not-a-root-cause",
                    "'\(topology.name(of: entity))' is no root cause of the incident, so restoring it changes nothing",
                    fix: "restore one of: \(causes)"
                )
            }
        )
    }
}
