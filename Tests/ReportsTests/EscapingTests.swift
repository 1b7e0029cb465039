import BlastRadius
import Foundation
import Testing

@testable import Reports

/// What a person sees in the rendered page is the text that came in, for every target language.
@Suite struct EscapingTests {
    static let texts = HostileText.samples + HostileText.random(500)

    /// The ways in which text gets into a Markdown document, and the tag around it in the page.
    static let places: [(name: String, tag: String, write: @Sendable (String) -> String)] = [
        ("cell", "td", { "| h | h |\n|---|---|\n| \(MarkdownText.escape($0)) | end |" }),
        ("paragraph", "p", { MarkdownText.escape($0) }),
        ("item", "li", { "- \(MarkdownText.escape($0))" }),
        ("heading", "h3", { "### \(MarkdownText.escape($0))" }),
        ("code in a cell", "td", { "| h | h |\n|---|---|\n| \(MarkdownText.code($0)) | end |" }),
        ("code", "p", { MarkdownText.code($0) }),
        ("bold", "p", { "\(MarkdownText.strong($0)): end" }),
    ]

    @Test(arguments: places.indices)
    func `Markdown shows the text as it was`(_ place: Int) throws {
        let (name, tag, write) = Self.places[place]
        // An empty text leaves no paragraph: it cannot be seen.
        let texts = Self.texts.filter { !HostileText.seen($0).isEmpty }
        let document = texts.map(write).joined(separator: "\n\n<!-- -->\n\n")
        let html = try run("cmark-gfm", ["-e", "table", "-e", "autolink", "-e", "strikethrough"], input: document)
        let parts = html.components(separatedBy: "<!-- raw HTML omitted -->")
        #expect(parts.count == texts.count)
        for (text, part) in zip(texts, parts) {
            let opening = try #require(part.range(of: "<\(tag)>"), "\(text) in \(part)")
            let closing = try #require(part[opening.upperBound...].range(of: "</\(tag)>"), "\(text) in \(part)")
            let seen = HostileText.text(ofHTML: part[opening.upperBound..<closing.lowerBound])
            let expected = HostileText.seen(text).replacing("\u{2060}", with: "")
            #expect(seen == (name == "bold" ? bold(expected) : expected), "\(name): \(text.debugDescription)")
        }
    }

    /// Space at the ends of bold text is not seen.
    private func bold(_ text: String) -> String { "\(text.trimmingCharacters(in: .whitespaces)): end" }

    @Test func `Markdown wakes no mention, issue or emoji`() {
        for (text, expected) in [
            ("@you", "\\@\u{2060}you"), ("#79", "\\#\u{2060}79"), (":fire:", ":\u{2060}fire:"),
            ("19:22:33", "19:22:33"),
        ] {
            #expect(MarkdownText.escape(text) == expected)
        }
    }

    @Test func `HTML shows the text as it was`() {
        for text in Self.texts {
            let escaped = HTMLText.escape(text)
            #expect(!escaped.contains { "<>\"'\n".contains($0) })
            #expect(HostileText.text(ofHTML: escaped) == HostileText.seen(text))
        }
    }

    @Test func `Slack gets its three characters escaped and no mark of the text's own`() {
        #expect(SlackText.escape("<!here> & *x*") == "&lt;!here&gt; &amp; \u{2060}*\u{2060}x\u{2060}*\u{2060}")
        for text in Self.texts {
            #expect(HostileText.text(ofHTML: SlackText.escape(text)) == HostileText.seen(text))
        }
    }

    /// Slack links `@here` where it is told to look for names, and takes angle brackets for mentions and links.
    @Test(arguments: [
        "<!channel>", "<!here|here>", "<@U012AB3CD>", "<#C024BE7LR>", "<!subteam^S1>", "@here", "@channel",
    ])
    func `Slack calls nobody for the text of an alert`(_ text: String) throws {
        let analysis = try analysis(
            entities: "  host/a: {}",
            firing: [("\(text) Down", "critical", "host/a")],
            context: "title: 'all hands \(text)'\n"
        )
        let slack = ChatReport.slack(analysis)
        #expect(slack.contains("all hands"))
        #expect(!slack.contains("<") && !slack.contains(">"))
        for mark in ["@h", "@c", "@U", "#C"] { #expect(!slack.contains(mark)) }
    }

    @Test func `Slack makes no emoji of the text of an alert, and leaves times alone`() {
        #expect(SlackText.escape("a :fire: b") == "a \u{2060}:\u{2060}fire: b")
        #expect(SlackText.escape("19:22Z – 19:40Z, h:9100") == "19:22Z – 19:40Z, h:9100")
        #expect(
            SlackText.escape("URGENT: see http://x.example/: now")
                == "URGENT: see http\u{2060}:\u{2060}//x.example/: now"
        )
    }

    /// Slack: text of a block is at most 3,000 characters long.
    @Test func `a chat message is short enough whatever is in it, and cut at no escape or mark`() throws {
        for text in ["&<>" + String(repeating: "&", count: 400), String(repeating: "👩‍👩‍👧", count: 200), "`*_"] {
            let names = (0..<40).map { "host/h\($0)" }
            let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
            let analysis = try analysis(
                entities: names.map { "  \($0): {}" }.joined(separator: "\n"),
                firing: names.map { ("\(text) \($0)", "critical", $0) },
                context: "title: \(quoted)\n"
            )
            for message in [ChatReport.slack(analysis), ChatReport.text(analysis)] {
                #expect(message.utf16.count <= 3_000)
                #expect(message.contains("more root causes") && message.hasSuffix("\n"))
            }
            let slack = ChatReport.slack(analysis)
            #expect(slack.ranges(of: "&").count == slack.ranges(of: /&(amp|lt|gt);/).count)
            #expect(!slack.contains("<") && !slack.contains(">"))
        }
    }

    @Test func `metrics keep their lines and quotes`() {
        #expect(MetricsWriter.escape("a\\b\"c\nd") == "a\\\\b\\\"c\\nd")
    }
}

@Suite struct HostileReportTests {
    @Test(arguments: HostileText.samples)
    func `no text of an alert becomes active`(_ text: String) throws {
        let analysis = try analysis(ofHostile: text)
        let html = HTMLReport.render(analysis, svg: nil)
        #expect(html.ranges(of: "<script").count == 1)
        #expect(!html.lowercased().contains("href=\"javascript"))
        #expect(HostileText.seen(text).isEmpty || HostileText.text(ofHTML: html).contains(HostileText.seen(text)))
        let markdown = MarkdownReport.render(analysis)
        let page = try run("cmark-gfm", ["--unsafe", "-e", "table", "-e", "autolink"], input: markdown)
        #expect(!page.contains("<script") && !page.contains("<img"))
        // A hostile text neither adds nor removes a heading: summary, timeline, incidents, causes, impact, actions, notes,
        // people, ledger, alerts.
        #expect(page.ranges(of: "<h2>").count == 10)
        #expect(page.ranges(of: "<h1>").count == 1)
        #expect(ChatReport.text(analysis).utf16.count <= ChatReport.limit)
        #expect(!ChatReport.text(analysis).contains("\u{1B}"))
    }
}
