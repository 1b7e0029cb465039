internal import BlastRadius
internal import Diagnostics
internal import JSON

/// Answers each line of the input with one line: a JSON document in, a JSON document out, in the same order.
///
/// A line that cannot be answered is answered with what is wrong with it, as `{"schemaVersion": 1, "error": …}`, and the rest
/// goes on, but for a file whose first line opens a bracket that it does not close: that is one document on many lines, which is
/// reported and passed over. Empty lines are passed over. Answers say nothing of where a line stood, so that a cut input gives the same lines as
/// a whole one.
enum LineFilter {
    /// Runs until the input ends; reports files that cannot be read.
    ///
    /// - Parameters:
    ///   - paths: the files to read; `-` is standard input.
    ///   - session: takes findings and writes.
    ///   - answer: makes a JSON document of the content of a line.
    static func run(
        _ paths: [String],
        _ session: inout Session,
        _ answer: ([UInt8]) throws(Diagnostic) -> [UInt8]
    ) {
        var lines = LineReader(paths)
        var output: [UInt8] = []
        var begun: String?
        while true {
            // What is ready is written before waiting for more, so that a program may ask line by line.
            if !output.isEmpty, !lines.hasLine() || output.count > 1 << 20 {
                session.write(output, to: "-")
                // An answer about a million entities has half a gigabyte, which the next one needs for itself.
                output.removeAll(keepingCapacity: output.count < 1 << 22)
            }
            do throws(Diagnostic) {
                guard let line = try lines.next() else { break }
                guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
                if begun != lines.path {
                    begun = lines.path
                    guard closesItsBrackets(line) else {
                        session.report([.brokenLine(in: lines.path)])
                        lines.skipFile()
                        continue
                    }
                }
                var reply = JSONText.onOneLine(reply(to: line, answer))
                reply.append(UInt8(ascii: "\n"))
                if output.isEmpty { output = reply } else { output += reply }
            } catch {
                session.report([error])
            }
        }
        if !output.isEmpty { session.write(output, to: "-") }
    }

    /// Whether a line closes all brackets that it opens outside of texts.
    private static func closesItsBrackets(_ line: [UInt8]) -> Bool {
        var depth = 0
        var isText = false
        var isEscaped = false
        for byte in line {
            if isText {
                if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return depth <= 0
    }

    private static func reply(
        to line: [UInt8],
        _ answer: ([UInt8]) throws(Diagnostic) -> [UInt8]
    ) -> [UInt8] {
        do throws(Diagnostic) {
            return try answer(line)
        } catch {
            var writer = JSONWriter(style: .compact)
            writer.object { writer in
                writer.member("schemaVersion", 1)
                writer.member("error", error.summary)
                writer.member("code", error.code)
                if let column = error.location?.column { writer.member("column", column) }
                if let fix = error.fix { writer.member("fix", fix) }
            }
            return writer.utf8
        }
    }
}

extension Diagnostic {
    fileprivate static func brokenLine(in path: String) -> Diagnostic {
        Diagnostic(
            .error,
            "not-a-line",
            "its first line is no whole JSON document: with --ndjson each line is one",
            at: SourceLocation(file: path == "-" ? "<stdin>" : path, line: 1),
            fix: "write each document on a line of its own, as jq -c . does, or leave --ndjson out for a single one"
        )
    }
}

extension [Diagnostic] {
    /// Throws the first finding that makes the input unusable.
    func throwError() throws(Diagnostic) {
        if let error = first(where: { $0.severity == .error }) { throw error }
    }
}
