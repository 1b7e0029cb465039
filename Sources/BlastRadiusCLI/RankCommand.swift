internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports
internal import Simulation
internal import Topology

struct RankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rank",
        abstract: "Rank every loss by what it costs: one at a time, and by twos.",
        usage: "blast-radius rank [--kind <kind>] ... [--site <site>] [-o <file>] ...",
        discussion: """
            What a loss costs is the weight of everything that it takes down, by criticality, and a share of what it \
            degrades; weights: in the topology sets both. Single losses are exact. Pairs are those that cost more \
            together than apart; they are exact too, unless the output says what was left out.
            """
    )

    @Option(name: .long, help: ArgumentHelp("Only entities of this kind. Repeats.", valueName: "kind"))
    var kind: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only entities that stand in this site.", valueName: "site"))
    var site: String?

    @Option(name: .long, help: ArgumentHelp("How many losses and pairs to list. (default: all)", valueName: "count"))
    var top: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("How many nodes and arcs the search for pairs may look at.", valueName: "steps")
    )
    var pairBudget = SimulationModel.defaultPairBudget

    @OptionGroup var topology: TopologyOptions
    @OptionGroup var result: OutputOptions<PageFormat>
    @OptionGroup(title: "Picture") var picture: PictureOptions

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top must be at least 1") }
        if pairBudget < 0 { throw ValidationError("--pair-budget must not be negative") }
    }

    func run() throws {
        var session = Session()
        guard let platform = topology.load(session: &session) else { return try session.finish() }
        let known = platform.topology.kinds.map(\.name)
        for name in kind where !known.contains(name) {
            session.report([
                Diagnostic(
                    .error,
                    "unknown-kind",
                    "no entity is of kind '\(name)'",
                    fix: nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
                        ?? "kinds here: \(known.joined(separator: ", "))"
                )
            ])
        }
        let sites = session.entities(site.map { [$0] } ?? [], platform)
        if let place = sites?.first, platform.topology.site(of: place) != place {
            session.report([
                Diagnostic(
                    .error,
                    "not-a-site",
                    "'\(platform.topology.name(of: place))' is not a site",
                    fix: platform.topology.site(of: place).map {
                        "it stands in '\(platform.topology.name(of: $0))'"
                    }
                )
            ])
        }
        guard !session.hasFailed else { return try session.finish() }
        let ranking = platform.riskRanking(kinds: Set(kind), site: sites?.first, top: top, pairBudget: pairBudget)
        result.write(Views(ranking, picture), &session)
        try session.finish()
    }
}

extension Views {
    fileprivate init(_ ranking: RiskRanking, _ picture: PictureOptions) {
        self.init(
            summary: { RankReport.summary(ranking, colours: $0, width: $1) },
            json: { RankReport.json(ranking) },
            markdown: { RankReport.markdown(ranking, picture: $0) },
            html: { RankReport.html(ranking, svg: $0) },
            picture: Picture(picture) { RankReport.picture(ranking) }
        )
    }
}
