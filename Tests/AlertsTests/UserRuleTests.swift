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

    @Test func looksUpWhatARuleNamesWithoutPortAndDomainToo() throws {
        let platform = topology(
            "host/a",
            "vm/web-1",
            "router/edge",
            "service/x/api",
            "service/y/api",
            aliases: ["host/a": ["100.64.0.11"]]
        )
        for (template, value, expected, isInferred) in [
            ("{instance}", "100.64.0.11:9100", "host/a", false),
            ("host/{instance}", "100.64.0.11:9100", "host/a", false),
            ("{instance}", "a:9100", "host/a", false), ("{instance}", "a", "host/a", false),
            ("{instance}", "https://a:8443/health", "host/a", false), ("{instance}", "host/a", "host/a", false),
            // Only the first label of the domain is the name, as when no rule is there.
            ("{instance}", "web-1.example.com:9182", "vm/web-1", true),
            ("vm/{instance}", "web-1.example.com:9182", "vm/web-1", true),
            // Whatever its kind, since only one is called so.
            ("{instance}", "edge:161", "router/edge", false),
        ] {
            let mapper = AlertMapper(topology: platform, rules: [try rule("{}", template)])
            let match = mapper.match(alert(["alertname": "HostDown", "instance": value]))
            #expect(match.entity.map(platform.name(of:)) == expected, "\(template) \(value)")
            #expect(match.rule == .user(0) && match.unknownName == nil)
            #expect(match.isInferred == isInferred)
        }
        // Two services are called api: neither is meant more than the other.
        let mapper = AlertMapper(topology: platform, rules: [try rule("{}", "{app}")])
        #expect(mapper.match(alert(["alertname": "A", "app": "api:80"])).entity == nil)
    }

    @Test func letsTheLabelsDecideWhereARuleNamesTheUnknown() throws {
        var lost = try rule("{}", "host/{host}")
        lost.pending = .minutes(4)
        let mapper = AlertMapper(topology: platform, rules: [lost])
        let found = mapper.match(alert(["alertname": "HostDown", "host": "aa", "instance": "b:9100"]))
        #expect(found.entity.map(platform.name(of:)) == "host/b")
        #expect(found.rule == .builtIn(["instance"]))
        #expect(found.unknownName?.rule == 0 && found.unknownName?.name == "host/aa")
        #expect(found.reason == nil)
        // The rule's `for` is the alert's, whatever the alert is about.
        #expect(found.pending == .minutes(4))
        let match = mapper.match(alert(["alertname": "A", "host": "aa", "instance": "bb"]))
        #expect(match.entity == nil)
        #expect(match.rule == .user(0) && match.unknownName == nil)
        #expect(match.reason == .unknownEntity("host/aa"))
        #expect(mapper.nearMisses(for: match) == ["host/a", "host/b"] || mapper.nearMisses(for: match) == ["host/a"])
    }

    /// Behind the rule that takes the alerts a new one would be in vain.
    @Test func suggestsWhatWorksWhereARuleTakesTheAlerts() throws {
        let platform = topology("host/x", "vpn/annex")
        let rules = [try rule(#"{alertname="HostDown"}"#, "{instance}"), try rule(#"{alertname="Other"}"#, "{thing}")]
        let mapper = AlertMapper(topology: platform, rules: rules)
        let alerts = [
            alert(["alertname": "HostDown", "instance": "10.0.0.6:9100"]),
            alert(["alertname": "Other", "thing": "zzzzzz", "job": "status"]),
        ]
        let suggestions = mapper.suggestions(for: alerts.map { ($0, mapper.match($0)) })
        #expect(suggestions.map { $0?.place } == [.entities, .incompleteRule(before: 1)])
        #expect(suggestions[0]?.text == "  'host/10.0.0.6': {}")
        // Pasted, it works.
        let pasted = AlertMapper(topology: topology("host/x", "vpn/annex", "host/10.0.0.6"), rules: rules)
        #expect(pasted.match(alerts[0]).isMatched)
    }

    @Test func suggestsTheEntityThatALabelIsCalledLike() throws {
        let platform = topology("external/stripe", "external/acme-payments", "service/store", "site/main")
        let mapper = AlertMapper(topology: platform, rules: [])
        func suggestion(_ label: String, _ value: String) -> String? {
            let one = alert(["alertname": "StatusDown", "job": "status", label: value])
            return mapper.suggestions(for: [(one, mapper.match(one))])[0]?.text
        }
        #expect(
            suggestion("vendor", "stripe")
                == "  - match: '{alertname=\"StatusDown\",vendor=\"stripe\"}'\n    entity: 'external/stripe'"
        )
        #expect(suggestion("vendor", "acme")?.contains("entity: 'external/acme-payments'") == true)
        // Where something is, and who cares, are not what it is about.
        #expect(suggestion("site", "main") == "  'service/status': {}")
        #expect(suggestion("team", "store") == "  'service/status': {}")
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
        #expect(suggestions.map { $0?.place } == [.lastRule, .entities, .incompleteRule(before: nil)])
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
