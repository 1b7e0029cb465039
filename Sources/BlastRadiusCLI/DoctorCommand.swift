internal import Alerts
internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Diagram
internal import GraphvizRenderer
internal import LiveSources
internal import Reports
internal import Time
internal import Topology

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what an analysis rests on: servers, alert rules, their coverage, pictures.",
        usage: "blast-radius doctor [--alertmanager <url>] ... [-o <file>] ...",
        discussion: """
            Says which servers answer and how fast, which alert rules lead to no entity, which entities have no alert \
            rule, what is out of date, and what is missing to draw pictures. Each finding says what to do. Exits with 1 \
            when something is broken, not for warnings.
            """
    )

    @OptionGroup var input: InputOptions

    @Option(
        name: .long,
        help: ArgumentHelp("How old a topology file may be before it is doubted.", valueName: "duration")
    )
    var maxAge = SpanArgument(.hours(90 * 24))

    @OptionGroup var result: OutputOptions<DoctorFormat>

    struct DoctorFormat: SomeForms {
        static let formats: [OutputFormat] = [.text, .json]

        let format: OutputFormat
    }

    func run() throws {
        var report = DoctorReport()
        let now = Timestamp.now
        var memory: LiveMemory? = LiveMemory { false }
        var inputs = Session(keepingFindings: true)
        let (platform, builder) = input.read(alerts: [], &memory, session: &inputs)
        report.findings = inputs.findings.filter { $0.severity != .note }
        report.examine(memory?.snapshot ?? LiveSources.Snapshot(), from: now, to: .now)
        if let platform {
            report.audit = platform.audit(builder.incident?.incident.monitoring ?? builder.monitoring)
            report.platform = platform
            report.findings += report.coverageFindings() + staleness(of: platform, at: now)
        }
        report.findings += DrawingCheck.findings()
        var session = Session(after: inputs)
        result.write(text: { report.text }, json: { report.json }, &session)
        if session.hasFailed || report.findings.containsError { throw ExitCode(1) }
    }

    /// What has not been looked at for too long.
    private func staleness(of platform: Platform, at now: Timestamp) -> [Diagnostic] {
        let overdue = platform.knownIssues.filter { $0.reviewBy.map { $0 < now.day } ?? false }
        return overdue.map { issue in
            Diagnostic(
                .warning,
                "overdue-issue",
                "known issue '\(issue.id)' was to be reviewed by \(issue.reviewBy ?? "")",
                at: issue.location,
                fix: "review it, and move review_by: or remove it"
            )
        }
            + platform.files.compactMap { path in
                guard let changed = Files.lastChange(of: path), changed + maxAge.span < now else { return nil }
                return Diagnostic(
                    .warning,
                    "old-topology",
                    "nobody has changed this topology for \((now - changed).short)",
                    at: SourceLocation(file: path),
                    fix: "compare it with the platform, for example by blast-radius import … --update"
                )
            }
    }
}

/// What pictures need of the machine.
private enum DrawingCheck {
    static func findings() -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for format in ImageFormat.allCases {
            guard let sample else { break }
            do throws(RenderingError) {
                _ = try GraphvizRenderer.renderInChild(sample, as: format)
            } catch {
                findings.append(
                    Diagnostic(
                        // The pictures that reports hold are SVG; the other formats are a convenience.
                        format == .svg ? .error : .warning,
                        "not-drawn",
                        "no picture can be drawn as \(format.rawValue): \(error)",
                        fix: "install Graphviz's libraries with their plugins (Debian: apt install libgvc6)"
                    )
                )
            }
        }
        if !Files.hasFonts {
            findings.append(
                Diagnostic(
                    .warning,
                    "no-fonts",
                    "no font is installed: PNG and PDF pictures have boxes for letters",
                    fix: "install one (Debian: apt install fonts-dejavu-core)"
                )
            )
        }
        if Files.environment("GVBINDIR") != nil {
            findings.append(
                Diagnostic(
                    .warning,
                    "gvbindir",
                    "GVBINDIR is set: with it, Graphviz's own dot may say 'Layout type: \"dot\" not recognized'",
                    fix: "unset it; blast-radius draws without it"
                )
            )
        }
        return findings
    }

    /// A picture of two boxes.
    private static let sample: Diagram? = {
        let text = "{version: 1, entities: {service/db: {}, service/web: {needs: [service/db]}}}"
        guard let platform = Platform.load([InputFile(path: "sample", bytes: Array(text.utf8))]).platform,
            let loss = platform.topology.entity(named: "service/db")
        else { return nil }
        let forecast = platform.forecast(
            losses: [loss],
            degradations: [],
            restores: [],
            during: nil,
            monitoring: Monitoring()
        )
        return Diagram(WhatIfReport.picture(forecast), options: DiagramOptions())
    }()
}
