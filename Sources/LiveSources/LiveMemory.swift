package import Time

/// What is kept from one look at the servers to the next.
package struct LiveMemory: Sendable {
    /// How long answers count that are dear to give and change slowly: history and topology.
    private static let lifetime = Span.minutes(10)
    /// How long after its start an Alertmanager may lack alerts: Prometheus sends each again within a minute.
    private static let refill = Span.seconds(90)

    /// Asked several times a second; when it says so, a look is given up.
    private let isCancelled: @Sendable () -> Bool
    private var slow: (at: Timestamp, documents: [LiveSources.Document])?
    private var starts: [WebAddress: Timestamp] = [:]
    /// Of the Alertmanagers that have begun anew, when.
    private var newStarts: [WebAddress: Timestamp] = [:]
    /// Whether every Alertmanager that answered the last look has begun anew since an earlier one, so that alerts may be
    /// missing.
    package private(set) var isRefilling = false
    /// Whether the last look told nothing of what fires.
    package private(set) var isBlind = false
    /// What the last look gave.
    package private(set) var snapshot = LiveSources.Snapshot()

    package init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    /// Asks for what is wished for and not known well enough.
    package mutating func fetch(
        _ sources: LiveSources,
        _ wish: LiveSources.Wish,
        at now: Timestamp
    ) -> LiveSources.Snapshot {
        var sources = sources
        sources.client.isCancelled = isCancelled
        var wish = wish
        wish.status = true
        let known = slow.flatMap { $0.at <= now && now < $0.at + Self.lifetime ? $0.documents : nil }
        if known != nil {
            wish.history = nil
            wish.topology = false
        }
        var snapshot = sources.fetch(wish)
        let roles: [LiveSources.Role] = [.history, .topology]
        if let known {
            snapshot.documents += known
        } else if roles.allSatisfy({ snapshot.failures($0).isEmpty }) {
            slow = (now, snapshot.documents.filter { roles.contains($0.role) })
        } else if let slow {
            // Better the old answers than none.
            snapshot.documents.removeAll { roles.contains($0.role) }
            snapshot.documents += slow.documents
        }
        isRefilling = hasBegunAnew(snapshot)
        self.snapshot = snapshot
        isBlind = snapshot.documents(.alerts).isEmpty && snapshot.documents(.rules).isEmpty
        return snapshot
    }

    /// Takes what the Alertmanagers listed at the last look as complete, although they had begun anew.
    package mutating func settle() {
        starts.merge(newStarts) { $1 }
        newStarts = [:]
    }

    private mutating func hasBegunAnew(_ snapshot: LiveSources.Snapshot) -> Bool {
        newStarts = [:]
        for document in snapshot.documents(.status) {
            guard let start = AlertmanagerStatus(document)?.start, let date = document.date else { continue }
            if let known = starts[document.server], known != start, date < start + Self.refill {
                newStarts[document.server] = start
            } else {
                starts[document.server] = start
            }
        }
        let answering = Set(snapshot.documents(.alerts).map(\.server))
        return !answering.isEmpty && answering.allSatisfy { newStarts[$0] != nil }
    }
}
