internal import ArgumentParser
internal import BlastRadius
internal import Reports
internal import Simulation
internal import Time

struct CutSetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut-sets",
        abstract: "List the smallest sets of losses that bring an entity down, and how often to expect it.",
        usage: "blast-radius cut-sets <entity> [--order <count>] [-o <file>] ...",
        discussion: """
            Every set up to the order is listed, and none that holds a smaller one. How often each happens comes from \
            the faults a year of the kinds (check --kinds) and from --repair; the output states the assumptions.
            """
    )

    @Argument(help: ArgumentHelp("What goes down: a name, an alias.", valueName: "entity"))
    var entity: String

    @Option(name: .long, help: ArgumentHelp("How many losses a set may have.", valueName: "count"))
    var order = 3

    @Option(
        name: .long,
        help: ArgumentHelp("How long a fault lasts on average, for example 4h or 30m.", valueName: "duration")
    )
    var repair: RepairTime = .usual

    @OptionGroup var topology: TopologyOptions
    @OptionGroup var result: OutputOptions<PageFormat>
    @OptionGroup(title: "Picture") var picture: PictureOptions

    func validate() throws {
        if order < 1 { throw ValidationError("--order must be at least 1") }
    }

    func run() throws {
        var session = Session()
        guard let platform = topology.load(session: &session),
            let entity = session.entities([entity], platform)?.first
        else { return try session.finish() }
        let options = CutSetOptions(order: order, meanTimeToRepair: repair.hours)
        let sets = platform.cutSets(of: entity, options)
        result.write(Views(sets, platform, picture), &session)
        try session.finish()
    }
}

/// A positive duration as people write it: `4h`, `1h30m`.
struct RepairTime: ExpressibleByArgument {
    var hours: Double
    var defaultValueDescription: String { Span(milliseconds: Int64(hours * 3_600_000)).short }

    static let usual = RepairTime(hours: CutSetOptions().meanTimeToRepair)

    init(hours: Double) { self.hours = hours }

    init?(argument: String) {
        guard let span = Span(prometheus: argument), span > .zero else { return nil }
        hours = Double(span.milliseconds) / 3_600_000
    }
}

extension Views {
    fileprivate init(_ sets: CutSets, _ platform: Platform, _ picture: PictureOptions) {
        self.init(
            summary: { CutSetsReport.summary(sets, platform, colours: $0, width: $1) },
            json: { CutSetsReport.json(sets, platform) },
            markdown: { CutSetsReport.markdown(sets, platform, picture: $0) },
            html: { CutSetsReport.html(sets, platform, svg: $0) },
            picture: Picture(picture) { CutSetsReport.picture(sets, platform) }
        )
    }
}
