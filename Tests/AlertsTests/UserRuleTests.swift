import Alerts
import Diagnostics
import Testing
import Time
import Topology

@Suite struct UserRuleTests {
    private let place = SourceLocation(file: "topology.yaml", line: 1, column: 1)
    private let platform = topology(
        "host/a",
        "host/b",
        "nixos-deploy/a",
        "operator/headscale",
        "monitor/canary",
        "deployment/shop/web",
        aliases: ["host/a": ["100.64.0.11"]]
    )

    private func rule(
        _ match: String,
        _ entity: String,
        witness: String? = nil,
        observes: Effect = .down
    ) throws -> AlertRule {
        var rule = AlertRule(
            match: try Matcher(match, at: place),
            entity: try Template(entity, at: place),
            location: place
        )
        rule.witness = try witness.map { try Template($0, at: place) }
        rule.observes = observes
        return rule
    }

    @Test func keepsTheOrderOfRulesThatNameTheAlertAndRulesThatDoNot() throws {
        let mapper = AlertMapper(
            topology: platform,
            rules: [
                try rule(#"{alertname=~"A|B|A", team="x"}"#, "host/{host}"),
                try rule(#"{team="x"}"#, "nixos-deploy/{host}"),
                try rule(#"{alertname="C"}"#, "operator/headscale"),
                try rule(#"{alertname!="C"}"#, "host/b"),
                try rule(#"{alertname=""}"#, "monitor/canary"),
            ]
        )
        func deciding(_ labels: LabelSet) -> Match.Rule? { mapper.match(alert(labels)).rule }
        #expect(deciding(["alertname": "B", "team": "x", "host": "a"]) == .user(0))
        #expect(deciding(["alertname": "C", "team": "x", "host": "a"]) == .user(1))
        #expect(deciding(["alertname": "D", "team": "x", "host": "a"]) == .user(1))
        #expect(deciding(["alertname": "A", "host": "a"]) == .user(3))
        #expect(deciding(["alertname": "C", "host": "a"]) == .user(2))
        #expect(deciding(["host": "a"]) == .user(3))
        #expect(mapper.match(alert(["alertname": "A", "team": "x"])).skippedRules.map(\.rule) == [0, 1])
    }

    @Test func letsTheFirstRuleThatAppliesDecide() throws {
        var detailed = try rule(
            #"{alertname="A"}"#,
            "nixos-deploy/{host}",
            witness: "host/{source}",
            observes: .starved
        )
        detailed.pending = .minutes(4)
        detailed.observer = try Template("monitor/canary", at: place)
        detailed.severity = "critical"
        detailed.action = try Template("look at {host}", at: place)
        detailed.actionPriority = "URGENT"
        let mapper = AlertMapper(
            topology: platform,
            rules: [
                try rule(#"{alertname="A"}"#, "host/{absent}"), detailed, try rule("{}", "host/b"),
            ]
        )
        let match = mapper.match(alert(["alertname": "A", "host": "a", "source": "b"]))
        #expect(match.entity.map(platform.name(of:)) == "nixos-deploy/a")
        #expect(match.witness.map(platform.name(of:)) == "host/b")
        #expect(match.observer.map(platform.name(of:)) == "monitor/canary")
        #expect(match.rule == .user(1))
        #expect(match.observes == .starved)
        #expect(match.pending == .minutes(4))
        #expect(match.severity == "critical")
        #expect(match.action == "look at a")
        #expect(match.actionPriority == "URGENT")
        #expect(match.skippedRules.map(\.rule) == [0])
        #expect(match.skippedRules.map(\.missingLabel) == ["absent"])
    }

    @Test func looksUpAliasesNamespacesAndOwners() throws {
        for (entity, expected) in [
            ("host/{ip}", "host/a"), ("{full}", "host/b"), ("deployment/{name}", "deployment/shop/web"),
            ("deploy/shop/{name}", "deployment/shop/web"), ("pod/shop/{pod}", "deployment/shop/web"),
        ] {
            let mapper = AlertMapper(topology: platform, rules: [try rule("{}", entity)])
            let match = mapper.match(
                alert([
                    "alertname": "A", "ip": "100.64.0.11", "full": "host/b", "name": "web", "pod": "web-7c9d8f-x2x4z",
                ])
            )
            #expect(match.entity.map(platform.name(of:)) == expected)
        }
    }

    @Test func doesNotGuessPastARuleThatNamesTheUnknown() throws {
        let mapper = AlertMapper(topology: platform, rules: [try rule("{}", "host/{host}")])
        let match = mapper.match(alert(["alertname": "A", "host": "aa", "instance": "b"]))
        #expect(match.entity == nil)
        #expect(match.reason == .unknownEntity("host/aa"))
        #expect(mapper.nearMisses(for: match) == ["host/a", "host/b"] || mapper.nearMisses(for: match) == ["host/a"])
    }

    @Test func suggestsARuleToPaste() throws {
        let mapper = AlertMapper(topology: platform, rules: [])
        let headscale = alert([
            "alertname": "HeadscaleOperatorMetricsDown", "job": "headscale-operator", "namespace": "headscale",
        ])
        let match = mapper.match(headscale)
        #expect(match.entity == nil)
        #expect(mapper.nearMisses(for: match) == ["operator/headscale"])
        let odd = alert(["alertname": "It's \u{1B}odd", "exported_namespace": "n", "deployment": "zzzzzzzz"])
        let mute = alert(["alertname": "It's \u{1B}odd"])
        let suggestions = mapper.suggestions(for: [headscale, odd, mute].map { ($0, mapper.match($0)) })
        #expect(suggestions.map { $0?.place } == [.lastRule, .entities, .incompleteRule])
        #expect(
            suggestions.map { $0?.text } == [
                """
                  - match: '{alertname="HeadscaleOperatorMetricsDown",job="headscale-operator"}'
                    entity: 'operator/headscale'
                """,
                "  'deployment/n/zzzzzzzz': {}",
                """
                  - match: '{alertname="It''s \\u001bodd"}'
                    entity: 'kind/name'
                    observes: degraded
                """,
            ]
        )
    }

    /// Pasted in their places, the rules give each alert the entity that was suggested and leave all others as they were.
    @Test func whatIsSuggestedIsAboutTheAlertsItWasMadeFor() throws {
        let platform = topology("host/web-1", "host/db-1", "service/shop/cart")
        let given = [try rule("{alertname=\"Lost\",kind=\"x\"}", "host/{machine}")]
        let mapper = AlertMapper(topology: platform, rules: given)
        let alerts = [
            alert(["alertname": "Slow", "host": "db-1"]),
            alert(["alertname": "Slow", "host": "web1", "disk": "a"]),
            alert(["alertname": "Slow", "host": "web1", "disk": "b"]),
            alert([
                "alertname": "Slow", "host": "web1", "service": "cart", "namespace": "shop", "target": "db-1",
                "source": "x",
            ]),
            alert(["alertname": "Slow", "host": "bd-1"]),
            alert(["alertname": "Lost", "kind": "x", "machine": "wbe-1"]),
            alert(["alertname": "Lost", "kind": "x", "machine": "web-1"]),
        ]
        let matches = alerts.map(mapper.match)
        let suggestions = mapper.suggestions(for: Array(zip(alerts, matches)))
        #expect(suggestions.map { $0 == nil } == matches.map(\.isMatched))
        let matchers = try suggestions.map { suggestion -> Matcher? in
            guard let text = suggestion?.text.split(separator: "'").dropFirst().first else { return nil }
            return try Matcher(String(text), at: SourceLocation(file: "test"))
        }
        for (index, matcher) in matchers.enumerated() {
            guard let matcher, let suggestion = suggestions[index] else { continue }
            let taken = alerts.indices.filter { matcher.matches(alerts[$0].labels) }
            #expect(taken == alerts.indices.filter { suggestions[$0] == suggestion })
        }
        #expect(suggestions[1] == suggestions[2] && suggestions[1] != suggestions[4])
        #expect(suggestions[5]?.place == .beforeRule(0))
    }
}
