extension Timestamp {
    /// Reads an RFC 3339 date and time: `2026-07-01T19:22:00Z`, with 0–9 fractional digits, `T`, `t` or a space between
    /// date and time, and `Z` or an offset such as `+02:00`.
    ///
    /// Returns nil for any other text, for a day that does not exist, and for a leap second other than `:60`, which is
    /// read as the second after it.
    ///
    /// - Complexity: O(length).
    public init?(rfc3339 text: some StringProtocol) {
        var text = String(text)
        guard let timestamp = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
        self = timestamp
    }

    /// The same for a text in UTF-8, without making a string of it.
    package init?(rfc3339 text: UnsafeBufferPointer<UInt8>) {
        var text = DigitReader(bytes: text)
        guard let year = text.number(4), text.accept("-"), let month = text.number(2), text.accept("-"),
            let day = text.number(2), text.accept("T") || text.accept("t") || text.accept(" "),
            let hour = text.number(2), text.accept(":"), let minute = text.number(2), text.accept(":"),
            let second = text.number(2)
        else { return nil }
        var milliseconds: Int64 = 0
        if text.accept(".") {
            var place: Int64 = 100
            var count = 0
            while let digit = text.number(1) {
                milliseconds += digit * place
                place /= 10
                count += 1
            }
            guard (1...9).contains(count) else { return nil }
        }
        var offset: Int64 = 0
        if !text.accept("Z"), !text.accept("z") {
            let isWest = text.accept("-")
            guard isWest || text.accept("+"), let hours = text.number(2), text.accept(":"),
                let minutes = text.number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (isWest ? -1 : 1) * (hours * 60 + minutes)
        }
        guard text.isAtEnd, (1...12).contains(month), day >= 1, day <= Self.daysInMonth(month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1_000 + milliseconds)
    }

    /// A place in a text that moves past digits and marks.
    private struct DigitReader {
        let bytes: UnsafeBufferPointer<UInt8>
        private var index = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        /// The number that so many digits write; nil, and past some of them, when there are fewer.
        mutating func number(_ count: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<count {
                guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
                value = value * 10 + Int64(bytes[index] - 0x30)
                index += 1
            }
            return value
        }

        mutating func accept(_ mark: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
            index += 1
            return true
        }
    }

    /// The instant as RFC 3339 in UTC: `2026-07-01T19:22:00Z`, with three fractional digits only where there are any.
    public var rfc3339: String {
        let parts = calendarParts
        let fraction = parts.millisecond == 0 ? "" : "." + Self.padded(parts.millisecond, 3)
        return "\(day)T\(timeOfDay)\(fraction)Z"
    }

    /// The day in UTC, `2026-07-01`.
    public var day: String {
        let parts = calendarParts
        return "\(Self.padded(parts.year, 4))-\(Self.padded(parts.month, 2))-\(Self.padded(parts.day, 2))"
    }

    /// The time of day in UTC to the minute, `19:22Z`.
    public var hourAndMinute: String {
        let parts = calendarParts
        return "\(Self.padded(parts.hour, 2)):\(Self.padded(parts.minute, 2))Z"
    }

    /// The time of day in UTC as it is said on the day of `reference`: `19:22Z`; on another day with the day, `11 Nov 19:22Z`,
    /// and in another year with that, `11 Nov 2025 19:22Z`.
    public func hourAndMinute(besides reference: Timestamp) -> String {
        guard day != reference.day else { return hourAndMinute }
        let (parts, others) = (calendarParts, reference.calendarParts)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let year = parts.year == others.year ? "" : " \(Self.padded(parts.year, 4))"
        return "\(parts.day) \(months[Int(parts.month) - 1])\(year) \(hourAndMinute)"
    }

    private var timeOfDay: String {
        let parts = calendarParts
        return [parts.hour, parts.minute, parts.second].map { Self.padded($0, 2) }.joined(separator: ":")
    }

    private struct CalendarParts {
        var year: Int64
        var month: Int64
        var day: Int64
        var hour: Int64
        var minute: Int64
        var second: Int64
        var millisecond: Int64
    }

    /// Days to civil date as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
    private var calendarParts: CalendarParts {
        let second = milliseconds.flooringDivision(by: 1_000)
        let days = second.flooringDivision(by: 86_400)
        let shifted = days + 719_468
        let era = shifted.flooringDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let rest = second - days * 86_400
        return CalendarParts(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest % 3_600 / 60,
            second: rest % 60,
            millisecond: milliseconds - second * 1_000
        )
    }

    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooringDivision(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value.magnitude)
        let zeros = String(repeating: "0", count: Swift.max(0, width - digits.count))
        return (value < 0 ? "-" : "") + zeros + digits
    }
}

extension Int64 {
    fileprivate func flooringDivision(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
