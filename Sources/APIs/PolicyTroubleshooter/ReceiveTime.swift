import FoundationEssentials
import Methods
import SwiftProtobuf

/// The time that a question is about.
enum ReceiveTime {
    /// The seconds of the years 1 to 9999, which a timestamp may have.
    private static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// A time that a caller has set.
    ///
    /// - Throws: `INVALID_ARGUMENT` for one that is no timestamp: a gRPC message can hold any numbers.
    static func date(_ timestamp: Google_Protobuf_Timestamp) throws -> Date {
        guard seconds.contains(timestamp.seconds), (0..<1_000_000_000).contains(timestamp.nanos) else {
            throw ServiceError.invalidArgument(
                "The time is not in the years 1 to 9999.",
                field: "access_tuple.condition_context.request.receive_time")
        }
        return timestamp.date
    }
}
