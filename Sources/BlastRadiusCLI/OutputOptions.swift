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

    /// Whether a file that is named for another format can hold this one: chat messages are text, and panels are JSON.
    func isSort(of named: OutputFormat) -> Bool {
        switch self {
        case .text, .slack: named == .summary
        case .grafana: named == .json
        default: named == self
        }
    }
}

/// The forms that a command can give its result.
protocol ResultForm: ExpressibleByArgument {
    /// All of them, as help and errors list them.
    static var formats: [OutputFormat] { get }

    var format: OutputFormat { get }
}

/// Some of the forms.
protocol SomeForms: ResultForm {
    init(format: OutputFormat)
}

extension OutputFormat: ResultForm {
    static var formats: [OutputFormat] { allCases }

    var format: OutputFormat { self }
}

/// The forms of a result that is read as a page; messages, panels and metrics are of incidents only.
struct PageFormat: SomeForms {
    static let formats: [OutputFormat] = [.summary, .json, .svg, .png, .pdf, .dot, .mmd, .md, .html]

    let format: OutputFormat
}

extension SomeForms {
    static var allValueStrings: [String] { formats.map(\.rawValue) }

    init?(argument: String) {
        guard let format = OutputFormat(rawValue: argument), Self.formats.contains(format) else { return nil }
        self.init(format: format)
    }
}

extension ResultForm {
    /// The form that is for reading in a terminal, in which a result comes without further ado.
    static var plain: OutputFormat { formats.contains(.summary) ? .summary : .text }
}

/// Where a text goes that has no other form.
struct TextOutput: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; repeats. - is standard output.", valueName: "file")
    )
    var output: [String] = []

    func validate() throws {
        for path in output {
            guard let told = OutputFormat(path: path), told != .summary else { continue }
            throw ValidationError("'\(path)' is named for \(told.rawValue), and this is text: use .txt")
        }
    }

    /// Writes the text wherever the options ask; to files perhaps with what standard output does without.
    func write(_ text: String, _ session: inout Session, inFiles whole: String? = nil) {
        for path in output where path != "-" { session.write(Array((whole ?? text).utf8), to: path) }
        if output.isEmpty || output.contains("-") || Session.isTerminal {
            session.write(Array(text.utf8), to: "-")
        }
    }
}

/// Where results go, and in which of the forms that they have.
struct OutputOptions<Form: ResultForm>: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write; the extension chooses: \(extensions.joined(separator: " ")). Repeats; - is standard output.",
            valueName: "file"
        )
    )
    var output: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The format of standard output and of files whose names tell none.",
            valueName: Form.formats.map(\.rawValue).joined(separator: "|")
        )
    )
    var format: Form?

    @Flag(name: .long, help: "Print without colours. NO_COLOR does the same.")
    var noColor = false

    private static var extensions: [String] {
        let known = ["svg", "png", "pdf", "dot", "mmd", "md", "html", "json", "txt", "prom"].map { ".\($0)" }
        return known.filter { told(by: $0) != nil }
    }

    /// The format that a file's name asks for, of those that the result has.
    private static func told(by path: String) -> OutputFormat? {
        let told = OutputFormat(path: path).map { $0 == .summary ? Form.plain : $0 }
        return told.flatMap { Form.formats.contains($0) ? $0 : nil }
    }

    func validate() throws {
        for path in output where format == nil && Self.told(by: path) == nil {
            let known = Self.extensions
            throw ValidationError(
                path == "-"
                    ? "-o - needs --format, for example --format \(Form.formats.contains(.svg) ? "svg" : "json")"
                    : "cannot tell the format of '\(path)': use \(known.dropLast().joined(separator: " ")) or \(known.last ?? ""), or --format"
            )
        }
        guard let format = format?.format, isRefined else { return }
        for path in output {
            guard let told = Self.told(by: path), !format.isSort(of: told) else { continue }
            throw ValidationError(
                "'\(path)' is named for \(told.rawValue), and --format says \(format.rawValue): "
                    + "leave out --format, or add -o - for \(format.rawValue) on standard output"
            )
        }
    }

    /// Checks that the result can be one line of JSON after another.
    ///
    /// - Throws: wrong usage.
    func requireLines() throws {
        guard output.allSatisfy({ $0 == "-" }), format.map({ $0.format == .json }) ?? true else {
            throw ValidationError("--ndjson writes JSON to standard output only: leave -o and --format out")
        }
    }

    /// Whether every output has a name that tells its form, so that --format can only say more exactly which.
    private var isRefined: Bool { output.allSatisfy { Self.told(by: $0) != nil } }

    /// What to write where.
    ///
    /// Without -o the result goes to standard output; on a terminal the summary always does.
    var targets: [(path: String, format: OutputFormat)] {
        var targets = output.map { path in
            let told = Self.told(by: path)
            return (path, (isRefined ? format?.format ?? told : told ?? format?.format) ?? Form.plain)
        }
        if output.isEmpty {
            targets.append(("-", format?.format ?? Form.plain))
        } else if Session.isTerminal, !output.contains("-") {
            targets.append(("-", Form.plain))
        }
        return targets
    }

    /// Writes what is text or JSON wherever the options ask.
    func write(text: () -> String, json: () -> [UInt8], _ session: inout Session) {
        for (path, format) in targets {
            session.write(format == .json ? json() : Array(text().utf8), to: path)
        }
    }
}
