internal import ArgumentParser
internal import BlastRadius
internal import Diagnostics
internal import Reports

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// One run of a command: what it says on standard error, and with which code it ends.
struct Session {
    /// More findings than these are counted instead of printed.
    private static let printedFindings = 50

    private(set) var hasFailed = false
    private var printed = 0
    private var withheld = 0
    /// The files that were read, which no output replaces.
    private var inputs: [String] = []
    /// Whether to keep to errors, and not to say which topology was found.
    var isQuiet = false
    /// What was reported, in order.
    private(set) var findings: [Diagnostic] = []
    /// Whether findings are printed, or only kept.
    private let isPrinting: Bool

    /// A session that prints findings, or only keeps them.
    init(keepingFindings: Bool = false) { isPrinting = !keepingFindings }

    /// A session that prints, and overwrites none of the files that another has read.
    init(after other: Session) {
        self.init()
        inputs = other.inputs
    }

    /// Keeps findings, prints them, and remembers whether one is an error.
    mutating func report(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics {
            if diagnostic.severity == .error { hasFailed = true }
            if isQuiet, diagnostic.severity != .error { continue }
            findings.append(diagnostic)
            guard isPrinting else { continue }
            if printed < Self.printedFindings {
                printed += 1
                Self.printError(diagnostic.description)
            } else {
                withheld += 1
            }
        }
    }

    /// Says something that is no fault.
    func note(_ text: String) {
        if !isQuiet, isPrinting { Self.printError(text.withVisibleControls) }
    }

    /// Reads a file; reports it, and returns nil, when that fails.
    mutating func read(_ path: String) -> InputFile? {
        inputs.append(path)
        do throws(Diagnostic) {
            return InputFile(path: path == "-" ? "<stdin>" : path, bytes: try Files.read(path))
        } catch {
            report([error])
            return nil
        }
    }

    /// Writes a file; reports it when that fails, or when the file is one that was read and must not be replaced.
    mutating func write(_ bytes: [UInt8], to path: String, replacingInput: Bool = false) {
        if !replacingInput, inputs.contains(where: { Files.areSame($0, path) }) {
            let summary = "was read for this run and is not overwritten"
            return report([Diagnostic(.error, "is-an-input", summary, at: SourceLocation(file: path))])
        }
        do throws(Diagnostic) {
            try Files.write(bytes, to: path)
        } catch {
            report([error])
        }
    }

    /// Ends the command with 1 if anything failed.
    func finish() throws {
        if withheld > 0 { Self.printError("… and \(withheld) more findings") }
        if hasFailed { throw ExitCode(1) }
    }

    static func printError(_ text: String) {
        Files.writeError(text + "\n")
    }

    /// Whether standard output is a terminal that shows colours.
    static var showsColours: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        if let noColor = getenv("NO_COLOR"), noColor.pointee != 0 { return false }
        if let terminal = getenv("TERM"), String(cString: terminal) == "dumb" { return false }
        return true
    }

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// How many columns standard output has: of a terminal what COLUMNS says, else its own size, at most the usual width;
    /// of anything else the usual width, so that files and pipes get the same whatever the window.
    static var width: Int {
        guard isTerminal else { return TerminalReport.usualWidth }
        if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
            return min(columns, TerminalReport.usualWidth)
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, numericCast(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return TerminalReport.usualWidth
        }
        return min(Int(size.ws_col), TerminalReport.usualWidth)
    }
}
