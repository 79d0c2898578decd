import SwiftProtobuf

/// Times as nanoseconds since 1970 in 64 bits: from 1677 to 2262.
enum Nanoseconds {
    static let perSecond: Int64 = 1_000_000_000
    static let perDay: Int64 = 86_400 * perSecond

    /// Nil for what is outside of the range, or no time.
    static func since1970(_ timestamp: Google_Protobuf_Timestamp) -> Int64? {
        guard (0..<Int32(perSecond)).contains(timestamp.nanos) else { return nil }
        let (scaled, overflow) = timestamp.seconds.multipliedReportingOverflow(by: perSecond)
        guard !overflow else { return nil }
        let (sum, carry) = scaled.addingReportingOverflow(Int64(timestamp.nanos))
        return carry ? nil : sum
    }

    static func timestamp(_ nanoseconds: Int64) -> Google_Protobuf_Timestamp {
        let rest = nanoseconds % perSecond
        let nanos = rest < 0 ? rest + perSecond : rest
        return Google_Protobuf_Timestamp(seconds: (nanoseconds - nanos) / perSecond, nanos: Int32(nanos))
    }

    /// The day of a time, counted from 1970.
    static func day(_ nanoseconds: Int64) -> Int64 {
        nanoseconds / perDay - (nanoseconds % perDay < 0 ? 1 : 0)
    }

    /// Reads a time of RFC 3339; one without a zone is in UTC, and one without a clock begins its day. The zone may
    /// lack its colon, as clients write it: `+0000`.
    static func parse(_ text: String) -> Int64? {
        var text = text.replacingSpace
        if text.utf8.count == 10 { text += "T00:00:00" }
        let tail = text.dropFirst(11)
        if !tail.contains(where: { "Zz+-".contains($0) }) {
            if tail.utf8.count == 5 { text += ":00" }
            text += "Z"
        }
        if tail.utf8.count > 5, tail.suffix(5).first.map("+-".contains) == true {
            text.insert(":", at: text.index(text.endIndex, offsetBy: -2))
        }
        guard let timestamp = try? Google_Protobuf_Timestamp(jsonString: "\"\(text.uppercased())\"") else { return nil }
        return since1970(timestamp)
    }
}

extension String {
    /// With `T` in place of the space that RFC 3339 allows between date and clock.
    fileprivate var replacingSpace: String {
        guard utf8.count > 10, utf8.dropFirst(10).first == UInt8(ascii: " ") else { return self }
        return prefix(10) + "T" + dropFirst(11)
    }
}
