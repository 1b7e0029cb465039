package import Diagnostics
package import Time

/// Which servers to ask about an incident, and how.
package struct LiveSources: Sendable {
    /// The peers of one Alertmanager cluster, or several Alertmanagers.
    package var alertmanagers: [WebAddress]
    package var prometheus: WebAddress?
    package var client: HTTPClient

    package init(alertmanagers: [WebAddress], prometheus: WebAddress?, client: HTTPClient) {
        self.alertmanagers = alertmanagers
        self.prometheus = prometheus
        self.client = client
    }

    /// What to ask for.
    package struct Wish: Sendable {
        /// The time for which to ask how often alerts fired.
        package var history: ClosedRange<Timestamp>?
        /// The time for which to ask what fired and has ended since.
        package var resolved: ClosedRange<Timestamp>?
        /// Whether to ask what Prometheus knows of the platform.
        package var topology = false
        /// Whether to ask the servers about themselves.
        package var status = false

        package init() {}
    }

    /// What a document is for.
    package enum Role: Hashable, Sendable, CaseIterable {
        /// An Alertmanager's alerts.
        case alerts
        /// An Alertmanager's silences.
        case silences
        /// Prometheus' rules, with the alerts that they raise.
        case rules
        /// When alerts fired before the incident.
        case history
        /// When alerts fired of late.
        case resolved
        /// What Prometheus knows of the platform.
        case topology
        /// What a server says of itself.
        case status
    }

    /// A document that a server gave, as it gave it.
    package struct Document: Sendable {
        package var role: Role
        package var server: WebAddress
        /// Its address without the query, for findings.
        package var name: String
        package var bytes: [UInt8]
        /// The server's clock when it answered, to the second; nil when it does not say.
        package var date: Timestamp?
        /// How long it took to ask and answer.
        package var duration: Span
    }

    /// A document that could not be had.
    package struct Failure: Sendable {
        package var role: Role
        package var server: WebAddress
        package var finding: Diagnostic
    }

    /// What all servers answered, in the order in which they were given.
    package struct Snapshot: Sendable {
        package var documents: [Document] = []
        package var failures: [Failure] = []

        package init() {}

        package func documents(_ role: Role) -> [Document] { documents.filter { $0.role == role } }

        package func failures(_ role: Role) -> [Failure] { failures.filter { $0.role == role } }
    }

    /// Asks all servers at once.
    package func fetch(_ wish: Wish) -> Snapshot {
        let questions = questions(wish)
        let outcomes = client.get(questions.map(\.request))
        var snapshot = Snapshot()
        for (question, outcome) in zip(questions, outcomes) {
            let (role, request) = question
            switch outcome {
            case .success(let response):
                snapshot.documents.append(
                    Document(
                        role: role,
                        server: request.server,
                        name: request.name,
                        bytes: response.bytes,
                        date: response.date,
                        duration: response.duration
                    )
                )
            case .failure(let finding):
                snapshot.failures.append(Failure(role: role, server: request.server, finding: finding))
            }
        }
        return snapshot
    }

    private func questions(_ wish: Wish) -> [(role: Role, request: HTTPClient.Request)] {
        var questions: [(role: Role, request: HTTPClient.Request)] = []
        for server in alertmanagers {
            questions.append((.alerts, .alerts(server)))
            questions.append((.silences, HTTPClient.Request(server, "/api/v2/silences")))
            if wish.status { questions.append((.status, HTTPClient.Request(server, "/api/v2/status"))) }
        }
        guard let prometheus else { return questions }
        questions.append((.rules, .rules(prometheus)))
        if wish.status { questions.append((.status, HTTPClient.Request(prometheus, "/api/v1/status/buildinfo"))) }
        if let history = wish.history {
            questions.append((.history, .alerts(prometheus, in: history, finest: .minutes(1))))
        }
        if let resolved = wish.resolved {
            questions.append((.resolved, .alerts(prometheus, in: resolved, finest: .seconds(5))))
        }
        if wish.topology { questions += HTTPClient.Request.topology(prometheus).map { (.topology, $0) } }
        return questions
    }
}

extension HTTPClient.Request {
    /// All alerts of an Alertmanager, whoever is told of them.
    static func alerts(_ server: WebAddress) -> Self {
        Self(
            server,
            "/api/v2/alerts",
            [("active", "true"), ("silenced", "true"), ("inhibited", "true"), ("unprocessed", "true")]
        )
    }

    package static func rules(_ server: WebAddress) -> Self { Self(server, "/api/v1/rules") }

    /// When alerts fired, in a step of `finest` or, for longer ranges, of a two-thousandth of the range: Prometheus gives
    /// at most 11,000 points of a series.
    static func alerts(_ server: WebAddress, in range: ClosedRange<Timestamp>, finest: Span) -> Self {
        let length = range.upperBound - range.lowerBound
        let step = max(finest.milliseconds, length.milliseconds / 2_000) / 1_000
        // Ends on a multiple of the step, so that a query a moment later sees the same instants.
        let end = range.upperBound.milliseconds / 1_000 / step * step
        let start = end - length.milliseconds / 1_000 / step * step
        return Self(
            server,
            "/api/v1/query_range",
            [("query", "ALERTS"), ("start", "\(start)"), ("end", "\(end)"), ("step", "\(step)")]
        )
    }

    /// The series of kube-state-metrics that make a topology, and what is scraped.
    package static func topology(_ server: WebAddress) -> [Self] {
        [
            Self(server, "/api/v1/query", [("query", #"{__name__=~"\#(topologySeries)"}"#)]),
            Self(server, "/api/v1/targets", [("state", "active")]),
        ]
    }

    private static let topologySeries =
        "kube_(node_(info|labels|role|spec_taint|spec_unschedulable|status_allocatable)"
        + "|pod_(info|owner|status_phase|spec_volumes_persistentvolumeclaims_info|container_resource_requests)"
        + "|replicaset_owner|job_(owner|info|complete)|deployment_spec_replicas|statefulset_replicas"
        + "|daemonset_status_desired_number_scheduled|cronjob_info|horizontalpodautoscaler_info"
        + "|persistentvolumeclaim_info|persistentvolume_info|service_info|endpoint_address|ingress_path)"
}
