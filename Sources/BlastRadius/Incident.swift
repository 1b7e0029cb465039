public import Alerts
public import Diagnostics
public import Time
internal import TopologyFormats

/// Everything that is known about an incident, read but not yet interpreted.
public struct Incident: Sendable {
    /// The distinct alerts, by fingerprint.
    public var alerts: [Alert]
    /// What rules files say, and what came with the alerts: the `for` of each alert, and since when it holds.
    public var rules: RuleCatalog
    /// What people know beyond the alerts; its entity names are not looked up yet.
    public var context: IncidentContext
    package var silences: [String: AlertSilence]
    package var history: AlertHistory
    /// Whether alerts that have ended are evidence like those that fire, since somebody asked for what fired of late.
    package var countsEnded: Bool
    /// The files that could not be read, or not whole, in the order given, each once.
    package var unread: [String]
    /// The moment that the inputs speak of: the latest that any of them mentions as past.
    public var now: Timestamp?
}

/// Collects the files that describe one incident.
///
/// Every method returns what is wrong with its file; what could be read is kept.
public struct IncidentBuilder: Sendable {
    private var batches: [AlertBatch] = []
    private var ended: [AlertBatch] = []
    private var rules = RuleCatalog()
    private var silences: [String: AlertSilence] = [:]
    private var history = AlertHistory()
    private var context = IncidentContext()
    private var unread: [String] = []

    /// Begins with nothing; without a file of alerts there is no incident.
    public init() {}

    /// Reads a file of alerts, of any shape that ``AlertDecoder`` knows; order does not matter.
    ///
    /// It is complete where silenced and inhibited alerts were asked for, so that none can be missing.
    public mutating func addAlerts(_ file: InputFile, isComplete: Bool = false) -> [Diagnostic] {
        var (batch, diagnostics) = AlertDecoder.decode(file.bytes, file: file.path)
        batch?.isComplete = isComplete
        if let batch { batches.append(batch) }
        return checked(diagnostics, of: file)
    }

    /// Notes a file that could not even be opened: what it would have told is missing from the analysis, which says so.
    public mutating func addUnread(_ path: String) { if !unread.contains(path) { unread.append(path) } }

    /// Findings as they are; a file with an error is noted.
    private mutating func checked(_ diagnostics: [Diagnostic], of file: InputFile) -> [Diagnostic] {
        if diagnostics.containsError { addUnread(file.path) }
        return diagnostics
    }

    /// Reads a range query of `ALERTS`: what fired in it is part of the incident, though it has ended since.
    ///
    /// It is no source of what fires now: without a file of alerts there is still no incident.
    public mutating func addEnded(_ file: InputFile) -> [Diagnostic] {
        let (batch, diagnostics) = AlertDecoder.decode(file.bytes, file: file.path)
        if let batch { ended.append(batch.latestFirings) }
        return checked(diagnostics, of: file)
    }

    /// Alerts that began after `clock`, as long as others did not: somebody's clock is wrong, and the one alert makes all
    /// others look old.
    ///
    /// Where all began later, the inputs are of another time than the clock, which then tells nothing.
    ///
    /// - Parameter clock: the present, with some minutes for clocks that differ.
    /// - Returns: A warning for each.
    /// - Complexity: O(alerts).
    public func findings(ofAlertsAfter clock: Timestamp) -> [Diagnostic] {
        let dated = batches.flatMap(\.alerts).filter { $0.startsAt != nil }
        let late = dated.filter { $0.startsAt.map { $0 > clock } ?? false }
        guard late.count < dated.count else { return [] }
        return late.map { alert in
            Diagnostic(
                .warning,
                "future-alert",
                "'\(alert.name)' began at \(alert.startsAt?.rfc3339 ?? ""), which is yet to come: "
                    + "by it all others look old",
                at: alert.location,
                fix: "synchronise the clock of whoever sent it, or correct startsAt"
            )
        }
    }

    /// How many files of alerts could be read.
    public var alertFileCount: Int { batches.count }

    /// Reads Prometheus' rules, or alerts or a query that say since when conditions hold.
    public mutating func addRules(_ file: InputFile) -> [Diagnostic] {
        let (catalog, diagnostics) = RuleCatalog.decode(file.bytes, file: file.path)
        if let catalog { rules.merge(catalog) }
        return checked(diagnostics, of: file)
    }

    /// Reads Alertmanager's silences; of one id the last file's counts.
    public mutating func addSilences(_ file: InputFile) -> [Diagnostic] {
        let (found, diagnostics) = AlertSilence.decode(file.bytes, file: file.path)
        for silence in found ?? [] { silences[silence.id] = silence }
        return checked(diagnostics, of: file)
    }

    /// Reads an earlier file of alerts, or a range query of `ALERTS`; neither is part of the incident.
    public mutating func addHistory(_ file: InputFile) -> [Diagnostic] {
        let (batch, diagnostics) = AlertDecoder.decode(file.bytes, file: file.path)
        if let batch { history.add(batch) }
        return checked(diagnostics, of: file)
    }

    /// Reads a context file; the title and number of a later one win, all else adds up.
    public mutating func addContext(_ file: InputFile) -> [Diagnostic] {
        let (found, diagnostics) = ContextReader.read(file.bytes, file: file.path)
        context.merge(found)
        return checked(diagnostics, of: file)
    }

    /// What the files tell of the alerts that could fire, whether or not any does.
    public var monitoring: Monitoring { Monitoring(rules: rules, history: history) }

    /// The incident, and notes on what the alert files disagree about; nil when no alert file could be read, or when
    /// none gave an alert and something could not be read: that is no answer to what fires.
    public var incident: (incident: Incident, diagnostics: [Diagnostic])? {
        guard !batches.isEmpty else { return nil }
        let alerts = AlertSet(merging: batches + ended)
        guard !alerts.alerts.isEmpty || unread.isEmpty else { return nil }
        var known = rules
        known.merge(alerts.rules)
        let observed = context.observations.flatMap { [$0.at, $0.since] } + context.changes.map(\.at)
        let incident = Incident(
            alerts: alerts.alerts,
            rules: known,
            context: context,
            silences: silences,
            history: history,
            countsEnded: !ended.isEmpty,
            unread: unread,
            now: ([alerts.latestInstant] + observed).compactMap(\.self).max()
        )
        return (incident, alerts.diagnostics + AlertSet.signsOfMissingSuppressed(in: batches, silences.values))
    }
}
