import Alerts
import Diagnostics
import Testing

@Suite struct MatcherTests {
    private let place = SourceLocation(file: "topology.yaml", line: 5, column: 13)

    private func failure(_ text: String) -> Diagnostic? {
        do throws(Diagnostic) {
            _ = try Matcher(text, at: place)
            return nil
        } catch {
            return error
        }
    }

    private static let labels: LabelSet = [
        "alertname": "KubeJobFailed", "namespace": "prod", "cnpg.io/cluster": "pg", "text": "a \"b\"\n", "empty": "",
    ]

    @Test(
        arguments: [
            (#"{alertname="KubeJobFailed"}"#, true),
            (#"alertname="KubeJobFailed""#, true),
            (#"{alertname=KubeJobFailed}"#, true),
            (#" { alertname = "KubeJobFailed" , namespace="prod" , } "#, true),
            (#"{alertname="KubeJobFailed",namespace="dev"}"#, false),
            (#"{alertname!="X"}"#, true),
            (#"{alertname=~"Kube.*"}"#, true),
            (#"{alertname=~"Job"}"#, false),
            (#"{alertname=~"Kube(Job|Pod)Failed"}"#, true),
            (#"{alertname!~"Kube.*"}"#, false),
            (#"{alertname=~'KubeJobFailed|Other'}"#, true),
            (#"{"cnpg.io/cluster"="pg"}"#, true),
            (#"{cnpg.io/cluster=pg}"#, true),
            (#"{absent=""}"#, true),
            (#"{absent!=""}"#, false),
            (#"{empty=""}"#, true),
            (#"{absent=~".*"}"#, true),
            (#"{absent=~".+"}"#, false),
            (#"{text="a \"b\"\n"}"#, true),
            (#"{text="\x61 \u0022b\"\n"}"#, true),
            ("{alertname=~`Kube\\w+`}", true),
            (#"{alertname=~"Kube\\w+"}"#, true),
            ("{}", true),
        ]
    )
    func matchesAsPrometheusDoes(_ text: String, _ expected: Bool) throws {
        #expect(try Matcher(text, at: place).matches(Self.labels) == expected)
    }

    @Test(
        arguments: [
            ("", 13, "the matcher is empty"),
            ("{", 14, "expected ',' or '}', but the matcher ends"),
            ("{alertname}", 23, "expected '=', '!=', '=~' or '!~' after 'alertname', found '}'"),
            (#"{="x"}"#, 14, "expected the name of a label, found '='"),
            (#"{a=="x"}"#, 15, "expected '=', '!=', '=~' or '!~', found '=='"),
            ("{a=}", 16, "expected a value, found '}'"),
            (#"{a="x}"#, 16, "the quoted text is never closed"),
            (#"{a="x" b="y"}"#, 20, "expected ',' or '}', found 'b'"),
            (#"{a="x"} extra"#, 21, "expected the end of the matcher, found 'e'"),
            (#"a="x"}"#, 18, "'}' without '{'"),
            (#"{a="\d"}"#, 17, "'\\d' is no escape"),
            (#"{é="\x"}"#, 18, "the escape needs 2 hexadecimal digits of a character"),
        ]
    )
    func saysWhereAMatcherIsWrong(_ text: String, _ column: Int, _ summary: String) throws {
        let error = try #require(failure(text))
        #expect(error.code == "invalid-matcher")
        #expect(error.summary == summary)
        #expect(error.location == SourceLocation(file: "topology.yaml", line: 5, column: column))
    }

    @Test(
        arguments: [
            (#"{a=~"("}"#, 18, "the group is never closed"),
            (#"{a=~"ab)"}"#, 20, "the pattern has a ')' without '('"),
            (#"{a=~"*"}"#, 18, "there is nothing before '*' to repeat"),
            (#"{a=~"a**"}"#, 20, "a repetition cannot be repeated; put the first in a group (?:…)"),
            (#"{a=~"[a"}"#, 18, "the class is never closed"),
            (#"{a=~"[z-a]"}"#, 19, "the range is in the wrong order"),
            (#"{a=~"a{2000}"}"#, 19, "a repetition goes to 1000 at most"),
            (#"{a=~"a{3,2}"}"#, 19, "the repetition's bounds are in the wrong order"),
            ("{a=~`(a)\\1`}", 21, "references to groups are not supported"),
            (#"{a=~"(?=a)"}"#, 18, "look-around is not supported"),
            (#"{a=~"(?<!a)"}"#, 18, "look-around is not supported"),
            (#"{a=~"(?x)a"}"#, 20, "the flag 'x' is not supported"),
            ("{a=~`\\pL`}", 18, "the escape '\\p' is not supported"),
            (#"{a=~"[[:nope:]]"}"#, 19, "there is no such class of characters"),
            (
                #"{a=~"((a{100}){100}){100}"}"#, 18,
                "the pattern is too large: its repetitions expand to more than 5000 steps"
            ),
            (
                #"{a=~"(((((){1000}){1000}){1000}){1000}){1000}"}"#, 18,
                "the pattern is too large: its repetitions expand to more than 5000 steps"
            ),
        ]
    )
    func saysWhereAPatternIsWrong(_ text: String, _ column: Int, _ summary: String) throws {
        let error = try #require(failure(text))
        #expect(error.code == "invalid-regex")
        #expect(error.summary == summary)
        #expect(error.location == SourceLocation(file: "topology.yaml", line: 5, column: column))
    }

    @Test func boundsTheNestingOfGroups() throws {
        let deep = String(repeating: "(", count: 100_000)
        #expect(failure("{a=~\"\(deep)\"}")?.summary == "groups are nested more than 100 deep")
    }

    @Test func findsContradictions() throws {
        for text in [
            #"{a="x",a="y"}"#, #"{a="x",a!="x"}"#, #"{a="x",a!~"x|y"}"#, #"{a=~"x|y",a="z"}"#, #"{a=~"x|y",a!~"[xy]"}"#,
        ] {
            #expect(try Matcher(text, at: place).contradiction != nil)
        }
        for text in [#"{a="x",b="y"}"#, #"{a=~"x|y",a="y"}"#, #"{a!="x",a!="y"}"#, "{}"] {
            #expect(try Matcher(text, at: place).contradiction == nil)
        }
    }

    @Test func writesAMatcherThatReadsBack() throws {
        let labels: LabelSet = ["alertname": "A\"\\\u{1B}é\n", "cnpg.io/cluster": "x"]
        let text = Matcher.text(for: labels.map { ($0.name, [$0.value]) })
        #expect(text == #"{alertname="A\"\\\u001bé\n","cnpg.io/cluster"="x"}"#)
        #expect(try Matcher(text, at: place).matches(labels))
    }

    @Test func answersRandomTextWithAMatcherOrAnError() {
        var random = SplitMix64(state: 3)
        let alphabet = Array("{}\"'`=!~,\\ab1()[]|*+?.^$-:<>P i\u{e9}\n".unicodeScalars)
        for _ in 0..<20_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<random.next() % 20 { scalars.append(alphabet[Int(random.next() % UInt64(alphabet.count))]) }
            let text = String(scalars)
            for candidate in [text, "{a=~`\(text)`}"] {
                do throws(Diagnostic) {
                    let matcher = try Matcher(candidate, at: place)
                    _ = matcher.matches(["a": text, "b": "1"])
                    _ = matcher.contradiction
                } catch {
                    #expect(error.severity == .error)
                    #expect(error.location?.line == 5)
                }
            }
        }
    }
}

@Suite struct PatternTests {
    private func matches(_ pattern: String, _ value: String) throws -> Bool {
        try Pattern(pattern, at: SourceLocation(file: "f")).matches(value)
    }

    @Test(
        arguments: [
            ("", "", true), ("", "a", false), ("abc", "abc", true), ("abc", "abcd", false), ("a|b|", "", true),
            ("a.c", "a\nc", true), ("a.c", "ac", false), ("ab*", "a", true), ("ab*", "abbb", true),
            ("ab+", "a", false), ("ab?c", "ac", true), ("a{2}", "aa", true), ("a{2}", "aaa", false),
            ("a{2,}", "aaaa", true), ("a{1,3}", "aaaa", false), ("a{,3}", "a{,3}", true), ("a{x", "a{x", true),
            ("(ab|cd)+", "abcdab", true), ("(?:a|b)c", "bc", true), ("(?P<n>a)", "a", true), ("(?<n>a)", "a", true),
            ("[abc]+", "cab", true), ("[^abc]", "a", false), ("[^abc]", "d", true), ("[a-f0-9]+", "dead0", true),
            ("[]a]+", "]a", true), ("[a-]+", "a-", true), ("[\\d_]+", "1_2", true), ("[[:alpha:]]+", "Ab", true),
            ("[[:^digit:]]", "1", false), ("\\d+\\.\\d+", "10.5", true), ("\\d+\\.\\d+", "10x5", false),
            ("\\w+\\s\\w+", "a b", true), ("\\W", "a", false), ("\\S+", "a b", false), ("(?i)abc", "AbC", true),
            ("(?i:a)b", "AB", false), ("(?i)[a-c]+", "ABC", true), ("(?i)straße", "STRAßE", true),
            ("^abc$", "abc", true),
            ("a^b", "ab", false), ("\\babc\\b", "abc", true), ("a\\Bb", "ab", true), ("\\x41\\x{1F600}", "A😀", true),
            ("\\Qa.c\\E.", "a.cd", true), ("é+", "éé", true), (".", "😀", true), ("(a*)*", "aaa", true),
            ("(a|a)*b", "aab", true),
            ("()", "", true), ("(|a)+", "aa", true), ("a*?", "aaa", true), ("NoRequests.*", "NoRequestsReceived", true),
            ("NoRequests.+", "NoRequests", false), ("Kube.*|Node.*", "NodeDown", true), ("89[.]167", "89.167", true),
            ("a|b*", "bbb", true), ("(?s).*", "\n", true),
        ]
    )
    func matchesWholeValues(_ pattern: String, _ value: String, _ expected: Bool) throws {
        #expect(try matches(pattern, value) == expected)
    }

    @Test func isLinearWhereBacktrackingExplodes() throws {
        let value = String(repeating: "a", count: 2_000)
        #expect(try !matches("(a*)*b", value))
        #expect(try matches("(a?){200}a{200}", String(repeating: "a", count: 250)))
    }

    @Test func survivesALargeValue() throws {
        let value = String(repeating: "x", count: 200_000)
        #expect(try matches("[wxyz]+", value))
        #expect(try !matches("y.*z", value))
    }
}

@Suite struct TemplateTests {
    private let place = SourceLocation(file: "t", line: 1, column: 10)

    @Test func fillsHoles() throws {
        let template = try Template("host/{target}-{{x}}-{cnpg.io/cluster}", at: place)
        #expect(template.labels == ["target", "cnpg.io/cluster"])
        #expect(try template.expanded(with: ["target": "a", "cnpg.io/cluster": "b"]) == "host/a-{x}-b")
        #expect(template.constant == nil)
        #expect(try Template("dns/ns", at: place).constant == "dns/ns")
    }

    @Test func namesTheLabelThatIsMissing() throws {
        let template = try Template("{a}/{b}", at: place)
        #expect {
            _ = try template.expanded(with: ["a": "x", "b": ""])
        } throws: {
            ($0 as? Template.MissingLabel)?.name == "b"
        }
    }

    @Test(
        arguments: [
            ("host/{target", 15, "the '{' is never closed"), ("host/target}", 21, "'}' without '{'"),
            ("{}", 10, "expected the name of a label between '{' and '}'"),
            ("{a{b}", 10, "expected the name of a label between '{' and '}'"),
        ]
    )
    func saysWhereATemplateIsWrong(_ text: String, _ column: Int, _ summary: String) {
        #expect {
            _ = try Template(text, at: place)
        } throws: {
            let error = $0 as? Diagnostic
            return error?.summary == summary && error?.location?.column == column && error?.code == "invalid-template"
        }
    }
}
