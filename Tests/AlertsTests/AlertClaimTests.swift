import Alerts
import Diagnostics
import Testing

@Suite struct AlertClaimTests {
    /// Rules in short: a matcher, and the labels that the entity's name takes.
    private func takers(_ rules: (match: String, labels: [String])...) throws -> [Int: [Int]] {
        let claims = try rules.map { rule in
            AlertClaim(try Matcher(rule.match, at: SourceLocation(file: "test")), needing: rule.labels)
        }
        return Dictionary(uniqueKeysWithValues: AlertClaim.takers(of: claims).map { ($0.claim, $0.takers) })
    }

    @Test func aWeakerMatcherTakesAllOfAStricterOne() throws {
        #expect(try takers(("a=\"1\"", []), ("a=\"1\",b=\"2\"", [])) == [1: [0]])
        #expect(try takers(("a=\"1\",b=\"2\"", []), ("a=\"1\"", [])) == [:])
        #expect(try takers(("a=~\"1|2\"", []), ("a=\"2\"", [])) == [1: [0]])
        #expect(try takers(("a!=\"1\"", []), ("a=~\"2|3\"", [])) == [1: [0]])
        #expect(try takers(("a!=\"2\"", []), ("a=~\"2|3\"", [])) == [:])
        #expect(try takers(("a=~\"x.*\"", []), ("a=~\"x.*\",b!=\"\"", [])) == [1: [0]])
        #expect(try takers(("a=~\"x.*\"", []), ("a=~\"y.*\"", [])) == [:])
    }

    /// An absent label has the empty value, which `.*` takes and `.+` does not.
    @Test func aLabelThatMayBeAbsentIsLeftToOthers() throws {
        #expect(try takers(("a=~\".*\"", []), ("b=\"1\"", [])) == [1: [0]])
        #expect(try takers(("a=~\".+\"", []), ("b=\"1\"", [])) == [:])
        #expect(try takers(("a=~\".+\"", []), ("a=~\"x.+\"", [])) == [1: [0]])
    }

    /// A rule steps aside where the alert lacks a label of its entity's name.
    @Test func aRuleTakesOnlyAlertsThatHaveTheLabelsOfItsEntity() throws {
        #expect(try takers(("a=\"1\"", ["host"]), ("a=\"1\"", [])) == [:])
        #expect(try takers(("a=\"1\"", ["host"]), ("a=\"1\"", ["node"])) == [:])
        #expect(try takers(("a=\"1\"", ["host"]), ("a=\"1\"", ["node", "host"])) == [1: [0]])
        #expect(try takers(("a=\"1\"", ["host"]), ("a=\"1\",host=~\"x.+\"", [])) == [1: [0]])
    }

    @Test func severalRulesTakeAllOfOneNameByName() throws {
        #expect(
            try takers(
                ("alertname=\"A\"", []),
                ("alertname=\"B\"", []),
                ("alertname=~\"A|B\"", []),
                ("alertname=~\"B|C\"", [])
            ) == [2: [0, 1]]
        )
        #expect(try takers(("severity=\"info\"", []), ("alertname=\"A\",severity=\"info\"", [])) == [1: [0]])
    }
}
