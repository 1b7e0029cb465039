public import Alerts
public import Diagnostics
internal import Time
internal import Yams

/// Reads context files: what people know about an incident beyond its alerts.
public enum ContextReader {
    static let keys = ["version", "title", "number", "related", "observations", "changes", "blind", "notes"]

    /// Reads one file.
    ///
    /// A bare list is taken as `changes`. All findings are returned; what could be read is returned too. Entity names
    /// are not looked up. A time is RFC 3339, or a day, which stands for its midnight in UTC.
    ///
    /// - Complexity: O(length).
    public static func read(_ bytes: [UInt8], file: String) -> (context: IncidentContext, diagnostics: [Diagnostic]) {
        var (document, root) = YAMLDocument.compose(bytes, file: file)
        var context = IncidentContext()
        guard let root else { return (context, document.diagnostics) }
        if case .sequence = root {
            // A bare list is a list of changes.
            context.changes = readChanges(root, &document)
            return (context, document.diagnostics)
        }
        for entry in document.entries(root, of: "the context") {
            switch entry.key {
            case "version": document.checkVersion(entry.value)
            case "title": context.title = document.string(entry.value, of: "title")
            case "number": context.number = document.string(entry.value, of: "number")
            case "related": context.related = document.strings(entry.value, of: "related")
            case "observations":
                context.observations = document.items(entry.value, of: "observations").compactMap {
                    readObservation($0, &document)
                }
            case "changes": context.changes = readChanges(entry.value, &document)
            case "blind":
                context.blind = document.items(entry.value, of: "blind").compactMap { readBlindness($0, &document) }
            case "notes": context.notes = document.strings(entry.value, of: "notes")
            default: document.reportUnknown(entry, in: "the context", known: keys)
            }
        }
        return (context, document.diagnostics)
    }

    private static func readObservation(
        _ node: Node,
        _ document: inout YAMLDocument
    ) -> IncidentContext.Observation? {
        var entity: IncidentContext.Named?
        var state: IncidentContext.Observation.State?
        var fields = IncidentContext.Observation(entity: .init("", at: document.location(node)), state: .down)
        for entry in document.entries(node, of: "an observation") {
            switch entry.key {
            case "entity": entity = named(entry.value, of: "entity", &document)
            case "state":
                state = document.word(entry.value, of: "state", as: IncidentContext.Observation.State.self)
            case "at": fields.at = document.timestamp(entry.value, of: "at")
            case "since": fields.since = document.timestamp(entry.value, of: "since")
            case "source": fields.source = document.string(entry.value, of: "source")
            case "witness": fields.witness = named(entry.value, of: "witness", &document)
            default:
                document.reportUnknown(
                    entry,
                    in: "an observation",
                    known: ["entity", "state", "at", "since", "source", "witness"]
                )
            }
        }
        guard let entity, let state else {
            document.report(
                "incomplete-observation",
                "an observation needs 'entity' and 'state'",
                at: node,
                fix: "for example: {entity: host/a, state: healthy, at: 2026-07-01T19:40:00Z, source: ping}"
            )
            return nil
        }
        fields.entity = entity
        fields.state = state
        return fields
    }

    private static func readChanges(_ node: Node, _ document: inout YAMLDocument) -> [IncidentContext.Change] {
        document.items(node, of: "changes").compactMap { item in
            var id: String?
            var kind: String?
            var time: Timestamp?
            var touches: [IncidentContext.Named] = []
            for entry in document.entries(item, of: "a change") {
                switch entry.key {
                case "id": id = document.string(entry.value, of: "id")
                case "kind": kind = document.string(entry.value, of: "kind")
                case "at": time = document.timestamp(entry.value, of: "at")
                case "touches":
                    if case .scalar = entry.value {
                        touches = named(entry.value, of: "touches", &document).map { [$0] } ?? []
                    } else {
                        touches = document.items(entry.value, of: "touches").compactMap {
                            named($0, of: "an item of touches", &document)
                        }
                    }
                default: document.reportUnknown(entry, in: "a change", known: ["id", "kind", "at", "touches"])
                }
            }
            guard let id, let time else {
                document.report(
                    "incomplete-change",
                    "a change needs 'id' and 'at'",
                    at: item,
                    fix: "for example: {id: release 1.2, at: 2026-07-01T19:20:00Z, touches: [release/a]}"
                )
                return nil
            }
            return IncidentContext.Change(
                id: id,
                kind: kind,
                at: time,
                touches: touches,
                location: document.location(item)
            )
        }
    }

    private static func readBlindness(_ node: Node, _ document: inout YAMLDocument) -> IncidentContext.Blindness? {
        if case .scalar = node {
            return document.string(node, of: "blind").map {
                IncidentContext.Blindness(
                    entity: $0.contains("/") ? .init($0, at: document.location(node)) : nil,
                    source: $0,
                    reason: nil
                )
            }
        }
        var entity: IncidentContext.Named?
        var source: String?
        var reason: String?
        for entry in document.entries(node, of: "a blind observer") {
            switch entry.key {
            case "entity": entity = named(entry.value, of: "entity", &document)
            case "source": source = document.string(entry.value, of: "source")
            case "reason": reason = document.string(entry.value, of: "reason")
            default:
                document.reportUnknown(entry, in: "a blind observer", known: ["entity", "source", "reason"])
            }
        }
        guard let name = source ?? entity?.name else {
            document.report("incomplete-blind", "a blind observer needs 'entity' or 'source'", at: node)
            return nil
        }
        return IncidentContext.Blindness(entity: entity, source: name, reason: reason)
    }

    private static func named(
        _ node: Node,
        of what: String,
        _ document: inout YAMLDocument
    ) -> IncidentContext.Named? {
        document.string(node, of: what).map { IncidentContext.Named($0, at: document.location(node)) }
    }
}
