internal import ArgumentParser

/// What an output can be.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case summary
    case json
    case svg
    case png
    case pdf
    case dot
    case mmd
    case md
    case html
    case text
    case slack
    case grafana
    case metrics

    /// The format that a file's name asks for.
    init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "json": self = .json
        case "svg": self = .svg
        case "png": self = .png
        case "pdf": self = .pdf
        case "dot", "gv": self = .dot
        case "mmd", "mermaid": self = .mmd
        case "md", "markdown": self = .md
        case "html", "htm": self = .html
        case "prom": self = .metrics
        case "txt": self = .summary
        default: return nil
        }
    }
}

/// Where results go.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write; the extension chooses: .svg .png .pdf .dot .mmd .md .html .json .txt .prom. Repeats; - is standard output.",
            valueName: "file"
        )
    )
    var output: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The format, whatever the extension.",
            valueName: OutputFormat.allCases.map(\.rawValue).joined(separator: "|")
        )
    )
    var format: OutputFormat?

    @Flag(name: .long, help: "Print without colours. NO_COLOR does the same.")
    var noColor = false

    func validate() throws {
        for path in output where format == nil && OutputFormat(path: path) == nil {
            throw ValidationError(
                path == "-"
                    ? "-o - needs --format, for example --format svg"
                    : "cannot tell the format of '\(path)': use .svg .png .pdf .dot .mmd .md .html .json .txt or .prom, or --format"
            )
        }
    }

    /// What to write where.
    ///
    /// Without -o the result goes to standard output; on a terminal the summary always does.
    var targets: [(path: String, format: OutputFormat)] {
        var targets = output.map { ($0, format ?? OutputFormat(path: $0) ?? .summary) }
        if output.isEmpty {
            targets.append(("-", format ?? .summary))
        } else if Session.isTerminal, !output.contains("-") {
            targets.append(("-", .summary))
        }
        return targets
    }
}
