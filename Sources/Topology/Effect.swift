/// What can be the matter with an entity.
///
/// Source of the semantics: docs/model.md.
public enum Effect: String, CaseIterable, Sendable {
    /// It is gone.
    case down
    /// It serves badly: a grey failure. Neither implies `down` nor follows from it.
    case degraded
    /// It serves, but a redundancy group of its own has lost a member.
    case reduced
    /// Nobody asks it any more: what depends on it is down.
    case starved
}
