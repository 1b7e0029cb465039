/// What evidence is worth, in nats: the one table of the tunable numbers of a diagnosis besides the kinds' fault rates.
///
/// A weight of w nats says that the evidence is e^w times likelier if it is explained than if it is not. docs/model.md
/// gives the reason for each number; `weights:` in topology.yaml overrides them by name.
public struct Weights: Hashable, Sendable {
    /// How far back an incident reaches, in hours: a kind that fails λ times a year has failed within it with the chance
    /// 1 − e^(−λ·window).
    public var windowHours = 1.0

    // What it costs to call an alert noise.
    public var criticalAlert = 7.0
    public var warningAlert = 5.0
    public var infoAlert = 2.0
    /// An alert without a severity.
    public var plainAlert = 4.0
    /// Each further alert of the same sort about the same entity is worth this part of the one before.
    public var repetition = 0.5
    /// How much dearer it is to call an outage alert noise than to believe that its own entity failed.
    public var outageMargin = 1.0

    // What it costs to contradict silence and health.
    /// The chosen root is of a monitored kind and shows nothing.
    public var ownSilence = 3.0
    /// Something monitored downstream of it shows nothing.
    public var downstreamSilence = 0.05
    /// A failure passes through something monitored to others, and does not show on it.
    public var silentRelay = 2.0
    /// A probe that passed, or a person's word.
    public var healthy = 6.0
    /// What a person or a status saw failing.
    public var observation = 9.0

    // Changes.
    /// The chance that a change breaks what it touches.
    public var changeFailure = 0.1
    /// After how many hours a change is half as suspect.
    public var changeHalfLife = 6.0

    public init() {}

    /// Every weight by the name under which topology.yaml sets it.
    static var names: [(name: String, path: WritableKeyPath<Weights, Double>)] {
        [
            ("window_hours", \.windowHours),
            ("critical_alert", \.criticalAlert),
            ("warning_alert", \.warningAlert),
            ("info_alert", \.infoAlert),
            ("plain_alert", \.plainAlert),
            ("repetition", \.repetition),
            ("outage_margin", \.outageMargin),
            ("own_silence", \.ownSilence),
            ("downstream_silence", \.downstreamSilence),
            ("silent_relay", \.silentRelay),
            ("healthy", \.healthy),
            ("observation", \.observation),
            ("change_failure", \.changeFailure),
            ("change_half_life", \.changeHalfLife),
        ]
    }

    /// The names that ``set(_:to:)`` knows, in the order of the documentation.
    public static var allNames: [String] { names.map(\.name) }

    /// Sets a weight by name. Returns false when there is none of that name.
    public mutating func set(_ name: String, to value: Double) -> Bool {
        guard let entry = Self.names.first(where: { $0.name == name }) else { return false }
        self[keyPath: entry.path] = value
        return true
    }
}
