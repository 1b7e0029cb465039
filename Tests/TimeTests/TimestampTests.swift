import Testing
import Time

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-07-01T19:22:00Z", 1_782_933_720_000),
            ("2026-07-01T21:22:00+02:00", 1_782_933_720_000),
            ("2026-07-01T12:52:00-06:30", 1_782_933_720_000),
            ("2026-07-01 19:22:00z", 1_782_933_720_000),
            ("2026-07-01t19:22:00.5Z", 1_782_933_720_500),
            ("2026-11-23T04:53:09.14510149Z", 1_795_409_589_145),
            ("2026-11-23T05:00:30.527441431Z", 1_795_410_030_527),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2026-12-31T23:59:60Z", 1_798_761_600_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ]
    )
    func readsRFC3339(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            "", "2026", "2026-07-01", "2026-07-01T19:22Z", "2026-07-01T19:22:00", "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-07-00T00:00:00Z", "2026-07-01T24:00:00Z", "2026-07-01T19:60:00Z", "2026-07-01T19:22:61Z",
            "2026-07-01T19:22:00.Z", "2026-07-01T19:22:00.0123456789Z", "2026-07-01T19:22:00+24:00",
            "2026-07-01T19:22:00+02:60", "2026-07-01T19:22:00+0200", "2026-07-01T19:22:00Z ",
            " 2026-07-01T19:22:00Z", "2026-07-01T19:22:00ZZ", "2026-07-01T19:22:00Z\0", "-026-07-01T19:22:00Z",
            "２０２６-07-01T19:22:00Z", "now",
        ]
    )
    func refusesOtherText(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func printsUTC() {
        #expect(Timestamp(milliseconds: 1_782_933_720_000).rfc3339 == "2026-07-01T19:22:00Z")
        #expect(Timestamp(milliseconds: 1_782_933_720_007).rfc3339 == "2026-07-01T19:22:00.007Z")
        #expect(Timestamp(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 1_782_933_720_000).day == "2026-07-01")
        #expect(Timestamp(milliseconds: 1_782_933_720_000).hourAndMinute == "19:22Z")
    }

    @Test func readsWhatItPrints() {
        var milliseconds: Int64 = -62_135_596_800_000
        while milliseconds < 253_402_300_799_000 {
            let timestamp = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(rfc3339: timestamp.rfc3339) == timestamp)
            milliseconds += 86_400_000 * 1_234 + 56_789_123
        }
    }

    @Test func addsAndSubtracts() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start + .seconds(2) == Timestamp(milliseconds: 3_000))
        #expect(start - .minutes(1) == Timestamp(milliseconds: -59_000))
        #expect(start - Timestamp(milliseconds: 400) == Span(milliseconds: 600))
        #expect(Timestamp(milliseconds: .max) + .hours(1) == Timestamp(milliseconds: .max))
        #expect(Timestamp.distantPast < start && start < .distantFuture)
    }
}

@Suite struct SpanTests {
    @Test(
        arguments: [
            ("0", 0), ("0s", 0), ("15s", 15_000), ("4m", 240_000), ("1h30m", 5_400_000), ("2d", 172_800_000),
            ("1w", 604_800_000), ("1y", 31_536_000_000), ("500ms", 500), ("1m500ms", 60_500),
            ("1y2w3d4h5m6s7ms", 33_019_506_007),
        ]
    )
    func readsPrometheusDurations(_ text: String, _ milliseconds: Int64) {
        #expect(Span(prometheus: text)?.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            "", "5", "m", "5 m", "-5m", "1.5h", "5m1h", "5m5m", "5M", "1mo", "99999999999999999999s", "9999999y",
            "５m", "5m ", "ms",
        ]
    )
    func refusesOtherText(_ text: String) {
        #expect(Span(prometheus: text) == nil)
    }

    @Test(
        arguments: [
            (0, "0s"), (999, "0s"), (15_000, "15s"), (240_000, "4m"), (2_400_000, "40m"), (183_600_000, "2d 3h"),
            (90_061_000, "1d 1h"), (3_601_000, "1h 1s"), (-60_000, "-1m"),
        ]
    )
    func printsAtMostTwoUnits(_ milliseconds: Int64, _ text: String) {
        #expect(Span(milliseconds: milliseconds).short == text)
    }

    @Test(
        arguments: [
            ("2026-11-20T00:00:00Z", "00:00Z"), ("2026-11-20T23:59:59Z", "23:59Z"),
            ("2026-11-19T23:59:00Z", "19 Nov 23:59Z"), ("2026-01-01T09:05:00Z", "1 Jan 09:05Z"),
            ("2025-11-20T12:00:00Z", "20 Nov 2025 12:00Z"), ("2027-12-31T12:00:00Z", "31 Dec 2027 12:00Z"),
            ("0001-01-01T00:00:00Z", "1 Jan 0001 00:00Z"),
        ]
    )
    func tellsTheDayWhereItIsAnother(_ text: String, _ told: String) throws {
        let reference = try #require(Timestamp(rfc3339: "2026-11-20T12:00:00Z"))
        #expect(try #require(Timestamp(rfc3339: text)).hourAndMinute(besides: reference) == told)
    }
}
