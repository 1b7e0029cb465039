internal import Diagnostics
internal import JSON
package import Time

/// What an Alertmanager says of itself in `/api/v2/status`.
///
/// The answer holds the whole configuration too, with its secrets; it is not kept.
package struct AlertmanagerStatus: Sendable {
    package var version: String?
    /// When it began to run.
    package var start: Timestamp?
    /// `ready`, `settling` or `disabled`.
    package var clusterState: String?
    /// The peers that it knows, itself included.
    package var peerCount: Int

    /// Nil when the document is no such answer.
    package init?(_ document: LiveSources.Document) {
        guard let root = try? JSONParser.parse(bytes: document.bytes, file: document.name).root,
            root["cluster"] != nil
        else { return nil }
        version = root["versionInfo"]?["version"]?.string
        start = root["uptime"]?.string.flatMap { Timestamp(rfc3339: $0) }
        clusterState = root["cluster"]?["status"]?.string
        peerCount = root["cluster"]?["peers"]?.count ?? 0
    }
}
