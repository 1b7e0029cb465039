/// What evidence is worth, in nats: the one table of the tunable numbers of a diagnosis besides the kinds' fault rates.
///
/// A weight of w nats says that the evidence is e^w times likelier if it is explained than if it is not. docs/model.md
/// gives the reason for each number; `weights:` in topology.yaml overrides them by name.
public struct Weights: Hashable, Sendable {
    /// How far back an incident reaches, in hours: a kind that fails λ times a year has failed within it with the chance
    /// 1 − e^(−λ·window).
    public var windowHours = 6.0
    /// Within how many hours of each other the effects of one fault usually begin.
    public var usualDelay = 1.0

    /// What it costs beyond that if what comes late is going down, which takes no time where the need is hard.
    public var lateLoss = 5.0

    // What it costs to call an alert noise, by its severity.
    /// What it costs to call a critical alert noise: one that pages, or is of a severity like error or P1.
    public var criticalAlert = 10.0
    /// The same for a warning, or a severity like major, minor or P3.
    public var warningAlert = 3.0
    /// The same for an alert that only informs, or of a severity like low or P5.
    public var infoAlert = 2.0
    /// The same for an alert without a severity, or with one that is not known.
    public var plainAlert = 2.0
    /// What an anomaly detector found, without a severity.
    public var anomalyAlert = 1.0
    /// At least, for a state that a controller or a scrape reports: it hardly occurs by itself.
    public var stateAlert = 8.5
    /// Each further sort of alert about the same entity is worth this part of the one before.
    public var repetition = 0.5
    /// The same for signs of the entity's own trouble, such as its processor and memory, which are more independent.
    public var ownRepetition = 0.9
    /// The part of such a sign that only a fault of the entity itself accounts for.
    public var ownShare = 0.8
    /// How much dearer the fault of an entity is that alerts clearly later than the first of all.
    public var firstAlert = 1.0

    // What it costs to contradict silence and health.
    /// The chosen root is of a monitored kind and shows nothing.
    public var ownSilence = 3.0
    /// Something monitored downstream of it shows nothing.
    public var downstreamSilence = 0.05
    /// Something would be down, and lacks an alert that others of its kind have and that says so: this part of the alert's
    /// weight.
    public var missingAlert = 0.15
    /// The same where the alert only tells of trouble.
    public var missingSymptom = 0.05
    /// How much the silence of kinds counts that are usually watched, of which nothing at all has been heard: 1 for as much as
    /// docs/model.md reckons, 0 for nothing.
    public var unheardKind = 1.0
    /// Something would be down, though an alert that it measures on itself still sounds.
    public var signOfLife = 2.0
    /// A failure passes through something monitored to others, and does not show on it.
    public var silentRelay = 2.0
    /// What a witness in trouble saw elsewhere was its own trouble.
    public var witnessDoubt = 4.0
    /// A probe that passed, or a person's word.
    public var healthy = 6.0
    /// What a person or a status saw failing.
    public var observation = 9.0

    // Changes.
    /// The chance that a change breaks what it touches.
    public var changeFailure = 0.1
    /// After how many hours a change is half as suspect.
    public var changeHalfLife = 6.0

    /// The weights of docs/model.md.
    public init() {}

    /// Every weight by the name under which topology.yaml sets it.
    static var names: [(name: String, path: WritableKeyPath<Weights, Double>)] {
        [
            ("window_hours", \.windowHours),
            ("usual_delay", \.usualDelay),
            ("late_loss", \.lateLoss),
            ("critical_alert", \.criticalAlert),
            ("warning_alert", \.warningAlert),
            ("info_alert", \.infoAlert),
            ("plain_alert", \.plainAlert),
            ("anomaly_alert", \.anomalyAlert),
            ("state_alert", \.stateAlert),
            ("repetition", \.repetition),
            ("own_repetition", \.ownRepetition),
            ("own_share", \.ownShare),
            ("first_alert", \.firstAlert),
            ("own_silence", \.ownSilence),
            ("downstream_silence", \.downstreamSilence),
            ("missing_alert", \.missingAlert),
            ("missing_symptom", \.missingSymptom),
            ("unheard_kind", \.unheardKind),
            ("sign_of_life", \.signOfLife),
            ("silent_relay", \.silentRelay),
            ("witness_doubt", \.witnessDoubt),
            ("healthy", \.healthy),
            ("observation", \.observation),
            ("change_failure", \.changeFailure),
            ("change_half_life", \.changeHalfLife),
        ]
    }

    /// The names of those that are lengths of time, which must be positive.
    public static let spans = ["window_hours", "usual_delay", "change_half_life"]

    /// The names that ``set(_:to:)`` knows, in the order of the documentation.
    public static var allNames: [String] { names.map(\.name) }

    /// Sets a weight by name.
    ///
    /// Returns false, and changes nothing, when there is none of that name. The value is not checked.
    public mutating func set(_ name: String, to value: Double) -> Bool {
        guard let entry = Self.names.first(where: { $0.name == name }) else { return false }
        self[keyPath: entry.path] = value
        return true
    }
}
