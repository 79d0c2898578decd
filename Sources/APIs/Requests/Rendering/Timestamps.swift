import FoundationEssentials
import SwiftProtobuf

/// Times on the wire: to the microsecond, in UTC.
public enum Timestamps {
    /// A time without what lies below a microsecond, which no record keeps for sure.
    public static func rounded(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1_000_000).rounded() / 1_000_000)
    }

    /// A time on the wire.
    public static func message(_ date: Date) -> Google_Protobuf_Timestamp {
        let micros = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        return rest < 0
            ? Google_Protobuf_Timestamp(seconds: seconds - 1, nanos: Int32(rest + 1_000_000) * 1000)
            : Google_Protobuf_Timestamp(seconds: seconds, nanos: Int32(rest) * 1000)
    }

    /// A span of time; 0 for a negative one.
    public static func duration(_ interval: TimeInterval) -> Google_Protobuf_Duration {
        let micros = Int64((max(0, interval) * 1_000_000).rounded())
        return Google_Protobuf_Duration(seconds: micros / 1_000_000, nanos: Int32(micros % 1_000_000) * 1000)
    }

    /// Reads an RFC 3339 time; one without a zone is taken for UTC, and a date for its midnight.
    public static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 40, !text.contains("\""), !text.contains("\\") else { return nil }
        for candidate in [text, text + "Z", text + "T00:00:00Z"] {
            if let message = try? Google_Protobuf_Timestamp(jsonString: "\"\(candidate)\"") {
                return rounded(
                    Date(timeIntervalSince1970: Double(message.seconds) + Double(message.nanos) / 1_000_000_000))
            }
        }
        return nil
    }
}

extension Timestamps {
    /// A time as text: RFC 3339, to the microsecond, in UTC.
    public static func text(_ date: Date) -> String {
        let json = (try? message(date).jsonString()) ?? ""
        return json.filter { $0 != "\"" }
    }
}
