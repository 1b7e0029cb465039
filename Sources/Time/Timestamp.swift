/// An instant in UTC, in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Finer fractions in an input are cut off: Alertmanager itself keeps milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.milliseconds < rhs.milliseconds }

    public static func + (lhs: Self, rhs: Span) -> Self {
        Self(milliseconds: lhs.milliseconds.addingSaturating(rhs.milliseconds))
    }

    public static func - (lhs: Self, rhs: Span) -> Self {
        Self(milliseconds: lhs.milliseconds.addingSaturating(-rhs.milliseconds))
    }

    public static func - (lhs: Self, rhs: Self) -> Span {
        Span(milliseconds: lhs.milliseconds.addingSaturating(-rhs.milliseconds))
    }

    /// Before and after every instant that the readers accept.
    public static let distantPast = Self(milliseconds: -1_000_000_000_000_000)
    public static let distantFuture = Self(milliseconds: 1_000_000_000_000_000)
}

/// A length of time in whole milliseconds; may be negative.
public struct Span: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func seconds(_ count: Int64) -> Self { Self(milliseconds: count * 1_000) }
    public static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
    public static func hours(_ count: Int64) -> Self { .minutes(count * 60) }
    public static let zero = Self(milliseconds: 0)

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.milliseconds < rhs.milliseconds }
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
