import Glibc
import Testing

@testable import Conditions

@Suite("Time")
struct TimeTests {
    @Test(
        "is read from RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2009-02-13T23:31:30Z", 1_234_567_890, 0),
            ("2009-02-14T00:31:30+01:00", 1_234_567_890, 0), ("2009-02-13T14:01:30-09:30", 1_234_567_890, 0),
            ("2020-10-01T00:00:00.000Z", 1_601_510_400, 0), ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("2000-02-29T12:00:00.123456789Z", 951_825_600, 123_456_789), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
            ("2024-02-29T00:00:00-00:00", 1_709_164_800, 0),
        ])
    func timestamps(text: String, seconds: Int64, nanoseconds: Int32) {
        #expect(Timestamp(text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "2009-02-13", "2009-02-13T23:31:30", "2009-02-13 23:31:30Z", "2009-02-13t23:31:30z",
            "2009-2-13T23:31:30Z",
            "2009-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2009-04-31T00:00:00Z", "2009-00-01T00:00:00Z",
            "2009-13-01T00:00:00Z", "2009-01-00T00:00:00Z", "2009-02-13T24:00:00Z", "2009-02-13T23:60:00Z",
            "2016-12-31T23:59:60Z", "2009-02-13T23:31:30.Z", "2009-02-13T23:31:30.1234567890Z",
            "2009-02-13T23:31:30+1:00",
            "2009-02-13T23:31:30+24:00", "2009-02-13T23:31:30Zx", " 2009-02-13T23:31:30Z", "+009-02-13T23:31:30Z",
            "0000-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
            "２００９-02-13T23:31:30Z", "2009-02-13T23:31:30\u{301}Z",
        ])
    func wrongTimestamps(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("is written as it is read, and as the C library has it")
    func calendar() throws {
        var random = Seeded("calendar")
        for _ in 0..<20_000 {
            let seconds = Int64.random(in: Timestamp.range, using: &random)
            let moment = try #require(
                Timestamp(seconds: seconds, nanoseconds: .random(in: 0...999_999_999, using: &random)))
            #expect(Timestamp(moment.description) == moment)
            var (time, parts) = (time_t(seconds), tm())
            gmtime_r(&time, &parts)
            let values = TimeField.allCases.map { $0.value(of: moment, in: .utc) }
            let expected = [
                parts.tm_year + 1900, parts.tm_mon, parts.tm_mday, parts.tm_mday - 1, parts.tm_yday, parts.tm_wday,
                parts.tm_hour, parts.tm_min, parts.tm_sec, moment.nanoseconds / 1_000_000,
            ]
            #expect(values == expected.map(Int64.init), "\(moment)")
        }
    }

    @Test(
        "has fields, counted as IAM counts them",
        arguments: [
            ("getFullYear()", 2009), ("getMonth()", 1), ("getDate()", 13), ("getDayOfMonth()", 12),
            ("getDayOfYear()", 43),
            ("getDayOfWeek()", 5), ("getHours()", 23), ("getMinutes()", 31), ("getSeconds()", 30),
            ("getMilliseconds()", 123),
            ("getDate('Australia/Sydney')", 14), ("getDayOfMonth('US/Central')", 12), ("getDayOfMonth('+11:00')", 13),
            ("getDayOfWeek('UTC')", 5), ("getDayOfYear('US/Central')", 43), ("getFullYear('-09:30')", 2009),
            ("getHours('02:00')", 1), ("getHours('Europe/Berlin')", 0), ("getMinutes('Asia/Kathmandu')", 16),
            ("getMonth('UTC')", 1), ("getSeconds('-00:00')", 30), ("getDayOfWeek('Asia/Tokyo')", 6),
            ("getMilliseconds('CET')", 123), ("getHours('EST5EDT')", 18), ("getMinutes('America/St_Johns')", 1),
        ])
    func fields(call: String, value: Int) throws {
        #expect(try Condition.outcome("request.time.\(call) == \(value)") == .met)
    }

    @Test(
        "follows the changes of the clocks, and leap years",
        arguments: [
            ("2026-03-29T00:59:59Z", "getHours('Europe/Berlin')", 1),
            ("2026-03-29T01:00:00Z", "getHours('Europe/Berlin')", 3),
            ("2026-10-25T00:59:59Z", "getHours('Europe/Berlin')", 2),
            ("2026-10-25T01:00:00Z", "getHours('Europe/Berlin')", 2),
            ("2024-12-31T12:00:00Z", "getDayOfYear()", 365), ("2023-12-31T12:00:00Z", "getDayOfYear()", 364),
            ("2024-02-29T12:00:00Z", "getDate()", 29), ("2024-03-01T00:00:00Z", "getDayOfYear()", 60),
            ("1900-03-01T00:00:00Z", "getDayOfYear()", 59), ("2000-03-01T00:00:00Z", "getDayOfYear()", 60),
            ("2024-12-31T23:30:00Z", "getFullYear('+01:00')", 2025), ("1969-12-31T23:59:59.999Z", "getSeconds()", 59),
            ("9999-12-31T23:30:00Z", "getFullYear('+01:00')", 10_000),
            ("0001-01-01T00:00:00Z", "getDate('-01:00')", 31),
            ("1582-10-10T00:00:00Z", "getDate()", 10),
        ])
    func changes(moment: String, call: String, value: Int) throws {
        #expect(try Condition.outcome("timestamp('\(moment)').\(call) == \(value)") == .met)
    }

    @Test(
        "has zones by the names of the tz database and by their distance, and no others",
        arguments: [
            ("UTC", true), ("GMT", true), ("Europe/Kyiv", true), ("Etc/GMT+3", true), ("+14:00", true),
            ("-00:30", true),
            ("", false), ("BST", false), ("PST", false), ("GMT+3", false), ("Mars/Olympus", false), ("+1:00", false),
            ("+24:00", false), ("+01:60", false), ("--01:00", false), ("+01:00x", false), ("../../etc/passwd", false),
            ("Europe/Berlin ", false), ("Europe/Berlin\u{0}", false), (String(repeating: "a/", count: 5_000), false),
        ])
    func zones(name: String, isZone: Bool) {
        #expect((TimeZoneRule(name) != nil) == isZone)
    }

    @Test(
        "has durations",
        arguments: [
            ("0", Duration.zero), ("-0", .zero), ("3600s", .seconds(3600)), ("1h30m", .seconds(5400)),
            ("-1.5h", .seconds(-5400)),
            ("250ms", .milliseconds(250)), ("10us", .microseconds(10)), ("10µs", .microseconds(10)),
            ("7ns", .nanoseconds(7)),
            ("+1s", .seconds(1)), ("1h1h", .seconds(7200)), ("0.000000001s", .nanoseconds(1)),
            ("315576000000s", .seconds(315_576_000_000)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.read(text) == duration)
        #expect(DurationText.read(DurationText.write(duration)) == duration)
    }

    @Test(
        "has no durations but those",
        arguments: [
            "", "-", "1", "s", "1 s", "1d", "1S", "1.s", ".5s", "1s ", " 1s", "1h-1s", "--1s", "1s1", "1e3s",
            "315576000001s",
            "9999999999999999999h", "1h\u{0}", "١s", "1\u{301}s", "00", "1.2.3s",
        ])
    func wrongDurations(text: String) {
        #expect(DurationText.read(text) == nil)
    }

    @Test(
        "has durations with fields, all of it in each unit",
        arguments: [
            ("duration('10000s').getHours()", 2), ("duration('3730s').getMinutes()", 62),
            ("duration('3730s').getSeconds()", 3730),
            ("duration('123.321s').getMilliseconds()", 321), ("duration('-90m').getHours()", -1),
        ])
    func durationFields(call: String, value: Int) throws {
        #expect(try Condition.outcome("\(call) == \(value)") == .met)
    }
}
