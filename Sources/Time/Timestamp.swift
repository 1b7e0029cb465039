/// An instant in UTC, in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Finer fractions in an input are cut off: Alertmanager itself keeps milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z; negative before.
    public var milliseconds: Int64

    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether the left instant is the earlier.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// The instant later by a span; a sum out of range stays at the nearest end.
    public static func + (lhs: Self, rhs: Span) -> Self {
        Self(milliseconds: lhs.milliseconds.addingSaturating(rhs.milliseconds))
    }

    /// The instant earlier by a span; a difference out of range stays at the nearest end.
    public static func - (lhs: Self, rhs: Span) -> Self {
        Self(milliseconds: lhs.milliseconds.addingSaturating(-rhs.milliseconds))
    }

    /// The time from the right instant to the left one: negative when the left is the earlier.
    public static func - (lhs: Self, rhs: Self) -> Span {
        Span(milliseconds: lhs.milliseconds.addingSaturating(-rhs.milliseconds))
    }

    /// Before every instant that the readers accept, so that it stands for an unknown beginning.
    public static let distantPast = Self(milliseconds: -1_000_000_000_000_000)
    /// After every instant that the readers accept, so that it stands for an unknown end.
    public static let distantFuture = Self(milliseconds: 1_000_000_000_000_000)
}

/// A length of time in whole milliseconds; may be negative.
public struct Span: Hashable, Comparable, Sendable {
    /// The length; negative when it leads back in time.
    public var milliseconds: Int64

    /// A length of so many milliseconds.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A length in seconds; traps where it does not fit 64 bits of milliseconds.
    public static func seconds(_ count: Int64) -> Self { Self(milliseconds: count * 1_000) }
    /// A length in minutes of 60 seconds; traps where it does not fit.
    public static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
    /// A length in hours of 60 minutes; traps where it does not fit.
    public static func hours(_ count: Int64) -> Self { .minutes(count * 60) }
    /// No time at all.
    public static let zero = Self(milliseconds: 0)

    /// Whether the left length is the lesser, a negative one before zero.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.milliseconds < rhs.milliseconds }
    /// The lengths one after the other; a sum out of range stays at the nearest end.
    public static func + (lhs: Self, rhs: Self) -> Self {
        Self(milliseconds: lhs.milliseconds.addingSaturating(rhs.milliseconds))
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
